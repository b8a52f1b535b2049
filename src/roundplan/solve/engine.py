"""Which search plans a problem: the general one, or the one for lateness alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import FIXED, TIMED, Int64
from roundplan.solve.bound import Bound
from roundplan.solve.columns.labels import pricing
from roundplan.solve.columns.pool import why_dependent
from roundplan.solve.columns.session import ColumnSession
from roundplan.solve.lns.search import search as general_search
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.params import SearchParams
from roundplan.solve.sync.regular import why_not_regular
from roundplan.solve.sync.search import search as sync_search
from roundplan.solve.sync.session import SyncSession


class Session(Protocol):
    """A search on one problem, with its state between calls of the kernel."""

    iterations: int
    kept: int

    @property
    def shares(self) -> Int64:
        """By ruin: how often tried, accepted, a new best."""

    @property
    def ruins(self) -> tuple[str, ...]:
        """Names of the ways of taking out, in the order of ``shares``."""

    @property
    def visits(self) -> int:
        """Number of visits of the problem."""

    @property
    def constructed(self) -> bool:
        """Whether there is a first roster."""

    @property
    def best(self) -> tuple[Int64, Int64]:
        """The best state: span and start of each node, and the break of each span."""

    @property
    def best_amount(self) -> int:
        """Total of the best state, in amounts."""

    @property
    def amount(self) -> int:
        """Total of the current state, in amounts."""

    @property
    def absent(self) -> int:
        """Visits that the current state leaves out."""

    @property
    def bound(self) -> Bound | None:
        """What no roster can cost less than, where the search proves such a thing."""

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""

    def construct(self) -> None:
        """Make a first roster."""

    def run(self, count: int, done_from: float, done_to: float, of: int = 0) -> None:
        """Do ``count`` iterations."""

    def finish(self) -> dict[int, int | None]:
        """Try the visits that the best state leaves out once more."""


class Member(Session, Protocol):
    """A search that can go on from the state of another (`roundplan.solve.team`)."""

    memory: Any
    """The flat arrays, as a named tuple."""
    leads: bool
    """Whether it does what one search of a team is enough for."""

    def warm_up(self) -> None:
        """Compile everything, or load it, on a problem that does not matter."""

    def adopt(self, other: Any) -> None:
        """Take over state and best of another search on the same problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One of the searches.

    Parameters
    ----------
    compile_seconds
        About how long compiling takes on a laptop, for the announcement.
    entries
        The compiled functions that Python calls.
    params
        Its parameters where none are given.
    """

    name: str
    session: Callable[[CompiledProblem, SearchParams, int], Member]
    entries: tuple[Any, ...]
    compile_seconds: int
    params: SearchParams


GENERAL = Engine(
    name="general",
    session=SearchSession,
    entries=(general_search,),
    compile_seconds=30,
    params=SearchParams(),
)
SYNC = Engine(
    name="sync",
    session=SyncSession,
    entries=(sync_search,),
    compile_seconds=15,
    params=SearchParams(mean_removed=10, hot=1.5, cold=0.1),
)
COLUMNS = replace(
    GENERAL,
    name="columns",
    session=ColumnSession,
    entries=(general_search, *pricing),
    compile_seconds=45,
)


def engine_for(compiled: CompiledProblem) -> Engine:
    """Return the search for a problem.

    Where no start has a price and none hangs on another, rounds are independent, and
    the general search is the better one.
    """
    p = compiled.arrays
    reason = why_not_regular(compiled)
    if reason is None and (p.par[TIMED] or p.node[:, FIXED].any()):
        return SYNC
    return COLUMNS if why_dependent(compiled) is None else GENERAL


def operator_shares(
    ruins: tuple[str, ...], shares: Int64
) -> dict[str, tuple[int, int, int]]:
    """Return by ruin how often it was tried, accepted, and gave a new best."""
    return {
        name: (int(row[0]), int(row[1]), int(row[2]))
        for name, row in zip(ruins, shares, strict=True)
    }
