"""What a search returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from roundplan.cost import CostBreakdown
from roundplan.domain import Previous, Roster
from roundplan.errors import UsageError
from roundplan.solve.bound import Bound
from roundplan.solve.progress import Progress
from roundplan.solve.trace import Moment, save_trace

PROVED = "proved optimal"
"""Why a search ended whose roster is proved to cost least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The best roster found, what it costs, and how the search went.

    Parameters
    ----------
    stopped
        Why the search ended: ``seconds``, ``iterations``, ``interrupted``,
        ``nothing to plan``, or ``proved optimal``; ``a proof`` in the rare case that
        breaks dropped afterwards made a proved roster dearer.
    first_s
        Seconds from the start of the search to the first complete roster.
    trace
        Costs over time, as they were told while it ran.
    operators
        By ruin: how often it was tried, accepted, and gave a new best roster.
    moments
        What the best roster cost, term by term, at some thirty moments; empty unless
        ``plan`` was asked for a trace.
    previous
        The roster that the plan began from; the cost's ``change`` is against it.
    kept
        Visits that the first roster gave to the workers of the previous one.
    bound
        What no roster can cost less than, where that was asked for or proved anyway.
    """

    roster: Roster
    cost: CostBreakdown
    iterations: int
    runtime_s: float
    first_s: float
    stopped: str
    trace: tuple[Progress, ...]
    operators: Mapping[str, tuple[int, int, int]]
    moments: tuple[Moment, ...] = ()
    previous: Previous | None = None
    kept: int = 0
    bound: Bound | None = None

    @property
    def gap(self) -> float | None:
        """The share of the cost that a better roster might save: 0 when proved optimal.

        (cost - bound) / cost; None without a bound.
        """
        return None if self.bound is None else self.bound.gap(self.cost.total)

    def save_trace(self, path: Path | str) -> None:
        """Write ``moments`` as a CSV file, whole or not at all.

        Raises
        ------
        UsageError
            E1002. No trace was asked for, or the file cannot be written.
        """
        if not self.moments:
            msg = "there is no trace: ask for one with plan(..., trace=True)"
            raise UsageError(msg)
        save_trace(path, self.moments)

    def summary(self) -> str:
        """Return a few lines for people."""
        placed = sum(len(r.visits) for r in self.roster.rounds)
        left = len(self.roster.unassigned)
        ended = PROVED if self.stopped == PROVED else f"stopped by {self.stopped}"
        return (
            f"{placed:,} attendances in {len(self.roster.rounds):,} rounds, "
            f"{left:,} visit{'' if left == 1 else 's'} unassigned\n"
            f"cost {self.cost.total_p / 100:,.2f} pounds after "
            f"{self.iterations:,} iterations in {self.runtime_s:.1f} s "
            f"({ended})" + self._proved()
        )

    def _proved(self) -> str:
        """Return a line about the bound, where it says more than "proved optimal"."""
        if self.bound is None or self.gap is None or self.stopped == PROVED:
            return ""
        return (
            f"\nno roster costs less than {self.bound.pence / 100:,.2f} pounds: "
            f"a gap of {100 * self.gap:.2f}%"
            + "".join(f"\n  the bound leaves out: {w}" for w in self.bound.leaves_out)
        )
