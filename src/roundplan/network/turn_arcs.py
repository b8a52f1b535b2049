"""Arcs that obey turn restrictions: a node for each arc, an arc for each turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from roundplan.network.arcs import Arcs

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def obeying(arcs: Arcs, bans: Sequence[tuple[int, ...]]) -> Arcs:
    """Return arcs whose paths are those that ban no turn, with the same points.

    Parameters
    ----------
    bans
        Sequences of two or more directed edges (``Arcs.edge``) that no path may have
        in a row.

    Notes
    -----
    A path may not turn back on the street it came by, else it would go round a ban so,
    unless there is no other way on: in a dead end, or where all else is banned. It may
    start in either direction. A point at the very end of an edge is at the junction
    itself: what starts or ends there has not turned.

    A node for each arc is due to Winter (2002), *Modeling costs of turns in route
    planning*, GeoInformatica 6(4). A ban of more than two edges needs a memory of where
    one came from: the edges between are there a second time, entered from the first
    edge only, and without the last turn.
    """
    turns = _Turns(arcs, {ban for ban in bans if len(ban) == 2})
    for ban in sorted({ban for ban in bans if len(ban) > 2}):
        turns.forbid(ban)
    return turns.arcs()


class _Turns:
    """The turns from arc to arc that are allowed."""

    def __init__(self, arcs: Arcs, pairs: set[tuple[int, ...]]) -> None:
        self._of = arcs
        count = len(arcs.tail)
        self._leaving = np.argsort(arcs.tail, kind="stable")
        self._first = np.searchsorted(
            arcs.tail[self._leaving], np.arange(arcs.nodes + 1)
        )
        before, after = self._followed(arcs.head)
        back = arcs.piece[after] == arcs.piece[before] ^ 1
        size = int(arcs.edge.max(initial=0)) + 1
        keys = np.array([a * size + b for a, b in pairs], dtype=np.int64)
        banned = np.isin(arcs.edge[before] * size + arcs.edge[after], keys)
        ways_on = np.bincount(before[~banned & ~back], minlength=count)
        kept = ~banned & (~back | (ways_on[before] == 0))
        self._before, self._after = before[kept], after[kept]
        self._begin = np.searchsorted(self._before, np.arange(count + 1))
        self._arc = list(range(count))
        self._changed: dict[int, list[int]] = {}

    def _followed(self, nodes: Int64) -> tuple[Int64, Int64]:
        """Return the pairs of each node's number in a list and the arcs out of it."""
        size = self._first[nodes + 1] - self._first[nodes]
        whose = np.repeat(np.arange(len(nodes)), size)
        within = np.arange(len(whose)) - np.repeat(np.cumsum(size) - size, size)
        return whose, self._leaving[self._first[nodes][whose] + within]

    def _out(self, node: int) -> list[int]:
        if node in self._changed:
            return self._changed[node]
        here = slice(self._begin[node], self._begin[node + 1])
        found: list[int] = self._after[here].tolist()
        return found

    def _edge(self, node: int) -> int:
        return int(self._of.edge[self._arc[node]])

    def forbid(self, ban: tuple[int, ...]) -> None:
        """Take out every path along a ban of three edges or more."""
        arc = np.array(self._arc)
        for node in np.flatnonzero(self._of.edge[arc] == ban[0]).tolist():
            after = self._out(node)
            if any(self._edge(to) == ban[1] for to in after):
                self._changed[node] = [
                    self._copy(to, ban, 1) if self._edge(to) == ban[1] else to
                    for to in after
                ]

    def _copy(self, node: int, ban: tuple[int, ...], at: int) -> int:
        """Return a second node for an arc on a ban's edge ``at``, come by the ban."""
        copy = len(self._arc)
        self._arc.append(self._arc[node])
        after: list[int] = []
        self._changed[copy] = after
        for to in self._out(node):
            edge = self._edge(to)
            if edge == ban[at]:  # the next piece of the same edge
                after.append(self._copy(to, ban, at))
            elif edge != ban[at + 1]:
                after.append(to)
            elif at + 2 < len(ban):
                after.append(self._copy(to, ban, at + 1))
        return copy

    def arcs(self) -> Arcs:
        """Return the turns as arcs, with a node before and after for each point."""
        of = self._of
        arc = np.array(self._arc, dtype=np.int64)
        ours = ~np.isin(self._before, list(self._changed))
        changed = [(n, to) for n, after in self._changed.items() for to in after]
        more = np.array(changed, dtype=np.int64).reshape(-1, 2)
        begins, begun = self._starts()
        ended, ends = self._ends(arc)
        points, nodes = len(of.origin), len(arc)
        onto = np.concatenate([self._after[ours], more[:, 1], begun])
        still = np.zeros(len(ends), dtype=np.int64)

        def along(figure: Int64) -> Int64:
            return np.concatenate([figure[arc[onto]], still])

        return replace(
            of,
            nodes=nodes + 2 * points,
            tail=np.concatenate(
                [self._before[ours], more[:, 0], nodes + begins, ended]
            ),
            head=np.concatenate([onto, nodes + points + ends]),
            ms=along(of.ms),
            mm=along(of.mm),
            crossings=along(of.crossings),
            edge=along(of.edge),
            piece=along(of.piece),
            joint=np.concatenate([of.joint[arc[onto]], still.astype(bool)]),
            origin=nodes + np.arange(points),
            destination=nodes + points + np.arange(points),
        )

    def _starts(self) -> tuple[Int64, Int64]:
        """Return points and the arcs that a path from each may begin with."""
        of = self._of
        point, arc = self._followed(of.origin)
        at_end = of.joint[arc]
        which, beyond = self._followed(of.head[arc[at_end]])
        return (
            np.concatenate([point, point[at_end][which]]),
            np.concatenate([arc, beyond]),
        )

    def _ends(self, arc: Int64) -> tuple[Int64, Int64]:
        """Return arcs, copies among them, and the points at which a path then ends."""
        of = self._of
        head = of.head[arc]
        order = np.argsort(head, kind="stable")
        first = np.searchsorted(head[order], np.arange(of.nodes + 1))

        def into(nodes: Int64) -> tuple[Int64, Int64]:
            size = first[nodes + 1] - first[nodes]
            whose = np.repeat(np.arange(len(nodes)), size)
            within = np.arange(len(whose)) - np.repeat(np.cumsum(size) - size, size)
            return whose, order[first[nodes][whose] + within]

        point, last = into(of.destination)
        at_end = of.joint[arc[last]]
        which, before = into(of.tail[arc[last[at_end]]])
        return (
            np.concatenate([last, before]),
            np.concatenate([point, point[at_end][which]]),
        )
