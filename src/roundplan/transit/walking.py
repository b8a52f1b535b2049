"""The walks of public transport: to stops, between them, and from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode, Place
from roundplan.network.arcs import split_at
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.paths import Paths
from roundplan.network.projection import transform
from roundplan.network.snapping import snap
from roundplan.network.walk import WALK_MS_PER_M
from roundplan.transit.stops import FORBIDDEN, UNSTATED, Float64, Int32, Stops

_CHUNK_CELLS = 2_000_000
"""Pairs that are worked on at a time."""

Int64 = npt.NDArray[np.int64]


class Links(NamedTuple):
    """Walks by where they begin (or end), each int32.

    Those of ``i`` are ``first[i]:first[i + 1]`` of the others: the stop at the other
    end, seconds and metres.
    """

    first: Int32
    stop: Int32
    seconds: Int32
    metres: Int32


class Walks(NamedTuple):
    """All that is walked in a journey by public transport.

    ``access`` from each place to stops, ``egress`` to each place from stops, ``change``
    from each stop to stops (itself too), the time to change included.
    """

    access: Links
    egress: Links
    change: Links
    notes: tuple[str, ...]


def find_walks(
    network: Network,
    stops: Stops,
    places: Sequence[Place],
    *,
    max_walk_s: int,
    max_change_walk_s: int,
    min_change_s: int,
    max_snap_m: float,
) -> Walks:
    """Find the walks between places and stops on the streets.

    A stop further than ``max_snap_m`` from every street is neither walked to nor from,
    other than by the changes that its source states.

    Raises
    ------
    SnapError
        E2103. Places too far from the streets.
    """
    at_places = snap(network, places, mode=Mode.WALK, max_snap_m=max_snap_m)
    near, near_xy = _near(network, stops, max_snap_m)
    at_stops = snap(
        network,
        [
            Place(place_id=stops.stop_ids[i], x=x, y=y, crs=network.crs)
            for i, (x, y) in zip(near.tolist(), near_xy.tolist(), strict=True)
        ],
        mode=Mode.WALK,
        max_snap_m=np.inf,
    )
    kept = at_stops.distance_m <= max_snap_m
    joined = near[kept]
    n = len(places)
    begin, end, seconds, metres = _between(
        network.graph(Mode.WALK),
        edge=np.concatenate([at_places.edge, at_stops.edge[kept]]),
        along=np.concatenate([at_places.along, at_stops.along[kept]]),
        off_m=np.concatenate([at_places.distance_m, at_stops.distance_m[kept]]),
        xy=np.concatenate([at_places.xy, at_stops.xy[kept]]),
        limit_s=max(max_walk_s, max_change_walk_s),
    )
    out = (begin < n) & (end >= n) & (seconds <= max_walk_s)
    home = (begin >= n) & (end < n) & (seconds <= max_walk_s)
    over = (begin >= n) & (end >= n) & (seconds <= max_change_walk_s) & (begin != end)
    notes = at_places.notes
    lost = len(stops.stop_ids) - len(joined)
    if lost:
        notes = (
            *notes,
            f"{lost:,} of {len(stops.stop_ids):,} stops are further than "
            f"{max_snap_m:g} m from every street: nobody walks to or from them",
        )
    return Walks(
        access=_links(n, begin[out], joined[end[out] - n], seconds[out], metres[out]),
        egress=_links(
            n, end[home], joined[begin[home] - n], seconds[home], metres[home]
        ),
        change=_changes(
            stops,
            joined[begin[over] - n],
            joined[end[over] - n],
            seconds[over],
            metres[over],
            min_change_s,
        ),
        notes=notes,
    )


def _near(network: Network, stops: Stops, max_snap_m: float) -> tuple[Int64, Float64]:
    """Return the stops within reach of the streets' bounding box, and positions."""
    degrees = np.column_stack([stops.lon, stops.lat])
    xy = transform(degrees, "EPSG:4326", network.crs)
    streets = network.graph(Mode.WALK).vertex_xy
    low, high = streets.min(axis=0) - max_snap_m, streets.max(axis=0) + max_snap_m
    inside = np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))
    return inside, xy[inside]


def _between(
    graph: ModeGraph,
    *,
    edge: Int32,
    along: Float64,
    off_m: Float64,
    xy: Float64,
    limit_s: int,
) -> tuple[Int64, Int64, Int64, Int64]:
    """Return begin, end, seconds and metres of all walks within a limit.

    The same search and figures as ``roundplan.network.travel_matrix``, but only the
    pairs within the limit are kept: stops are many, and few are near each other.
    """
    at_mm = np.rint(along * graph.length_mm[edge]).astype(np.int64)
    points, of_item = np.unique(
        np.column_stack([edge.astype(np.int64), at_mm]), axis=0, return_inverse=True
    )
    of_item = of_item.reshape(-1)
    _, position = np.unique(xy, axis=0, return_inverse=True)
    position = position.reshape(-1)
    off_mm = np.rint(off_m * 1000).astype(np.int64)
    off_ms = -(-off_mm * WALK_MS_PER_M // 1000)
    limit_ms = limit_s * 1000
    paths = Paths.of(split_at(graph, points), limit_ms)
    found_all = []
    items = len(of_item)
    rows = max(1, _CHUNK_CELLS // max(1, items))
    for first in range(0, items, rows):
        begins = of_item[first : first + rows]
        along_ms, along_mm, _ = paths.between(begins, of_item)
        row, end = np.nonzero(along_ms >= 0)
        begin = row + first
        ms = along_ms[row, end] + off_ms[begin] + off_ms[end]
        mm = along_mm[row, end] + off_mm[begin] + off_mm[end]
        same = position[begin] == position[end]
        ms[same] = mm[same] = 0
        near = ms <= limit_ms
        found_all.append(
            (begin[near], end[near], -(-ms[near] // 1000), (mm[near] + 500) // 1000)
        )
    begin, end, seconds, metres = (
        np.concatenate([part[k] for part in found_all])
        if found_all
        else np.zeros(0, int)
        for k in range(4)
    )
    return begin, end, seconds, metres


def _changes(
    stops: Stops,
    begin: Int64,
    end: Int64,
    seconds: Int64,
    metres: Int64,
    min_change_s: int,
) -> Links:
    """Return the changes at and between stops, those of the source before ours."""
    every = np.arange(len(stops.stop_ids))
    unstated = stops.change_s == UNSTATED
    stated = ~unstated
    one, other = stops.change_from, stops.change_to
    straight = stops.straight_m(one, other).astype(np.int64)
    straight_s = -(-straight * WALK_MS_PER_M // 1000)
    # From the weakest word to the strongest: the last that is said of a pair counts.
    tail = np.concatenate([every, one[unstated], begin, one[stated]])
    head = np.concatenate([every, other[unstated], end, other[stated]])
    took = np.concatenate(
        [
            np.full(len(every), min_change_s),
            straight_s[unstated] + min_change_s,
            seconds + min_change_s,
            stops.change_s[stated],
        ]
    )
    walked = np.concatenate(
        [np.zeros_like(every), straight[unstated], metres, straight[stated]]
    )
    pair = tail.astype(np.int64) * max(1, len(every)) + head
    _, last = np.unique(pair[::-1], return_index=True)
    last = len(pair) - 1 - last
    last = last[took[last] != FORBIDDEN]
    took = np.maximum(took, 1)
    return _links(len(every), tail[last], head[last], took[last], walked[last])


def _links(
    count: int,
    by: npt.NDArray[np.integer],
    stop: npt.NDArray[np.integer],
    seconds: npt.NDArray[np.integer],
    metres: npt.NDArray[np.integer],
) -> Links:
    """Sort walks by where they begin or end."""
    order = np.lexsort((stop, by))
    first = np.searchsorted(by[order], np.arange(count + 1))
    return Links(
        first.astype(np.int32),
        stop[order].astype(np.int32),
        seconds[order].astype(np.int32),
        metres[order].astype(np.int32),
    )
