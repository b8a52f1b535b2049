"""The quickest paths between points on the streets of a mode, exactly."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roundplan.errors import UsageError
from roundplan.network.arcs import Arcs
from roundplan.network.contraction import contract, lightest

_BITS = 62
"""Of a weight: what an int64 holds, with room for one addition."""

_CROSSING_BITS = 11
"""Of the crossings of a path: 2,047, more than a leg of hours can have."""

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Contracted streets, ready to be searched from any point to any other.

    Each arc weighs its milliseconds, millimetres and crossings in one whole number, in
    this order of importance: no path within the limit is long enough for one
    to spill into the next. So one search finds the quickest paths, of equally quick
    ones the shortest, of those the one with the fewest crossings, and all three can
    be read off its result. Sums of whole numbers are exact: no rounding, no ties.

    Parameters
    ----------
    first, head, weight
        int64, arcs by tail: those of node ``v`` are ``first[v]:first[v + 1]``.
    origin, destination
        int64 (points,), where a path from or to each point begins and ends.
    """

    first: Int64
    head: Int64
    weight: Int64
    origin: Int64
    destination: Int64
    limit: int
    mm_bits: int
    crossing_bits: int

    @classmethod
    def of(cls, arcs: Arcs, limit_ms: int) -> Paths:
        """Return the paths of at most ``limit_ms`` between an ``Arcs``'s points.

        Raises
        ------
        UsageError
            E1002. The limit is too long for travel as fast as this.
        """
        fastest = float((arcs.mm / np.maximum(arcs.ms, 1)).max(initial=1.0))
        mm_bits = int(fastest * (limit_ms + 1)).bit_length() + 1
        crossing_bits = _CROSSING_BITS if arcs.crossings.any() else 0
        below = mm_bits + crossing_bits
        if (limit_ms + 1).bit_length() + below > _BITS:
            msg = f"a limit of {limit_ms // 1000} s is too long for travel this fast"
            raise UsageError(msg)
        limit = (limit_ms << below) + (1 << below) - 1
        kept = np.zeros(arcs.nodes, dtype=bool)
        kept[arcs.origin] = kept[arcs.destination] = True
        weight = arcs.ms << below | arcs.mm << crossing_bits | arcs.crossings
        few = contract(lightest(arcs.tail, arcs.head, weight, limit), kept, limit)
        used, ends = np.unique(
            np.concatenate([arcs.origin, arcs.destination, few.tail, few.head]),
            return_inverse=True,
        )
        sizes = [len(arcs.origin), len(arcs.destination), len(few.tail)]
        origin, destination, tail, head = np.split(ends, np.cumsum(sizes))
        return cls(
            first=np.searchsorted(tail, np.arange(len(used) + 1)),
            head=head,
            weight=few.weight,
            origin=origin,
            destination=destination,
            limit=limit,
            mm_bits=mm_bits,
            crossing_bits=crossing_bits,
        )

    def between(self, begins: Int64, ends: Int64) -> tuple[Int64, Int64, Int64]:
        """Return the quickest paths from some points to others.

        Parameters
        ----------
        begins, ends
            int64 (n,) and int64 (m,), points by number.

        Returns
        -------
        tuple of numpy.ndarray
            int64 (n, m): milliseconds, -1 beyond the limit, 0 from a point to itself;
            millimetres; crossings.
        """
        from roundplan.network.dijkstra import shortest

        destination = self.destination[ends]

        def search(rows: Int64) -> Int64:
            found: Int64 = shortest(
                self.first,
                self.head,
                self.weight,
                self.origin[rows],
                destination,
                self.limit,
            )
            return found

        threads = min(os.cpu_count() or 1, max(1, len(begins) // _ROWS_A_THREAD))
        parts = np.array_split(begins, threads)
        if threads == 1:
            whole = search(begins)
        else:
            with ThreadPoolExecutor(threads) as pool:
                whole = np.concatenate(list(pool.map(search, parts)))
        below = self.mm_bits + self.crossing_bits
        reached = whole >= 0
        whole = np.where(reached, whole, 0)
        whole[begins[:, None] == ends] = 0
        reached |= begins[:, None] == ends
        return (
            np.where(reached, whole >> below, -1),
            (whole >> self.crossing_bits) & ((1 << self.mm_bits) - 1),
            whole & ((1 << self.crossing_bits) - 1),
        )


_ROWS_A_THREAD = 32
"""Origins that are worth a thread of their own."""
