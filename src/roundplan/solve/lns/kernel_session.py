"""What the searches from Python share: limits, temperatures, the call of the kernel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.arrays.layout import FIRST, Int64, ProblemArrays
from roundplan.solve.bound import Bound
from roundplan.solve.lns.search import (
    BEST_TOTAL,
    COLD,
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
from roundplan.solve.lns.state import copy_memory
from roundplan.solve.params import SearchParams

NOT_YET = -1
"""The best total before there is a first roster."""


class KernelSession(ABC):
    """A search on one problem, with its state between calls of its kernel.

    A subclass makes ``memory``, constructs, and says what the state is. Nothing here
    reads a clock, so the same calls give the same rosters.

    Parameters
    ----------
    kernel
        The compiled entry: ``kernel(memory, task, order, heat, work, shares)``.
    memory
        Its arrays, as a named tuple with ``par``.
    ruins
        Names of the ways of taking out, in the order of ``shares``.
    """

    def __init__(
        self,
        kernel: Callable[..., None],
        arrays: ProblemArrays,
        memory: Any,
        params: SearchParams,
        ruins: tuple[str, ...],
    ) -> None:
        self.memory = memory
        self.ruins = ruins
        self.iterations = 0
        self.kept = 0
        self.leads = True
        self.shares = np.zeros((len(ruins), 3), dtype=np.int64)
        self._kernel = kernel
        self._arrays = arrays
        self._params = params
        self._heat = np.ones(HEAT_COUNT, dtype=np.float64)
        self._work = np.zeros(WORK_COUNT, dtype=np.int64)
        self._work[BEST_TOTAL] = NOT_YET

    def warm_up(self) -> None:
        """Compile everything, or load it, on a problem that does not matter."""
        self.construct()
        self.run(1, 0.0, 1.0)

    @abstractmethod
    def construct(self) -> None:
        """Make a first roster."""

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

    def adopt(self, other: KernelSession) -> None:
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
        spot = self.best[0]
        nodes = np.lexsort((spot[:, 1], spot[:, 0]))
        order = np.concatenate((nodes, np.full(self.visits, NO_ROOM)))
        room = self._search(FINISH, order)[len(nodes) :]
        spans = self.best[0][self._arrays.visit[:, FIRST], 0]
        return {
            int(v): None if room[v] == NO_ROOM else int(room[v])
            for v in np.flatnonzero(spans < 0)
        }

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""
        hot, cold = float(self._heat[HOT]), float(self._heat[COLD])
        return float(hot * (cold / hot) ** done)

    @property
    def visits(self) -> int:
        """Number of visits of the problem."""
        return len(self._arrays.visit)

    @property
    def constructed(self) -> bool:
        """Whether there is a first roster."""
        return bool(self._work[BEST_TOTAL] != NOT_YET)

    @property
    def bound(self) -> Bound | None:
        """What no roster can cost less than, where the search proves such a thing."""
        return None

    @property
    @abstractmethod
    def best(self) -> tuple[Int64, Int64]:
        """The best state: span and start of each node, and the break of each span."""

    @property
    def best_amount(self) -> int:
        """Total of the best state, in amounts."""
        return int(self._work[BEST_TOTAL])

    def _set_temperatures(self, legs: float) -> None:
        """Set them by what the legs of a first roster cost, in amounts."""
        unit = max(1.0, legs / max(1, len(self._arrays.node)))
        self._heat[HOT] = self._params.hot * unit
        self._heat[COLD] = self._params.cold * unit

    def _search(self, task: int, order: npt.NDArray[np.generic]) -> Int64:
        """Call the kernel, always with the same types: another would compile anew."""
        list_ = order.astype(np.int64)
        self._kernel(self.memory, task, list_, self._heat, self._work, self.shares)
        return list_
