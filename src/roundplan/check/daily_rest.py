"""Daily rest: eleven hours between one day's work and the next (WTR reg. 10)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from roundplan.check._clocks import WorkSpan
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield worker-days that clock on too soon after the worked day before.

    Two days without a round are not compared: training and meetings alone are not
    the roster's doing.
    """
    due = view.problem.policy.daily_rest_s
    for worker_id, spans in view.spans_of.items():
        days = _by_day(spans)
        for before, after in pairwise(days):
            if not any(s.care for s in (*before, *after)):
                continue
            rest = min(s.on_s for s in after) - max(s.off_s for s in before)
            if rest < due:
                day = after[0].day
                yield Violation(
                    rule=Rule.DAILY_REST,
                    amount=due - rest,
                    unit=SECONDS,
                    worker_id=worker_id,
                    day=day,
                    message=f"Worker {worker_id} rests {spell_time(max(0, rest))} "
                    f"before work on {view.date(day)}, {spell_time(due - rest)} short.",
                )


def _by_day(spans: tuple[WorkSpan, ...]) -> list[list[WorkSpan]]:
    """Group work intervals by the day they belong to, in order of day."""
    days: dict[int, list[WorkSpan]] = {}
    for span in spans:
        days.setdefault(span.day, []).append(span)
    return [days[day] for day in sorted(days)]
