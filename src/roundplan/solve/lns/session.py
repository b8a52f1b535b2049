"""A search from Python: build the state, run the kernel in stretches, keep the best."""

from __future__ import annotations

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import (
    BLOCK,
    CHANGE_PRICE,
    DUR,
    EARLY,
    EXTRA_PRICE,
    FIRST,
    HANDS,
    LATE,
    LAYER,
    PENALTY,
    PLACE,
    RATE,
    UNKNOWN_PRICE,
    VEHICLES,
    Int64,
)
from roundplan.solve.lns.compiled import discard_stale
from roundplan.solve.lns.kernel_session import KernelSession
from roundplan.solve.lns.neighbours import nearest_visits
from roundplan.solve.lns.offers import kept, offers
from roundplan.solve.lns.ruin import RUINS
from roundplan.solve.lns.search import (
    CONSTRUCT,
    OFFERED,
    WHOLE,
    search,
)
from roundplan.solve.lns.state import (
    AT,
    BANKED,
    BEST_AT,
    BEST_BREAK,
    BEST_START,
    LEN,
    NODE,
    SPANS_COUNT,
    TOTAL,
    WEIGHTS,
    new_memory,
)
from roundplan.solve.params import SearchParams
from roundplan.units import AMOUNT_PER_PENNY

discard_stale(search)

LISTED = 256
"""How many absent visits one iteration can at most try to insert."""


class SearchSession(KernelSession):
    """The general search: wages, rests, weeks and continuity."""

    def __init__(
        self, compiled: CompiledProblem, params: SearchParams, seed: int
    ) -> None:
        tune = [params.mean_removed, params.blink, params.bank_tried, params.moments]
        tune += [getattr(params, name) for name in RUINS]
        p = compiled.arrays
        memory = new_memory(p, nearest_visits(p), tune, seed, LISTED)
        if not p.par[[UNKNOWN_PRICE, EXTRA_PRICE, CHANGE_PRICE]].any():
            # nothing is gained by bringing a client's visits together
            for name in ("client_worker", "client_week"):
                memory.par[WEIGHTS + RUINS.index(name)] = 0
        if not p.par[VEHICLES]:
            memory.par[WEIGHTS + RUINS.index("vehicle")] = 0
        super().__init__(search, p, memory, params, RUINS)
        self._compiled = compiled

    def construct(self) -> None:
        """Make a first roster: dear and hard visits first, each at its cheapest.

        What a previous roster offers comes before; ``kept`` then says how many visits
        have a start with all the workers they had.
        """
        p = self._arrays
        node = p.node[p.visit[:, FIRST]]
        slack = node[:, LATE] - node[:, EARLY]
        # by block, so that a client's workers of one week are found before the next
        by = (slack, -node[:, DUR], -p.visit[:, PENALTY], -p.visit[:, HANDS])
        order = np.lexsort((*by, node[:, BLOCK]))
        spans, starts, repeats = offers(self._compiled, self.memory.stop.shape[1])
        self.memory.node[:, BEST_AT], self.memory.node[:, BEST_START] = spans, starts
        back = np.lexsort((starts, spans, repeats))
        back = back[spans[back] >= 0]
        self._work[OFFERED] = len(back)
        self._work[WHOLE] = len(back) - repeats[back].sum()
        self._search(CONSTRUCT, np.concatenate((back, order)))
        self.kept = kept(self._compiled, self.memory.node[:, AT])
        self._set_temperatures(self._travel_amount())

    @property
    def best(self) -> tuple[Int64, Int64]:
        """The best state: span and start of each node, and the break of each span."""
        spans = int(self.memory.par[SPANS_COUNT])
        return (
            self.memory.node[:, [BEST_AT, BEST_START]],
            self.memory.span[:spans, BEST_BREAK],
        )

    @property
    def amount(self) -> int:
        """Total of the current state, in amounts."""
        return int(self.memory.par[TOTAL])

    @property
    def absent(self) -> int:
        """Visits that the current state leaves out."""
        return int(self.memory.par[BANKED])

    def _travel_amount(self) -> float:
        """Return what all inter-visit legs of the state cost, pay and prices."""
        p, m = self._arrays, self.memory
        amount = 0.0
        for r in np.flatnonzero(m.span[:, LEN] > 1):
            places = p.node[m.stop[r, : m.span[r, LEN], NODE], PLACE]
            layer, rate = m.span[r, LAYER], m.span[r, RATE]
            amount += float(p.leg_s[layer, places[:-1], places[1:]].sum() * rate)
            amount += float(p.leg_p[layer, places[:-1], places[1:]].sum())
        return amount or float(AMOUNT_PER_PENNY)
