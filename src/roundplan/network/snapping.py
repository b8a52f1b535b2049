"""Where places join the streets: the nearest point on an edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode, Place
from roundplan.errors import SnapError
from roundplan.network.graph import Float64, ModeGraph, Network
from roundplan.network.projection import transform

DEFAULT_MAX_SNAP_M = 100.0
"""Farther than this from any street, a position is more likely to be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapping:
    """Places on the streets of one mode.

    Parameters
    ----------
    edge
        int32 (n,), the edge that each place joins.
    along
        float64 (n,), where on the edge, 0 at its tail to 1 at its head.
    distance_m
        float64 (n,), metres in a straight line from the place to that point.
    xy
        float64 (n, 2), positions of the places in the network's ``crs``.
    notes
        What a planner should know, by place id: a place that joins a street other than
        its nearest, or one that leads nowhere.
    """

    mode: Mode
    place_ids: tuple[str, ...]
    edge: npt.NDArray[np.int32]
    along: Float64
    distance_m: Float64
    xy: Float64
    notes: tuple[str, ...]


def snap(
    network: Network,
    places: Sequence[Place],
    *,
    mode: Mode = Mode.WALK,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
) -> Snapping:
    """Join places to the nearest point of a street.

    A public street that is part of the main network comes first, as long as it is
    within ``max_snap_m``, since a house may back on to a railway path or a private
    drive. Next comes a private street of the main network, and last an island,
    from which no place of the main network is reachable. Of equally near edges the
    first counts. Nobody joins a ferry on its way.

    Parameters
    ----------
    places
        With positions. One without ``crs`` is taken to be in the network's own.

    Raises
    ------
    SnapError
        E2103. Places without a usable position, or further than ``max_snap_m`` from
        every street: all of them by id, with the distance.
    """
    graph = network.graph(mode)
    xy = positions(network, places)
    _refuse_unplaced(places, xy)

    main, land = graph.edges_in_main, graph.on_land
    tiers = (main & ~graph.private & land, main & graph.private & land, ~main & land)
    edge = np.full(len(places), -1, dtype=np.int32)
    distance = np.full(len(places), np.inf)
    tier_of = np.zeros(len(places), dtype=np.int8)
    nearest_tier = np.zeros(len(places), dtype=np.int8)
    nearest = np.full(len(places), np.inf)
    for number, tier in enumerate(tiers):
        found, metres = _nearest(graph, np.flatnonzero(tier), xy)
        nearest_tier[metres < nearest] = number
        nearest = np.minimum(nearest, metres)
        free = (edge < 0) & (metres <= max_snap_m)
        edge[free], distance[free], tier_of[free] = found[free], metres[free], number
    _refuse_far(places, nearest, edge, max_snap_m)

    return Snapping(
        mode=mode,
        place_ids=tuple(place.place_id for place in places),
        edge=edge,
        along=_along(graph, edge, xy),
        distance_m=distance,
        xy=xy,
        notes=_notes(places, tier_of, nearest_tier),
    )


def positions(network: Network, places: Sequence[Place]) -> Float64:
    """Return float64 (n, 2) positions in the network's ``crs``; NaN where unknown."""
    xy = np.full((len(places), 2), np.nan)
    by_crs: dict[str, list[int]] = {}
    for i, place in enumerate(places):
        if place.located:
            by_crs.setdefault(place.crs or network.crs, []).append(i)
    for crs, rows in by_crs.items():
        given = np.array([(places[i].x, places[i].y) for i in rows], dtype=np.float64)
        xy[rows] = transform(given, crs, network.crs)
    return xy


def _nearest(
    graph: ModeGraph, edges: npt.NDArray[np.int64], xy: Float64
) -> tuple[npt.NDArray[np.int64], Float64]:
    """Return the nearest of some edges to each point, and the distance in metres."""
    if not len(edges) or not len(xy):
        return np.full(len(xy), -1), np.full(len(xy), np.inf)
    import shapely

    tree = shapely.STRtree(_lines(graph, edges))
    (point, hit), metres = tree.query_nearest(
        shapely.points(xy), return_distance=True, all_matches=True
    )
    order = np.lexsort((edges[hit], point))
    _, first = np.unique(point[order], return_index=True)
    return edges[hit[order][first]], metres[order][first]


def _lines(graph: ModeGraph, edges: npt.NDArray[np.integer]) -> npt.NDArray[np.object_]:
    """Return the shapes of some edges as shapely lines."""
    import shapely

    starts = graph.vertex_start[edges].astype(np.int64)
    counts = graph.vertex_start[edges + 1] - starts
    ends = np.cumsum(counts)
    inside = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    vertices = graph.vertex_xy[np.repeat(starts, counts) + inside]
    of_line = np.repeat(np.arange(len(edges)), counts)
    lines: npt.NDArray[np.object_] = shapely.linestrings(vertices, indices=of_line)
    return lines


def _along(graph: ModeGraph, edge: npt.NDArray[np.int32], xy: Float64) -> Float64:
    """Return where on its edge each point is nearest, 0 to 1."""
    if not len(edge):
        return np.zeros(0)
    import shapely

    lines = _lines(graph, edge)
    length = shapely.length(lines)
    metres = shapely.line_locate_point(lines, shapely.points(xy))
    share = np.divide(metres, length, out=np.zeros(len(edge)), where=length > 0)
    within: Float64 = np.clip(share, 0.0, 1.0)
    return within


def _refuse_unplaced(places: Sequence[Place], xy: Float64) -> None:
    known = np.isfinite(xy.sum(axis=1)).tolist()
    lost = [p.place_id for p, found in zip(places, known, strict=True) if not found]
    if lost:
        msg = (
            f"{_count(lost)} without a usable position: {', '.join(lost)}. Give lat "
            "and lon, or x and y with crs"
        )
        raise SnapError(msg)


def _refuse_far(
    places: Sequence[Place],
    nearest: Float64,
    edge: npt.NDArray[np.int32],
    max_snap_m: float,
) -> None:
    far = [
        f"{place.place_id} ({metres:,.0f} m)"
        for place, metres, found in zip(places, nearest, edge, strict=True)
        if found < 0
    ]
    if far:
        msg = (
            f"{_count(far)} further than {max_snap_m:g} m from every street: "
            f"{', '.join(far)}. Check the positions, or build a "
            "network that covers them"
        )
        raise SnapError(msg)


def _count(ids: Sequence[str]) -> str:
    return "1 place" if len(ids) == 1 else f"{len(ids):,} places"


def _notes(
    places: Sequence[Place],
    tier_of: npt.NDArray[np.int8],
    nearest_tier: npt.NDArray[np.int8],
) -> tuple[str, ...]:
    """Say which places did not simply join their nearest street."""
    said = (
        (
            (tier_of == 0) & (nearest_tier == 1),
            "joined to the nearest public street, though a private one is nearer",
        ),
        (
            (tier_of < 2) & (nearest_tier == 2),
            "joined to the main network, though a street cut off from it is nearer",
        ),
        (tier_of == 1, "joined to a private street: no public one is near"),
        (
            tier_of == 2,
            "on streets cut off from the main network: unreachable from most places",
        ),
    )
    return tuple(
        f"{what}: "
        + ", ".join(places[i].place_id for i in np.flatnonzero(where).tolist())
        for where, what in said
        if where.any()
    )
