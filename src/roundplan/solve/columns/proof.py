"""From a roster to a proof: a bound, cuts, and better rosters on the way.

The gap between a roster and the bound decides which rounds a cheaper roster can have.
When they are few enough to be listed, an integer programme over them finds the best
roster of all, or that there is no better one; until then it looks among those that cost
least beyond their worth, and what it finds narrows the gap.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roundplan.arrays.layout import PENALTY, Int64, ProblemArrays
from roundplan.errors import SearchDefectError
from roundplan.solve.columns.bounding import Bounding
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.graph import path_amount
from roundplan.solve.columns.groups import Group
from roundplan.solve.columns.master import Column, as_rounds
from roundplan.solve.columns.partition import choose
from roundplan.solve.columns.pool import Rounds

LISTED = 10_000
"""Rounds that a complete list may have: beyond it the integer programme is too slow."""

LONGER = 40_000
"""Rounds of a complete list when nothing else is left to try."""

PATIENCE = 2
"""Times that cuts may hardly help, one after the other, before there are no more."""

NEAREST, FARTHEST = 3_000, 10_000
"""Rounds of a list that is not complete, and of one when nothing else is left to try:
with few the solver is quick, and what is worth most is among them."""

STALLED = 0.02
"""Cuts go on while they close this share of the gap a time."""

CUTTING = 0.5
"""Share of the budget by which the bound makes way for better rosters."""

CHOICE = 0.3
"""Share of the budget of one choice that proves nothing."""

NODES = 50
"""Nodes of the tree of such a choice where the budget is not in seconds."""

Take = Callable[[Rounds], int | None]
"""Make a roster of rounds; return what it really costs, constants apart, or None."""


class Prover:
    """Looks for a bound, and for better rosters, with one budget after another.

    Parameters
    ----------
    take
        None where rosters cannot be put together from rounds at will: the bound is all
        there is to have then.
    """

    def __init__(
        self, p: ProblemArrays, groups: list[Group], take: Take | None
    ) -> None:
        self._penalty = p.visit[:, PENALTY].astype(np.int64)
        self._groups = groups
        self._group_of = np.full(len(p.span), -1, dtype=np.int64)
        for k, group in enumerate(groups):
            self._group_of[group.spans] = k
        self._spans = np.array([len(g.spans) for g in groups], dtype=np.int64)
        self._best: list[Column] = []
        self._take = take
        self._bounding = Bounding(p, groups)
        self._stalled = False
        self._reached = False
        self._last = 0
        self._weak = 0

    @property
    def bound(self) -> int:
        """What no roster costs less than, constants apart."""
        return self._bounding.bound

    @property
    def closed(self) -> bool:
        """Whether the best roster known is the best of all."""
        return self._bounding.closed

    def seed(self, rounds: Rounds, spans: Int64) -> None:
        """Take rounds (K,) of a search, each with one of its ``spans`` (K,), to begin.

        The linear programme needs about a third less time then.
        """
        found = []
        for k, r in enumerate(spans):
            nodes = rounds.node[rounds.at[k] : rounds.at[k + 1]]
            group = int(self._group_of[r])
            amount = path_amount(self._groups[group].graph, nodes)
            if amount is not None:
                found.append(Column(group, nodes, amount))
        self._bounding.begin_with(found)

    def update(self, at: Int64, start: Int64, cost: int) -> None:
        """Take note of a roster: span, -1 for none, and start of each node."""
        if cost >= self._bounding.incumbent:
            return
        order = np.lexsort((start, at))
        order = order[at[order] >= 0]
        rounds = np.split(order, np.flatnonzero(np.diff(at[order])) + 1)
        found = []
        for nodes in rounds:
            if len(nodes):
                k = int(self._group_of[at[nodes[0]]])
                amount = path_amount(self._groups[k].graph, nodes)
                if amount is None:
                    msg = "a round of a roster is no path through its group's graph"
                    raise SearchDefectError(msg)
                found.append(Column(k, nodes, amount))
        self._know(found, cost)

    def _know(self, rounds: list[Column], cost: int) -> None:
        self._best = rounds
        self._bounding.know(rounds, cost)

    def run(self, budget: Budget) -> bool:
        """Go on until the roster is proved to be the best or the budget is used up.

        Returns
        -------
        bool
            Whether the bound of the linear programme was reached.
        """
        bounding = self._bounding
        most = NEAREST  # 0 when it has been chosen among all lists in vain
        self._stalled = False
        self._weak = 0
        while True:
            if not bounding.generate(budget):
                return self._reached
            self._reached = True
            if self.closed:
                return True
            bounding.reduce(budget)
            if self._choose_from_all(budget, LISTED) or budget.over:
                return True
            fruitless = most != NEAREST
            if not self._stalled and (fruitless or budget.used < CUTTING):
                self._cut()
            elif (
                self._take is None
                or (fruitless and self._choose_from_all(budget, LONGER))
                or not most
            ):
                return True
            elif self._choose_from_nearest(most, budget):
                most = NEAREST
            else:
                most = FARTHEST if most == NEAREST else 0

    def _cut(self) -> None:
        """Add cuts; take note when those of last time have hardly helped."""
        bound = self._bounding.bound
        gained = bound - self._last
        self._weak = self._weak + 1 if gained < STALLED * self._bounding.gap else 0
        self._last = bound
        self._stalled = self._weak > PATIENCE or not self._bounding.cut()

    def _choose_from_all(self, budget: Budget, most: int) -> bool:
        """Choose among all rounds of cheaper rosters; return whether that could be."""
        if self._take is None:
            return False
        columns = self._bounding.listed(most, budget)
        if columns is None:
            return False
        bound = self._choose(columns, budget.rest_s(1.0), None)
        if bound is not None:
            self._bounding.raise_bound(bound)
        return True

    def _choose_from_nearest(self, most: int, budget: Budget) -> bool:
        """Choose among the rounds that cost least beyond their worth.

        Returns
        -------
        bool
            Whether there is a better roster now.
        """
        share, columns = 1.0, None
        while columns is None:
            share *= 0.7
            columns = self._bounding.listed(most, budget, share)
        limit = budget.rest_s(CHOICE)
        before = self._bounding.incumbent
        self._choose(columns, limit, None if limit is not None else NODES)
        return self._bounding.incumbent < before

    def _choose(
        self, columns: list[Column], seconds: float | None, nodes: int | None
    ) -> int | None:
        """Choose among columns and the best roster's; return a bound on choices."""
        rounds = as_rounds([*self._best, *columns])
        everything = np.ones(len(rounds.amount), dtype=np.bool_)
        choice = choose(
            rounds,
            self._penalty,
            self._spans,
            everything,
            hint=np.arange(len(self._best)),
            time_limit=seconds,
            node_limit=nodes,
        )
        if choice is None:
            return None
        every = [*self._best, *columns]
        chosen = [every[k] for k in choice.rounds]
        assert self._take is not None
        cost = self._take(as_rounds(chosen))
        if cost is not None and cost < self._bounding.incumbent:
            self._know(chosen, cost)
        return choice.bound
