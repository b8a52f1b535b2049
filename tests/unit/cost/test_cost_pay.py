"""The rates of one problem, and what is said past ``verified_to``."""

from __future__ import annotations

from datetime import date

import pytest

from helpers import MONDAY, contract, problem, visit, worker
from roundplan.cost import (
    costed_rate_p,
    hourly_rate_p,
    mileage_p,
    pay_floor_p,
    rate_table,
    rate_warnings,
    require_verified,
)
from roundplan.domain import (
    BENCHMARK,
    CHARTER,
    PLAIN,
    Horizon,
    LlwFrom,
    Mode,
    Problem,
    Rate,
    named_policy,
)
from roundplan.errors import RateError

UNPRICED = contract(rate_p=None)


def small(start: date = MONDAY, days: int = 1, **fields) -> Problem:
    fields.setdefault("workers", [worker(contract=UNPRICED)])
    return problem(
        [visit()],
        days=days,
        horizon=Horizon(start_date=start, days=days),
        **fields,
    )


def user_rate(value: str, rate: str = "london_living_wage") -> Rate:
    return Rate(
        rate=rate,
        region="",
        value=value,
        unit="GBP/hour",
        announced=None,
        effective_from=date(2026, 1, 1),
        effective_to=None,
        verified_to=date(2030, 1, 1),
        source="a test",
        confidence="high",
    )


def test_a_worker_without_a_rate_is_paid_the_living_wage_of_the_day() -> None:
    p = small(date(2026, 4, 30), days=2)
    assert [hourly_rate_p(p, p.workers[0], d) for d in (0, 1)] == [1385, 1480]


def test_a_worker_is_paid_their_own_rate() -> None:
    p = small(workers=[worker(contract=contract(rate_p=1600))])
    assert hourly_rate_p(p, p.workers[0], 0) == 1600


def test_llw_from_moves_the_pay() -> None:
    april = small(date(2026, 4, 1), llw_from=LlwFrom.APRIL)
    assert hourly_rate_p(april, april.workers[0], 0) == 1480


def test_a_users_rate_is_paid() -> None:
    p = small(rates=(user_rate("15.55"),))
    assert hourly_rate_p(p, p.workers[0], 0) == 1555
    assert rate_table(p) is rate_table(p), "made once"


def test_two_problems_do_not_share_their_rates() -> None:
    dear, cheap = small(rates=(user_rate("15.55"),)), small(rates=(user_rate("14.99"),))
    pay = [hourly_rate_p(p, p.workers[0], 0) for p in (dear, cheap, dear)]
    assert pay == [1555, 1499, 1555]


def test_many_tables_are_made_without_mixing_them_up() -> None:
    for pence in range(1400, 1440):
        p = small(rates=(user_rate(f"{pence / 100:.2f}"),))
        assert hourly_rate_p(p, p.workers[0], 0) == pence


def test_the_cost_takes_a_share_of_the_rate_rounded_down() -> None:
    p = small(policy=named_policy("charter", pay_percent=33))
    assert costed_rate_p(p, p.workers[0], 0) == 1480 * 33 // 100 == 488


def test_a_policy_without_pay_needs_no_rate() -> None:
    p = small(date(1999, 1, 4), policy=BENCHMARK)
    assert costed_rate_p(p, p.workers[0], 0) == 0
    assert rate_warnings(p) == ()


@pytest.mark.parametrize(
    ("policy", "floor"), [(CHARTER, 1480), (PLAIN, 1271), (BENCHMARK, None)]
)
def test_the_pay_floor_is_the_policys(policy, floor) -> None:
    assert pay_floor_p(small(policy=policy), 0) == floor


@pytest.mark.parametrize(
    ("mode", "start", "pence"),
    [
        (Mode.DRIVE, date(2026, 4, 5), 45),
        (Mode.DRIVE, date(2026, 4, 6), 55),
        (Mode.CYCLE, date(2026, 6, 1), 20),
        (Mode.EBIKE, date(2026, 6, 1), 20),
        (Mode.WALK, date(2026, 6, 1), 0),
        (Mode.TRANSIT, date(2026, 6, 1), 0),
    ],
)
def test_mileage_by_mode_on_the_first_day(mode, start, pence) -> None:
    assert mileage_p(small(start, days=2), mode) == pence


def test_a_policy_without_mileage_needs_no_rate() -> None:
    p = small(date(1999, 1, 4), policy=named_policy("charter", mileage=False))
    assert mileage_p(p, Mode.DRIVE) == 0


def test_no_warning_while_rates_are_verified() -> None:
    p = small(workers=[worker(contract=UNPRICED, modes=(Mode.WALK, Mode.DRIVE))])
    assert rate_warnings(p) == ()
    require_verified(p)


def test_past_verified_to_a_plan_warns_and_an_audit_refuses() -> None:
    p = small(date(2027, 4, 26), days=7)
    (sentence,) = rate_warnings(p)
    for part in (
        "london_living_wage",
        "14.80 GBP/hour",
        "verified to 2027-04-30",
        "on 2027-05-01",
        "`[rates] file` in problem.toml",
    ):
        assert part in sentence
    with pytest.raises(RateError, match=r"E1201.*2027-05-01"):
        require_verified(p)


def test_the_day_before_is_still_verified() -> None:
    assert rate_warnings(small(date(2027, 4, 24), days=7)) == ()


def test_a_users_rate_silences_the_warning() -> None:
    p = small(date(2027, 4, 26), days=7, rates=(user_rate("15.55"),))
    assert rate_warnings(p) == ()


def test_the_announced_mode_warns_when_the_next_is_due() -> None:
    p = small(date(2026, 10, 22), llw_from=LlwFrom.ANNOUNCED)
    (sentence,) = rate_warnings(p)
    assert "llw_from = announced" in sentence


def test_mileage_by_bicycle_is_only_assumed_since_april_2026() -> None:
    p = small(workers=[worker(modes=(Mode.CYCLE,))])
    (sentence,) = rate_warnings(p)
    assert "amap_bicycle of 0.20 GBP/mile is verified to 2026-04-05 only" in sentence
    before = small(date(2026, 4, 4), workers=[worker(modes=(Mode.CYCLE,))])
    assert rate_warnings(before) == ()


def test_only_rates_that_the_plan_uses_are_warned_of() -> None:
    """Under the law alone, a worker with a rate of their own needs no living wage."""
    p = small(date(2027, 5, 3), workers=[worker()], policy=PLAIN)
    (sentence,) = rate_warnings(p)
    assert "nlw_21plus of 12.71" in sentence


def test_a_missing_rate_is_an_error_not_a_warning() -> None:
    with pytest.raises(RateError, match="there is no london_living_wage"):
        rate_warnings(small(date(2009, 6, 1)))
