"""Double-handed visits: both workers start together."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield visits for two whose workers start apart."""
    for visit, stops in view.attended():
        apart = stops[-1].start_s - stops[0].start_s
        if visit.workers_required > 1 and apart:
            yield Violation(
                rule=Rule.DOUBLE_HANDED,
                amount=apart,
                unit=SECONDS,
                visit_id=visit.visit_id,
                client_id=visit.client_id,
                day=visit.day,
                message=f"The workers of double-handed visit {visit.visit_id} start "
                f"{spell_time(apart)} apart.",
            )
