"""Choosing from a pool the rounds that cost least together: a set partition.

References
----------
.. [1] Huangfu, Q., Hall, J. (2018). Parallelizing the dual revised simplex method.
   *Mathematical Programming Computation*, 10(1): 119-142 (HiGHS).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_matrix

from roundplan.arrays.layout import Int64
from roundplan.solve.columns.pool import Rounds

Float64 = npt.NDArray[np.float64]

UNIT = 3600.0
"""The solver counts in pence: amounts are too large for its tolerances."""


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


def choose(
    rounds: Rounds,
    penalty: Int64,
    spans: Int64,
    among: npt.NDArray[np.bool_],
    **limits: float,
) -> Int64 | None:
    """Return the rounds of the cheapest choice found; None if HiGHS found none."""
    use = np.flatnonzero(among)
    a = _matrix(_some(rounds, use), len(penalty), len(spans))
    cost = np.concatenate((rounds.amount[use], penalty)) / UNIT
    low = np.concatenate((np.ones(len(penalty)), -spans.astype(float)))
    found = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(-a, low, np.inf),
        options={"mip_rel_gap": 0, **limits},
    )
    if found.x is None:
        return None
    chosen: Int64 = use[found.x[: len(use)] > 0.5]
    return chosen


def _some(rounds: Rounds, use: Int64) -> Rounds:
    sizes = np.diff(rounds.at)[use]
    at = np.concatenate(([0], np.cumsum(sizes)))
    index = np.arange(at[-1]) + np.repeat(rounds.at[use] - at[:-1], sizes)
    return Rounds(rounds.amount[use], rounds.group[use], at, rounds.node[index])


def _matrix(rounds: Rounds, visits: int, groups: int) -> csc_matrix:
    """Return rows of visits, at most -1, then of groups; columns: rounds, slacks."""
    k = len(rounds.amount)
    sizes = np.diff(rounds.at)
    column = np.concatenate((np.repeat(np.arange(k), sizes), np.arange(k + visits)))
    row = np.concatenate((rounds.node, visits + rounds.group, np.arange(visits)))
    value = np.concatenate((-np.ones(len(rounds.node)), np.ones(k), -np.ones(visits)))
    return csc_matrix((value, (row, column)), shape=(visits + groups, k + visits))
