"""Duration: the rostered length is the commissioned length."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield attendances that are shorter or longer than commissioned."""
    for stop in view.attendances:
        if stop.visit is None:
            continue
        difference = stop.end_s - stop.start_s - stop.visit.duration_s
        if difference:
            how = "longer" if difference > 0 else "shorter"
            yield stop.violation(
                Rule.DURATION,
                abs(difference),
                SECONDS,
                f"Visit {stop.visit_id} by worker {stop.worker_id} is rostered "
                f"{spell_time(abs(difference))} {how} than commissioned.",
            )
