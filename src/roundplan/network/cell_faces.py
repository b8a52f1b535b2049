"""The areas that through roads divide a map into."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.network.graph import Float64, ModeGraph

MARGIN_M = 20.0
"""How far inside the middle of the roads round it a cell begins.

What lies nearer faces the boundary road and is reached from it: half of a road of 12 m,
a footway, a front garden and half of a house. Aldred and others also drew London's
neighbourhoods in a little, so as not to count the buildings on boundary streets.
"""

FRAME_M = 50.0
"""How far from its streets the land goes that a map is taken to know."""

_NEAR_M = 0.5
"""A face that comes so near to the edge of the map reaches it."""

Bools = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Shapes = npt.NDArray[Any]
"""Shapely geometries, in metres."""


def lines_of(graph: ModeGraph, edges: Int64) -> Shapes:
    """Return the shapes of edges as shapely lines."""
    import shapely

    start = graph.vertex_start.astype(np.int64)
    size = start[edges + 1] - start[edges]
    ends = np.cumsum(size)
    at = np.arange(int(size.sum())) + np.repeat(start[edges] - ends + size, size)
    shapes: Shapes = shapely.linestrings(
        graph.vertex_xy[at], indices=np.repeat(np.arange(len(edges)), size)
    )
    return shapes


def faces_between(roads: Shapes, streets: Shapes) -> tuple[Shapes, Shapes, Bools]:
    """Return what through roads and the edge of the map divide the plane into.

    A road that the map cuts off goes on to the edge.

    Returns
    -------
    tuple
        The faces; their cores, which keep ``MARGIN_M`` from every road, also from
        one that ends in its face; and whether each face reaches the edge of the map.
    """
    import shapely

    noded = shapely.get_parts(shapely.union_all(roads))
    closed, cuts, ends, _ = shapely.polygonize_full(noded)
    enclosed = shapely.union_all(shapely.get_parts(closed))
    land = _known_land(enclosed, np.concatenate([roads, streets]))
    edge = shapely.boundary(land)
    on = _straight_on(_loose_ends(_parts(cuts, ends), enclosed), edge)
    joined = shapely.get_parts(shapely.union_all([*noded, *on, edge]))
    polygons, cuts, ends, _ = shapely.polygonize_full(joined)
    faces = shapely.get_parts(polygons)
    cores = shapely.buffer(faces, -MARGIN_M)
    spurs = shapely.buffer(_parts(cuts, ends), MARGIN_M)
    of, spur = shapely.STRtree(spurs).query(cores, predicate="intersects")
    for i in np.unique(of).tolist():
        cores[i] = cores[i].difference(shapely.union_all(spurs[spur[of == i]]))
    known = shapely.buffer(land, -_NEAR_M)
    shapely.prepare(known)
    return faces, cores, ~shapely.covers(known, faces)


def lines_within(lines: Shapes, cores: Shapes) -> tuple[Int64, Int64, Float64]:
    """Return pairs of line and core that meet, and the metres of one in the other."""
    import shapely

    core, line = shapely.STRtree(lines).query(cores, predicate="intersects")
    metres = shapely.length(shapely.intersection(lines[line], cores[core]))
    some = metres > 0
    return line[some], core[some], metres[some]


def _parts(*collections: Any) -> Shapes:
    """Return the shapes in all of the collections."""
    import shapely

    return np.concatenate([shapely.get_parts(some) for some in collections])


def _known_land(enclosed: Any, lines: Shapes) -> Any:
    """Return the land round roads and streets, with all that they surround."""
    import shapely

    shapely.prepare(enclosed)
    outside = lines[~shapely.covers(enclosed, lines)]
    wide = shapely.buffer([enclosed, *outside], FRAME_M, quad_segs=2)
    around = shapely.get_parts(shapely.union_all(wide))
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(around)))


def _loose_ends(lines: Shapes, enclosed: Any) -> Shapes:
    """Return the points outside of all that is enclosed at which one line ends."""
    import shapely

    ends = shapely.get_point(np.repeat(lines, 2), [0, -1] * len(lines))
    _, first, count = np.unique(
        shapely.to_wkb(ends), return_index=True, return_counts=True
    )
    tips = ends[np.sort(first[count == 1])]
    loose: Shapes = tips[~shapely.intersects(enclosed, tips)]
    return loose


def _straight_on(ends: Shapes, edge: Any) -> Shapes:
    """Return lines from points to where the edge is nearest, and a metre beyond.

    A point that is computed to be on a line mostly is not, so they cross.
    """
    import shapely

    if not len(ends):
        return ends
    lines = shapely.get_coordinates(shapely.shortest_line(ends, edge)).reshape(-1, 2, 2)
    way = lines[:, 1] - lines[:, 0]
    lines[:, 1] += way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    longer: Shapes = shapely.linestrings(lines)
    return longer
