"""A search from Python: build the state, run the kernel in stretches, keep the best."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import DUR, EARLY, FIRST, HANDS, LATE, PENALTY, Int64
from roundplan.solve.lns.compiled import discard_stale
from roundplan.solve.lns.kernel_session import KernelSession
from roundplan.solve.lns.neighbours import nearest_visits
from roundplan.solve.lns.search import (
    CONSTRUCT,
)
from roundplan.solve.params import SearchParams
from roundplan.solve.sync import state as s
from roundplan.solve.sync.ruin import RUINS
from roundplan.solve.sync.search import search
from roundplan.units import AMOUNT_PER_PENNY

discard_stale(search, Path(__file__).parent)


class SyncSession(KernelSession):
    """The search for problems in which only lateness has a price."""

    memory: s.Memory

    def __init__(
        self, compiled: CompiledProblem, params: SearchParams, seed: int
    ) -> None:
        p = compiled.arrays
        tune = [params.mean_removed, params.blink, params.bank_tried]
        memory = s.new_memory(p, nearest_visits(p), tune, seed)
        super().__init__(search, p, memory, params, RUINS)

    def construct(self) -> None:
        """Make a first roster: dear and hard visits first, each at its cheapest."""
        p = self._arrays
        node = p.node[p.visit[:, FIRST]]
        slack = node[:, LATE] - node[:, EARLY]
        by = (node[:, EARLY], slack, -node[:, DUR], -p.visit[:, PENALTY])
        self._search(CONSTRUCT, np.lexsort((*by, -p.visit[:, HANDS])))
        self._set_temperatures(self._leg_amount())

    def _nodes(self) -> Int64:
        return self.memory.node[: len(self._arrays.node)]

    @property
    def best(self) -> tuple[Int64, Int64]:
        """The best state: span and start of each node, and that spans have no break."""
        breaks = np.full(len(self._arrays.span), -1, dtype=np.int64)
        return self._nodes()[:, [s.BEST_AT, s.BEST_T]], breaks

    @property
    def amount(self) -> int:
        """Total of the current state, in amounts."""
        return int(self.memory.par[s.TOTAL])

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
