"""Window: the visit starts inside its time window, or within its soft lateness."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Policy, Priority, Rule, Visit


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield starts before the window, or later than it and its tolerance allow."""
    for stop in view.attendances:
        if stop.visit is None:
            continue
        window = stop.visit.window
        latest = window.latest_start_s + tolerance_s(view.problem.policy, stop.visit)
        early = window.earliest_start_s - stop.start_s
        late = stop.start_s - latest
        outside, how = (early, "early") if early > 0 else (late, "late")
        if outside > 0:
            yield stop.violation(
                Rule.WINDOW,
                outside,
                SECONDS,
                f"Visit {stop.visit_id} by worker {stop.worker_id} starts "
                f"{spell_time(outside)} too {how}.",
            )


def tolerance_s(policy: Policy, visit: Visit) -> int:
    """Return how late a visit may start: not at all if essential or time-critical."""
    strict = visit.time_critical or visit.priority is Priority.ESSENTIAL
    return 0 if strict else policy.soft_lateness_s
