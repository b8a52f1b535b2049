"""Pay: travel and waiting are paid at or above the pay floor in force.

Under the charter, time on the pay clock is all paid at the worker's rate, so each leg
and each counted wait is at or above the living wage exactly when the rate of the day
is (Islington: travel time at the London Living Wage, DOMAIN R5). Without the charter
the law averages: pay over hours of the whole horizon against the minimum wage
(DOMAIN R4).
"""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import PENCE_PER_HOUR, Violation
from roundplan.cost import hourly_rate_p, pay_floor_p
from roundplan.domain import Rule

AVERAGED_FLOOR = "national_minimum_wage"
"""The floor that is tested over the whole horizon, not day by day."""


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield worker-days, or workers, paid below the floor, in pence an hour."""
    if view.problem.policy.pay_floor == AVERAGED_FLOOR:
        yield from _averaged(view)
    else:
        yield from _day_by_day(view)


def _day_by_day(view: RosterView) -> Iterator[Violation]:
    problem = view.problem
    floors: dict[int, int | None] = {}
    for worker_id, spans in view.spans_of.items():
        worker = problem.worker(worker_id)
        for day in {s.day for s in spans if s.care}:
            # A day that the horizon does not have has no rate; coverage reports it.
            if not 0 <= day < problem.horizon.days:
                continue
            if day not in floors:
                floors[day] = pay_floor_p(problem, day)
            floor = floors[day]
            short = 0 if floor is None else floor - hourly_rate_p(problem, worker, day)
            if short > 0:
                yield Violation(
                    rule=Rule.PAY,
                    amount=short,
                    unit=PENCE_PER_HOUR,
                    worker_id=worker_id,
                    day=day,
                    message=f"Worker {worker_id} is paid {short}p an hour below the "
                    f"pay floor on {view.date(day)}.",
                )


def _averaged(view: RosterView) -> Iterator[Violation]:
    problem = view.problem
    floor = pay_floor_p(problem, 0)
    if floor is None:
        return
    for worker_id, spans in view.spans_of.items():
        worker = problem.worker(worker_id)
        dated = [s for s in spans if 0 <= s.day < problem.horizon.days]
        paid_s = sum(s.paid_s for s in dated)
        pay = sum(s.paid_s * hourly_rate_p(problem, worker, s.day) for s in dated)
        short = floor * paid_s - pay
        if short > 0:
            amount = -(-short // paid_s)
            yield Violation(
                rule=Rule.PAY,
                amount=amount,
                unit=PENCE_PER_HOUR,
                worker_id=worker_id,
                message=f"Worker {worker_id} is paid {amount}p an hour below the "
                "pay floor over all days of the roster.",
            )
