"""A pool of rounds: which problems have one, and what the search found so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.arrays import CompiledProblem
from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER, Int64, ProblemArrays
from roundplan.solve.lns import state as now
from roundplan.solve.lns.state import Memory

MOST_ROUNDS = 60_000
"""Rounds that a pool holds; at some 300 bytes each."""


CHANGES = "the price of changes"


def why_dependent(compiled: CompiledProblem) -> str | None:
    """Return why the rounds of a problem depend on each other, None where they do not.

    Where they do not, a round's price and whether it keeps the rules follow from its
    own visits and its span. Then rosters can be put together from rounds at will.
    """
    return next(iter(dependences(compiled)), None)


def dependences(compiled: CompiledProblem) -> list[str]:
    """Return each rule and price that makes a problem's rounds depend on each other."""
    p = compiled.arrays
    workers = p.span[np.unique(p.span[:, of.SHIFT]), of.WORKER]
    policy = compiled.problem.policy
    reasons = (
        (p.node[:, of.FIXED].any(), "starts of linked and double-handed visits"),
        (len(np.unique(workers)) < len(workers), "a worker's two shifts"),
        (bool(p.par[of.VEHICLES]), "the one vehicle of each round"),
        ((p.week[:, :, of.PROMISED] > 0).any(), "guaranteed hours"),
        ((p.week[:, :, of.CONTRACTED] < NEVER).any(), "overtime"),
        (bool(policy.unknown_worker_p), "the price of unknown workers"),
        (bool(policy.extra_worker_p), "the price of workers beyond a team"),
        (bool(p.par[of.CHANGE_PRICE]), CHANGES),
        (bool(p.par[of.LARGEST_PRICE]), "the price of the largest lateness"),
    )
    return [reason for found, reason in reasons if found]


class Rounds(NamedTuple):
    """A pool as arrays, K rounds: the input of a set partition.

    ``amount`` (K,) is what a round costs, ``group`` (K,) whose spans may have it;
    round k has the nodes ``node[at[k]:at[k + 1]]``, in the order they are made.
    """

    amount: Int64
    group: Int64
    at: Int64
    node: Int64


def group_spans(p: ProblemArrays) -> Int64:
    """Return a number for each span (R,), the same for those that differ in nothing.

    Not in windows, places, rate, rules, hours or prices, nor in who may be visited: a
    round of one is a round of the other, at the same price. Paid blocks have -1.
    """
    fits = np.zeros((len(p.span), len(p.node)), dtype=np.bool_)
    for i, (low, high) in enumerate(p.fit_at):
        fits[p.fit[low:high], i] = True
    facts = [c for c in range(of.SPAN_COLUMNS) if c not in (of.WORKER, of.SHIFT)]
    found: dict[bytes, int] = {}
    group = np.full(len(p.span), -1, dtype=np.int64)
    for r in np.flatnonzero(p.span[:, of.IS_BLOCK] == 0):
        w = p.span[r, of.WORKER]
        parts = (
            p.span[r, facts],
            p.worker[w, of.HOME_COUNTS],
            p.week[w],
            p.pair_p[:, w],
            fits[r],
        )
        key = b"".join(part.tobytes() for part in parts)
        group[r] = found.setdefault(key, len(found))
    return group


class Pool:
    """The rounds that a search had, each once; of a full one the older half goes.

    Parameters
    ----------
    most
        Rounds that it holds at most.

    ``group`` (R,) is as `group_spans` says, ``spans`` (G,) the size of each group.
    """

    def __init__(self, p: ProblemArrays, most: int = MOST_ROUNDS) -> None:
        self._p = p
        self._most = most
        self.group = group_spans(p)
        self.spans = np.bincount(self.group[self.group >= 0])
        self._index: dict[bytes, int] = {}
        self._nodes: list[npt.NDArray[np.int32]] = []
        self._groups: list[int] = []
        self._amounts: list[int] = []
        self._versions = np.full(len(p.span), -1, dtype=np.int64)

    def __len__(self) -> int:
        """Return how many rounds there are."""
        return len(self._nodes)

    def collect(self, m: Memory) -> None:
        """Add the rounds of the current state that changed since the last call."""
        count = len(self.group)
        versions = m.span[:count, now.VERSION]
        changed = (versions != self._versions) & (m.span[:count, now.LEN] > 0)
        self._versions = versions.copy()
        for r in np.flatnonzero(changed & (self.group >= 0)):
            nodes = m.stop[r, : m.span[r, now.LEN], now.NODE].copy()
            self.add(int(r), nodes, int(m.span[r, now.COST]))

    def add(self, r: int, nodes: npt.NDArray[np.int32], amount: int) -> None:
        """Add a round of span ``r`` that costs ``amount`` without its pairs' prices."""
        group = int(self.group[r])
        clients = self._p.node[nodes, of.CLIENT]
        prices = self._p.pair_p[clients, self._p.span[r, of.WORKER]]
        self._keep(self._key(group, nodes), nodes, group, amount + int(prices.sum()))

    def _key(self, group: int, nodes: npt.NDArray[np.int32]) -> bytes:
        return group.to_bytes(4, "little") + nodes.tobytes()

    def _keep(
        self, key: bytes, nodes: npt.NDArray[np.int32], group: int, amount: int
    ) -> None:
        if key in self._index:
            return
        if len(self) >= self._most:
            self.drop(np.arange(len(self)))
        self._index[key] = len(self._nodes)
        self._nodes.append(nodes)
        self._groups.append(group)
        self._amounts.append(amount)

    def of_best(self, m: Memory) -> Int64:
        """Return which of the pool's rounds the best state has."""
        order = np.lexsort((m.node[:, now.BEST_START], m.node[:, now.BEST_AT]))
        at = m.node[order, now.BEST_AT]
        found = []
        for r in np.unique(at[at >= 0]):
            nodes = order[at == r].astype(np.int32)
            found.append(self._index.get(self._key(int(self.group[r]), nodes), -1))
        return np.array([k for k in found if k >= 0], dtype=np.int64)

    def share(self, other: Pool) -> None:
        """Give two pools of one problem the rounds of both."""
        for to, by in ((self, other), (other, self)):
            for key, k in list(by._index.items()):
                to._keep(key, by._nodes[k], by._groups[k], by._amounts[k])
        # the state is another's now, and so are the versions of its rounds
        self._versions[:] = -1

    def rounds(self) -> Rounds:
        """Return all rounds as arrays."""
        return self._rounds(range(len(self)))

    def _rounds(self, which: range) -> Rounds:
        nodes = [self._nodes[k] for k in which]
        sizes = [len(n) for n in nodes]
        return Rounds(
            amount=np.array([self._amounts[k] for k in which], dtype=np.int64),
            group=np.array([self._groups[k] for k in which], dtype=np.int64),
            at=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))),
            node=np.concatenate(nodes).astype(np.int64),
        )

    def latest(self, most: int) -> tuple[Rounds, Int64]:
        """Return the latest rounds, at most so many, and a span (K,) for each."""
        last = range(max(0, len(self) - most), len(self))
        _, first = np.unique(self.group, return_index=True)
        first = first[self.group[first] >= 0]
        return self._rounds(last), first[[self._groups[k] for k in last]]

    def drop(self, worth: npt.NDArray[np.float64] | Int64) -> None:
        """Keep half of what the pool may hold, the rounds of most ``worth`` (K,)."""
        if 2 * len(self) <= self._most:
            return
        kept = np.sort(np.argsort(-1 * worth, kind="stable")[: self._most // 2])
        keys = list(self._index)
        self._index = {keys[k]: j for j, k in enumerate(kept)}
        self._nodes = [self._nodes[k] for k in kept]
        self._groups = [self._groups[k] for k in kept]
        self._amounts = [self._amounts[k] for k in kept]
