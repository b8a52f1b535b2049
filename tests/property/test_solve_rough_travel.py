"""Travel as files may have it: one-way, with gaps, quicker by way of a third place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_search_equals_cost import HOT, assert_agrees

import helpers as h
from problems import random_policy, random_problem
from roundplan.arrays import compile_arrays
from roundplan.domain import (
    MODE_CODES,
    UNREACHABLE,
    Mode,
    Problem,
    Travel,
    TravelMatrix,
)
from roundplan.solve import SearchParams
from roundplan.solve.lns.session import SearchSession


def rough_travel(problem: Problem, seed: int, modes: tuple[Mode, ...]) -> Travel:
    """Times drawn leg by leg, so that nothing is symmetric and no triangle holds.

    Clients lie in one of two neighbourhoods, in none, or nobody knows where.
    """
    rng = np.random.default_rng(seed)
    ids = tuple(p.place_id for p in problem.all_places())
    shape = (len(ids), len(ids))
    matrices = {}
    for mode in modes:
        times = rng.integers(0, 2400, shape).astype(np.int32)
        times[rng.random(shape) < 0.15] = UNREACHABLE
        np.fill_diagonal(times, 0)
        matrices[mode.value] = TravelMatrix(
            profile=mode.value,
            period="all",
            place_ids=ids,
            times_s=times,
            metres=rng.integers(0, 9000, shape).astype(np.int32),
            ltn_crossings=rng.integers(0, 4, shape).astype(np.int16),
            modes=np.full(shape, MODE_CODES.index(mode), dtype=np.int8),
        )
    where = rng.choice(["A", "B", "", "?"], len(problem.clients))
    cells = {
        c.place.place_id: str(cell)
        for c, cell in zip(problem.clients, where, strict=True)
        if cell != "?"
    }
    return Travel(matrices=matrices, cells=cells)


def walk_through(problem: Problem, travel: Travel, params: SearchParams, seed: int):
    compiled = compile_arrays(problem, travel)
    session = SearchSession(compiled, params, seed)
    session.construct()
    assert_agrees(problem, travel, session, compiled)
    for _ in range(5):
        session.run(9, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_rules_and_cost_hold_on_travel_without_triangles(seed: int) -> None:
    """Taking a visit or a round out may leave a way that is too long or is none."""
    policy = replace(random_policy(seed), cell_change_p=100 * (seed % 3))
    problem = random_problem(seed, policy=policy)
    walk_through(problem, rough_travel(problem, seed, (Mode.WALK,)), HOT, seed)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    mode=st.sampled_from([Mode.CYCLE, Mode.EBIKE, Mode.DRIVE, Mode.TRANSIT]),
)
@example(seed=1141, mode=Mode.DRIVE)
def test_rules_and_cost_hold_by_every_mode(seed: int, mode: Mode) -> None:
    """Some workers ride, the others walk: each by the prices of their own vehicle."""
    policy = replace(
        random_policy(seed),
        parking_s=240 * (seed % 2),
        co2e_g_km_drive=150,
        carbon_p_tonne=30_000,
        ltn_crossing_p=50,
        mileage=True,
    )
    problem = random_problem(seed, policy=policy)
    problem = replace(
        problem,
        workers=tuple(
            replace(w, modes=(mode,) if i % 2 else (Mode.WALK,))
            for i, w in enumerate(problem.workers)
        ),
    )
    crossings = {("C0", "OFFICE"): 2, ("OFFICE", "C0"): 1}
    ridden = h.travel(problem, 3.0, mode, crossings)
    both = Travel(matrices={**ridden.matrices, **h.travel(problem).matrices})
    walk_through(problem, both, HOT, seed)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    modes=st.lists(
        st.sampled_from([Mode.WALK, Mode.CYCLE, Mode.DRIVE]),
        min_size=2,
        max_size=3,
        unique=True,
    ),
)
def test_rules_and_cost_hold_where_rounds_have_a_choice_of_vehicles(
    seed: int, modes: list[Mode]
) -> None:
    """Each round has one of the worker's vehicles, on travel that nothing orders."""
    policy = replace(
        random_policy(seed), parking_s=240 * (seed % 2), ltn_crossing_p=50, mileage=True
    )
    problem = random_problem(seed, policy=policy)
    problem = replace(
        problem,
        workers=tuple(
            replace(w, modes=tuple(modes[i % 2 :]))
            for i, w in enumerate(problem.workers)
        ),
    )
    walk_through(problem, rough_travel(problem, seed, tuple(modes)), HOT, seed)


def test_emptying_a_round_may_leave_no_way_between_two_others() -> None:
    """Three rounds in a morning, and a way that is only quick through the second."""
    problem = h.problem(
        [
            h.visit("A", "C1", "08:00", "08:00"),
            h.visit("B", "C2", "09:00", "09:00"),
            h.visit("C", "C3", "10:00", "10:00"),
        ],
        shifts=[
            h.shift(start="07:00", end="08:45"),
            h.shift(start="08:45", end="09:45"),
            h.shift(start="09:45", end="12:00"),
        ],
    )
    walk = h.travel(problem).matrices["walk"]
    times = walk.times_s.copy()
    times[walk.index("C1"), walk.index("C3")] = 3 * 3600
    travel = Travel(matrices={"walk": replace(walk, times_s=times)})
    compiled = compile_arrays(problem, travel)
    session = SearchSession(
        compiled, SearchParams(hot=1e9, cold=1e9, mean_removed=1, blink=2), 1
    )
    session.construct()
    for _ in range(100):
        session.run(1, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)
