"""Weekly rest: 24 hours a week, or 48 hours or twice 24 a fortnight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from rule_helpers import found, helps, only

from helpers import MONDAY, clock, problem, roster, shift, travel, visit
from roundplan.domain import Horizon, Problem, Roster, Rule, ShiftKind

DAILY = {"start": "08:00", "end": "20:00"}


def _case(
    days: int, worked: Mapping[int, tuple[str, str]], start_offset: int = 0
) -> tuple[Problem, Roster]:
    """Two half-hour visits a day, the second ending at the second time."""
    visits, shifts, starts = [], [], {}
    for day, (opens, ends) in worked.items():
        begin, close = clock(opens), clock(ends)
        for name, at in (("a", begin), ("b", close - 1800)):
            text = f"{at // 3600:02d}:{at % 3600 // 60:02d}"
            visits.append(visit(f"V{day}{name}", earliest=text, day=day))
        shifts.append(shift(start="00:00", end="24:00", day=day, shift_id=f"S{day}"))
        starts[f"S{day}"] = [
            (f"V{day}a", opens),
            (f"V{day}b", clock(ends, day) - 1800),
        ]
    of = problem(
        visits,
        shifts=shifts,
        horizon=Horizon(start_date=MONDAY + timedelta(days=start_offset), days=days),
    )
    return of, roster(of, travel(of), starts)


def _days(*days: int, opens: str = "08:00", ends: str = "20:00") -> dict:
    return dict.fromkeys(days, (opens, ends))


def test_a_day_off_is_enough() -> None:
    assert found(*_case(7, _days(0, 1, 2, 4, 5, 6))) == []


def test_seven_days_fail_by_what_the_longest_night_lacks() -> None:
    breach = only(*_case(7, _days(*range(7))), Rule.WEEKLY_REST, 12 * 3600)
    assert (breach.worker_id, breach.day) == ("W1", 0)


def test_exactly_24_hours_between_two_days_are_enough() -> None:
    week = {**_days(*range(7)), 2: ("08:00", "12:00"), 3: ("12:00", "20:00")}
    assert found(*_case(7, week)) == []
    week[3] = ("11:59", "20:00")
    only(*_case(7, week), Rule.WEEKLY_REST, 60)


def test_the_rest_must_lie_inside_the_week() -> None:
    # Rest from Sunday noon to Monday noon is 12 hours of each of two weeks.
    fortnight = {
        **_days(*range(14)),
        6: ("08:00", "12:00"),
        7: ("12:00", "20:00"),
    }
    assert found(*_case(14, fortnight)) == [
        (Rule.WEEKLY_REST, 12 * 3600, "s"),
        (Rule.WEEKLY_REST, 12 * 3600, "s"),
    ]


def test_part_weeks_are_not_tested() -> None:
    # Seven days from a Tuesday: two part weeks.
    assert found(*_case(7, _days(*range(7)), start_offset=1)) == []


def test_a_fortnight_with_one_stretch_of_48_hours_will_do() -> None:
    # Nothing in the first week; the second has a stretch of exactly 48 hours.
    fortnight = {
        **_days(*range(14)),
        8: ("08:00", "12:00"),
        10: ("12:00", "20:00"),
    }
    del fortnight[9]
    assert found(*_case(14, fortnight)) == []
    fortnight[10] = ("11:59", "20:00")
    only(*_case(14, fortnight), Rule.WEEKLY_REST, 12 * 3600)


def test_a_fortnights_48_hours_may_span_the_two_weeks() -> None:
    fortnight = {
        **_days(*range(14)),
        5: ("08:00", "20:00"),
        7: ("20:00", "21:00"),
    }
    del fortnight[6]  # from Saturday 20:00 to Monday 20:00
    assert found(*_case(14, fortnight)) == []


def test_a_fortnight_with_two_stretches_of_24_hours_will_do() -> None:
    fortnight = {
        **_days(*range(14)),
        8: ("08:00", "12:00"),
        9: ("12:00", "20:00"),
        11: ("08:00", "12:00"),
        12: ("12:00", "20:00"),
    }
    assert found(*_case(14, fortnight)) == []
    fortnight[12] = ("11:00", "20:00")
    only(*_case(14, fortnight), Rule.WEEKLY_REST, 12 * 3600)


def test_the_week_before_helps_as_well() -> None:
    fortnight = _days(*range(14))
    del fortnight[2], fortnight[4]
    assert found(*_case(14, fortnight)) == []


def test_a_part_week_beside_it_does_not_make_a_fortnight() -> None:
    # A week of rest days 7-9 that the horizon does not hold wholly.
    only(*_case(10, _days(*range(7))), Rule.WEEKLY_REST, 12 * 3600)


def test_a_night_from_the_week_before_takes_time_of_the_week() -> None:
    # Sunday's round ends on Monday at 08:00, so Monday has 16 hours to midnight.
    of = problem(
        [
            visit("N1", earliest="22:00", day=6),
            visit("N2", earliest="07:00", day=7, minutes=60),
            *(visit(f"V{d}", earliest="19:00", day=d) for d in range(8, 14)),
        ],
        shifts=[
            shift(start="20:00", end="33:00", day=6, shift_id="N"),
            *(shift(day=d, start="19:00", end="22:00") for d in range(8, 14)),
        ],
        days=14,
    )
    starts = {
        "N": [("N1", clock("22:00", 6)), ("N2", clock("07:00", 7))],
        **{f"W1@{d}-19:00": [(f"V{d}", "19:00")] for d in range(8, 14)},
    }
    assert found(of, roster(of, travel(of), starts)) == []  # Monday 08:00 to Tuesday


@pytest.mark.parametrize("rest_day", range(7))
def test_training_on_the_day_off_takes_it_away(rest_day: int) -> None:
    of, made = _case(7, _days(*(d for d in range(7) if d != rest_day)))
    training = shift(start="10:00", end="16:00", day=rest_day, kind=ShiftKind.TRAINING)
    busy = problem(of.visits, shifts=[*of.shifts, training], horizon=of.horizon)
    # From 16:00 to 08:00; on Sunday the week ends first, so from 20:00 to 10:00.
    longest = 14 if rest_day == 6 else 16
    only(busy, made, Rule.WEEKLY_REST, (24 - longest) * 3600)


def test_overrides() -> None:
    case = _case(7, _days(*range(7)))
    assert helps(*case, rule=Rule.WEEKLY_REST, worker_id="W1")
    assert helps(*case, rule=Rule.WEEKLY_REST, worker_id="W1", day=3)
    assert not helps(*case, rule=Rule.WEEKLY_REST, worker_id="W2")
    two_weeks = _case(14, _days(*range(14)))
    assert not helps(*two_weeks, rule=Rule.WEEKLY_REST, worker_id="W1", day=3)
