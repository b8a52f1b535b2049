"""A mode's graph with places on it, as arcs for a shortest path search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roundplan.network.cell_counts import Crossings
from roundplan.network.graph import Int32, ModeGraph
from roundplan.network.topology import CLOSED_MS

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """A graph with places inserted, ready for a shortest path search.

    ``tail``, ``head``, ``ms``, ``mm`` and ``crossings`` are int64 (arcs,); ``origin``
    and ``destination`` int64 (points,), the node at which a leg from or to each point
    starts and ends.
    """

    nodes: int
    tail: Int64
    head: Int64
    ms: Int64
    mm: Int64
    crossings: Int64
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
    tail, head, ms, mm, crossed, private = _pieces(graph, points, crossings)
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
    return Arcs(
        nodes=nodes + 2 * len(inside),
        tail=np.concatenate([tail[public], *(t for t, _ in copies)]),
        head=np.concatenate([head[public], *(h for _, h in copies)]),
        ms=np.concatenate([ms[public], np.tile(ms[private], len(copies))]),
        mm=np.concatenate([mm[public], np.tile(mm[private], len(copies))]),
        crossings=np.concatenate(
            [crossed[public], np.tile(crossed[private], len(copies))]
        ),
        origin=np.where(on_private, starts[point], point),
        destination=np.where(on_private, ends[point], point),
    )


def _pieces(
    graph: ModeGraph, points: Int64, crossings: Crossings | None
) -> tuple[Int64, Int64, Int64, Int64, Int64, npt.NDArray[np.bool_]]:
    """Return tail, head, ms, mm, crossings, private of arcs between points and nodes.

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
    private = graph.private[of]
    return (
        np.concatenate([a[forward], b[backward]]),
        np.concatenate([b[forward], a[backward]]),
        np.concatenate(
            [times(graph.forward_ms)[forward], times(graph.backward_ms)[backward]]
        ),
        np.concatenate([mm[forward], mm[backward]]),
        np.concatenate([crossed[forward], crossed[backward]]),
        np.concatenate([private[forward], private[backward]]),
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
