"""Links: the gap between linked visits is within its bounds, and so are workers."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield visits too soon or too late after the visit they follow, or by the same.

    Nothing is asked while one of the two is in no round. Where two workers start
    apart, the earlier start counts. Each worker that both have, though the visit asks
    for another, is a breach.
    """
    for visit, stops in view.attended():
        before = view.by_visit.get(visit.after_visit or "")
        if before is None:
            continue
        gap = stops[0].start_s - before[0].start_s
        outside, how = visit.min_gap_s - gap, "soon"
        if visit.max_gap_s is not None and gap > visit.max_gap_s:
            outside, how = gap - visit.max_gap_s, "late"
        if outside > 0:
            yield Violation(
                rule=Rule.LINKS,
                amount=outside,
                unit=SECONDS,
                visit_id=visit.visit_id,
                client_id=visit.client_id,
                day=visit.day,
                message=f"Visit {visit.visit_id} starts {spell_time(outside)} too "
                f"{how} after visit {visit.after_visit}.",
            )
        earlier = {stop.worker_id for stop in before} if visit.other_worker else set()
        for worker_id in sorted({stop.worker_id for stop in stops} & earlier):
            yield Violation(
                rule=Rule.LINKS,
                amount=1,
                unit=COUNT,
                visit_id=visit.visit_id,
                client_id=visit.client_id,
                worker_id=worker_id,
                day=visit.day,
                message=f"Visit {visit.visit_id} must not have worker {worker_id}, who "
                f"makes visit {visit.after_visit}.",
            )
