"""The exact model against everything else that knows what a roster may be and costs.

The checker and the cost judge its optima; the search must not beat them; a grid of all
rosters holds none that is cheaper; and what relaxes a problem never makes it dearer.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from ortools.sat.python import cp_model

import exact_cases as e
import helpers as h
import proving as p
import searching as s
from grid_rosters import every_roster, tiny_problem
from problems import random_policy, random_problem
from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.arrays.layout import Int64
from roundplan.check import broken, check
from roundplan.cost import TERMS, cost_of
from roundplan.domain import Problem, Rule
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.lower import lower_bound
from roundplan.solve.exact.model import ExactModel

NAMES = list(e.CASES)
SEEDS = (1, 2)
MATCHED = 0.95
"""Share of the cases in which one of two searches finds an optimum."""

RANDOM = [
    seed
    for seed in range(120)
    if 1 <= sum(v.workers_required for v in random_problem(seed).visits) <= 10
]


@cache
def solved(name: str) -> p.Optimum:
    case = e.CASES[name]()
    return p.optimum(case.problem, case.by, case.previous)


@cache
def searches(name: str) -> tuple[int, ...]:
    """What two searches of 2,000 iterations come to."""
    case = e.CASES[name]()
    compiled = compile_arrays(case.problem, case.by, case.previous)
    return tuple(p.searched(compiled, seed).amount for seed in SEEDS)


def test_there_are_enough_cases() -> None:
    """Each rule and price alone, and pairs of them."""
    assert {f"rule {rule}" for rule in Rule} <= set(e.ALONE)
    alone = {name.removeprefix("price ") for name in e.ALONE}
    assert set(TERMS) - alone <= {"paid_blocks", "unassigned"}
    assert len(NAMES) >= 100


@pytest.mark.parametrize("name", NAMES)
def test_an_optimum_is_sound_and_no_search_beats_it(name: str) -> None:
    """Proved, found right by checker and cost (`proving.optimum`), and the least."""
    assert min(searches(name)) >= solved(name).amount


def test_the_search_finds_most_optima() -> None:
    """At least 95% of them; what it misses is in docs/exact.md."""
    found = sum(min(searches(name)) == solved(name).amount for name in NAMES)
    assert found >= (MATCHED if s.COMPILED else 0.9) * len(NAMES)


@pytest.mark.parametrize("name", [n for n in e.ALONE if e.CASES[n]().relaxed])
def test_what_a_case_is_about_makes_it_dearer(name: str) -> None:
    """Without the rule or the price the optimum is strictly cheaper."""
    case = e.CASES[name]()
    assert case.relaxed is not None
    by = e.travel_of(case, case.relaxed)
    relaxed = p.optimum(case.relaxed, by, case.relaxed_previous)
    assert relaxed.amount < solved(name).amount


def with_another_worker(problem: Problem) -> Problem:
    """One more worker without guaranteed hours, on shift like the first."""
    like = problem.workers[0]
    new = replace(
        h.worker("W9", x=like.home.x or 0.0), modes=like.modes, provider="agency"
    )
    mine = [x for x in problem.work_shifts if x.worker_id == like.worker_id]
    shifts = (
        replace(
            x,
            shift_id=f"W9-{x.shift_id}",
            worker_id="W9",
            start_place=None,
            end_place=None,
        )
        for x in mine
    )
    return replace(
        problem,
        workers=(*problem.workers, new),
        shifts=(*problem.shifts, *shifts),
    )


def with_wider_windows(problem: Problem) -> Problem:
    """Half an hour later is soon enough, for every visit."""
    return replace(
        problem,
        visits=tuple(
            replace(
                v,
                window=replace(v.window, latest_start_s=v.window.latest_start_s + 1800),
            )
            for v in problem.visits
        ),
    )


def without_rules(problem: Problem) -> Problem:
    """All rules of a worker set aside; but a break is unpaid, and only where due."""
    for worker in problem.workers:
        for rule in Rule:
            if rule is not Rule.BREAK:
                problem = s.set_aside(problem, rule, worker_id=worker.worker_id)
    return problem


@pytest.mark.parametrize(
    "relax", [with_another_worker, with_wider_windows, without_rules]
)
@pytest.mark.parametrize("name", NAMES[::3])
def test_relaxing_a_problem_never_costs_more(name: str, relax) -> None:
    """Each roster of the problem is one of the relaxed one, at its cost or less."""
    case = e.CASES[name]()
    relaxed = relax(case.problem)
    by = e.travel_of(case, relaxed)
    assert p.optimum(relaxed, by, case.previous).amount <= solved(name).amount


@pytest.mark.parametrize("seed", range(0, 16, 2))
def test_no_sound_roster_on_the_grid_is_cheaper(seed: int) -> None:
    """Every choice of workers and starts at whole quarters, judged by the checker."""
    problem = tiny_problem(seed)
    by = h.travel(problem)
    least = p.optimum(problem, by).amount
    for other in every_roster(problem, by):
        if cost_of(problem, by, other).total < least:
            assert broken(check(problem, by, other)), other


@pytest.mark.parametrize("seed", RANDOM)
def test_random_problems_under_random_policies(seed: int) -> None:
    """The search's roster is one of the model, at its own cost, and no cheaper."""
    problem = random_problem(seed, policy=random_policy(seed))
    by = h.travel(problem)
    compiled = compile_arrays(problem, by)
    state = p.searched(compiled, seed, iterations=500)
    assert p.amount_in_model(compiled, state) == state.amount
    assert p.optimum(problem, by, hint=state).amount <= state.amount


@pytest.mark.parametrize("name", NAMES[::5])
def test_each_part_says_what_its_terms_cost(name: str) -> None:
    """The amounts of the parts are those of the terms of the cost, one by one."""
    case = e.CASES[name]()
    compiled = compile_arrays(case.problem, case.by, case.previous)
    exact = ExactModel(compiled)
    best = solved(name)
    exact.pin(best.state)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(exact.cp) == cp_model.OPTIMAL
    for part, amount in exact.amounts.items():
        terms = sum(best.cost.amounts[term] for term in part.terms)
        assert solver.value(amount) == terms, part


@pytest.mark.parametrize("name", NAMES)
def test_no_bound_by_columns_is_above_the_optimum(name: str) -> None:
    """Whatever a case is about, each round of its optimum is a path that costs less."""
    case = e.CASES[name]()
    best = solved(name)
    compiled = compile_arrays(case.problem, case.by, case.previous)
    budget = Budget(labels=20_000)
    bound = lower_bound(compiled, best.state.spot, best.amount, budget)
    assert bound is not None
    # from the optimum itself a proof may end at it, but never above
    assert bound.amount <= best.amount
    worse = lower_bound(compiled, *nobody(compiled), Budget(labels=20_000))
    assert worse is not None
    assert worse.amount <= best.amount


def nobody(compiled: CompiledProblem) -> tuple[Int64, int]:
    """The roster that leaves everything out, at more than it costs."""
    spot = np.full((len(compiled.arrays.node), 2), -1, dtype=np.int64)
    return spot, 10**12
