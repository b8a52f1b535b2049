"""Skills: the worker has every skill that the visit asks for."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, Violation
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield attendances by a worker who lacks a skill; the amount is how many."""
    for stop in view.attendances:
        if stop.visit is None or stop.worker is None:
            continue
        missing = stop.visit.skills - stop.worker.skills
        if missing:
            yield stop.violation(
                Rule.SKILLS,
                len(missing),
                COUNT,
                f"Visit {stop.visit_id} asks for {', '.join(sorted(missing))}, "
                f"which worker {stop.worker_id} does not have.",
            )
