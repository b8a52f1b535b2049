"""The model of a problem, its solutions as states of the search, and the other way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from roundplan.arrays import CompiledProblem
from roundplan.arrays import layout as of
from roundplan.arrays.layout import Int64
from roundplan.solve.exact.limits import refuse_too_large
from roundplan.solve.exact.parts import PARTS
from roundplan.solve.exact.state import State
from roundplan.solve.exact.variables import Care, build_variables
from roundplan.solve.lns.decode import AT, START


class ExactModel:
    """All rules and prices of a problem, with the total to be made least.

    Raises
    ------
    UsageError
        E1002. The problem is too large for it.
    """

    def __init__(self, compiled: CompiledProblem) -> None:
        refuse_too_large(compiled.arrays)
        self.cp = cp_model.CpModel()
        self.variables = build_variables(compiled, self.cp)
        self.amounts = {part: part().post(self.variables) for part in PARTS}
        self.total = cp_model.LinearExpr.sum(list(self.amounts.values()))
        self.cp.minimize(self.total)

    @property
    def constant(self) -> int:
        """The part of the total that the solver leaves out of its integer bound."""
        return int(self.cp.proto.objective.offset)

    def hint(self, state: State) -> bool:
        """Begin from a roster; return whether it is a solution of the model.

        What follows from it (waits, clocks, terms) is worked out first, as the solver
        takes up a hint at once only if it has the value of every variable.
        """
        for variable, value in self._values(state).items():
            self.cp.add_hint(variable, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.fix_variables_to_their_hinted_value = True
        if solver.solve(self.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        self.cp.proto.clear_solution_hint()
        for index, value in enumerate(solver.response_proto.solution):
            self.cp.add_hint(self.cp.get_int_var_from_proto_index(index), value)
        return True

    def pin(self, state: State) -> None:
        """Allow this roster alone, to find out what it costs or whether it is one."""
        for variable, value in self._values(state).items():
            self.cp.add(variable == value)

    def state(self, solver: cp_model.CpSolver) -> State:
        """Return the roster of a solution."""
        x, p = self.variables, self.variables.arrays
        spot = np.full((len(p.node), 2), -1, dtype=np.int64)
        breaks = np.full(len(p.span), -1, dtype=np.int64)
        for stop in x.stops():
            if solver.boolean_value(stop.present):
                start = solver.value(x.start[int(p.node[stop.node, of.VISIT])])
                spot[stop.node] = stop.span, start
        for r, care in x.cares.items():
            for k, i in enumerate(_in_order(care, spot)):
                if solver.boolean_value(care.stops[i].pause):
                    breaks[r] = k
        return State(spot=spot, breaks=breaks, amount=solver.value(self.total))

    def _values(self, state: State) -> dict[cp_model.IntVar, int]:
        """Return the value of every variable that a roster decides."""
        x, p = self.variables, self.variables.arrays
        spot = _swapped(p, state.spot)
        values: dict[cp_model.IntVar, int] = {}
        for v in range(len(x.placed)):
            i = int(p.visit[v, of.FIRST])
            here = spot[i, AT] >= 0
            values[x.placed[v]] = int(here)
            values[x.start[v]] = int(spot[i, START]) if here else x.idle_at[v]
        for r, care in x.cares.items():
            order = _in_order(care, spot)
            at = int(state.breaks[r])
            pause = order[at] if 0 <= at < len(order) else -1
            used = set(pairwise(order))
            values[care.active] = int(bool(order))
            for i, stop in care.stops.items():
                values[stop.present] = int(i in order)
                if isinstance(stop.pause, cp_model.IntVar):
                    values[stop.pause] = int(i == pause)
            for i, arc in care.first.items():
                values[arc] = int(order[:1] == [i])
            for i, arc in care.last.items():
                values[arc] = int(order[-1:] == [i])
            for ends, arc in care.following.items():
                values[arc] = int(ends in used)
        return values


def _in_order(care: Care, spot: Int64) -> list[int]:
    """Return the nodes of a round in order of their starts."""
    nodes = [i for i in care.stops if spot[i, AT] == care.span]
    return sorted(nodes, key=lambda i: (int(spot[i, START]), i))


def _swapped(p: of.ProblemArrays, spot: Int64) -> Int64:
    """Return a state whose double-handed visits have their spans in rising order.

    Where either worker may be on either node, the model takes one of the two ways.
    """
    spot = spot.copy()
    for i in np.flatnonzero(p.node[:, of.MATE] == np.arange(len(p.node)) + 1):
        same = (p.fit_at[i] == p.fit_at[i + 1]).all()
        if same and spot[i, AT] > spot[i + 1, AT]:
            spot[[i, i + 1]] = spot[[i + 1, i]]
    return spot
