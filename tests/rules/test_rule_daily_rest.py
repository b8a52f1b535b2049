"""Daily rest: eleven hours, as time elapses, between one day's work and the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rule_helpers import found, helps, only

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
from roundplan.domain import (
    Horizon,
    Problem,
    Roster,
    Rule,
    Shift,
    ShiftKind,
    TimeWindow,
    Visit,
)


def _case(second: str, **contract_fields: bool) -> tuple[Problem, Roster]:
    """Work to 22:00 one day and from ``second`` the next; home is ten minutes away."""
    of = problem(
        [
            visit("V1", earliest="21:00", minutes=60),
            visit("V2", earliest="07:00", latest="12:00", day=1),
        ],
        clients=[client(x=600.0)],
        workers=[worker(contract=contract(**contract_fields))],
        shifts=[
            shift(start="20:00", end="22:00", start_place="W1", end_place="W1"),
            shift(start="07:00", end="15:00", day=1, start_place="W1", end_place="W1"),
        ],
        days=2,
    )
    starts = {"W1@0-20:00": [("V1", "21:00")], "W1@1-07:00": [("V2", second)]}
    return of, roster(of, travel(of), starts)


def test_eleven_hours_count_from_door_to_door() -> None:
    assert found(*_case("09:20")) == []
    breach = only(*_case("09:19"), Rule.DAILY_REST, 60)
    assert (breach.worker_id, breach.day) == ("W1", 1)
    assert "10 hours 59 minutes" in breach.message
    assert "1 minute short" in breach.message


def test_home_legs_of_a_worker_with_a_fixed_base_are_rest() -> None:
    assert found(*_case("09:00", has_fixed_base=True)) == []
    only(*_case("08:59", has_fixed_base=True), Rule.DAILY_REST, 60)


def test_a_day_off_between_two_days_is_enough() -> None:
    of = problem(
        [
            visit("V1", earliest="21:00", minutes=60),
            visit("V2", earliest="07:00", day=2),
        ],
        shifts=[shift(start="20:00", end="22:00"), shift(day=2)],
        days=3,
    )
    starts = {"W1@0-20:00": [("V1", "21:00")], "W1@2-07:00": [("V2", "07:00")]}
    assert found(of, roster(of, travel(of), starts)) == []


def test_rest_is_measured_to_the_last_worked_day_however_long_its_night() -> None:
    """A night shift that ends on the next day, and work that evening."""

    def case(second: str) -> tuple[Problem, Roster]:
        of = problem(
            [
                visit("V1", earliest="22:00", latest="22:30", minutes=60),
                visit("V2", earliest="05:00", minutes=60, day=1),
                visit("V3", earliest="16:30", latest="18:00", minutes=60, day=1),
            ],
            shifts=[
                shift(start="22:00", end="30:00"),
                shift(start="16:00", end="23:00", day=1),
            ],
            days=2,
        )
        starts = {
            "W1@0-22:00": [("V1", "22:00"), ("V2", clock("05:00", 1))],
            "W1@1-16:00": [("V3", second)],
        }
        return of, roster(of, travel(of), starts)

    assert found(*case("17:00")) == []
    only(*case("16:59"), Rule.DAILY_REST, 60)


LONDON = ZoneInfo("Europe/London")


def _over_a_clock_change(
    saturday: date, ends: str, starts: str
) -> tuple[Problem, Roster]:
    """Work to ``ends`` on the first day and from ``starts`` on the second."""
    start = datetime(saturday.year, saturday.month, saturday.day, tzinfo=LONDON)

    def at(day: int, text: str) -> int:
        # Adding to a local time moves the clock on the wall; timestamps elapse.
        hours, minutes = (int(part) for part in text.split(":"))
        wall = start + timedelta(days=day, hours=hours, minutes=minutes)
        return int(wall.timestamp() - start.timestamp())

    midnights = tuple(at(day, "00:00") for day in range(3))
    assert midnights[2] != 2 * 86_400, "no clock changes"
    first_end, second_start = at(0, ends), at(1, starts)
    made = []
    for visit_id, day, start in (("V1", 0, first_end - 3600), ("V2", 1, second_start)):
        made.append(
            Visit(
                visit_id=visit_id,
                client_id="C1",
                day=day,
                window=TimeWindow(earliest_start_s=start, latest_start_s=start),
                duration_s=3600,
            )
        )
    shifts = [
        Shift(
            shift_id=f"S{v.day}",
            worker_id="W1",
            day=v.day,
            start_s=v.window.earliest_start_s,
            end_s=v.window.earliest_start_s + 3600,
        )
        for v in made
    ]
    of = problem(
        made,
        shifts=shifts,
        horizon=Horizon(start_date=saturday, days=2, midnights_s=midnights),
    )
    stops = {f"S{v.day}": [(v.visit_id, v.window.earliest_start_s)] for v in made}
    return of, roster(of, travel(of), stops)


OCTOBER, MARCH = date(2026, 10, 24), date(2026, 3, 28)
"""Saturdays: the clocks go back, or forward, in the night that follows."""


@pytest.mark.parametrize(
    ("saturday", "ends", "starts", "short_s"),
    [
        (OCTOBER, "22:00", "08:00", 0),  # ten hours on the wall, eleven in bed
        (OCTOBER, "22:00", "07:59", 60),
        (MARCH, "22:00", "10:00", 0),
        (MARCH, "22:00", "09:00", 3600),  # eleven on the wall, ten in bed
        (OCTOBER, "25:30", "11:30", 0),  # a night shift into the change: 01:30 BST
        (MARCH, "24:30", "12:29", 60),
    ],
)
def test_rest_over_a_clock_change_is_what_elapses(
    saturday: date, ends: str, starts: str, short_s: int
) -> None:
    case = _over_a_clock_change(saturday, ends, starts)
    if short_s:
        only(*case, Rule.DAILY_REST, short_s)
    else:
        assert found(*case) == []


def test_the_last_round_of_a_day_and_the_first_of_the_next_count() -> None:
    def case(last: str, first: str) -> tuple[Problem, Roster]:
        of = problem(
            [
                visit("V1", earliest="07:00", minutes=60),
                visit("V2", earliest="20:00", latest="22:00", minutes=60),
                visit("V3", earliest="07:00", latest="09:00", minutes=60, day=1),
                visit("V4", earliest="20:00", minutes=60, day=1),
            ],
            shifts=[
                shift(start=start, end=end, day=day)
                for day in range(2)
                for start, end in (("07:00", "15:00"), ("19:00", "23:00"))
            ],
            days=2,
        )
        starts = {
            "W1@0-07:00": [("V1", "07:00")],
            "W1@0-19:00": [("V2", last)],
            "W1@1-07:00": [("V3", first)],
            "W1@1-19:00": [("V4", "20:00")],
        }
        return of, roster(of, travel(of), starts)

    assert found(*case("20:00", "08:00")) == []
    only(*case("20:01", "08:00"), Rule.DAILY_REST, 60)
    only(*case("20:00", "07:59"), Rule.DAILY_REST, 60)


def test_training_counts_as_work() -> None:
    of = problem(
        [visit("V1", earliest="08:00", day=1)],
        shifts=[
            shift(start="19:00", end="22:00", kind=ShiftKind.TRAINING),
            shift(day=1),
        ],
        days=2,
    )
    made = roster(of, travel(of), {"W1@1-07:00": [("V1", "08:00")]})
    only(of, made, Rule.DAILY_REST, 3600)


def test_training_alone_is_not_the_rosters_doing() -> None:
    of = problem(
        [visit("V1", day=3)],
        shifts=[
            shift(start="19:00", end="22:00", kind=ShiftKind.TRAINING),
            shift(start="07:00", end="09:00", day=1, kind=ShiftKind.TRAINING),
            shift(day=3),
        ],
        days=4,
    )
    made = roster(of, travel(of), {"W1@3-07:00": [("V1", "08:00")]})
    assert found(of, made) == []


def test_overrides() -> None:
    """Compensatory rest is recorded by an override on the day cut short."""
    case = _case("08:20")
    assert helps(*case, rule=Rule.DAILY_REST, worker_id="W1")
    assert helps(*case, rule=Rule.DAILY_REST, worker_id="W1", day=1)
    assert not helps(*case, rule=Rule.DAILY_REST, worker_id="W1", day=0)
