"""Travel matrices: the quickest way between all pairs of places, exactly."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import (
    ALL_DAY,
    MODE_CODES,
    UNREACHABLE,
    Mode,
    Period,
    Place,
    TravelMatrix,
)
from roundplan.errors import UsageError
from roundplan.network.arcs import split_at
from roundplan.network.cache import MatrixCache
from roundplan.network.cell_counts import Crossings, crossings
from roundplan.network.cells import Cells
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.opening import Hours
from roundplan.network.paths import Paths
from roundplan.network.periods import graph_at
from roundplan.network.snapping import DEFAULT_MAX_SNAP_M, Snapping, snap
from roundplan.network.turn_arcs import obeying
from roundplan.network.walk import WALK_MS_PER_M

DEFAULT_LIMIT_S = 5400
"""A leg of over an hour and a half is no leg of a round."""

MAX_LIMIT_S = 12 * 3600

_CHUNK_CELLS = 4_000_000
"""Pairs that are worked on at a time, so that memory is that of the result."""

_MAX_CROSSINGS = int(np.iinfo(np.int16).max)

_STORED = {"times_s": "<i4", "metres": "<i4", "crossings": "<i2"}
"""Arrays of a matrix in the cache."""

_log = logging.getLogger(__name__)

Int64 = npt.NDArray[np.int64]


def travel_matrix(
    network: Network,
    places: Sequence[Place],
    *,
    mode: Mode = Mode.WALK,
    profile: str | None = None,
    period: str | None = ALL_DAY,
    cells: Cells | None = None,
    hours: Hours | None = None,
    limit_s: int = DEFAULT_LIMIT_S,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    cache: bool | Path = True,
) -> TravelMatrix:
    """Compute travel between all pairs of places by one mode in one period.

    A leg is door to door: straight to the nearest point of a street, along the streets
    by the quickest way (of equally quick ones, the shortest), and straight to the
    other door. All of it counts in seconds and metres; what is off the streets is
    walked. Private streets are used at the two ends of a leg only. Places at the same
    position are 0 apart. A car is parked once at the end of a leg
    (``Speeds.end_ms``), but not between places that join the same point of a street.

    Parameters
    ----------
    mode
        Of the streets. Public transport has `roundplan.transit.transit_matrix`.
    profile
        Name of the travel, by default the mode's.
    period
        A name as ``Period.parse`` takes it: its slowest traffic, and what is closed at
        any of its hours. None is the time outside of all periods (``graph_at``), and
        gives a matrix for all day, to stand beside others for periods.
    cells
        Low-traffic neighbourhoods, whose boundaries are counted by leg.
    hours
        What opening hours mean on the dates of a plan (``graph_at``).
    limit_s
        A pair further apart than this, door to door, is unreachable; at most 12 hours.
    max_snap_m
        See ``snap``, which also says where each place joined.
    cache
        Whether to keep and reuse results in the user's cache folder (``MatrixCache``),
        or the folder to use.

    Returns
    -------
    TravelMatrix
        ``times_s`` rounded up to whole seconds, ``UNREACHABLE`` where there is no way
        within the limit; ``metres`` of the same path, to the nearest metre, and the
        ``ltn_crossings`` on it. One-way rules may make it asymmetric.

    Raises
    ------
    SnapError
        E2103. Places too far from the streets, all of them by id.
    NetworkError
        E2001. The network has no graph of that mode.
    TravelError
        E2201. The period has a name that means nothing.
    UsageError
        E1002. A limit that is not between 1 second and 12 hours.
    """
    if not 0 < limit_s <= MAX_LIMIT_S:
        msg = f"a travel limit of {limit_s} s is not between 1 s and {MAX_LIMIT_S} s"
        raise UsageError(msg)
    when = None if period is None else Period.parse(period)
    graph, _ = graph_at(network, mode, when, hours)
    there = replace(network, graphs={**network.graphs, mode: graph})
    snapping = snap(there, places, mode=mode, max_snap_m=max_snap_m)
    for note in snapping.notes:
        _log.info("%s", note)
    crossed = None if cells is None else crossings(graph, cells)
    end_ms = network.speeds.end_ms(mode)

    store = MatrixCache.of(cache)
    key = ""
    found = None
    if store is not None:
        # Where and how far along each place joins settles the rest.
        key = store.key(
            graph.content_hash(),
            limit_s,
            end_ms,
            *(() if crossed is None else crossed),
            snapping.xy,
            snapping.edge,
            snapping.along,
            snapping.distance_m,
        )
        found = store.load(key, len(places), _STORED)
    if found is None:
        found = _matrix(graph, snapping, crossed, limit_s=limit_s, end_ms=end_ms)
        if store is not None:
            store.save(key, found)
    n = len(places)
    return TravelMatrix(
        profile=mode.value if profile is None else profile,
        period=ALL_DAY if period is None else period,
        place_ids=snapping.place_ids,
        times_s=found["times_s"],
        metres=found["metres"],
        ltn_crossings=found["crossings"],
        modes=np.full((n, n), MODE_CODES.index(mode), dtype=np.int8),
    )


def _matrix(
    graph: ModeGraph,
    snapping: Snapping,
    crossed: Crossings | None,
    *,
    limit_s: int,
    end_ms: int,
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of ``_STORED`` between the doors of snapped places."""
    points, of_place = joined_points(graph, snapping)
    limit_ms = limit_s * 1000
    arcs = split_at(graph, points, crossed)
    if bans := graph.bans:
        arcs = obeying(arcs, bans)
    paths = Paths.of(arcs, limit_ms)
    off_mm = np.rint(snapping.distance_m * 1000).astype(np.int64)
    off_ms = -(-off_mm * WALK_MS_PER_M // 1000)
    _, position = np.unique(snapping.xy, axis=0, return_inverse=True)
    position = position.reshape(-1)

    n = len(of_place)
    times_s = np.empty((n, n), dtype=np.int32)
    metres = np.empty((n, n), dtype=np.int32)
    counted = np.empty((n, n), dtype=np.int16)
    # Places that join at the same point share a row, so rows go by their points.
    order = np.argsort(of_place, kind="stable")
    for part in np.array_split(order, -(-n * n // _CHUNK_CELLS) or 1):
        begins, row = np.unique(of_place[part], return_inverse=True)
        found = paths.between(begins, np.arange(len(points)))
        ms, mm, cells = (of[np.ix_(row, of_place)] for of in found)
        reached = ms >= 0
        ms += off_ms[part, None] + off_ms
        ms += np.where(of_place[part, None] == of_place, 0, end_ms)
        mm += off_mm[part, None] + off_mm
        same = position[part, None] == position
        ms[same] = mm[same] = 0
        reached = (reached & (ms <= limit_ms)) | same
        times_s[part] = np.where(reached, -(-ms // 1000), UNREACHABLE)
        metres[part] = np.where(reached, (mm + 500) // 1000, 0)
        counted[part] = np.where(reached, np.minimum(cells, _MAX_CROSSINGS), 0)
    return {"times_s": times_s, "metres": metres, "crossings": counted}


def joined_points(graph: ModeGraph, snapping: Snapping) -> tuple[Int64, Int64]:
    """Return the points of streets that places join, and the number of each place's.

    Returns
    -------
    tuple of numpy.ndarray
        int64 (points, 2), edge and millimetres along it, sorted, each once (a street's
        length is in whole millimetres, so a point is too); int64 (places,).
    """
    at_mm = np.rint(snapping.along * graph.length_mm[snapping.edge]).astype(np.int64)
    points, of_place = np.unique(
        np.column_stack([snapping.edge.astype(np.int64), at_mm]),
        axis=0,
        return_inverse=True,
    )
    return points, of_place.reshape(-1)
