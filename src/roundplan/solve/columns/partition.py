"""Choosing from a pool the rounds that cost least together: a set partition.

References
----------
.. [1] Huangfu, Q., Hall, J. (2018). Parallelizing the dual revised simplex method.
   *Mathematical Programming Computation*, 10(1): 119-142 (HiGHS).
.. [2] Bestuzheva, K. et al. (2023). Enabling research through the SCIP optimization
   suite 8.0. *ACM Transactions on Mathematical Software*, 49(2): 22 (SCIP).
"""

from __future__ import annotations

from math import floor, isfinite
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csc_matrix

from roundplan.arrays.layout import NEVER, Int64
from roundplan.solve.columns.pool import Rounds

LOOK_S = 0.05
"""How often a choice that takes long looks whether it is to end."""

Float64 = npt.NDArray[np.float64]

UNIT = 3600
"""The solver counts in pence: amounts are too large for its tolerances."""

TOLERANCE = 1e-6
"""Share of a value by which a solver in floating point may be wrong: SCIP's default."""


class Relaxed(NamedTuple):
    """The linear relaxation of a choice: its value, and reduced costs (K,)."""

    value: float
    reduced: Float64


def relax(
    rounds: Rounds, penalty: Int64, spans: Int64, time_limit: float | None = None
) -> Relaxed | None:
    """Solve the linear relaxation; None if HiGHS could not.

    Visits may be made twice: dropping one of them never adds travel.
    """
    a = _matrix(rounds, len(penalty), len(spans))
    upper = np.concatenate((-np.ones(len(penalty)), spans))
    cost = np.concatenate((rounds.amount, penalty)) / UNIT
    options = {} if time_limit is None else {"time_limit": time_limit}
    found = linprog(
        cost, A_ub=a, b_ub=upper, bounds=(0, None), method="highs-ds", options=options
    )
    if found.status != 0:
        return None
    dual = found.ineqlin.marginals
    reduced = rounds.amount - UNIT * (a.T @ dual)[: len(rounds.amount)]
    return Relaxed(UNIT * float(found.fun), reduced)


class Choice(NamedTuple):
    """Rounds that were chosen, and an amount that no choice among them is below."""

    rounds: Int64
    bound: int


def choose(
    rounds: Rounds,
    penalty: Int64,
    spans: Int64,
    among: npt.NDArray[np.bool_],
    *,
    hint: Int64 | None = None,
    time_limit: float | None = None,
    node_limit: int | None = None,
) -> Choice | None:
    """Return the cheapest choice found; None if SCIP found none within the limits.

    Parameters
    ----------
    among
        (K,): which rounds there are to choose from.
    hint
        Numbers of rounds to begin with: they make a choice together.
    time_limit, node_limit
        Seconds, and nodes of the tree; without either the choice is the best of all.
    """
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    infinity = solver.infinity()
    objective = solver.Objective()
    objective.SetMinimization()
    made = [solver.Constraint(1, infinity) for _ in penalty]
    used = [solver.Constraint(-infinity, int(n)) for n in spans]
    numbers = np.flatnonzero(among)
    chosen = [solver.BoolVar("") for _ in numbers]
    left_out = [solver.BoolVar("") for _ in penalty]
    for k, variable in zip(numbers, chosen, strict=True):
        objective.SetCoefficient(variable, rounds.amount[k] / UNIT)
        used[rounds.group[k]].SetCoefficient(variable, 1)
        for i in rounds.node[rounds.at[k] : rounds.at[k + 1]]:
            made[i].SetCoefficient(variable, 1)
    for row, variable, amount in zip(made, left_out, penalty, strict=True):
        objective.SetCoefficient(variable, amount / UNIT)
        row.SetCoefficient(variable, 1)
    if hint is not None:
        _hint(solver, rounds, numbers, chosen, left_out, hint)
    settings = "misc/catchctrlc = FALSE\n"
    if time_limit is not None:
        solver.SetTimeLimit(max(1, int(1000 * time_limit)))
    if node_limit is not None:
        settings += f"limits/nodes = {node_limit}\n"
    solver.SetSolverSpecificParametersAsString(settings)
    # a full stop at an optimum, not within a thousandth of it
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
    if _solve(solver, exact) not in (solver.OPTIMAL, solver.FEASIBLE):
        return None
    values = (variable.solution_value() > 0.5 for variable in chosen)
    taken = np.fromiter(values, dtype=np.bool_, count=len(chosen))
    return Choice(numbers[taken], _safely_below(objective.BestBound()))


def _solve(solver: Any, parameters: Any) -> int:
    """Solve beside this thread, so that Ctrl-C ends it at once; return the status."""
    status: list[int] = []
    work = Thread(target=lambda: status.append(solver.Solve(parameters)), daemon=True)
    work.start()
    try:
        while work.is_alive():
            work.join(LOOK_S)
    except BaseException:
        solver.InterruptSolve()
        work.join()
        raise
    return status[0]


def _hint(
    solver: Any,
    rounds: Rounds,
    numbers: Int64,
    chosen: list[Any],
    left_out: list[Any],
    hint: Int64,
) -> None:
    """Tell the solver a choice to begin with, whole."""
    begin = np.isin(numbers, hint)
    missing = np.ones(len(left_out), dtype=np.bool_)
    for k in numbers[begin]:
        missing[rounds.node[rounds.at[k] : rounds.at[k + 1]]] = False
    values = np.concatenate((begin, missing)).astype(float)
    solver.SetHint([*chosen, *left_out], values.tolist())


def _safely_below(pence: float) -> int:
    """Return an amount that the solver's rounding cannot have lifted."""
    if not isfinite(pence):
        return -NEVER
    return floor(UNIT * (pence - TOLERANCE * max(1.0, abs(pence))))


def _matrix(rounds: Rounds, visits: int, groups: int) -> csc_matrix:
    """Return rows of visits, at most -1, then of groups; columns: rounds, slacks."""
    k = len(rounds.amount)
    sizes = np.diff(rounds.at)
    column = np.concatenate((np.repeat(np.arange(k), sizes), np.arange(k + visits)))
    row = np.concatenate((rounds.node, visits + rounds.group, np.arange(visits)))
    value = np.concatenate((-np.ones(len(rounds.node)), np.ones(k), -np.ones(visits)))
    return csc_matrix((value, (row, column)), shape=(visits + groups, k + visits))
