"""What has happened since a roster was made: one row of ``changes.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from roundplan.domain.visit import TimeWindow
from roundplan.errors import DomainError


class EventKind(StrEnum):
    """What has happened."""

    WORKER_ABSENT = "worker_absent"
    """A worker is away from ``start_s`` to ``end_s``."""
    CLIENT_AWAY = "client_away"
    """A client is away, in hospital perhaps: visits that open then are cancelled."""
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_CHANGED = "visit_changed"
    """A visit has another length or another window."""
    NEW_VISIT = "new_visit"
    """One more visit of a client, who may be new."""
    SHIFTS_SWAPPED = "shifts_swapped"
    """Two workers have each other's work shifts that open from ``start_s`` on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that has happened. Times are seconds of the horizon, ends excluded.

    ``beside`` is set for a client who is new: the one whose travel times, patch and
    provider are taken. ``duration_s`` and ``window`` are those that a visit has now,
    None where they stay.
    """

    kind: EventKind
    worker_id: str | None = None
    other_worker: str | None = None
    client_id: str | None = None
    beside: str | None = None
    visit_id: str | None = None
    start_s: int = 0
    end_s: int = 0
    day: int = 0
    duration_s: int | None = None
    window: TimeWindow | None = None
    workers_required: int = 1
    skills: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse an event that does not say of what it is."""
        needed = {
            EventKind.WORKER_ABSENT: (self.worker_id,),
            EventKind.CLIENT_AWAY: (self.client_id,),
            EventKind.VISIT_CANCELLED: (self.visit_id,),
            EventKind.VISIT_CHANGED: (self.visit_id,),
            EventKind.NEW_VISIT: (
                self.visit_id,
                self.client_id,
                self.duration_s,
                self.window,
            ),
            EventKind.SHIFTS_SWAPPED: (self.worker_id, self.other_worker),
        }[self.kind]
        if None in needed:
            msg = f"a change of kind {self.kind} lacks what it is about"
            raise DomainError(msg)
