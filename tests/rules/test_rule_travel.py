"""Travel: every leg has time for its travel and the buffer, as recorded and as is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rule_helpers import change_round, change_stop, found, helps, only

from helpers import clock, problem, roster, shift, travel, visit, worker
from roundplan.domain import (
    CHARTER,
    UNREACHABLE,
    Break,
    Leg,
    Mode,
    Problem,
    Roster,
    Rule,
    Travel,
    named_policy,
)

# Clients C1 and C2 are ten minutes apart: thirteen with the buffer.
VISITS = [
    visit("V1", "C1", latest="12:00"),
    visit("V2", "C2", latest="12:00"),
]


def _case(second_start: str, **fields: Any) -> tuple[Problem, Roster]:
    of = problem(VISITS, **fields)
    stops = [("V1", "08:00"), ("V2", second_start)]
    return of, roster(of, travel(of), {"W1@0-07:00": stops})


def _unreachable(by: Travel, origin: str, destination: str) -> Travel:
    """The same travel without one way."""
    ((name, matrix),) = by.matrices.items()
    i, j = matrix.index(origin), matrix.index(destination)
    times = matrix.times_s.copy()
    times[i, j] = UNREACHABLE
    return Travel(matrices={name: replace(matrix, times_s=times)})


def test_a_gap_of_travel_and_buffer_is_enough() -> None:
    assert found(*_case("08:43")) == []


def test_a_minute_less_is_a_minute_short() -> None:
    breach = only(*_case("08:42"), Rule.TRAVEL, 60)
    assert (breach.visit_id, breach.worker_id, breach.day) == ("V2", "W1", 0)
    assert breach.message == (
        "Worker W1 has 12 minutes between visits V1 and V2, 1 minute too little."
    )


def test_without_a_buffer_the_travel_is_enough() -> None:
    plain = named_policy("plain")
    assert found(*_case("08:40", policy=plain)) == []
    only(*_case("08:39", policy=plain), Rule.TRAVEL, 60)


def test_travel_is_rounded_up_to_whole_minutes() -> None:
    of = problem(VISITS)
    by = travel(of, metres_per_s=600 / 541)  # nine minutes and one second
    made = roster(of, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", "08:42")]})
    only(of, made, Rule.TRAVEL, 60, by=by)
    exact = problem(VISITS, policy=named_policy("benchmark"))
    made = roster(
        exact, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", clock("08:39") + 1)]}
    )
    assert found(exact, made, by) == []


def test_two_visits_at_one_client_need_no_gap() -> None:
    of = problem([visit("V1", latest="12:00"), visit("V2", latest="12:00")])
    by = travel(of)
    kept = roster(of, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", "08:30")]})
    assert found(of, kept) == []
    overlapping = roster(of, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", "08:29")]})
    only(of, overlapping, Rule.TRAVEL, 60)


def test_a_visit_inside_another_overlaps_what_follows_too() -> None:
    of = problem(
        [
            visit("V1", minutes=120),
            visit("V2", earliest="08:30"),
            visit("V3", earliest="09:30"),
        ]
    )
    stops = [("V1", "08:00"), ("V2", "08:30"), ("V3", "09:30")]
    made = roster(of, travel(of), {"W1@0-07:00": stops})
    assert found(of, made) == [(Rule.TRAVEL, 5400, "s"), (Rule.TRAVEL, 1800, "s")]


def test_a_car_needs_time_to_park() -> None:
    of = problem(
        VISITS,
        workers=[worker(modes=(Mode.DRIVE,))],
        policy=replace(CHARTER, parking_s=300),
    )
    by = travel(of, mode=Mode.DRIVE)
    kept = roster(of, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", "08:48")]})
    assert found(of, kept, by) == []
    early = roster(of, by, {"W1@0-07:00": [("V1", "08:00"), ("V2", "08:47")]})
    only(of, early, Rule.TRAVEL, 60, by=by)


def test_a_break_needs_its_time_beside_the_leg() -> None:
    of = problem(VISITS)
    rest = {"W1@0-07:00": [Break(start_s=clock("08:30"), end_s=clock("08:50"))]}
    kept = [("V1", "08:00"), ("V2", "09:03")]
    assert found(of, roster(of, travel(of), {"W1@0-07:00": kept}, rest)) == []
    early = [("V1", "08:00"), ("V2", "09:02")]
    # The break rule says the same of the break: it would be spent on the way.
    assert found(of, roster(of, travel(of), {"W1@0-07:00": early}, rest)) == [
        (Rule.TRAVEL, 60, "s"),
        (Rule.BREAK, 60, "s"),
    ]


def test_breaks_that_overlap_take_their_time_once() -> None:
    of = problem(VISITS)
    rests = [
        Break(start_s=clock("08:30"), end_s=clock("08:50")),
        Break(start_s=clock("08:40"), end_s=clock("09:00")),
    ]
    stops = {"W1@0-07:00": [("V1", "08:00"), ("V2", "09:13")]}
    assert found(of, roster(of, travel(of), stops, {"W1@0-07:00": rests})) == []
    stops = {"W1@0-07:00": [("V1", "08:00"), ("V2", "09:12")]}
    made = roster(of, travel(of), stops, {"W1@0-07:00": rests[::-1]})
    assert (Rule.TRAVEL, 60, "s") in found(of, made)


def test_a_leg_recorded_shorter_than_it_is_fails() -> None:
    of, made = _case("09:00")
    leg = made.rounds[0].visits[1].leg
    assert leg is not None
    shorter = change_stop(made, "V2", leg=replace(leg, travel_s=leg.travel_s - 60))
    only(of, shorter, Rule.TRAVEL, 60)
    longer = change_stop(made, "V2", leg=replace(leg, travel_s=leg.travel_s + 60))
    assert found(of, longer) == []


@pytest.mark.parametrize(
    "leg",
    [
        None,
        Leg(from_place="C2", to_place="C1", mode=Mode.WALK, travel_s=900, travel_m=0),
        Leg(from_place="C1", to_place="W1", mode=Mode.WALK, travel_s=900, travel_m=0),
        Leg(from_place="C1", to_place="C2", mode=Mode.DRIVE, travel_s=900, travel_m=0),
    ],
)
def test_a_leg_recorded_between_other_places_or_by_another_mode_fails(
    leg: Leg | None,
) -> None:
    of, made = _case("09:00")
    only(of, change_stop(made, "V2", leg=leg), Rule.TRAVEL, 1, "count")


def test_a_first_or_last_leg_needs_a_place_to_start_or_end() -> None:
    of, made = _case("09:00")
    leg = Leg(from_place="W1", to_place="C1", mode=Mode.WALK, travel_s=0, travel_m=0)
    only(of, change_stop(made, "V1", leg=leg), Rule.TRAVEL, 1, "count")
    only(of, change_round(made, "W1@0-07:00", last_leg=leg), Rule.TRAVEL, 1, "count")


def test_a_first_or_last_leg_must_be_recorded_where_there_is_one() -> None:
    from_home = shift(start_place="W1", end_place="W1")
    of, made = _case("09:00", shifts=[from_home])
    assert found(of, made) == []
    only(of, change_stop(made, "V1", leg=None), Rule.TRAVEL, 1, "count")
    only(of, change_round(made, "W1@0-07:00", last_leg=None), Rule.TRAVEL, 1, "count")


def test_a_leg_without_a_way_fails() -> None:
    of, made = _case("09:00")
    by = _unreachable(travel(of), "C1", "C2")
    only(of, made, Rule.TRAVEL, 1, "count", by=by)


def test_the_profile_is_the_one_the_plan_uses() -> None:
    of, made = _case("09:00")
    other = change_round(made, "W1@0-07:00", profile="drive")
    breach = only(of, other, Rule.TRAVEL, 1, "count")
    assert "by walk, not drive" in breach.message


def test_a_worker_without_travel_times_cannot_go_round() -> None:
    of, made = _case("09:00")
    cyclist = replace(of, workers=(worker(modes=(Mode.CYCLE,)),))
    only(cyclist, made, Rule.TRAVEL, 1, "count")


def _two_rounds(second_start: str, **ends: Any) -> tuple[Problem, Roster]:
    """Two rounds on one day, the first at C1, the second at C2; home is at C2."""
    of = problem(
        VISITS,
        workers=[worker(x=600.0)],
        shifts=[
            shift(start="07:00", end="08:30", **ends),
            shift(start="08:30", end="12:00", **ends),
        ],
    )
    made = roster(
        of,
        travel(of),
        {"W1@0-07:00": [("V1", "08:00")], "W1@0-08:30": [("V2", second_start)]},
    )
    return of, made


def test_between_two_rounds_there_must_be_time_for_the_way() -> None:
    assert found(*_two_rounds("08:43")) == []
    breach = only(*_two_rounds("08:42"), Rule.TRAVEL, 60)
    assert "W1@0-07:00" in breach.message


def test_between_two_rounds_the_way_may_go_through_home() -> None:
    # Home is where C2 is: thirteen minutes there, none from there to C2.
    home = {"start_place": "W1", "end_place": "W1"}
    assert found(*_two_rounds("08:43", **home)) == []
    only(*_two_rounds("08:42", **home), Rule.TRAVEL, 60)


def test_between_two_rounds_first_and_last_legs_add_up() -> None:
    of = problem(
        [visit("V1", "C1", latest="12:00"), visit("V2", "C1", latest="12:00")],
        workers=[worker(x=-600.0)],
        shifts=[
            shift(end="08:30", end_place="W1"),
            shift(start="08:30", end="12:00", start_place="W1"),
        ],
    )
    by = travel(of)
    starts = {"W1@0-07:00": [("V1", "08:00")], "W1@0-08:30": [("V2", "08:56")]}
    assert found(of, roster(of, by, starts)) == []
    starts["W1@0-08:30"] = [("V2", "08:55")]
    only(of, roster(of, by, starts), Rule.TRAVEL, 60)


def test_two_rounds_without_a_way_between_them_fail() -> None:
    of, made = _two_rounds("09:00")
    by = _unreachable(travel(of), "C1", "C2")
    only(of, made, Rule.TRAVEL, 1, "count", by=by)


def test_rounds_of_two_days_must_not_overlap() -> None:
    of = problem(
        [
            visit("V1", earliest="22:00", minutes=300),
            visit("V2", "C1", earliest="00:30", latest="04:00", day=1),
        ],
        days=2,
        shifts=[
            shift(start="20:00", end="23:00"),
            shift(day=1, start="03:00", end="09:00"),
        ],
        policy=named_policy("benchmark"),
    )
    made = roster(
        of,
        travel(of),
        {"W1@0-20:00": [("V1", "22:00")], "W1@1-03:00": [("V2", "03:00")]},
    )
    # The first visit ends at 03:00, four hours after its shift.
    only(of, made, Rule.AVAILABILITY, 4 * 3600)
    made = change_stop(made, "V2", start_s=clock("02:50", 1), end_s=clock("03:20", 1))
    assert (Rule.TRAVEL, 600, "s") in found(of, made)


def test_a_round_that_outlasts_the_next_overlaps_the_one_after_too() -> None:
    of = problem(
        [visit("V1", minutes=180), visit("V2", minutes=30), visit("V3", minutes=30)],
        shifts=[
            shift(end="08:30"),
            shift(start="08:30", end="09:30"),
            shift(start="09:30", end="12:00"),
        ],
    )
    made = roster(
        of,
        travel(of),
        {
            "W1@0-07:00": [("V1", "08:00")],
            "W1@0-08:30": [("V2", "08:30")],
            "W1@0-09:30": [("V3", "10:00")],
        },
    )
    short = [amount for rule, amount, _ in found(of, made) if rule is Rule.TRAVEL]
    assert short == [9000, 3600]


def test_overrides() -> None:
    case = _case("08:35")
    assert helps(*case, rule=Rule.TRAVEL, visit_id="V2")
    assert not helps(*case, rule=Rule.TRAVEL, visit_id="V1")
    assert helps(*case, rule=Rule.TRAVEL, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.TRAVEL, worker_id="W1", day=1)
