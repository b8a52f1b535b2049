"""Legs by the period of their departure: against moments tried one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solve_rough_travel import HOT, rough_travel, walk_through

import helpers as h
import proving as p
import searching as s
from grid_rosters import tiny_problem
from problems import random_policy, random_problem
from roundplan.arrays import compile_arrays
from roundplan.check import broken, check
from roundplan.cost import cost_of, round_figures
from roundplan.domain import UNREACHABLE, Horizon, Mode, Period, Problem, Travel
from roundplan.domain.timed import Point, TimedLegs, point_of, stretches
from roundplan.errors import TravelError
from roundplan.formats import load_problem, load_roster, save_problem, save_roster

PERIODS = (
    "07:00-09:00",
    "08:00-08:20",
    "Mo-We 08:40-10:00",
    "12:00-24:00",
    "Tu 00:00-24:00",
    "Sa-Su 09:00-09:30",
)
DAY = 86_400


def timed(
    problem: Problem, seed: int, modes: tuple[Mode, ...] = (Mode.WALK,)
) -> Travel:
    """Rough times for the rest of the week, and others for some periods."""
    rng = np.random.default_rng(seed)
    names = rng.choice(PERIODS, size=rng.integers(1, 4), replace=False)
    periods: dict[str, tuple] = {}
    for k, name in enumerate(names):
        other = rough_travel(problem, seed + 7 * k + 1, modes).matrices
        for mode in modes:
            matrix = replace(other[mode.value], period=str(name))
            periods[mode.value] = (*periods.get(mode.value, ()), matrix)
    return replace(rough_travel(problem, seed, modes), periods=periods)


def holding(horizon: Horizon, travel: Travel, moment: int):
    """The matrix of a moment, from the definition; clocks do not change here."""
    day, second = divmod(moment, DAY)
    weekday = horizon.date_of(day).weekday()
    held = []
    for matrix in travel.periods.get("walk", ()):
        when = Period.parse(matrix.period)
        if when.holds(weekday, second):
            held.append((len(when.days) * (when.end_s - when.start_s), matrix))
    return min(held, key=lambda x: x[0])[1] if held else travel.matrices["walk"]


def arrival(
    horizon: Horizon, travel: Travel, a: str, b: str, moment: int
) -> int | None:
    """The earliest arrival of those who leave at a moment or wait, minute by minute."""
    best = None
    for wait in range(0, DAY + 1, 60):
        matrix = holding(horizon, travel, moment + wait)
        took = int(matrix.times_s[matrix.index(a), matrix.index(b)])
        if took == UNREACHABLE:
            rest = travel.matrices["walk"]
            took = int(rest.times_s[rest.index(a), rest.index(b)])
        if took != UNREACHABLE:
            there = moment + wait + took
            best = there if best is None else min(best, there)
    return best


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**5))
def test_a_leg_is_the_longest_of_its_departures(seed: int) -> None:
    """Of all minutes in which a visit may end, the worker waiting where that pays."""
    problem = tiny_problem(seed)
    travel = timed(problem, seed)
    rng = np.random.default_rng(seed)
    legs = TimedLegs(problem.horizon, travel, "walk")
    a, b = "C0", "C1"
    low = 60 * int(rng.integers(6 * 60, 13 * 60))
    high = low + 60 * int(rng.integers(0, 90))
    lasts = 60 * int(rng.integers(5, 60))
    found = legs.leg(Point(a, low, high, lasts), Point(b, low, high, lasts))
    longest: int | None = 0
    for leaves in range(low + lasts, high + lasts + 1, 60):
        there = arrival(problem.horizon, travel, a, b, leaves)
        if there is None or longest is None:
            longest = None
        else:
            longest = max(longest, there - leaves)
    assert (None if found is None else found.seconds) == longest


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**5))
def test_the_table_has_the_legs_one_by_one(seed: int) -> None:
    """Between visits, homes and offices; points of one pattern have the same legs."""
    problem = random_problem(seed, policy=random_policy(seed))
    travel = timed(problem, seed)
    legs = TimedLegs(problem.horizon, travel, "walk")
    points = [point_of(problem.policy, v) for v in problem.visits]
    points += [Point(place.place_id) for place in problem.all_places()]
    table = legs.table(points)
    alike: dict[object, tuple[list[int], list[int]]] = {}
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            leg = legs.leg(a, b)
            assert table.times_s[i, j] == (UNREACHABLE if leg is None else leg.seconds)
            if leg is not None:
                assert table.metres[i, j] == leg.metres
                assert table.ltn_crossings[i, j] == leg.ltn_crossings
        same = (table.times_s[i].tolist(), table.times_s[:, i].tolist())
        assert alike.setdefault((a.place_id, legs.pattern(a)), same) == same


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_rules_and_cost_hold_where_legs_have_periods(seed: int) -> None:
    """Search, checker and cost have the same legs, by one vehicle or one of two."""
    modes = (Mode.WALK, Mode.CYCLE)[: 1 + seed % 2]
    problem = random_problem(seed, policy=random_policy(seed))
    problem = replace(
        problem, workers=tuple(replace(w, modes=modes) for w in problem.workers)
    )
    walk_through(problem, timed(problem, seed, modes), HOT, seed)


@pytest.mark.parametrize("seed", range(8))
def test_an_optimum_with_periods_is_sound(seed: int) -> None:
    """Proved; the checker and the cost agree; no search beats it."""
    problem = tiny_problem(seed)
    travel = timed(problem, seed)
    best = p.optimum(problem, travel)
    assert p.searched(compile_arrays(problem, travel), seed).amount >= best.amount


def test_leaving_later_never_arrives_earlier() -> None:
    """A jam from seven to nine: at ten to nine it pays to wait."""
    problem = h.problem([h.visit("V1"), h.visit("V2", "C2")])
    plain = h.travel(problem)
    jam = replace(
        plain.matrices["walk"],
        period="07:00-09:00",
        times_s=4 * plain.matrices["walk"].times_s,
    )
    travel = replace(plain, periods={"walk": (jam,)})
    legs = TimedLegs(problem.horizon, travel, "walk")

    def seconds(clock: str, until: str | None = None) -> int:
        low, high = h.clock(clock), h.clock(until or clock)
        leg = legs.leg(Point("C1", low, high), Point("C2", low, high))
        assert leg is not None
        return leg.seconds

    assert seconds("06:50") == 600
    assert seconds("07:00") == 2400
    assert seconds("08:30") == 2400
    assert seconds("08:50") == 1200  # ten minutes of waiting, ten of walking
    assert seconds("09:00") == 600
    assert seconds("06:50", "07:10") == 2400
    # to a first visit: what arrives by then
    home = legs.leg(Point("C1"), Point("C2", h.clock("06:30"), h.clock("06:40")))
    assert home is not None
    assert home.seconds == 600
    # between two shifts nobody says when: the slowest
    bare = legs.leg(Point("C1"), Point("C2"))
    assert bare is not None
    assert bare.seconds == 2400


def test_the_shortest_period_goes_first_and_gaps_have_the_rest() -> None:
    """Two periods over each other and one of a weekday, in any order."""
    names = ["07:00-12:00", "08:00-09:00", "Tu 07:00-12:00"]
    horizon = Horizon(start_date=date(2026, 1, 5), days=2)  # a Monday
    found = [
        (s.start_s // 3600, s.matrix)
        for s in stretches(horizon, [Period.parse(name) for name in names])
        if 0 < s.start_s < 2 * DAY
    ]
    assert found == [(7, 1), (8, 2), (9, 1), (12, 0), (31, 3), (36, 0)]


def test_clocks_that_change_keep_the_time_on_the_wall() -> None:
    """On the last Sunday of March seven o'clock comes six hours after midnight."""
    horizon = Horizon(
        start_date=date(2026, 3, 28),
        days=3,
        midnights_s=(0, DAY, 2 * DAY - 3600, 3 * DAY - 3600),
    )
    spans = stretches(horizon, [Period.parse("07:00-09:00")])
    starts = [s.start_s for s in spans if s.matrix == 1 and 0 <= s.start_s < 3 * DAY]
    assert starts == [7 * 3600, DAY + 6 * 3600, 2 * DAY + 6 * 3600]


def test_periods_that_mean_nothing_are_refused() -> None:
    """And those of a profile without times for the rest of the week."""
    problem = h.problem([h.visit()])
    walk = h.travel(problem).matrices["walk"]
    with pytest.raises(TravelError, match="no period"):
        Travel(matrices={"walk": walk}, periods={"walk": (replace(walk, period="am"),)})
    with pytest.raises(TravelError, match="between"):
        Travel(
            matrices={},
            periods={"walk": (replace(walk, period="07:00-09:00"),)},
        )


def test_a_roster_folder_keeps_periods(tmp_path: Path) -> None:
    """Legs, metres and costs read back as they were planned, in the jam and after."""
    problem = h.problem(
        [
            h.visit("A", "C1", "08:00", "08:00"),
            h.visit("B", "C2", "09:30", "09:30"),
            h.visit("C", "C1", "12:00", "12:00"),
        ],
        shifts=[h.shift(start_place="W1", end_place="W1")],
    )
    plain = h.travel(problem)
    walk = plain.matrices["walk"]
    jam = replace(
        walk, period="07:00-10:00", times_s=2 * walk.times_s, metres=3 * walk.metres
    )
    by = replace(plain, periods={"walk": (jam,)})
    save_problem(problem, tmp_path / "problem", travel=by)
    folder = load_problem(tmp_path / "problem")
    assert folder.travel is not None
    result = s.planned(folder.problem, folder.travel)
    s.assert_sound(folder.problem, folder.travel, result)
    (care_round,) = result.roster.rounds
    legs = [v.leg.travel_s for v in care_round.visits if v.leg]
    assert legs == [0, 1200, 600]
    save_roster(
        tmp_path / "out",
        problem_folder=folder,
        travel=folder.travel,
        roster=result.roster,
        cost=result.cost.to_dict(),
        kpis={},
        round_figures=round_figures(folder.problem, folder.travel, result.roster),
    )
    loaded = load_roster(tmp_path / "out")
    assert loaded.roster.rounds == result.roster.rounds
    assert loaded.travel.periods == folder.travel.periods
    cost = cost_of(folder.problem, loaded.travel, loaded.roster)
    assert cost.total == result.cost.total
    assert broken(check(folder.problem, loaded.travel, loaded.roster)) == []


def test_a_plan_without_periods_has_a_row_for_each_place() -> None:
    """However many visits there are; with a period a row for each time of departure."""
    problem = h.problem(
        [h.visit(f"V{k}", "C1", f"{k:02}:00", f"{k:02}:15") for k in range(7, 19)]
        + [h.visit("X", "C2")]
    )
    plain = h.travel(problem)
    assert compile_arrays(problem, plain).arrays.leg_s.shape == (1, 2, 2)
    walk = plain.matrices["walk"]
    jam = replace(walk, period="07:00-10:00", times_s=2 * walk.times_s)
    by = replace(plain, periods={"walk": (jam,)})
    assert compile_arrays(problem, by).arrays.leg_s.shape == (1, 3, 3)
