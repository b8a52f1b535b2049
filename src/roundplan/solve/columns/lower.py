"""A lower bound on the rosters of any problem, whatever has found the best one."""

from __future__ import annotations

import time

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import Int64
from roundplan.solve.bound import COLUMNS, Bound
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.groups import constant_of, groups_of
from roundplan.solve.columns.proof import Prover


def lower_bound(
    compiled: CompiledProblem, spot: Int64, amount: int, budget: Budget
) -> Bound | None:
    """Return what no roster costs less than; None where the graphs are too large.

    With each shift for itself, or with like shifts together where those are too many.

    Parameters
    ----------
    spot
        (N, 2): span, -1 for none, and start of each node in the best roster.
    amount
        What it costs.
    """
    begun = time.perf_counter()
    found = groups_of(compiled, coarse=False) or groups_of(compiled, coarse=True)
    if found is None:
        return None
    groups, left_out = found
    constant = constant_of(compiled.arrays)
    prover = Prover(compiled.arrays, groups, None)
    prover.update(spot[:, 0], spot[:, 1], amount - constant)
    prover.run(budget)
    return Bound(
        amount=prover.bound + constant,
        proof=COLUMNS,
        leaves_out=left_out,
        runtime_s=time.perf_counter() - begun,
    )
