"""What a problem is after something has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from roundplan.domain import (
    Event,
    EventKind,
    Problem,
    Roster,
    Shift,
    ShiftKind,
    Visit,
)
from roundplan.errors import UsageError


def changed(problem: Problem, events: Iterable[Event]) -> Problem:
    """Return a problem after some events, one after the other.

    An absence is cut out of work shifts and kept as leave; a visit that followed one
    that is cancelled is free of it; overrides of a visit go with it.

    Raises
    ------
    UsageError
        E1002. An event cannot be: shifts that would overlap, or a new length of a
        visit that is not whole minutes.
    """
    for event in events:
        try:
            problem = _APPLY[event.kind](problem, event)
        except ValueError as error:
            msg = f"a change ({event.kind}) cannot be made: {error}"
            raise UsageError(msg) from error
    return problem


def pinned_started(problem: Problem, roster: Roster, now_s: int) -> Problem:
    """Return a problem in which every visit that has started stays as it is."""
    pins: dict[str, tuple[int, list[str]]] = {}
    for r in roster.rounds:
        for stop in r.visits:
            if stop.start_s <= now_s and problem.has_visit(stop.visit_id):
                _, workers = pins.setdefault(stop.visit_id, (stop.start_s, []))
                workers.append(r.worker_id)
    return replace(
        problem,
        visits=tuple(
            replace(
                v,
                pinned_workers=tuple(pins[v.visit_id][1]),
                pinned_start_s=pins[v.visit_id][0],
            )
            if v.visit_id in pins
            else v
            for v in problem.visits
        ),
    )


def _absent(problem: Problem, event: Event) -> Problem:
    shifts: list[Shift] = []
    for shift in problem.shifts:
        start_s, end_s = (
            max(event.start_s, shift.start_s),
            min(event.end_s, shift.end_s),
        )
        its = shift.worker_id == event.worker_id and shift.kind is ShiftKind.WORK
        if not its or end_s <= start_s:
            shifts.append(shift)
            continue
        left = [(shift.start_s, start_s), (end_s, shift.end_s)]
        pieces = [(a, b) for a, b in left if a < b]
        ids = [shift.shift_id, f"{shift.shift_id}+"][: len(pieces)]
        shifts += [
            replace(shift, shift_id=id_, start_s=a, end_s=b)
            for id_, (a, b) in zip(ids, pieces, strict=True)
        ]
        shifts.append(
            replace(
                shift,
                shift_id=f"{shift.shift_id}-leave-{start_s}",
                start_s=start_s,
                end_s=end_s,
                kind=ShiftKind.LEAVE,
                start_place=None,
                end_place=None,
            )
        )
    return replace(problem, shifts=tuple(shifts))


def _away(problem: Problem, event: Event) -> Problem:
    gone = {
        v.visit_id
        for v in problem.visits
        if v.client_id == event.client_id
        and event.start_s <= v.window.earliest_start_s < event.end_s
    }
    return _without_visits(problem, gone)


def _cancelled(problem: Problem, event: Event) -> Problem:
    return _without_visits(problem, {event.visit_id or ""})


def _without_visits(problem: Problem, gone: set[str]) -> Problem:
    return replace(
        problem,
        visits=tuple(
            replace(v, after_visit=None, min_gap_s=0, max_gap_s=None)
            if v.after_visit in gone
            else v
            for v in problem.visits
            if v.visit_id not in gone
        ),
        overrides=tuple(
            o for o in problem.overrides if o.visit_id is None or o.visit_id not in gone
        ),
    )


def _visit_changed(problem: Problem, event: Event) -> Problem:
    return replace(
        problem,
        visits=tuple(
            _with(v, event) if v.visit_id == event.visit_id else v
            for v in problem.visits
        ),
    )


def _with(visit: Visit, event: Event) -> Visit:
    window = event.window or visit.window
    low, high = window.earliest_start_s, window.latest_start_s
    preferred = visit.preferred_start_s
    return replace(
        visit,
        window=window,
        duration_s=event.duration_s or visit.duration_s,
        preferred_start_s=None if preferred is None else min(max(preferred, low), high),
        pinned_start_s=visit.pinned_start_s if event.window is None else None,
    )


def _new_visit(problem: Problem, event: Event) -> Problem:
    assert event.visit_id is not None
    assert event.client_id is not None
    assert event.window is not None
    assert event.duration_s is not None
    visit = Visit(
        visit_id=event.visit_id,
        client_id=event.client_id,
        day=event.day,
        window=event.window,
        duration_s=event.duration_s,
        workers_required=event.workers_required,
        skills=event.skills,
    )
    return replace(problem, visits=(*problem.visits, visit))


def _swapped(problem: Problem, event: Event) -> Problem:
    one, two = event.worker_id, event.other_worker
    assert one is not None
    assert two is not None
    other = {one: two, two: one}
    return replace(
        problem,
        shifts=tuple(
            _given(shift, other[shift.worker_id])
            if shift.day == event.day
            and shift.kind is ShiftKind.WORK
            and shift.worker_id in other
            else shift
            for shift in problem.shifts
        ),
    )


def _given(shift: Shift, worker_id: str) -> Shift:
    """Return a shift as another worker's, whose home takes the place of the first's."""
    ends = (
        worker_id if place == shift.worker_id else place
        for place in (shift.start_place, shift.end_place)
    )
    start_place, end_place = ends
    return replace(
        shift,
        shift_id=f"{worker_id}<{shift.shift_id}",
        worker_id=worker_id,
        start_place=start_place,
        end_place=end_place,
    )


_APPLY = {
    EventKind.WORKER_ABSENT: _absent,
    EventKind.CLIENT_AWAY: _away,
    EventKind.VISIT_CANCELLED: _cancelled,
    EventKind.VISIT_CHANGED: _visit_changed,
    EventKind.NEW_VISIT: _new_visit,
    EventKind.SHIFTS_SWAPPED: _swapped,
}
