"""What tests of the exact model share: optima that are checked on the way."""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

import searching as s
from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.check import broken, check
from roundplan.cost import CostBreakdown, cost_of
from roundplan.domain import Previous, Problem, Roster, Travel, Unassigned
from roundplan.solve.exact.limits import ProofLimits
from roundplan.solve.exact.model import ExactModel
from roundplan.solve.exact.proof import Outcome, prove
from roundplan.solve.exact.state import State
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.params import SearchParams

EFFORT = 5.0
"""Some ten seconds, in the solver's measure, which does not depend on the machine."""


def _quiet(amount: int) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """A roster that is proved to cost least, found by the checker to keep the rules."""

    amount: int
    state: State
    roster: Roster
    cost: CostBreakdown
    outcome: Outcome


def searched(compiled: CompiledProblem, seed: int = 1, iterations: int = 2000) -> State:
    """The best roster of the general search in so many iterations."""
    count = s.effort(iterations)
    session = SearchSession(compiled, SearchParams(), seed)
    session.construct()
    session.run(count, 0.0, 1.0, count)
    session.finish()
    spot, breaks = session.best
    return State(spot=spot.copy(), breaks=breaks.copy(), amount=session.best_amount)


def roster_of(compiled: CompiledProblem, state: State) -> Roster:
    """A state as a roster; why a visit is left out is not asked."""
    first = compiled.arrays.visit[:, 0]
    left = tuple(
        Unassigned(visit_id=visit.visit_id, code="no_room", reason="not asked")
        for visit, i in zip(compiled.problem.visits, first, strict=True)
        if state.spot[i, 0] < 0
    )
    rounds = decode_rounds(compiled, state.spot, state.breaks)
    return Roster(rounds=rounds, unassigned=left)


def optimum(
    problem: Problem,
    by: Travel,
    previous: Previous | None = None,
    *,
    hint: State | None = None,
) -> Optimum:
    """The proved optimum: it keeps every rule, and costs to the unit what it says."""
    compiled = compile_arrays(problem, by, previous)
    hint = hint or searched(compiled, iterations=20)
    outcome = prove(ExactModel(compiled), hint, ProofLimits(effort=EFFORT), _quiet)
    assert outcome.proved
    assert outcome.state is not None
    assert outcome.bound is not None
    roster = roster_of(compiled, outcome.state)
    assert broken(check(problem, by, roster)) == []
    cost = cost_of(problem, by, roster, previous)
    assert cost.total == outcome.state.amount == outcome.bound.amount
    return Optimum(
        amount=outcome.state.amount,
        state=outcome.state,
        roster=roster,
        cost=cost,
        outcome=outcome,
    )


def amount_in_model(compiled: CompiledProblem, state: State) -> int | None:
    """What the model says that a roster costs; None where it is none of its own."""
    exact = ExactModel(compiled)
    exact.pin(state)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(exact.cp)
    return solver.value(exact.total) if status == cp_model.OPTIMAL else None
