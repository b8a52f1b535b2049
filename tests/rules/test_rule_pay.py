"""Pay: at or above the floor in force, day by day or over the horizon."""

from __future__ import annotations

from datetime import date

from rule_helpers import found, helps, only

from helpers import MONDAY, contract, problem, roster, shift, travel, visit, worker
from roundplan.domain import Horizon, Policy, Problem, Rate, Roster, Rule, named_policy

PLAIN = named_policy("plain")


def _rate(name: str, value: str, first: date, last: date | None = None) -> Rate:
    """A user's own rate, so that no test depends on what is shipped."""
    return Rate(
        rate=name,
        region="",
        value=value,
        unit="GBP/hour",
        announced=first,
        effective_from=first,
        effective_to=last,
        verified_to=date(2027, 1, 1),
        source="a test",
        confidence="high",
    )


RATES = (
    _rate("london_living_wage", "14.80", date(2026, 1, 1), date(2026, 6, 1)),
    _rate("london_living_wage", "15.30", date(2026, 6, 2)),
    _rate("national_minimum_wage", "12.71", date(2026, 1, 1)),
)
"""The living wage rises on the second day of the horizon."""


def _case(
    rate_p: int | None, policy: Policy | None = None, days: int = 1
) -> tuple[Problem, Roster]:
    fields = {} if policy is None else {"policy": policy}
    of = problem(
        [visit(f"V{d}", day=d) for d in range(days)],
        workers=[worker(contract=contract(rate_p=rate_p))],
        shifts=[shift(day=d) for d in range(days)],
        horizon=Horizon(start_date=MONDAY, days=days),
        rates=RATES,
        **fields,
    )
    starts = {f"W1@{d}-07:00": [(f"V{d}", "08:00")] for d in range(days)}
    return of, roster(of, travel(of), starts)


def test_the_living_wage_is_enough() -> None:
    assert found(*_case(1480)) == []
    assert found(*_case(None, days=2)) == []


def test_a_penny_less_fails() -> None:
    breach = only(*_case(1479), Rule.PAY, 1, "pence per hour")
    assert (breach.worker_id, breach.day) == ("W1", 0)
    only(*_case(1400), Rule.PAY, 80, "pence per hour")


def test_the_living_wage_of_the_day_counts() -> None:
    breach = only(*_case(1480, days=2), Rule.PAY, 50, "pence per hour")
    assert breach.day == 1


def test_without_the_charter_the_minimum_wage_counts_over_all_days() -> None:
    assert found(*_case(1271, PLAIN, days=2)) == []
    breach = only(*_case(1270, PLAIN, days=2), Rule.PAY, 1, "pence per hour")
    assert (breach.worker_id, breach.day) == ("W1", None)


def test_a_policy_without_a_floor_asks_nothing() -> None:
    assert found(*_case(1, named_policy("charter", pay_floor=None))) == []
    assert found(*_case(1, named_policy("benchmark"))) == []


def test_overrides() -> None:
    case = _case(1400)
    assert helps(*case, rule=Rule.PAY, worker_id="W1")
    assert helps(*case, rule=Rule.PAY, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.PAY, worker_id="W1", day=1)
    averaged = _case(1200, PLAIN)
    assert helps(*averaged, rule=Rule.PAY, worker_id="W1")
    # What is averaged over all days is not set aside by a row for one day.
    assert not helps(*averaged, rule=Rule.PAY, worker_id="W1", day=0)
