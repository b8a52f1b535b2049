"""What is proved when the time is up: a bound below the optimum, in whole amounts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

import helpers as h
import proving as p
from problems import random_policy, random_problem
from roundplan.arrays import compile_arrays
from roundplan.cost import cost_of
from roundplan.errors import UsageError
from roundplan.solve import plan
from roundplan.solve.exact.limits import ProofLimits
from roundplan.solve.exact.model import ExactModel
from roundplan.solve.exact.proof import prove
from roundplan.solve.exact.state import State


@pytest.mark.parametrize("seed", [176, 280, 377, 512])
@pytest.mark.parametrize("effort", [1e-6, 1e-4, 1e-3, 1e-2])
def test_an_early_bound_is_no_higher_than_the_optimum(seed: int, effort: float) -> None:
    """Whatever moment the solver is stopped at, and none where it knows none."""
    problem = random_problem(seed)
    by = h.travel(problem)
    compiled = compile_arrays(problem, by)
    hint = p.searched(compiled, iterations=50)
    outcome = prove(
        ExactModel(compiled), hint, ProofLimits(effort=effort), lambda _: None
    )
    least = p.optimum(problem, by).amount
    if outcome.bound is not None:
        assert outcome.bound.amount <= least
    if outcome.state is not None:
        assert outcome.state.amount >= least


@pytest.mark.parametrize("seed", [3032, 2999])
def test_the_solver_goes_on_from_the_roster_it_is_given(seed: int) -> None:
    """What it returns is no dearer, however little it can do with a large problem.

    Without the value of every variable it loses the hint of these two.
    """
    problem = random_problem(seed, policy=random_policy(seed), size=3)
    compiled = compile_arrays(problem, h.travel(problem))
    hint = p.searched(compiled, iterations=500)
    outcome = prove(ExactModel(compiled), hint, ProofLimits(effort=0.3), lambda _: None)
    assert outcome.state is not None
    assert outcome.state.amount <= hint.amount


def test_the_bound_is_exact_above_what_a_float_can_hold() -> None:
    """Prices of ten million pounds a visit: amounts beyond 2^53, odd to the unit."""
    problem = random_problem(28)
    dear = replace(
        problem.policy,
        unassigned_essential_p=10**13,
        unassigned_standard_p=10**13 + 1,
        unassigned_flexible_p=10**12 + 7,
    )
    problem = replace(problem, policy=dear)
    least = p.optimum(problem, h.travel(problem))
    assert least.amount > 2**53
    assert least.cost.total == least.amount


def test_every_roster_of_the_search_is_one_of_the_model() -> None:
    """Its amount there is the search's; a start moved makes another of it."""
    problem = random_problem(176)
    compiled = compile_arrays(problem, h.travel(problem))
    state = p.searched(compiled, iterations=100)
    assert p.amount_in_model(compiled, state) == state.amount
    spot = state.spot.copy()
    placed = spot[:, 0] >= 0
    assert placed.any()
    spot[placed, 1] += 86_400
    moved = State(spot=spot, breaks=state.breaks, amount=state.amount)
    assert p.amount_in_model(compiled, moved) is None


def test_a_break_that_keeps_the_hours_is_one_of_the_model_s() -> None:
    """The day has another rest, but without the break the week would be too long.

    The search keeps such a break, and a model that forbids it is beaten.
    """
    problem = random_problem(5483, policy=random_policy(5483), size=2)
    compiled = compile_arrays(problem, h.travel(problem))
    state = p.searched(compiled, iterations=2000)
    assert p.amount_in_model(compiled, state) == state.amount


def test_nothing_is_proved_of_a_roster_that_the_model_does_not_have() -> None:
    """A break that no rule asks for makes it cheaper than any of the model's."""
    visits = [
        h.visit("V1", "C1", "08:00", "08:00", time_critical=True),
        h.visit("V2", "C1", "09:20", "09:20", time_critical=True),
    ]
    problem = h.problem(visits)
    by = h.travel(problem)
    compiled = compile_arrays(problem, by)
    least = p.optimum(problem, by)
    idle = State(
        spot=least.state.spot, breaks=0 * least.state.breaks, amount=least.amount
    )
    cheaper = replace(
        idle, amount=cost_of(problem, by, p.roster_of(compiled, idle)).total
    )
    assert cheaper.amount < least.amount
    exact = ExactModel(compiled)
    assert p.amount_in_model(compiled, cheaper) is None
    outcome = prove(exact, cheaper, ProofLimits(effort=p.EFFORT), lambda _: None)
    assert outcome.state is not None
    assert outcome.state.amount == least.amount
    assert (outcome.proved, outcome.bound) == (False, None)


def test_the_solver_s_constant_is_not_in_its_integer_bound() -> None:
    """What `proof` relies on, and would be wrong without: OR-Tools' own bookkeeping."""
    model = cp_model.CpModel()
    x = model.new_int_var(0, 10, "x")
    model.add(3 * x >= 10)
    model.minimize(5 * x + 7)
    solver = cp_model.CpSolver()
    assert solver.solve(model) == cp_model.OPTIMAL
    assert solver.response_proto.inner_objective_lower_bound == 20
    assert model.proto.objective.offset == 7


def test_a_bound_that_is_asked_for_is_in_the_result_and_its_provenance() -> None:
    """With what it leaves out, whatever search planned; the roster stays as good."""
    for problem in (random_problem(11, size=2), random_problem(5)):
        by = h.travel(problem)
        without = plan(problem, by, iterations=200, method="search")
        result = plan(problem, by, iterations=200, method="search", bound_seconds=2.0)
        assert result.bound is not None
        assert result.bound.amount <= result.cost.total <= without.cost.total
        assert result.bound.leaves_out
        assert result.bound.leaves_out[0] in result.summary()
        made = result.roster.provenance
        assert made is not None
        assert made.bound_p == result.bound.pence
        assert made.gap is not None
        assert made.gap >= 0
        assert dict(made.parameters)["bound_proof"] == "columns"


def test_seconds_below_nothing_are_refused() -> None:
    problem = random_problem(5)
    with pytest.raises(UsageError, match="bound"):
        plan(problem, h.travel(problem), iterations=1, bound_seconds=-1.0)
