"""The linear programme over the rounds so far: visits made, spans not overdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.arrays.layout import Int64
from roundplan.solve.columns.cuts import Cuts
from roundplan.solve.columns.partition import UNIT
from roundplan.solve.columns.pool import Rounds

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """A round of a group of equal spans: its nodes in order, and what it costs."""

    group: int
    nodes: Int64
    amount: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What each node is worth (N,), each cut's fine (Q,) and each group's (G,)."""

    node: Int64
    fine: Int64
    group: Int64

    def mixed(self, other: Prices, share: float) -> Prices:
        """Return a mixture with others; cuts that they do not know have no fine."""
        fine = np.zeros(len(self.fine), dtype=np.int64)
        fine[: len(other.fine)] = other.fine
        parts = (
            (share * old + (1 - share) * new).astype(np.int64)
            for old, new in (
                (other.node, self.node),
                (fine, self.fine),
                (other.group, self.group),
            )
        )
        return Prices(*parts)


class Master:
    """The linear programme, solved by GLOP from where it was.

    Parameters
    ----------
    visit
        (N,): the visit of each node.
    penalty
        (V,): what leaving a visit out costs.
    spans
        (G,): how many spans each group has.

    Leaving a visit out costs no more than a ``cap``, which rises: low prices are
    steadier.
    """

    def __init__(self, visit: Int64, penalty: Int64, spans: Int64) -> None:
        from ortools.linear_solver import pywraplp

        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._infinity = self._lp.infinity()
        self._visit = visit
        self._penalty = penalty
        self._made = [self._lp.Constraint(1, self._infinity) for _ in visit]
        self._used = [self._lp.Constraint(-self._infinity, int(n)) for n in spans]
        self._cuts: list[Any] = []
        self.columns: list[Column] = []
        self._shares: list[Any] = []
        self._lp.Objective().SetMinimization()
        self._left_out = [self._lp.NumVar(0, self._infinity, "") for _ in penalty]
        for i, v in enumerate(visit):
            self._made[i].SetCoefficient(self._left_out[v], 1)
        self._mixture = np.zeros(0)
        self._missing = np.zeros(len(penalty))
        self.idle_cuts = np.zeros(0, dtype=np.bool_)
        """Which cuts (Q,) the solution keeps anyway."""
        self.cap = 0
        self.raise_cap(1)

    def add(self, new: list[Column], cuts: Cuts) -> None:
        """Add columns."""
        for column in new:
            share = self._lp.NumVar(0, self._infinity, "")
            self._lp.Objective().SetCoefficient(share, column.amount / UNIT)
            for i, times in zip(
                *np.unique(column.nodes, return_counts=True), strict=True
            ):
                self._made[i].SetCoefficient(share, float(times))
            self._used[column.group].SetCoefficient(share, 1)
            for q, times in cuts.counts(column.nodes).items():
                self._cuts[q].SetCoefficient(share, times)
            self.columns.append(column)
            self._shares.append(share)

    def set_cuts(self, cuts: Cuts, changed: list[int]) -> None:
        """Add the rows of new cuts, renew those of changed ones, lift those at rest."""
        while len(self._cuts) < len(cuts):
            self._cuts.append(self._lp.Constraint(-self._infinity, 1))
        for row, cut in zip(self._cuts, cuts.all, strict=True):
            row.SetUb(1 if cut.memory else self._infinity)
        wanted = set(changed)
        for column, share in zip(self.columns, self._shares, strict=True):
            for q, times in cuts.counts(column.nodes).items():
                if q in wanted:
                    self._cuts[q].SetCoefficient(share, times)

    def raise_cap(self, cap: int) -> None:
        """Let a visit that is left out cost so much: no price is higher."""
        self.cap = min(cap, int(self._penalty.max(initial=0)))
        for variable, penalty in zip(self._left_out, self._penalty, strict=True):
            least = min(int(penalty), self.cap)
            self._lp.Objective().SetCoefficient(variable, least / UNIT)

    @property
    def leaves_out(self) -> bool:
        """Whether the solution leaves visits out that could cost more."""
        return bool((self._missing[self._penalty > self.cap] > 1e-6).any())

    def solve(self) -> tuple[float, Prices]:
        """Return the value, in amounts, and the prices, which are whole amounts."""
        self._lp.Solve()
        node = np.array([row.dual_value() for row in self._made]) * UNIT
        fine = np.array([row.dual_value() for row in self._cuts]) * -UNIT
        group = np.array([row.dual_value() for row in self._used]) * UNIT
        # the solver forgets its solution as soon as the programme grows
        self._mixture = np.array([share.solution_value() for share in self._shares])
        self._missing = np.array([left.solution_value() for left in self._left_out])
        self.idle_cuts = np.abs(fine) < 1
        return UNIT * self._lp.Objective().Value(), Prices(
            node=self._affordable(np.maximum(0, np.rint(node)).astype(np.int64)),
            fine=np.maximum(0, np.rint(fine)).astype(np.int64),
            group=np.minimum(0, np.rint(group)).astype(np.int64),
        )

    def _affordable(self, node: Int64) -> Int64:
        """Return prices (N,) that make no visit worth more than its penalty."""
        worth = np.zeros(len(self._penalty), dtype=np.int64)
        np.add.at(worth, self._visit, node)
        share = np.minimum(1.0, self._penalty / np.maximum(1, worth))
        lowered = np.floor(node * share[self._visit]).astype(np.int64)
        return np.where((worth > self._penalty)[self._visit], lowered, node)

    def mixture(self) -> tuple[list[Column], Float64]:
        """Return the rounds of the solution, and the share of each."""
        used = np.flatnonzero(self._mixture > 1e-7)
        return [self.columns[k] for k in used], self._mixture[used]


def as_rounds(columns: list[Column]) -> Rounds:
    """Return columns as the input of a set partition."""
    sizes = [len(c.nodes) for c in columns]
    return Rounds(
        amount=np.array([c.amount for c in columns], dtype=np.int64),
        group=np.array([c.group for c in columns], dtype=np.int64),
        at=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))),
        node=np.concatenate([c.nodes for c in columns]).astype(np.int64)
        if columns
        else np.zeros(0, dtype=np.int64),
    )
