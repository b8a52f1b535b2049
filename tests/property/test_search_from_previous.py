"""Planning from a previous roster: the price of a change, and the warm start."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_search_equals_cost import HOT, roster_now

import helpers as h
from problems import random_policy, random_problem
from roundplan.arrays import compile_arrays
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.domain import Made, Previous, Problem
from roundplan.solve import plan
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.params import SearchParams


def random_previous(problem: Problem, seed: int) -> Previous:
    """Workers and starts for most visits, drawn without looking at any rule."""
    rng = np.random.default_rng(seed)
    names = [*(w.worker_id for w in problem.workers), "LEFT"]
    made = {}
    for visit in problem.visits:
        if rng.random() < 0.7:
            count = min(len(names), int(rng.integers(1, 3)))
            window = visit.window
            made[visit.visit_id] = Made(
                workers=tuple(str(w) for w in rng.choice(names, count, replace=False)),
                start_s=int(
                    rng.integers(
                        window.earliest_start_s - 3600, window.latest_start_s + 3600
                    )
                )
                // 60
                * 60
                if rng.random() < 0.9
                else None,
            )
    return Previous(made=made, change_p=int(rng.choice([0, 35, 200, 5000])))


def assert_agrees(problem: Problem, travel, session, compiled) -> None:
    roster = roster_now(problem, session, compiled)
    cost = cost_of(problem, travel, roster, compiled.previous)
    assert session.amount == cost.total
    assert broken(check(problem, travel, roster)) == []


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), steps=st.integers(0, 4))
def test_the_total_with_a_price_on_change_is_the_cost(seed: int, steps: int) -> None:
    """From any previous roster, after any number of moves."""
    problem = random_problem(seed, policy=random_policy(seed))
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel, random_previous(problem, seed))
    session = SearchSession(compiled, HOT, seed)
    session.construct()
    assert_agrees(problem, travel, session, compiled)
    for _ in range(steps):
        session.run(7, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)
    session.finish()
    assert_agrees(problem, travel, session, compiled)
    assert session.amount <= session.best_amount


@pytest.mark.parametrize("iterations", [0, 1])
@pytest.mark.parametrize("seed", range(40))
def test_a_warm_start_is_not_worse_than_the_roster_it_starts_from(
    iterations: int, seed: int
) -> None:
    """What was planned for the same problem comes back whole, and nobody changes.

    Fixed problems: about one of a thousand has a day whose rounds give each other the
    rest in a way that no order of putting them back keeps.
    """
    problem = random_problem(seed, policy=random_policy(seed), size=2)
    travel = h.travel(problem)
    before = plan(problem, travel, iterations=60)
    again = plan(problem, travel, previous=before.roster, iterations=iterations)
    assert again.cost == cost_of(problem, travel, again.roster, again.previous)
    assert broken(check(problem, travel, again.roster)) == []
    assert again.previous is not None
    then = cost_of(problem, travel, before.roster, again.previous)
    assert again.cost.total <= then.total
    if iterations == 0:
        placed = {v.visit_id for r in before.roster.rounds for v in r.visits}
        assert again.kept >= len(placed) - len(
            {v.visit_id for v in problem.visits if v.workers_required == 2}
        )


def test_undo_with_a_price_on_change_restores_the_total() -> None:
    """So cold that every change for the worse is undone."""
    problem = random_problem(5, size=3)
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel, random_previous(problem, 5))
    session = SearchSession(compiled, SearchParams(hot=1e-9, cold=1e-9), 3)
    session.construct()
    for _ in range(5):
        session.run(50, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)
