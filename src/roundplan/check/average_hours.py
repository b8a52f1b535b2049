"""Average hours: 48 a week over 17 weeks, unless opted out (WTR regs 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._clocks import WorkSpan
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import CareWorker, Horizon, Policy, Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield the weeks after which a worker's average is above the limit.

    Each ISO week of the horizon ends 17 weeks, of which those before the horizon
    have the average of ``hours_last_16_weeks``; unknown hours are taken as 48 a
    week. A worker without a round up to then is not tested: the roster has not added
    to the hours.
    """
    horizon, policy = view.problem.horizon, view.problem.policy
    for worker_id, spans in view.spans_of.items():
        worker = view.problem.worker(worker_id)
        if worker.contract.wtr_opt_out:
            continue
        for week, over in _weeks_over(policy, horizon, worker, spans):
            day = horizon.days_of_week(week)[0]
            yield Violation(
                rule=Rule.AVERAGE_HOURS,
                amount=over,
                unit=SECONDS,
                worker_id=worker_id,
                day=day,
                message=f"Worker {worker_id} works {spell_time(over)} more than the "
                f"average allows in the {policy.average_weeks} weeks up to and with "
                f"the week of {view.date(day)}.",
            )


def _weeks_over(
    policy: Policy, horizon: Horizon, worker: CareWorker, spans: tuple[WorkSpan, ...]
) -> Iterator[tuple[int, int]]:
    """Yield weeks with the seconds, per 17 weeks, above the limit.

    All is multiplied by 16, the number of weeks before, so as to stay in integers.
    """
    before = policy.average_weeks - 1
    earlier = worker.contract.worked_16_weeks_s
    if earlier is None:
        earlier = before * policy.average_s
    worked = [0] * horizon.weeks
    first_care = horizon.weeks
    for span in spans:
        week = horizon.week_of(span.day)
        if 0 <= week < horizon.weeks:
            worked[week] += span.work_s
            if span.care:
                first_care = min(first_care, week)
    limit = before * policy.average_weeks * policy.average_s
    for week in range(first_care, horizon.weeks):
        inside = sum(worked[max(0, week - before) : week + 1])
        over = before * inside + max(0, before - week) * earlier - limit
        if over > 0:
            yield week, -(-over // before)
