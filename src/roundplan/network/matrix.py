"""Travel matrices: the quickest way between all pairs of places, exactly."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from roundplan.domain import (
    ALL_DAY,
    MODE_CODES,
    UNREACHABLE,
    Mode,
    Place,
    TravelMatrix,
)
from roundplan.errors import UsageError
from roundplan.network.arcs import Arcs, split_at
from roundplan.network.cache import MatrixCache
from roundplan.network.contraction import contract, lightest
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.snapping import DEFAULT_MAX_SNAP_M, Snapping, snap
from roundplan.network.walk import WALK_MS_PER_M

DEFAULT_LIMIT_S = 5400
"""A leg of over an hour and a half is no leg of a round."""

MAX_LIMIT_S = 12 * 3600

_CHUNK_CELLS = 8_000_000
"""Distances held at a time (64 MB), so that memory does not grow with the network."""

_log = logging.getLogger(__name__)

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]


def travel_matrix(
    network: Network,
    places: Sequence[Place],
    *,
    mode: Mode = Mode.WALK,
    limit_s: int = DEFAULT_LIMIT_S,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    cache: bool | Path = True,
) -> TravelMatrix:
    """Compute travel between all pairs of places by one mode.

    A leg is door to door: straight to the nearest point of a street, along the streets
    by the quickest way (of equally quick ones, the shortest), and straight to the
    other door. All of it is walked and counts in seconds and metres. Private streets
    are used at the two ends of a leg only. Places at the same position are 0 apart.

    Parameters
    ----------
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
        within the limit; ``metres`` of the same path, to the nearest metre. One-way
        rules may make it asymmetric.

    Raises
    ------
    SnapError
        E2103. Places too far from the streets, all of them by id.
    NetworkError
        E2001. The network has no graph of that mode.
    UsageError
        E1002. A limit that is not between 1 second and 12 hours.
    """
    if not 0 < limit_s <= MAX_LIMIT_S:
        msg = f"a travel limit of {limit_s} s is not between 1 s and {MAX_LIMIT_S} s"
        raise UsageError(msg)
    graph = network.graph(mode)
    snapping = snap(network, places, mode=mode, max_snap_m=max_snap_m)
    for note in snapping.notes:
        _log.info("%s", note)

    store = MatrixCache.of(cache)
    key = ""
    found = None
    if store is not None:
        # Where and how far along each place joins settles the rest.
        key = store.key(
            graph.content_hash(),
            mode.value,
            limit_s,
            snapping.xy,
            snapping.edge,
            snapping.along,
            snapping.distance_m,
        )
        found = store.load(key, len(places))
    if found is None:
        found = _matrix(graph, snapping, limit_s)
        if store is not None:
            store.save(key, *found)
    times_s, metres = found
    n = len(places)
    return TravelMatrix(
        profile=mode.value,
        period=ALL_DAY,
        place_ids=snapping.place_ids,
        times_s=times_s,
        metres=metres,
        ltn_crossings=np.zeros((n, n), dtype=np.int16),
        modes=np.full((n, n), MODE_CODES.index(mode), dtype=np.int8),
    )


def _matrix(graph: ModeGraph, snapping: Snapping, limit_s: int) -> tuple[Int32, Int32]:
    """Return seconds and metres between the doors of snapped places."""
    # Places that join at the same point share a row; a street's length is in whole
    # millimetres, so the point is too.
    at_mm = np.rint(snapping.along * graph.length_mm[snapping.edge]).astype(np.int64)
    points, of_place = np.unique(
        np.column_stack([snapping.edge.astype(np.int64), at_mm]),
        axis=0,
        return_inverse=True,
    )
    of_place = of_place.reshape(-1)
    limit_ms = limit_s * 1000
    between_ms, between_mm = _between(split_at(graph, points), limit_ms)

    off_mm = np.rint(snapping.distance_m * 1000).astype(np.int64)
    off_ms = -(-off_mm * WALK_MS_PER_M // 1000)
    pairs = np.ix_(of_place, of_place)
    ms, mm = between_ms[pairs], between_mm[pairs]
    reached = ms >= 0
    ms += off_ms[:, None] + off_ms
    mm += off_mm[:, None] + off_mm
    _, position = np.unique(snapping.xy, axis=0, return_inverse=True)
    position = position.reshape(-1)
    same = position[:, None] == position
    ms[same] = mm[same] = 0
    reached = (reached & (ms <= limit_ms)) | same
    times_s = np.where(reached, -(-ms // 1000), UNREACHABLE).astype(np.int32)
    metres = np.where(reached, (mm + 500) // 1000, 0).astype(np.int32)
    return times_s, metres


def _between(arcs: Arcs, limit_ms: int) -> tuple[Int64, Int64]:
    """Return milliseconds and millimetres between all points, -1 beyond the limit.

    Each arc weighs ``ms * 2**bits + mm``, where no path within the limit is ``2**bits``
    millimetres long. So one search finds the quickest paths and, of equally quick ones,
    the shortest, and both figures can be read off its result. The sums stay whole
    numbers below 2**53, which float64 holds exactly: no rounding, no ties.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    fastest = float((arcs.mm / np.maximum(arcs.ms, 1)).max(initial=1.0))
    bits = int(fastest * (limit_ms + 1)).bit_length() + 1
    if (limit_ms + 1) << bits > 2**53:
        msg = f"a limit of {limit_ms // 1000} s is too long for travel this fast"
        raise UsageError(msg)
    kept = np.zeros(arcs.nodes, dtype=bool)
    kept[arcs.origin] = kept[arcs.destination] = True
    limit = (limit_ms << bits) + (1 << bits) - 1
    weight = arcs.ms << bits | arcs.mm
    few = contract(lightest(arcs.tail, arcs.head, weight, limit), kept, limit)
    used, ends = np.unique(
        np.concatenate([arcs.origin, arcs.destination, few.tail, few.head]),
        return_inverse=True,
    )
    origin, destination, tail, head = np.split(
        ends, np.cumsum([len(arcs.origin), len(arcs.destination), len(few.tail)])
    )
    weights = csr_array(
        (
            few.weight.astype(np.float64),
            head,
            np.searchsorted(tail, range(len(used) + 1)),
        ),
        shape=(len(used), len(used)),
    )

    n = len(arcs.origin)
    ms = np.full((n, n), -1, dtype=np.int64)
    mm = np.zeros((n, n), dtype=np.int64)
    rows = max(1, _CHUNK_CELLS // max(1, len(used)))
    for first in range(0, n, rows):
        chunk = slice(first, first + rows)
        found = dijkstra(
            weights,
            indices=origin[chunk],
            limit=float(limit),
        )[:, destination]
        reached = np.isfinite(found)
        whole = np.where(reached, found, 0).astype(np.int64)
        ms[chunk] = np.where(reached, whole >> bits, -1)
        mm[chunk] = whole & ((1 << bits) - 1)
    np.fill_diagonal(ms, 0)
    np.fill_diagonal(mm, 0)
    return ms, mm
