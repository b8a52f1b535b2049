"""Clients and the visits they are promised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from roundplan.domain.place import Place
from roundplan.errors import DomainError
from roundplan.units import MINUTE_S

Extra = tuple[tuple[str, str], ...]
"""Unknown columns of a row, name and value, kept and passed through."""


class Gender(StrEnum):
    """The gender of a worker, or the one a client asks for (``any``)."""

    ANY = "any"
    FEMALE = "female"
    MALE = "male"


class Priority(StrEnum):
    """How bad it is to leave a visit out."""

    ESSENTIAL = "essential"
    STANDARD = "standard"
    FLEXIBLE = "flexible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person receiving care.

    ``start_day`` and ``end_day`` (inclusive) are days of the horizon on which the
    package runs; None for an open end. ``team_size`` None means the policy's size
    for the client's number of visits a week.
    """

    client_id: str
    place: Place
    patch: str | None = None
    provider: str | None = None
    package: str | None = None
    start_day: int | None = None
    end_day: int | None = None
    language: str | None = None
    worker_gender: Gender = Gender.ANY
    team_size: int | None = None
    preferred_workers: tuple[str, ...] = ()
    barred_workers: tuple[str, ...] = ()
    introduced_workers: tuple[str, ...] = ()
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """When a visit may start, seconds of the horizon, both ends included."""

    earliest_start_s: int
    latest_start_s: int

    def __post_init__(self) -> None:
        """Refuse a window that ends before it starts."""
        if self.latest_start_s < self.earliest_start_s:
            msg = "a time window ends before it starts"
            raise DomainError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One attendance at a client, by one worker or two at once.

    ``day`` is the day of the horizon on which the window opens. Gaps to
    ``after_visit`` count from start to start; with ``other_worker`` nobody who makes
    that visit may make this one too. Times are seconds of the horizon.
    """

    visit_id: str
    client_id: str
    day: int
    window: TimeWindow
    duration_s: int
    preferred_start_s: int | None = None
    workers_required: int = 1
    skills: frozenset[str] = frozenset()
    priority: Priority = Priority.STANDARD
    time_critical: bool = False
    after_visit: str | None = None
    min_gap_s: int = 0
    max_gap_s: int | None = None
    other_worker: bool = False
    short_visit_agreed: bool = False
    pinned_workers: tuple[str, ...] = ()
    pinned_start_s: int | None = None
    extra: Extra = ()

    def __post_init__(self) -> None:
        """Check what one visit can know of itself."""
        if self.duration_s <= 0 or self.duration_s % MINUTE_S:
            msg = f"visit {self.visit_id}: its length must be whole minutes above 0"
            raise DomainError(msg)
        if self.workers_required not in (1, 2):
            msg = f"visit {self.visit_id} needs 1 or 2 workers"
            raise DomainError(msg)
        if len(self.pinned_workers) > self.workers_required:
            msg = f"visit {self.visit_id} has more pinned workers than it needs"
            raise DomainError(msg)
        if len(set(self.pinned_workers)) < len(self.pinned_workers):
            msg = f"visit {self.visit_id} pins one worker twice"
            raise DomainError(msg)
        if self.max_gap_s is not None and self.max_gap_s < self.min_gap_s:
            msg = f"visit {self.visit_id}: its largest gap is below its smallest"
            raise DomainError(msg)
        if self.min_gap_s < 0:
            msg = f"visit {self.visit_id}: a gap to an earlier visit is below 0"
            raise DomainError(msg)
