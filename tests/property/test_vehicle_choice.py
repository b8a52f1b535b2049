"""Each round has the vehicle among its worker's that makes the roster cheapest.

The oracle is brute force: every choice of one vehicle for every worker, each proved by
the model of a problem in which nobody has a choice.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solve_rough_travel import rough_travel

import helpers as h
import proving as p
import searching as s
from grid_rosters import tiny_problem
from roundplan.arrays import compile_arrays
from roundplan.check import broken, check
from roundplan.cost import cost_of, round_figures
from roundplan.domain import Mode, Problem, Travel
from roundplan.formats import load_problem, load_roster, save_problem, save_roster
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.lower import lower_bound
from roundplan.solve.columns.pool import dependences
from roundplan.solve.engine import GENERAL, engine_for
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.params import SearchParams
from roundplan.solve.previous import match_previous, past_roster

SEEDS = range(12)
CHOICE = (Mode.WALK, Mode.CYCLE, Mode.DRIVE)


def priced(seed: int, days: int | None = None) -> Problem:
    """A tiny problem in which vehicles differ in time and in every price of a leg."""
    problem = tiny_problem(seed)
    while days is not None and problem.horizon.days != days:
        seed += 1000
        problem = tiny_problem(seed)
    policy = replace(
        problem.policy,
        parking_s=300,
        ltn_crossing_p=200,
        mileage=True,
        co2e_g_km_drive=170,
        carbon_p_tonne=30_000,
        home_leg_p_min=5,
    )
    return replace(problem, policy=policy)


def riding(problem: Problem, choice: tuple[tuple[Mode, ...], ...]) -> Problem:
    """The problem with the modes of each worker."""
    return replace(
        problem,
        workers=tuple(
            replace(w, modes=modes)
            for w, modes in zip(problem.workers, choice, strict=True)
        ),
    )


def drawn(seed: int) -> tuple[Problem, Travel, tuple[Mode, ...]]:
    """A day in which all workers have the same choice, of two vehicles or of three."""
    problem = priced(seed, days=1)
    modes = CHOICE[: 2 + seed % 2]
    by = rough_travel(problem, seed, modes)
    return riding(problem, (modes,) * len(problem.workers)), by, modes


@cache
def solved(seed: int) -> int:
    """What the best roster of a drawn day costs."""
    problem, by, _ = drawn(seed)
    return p.optimum(problem, by).amount


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_choice_is_found_among_all(seed: int) -> None:
    """One day, one shift a worker: a vehicle for each worker, by brute force."""
    problem, by, modes = drawn(seed)
    assert solved(seed) == min(
        p.optimum(riding(problem, tuple((m,) for m in one)), by).amount
        for one in product(modes, repeat=len(problem.workers))
    )


def test_the_search_finds_most_of_the_best_choices() -> None:
    """It never beats them, and its rosters are sound and cost what it says."""
    found = 0
    for seed in SEEDS:
        problem, by, _ = drawn(seed)
        compiled = compile_arrays(problem, by)
        state = p.searched(compiled, seed)
        assert state.amount >= solved(seed)
        found += state.amount == solved(seed)
        roster = p.roster_of(compiled, state)
        assert broken(check(problem, by, roster)) == []
        assert cost_of(problem, by, roster).total == state.amount
    assert found >= len(SEEDS) - 1


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**4))
def test_another_vehicle_never_makes_the_best_roster_dearer(seed: int) -> None:
    """Proved, on travel that nothing orders; and no bound is above the optimum."""
    problem = priced(seed)
    by = rough_travel(problem, seed, CHOICE)
    nested = [CHOICE[:n] for n in (1, 2, 3)]
    bests = []
    for modes in nested:
        mine = riding(problem, (modes,) * len(problem.workers))
        best = p.optimum(mine, by)
        bests.append(best.amount)
        compiled = compile_arrays(mine, by)
        bound = lower_bound(
            compiled, best.state.spot, best.amount, Budget(labels=20_000)
        )
        assert bound is not None
        assert bound.amount <= best.amount
    assert all(more <= fewer for fewer, more in pairwise(bests))


def two_days(problem: Problem | None = None) -> tuple[Problem, Travel]:
    """One day's clients lie round the corner, the other's far apart."""
    far = [h.client("C1"), h.client("C2", x=300.0), h.client("C3", x=9000.0)]
    problem = h.problem(
        [
            h.visit("A", "C1", "08:00", "08:00"),
            h.visit("B", "C2", "08:45", "08:45"),
            h.visit("C", "C1", "08:00", "08:00", day=1),
            h.visit("D", "C3", "09:00", "09:00", day=1),
        ],
        [h.worker(modes=(Mode.WALK, Mode.DRIVE))],
        clients=far,
        days=2,
        policy=replace(h.CHARTER, parking_s=300),
    )
    by = Travel(
        matrices={
            **h.travel(problem).matrices,
            **h.travel(problem, 8.0, Mode.DRIVE).matrices,
        }
    )
    return problem, by


def test_each_round_has_its_own_vehicle() -> None:
    """On foot where parking takes longer than the walk, by car across the borough."""
    problem, by = two_days()
    result = s.planned(problem, by, iterations=3000)
    s.assert_sound(problem, by, result)
    assert s.left_out(result.roster) == {}
    assert [r.profile for r in result.roster.rounds] == ["walk", "drive"]
    legs = [v.leg.mode for r in result.roster.rounds for v in r.visits[1:] if v.leg]
    assert legs == [Mode.WALK, Mode.DRIVE]


def test_a_shift_has_one_round_whatever_vehicles_there_are() -> None:
    """A car cannot be left half-way, though its legs and walks together were best."""
    problem = h.problem(
        [
            h.visit("A", "C1", "08:00", "08:00"),
            h.visit("B", "C2", "08:45", "08:45"),
            h.visit("C", "C3", "10:00", "10:00"),
        ],
        [h.worker(modes=(Mode.WALK, Mode.DRIVE))],
        clients=[h.client("C1"), h.client("C2", x=300.0), h.client("C3", x=9000.0)],
        policy=replace(h.CHARTER, parking_s=300),
    )
    by = Travel(
        matrices={
            **h.travel(problem).matrices,
            **h.travel(problem, 8.0, Mode.DRIVE).matrices,
        }
    )
    best = p.optimum(problem, by)
    assert [r.profile for r in best.roster.rounds] == ["drive"]
    assert len(best.roster.rounds[0].visits) == 3


def test_a_choice_of_vehicles_is_for_the_general_search_alone() -> None:
    """The pool of rounds and the search for lateness alone know one span a shift."""
    problem, by = two_days()
    compiled = compile_arrays(problem, by)
    assert engine_for(compiled) is GENERAL
    assert "the one vehicle of each round" in dependences(compiled)
    only = riding(problem, ((Mode.DRIVE,),))
    assert "the one vehicle of each round" not in dependences(compile_arrays(only, by))


def test_nothing_is_added_where_nobody_has_a_choice() -> None:
    """Arrays as if the worker had the one vehicle for which there is travel."""
    problem, _ = two_days()
    by = h.travel(problem)
    mine = compile_arrays(problem, by)
    only = compile_arrays(riding(problem, ((Mode.WALK,),)), by)
    for name, array in mine.arrays._asdict().items():
        assert np.array_equal(array, getattr(only.arrays, name)), name


def test_walk_and_transit_are_one_vehicle() -> None:
    """On foot: transit where there are times for it, in the place of walking."""
    problem, _ = two_days()
    by = Travel(
        matrices={
            m.value: h.travel(problem, mode=m).matrices[m.value]
            for m in (Mode.WALK, Mode.TRANSIT, Mode.DRIVE)
        }
    )
    someone = h.worker(modes=(Mode.DRIVE, Mode.WALK, Mode.TRANSIT))
    assert by.profiles_of(someone) == ("drive", "transit")
    assert by.profile_of(someone) == "drive"
    assert h.travel(problem).profiles_of(someone) == ("walk",)
    assert by.profile_of_round(someone, "transit") == "transit"
    assert by.profile_of_round(someone, "cycle") == "drive"
    assert by.profiles_of(h.worker(modes=(Mode.CYCLE,))) == ()


def test_a_warm_start_keeps_the_vehicles_of_a_previous_roster() -> None:
    """Before a single iteration, whether the roster is at hand or says legs alone."""
    problem, by = two_days()
    was = s.planned(problem, by, iterations=3000).roster
    past = past_roster(problem, was)
    legs = replace(
        past,
        visits=tuple(
            replace(v, modes=(None if v.visit_id in "AC" else v.modes[0],))
            for v in past.visits
        ),
    )
    for earlier in (past, legs):
        before = match_previous(problem, earlier)
        compiled = compile_arrays(problem, by, before)
        session = SearchSession(compiled, SearchParams(), 1)
        session.construct()
        assert session.kept == 4
        assert [r.profile for r in decode_rounds(compiled, *session.best)] == [
            "walk",
            "drive",
        ]


def test_a_roster_folder_keeps_the_vehicle_of_each_round(tmp_path: Path) -> None:
    """It reads back to an equal roster, with the same cost and nothing broken."""
    problem, by = two_days()
    save_problem(problem, tmp_path / "problem", travel=by)
    folder = load_problem(tmp_path / "problem")
    assert folder.travel is not None
    result = s.planned(folder.problem, folder.travel, iterations=3000)
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
    assert [r.profile for r in loaded.roster.rounds] == ["walk", "drive"]
    cost = cost_of(folder.problem, loaded.travel, loaded.roster)
    assert cost.total == result.cost.total
    assert broken(check(folder.problem, loaded.travel, loaded.roster)) == []
