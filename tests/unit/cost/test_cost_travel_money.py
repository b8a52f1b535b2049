"""Fares, mileage and greenhouse gases: of legs, of rounds, of days, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import clock, problem, roster, shift, travel, visit, worker
from roundplan.cost import cost_of, kpis, leg_figures, rate_warnings, round_figures
from roundplan.cost.emissions import co2e_g, co2e_g_km
from roundplan.cost.fares import day_fare_p
from roundplan.domain import Horizon, Mode, Place, Rate, named_policy
from roundplan.errors import RateError

SHIFT = "W1@0-07:00"
M = 60


def by_bus(start=None, **policy):
    """Three visits 600 m apart, the office 600 m before the first."""
    of = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00"), visit("V3", "C3", "11:00")],
        workers=[worker(x=-600.0, modes=(Mode.TRANSIT,))],
        shifts=[shift(start_place="OFFICE", end_place="W1")],
        places=(Place(place_id="OFFICE", x=-600.0, y=0.0),),
        policy=named_policy("charter", **policy),
    )
    if start is not None:
        of = replace(of, horizon=Horizon(start_date=start, days=of.horizon.days))
    by = travel(of, mode=Mode.TRANSIT)
    starts = [("V1", "08:00"), ("V2", "09:00"), ("V3", "11:00")]
    return of, by, roster(of, by, {SHIFT: starts})


@pytest.mark.parametrize(
    ("boarded", "pence"),
    [
        ([], 0),
        (["08:00"], 175),
        (["08:00", "08:30", "09:00"], 175),  # the hour is included
        (["08:00", "09:01"], 350),
        (["09:01", "08:00", "10:01"], 350),  # the hour begins with the paid ride
        (["06:00", "08:00", "10:00", "12:00"], 525),  # capped
    ],
)
def test_a_day_of_rides_has_hopper_fares_and_a_cap(boarded, pence):
    assert day_fare_p(map(clock, boarded), 175, 60 * M, 525) == pence


@given(rides=st.lists(st.integers(0, 86_400), max_size=12))
def test_a_day_costs_no_more_than_its_rides_and_one_more_ride_never_less(rides):
    fare = day_fare_p(rides, 175, 3600, 525)
    assert fare <= min(525, 175 * len(rides))
    assert day_fare_p(sorted(rides), 175, 3600, 525) == fare
    if rides:
        assert fare >= 175


@pytest.mark.parametrize(
    ("on", "pence"),
    [
        (date(2014, 3, 3), 145),
        (date(2021, 2, 22), 150),
        (date(2021, 3, 1), 155),
        (date(2023, 3, 6), 175),
        (date(2026, 6, 1), 175),
    ],
)
def test_a_leg_by_bus_costs_the_single_fare_of_the_day(on, pence):
    of, by, made = by_bus(on)
    cost = cost_of(of, by, made)
    assert cost.pence()["fares"] == 3 * pence  # the way home is the worker's own
    of, by, made = by_bus(on, fares=False)
    assert cost_of(of, by, made).fares == 0


def test_fares_in_a_day_before_the_table_need_a_rate_of_ones_own():
    of, by, made = by_bus(date(2009, 6, 1))
    with pytest.raises(RateError, match="bus_single_fare"):
        cost_of(of, by, made)


def test_a_plan_past_the_verified_fare_says_so_where_somebody_rides():
    of, by, _ = by_bus(date(2026, 10, 5))
    assert any("bus_single_fare" in said for said in rate_warnings(of, by))
    walking = travel(of, mode=Mode.WALK)
    assert not any("bus" in said for said in rate_warnings(of, walking))
    of, by, _ = by_bus(date(2026, 10, 5), fares=False)
    assert not any("bus" in said for said in rate_warnings(of, by))


def test_figures_of_legs_add_up_to_those_of_the_round_and_of_the_roster():
    of, by, made = by_bus()
    legs = leg_figures(of, by, made)
    assert legs == {
        (SHIFT, v): {"ltn_crossings": 0, "co2e_g": 38, "expenses": 175 * 3600}
        for v in ("V1", "V2", "V3")
    }
    figures = round_figures(of, by, made)[SHIFT]
    assert figures["expenses"] == sum(leg["expenses"] for leg in legs.values())
    assert figures["co2e_g"] == 3 * 38
    found = kpis(of, by, made)
    cost = cost_of(of, by, made)
    assert found["fares_p"] == 525 == cost.pence()["fares"]
    assert found["mileage_p"] == 0
    assert found["co2e_kg"] == 0.114
    # boarded before 8:00 with the leg's ten minutes, then 8:30 and 9:30
    assert found["fares_capped_p"] == 2 * 175


def test_a_week_of_rides_has_a_cap_from_monday_to_sunday():
    """Three singles a day: 5.25, and 24.70 from Monday to Friday, not 26.25."""

    def fares(days: int, start=date(2026, 6, 1)):
        hours = (7, 9, 11, 13)
        of = problem(
            [
                visit(f"V{day}{hour}", f"C{hour}", f"{hour:02}:00", day=day)
                for day in range(days)
                for hour in hours
            ],
            workers=[worker(modes=(Mode.TRANSIT,))],
            days=days,
            horizon=Horizon(start_date=start, days=days),
        )
        by = travel(of, mode=Mode.TRANSIT)
        rounds = {
            f"W1@{day}-07:00": [
                (f"V{day}{hour}", clock(f"{hour:02}:00", day)) for hour in hours
            ]
            for day in range(days)
        }
        return kpis(of, by, roster(of, by, rounds))["fares_capped_p"]

    assert fares(1) == 525
    assert fares(4) == 2100
    assert fares(5) == 2470
    assert fares(5, date(2026, 6, 4)) == 2625, "Thursday to Sunday, and Monday"


def test_before_there_were_hopper_fares_none_are_made_up():
    assert kpis(*by_bus(date(2015, 6, 1)))["fares_capped_p"] is None


def test_a_drivers_legs_have_mileage_crossings_and_gases():
    of = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        workers=[worker(x=-600.0, modes=(Mode.DRIVE,))],
        shifts=[shift(start_place="W1")],
    )
    crossed = {("C1", "C2"): 2, ("W1", "C1"): 1}
    by = travel(of, mode=Mode.DRIVE, crossings=crossed)
    made = roster(of, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    legs = leg_figures(of, by, made)
    assert legs[SHIFT, "V1"] == {"ltn_crossings": 1, "co2e_g": 100, "expenses": 0}
    second = legs[SHIFT, "V2"]
    assert (second["ltn_crossings"], second["co2e_g"]) == (2, 100)
    cost = cost_of(of, by, made)
    assert second["expenses"] == cost.mileage
    figures = round_figures(of, by, made)[SHIFT]
    assert figures["ltn_crossings"] == 2
    assert kpis(of, by, made)["ltn_crossings"] == 2


def test_the_factor_is_the_tables_unless_policy_or_user_have_their_own():
    of, _, _ = by_bus()
    assert [co2e_g_km(of, m) for m in (Mode.WALK, Mode.CYCLE)] == [0, 0]
    assert co2e_g_km(of, Mode.DRIVE) == 166
    own = replace(of, policy=replace(of.policy, co2e_g_km_drive=90))
    assert co2e_g_km(own, Mode.DRIVE) == 90
    day = date(2026, 1, 1)
    mine = Rate(
        rate="co2e_bus",
        region="London",
        value="15",
        unit="gCO2e/km",
        announced=None,
        effective_from=day,
        effective_to=None,
        verified_to=day,
        source="electric buses",
        confidence="ours",
    )
    assert co2e_g(replace(of, rates=(mine,)), Mode.TRANSIT, 2_000) == 30


def test_a_price_on_carbon_takes_the_factor_of_the_table():
    of = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        workers=[worker(modes=(Mode.DRIVE,))],
        policy=named_policy("charter", carbon_p_tonne=26_400),
    )
    by = travel(of, mode=Mode.DRIVE)
    made = roster(of, by, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert cost_of(of, by, made).co2e == 600 * 166 * 26_400 * 3600 // 10**9
    assert not any("co2e_car" in said for said in rate_warnings(of, by))
    later = replace(of, horizon=Horizon(start_date=date(2027, 1, 4), days=1))
    assert any("co2e_car" in said for said in rate_warnings(later, by))
