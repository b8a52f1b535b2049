"""The pay clock and the working-time clock of a round, by hand.

Clients are 600 m apart on foot at 1 m/s: ten minutes.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers import (
    MONDAY,
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
from roundplan.cost import RoundClock, round_figures, worked_rounds
from roundplan.domain import (
    Break,
    Horizon,
    Mode,
    Place,
    Problem,
    Roster,
    TimeWindow,
    Travel,
    named_policy,
)
from roundplan.errors import DomainError
from roundplan.units import HOUR_S

M = 60
SHIFT = "W1@0-07:00"


def one_clock(of: Problem, by: Travel, made: Roster) -> RoundClock:
    (only,) = worked_rounds(of, by, made)
    return only.clock


def two_visits(second: str, breaks=(), mode=Mode.WALK, **fields) -> RoundClock:
    """Half an hour at C1 from 08:00, half an hour at C2 ten minutes away."""
    p = problem([visit("V1", "C1"), visit("V2", "C2", second)], **fields)
    by = travel(p, mode=mode)
    starts = [("V1", "08:00"), ("V2", second)]
    return one_clock(p, by, roster(p, by, {SHIFT: starts}, {SHIFT: breaks}))


def test_contact_travel_and_the_buffer_as_waiting() -> None:
    """A gap of exactly the leg's need: ten minutes' travel, three of waiting."""
    time = two_visits("08:43")
    assert (time.contact_s, time.travel_s, time.waiting_s) == (60 * M, 10 * M, 3 * M)
    assert time.paid_s == time.work_s == 73 * M
    assert (time.clock_on_s, time.clock_off_s) == (clock("08:00"), clock("09:13"))


def test_a_wait_of_exactly_an_hour_is_paid() -> None:
    time = two_visits("09:40")
    assert (time.waiting_s, time.unpaid_s) == (60 * M, 0)
    assert time.paid_s == 130 * M


def test_a_second_more_makes_the_whole_wait_unpaid() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "09:40")])
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", clock("09:40") + 1)]})
    time = one_clock(p, by, made)
    assert (time.waiting_s, time.unpaid_s) == (0, 3601)
    assert time.paid_s == time.work_s == 70 * M


def test_a_break_is_unpaid_and_shortens_the_wait() -> None:
    """Gap 80: travel 10, break 20, so the wait of 50 is paid again."""
    rest = Break(start_s=clock("08:40"), end_s=clock("09:00"))
    time = two_visits("09:50", breaks=[rest])
    assert (time.break_s, time.waiting_s, time.unpaid_s) == (20 * M, 50 * M, 0)
    assert time.paid_s == 120 * M


def test_a_break_outside_the_gap_does_not_count() -> None:
    early = Break(start_s=clock("08:10"), end_s=clock("08:30"))
    overlapping = Break(start_s=clock("08:29"), end_s=clock("08:49"))
    assert two_visits("09:00", breaks=[early, overlapping]).break_s == 0


def test_visits_too_close_leave_no_negative_wait() -> None:
    time = two_visits("08:35")
    assert (time.waiting_s, time.travel_s, time.paid_s) == (0, 10 * M, 70 * M)


def test_travel_is_rounded_up_to_minutes_leg_by_leg() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "09:00")])
    by = travel(p, metres_per_s=600 / 541)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert one_clock(p, by, made).travel_s == 10 * M
    exact = replace(p, policy=named_policy("charter", travel_rounding_s=1))
    assert one_clock(exact, by, made).travel_s == 541


def test_parking_is_on_the_clock_of_car_legs_that_move() -> None:
    policy = named_policy("charter", parking_s=4 * M)
    drives = {"workers": [worker(modes=(Mode.DRIVE,))], "policy": policy}
    time = two_visits("09:00", mode=Mode.DRIVE, **drives)
    assert (time.parking_s, time.waiting_s) == (4 * M, 16 * M)
    assert time.paid_s == 90 * M
    on_foot = two_visits("09:00", policy=policy)
    assert on_foot.parking_s == 0
    p = problem([visit("V1", "C1"), visit("V2", "C1", "09:00")], **drives)
    by = travel(p, mode=Mode.DRIVE)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert one_clock(p, by, made).parking_s == 0, "the same client"


def from_home(has_fixed_base: bool) -> RoundClock:
    """Home is ten minutes from C1 and twenty from C2."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        workers=[worker(x=-600.0, contract=contract(has_fixed_base=has_fixed_base))],
        shifts=[shift(start_place="W1", end_place="W1")],
    )
    by = travel(p)
    return one_clock(p, by, roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]}))


def test_home_legs_are_working_time_and_not_paid() -> None:
    time = from_home(has_fixed_base=False)
    assert (time.home_leg_s, time.last_leg_s) == (30 * M, 20 * M)
    assert time.paid_s == 90 * M
    assert time.work_s == 120 * M
    assert (time.clock_on_s, time.clock_off_s) == (clock("07:50"), clock("09:50"))


def test_home_legs_are_on_no_clock_with_a_fixed_base() -> None:
    time = from_home(has_fixed_base=True)
    assert time.home_leg_s == 30 * M, "still the worker's own time"
    assert time.paid_s == time.work_s == 90 * M
    assert (time.clock_on_s, time.clock_off_s) == (clock("08:00"), clock("09:30"))


@pytest.mark.parametrize("has_fixed_base", [False, True])
def test_office_legs_are_on_both_clocks(has_fixed_base) -> None:
    p = problem(
        [visit("V1", "C1")],
        workers=[worker(contract=contract(has_fixed_base=has_fixed_base))],
        shifts=[shift(start_place="office", end_place="office")],
        places=(Place(place_id="office", x=300.0, y=0.0),),
    )
    by = travel(p)
    time = one_clock(p, by, roster(p, by, {SHIFT: [("V1", "08:00")]}))
    assert (time.travel_s, time.home_leg_s, time.last_leg_s) == (10 * M, 0, 5 * M)
    assert time.paid_s == time.work_s == 40 * M
    assert (time.clock_on_s, time.clock_off_s) == (clock("07:55"), clock("08:35"))


def test_no_shift_starts_at_another_workers_home() -> None:
    """A home leg is nobody's but the worker's own."""
    with pytest.raises(DomainError, match="another's home"):
        problem(
            [visit("V1", "C1")],
            workers=[worker("W1", x=-600.0), worker("W2", x=-600.0)],
            shifts=[shift("W1", start_place="W2")],
        )


def test_a_visit_over_a_clock_change_keeps_its_length() -> None:
    """25 October 2026 has 25 hours: the second midnight is 90,000 s after the first."""
    horizon = Horizon(
        start_date=MONDAY.replace(month=10, day=25),
        days=2,
        midnights_s=(0, 25 * HOUR_S, 49 * HOUR_S),
    )
    window = TimeWindow(earliest_start_s=0, latest_start_s=HOUR_S)
    night = replace(visit("V1", minutes=180), window=window)
    p = problem([night], days=2, horizon=horizon)
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", 1800)]})
    time = one_clock(p, by, made)
    assert time.paid_s == 3 * HOUR_S
    assert time.clock_off_s == 1800 + 3 * HOUR_S


def test_legs_come_from_the_matrix_not_from_the_roster() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "09:00")])
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    (care_round,) = made.rounds
    first, second = care_round.visits
    forged = replace(second, leg=replace(second.leg, travel_s=60))
    edited = Roster(rounds=(replace(care_round, visits=(first, forged)),))
    assert one_clock(p, by, edited) == one_clock(p, by, made)


def test_what_the_problem_does_not_know_is_left_out() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "09:00")])
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    (care_round,) = made.rounds
    first, second = care_round.visits
    strange = replace(second, visit_id="V9", client_id="C9")
    unknown_visit = replace(care_round, visits=(first, strange))
    unknown_worker = replace(care_round, worker_id="W9")
    unknown_shift = replace(care_round, round_id="R9")
    empty = replace(care_round, visits=(strange,))
    edited = Roster(rounds=(unknown_visit, unknown_worker, empty, unknown_shift))
    one, other = worked_rounds(p, by, edited)
    assert [v.visit_id for v in one.visits] == ["V1"]
    assert other.round_id == "R9"


def test_round_figures_are_what_rounds_csv_says() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        workers=[worker(x=-600.0)],
        shifts=[shift(start_place="W1", end_place="W1")],
    )
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert round_figures(p, by, made) == {
        SHIFT: {
            "first_start": clock("08:00"),
            "last_end": clock("09:30"),
            "paid_s": 90 * M,
            "contact_s": 60 * M,
            "travel_s": 10 * M,
            "wait_s": 20 * M,
            "home_leg_s": 30 * M,
            "last_leg_s": 20 * M,
            "ltn_crossings": 0,
            "co2e_g": 0,
            "expenses": 0,
        }
    }


def test_a_client_at_home_of_nobody_is_reached_in_no_time() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "08:30")],
        clients=[client("C1"), client("C2")],
    )
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "08:30")]})
    time = one_clock(p, by, made)
    assert (time.travel_s, time.waiting_s, time.paid_s) == (0, 0, 60 * M)
