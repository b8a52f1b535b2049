"""Maximum hours: the worker's own, in each ISO week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield workers' weeks with a round and more working time than they agreed to."""
    horizon = view.problem.horizon
    for worker_id, spans in view.spans_of.items():
        most = view.problem.worker(worker_id).contract.max_s
        if most is None:
            continue
        worked: defaultdict[int, int] = defaultdict(int)
        for span in spans:
            worked[horizon.week_of(span.day)] += span.work_s
        for week in {horizon.week_of(s.day) for s in spans if s.care}:
            over = worked[week] - most
            if over > 0 and 0 <= week < horizon.weeks:
                day = horizon.days_of_week(week)[0]
                yield Violation(
                    rule=Rule.MAX_HOURS,
                    amount=over,
                    unit=SECONDS,
                    worker_id=worker_id,
                    day=day,
                    message=f"Worker {worker_id} works {spell_time(worked[week])} in "
                    f"the week of {view.date(day)}, {spell_time(over)} above their "
                    "own maximum.",
                )
