"""Running the solver: limits, what is told on the way, and the proof at the end."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from roundplan.errors import SearchDefectError
from roundplan.solve.bound import Bound
from roundplan.solve.exact.limits import ProofLimits
from roundplan.solve.exact.model import ExactModel
from roundplan.solve.exact.state import State

LOOK_S = 0.1
"""How often a key press is looked for, and progress told."""

PROOF = "exact model"

MOST_SEED = 1 << 31
"""The solver takes a seed below it; roundplan one of twice as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The best roster that the solver had, and what it proved.

    ``state`` and ``bound`` are None where there was no time for any.
    """

    state: State | None
    bound: Bound | None
    proved: bool
    interrupted: bool


def prove(
    exact: ExactModel, hint: State, limits: ProofLimits, tell: Callable[[int], None]
) -> Outcome:
    """Look for a cheaper roster until none can be cheaper, or a limit is reached.

    Ctrl-C ends it and keeps what there is.

    Parameters
    ----------
    hint
        The roster to begin from.
    tell
        Called about ten times a second with the amount of the best roster.

    Raises
    ------
    SearchDefectError
        E3001. The model has no solution: it would at least have the empty roster.
    """
    begun = time.perf_counter()
    known = exact.hint(hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits.threads
    solver.parameters.random_seed = limits.seed % MOST_SEED
    # the full linear relaxation: circuits over time prove up to thirty times sooner
    solver.parameters.linearization_level = 2
    # signals are Python's, which knows what to do with them
    solver.parameters.catch_sigint_signal = False
    if limits.left is not None:
        solver.parameters.max_time_in_seconds = limits.left
    if limits.effort is not None:
        solver.parameters.max_deterministic_time = limits.effort
    found = _Found(exact, hint.amount)
    status, interrupted = _solve(solver, exact.cp, found, tell)
    if status in (cp_model.INFEASIBLE, cp_model.MODEL_INVALID):
        msg = f"the exact model says {solver.status_name(status)}"
        raise SearchDefectError(msg)
    solved = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    state = exact.state(solver) if solved else None
    best = hint.amount if state is None else min(hint.amount, state.amount)
    # nothing is proved of a roster that is cheaper than the model's and none of them
    solved = solved and (known or (state is not None and state.amount <= hint.amount))
    lower = best if status == cp_model.OPTIMAL else _lower_bound(solver, exact)
    bound = None
    if solved and lower is not None:
        bound = Bound(
            amount=min(best, lower),
            proof=PROOF,
            runtime_s=time.perf_counter() - begun,
        )
    return Outcome(
        state=state,
        bound=bound,
        proved=solved and status == cp_model.OPTIMAL,
        interrupted=interrupted,
    )


def _lower_bound(solver: cp_model.CpSolver, exact: ExactModel) -> int | None:
    """Return what no solution costs less than, to the unit; None if not known.

    ``best_objective_bound`` is a float, which above 2^53 is no whole number any more.
    The solver also tells its own integer, without the constant of the objective. That
    is 0 when it has no bound yet: the two must agree.
    """
    lower = int(solver.response_proto.inner_objective_lower_bound) + exact.constant
    said = solver.best_objective_bound
    return lower if math.isclose(said, lower, rel_tol=1e-9, abs_tol=0.5) else None


class _Found(cp_model.CpSolverSolutionCallback):
    """Remembers what the best solution so far costs."""

    def __init__(self, exact: ExactModel, amount: int) -> None:
        super().__init__()
        self._exact = exact
        self.amount = amount

    def on_solution_callback(self) -> None:
        """Look at a new solution, which is better than those before."""
        self.amount = min(self.amount, self.value(self._exact.total))


def _solve(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    found: _Found,
    tell: Callable[[int], None],
) -> tuple[cp_model.CpSolverStatus, bool]:
    """Solve in a thread of its own, so that Python sees Ctrl-C; tell if it did."""
    ended: list[cp_model.CpSolverStatus] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            ended.append(solver.solve(model, found))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="cp-sat", daemon=True)
    interrupted = False
    thread.start()
    while thread.is_alive():
        try:
            thread.join(LOOK_S)
            if interrupted:
                solver.stop_search()
            else:
                tell(found.amount)
        except KeyboardInterrupt:
            interrupted = True
    if failed:
        raise failed[0]
    return ended[0], interrupted
