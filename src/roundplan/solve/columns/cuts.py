"""Cuts that lift the bound: of three visits, at most one round makes two.

A subset-row cut (Jepsen et al. 2008, see `labels`) is true of every roster, as each
visit is made once, and not of a mixture of rounds. It makes pricing dearer: a label has
to know which visits of the three its path has made. So each cut is remembered only at
the visits where the current mixture needs it (Pecin et al. 2017).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from roundplan.arrays.layout import Int64
from roundplan.solve.columns.graph import Graph
from roundplan.solve.columns.labels import Marks

MOST_AT_A_VISIT = 62
"""Cuts that are remembered at one visit, at most: a label has 62 bits for them."""

LEAST = 0.02
"""By how much a mixture must break a cut that is added."""

A_TIME = 60
"""Cuts that are added together, at most."""

OF_A_VISIT = 5
"""Of them, how often a visit may be one of the three."""


@dataclass(slots=True)
class Cut:
    """Three nodes, and the nodes at which the cut is remembered: none when it rests."""

    three: frozenset[int]
    memory: set[int]

    def count(self, nodes: list[int]) -> int:
        """Return how often a round breaks the cut, as far as it is remembered."""
        found = 0
        once = False
        for i in nodes:
            if i not in self.memory:
                once = False
            elif i in self.three:
                found += once
                once = not once
        return found


@dataclass(slots=True)
class Cuts:
    """All cuts so far; a cut that is found again is remembered at more visits."""

    all: list[Cut] = field(default_factory=list)
    _index: dict[frozenset[int], int] = field(default_factory=dict)
    _of_node: dict[int, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many cuts there are."""
        return len(self.all)

    def counts(self, nodes: Int64) -> dict[int, int]:
        """Return the cuts that a round breaks, and how often each."""
        visits = nodes.tolist()
        seen = Counter(q for i in visits for q in self._of_node.get(i, ()))
        counts = {q: self.all[q].count(visits) for q, n in seen.items() if n > 1}
        return {q: times for q, times in counts.items() if times}

    def marks(self, g: Graph, nodes: int) -> Marks:
        """Return the cuts as a graph sees them; ``nodes`` is how many there are."""
        local = np.full(nodes, -1, dtype=np.int64)
        local[g.node] = np.arange(len(g.node))
        at_stop: list[list[tuple[int, bool]]] = [[] for _ in g.node]
        bit = np.full((len(g.node), len(self)), -1, dtype=np.int8)
        for q, cut in enumerate(self.all):
            for i in cut.memory:
                if (j := local[i]) >= 0:
                    bit[j, q] = len(at_stop[j])
                    at_stop[j].append((q, i in cut.three))
        flat = [entry for entries in at_stop for entry in entries]
        sizes = [len(entries) for entries in at_stop]
        return Marks(
            at=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))),
            cut=np.array([q for q, _ in flat], dtype=np.int64),
            inside=np.array([i for _, i in flat], dtype=np.int64),
            bit=bit,
        )

    def separate(
        self, rounds: list[Int64], shares: npt.NDArray[np.float64], nodes: int
    ) -> list[int]:
        """Find the cuts that a mixture of rounds breaks most; return those changed.

        Parameters
        ----------
        rounds
            Nodes of each round of the mixture.
        shares
            Its share in the mixture, above 0.
        """
        made = np.zeros((len(rounds), nodes))
        for k, visits in enumerate(rounds):
            made[k, visits] = 1
        found = _broken(made, shares)
        load = np.zeros(nodes, dtype=np.int64)
        for cut in self.all:
            load[list(cut.memory)] += 1
        often = np.zeros(nodes, dtype=np.int64)
        changed: list[int] = []
        for _, three in found:
            members = list(three)
            if len(changed) == A_TIME:
                break
            if (often[members] >= OF_A_VISIT).any():
                continue
            memory = _memory(three, rounds)
            q = self._index.get(three)
            more = memory - (self.all[q].memory if q is not None else set())
            if not more or (load[list(more)] >= MOST_AT_A_VISIT).any():
                continue
            load[list(more)] += 1
            often[members] += 1
            if q is None:
                q = len(self.all)
                self._index[three] = q
                self.all.append(Cut(three, memory))
                for i in members:
                    self._of_node.setdefault(i, []).append(q)
            else:
                self.all[q].memory |= memory
            changed.append(q)
        return changed

    def rest(self, idle: npt.NDArray[np.bool_]) -> None:
        """Let cuts that hold anyway (Q,) be remembered nowhere until found again."""
        for q in np.flatnonzero(idle):
            self.all[q].memory.clear()


def _broken(
    made: npt.NDArray[np.float64], shares: npt.NDArray[np.float64]
) -> list[tuple[float, frozenset[int]]]:
    """Return the triples of which the mixture makes two too often, worst first."""
    together = (made * shares[:, None]).T @ made
    np.fill_diagonal(together, 0)
    together[together < 1e-9] = 0
    worst: dict[frozenset[int], float] = {}
    for i in range(made.shape[1]):
        near = np.flatnonzero(together[i])
        if len(near) < 2:
            continue
        mine = made[:, i] > 0
        part = made[mine][:, near]
        all_three = (part * shares[mine][:, None]).T @ part
        w = together[i, near]
        over = w[:, None] + w[None, :] + together[np.ix_(near, near)] - 2 * all_three
        a, b = np.nonzero(np.triu(over > 1 + LEAST, k=1))
        for x, y in zip(a, b, strict=True):
            key = frozenset((i, int(near[x]), int(near[y])))
            worst[key] = float(over[x, y])
    return sorted(
        ((over, three) for three, over in worst.items()),
        key=lambda item: (-item[0], sorted(item[1])),
    )


def _memory(three: frozenset[int], rounds: list[Int64]) -> set[int]:
    """Return where a cut must be remembered so that the mixture is seen to break it."""
    memory = set(three)
    for visits in rounds:
        inside = [k for k, i in enumerate(visits.tolist()) if i in three]
        if len(inside) > 1:
            memory.update(visits[inside[0] : inside[1] + 1].tolist())
            if len(inside) > 3:  # a round that is not elementary
                memory.update(visits[inside[2] : inside[3] + 1].tolist())
    return memory
