"""Pins: pinned workers and pinned starts stay."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield pinned workers who are not on a visit, and starts that have moved.

    A pinned visit that is in no round breaks no pin: it is unassigned, or the
    coverage rule reports it.
    """
    for visit, stops in view.attended():
        present = {stop.worker_id for stop in stops}
        for worker_id in visit.pinned_workers:
            if worker_id not in present:
                yield Violation(
                    rule=Rule.PINS,
                    amount=1,
                    unit=COUNT,
                    visit_id=visit.visit_id,
                    client_id=visit.client_id,
                    worker_id=worker_id,
                    day=visit.day,
                    message=f"Visit {visit.visit_id} is pinned to worker {worker_id}, "
                    "who does not make it.",
                )
        if visit.pinned_start_s is None:
            continue
        for stop in stops:
            moved = abs(stop.start_s - visit.pinned_start_s)
            if moved:
                yield stop.violation(
                    Rule.PINS,
                    moved,
                    SECONDS,
                    f"Visit {visit.visit_id} by worker {stop.worker_id} starts "
                    f"{spell_time(moved)} away from its pinned start.",
                )
