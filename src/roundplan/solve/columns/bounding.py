"""A lower bound on what any roster costs, by column generation.

Each visit is made or left out, and no more rounds of equal spans are used than there
are spans: a linear programme over all rounds, of which pricing finds those that matter.
For any prices, what the visits are worth and what the best rounds cost beyond it is a
bound (Lagrange), so that it can be stopped at any moment. Cuts lift it, and what cannot
be in a roster that costs less than the best one known is taken out of the graphs [1]_.

References
----------
.. [1] Baldacci, R., Christofides, N., Mingozzi, A. (2008). An exact algorithm for the
   vehicle routing problem based on the set partitioning formulation with additional
   cuts. *Mathematical Programming*, 115: 351-385.
.. [2] Wentges, P. (1997). Weighted Dantzig-Wolfe decomposition for linear mixed-integer
   programming. *International Transactions in Operational Research*, 4(2): 151-162.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.arrays.layout import PENALTY, VISIT, Int64, ProblemArrays
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.cuts import Cuts
from roundplan.solve.columns.graph import IMPOSSIBLE, Graph, end_of, reverse
from roundplan.solve.columns.groups import Group
from roundplan.solve.columns.labels import (
    AT,
    COST,
    ROOM,
    SPENT,
    STOP,
    Marks,
    Ways,
    all_paths,
    make_labels,
    needed_arcs,
    paths,
    ways_of,
)
from roundplan.solve.columns.master import Column, Master, Prices

LABELS = 6_000_000
"""Labels of one pricing, at most: beyond it the bound stays as it is."""

COVER = 4
"""How often one batch of new columns may serve the same visit."""

SMOOTH = 0.75
"""Weight of the best prices so far in the next ones [2]_."""

FAIR = 180
"""Worth, in amounts, that is only the rounding of prices."""

NEAR = 500
"""The bound is near the programme's value when it lacks one part in so many of what
separates that from the best roster."""

CAP = 8
"""What a visit left out costs at first, in mean amounts of a visit made."""


@dataclass(slots=True)
class Priced:
    """What pricing found: a bound at the prices, and new columns."""

    bound: int
    new: list[Column] = field(default_factory=list)


class Bounding:
    """Column generation over the groups of a problem.

    ``incumbent`` is what the best roster known costs, constants apart. What is proved
    is that no roster costs less than ``bound``.
    """

    def __init__(self, p: ProblemArrays, groups: list[Group]) -> None:
        self.groups = groups
        self._nodes = len(p.node)
        self._penalty = p.visit[:, PENALTY].astype(np.int64)
        spans = np.array([len(g.spans) for g in groups], dtype=np.int64)
        visit = p.node[:, VISIT].astype(np.int64)
        self._master = Master(visit, self._penalty, spans)
        self._cuts = Cuts()
        self.incumbent = int(self._penalty.sum())
        self._least = 0
        self._prices = Prices(
            node=np.zeros(self._nodes, dtype=np.int64),
            fine=np.zeros(0, dtype=np.int64),
            group=np.zeros(len(groups), dtype=np.int64),
        )
        self.step = step_of(self._penalty, [g.graph for g in groups])
        self._marks: list[Marks] = []
        self._mark()

    @property
    def bound(self) -> int:
        """What no roster costs less than: at most the best one known."""
        return min(self.incumbent, -(-self._least // self.step) * self.step)

    @property
    def gap(self) -> int:
        """By how much the best roster known is above the bound."""
        return self.incumbent - self.bound

    @property
    def closed(self) -> bool:
        """Whether the best roster known is proved to be the best of all."""
        return self.gap <= 0

    def know(self, rounds: list[Column], cost: int) -> None:
        """Take note of the rounds of a better roster, and of what it costs."""
        self.incumbent = cost
        self._master.add(rounds, self._cuts)
        made = sum(len(c.nodes) for c in rounds)
        if made:
            spent = sum(c.amount for c in rounds)
            self._master.raise_cap(max(self._master.cap, CAP * spent // made))

    def begin_with(self, rounds: list[Column]) -> None:
        """Add rounds to those that the linear programme begins with."""
        self._master.add(rounds, self._cuts)

    def raise_bound(self, bound: int) -> None:
        """Take over a bound that was proved elsewhere of all cheaper rosters."""
        self._least = max(self._least, bound)

    def _mark(self) -> None:
        self._marks = [self._cuts.marks(g.graph, self._nodes) for g in self.groups]

    def _price(self, tried: Prices, asked: Prices, budget: Budget) -> Priced | None:
        """Return what rounds are worth at prices; None when there are too many labels.

        The bound is at the prices that are ``tried``; the columns are those that the
        programme wants at the prices that it ``asked`` with.
        """
        found = Priced(int(tried.node.sum() - tried.fine.sum()))
        fine = np.stack((tried.fine, asked.fine), axis=1)
        for k, (group, marks) in enumerate(zip(self.groups, self._marks, strict=True)):
            g = group.graph
            if not len(g.node):
                continue
            worth = np.stack((tried.node[g.node], asked.node[g.node]), axis=1)
            lab, also, _ = make_labels(g, worth, marks, fine, ROOM, LABELS)
            budget.spend(len(lab))
            if not len(lab):
                return None
            stop = lab[:, STOP]
            ends = lab[:, AT] <= g.last[stop, 0]
            found.bound += len(group.spans) * least_of(g, lab)
            reduced = also[:, 0] + g.last[stop, 1] - asked.group[k]
            order = np.flatnonzero(ends & (reduced < -FAIR))
            order = order[np.argsort(reduced[order], kind="stable")]
            chosen, made = paths(order, lab, len(g.node), COVER)
            for label, path in zip(chosen, made, strict=True):
                amount = also[label, SPENT] + g.last[path[-1], 1]
                found.new.append(Column(k, g.node[path], int(amount)))
        return found

    def generate(self, budget: Budget) -> bool:
        """Add columns until the bound is near the value of the linear programme.

        Returns
        -------
        bool
            Whether it came that far, within the budget and the room for labels.
        """
        while not self.closed:
            value, asked = self._master.solve()
            share = SMOOTH
            while True:
                tried = asked.mixed(self._prices, share) if share else asked
                priced = self._price(tried, asked, budget)
                if priced is None:
                    return False
                if priced.bound > self._least:
                    self._least, self._prices = priced.bound, tried
                if priced.new or not share:
                    break
                share = 0.0  # the smoothed prices missed: ask with the programme's own
            near = max(self.step, self.incumbent - value) / NEAR
            if not priced.new or self._least > value - near:
                if not self._master.leaves_out:
                    return True
                self._master.raise_cap(4 * self._master.cap)
            if budget.over:
                return False
            self._master.add(priced.new, self._cuts)
        return True

    def cut(self) -> int:
        """Add the cuts that the present mixture breaks most; return how many."""
        columns, shares = self._master.mixture()
        self._cuts.rest(self._master.idle_cuts)
        nodes = [c.nodes for c in columns]
        changed = self._cuts.separate(nodes, shares, self._nodes)
        self._master.set_cuts(self._cuts, changed)
        self._mark()
        return len(changed)

    def reduce(self, budget: Budget) -> None:
        """Take the arcs out that no roster cheaper than the best one known has."""
        for both in self._both_ways(budget):
            g = both.group.graph
            room = self._room() + both.least
            keep = needed_arcs(g, both.labels, both.dead, both.ways, room)
            frm = np.repeat(np.arange(len(g.node)), np.diff(g.at))[keep]
            count = np.bincount(frm, minlength=len(g.node))
            both.group.graph = g._replace(
                at=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
                to=g.to[keep],
                need=g.need[keep],
                cost=g.cost[keep],
            )

    def listed(
        self, most: int, budget: Budget, share: float = 1.0
    ) -> list[Column] | None:
        """Return every round that a cheaper roster may have; None if there are more.

        ``share`` of the gap is the room that a round may take: with less than all of
        it, the rounds are only those that a cheaper roster has most likely.
        """
        found: list[Column] = []
        room = int(share * self._room())
        for both in self._both_ways(budget):
            g = both.group.graph
            stops, begins, amounts, many = all_paths(
                g,
                both.worth,
                both.marks,
                self._fines(),
                both.ways,
                room + both.least,
                most - len(found),
            )
            if many:
                return None
            ends = np.append(begins[1:], len(stops))
            for low, high, amount in zip(begins, ends, amounts, strict=True):
                found.append(Column(both.number, g.node[stops[low:high]], int(amount)))
        return found

    def _room(self) -> int:
        """Return by how much rounds of a cheaper roster may exceed their worth."""
        return self.incumbent - self.step - self._least

    def _fines(self) -> Int64:
        """Return the fines (Q, 2) of the best prices, for all cuts there are now."""
        fine = np.zeros((len(self._cuts), 2), dtype=np.int64)
        fine[: len(self._prices.fine)] = self._prices.fine[:, None]
        return fine

    def _both_ways(self, budget: Budget) -> Iterator[_Both]:
        """Yield each group with its labels, and with those of its graph turned round.

        A group with too many labels is left as it is: nothing follows from it.
        """
        fine = self._fines()
        for k, (group, marks) in enumerate(zip(self.groups, self._marks, strict=True)):
            g = group.graph
            if not len(g.node):
                continue
            worth = np.repeat(self._prices.node[g.node][:, None], 2, axis=1)
            lab, _, dead = make_labels(g, worth, marks, fine, ROOM, LABELS)
            turned = reverse(g)
            back, _, dead_back = make_labels(turned, worth, marks, fine, ROOM, LABELS)
            budget.spend(len(lab) + len(back))
            if len(lab) and len(back):
                ways = ways_of(g, back, dead_back, end_of(g))
                least = least_of(g, lab)
                yield _Both(k, group, marks, worth, lab, dead, ways, least)


class _Both(NamedTuple):
    """A group, and what its labels say at the best prices."""

    number: int
    group: Group
    marks: Marks
    worth: Int64
    labels: Int64
    dead: npt.NDArray[np.bool_]
    ways: Ways
    least: int


def least_of(g: Graph, lab: Int64) -> int:
    """Return what the best round costs beyond its worth: at most nothing."""
    stop = lab[:, STOP]
    ends = lab[:, AT] <= g.last[stop, 0]
    return min(0, int((lab[ends, COST] + g.last[stop[ends], 1]).min(initial=0)))


def step_of(penalty: Int64, graphs: list[Graph]) -> int:
    """Return an amount of which every roster's cost is a multiple."""
    step = int(np.gcd.reduce(penalty)) if len(penalty) else 0
    for g in graphs:
        ways = np.concatenate((g.first[:, 1], g.last[:, 1]))
        parts = (g.base, g.cost, g.kink[:, 1], g.kink[:, 3], ways[ways < IMPOSSIBLE])
        for part in parts:
            if len(part):
                step = gcd(step, int(np.gcd.reduce(part)))
    return max(1, step)
