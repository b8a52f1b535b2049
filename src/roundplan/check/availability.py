"""Availability: visits, and legs from or to an office, lie inside the shift."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._stops import Attendance, RoundView
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule, Shift, ShiftKind


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield visits and office legs outside the worker's shift, by the time outside.

    A visit has to lie in the shift of its round. In a round that is not in a shift
    of its worker, any one work shift of the worker will do.
    """
    for care_round in view.rounds:
        if care_round.worker is None:
            continue
        for stop in care_round.stops:
            if stop.visit is not None:
                yield from _visit(view, stop)
        yield from _office_legs(care_round)


def _visit(view: RosterView, stop: Attendance) -> Iterator[Violation]:
    shifts = view.shifts_of.get(stop.worker_id, ())
    if stop.shift is None:
        work = [s for s in shifts if s.kind is ShiftKind.WORK]
    else:
        work = [stop.shift]
    inside = max((_overlap(stop, s) for s in work), default=0)
    outside = stop.length_s - inside
    if outside <= 0:
        return
    where = "outside the shift" if work else "although there is no work shift"
    blocked = sorted(
        {s.kind for s in shifts if s.kind is not ShiftKind.WORK and _overlap(stop, s)}
    )
    during = f", during {' and '.join(blocked)}" if blocked else ""
    yield stop.violation(
        Rule.AVAILABILITY,
        outside,
        SECONDS,
        f"Visit {stop.visit_id} has worker {stop.worker_id} for "
        f"{spell_time(outside)} {where}{during}.",
    )


def _overlap(stop: Attendance, shift: Shift) -> int:
    return max(0, min(stop.end_s, shift.end_s) - max(stop.start_s, shift.start_s))


def _office_legs(care_round: RoundView) -> Iterator[Violation]:
    """Yield office legs that begin before the shift or end after it.

    Only the leg's own time counts: a visit outside is reported for itself.
    """
    shift = care_round.shift
    if shift is None or not care_round.stops:
        return
    first, last = care_round.first_leg, care_round.last_leg
    if first is not None and not care_round.is_home(first.origin):
        early = shift.start_s + first.need_s - care_round.first_start_s
        outside = min(early, first.need_s)
        if outside > 0:
            yield care_round.violation(
                Rule.AVAILABILITY,
                outside,
                SECONDS,
                f"Round {care_round.round_id} of worker {care_round.worker_id} would "
                f"have to leave {first.origin} {spell_time(outside)} before the shift.",
                at=care_round.stops[0],
            )
    if last is not None and not care_round.is_home(last.destination):
        late = care_round.last_end_s + last.need_s - shift.end_s
        outside = min(late, last.need_s)
        if outside > 0:
            yield care_round.violation(
                Rule.AVAILABILITY,
                outside,
                SECONDS,
                f"Round {care_round.round_id} of worker {care_round.worker_id} would "
                f"reach {last.destination} {spell_time(outside)} after the shift.",
                at=care_round.stops[-1],
            )
