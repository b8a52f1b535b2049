"""A search from Python: build the state, run the kernel in stretches, keep the best."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import (
    BLOCK,
    DUR,
    EARLY,
    FIRST,
    HANDS,
    LATE,
    LAYER,
    PENALTY,
    PLACE,
    RATE,
    Int64,
)
from roundplan.solve.lns.compiled import discard_stale
from roundplan.solve.lns.neighbours import nearest_visits
from roundplan.solve.lns.offers import kept, offers
from roundplan.solve.lns.ruin import RUINS
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
    OFFERED,
    WHOLE,
    WORK_COUNT,
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
    copy_memory,
    new_memory,
)
from roundplan.solve.params import SearchParams
from roundplan.units import AMOUNT_PER_PENNY

discard_stale(search)

NOT_YET = -1
"""The best total before there is a first roster."""

LISTED = 256
"""How many absent visits one iteration can at most try to insert."""


class SearchSession:
    """The search on one problem, with its state between calls of the kernel.

    Nothing here reads a clock, so the same calls give the same rosters.
    """

    ruins = RUINS

    def __init__(
        self, compiled: CompiledProblem, params: SearchParams, seed: int
    ) -> None:
        self._compiled = compiled
        self._arrays = compiled.arrays
        self._params = params
        tune = [params.mean_removed, params.blink, params.bank_tried, params.moments]
        tune += [getattr(params, name) for name in RUINS]
        near = nearest_visits(self._arrays)
        self.memory = new_memory(self._arrays, near, tune, seed, LISTED)
        self.iterations = 0
        self.shares = np.zeros((len(RUINS), 3), dtype=np.int64)
        self._heat = np.ones(HEAT_COUNT, dtype=np.float64)
        self._work = np.zeros(WORK_COUNT, dtype=np.int64)
        self._work[BEST_TOTAL] = NOT_YET
        self.kept = 0

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
        unit = max(1.0, self._travel_amount() / max(1, len(p.node)))
        self._heat[HOT] = self._params.hot * unit
        self._heat[COLD] = self._params.cold * unit

    def run(self, count: int, done_from: float, done_to: float, of: int = 0) -> None:
        """Do ``count`` iterations, from one share of the search to another.

        ``of`` is the number of iterations in all, when that is what limits the search.
        """
        if self.visits:
            self.iterate(count, self.iterations, of, done_from, done_to)
        else:
            self.iterations += count

    def iterate(
        self,
        count: int,
        at: int,
        of: int,
        done_from: float = 0.0,
        done_to: float = 0.0,
    ) -> None:
        """Do ``count`` iterations at the temperatures of ``at`` and on, out of ``of``.

        With ``of`` 0 from one share of the annealing to another.
        """
        self._work[COUNT] = count
        self._work[FROM_ITERATION] = at
        self._work[OF_ITERATIONS] = of
        self._heat[DONE_FROM], self._heat[DONE_TO] = done_from, done_to
        self._search(ITERATE, np.zeros(0))
        self.iterations += count

    def adopt(self, other: SearchSession) -> None:
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
        m = self.memory
        nodes = np.lexsort((m.node[:, BEST_START], m.node[:, BEST_AT]))
        order = np.concatenate((nodes, np.full(len(m.visit), NO_ROOM)))
        room = self._search(FINISH, order)[len(nodes) :]
        first = m.visit[:, FIRST]
        return {
            int(v): None if room[v] == NO_ROOM else int(room[v])
            for v in np.flatnonzero(m.node[first, BEST_AT] < 0)
        }

    def _search(self, task: int, order: npt.NDArray[np.generic]) -> Int64:
        """Call the kernel, always with the same types: another would compile anew."""
        list_ = order.astype(np.int64)
        search(self.memory, task, list_, self._heat, self._work, self.shares)
        return list_

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
        """The best state: span and start of each node, and the break of each span."""
        spans = int(self.memory.par[SPANS_COUNT])
        return (
            self.memory.node[:, [BEST_AT, BEST_START]],
            self.memory.span[:spans, BEST_BREAK],
        )

    @property
    def best_amount(self) -> int:
        """Total of the best state, in amounts."""
        return int(self._work[BEST_TOTAL])

    @property
    def amount(self) -> int:
        """Total of the current state, in amounts."""
        return int(self.memory.par[TOTAL])

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""
        hot, cold = float(self._heat[HOT]), float(self._heat[COLD])
        return float(hot * (cold / hot) ** done)

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
