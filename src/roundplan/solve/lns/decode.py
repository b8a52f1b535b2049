"""From arrays of the search back to a roster."""

from __future__ import annotations

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import BREAK_S, VISIT, Int64
from roundplan.domain import Break, Mode, Round, assemble_round
from roundplan.domain.timed import point_of, timed_legs
from roundplan.units import round_up

AT, START = range(2)
"""columns of ``spot``: span of a node, -1 when absent; start"""


def decode_rounds(
    compiled: CompiledProblem, spot: Int64, break_after: Int64
) -> tuple[Round, ...]:
    """Return the rounds of a state, in order of worker and time.

    ``spot`` (N, 2) and ``break_after`` (R,) as the search leaves them.
    """
    p = compiled.arrays
    visits = compiled.problem.visits
    placed = np.flatnonzero(spot[:, AT] >= 0)
    order = placed[np.lexsort((spot[placed, START], spot[placed, AT]))]
    by_span: dict[int, list[tuple[str, int]]] = {}
    for i in order:
        visit_id = visits[p.node[i, VISIT]].visit_id
        by_span.setdefault(int(spot[i, AT]), []).append((visit_id, int(spot[i, START])))
    return tuple(
        assemble_round(
            compiled.problem,
            compiled.travel,
            compiled.spans[r],
            starts,
            _breaks(compiled, starts, int(break_after[r]), r),
            compiled.vehicles[r],
        )
        for r, starts in sorted(by_span.items())
    )


def _breaks(
    compiled: CompiledProblem, starts: list[tuple[str, int]], after: int, r: int
) -> tuple[Break, ...]:
    """Return the break of a round: on arrival near the next client."""
    if after < 0:
        return ()
    problem = compiled.problem
    here = problem.visit(starts[after][0])
    there = problem.visit(starts[after + 1][0])
    profile = compiled.vehicles[r]
    assert profile is not None, "a round has a vehicle"
    legs = timed_legs(problem.horizon, compiled.travel, profile)
    leg = legs.leg(
        point_of(problem.policy, here, starts[after][1]),
        point_of(problem.policy, there, starts[after + 1][1]),
    )
    assert leg is not None, "the search takes no leg that is not there"
    travel_s = round_up(leg.seconds, problem.policy.travel_rounding_s)
    if leg.mode is Mode.DRIVE and travel_s:
        travel_s += problem.policy.parking_s
    begin = starts[after][1] + here.duration_s + travel_s
    return (Break(start_s=begin, end_s=begin + int(compiled.arrays.par[BREAK_S])),)
