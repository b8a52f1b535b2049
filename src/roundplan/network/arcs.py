"""A mode's graph with places on it, as arcs for a shortest path search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.network.cell_counts import Crossings
from roundplan.network.graph import Int32, ModeGraph
from roundplan.network.topology import CLOSED_MS

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """A graph with places inserted, ready for a shortest path search.

    ``tail``, ``head``, ``ms``, ``mm`` and ``crossings`` are int64 (arcs,); ``origin``
    and ``destination`` int64 (points,), the node at which a leg from or to each point
    starts and ends. ``edge`` int64 (arcs,) is the edge that an arc is of: twice its
    number along it, one more against it; ``piece`` numbers pieces of edges likewise.
    ``joint`` bool (arcs,) tells those of no length, from a junction to a point there.
    """

    nodes: int
    tail: Int64
    head: Int64
    ms: Int64
    mm: Int64
    crossings: Int64
    edge: Int64
    piece: Int64
    joint: Bools
    origin: Int64
    destination: Int64


def split_at(
    graph: ModeGraph, points: Int64, crossings: Crossings | None = None
) -> Arcs:
    """Split edges at points on them, and unfold private streets.

    Parameters
    ----------
    points
        int64 (n, 2): edge, and millimetres along it; sorted, each once.
    crossings
        Where edges cross the boundaries of cells, to be counted by arc.

    Notes
    -----
    A private street may be used at the ends of a leg only. So it is there three times:
    where legs start, with ways out to the public streets; where legs end, entered from
    the public streets and never left; and between, where nothing but these two
    meets it. A path within private streets stays in the first and the second.
    """
    made = _pieces(graph, points, crossings)
    tail, head, private = made.tail, made.head, made.private
    nodes = len(graph.node_xy) + len(points)
    inside = np.unique(np.concatenate([tail[private], head[private]]))
    starts, ends = np.arange(nodes), np.arange(nodes)
    starts[inside] = nodes + np.arange(len(inside))
    ends[inside] = nodes + len(inside) + np.arange(len(inside))
    public = ~private
    p, q = tail[private], head[private]
    copies = (
        (starts[p], starts[q]),
        (starts[p], q),
        (starts[p], ends[q]),
        (p, ends[q]),
        (ends[p], ends[q]),
    )
    on_private = graph.private[points[:, 0]]
    point = len(graph.node_xy) + np.arange(len(points))

    def copied(of: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([of[public], np.tile(of[private], len(copies))])

    return Arcs(
        nodes=nodes + 2 * len(inside),
        tail=np.concatenate([tail[public], *(t for t, _ in copies)]),
        head=np.concatenate([head[public], *(h for _, h in copies)]),
        ms=copied(made.ms),
        mm=copied(made.mm),
        crossings=copied(made.crossings),
        edge=copied(made.edge),
        piece=copied(made.piece),
        joint=copied(made.joint),
        origin=np.where(on_private, starts[point], point),
        destination=np.where(on_private, ends[point], point),
    )


class _Pieces(NamedTuple):
    """Arcs between points and nodes, before private streets are unfolded: `Arcs`."""

    tail: Int64
    head: Int64
    ms: Int64
    mm: Int64
    crossings: Int64
    edge: Int64
    piece: Int64
    joint: Bools
    private: Bools


def _pieces(graph: ModeGraph, points: Int64, crossings: Crossings | None) -> _Pieces:
    """Cut edges at the points on them.

    Points are numbered after the graph's nodes. A point at the very end of an edge is
    the same spot as the node there, so one goes between them whatever the direction.
    """
    edges = np.arange(len(graph.tail))
    length = graph.length_mm.astype(np.int64)
    # All stops along every edge in order: its tail, the points on it, its head.
    edge = np.concatenate([edges, points[:, 0], edges])
    at = np.concatenate([np.zeros_like(length), points[:, 1], length])
    number = len(graph.node_xy) + np.arange(len(points))
    node = np.concatenate([graph.tail, number, graph.head])
    rank = np.repeat([0, 1, 2], [len(edges), len(points), len(edges)])
    order = np.lexsort((rank, at, edge))
    edge, at, node, rank = edge[order], at[order], node[order], rank[order]
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    a, b, of = node[piece], node[piece + 1], edge[piece]
    mm = at[piece + 1] - at[piece]
    joint = (mm == 0) & ((rank[piece] == 1) | (rank[piece + 1] == 1))

    def times(whole_ms: Int32) -> Int64:
        whole = whole_ms[edge].astype(np.int64)
        until = whole * at // np.maximum(length[edge], 1)
        # At the head the whole time has passed, also on an edge of no length.
        until = np.where(rank == 2, whole, until)
        return np.where(joint, 0, until[piece + 1] - until[piece])

    crossed = np.zeros(len(piece), dtype=np.int64)
    if crossings is not None and len(crossings.edge):
        before = _crossed_before(crossings, edge, at, rank)
        crossed = np.where(joint, 0, before[piece + 1] - before[piece])
    forward = joint | (graph.forward_ms[of] != CLOSED_MS)
    backward = joint | (graph.backward_ms[of] != CLOSED_MS)

    def both(along: npt.NDArray[Any], against: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([along[forward], against[backward]])

    number = 2 * np.arange(len(piece))
    forward_ms, backward_ms = times(graph.forward_ms), times(graph.backward_ms)
    private = graph.private[of]
    return _Pieces(
        tail=both(a, b),
        head=both(b, a),
        ms=both(forward_ms, backward_ms),
        mm=both(mm, mm),
        crossings=both(crossed, crossed),
        edge=both(2 * of, 2 * of + 1),
        piece=both(number, number + 1),
        joint=both(joint, joint),
        private=both(private, private),
    )


def _crossed_before(crossings: Crossings, edge: Int64, at: Int64, rank: Int64) -> Int64:
    """Return the crossings of an edge up to each stop on it; those at its end count.

    At its tail (``rank`` 0) none is passed yet, though one may be right there.
    """
    span = int(max(at.max(), crossings.along_mm.max())) + 2
    met = np.sort(crossings.edge.astype(np.int64) * span + crossings.along_mm)
    passed = np.searchsorted(met, edge * span + at, side="right")
    begun = np.searchsorted(met, edge * span)
    ended = np.searchsorted(met, (edge + 1) * span)
    counted: Int64 = np.where(rank == 0, begun, np.where(rank == 2, ended, passed))
    return counted - begun
