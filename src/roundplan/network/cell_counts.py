"""Which cell a place is in, and the boundaries of cells that streets cross."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.network.cell_faces import Shapes, lines_of
from roundplan.network.cells import Cells
from roundplan.network.graph import Float64, ModeGraph

OUTSIDE = -1
"""The number of no cell."""

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_MAX_CROSSINGS = int(np.iinfo(np.int16).max)


class Crossings(NamedTuple):
    """Where edges cross from one cell to another, or in or out.

    ``edge`` int32 (k,) and ``along_mm`` int32 (k,), millimetres from the edge's tail;
    sorted. A place on an edge has the crossings before it on one side and the others
    on the other.
    """

    edge: Int32
    along_mm: Int32


def cell_of(xy: Float64, cells: Cells) -> Int32:
    """Return int32 (n,), the number of the cell that each position is in.

    Parameters
    ----------
    xy
        float64 (n, 2), metres in the cells' ``crs``.

    Returns
    -------
    numpy.ndarray
        ``OUTSIDE`` in no cell, and on the roads round one (see ``MARGIN_M``).
    """
    import shapely

    found = np.full(len(xy), OUTSIDE, dtype=np.int32)
    if len(cells.cells) and len(xy):
        tree = shapely.STRtree([cell.core for cell in cells.cells])
        which, cell = tree.query(shapely.points(xy), predicate="within")
        found[which] = cell
    return found


def edge_crossings(graph: ModeGraph, cells: Cells) -> npt.NDArray[np.int16]:
    """Return int16 (edges,), how many boundaries of cells each edge crosses.

    From a cell straight into another is one crossing, in and out again are two.
    Between cells that share a boundary road lies that road: to cross over is two.
    """
    count = np.bincount(crossings(graph, cells).edge, minlength=len(graph.tail))
    return np.minimum(count, _MAX_CROSSINGS).astype(np.int16)


def crossings(graph: ModeGraph, cells: Cells) -> Crossings:
    """Return every crossing of a cell's boundary by an edge, with its position.

    An end of an edge counts as part of it, so that cutting edges changes no sum.
    """
    import shapely

    if not cells.cells or not len(graph.tail):
        return Crossings(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    rims = shapely.boundary([cell.core for cell in cells.cells])
    shapes = lines_of(graph, np.arange(len(graph.tail)))
    _, near = shapely.STRtree(shapes).query(rims, predicate="intersects")
    edges = np.unique(near)
    edge, at = _stops(graph, edges, rims)
    start = graph.vertex_start.astype(np.int64)
    # What lies between two stops is all in one cell: that of its middle.
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    middle = shapely.line_interpolate_point(
        shapes[edge[piece]], (at[piece] + at[piece + 1]) / 2
    )
    inside = cell_of(shapely.get_coordinates(middle), cells)
    tails = cell_of(graph.vertex_xy[start[edges]], cells)
    heads = cell_of(graph.vertex_xy[start[edges + 1] - 1], cells)
    ends = shapely.length(shapes[edges])
    # Along every edge in order: its tail, its pieces, its head.
    whose = np.concatenate([edges, edge[piece], edges])
    begins = np.concatenate([np.zeros(len(edges)), at[piece], ends])
    cell = np.concatenate([tails, inside, heads])
    rank = np.repeat([0, 1, 2], [len(edges), len(piece), len(edges)])
    order = np.lexsort((rank, begins, whose))
    whose, begins, cell = whose[order], begins[order], cell[order]
    change = 1 + np.flatnonzero((whose[1:] == whose[:-1]) & (cell[1:] != cell[:-1]))
    along = np.rint(begins[change] * 1000).astype(np.int64)
    crossed = whose[change]
    return Crossings(
        crossed.astype(np.int32),
        np.minimum(along, graph.length_mm[crossed]).astype(np.int32),
    )


def _stops(graph: ModeGraph, edges: Int64, rims: Shapes) -> tuple[Int64, Float64]:
    """Return where edges begin, touch a rim and end: edge and metres along, sorted."""
    import shapely

    start = graph.vertex_start.astype(np.int64)
    size = start[edges + 1] - start[edges] - 1
    ends = np.cumsum(size)
    first = np.arange(int(size.sum())) + np.repeat(start[edges] - ends + size, size)
    a, b = graph.vertex_xy[first], graph.vertex_xy[first + 1]
    owner = np.repeat(edges, size)
    length = np.hypot(*(b - a).T)
    before = np.cumsum(length) - length
    before -= np.repeat(before[ends - size], size)
    segments = shapely.linestrings(np.stack([a, b], axis=1))
    rim, segment = shapely.STRtree(segments).query(rims, predicate="intersects")
    met = shapely.intersection(segments[segment], rims[rim])
    point, which = shapely.get_coordinates(met, return_index=True)
    at = segment[which]
    edge = np.concatenate([edges, owner[at], edges])
    along = np.concatenate(
        [
            np.zeros(len(edges)),
            before[at] + np.hypot(*(point - a[at]).T),
            (before + length)[ends - 1],
        ]
    )
    order = np.lexsort((along, edge))
    edge, along = edge[order], along[order]
    # Touches nearer than a millimetre are one.
    keep = np.ones(len(edge), dtype=bool)
    keep[1:] = (edge[1:] != edge[:-1]) | (along[1:] - along[:-1] > 0.001)
    return edge[keep], along[keep]
