"""The roster that a plan starts from: who made which visit, and what a change costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from roundplan.domain.worker import Mode
from roundplan.errors import DomainError

DEFAULT_CHANGE_P = 200
"""Price of an attendance by another worker than before, where the policy has none: two
thirds of what a worker costs who is not known at all, as the other patch does."""

MOST_WORKERS = 2
"""Previous workers of a visit that count: no visit needs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """A visit as an earlier roster has it.

    ``modes`` says of each of the workers how they came, where that is known.
    ``start_s`` counts on the wall clock from the midnight of ``on``, so that it can be
    compared with another week's; it may be past 24 hours.
    """

    visit_id: str
    client_id: str
    on: date
    start_s: int
    workers: tuple[str, ...]
    modes: tuple[Mode | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRoster:
    """The visits of an earlier roster, with the hash (SHA-256) of its file."""

    visits: tuple[PastVisit, ...]
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who made a visit before, and the start that this gives now.

    ``workers`` may name people whom the problem does not have any more. ``start_s`` is
    in seconds of the horizon; None where only the workers are known. ``repeats`` tells
    that what was made stands for another visit first, nearer in weeks. ``modes`` says
    how workers came, by worker_id, where that is known.
    """

    workers: tuple[str, ...]
    start_s: int | None = None
    repeats: bool = False
    modes: Mapping[str, Mode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a visit that nobody made."""
        if not 0 < len(self.workers) <= MOST_WORKERS:
            msg = f"a visit made before has 1 or {MOST_WORKERS} workers"
            raise DomainError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """An earlier roster as the visits of a problem see it.

    Parameters
    ----------
    made
        By visit_id of the problem: who made the visit before.
    change_p
        Price in pence of each attendance by somebody else.
    visits
        Visits of the earlier roster.
    unmatched
        Those of them that no visit of the problem stands for.
    sha256
        Hash of the earlier roster's file; empty where it came from no file.
    runs
        True for the weekly runs that a plan of several weeks makes for itself.
    """

    made: Mapping[str, Made]
    change_p: int = DEFAULT_CHANGE_P
    visits: int = 0
    unmatched: int = 0
    sha256: str = ""
    runs: bool = False

    def __post_init__(self) -> None:
        """Refuse a price that would reward changes."""
        if self.change_p < 0:
            msg = "the price on change must not be below 0"
            raise DomainError(msg)

    def is_change(self, visit_id: str, worker_id: str) -> bool:
        """Return whether a worker at a visit is somebody else than before."""
        made = self.made.get(visit_id)
        return made is not None and worker_id not in made.workers
