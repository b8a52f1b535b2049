"""Shortest paths from many origins, compiled.

Imported where it is used: numba takes a moment to load.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Int64 = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def shortest(
    first: Int64,
    head: Int64,
    weight: Int64,
    origin: Int64,
    destination: Int64,
    limit: int,
) -> Int64:
    """Return int64 (origins, destinations), the least weight of a path, -1 for none.

    Parameters
    ----------
    first, head, weight
        Arcs by tail: those of node ``v`` are ``first[v]:first[v + 1]``.
    limit
        No path that weighs more is looked for.

    Notes
    -----
    Dijkstra (1959) with a binary heap in which a node may stand several times; all but
    its first time out of the heap are passed over. A search ends when it has met
    all destinations.
    """
    nodes = len(first) - 1
    found = np.full((len(origin), len(destination)), -1, dtype=np.int64)
    best = np.full(nodes, np.iinfo(np.int64).max, dtype=np.int64)
    touched = np.empty(nodes, dtype=np.int64)
    keys = np.empty(len(head) + 1, dtype=np.int64)
    names = np.empty(len(head) + 1, dtype=np.int64)
    wanted = np.zeros(nodes, dtype=np.bool_)
    for d in destination:
        wanted[d] = True
    all_wanted = wanted.sum()
    for row in range(len(origin)):
        start = origin[row]
        best[start] = 0
        touched[0] = start
        reached = 1
        keys[0] = 0
        names[0] = start
        size = 1
        left = all_wanted
        while size > 0 and left > 0:
            key, node = keys[0], names[0]
            # The last of the heap sinks from the top.
            size -= 1
            last_key, last_name = keys[size], names[size]
            hole = 0
            while True:
                child = 2 * hole + 1
                if child >= size:
                    break
                if child + 1 < size and keys[child + 1] < keys[child]:
                    child += 1
                if keys[child] >= last_key:
                    break
                keys[hole] = keys[child]
                names[hole] = names[child]
                hole = child
            keys[hole] = last_key
            names[hole] = last_name
            if key > best[node]:
                continue
            if wanted[node]:
                left -= 1
            for arc in range(first[node], first[node + 1]):
                to = head[arc]
                over = key + weight[arc]
                if over >= best[to] or over > limit:
                    continue
                if best[to] == np.iinfo(np.int64).max:
                    touched[reached] = to
                    reached += 1
                best[to] = over
                hole = size
                size += 1
                while hole > 0:
                    parent = (hole - 1) // 2
                    if keys[parent] <= over:
                        break
                    keys[hole] = keys[parent]
                    names[hole] = names[parent]
                    hole = parent
                keys[hole] = over
                names[hole] = to
        for column in range(len(destination)):
            whole = best[destination[column]]
            if whole != np.iinfo(np.int64).max:
                found[row, column] = whole
        for i in range(reached):
            best[touched[i]] = np.iinfo(np.int64).max
    return found
