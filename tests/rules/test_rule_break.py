"""Break: 20 minutes once the working time of a day is above six hours."""

from __future__ import annotations

from typing import Any

import pytest
from rule_helpers import change_round, found, helps, only

from helpers import (
    client,
    clock,
    contract,
    problem,
    roster,
    shift,
    travel,
    visit,
    worker,
)
from roundplan.domain import Break, Problem, Roster, Rule, ShiftKind


def _rest(start: str, end: str) -> Break:
    return Break(start_s=clock(start), end_s=clock(end))


def _case(
    last_minutes: int, *breaks: Break, gap: str = "11:20", **fields: Any
) -> tuple[Problem, Roster]:
    """Three hours from 08:00, then ``last_minutes`` from ``gap``, at one client."""
    of = problem(
        [
            visit("V1", earliest="08:00", minutes=180),
            visit("V2", earliest="11:00", latest="12:30", minutes=last_minutes),
        ],
        shifts=[shift(end="20:00")],
        **fields,
    )
    stops = [("V1", "08:00"), ("V2", gap)]
    made = roster(of, travel(of), {"W1@0-07:00": stops}, {"W1@0-07:00": breaks})
    return of, made


def test_six_hours_are_allowed_without_a_break() -> None:
    assert found(*_case(160)) == []  # 3 h, a paid wait of 20 min, 2 h 40 min


def test_a_minute_above_six_hours_needs_a_break() -> None:
    breach = only(*_case(161), Rule.BREAK, 1200)
    assert (breach.worker_id, breach.day, breach.visit_id) == ("W1", 0, None)
    assert "6 hours 1 minute" in breach.message


def test_a_break_of_twenty_minutes_is_enough() -> None:
    assert found(*_case(300, _rest("11:00", "11:20"))) == []


def test_a_removed_break_is_missed() -> None:
    of, made = _case(300, _rest("11:00", "11:20"))
    only(of, change_round(made, "W1@0-07:00", breaks=()), Rule.BREAK, 1200)


def test_a_break_a_minute_too_short_is_reported_once() -> None:
    breach = only(*_case(300, _rest("11:00", "11:19")), Rule.BREAK, 60)
    assert "too short" in breach.message


def test_a_break_row_must_be_long_enough_even_when_none_is_due() -> None:
    only(*_case(60, _rest("11:05", "11:15")), Rule.BREAK, 600)


@pytest.mark.parametrize(
    ("rest", "amount"),
    [
        (_rest("10:50", "11:10"), 600),  # half in the first visit
        (_rest("07:00", "07:30"), 1800),  # before the first visit
        (_rest("11:10", "11:50"), 1800),  # half an hour in the second visit
    ],
)
def test_a_break_lies_between_two_visits(rest: Break, amount: int) -> None:
    breach = only(*_case(300, rest), Rule.BREAK, amount)
    assert "not between visits" in breach.message


def test_an_unpaid_gap_is_a_rest() -> None:
    # A wait of an hour is paid: no rest. A minute more is free time.
    only(*_case(300, gap="12:00"), Rule.BREAK, 1200)
    assert found(*_case(300, gap="12:01")) == []


def test_time_between_two_rounds_is_a_rest() -> None:
    def case(second: str) -> tuple[Problem, Roster]:
        of = problem(
            [
                visit("V1", earliest="08:00", minutes=180),
                visit("V2", earliest="11:00", minutes=300),
            ],
            shifts=[shift(end="11:05"), shift(start="11:05", end="20:00")],
        )
        starts = {"W1@0-07:00": [("V1", "08:00")], "W1@0-11:05": [("V2", second)]}
        return of, roster(of, travel(of), starts)

    assert found(*case("11:20")) == []
    only(*case("11:19"), Rule.BREAK, 60)


def test_a_break_in_either_round_of_a_day_is_enough() -> None:
    of = problem(
        [
            visit("V1", earliest="08:00", minutes=60),
            visit("V2", earliest="09:20", minutes=60),
            visit("V3", earliest="10:30", minutes=300),
        ],
        shifts=[shift(end="10:30"), shift(start="10:30", end="20:00")],
    )
    starts = {
        "W1@0-07:00": [("V1", "08:00"), ("V2", "09:20")],
        "W1@0-10:30": [("V3", "10:30")],
    }
    rest = {"W1@0-07:00": [_rest("09:00", "09:20")]}
    assert found(of, roster(of, travel(of), starts, rest)) == []
    only(of, roster(of, travel(of), starts), Rule.BREAK, 600)


def test_a_break_may_lie_in_any_gap_of_its_round() -> None:
    of = problem(
        [
            visit("V1", earliest="08:00", minutes=180),
            visit("V2", earliest="11:20", minutes=180),
            visit("V3", earliest="14:40", minutes=60),
        ],
        shifts=[shift(end="20:00")],
    )
    starts = {"W1@0-07:00": [("V1", "08:00"), ("V2", "11:20"), ("V3", "14:40")]}
    for rest in (_rest("11:00", "11:20"), _rest("14:20", "14:40")):
        made = roster(of, travel(of), starts, {"W1@0-07:00": [rest]})
        assert found(of, made) == []


def test_the_larger_fault_of_a_break_row_counts() -> None:
    breach = only(*_case(60, _rest("10:55", "11:05")), Rule.BREAK, 600)
    assert "too short" in breach.message


def _with_home_legs(minutes: int, *, fixed_base: bool) -> tuple[Problem, Roster]:
    """A visit between two home legs of ten minutes each."""
    of = problem(
        [visit("V1", minutes=minutes)],
        clients=[client(x=600.0)],
        workers=[worker(contract=contract(has_fixed_base=fixed_base))],
        shifts=[shift(end="20:00", start_place="W1", end_place="W1")],
    )
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


def test_home_legs_count_for_workers_without_a_fixed_base() -> None:
    assert found(*_with_home_legs(340, fixed_base=False)) == []
    only(*_with_home_legs(341, fixed_base=False), Rule.BREAK, 1200)
    assert found(*_with_home_legs(360, fixed_base=True)) == []
    only(*_with_home_legs(361, fixed_base=True), Rule.BREAK, 1200)


def _with_training(start: str) -> tuple[Problem, Roster]:
    """Four hours of visits to 12:00, and training of four hours from ``start``."""
    of = problem(
        [visit("V1", minutes=240)],
        shifts=[
            shift(end="12:00"),
            shift(
                start=start,
                end=f"{int(start[:2]) + 4}{start[2:]}",
                kind=ShiftKind.TRAINING,
            ),
        ],
    )
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


def test_training_counts_and_the_time_before_it_is_a_rest() -> None:
    assert found(*_with_training("12:20")) == []
    only(*_with_training("12:10"), Rule.BREAK, 600)


def test_a_long_training_day_alone_is_not_the_rosters_doing() -> None:
    of = problem(
        [visit("V1")],
        workers=[worker("W1"), worker("W2")],
        shifts=[
            shift("W1"),
            shift("W2", start="08:00", end="16:00", kind=ShiftKind.TRAINING),
        ],
    )
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    assert found(of, made) == []


def test_overrides() -> None:
    case = _case(300)
    assert helps(*case, rule=Rule.BREAK, worker_id="W1")
    assert helps(*case, rule=Rule.BREAK, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.BREAK, worker_id="W1", day=1)
    assert not helps(*case, rule=Rule.BREAK, visit_id="V1")
