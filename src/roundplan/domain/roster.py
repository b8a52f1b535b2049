"""The roster: rounds of scheduled visits, and what could not be placed."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.domain.worker import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Travel into a visit or to the end of a round, as planned (rounded up).

    ``from_place`` and ``to_place`` are place ids. A leg from or to a worker's home
    is a home leg: unpaid, outside the shift.
    """

    from_place: str
    to_place: str
    mode: Mode
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledVisit:
    """One worker at one visit.

    ``leg`` is the leg into it, None for the first visit of a round that starts
    anywhere. ``wait_s`` is the time between the end of the visit before and this
    start that is neither travel, parking nor break; 0 for the first visit.
    """

    visit_id: str
    client_id: str
    start_s: int
    end_s: int
    leg: Leg | None = None
    wait_s: int = 0
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """An unpaid rest, away from clients."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A worker's ordered visits in one shift.

    ``round_id`` is the ``shift_id``. ``last_leg`` goes from the last visit to the
    shift's end place, None when that is anywhere.
    """

    round_id: str
    worker_id: str
    day: int
    shift_start_s: int
    shift_end_s: int
    profile: str
    visits: tuple[ScheduledVisit, ...]
    breaks: tuple[Break, ...] = ()
    last_leg: Leg | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A visit that has no worker, and why.

    ``relaxation_p`` is what the cheapest relaxation would cost, None where it was
    not priced.
    """

    visit_id: str
    code: str
    reason: str
    cheapest_relaxation: str = ""
    relaxation_p: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a roster was made; ``bound`` in pence and ``gap`` where one is known."""

    version: str
    seed: int | None = None
    iterations: int | None = None
    seconds: float | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    bound_p: int | None = None
    gap: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All rounds of the horizon. Empty rounds are left out."""

    rounds: tuple[Round, ...]
    unassigned: tuple[Unassigned, ...] = ()
    provenance: Provenance | None = None
