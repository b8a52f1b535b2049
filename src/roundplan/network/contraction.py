"""Shrink a graph before many searches on it, without changing one distance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_MAX_ROUNDS = 40
_WORTH_IT = 0.01
"""A round that would remove a smaller share of the nodes is the last."""


class WeightedArcs(NamedTuple):
    """Directed arcs, each int64 (arcs,): sorted by tail, then head, each pair once."""

    tail: Int64
    head: Int64
    weight: Int64


def lightest(tail: Int64, head: Int64, weight: Int64, limit: int) -> WeightedArcs:
    """Sort arcs and keep the lightest of parallel ones.

    None is kept from a node to itself, nor one heavier than ``limit``.
    """
    of_use = (tail != head) & (weight <= limit)
    tail, head, weight = tail[of_use], head[of_use], weight[of_use]
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return WeightedArcs(tail[first], head[first], weight[first])


def contract(arcs: WeightedArcs, keep: Bools, limit: int) -> WeightedArcs:
    """Remove nodes that need not be kept, as long as the graph does not grow.

    A node goes when arcs straight from its predecessors to its successors are no more
    than those it had: dead ends, points along a street, and most crossings of
    three streets. Weights are whole numbers, so every distance that remains is
    exactly what it was.

    Parameters
    ----------
    keep
        bool (nodes,), the ends of the paths that will be asked for.
    limit
        The heaviest path that will be asked for; at most 2**53.

    Returns
    -------
    WeightedArcs
        Of the nodes that are left; the numbers of the nodes stay the same.

    Notes
    -----
    Each round removes nodes of which no two are neighbours, chosen by a fixed
    shuffle, so that the result depends on nothing but the graph.
    """
    nodes = len(keep)
    shuffle = np.random.default_rng(0).permutation(nodes)
    gone = keep.copy()
    for _ in range(_MAX_ROUNDS):
        indegree = np.bincount(arcs.head, minlength=nodes)
        outdegree = np.bincount(arcs.tail, minlength=nodes)
        # Going back where one came from is no detour worth an arc.
        made = indegree * outdegree - np.minimum(indegree, outdegree)
        free = ~gone & (made <= indegree + outdegree)
        chosen = free & (shuffle < _least_among_neighbours(arcs, free, shuffle))
        if chosen.sum() <= _WORTH_IT * (~gone).sum():
            break
        arcs = _bypass(arcs, chosen, limit)
        gone |= chosen
    return arcs


def _least_among_neighbours(arcs: WeightedArcs, free: Bools, rank: Int64) -> Int64:
    """Return the lowest rank among each node's free neighbours."""
    least = np.full(len(free), len(free), dtype=np.int64)
    both = free[arcs.tail] & free[arcs.head]
    np.minimum.at(least, arcs.tail[both], rank[arcs.head[both]])
    np.minimum.at(least, arcs.head[both], rank[arcs.tail[both]])
    return least


def _bypass(arcs: WeightedArcs, chosen: Bools, limit: int) -> WeightedArcs:
    """Replace the arcs through each chosen node by arcs that pass it by."""
    into, out = chosen[arcs.head], chosen[arcs.tail]
    rest = ~(into | out)
    # Arcs are sorted by tail, so those out of a node stand together.
    first = np.searchsorted(arcs.tail, arcs.head[into])
    count = np.searchsorted(arcs.tail, arcs.head[into], side="right") - first
    before = np.repeat(np.flatnonzero(into), count)
    ends = np.cumsum(count)
    within = np.arange(len(before)) - np.repeat(ends - count, count)
    after = np.repeat(first, count) + within
    return lightest(
        np.concatenate([arcs.tail[rest], arcs.tail[before]]),
        np.concatenate([arcs.head[rest], arcs.head[after]]),
        np.concatenate([arcs.weight[rest], arcs.weight[before] + arcs.weight[after]]),
        limit,
    )
