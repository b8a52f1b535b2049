"""A search from Python: build the state, run the kernel in stretches, keep the best."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import DUR, EARLY, FIRST, HANDS, LATE, PENALTY, Int64
from roundplan.solve.lns.compiled import discard_stale
from roundplan.solve.lns.neighbours import nearest_visits
from roundplan.solve.lns.search import (
    BEST_TOTAL,
    COLD,
    CONSTRUCT,
    COUNT,
    DONE_FROM,
    DONE_TO,
    FINISH,
    FROM_ITERATION,
    HEAT_COUNT,
    HOT,
    ITERATE,
    NO_ROOM,
    OF_ITERATIONS,
    WORK_COUNT,
)
from roundplan.solve.lns.session import NOT_YET
from roundplan.solve.lns.state import copy_memory
from roundplan.solve.params import SearchParams
from roundplan.solve.sync import state as s
from roundplan.solve.sync.ruin import RUINS
from roundplan.solve.sync.search import search
from roundplan.units import AMOUNT_PER_PENNY

discard_stale(search, Path(__file__).parent)


class SyncSession:
    """The search on one problem, with its state between calls of the kernel.

    It has the face of `roundplan.solve.lns.session.SearchSession`. Nothing here reads a
    clock, so the same calls give the same rosters.
    """

    ruins = RUINS

    def __init__(
        self, compiled: CompiledProblem, params: SearchParams, seed: int
    ) -> None:
        self._arrays = compiled.arrays
        self._params = params
        tune = [params.mean_removed, params.blink, params.bank_tried]
        near = nearest_visits(self._arrays)
        self.memory = s.new_memory(self._arrays, near, tune, seed)
        self.iterations = 0
        self.kept = 0
        self.shares = np.zeros((len(RUINS), 3), dtype=np.int64)
        self._heat = np.ones(HEAT_COUNT, dtype=np.float64)
        self._work = np.zeros(WORK_COUNT, dtype=np.int64)
        self._work[BEST_TOTAL] = NOT_YET

    def construct(self) -> None:
        """Make a first roster: dear and hard visits first, each at its cheapest."""
        p = self._arrays
        node = p.node[p.visit[:, FIRST]]
        slack = node[:, LATE] - node[:, EARLY]
        by = (node[:, EARLY], slack, -node[:, DUR], -p.visit[:, PENALTY])
        self._search(CONSTRUCT, np.lexsort((*by, -p.visit[:, HANDS])))
        unit = max(1.0, self._leg_amount() / max(1, len(p.node)))
        self._heat[HOT] = self._params.hot * unit
        self._heat[COLD] = self._params.cold * unit

    def run(self, count: int, done_from: float, done_to: float, of: int = 0) -> None:
        """Do ``count`` iterations, from one share of the search to another.

        ``of`` is the number of iterations in all, when that is what limits the search.
        """
        if self.visits:
            self._work[COUNT] = count
            self._work[FROM_ITERATION] = self.iterations
            self._work[OF_ITERATIONS] = of
            self._heat[DONE_FROM], self._heat[DONE_TO] = done_from, done_to
            self._search(ITERATE, np.zeros(0))
        self.iterations += count

    def adopt(self, other: SyncSession) -> None:
        """Take over state and best of another search on the same problem."""
        copy_memory(self.memory, other.memory, self.memory.par)
        self._heat[:] = other._heat
        self._work[BEST_TOTAL] = other._work[BEST_TOTAL]

    def finish(self) -> dict[int, int | None]:
        """Try the visits that the best state leaves out once more; keep what gains.

        Returns
        -------
        dict
            For each visit left out, what placing it would add to the total, in amounts;
            None where it fits nowhere.
        """
        nodes = self._nodes()
        by_place = np.lexsort((nodes[:, s.BEST_T], nodes[:, s.BEST_AT]))
        order = np.concatenate((by_place, np.full(self.visits, NO_ROOM)))
        room = self._search(FINISH, order)[len(nodes) :]
        placed = self._nodes()[self.memory.visit[:, s.FIRST], s.BEST_AT] >= 0
        return {
            int(v): None if room[v] == NO_ROOM else int(room[v])
            for v in np.flatnonzero(~placed)
        }

    def _search(self, task: int, order: npt.NDArray[np.generic]) -> Int64:
        """Call the kernel, always with the same types: another would compile anew."""
        list_ = order.astype(np.int64)
        search(self.memory, task, list_, self._heat, self._work, self.shares)
        return list_

    def _nodes(self) -> Int64:
        return self.memory.node[: len(self._arrays.node)]

    @property
    def visits(self) -> int:
        """Number of visits of the problem."""
        return len(self._arrays.visit)

    @property
    def constructed(self) -> bool:
        """Whether there is a first roster."""
        return bool(self._work[BEST_TOTAL] != NOT_YET)

    @property
    def best(self) -> tuple[Int64, Int64]:
        """The best state: span and start of each node, and that spans have no break."""
        breaks = np.full(len(self._arrays.span), -1, dtype=np.int64)
        return self._nodes()[:, [s.BEST_AT, s.BEST_T]], breaks

    @property
    def best_amount(self) -> int:
        """Total of the best state, in amounts."""
        return int(self._work[BEST_TOTAL])

    @property
    def amount(self) -> int:
        """Total of the current state, in amounts."""
        return int(self.memory.par[s.TOTAL])

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""
        hot, cold = float(self._heat[HOT]), float(self._heat[COLD])
        return float(hot * (cold / hot) ** done)

    @property
    def absent(self) -> int:
        """Visits that the current state leaves out."""
        return int(self.memory.par[s.BANKED])

    def _leg_amount(self) -> float:
        """Return what all legs of the state cost."""
        m = self.memory
        stops = m.node[m.node[:, s.AT] >= 0]
        amount = float(stops[stops[:, s.NEXT] >= 0, s.LEG].sum())
        return amount or float(AMOUNT_PER_PENNY)
