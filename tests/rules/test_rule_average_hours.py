"""Average hours: 48 a week over 17 weeks, with what was worked before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rule_helpers import found, helps, only

from helpers import contract, problem, roster, shift, travel, visit, worker
from roundplan.domain import CHARTER, Break, Problem, Roster, Rule, ShiftKind

HOUR = 3600


def _case(
    minutes: dict[int, int], days: int = 7, **contract_fields: Any
) -> tuple[Problem, Roster]:
    """One visit a day of so many minutes from 08:00, broken by nothing but rules."""
    of = problem(
        [visit(f"V{d}", day=d, minutes=m) for d, m in minutes.items()],
        workers=[worker(contract=contract(**contract_fields))],
        shifts=[shift(day=d, end="22:00") for d in minutes],
        days=days,
    )
    starts = {f"W1@{d}-07:00": [(f"V{d}", "08:00")] for d in minutes}
    return of, roster(of, travel(of), starts)


# Six hours a day need no break; six days leave one of rest: 36 hours a week.
SIX_DAYS = dict.fromkeys(range(6), 360)


def test_a_week_at_the_average_is_allowed_without_earlier_hours() -> None:
    """Unknown earlier hours count as 48 a week, so a week may have 48."""
    assert found(*_with_training(12)) == []
    only(*_with_training(13), Rule.AVERAGE_HOURS, HOUR)


def _with_training(hours: int, **contract_fields: Any) -> tuple[Problem, Roster]:
    """36 hours of visits, and training on the evenings of four days, at 20:00."""
    visits = [visit(f"V{d}", day=d, minutes=360) for d in range(6)]
    blocks, left = [], hours
    for day in range(6):
        length = min(left, 3)
        if length:
            blocks.append(
                shift(
                    day=day,
                    start="15:00",
                    end=f"{15 + length}:00",
                    kind=ShiftKind.TRAINING,
                )
            )
        left -= length
    of = problem(
        visits,
        workers=[worker(contract=contract(**contract_fields))],
        shifts=[*(shift(day=d, end="15:00") for d in range(6)), *blocks],
        days=7,
    )
    starts = {f"W1@{d}-07:00": [(f"V{d}", "08:00")] for d in range(6)}
    return of, roster(of, travel(of), starts)


def test_quiet_weeks_before_make_room() -> None:
    # 16 weeks of 47 hours leave 16 hours more: 64 in this week.
    earlier = 16 * 47 * HOUR
    assert found(*_with_training(13, worked_16_weeks_s=earlier)) == []


def test_busy_weeks_before_take_room_away() -> None:
    # 16 weeks of 50 hours leave 48 - 32 = 16 hours of this week.
    earlier = 16 * 50 * HOUR
    breach = only(
        *_case(SIX_DAYS, worked_16_weeks_s=earlier), Rule.AVERAGE_HOURS, 20 * HOUR
    )
    assert (breach.worker_id, breach.day) == ("W1", 0)
    assert "20 hours more" in breach.message
    kept = {0: 360, 1: 360, 2: 240}
    assert found(*_case(kept, worked_16_weeks_s=earlier)) == []
    kept[2] = 241
    only(*_case(kept, worked_16_weeks_s=earlier), Rule.AVERAGE_HOURS, 60)


def test_a_later_week_has_one_week_less_of_those_before() -> None:
    # 15 weeks of 52 hours leave 816 - 780 = 36 hours of the first two weeks.
    second_week = dict.fromkeys(range(7, 13), 360)
    earlier = 16 * 52 * HOUR
    assert found(*_case(second_week, days=14, worked_16_weeks_s=earlier)) == []
    # A minute more in each of the 16 weeks before is 15 minutes more after two weeks.
    earlier += 16 * 60
    case = _case(second_week, days=14, worked_16_weeks_s=earlier)
    assert only(*case, Rule.AVERAGE_HOURS, 900).day == 7


def test_the_oldest_week_of_a_long_roster_drops_out() -> None:
    # 20 hours a week on average over two weeks; three weeks of 20 hours each.
    policy = replace(CHARTER, average_weeks=2, average_s=20 * HOUR)
    weeks = {d: 240 for week in range(3) for d in range(7 * week, 7 * week + 5)}
    of, made = _case(weeks, days=21)
    assert found(replace(of, policy=policy), made) == []
    longer = {**weeks, 18: 270}
    of, made = _case(longer, days=21)
    only(replace(of, policy=policy), made, Rule.AVERAGE_HOURS, 1800)


def test_a_worker_without_a_round_is_not_tested() -> None:
    of, _ = _case(SIX_DAYS, worked_16_weeks_s=16 * 60 * HOUR)
    left_out = roster(of, travel(of), {}, unassigned=[v.visit_id for v in of.visits])
    assert found(of, left_out) == []


def test_a_worker_may_opt_out() -> None:
    assert found(*_with_training(13, wtr_opt_out=True)) == []


def test_breaks_do_not_count() -> None:
    of = problem(
        [visit("V1", minutes=60), visit("V2", earliest="09:20", minutes=60)],
        workers=[worker(contract=contract(worked_16_weeks_s=(17 * 48 - 2) * HOUR))],
    )
    starts = {"W1@0-07:00": [("V1", "08:00"), ("V2", "09:20")]}
    by = travel(of)
    only(of, roster(of, by, starts), Rule.AVERAGE_HOURS, 1200)
    rest = {"W1@0-07:00": [Break(start_s=9 * HOUR, end_s=9 * HOUR + 1200)]}
    assert found(of, roster(of, by, starts, rest)) == []


def test_overrides() -> None:
    case = _case(SIX_DAYS, worked_16_weeks_s=16 * 50 * HOUR)
    assert helps(*case, rule=Rule.AVERAGE_HOURS, worker_id="W1")
    assert helps(*case, rule=Rule.AVERAGE_HOURS, worker_id="W1", day=6)
    two_weeks = _case({7: 360}, days=14, worked_16_weeks_s=16 * 55 * HOUR)
    assert helps(*two_weeks, rule=Rule.AVERAGE_HOURS, worker_id="W1", day=7)
    assert not helps(*two_weeks, rule=Rule.AVERAGE_HOURS, worker_id="W1", day=6)
