"""Door-to-door travel on foot and by public transport, between all places."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from roundplan.domain import (
    MODE_CODES,
    UNREACHABLE,
    WEEKDAYS,
    Mode,
    Period,
    Place,
    TravelMatrix,
)
from roundplan.errors import UsageError
from roundplan.network import (
    DEFAULT_LIMIT_S,
    DEFAULT_MAX_SNAP_M,
    Network,
    travel_matrix,
)
from roundplan.network.cache import MatrixCache
from roundplan.transit.lines import Lines, search_lines
from roundplan.transit.scan import CHANGES, RIDDEN_M, SECONDS, WALKED_M, scan
from roundplan.transit.stops import Int32
from roundplan.transit.timetable import Timetable
from roundplan.transit.walking import Walks, find_walks
from roundplan.units import DAY_S

MAX_LIMIT_S = 3 * 3600
"""Longest leg that may be asked for; a timetable holds as much of the next morning."""

DEFAULT_PERCENTILE = 75
"""Of the departures in a period, the share that is no slower than the figure given.

Three in four journeys are as quick or quicker: a worker leaves when the visit is over,
not when the bus does, and a roster that counted on the median would be late every
other time.
"""

DEFAULT_EVERY_S = 300

DEFAULT_MAX_WALK_S = 1200
"""Longest walk to the first stop or from the last: 1.6 km."""

DEFAULT_MAX_CHANGE_WALK_S = 480
"""Longest walk from stop to stop in a change, 640 m: how far London's accessibility
measure has people walk to a bus (Transport for London 2010, PTALs summary)."""

DEFAULT_MIN_CHANGE_S = 60
"""Time to change vehicles beside the walk between them, where nobody states one."""

_BLOCK_CELLS = 4_000_000
"""Journeys held at a time by each thread (64 MB)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journeys:
    """Journeys between all pairs of places, door to door, origin in rows.

    Each array is (n, n). Where the walk all the way is as quick, it is the journey.

    Parameters
    ----------
    times_s
        int32 seconds, the first wait included; ``UNREACHABLE`` where none is within the
        limit.
    changes
        int16, vehicles boarded after the first.
    walked_m, ridden_m
        int32, metres on the streets, and in straight lines from stop to stop.
    rides
        bool, whether any of it is by public transport.
    notes
        What was assumed, and which stops nobody walks to.
    """

    place_ids: tuple[str, ...]
    times_s: Int32
    changes: npt.NDArray[np.int16]
    walked_m: Int32
    ridden_m: Int32
    rides: npt.NDArray[np.bool_]
    notes: tuple[str, ...]

    def matrix(self, period: str) -> TravelMatrix:
        """Return the journeys as travel of the profile ``transit`` in a period."""
        transit, walk = MODE_CODES.index(Mode.TRANSIT), MODE_CODES.index(Mode.WALK)
        return TravelMatrix(
            profile=Mode.TRANSIT.value,
            period=period,
            place_ids=self.place_ids,
            times_s=self.times_s,
            metres=self.walked_m + self.ridden_m,
            ltn_crossings=np.zeros(self.times_s.shape, dtype=np.int16),
            modes=np.where(self.rides, transit, walk).astype(np.int8),
        )


def transit_matrix(
    network: Network,
    service: Timetable | Lines,
    places: Sequence[Place],
    period: str,
    *,
    percentile: int = DEFAULT_PERCENTILE,
    every_s: int = DEFAULT_EVERY_S,
    limit_s: int = DEFAULT_LIMIT_S,
    max_walk_s: int = DEFAULT_MAX_WALK_S,
    max_change_walk_s: int = DEFAULT_MAX_CHANGE_WALK_S,
    min_change_s: int = DEFAULT_MIN_CHANGE_S,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
) -> TravelMatrix:
    """Compute travel on foot and by public transport in a period of the day.

    Shorthand for ``transit_journeys(...).matrix(period)``; the notes are logged.
    """
    journeys = transit_journeys(
        network,
        service,
        places,
        period,
        percentile=percentile,
        every_s=every_s,
        limit_s=limit_s,
        max_walk_s=max_walk_s,
        max_change_walk_s=max_change_walk_s,
        min_change_s=min_change_s,
        max_snap_m=max_snap_m,
    )
    for note in journeys.notes:
        _log.info("%s", note)
    return journeys.matrix(period)


def transit_journeys(
    network: Network,
    service: Timetable | Lines,
    places: Sequence[Place],
    period: str,
    *,
    percentile: int = DEFAULT_PERCENTILE,
    every_s: int = DEFAULT_EVERY_S,
    limit_s: int = DEFAULT_LIMIT_S,
    max_walk_s: int = DEFAULT_MAX_WALK_S,
    max_change_walk_s: int = DEFAULT_MAX_CHANGE_WALK_S,
    min_change_s: int = DEFAULT_MIN_CHANGE_S,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    cache: bool | Path = True,
) -> Journeys:
    """Compute journeys between all pairs of places in a period of the day.

    A journey is a walk to a stop, rides with a change between each two, and a walk
    from a stop; or the walk all the way. A change is at one stop or one walk.

    Parameters
    ----------
    service
        A timetable: the journey that takes the stated percentile (nearest rank) of the
        seconds of all departures in the period, one ``every_s``, unreachable counting
        as the slowest. Or lines with headways: one journey with half of each headway.
    period
        A name such as ``Mo-Fr 07:00-10:00``. The date of a timetable must be one of
        its days.
    limit_s
        A pair further apart than this is unreachable; at most 3 hours.
    max_walk_s, max_change_walk_s
        Longest walk to the first and from the last stop, and of a change.
    min_change_s
        Seconds of a change beside its walk, where the timetable states none.
    cache
        Whether to keep and reuse what a timetable gives, or the folder to use
        (``MatrixCache``).

    Raises
    ------
    SnapError
        E2103. Places too far from the streets.
    TravelError
        E2201. A period of another form.
    UsageError
        E1002. Parameters that cannot be, or a date outside the period.
    """
    _check(limit_s, max_walk_s, max_change_walk_s, min_change_s, percentile, every_s)
    when = Period.parse(period)
    if isinstance(service, Timetable):
        weekday = service.service_date.weekday()
        if weekday not in when.days:
            msg = (
                f"the timetable of {service.service_date}, {WEEKDAYS[weekday]}, says "
                f"nothing of {period}. Read it for a date in that period"
            )
            raise UsageError(msg)
    walks = find_walks(
        network,
        service.stops,
        places,
        max_walk_s=max_walk_s,
        max_change_walk_s=max_change_walk_s,
        min_change_s=min_change_s,
        max_snap_m=max_snap_m,
    )
    notes: tuple[str, ...] = (*service.notes, *walks.notes)
    if isinstance(service, Timetable):
        starts = range(when.start_s, when.end_s, every_s)
        found = _kept_departures(
            service, walks, starts, limit_s, percentile, MatrixCache.of(cache)
        )
    else:
        found, more = search_lines(
            service, walks, period, places=len(places), limit_s=limit_s
        )
        notes += more
    return _or_walk(network, places, found, limit_s, max_snap_m, notes)


def transit_departure(
    network: Network,
    timetable: Timetable,
    places: Sequence[Place],
    departure_s: int,
    *,
    limit_s: int = DEFAULT_LIMIT_S,
    max_walk_s: int = DEFAULT_MAX_WALK_S,
    max_change_walk_s: int = DEFAULT_MAX_CHANGE_WALK_S,
    min_change_s: int = DEFAULT_MIN_CHANGE_S,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
) -> Journeys:
    """Compute the journeys between all places that leave the door at one moment.

    Parameters
    ----------
    departure_s
        Seconds after midnight of the timetable's date. Who leaves later never arrives
        earlier (FIFO).

    Raises
    ------
    SnapError, UsageError
        As ``transit_journeys``.
    """
    _check(limit_s, max_walk_s, max_change_walk_s, min_change_s)
    if not 0 <= departure_s < DAY_S:
        msg = f"a departure at {departure_s} s is not within the day"
        raise UsageError(msg)
    walks = find_walks(
        network,
        timetable.stops,
        places,
        max_walk_s=max_walk_s,
        max_change_walk_s=max_change_walk_s,
        min_change_s=min_change_s,
        max_snap_m=max_snap_m,
    )
    found = scan_departures(
        timetable, walks, range(departure_s, departure_s + 1), limit_s=limit_s
    )
    notes = (*timetable.notes, *walks.notes)
    return _or_walk(network, places, found, limit_s, max_snap_m, notes)


def _kept_departures(
    timetable: Timetable,
    walks: Walks,
    starts: range,
    limit_s: int,
    percentile: int,
    store: MatrixCache | None,
) -> Int32:
    """Return `scan_departures`, from the cache where it has them."""

    def computed() -> Int32:
        return scan_departures(
            timetable, walks, starts, limit_s=limit_s, percentile=percentile
        )

    if store is None:
        return computed()
    key = store.key(
        "transit",
        str(starts),
        limit_s,
        percentile,
        *_columns(timetable),
        *(part for links in walks[:3] for part in links),
    )
    places = len(walks.egress.first) - 1
    kept = store.load(key, places, _STORED)
    if kept is not None:
        return np.stack([kept[name] for name in _STORED]).astype(np.int32)
    found = computed()
    # within three hours everything but the metres ridden fits into 16 bits
    arrays = zip(_STORED.items(), found, strict=True)
    store.save(key, {name: array.astype(type_) for (name, type_), array in arrays})
    return found


_STORED = {"seconds": "<i2", "changes": "<i2", "walked_m": "<i2", "ridden_m": "<i4"}
"""Arrays of journeys in the cache, in the order of `scan_departures`."""


def _columns(timetable: Timetable) -> tuple[npt.NDArray[np.integer], ...]:
    return (
        timetable.departure_s,
        timetable.arrival_s,
        timetable.tail,
        timetable.head,
        timetable.trip,
        timetable.before_m,
        timetable.metres,
        timetable.allowed,
    )


def scan_departures(
    timetable: Timetable,
    walks: Walks,
    starts: range,
    *,
    limit_s: int,
    percentile: int = 100,
) -> Int32:
    """Return int32 (4, places, places) of the percentile of some departures.

    Origins are shared among threads; what comes out does not depend on how many.
    """
    places = len(walks.egress.first) - 1
    columns = _columns(timetable)
    rank = max(1, math.ceil(percentile * len(starts) / 100)) - 1
    out = np.zeros((4, places, places), dtype=np.int32)

    def block(first: int, last: int) -> None:
        found = np.empty((len(starts), 4, last - first, places), dtype=np.int32)
        for at, start in zip(found, starts, strict=True):
            low = np.searchsorted(timetable.departure_s, start)
            high = np.searchsorted(timetable.departure_s, start + limit_s, "right")
            running = timetable.trip[low:high]
            first_trip = int(running.min(initial=2**31 - 1))
            trips = max(0, int(running.max(initial=-1)) - first_trip + 1)
            scan(  # type: ignore[call-arg]
                first,
                last,
                start,
                limit_s,
                first_trip,
                trips,
                *(column[low:high] for column in columns),
                *walks.access,
                *walks.change,
                *walks.egress,
                at,
            )
        if len(starts) == 1:
            out[:, first:last] = found[0]
            return
        seconds = found[:, SECONDS]
        key = np.where(seconds == UNREACHABLE, np.iinfo(np.int32).max, seconds)
        chosen = np.argsort(key, axis=0, kind="stable")[rank]
        row, place = np.indices(chosen.shape)
        out[:, first:last] = found[chosen, :, row, place].transpose(2, 0, 1)

    threads = os.cpu_count() or 1
    rows = max(1, _BLOCK_CELLS // max(1, 4 * len(starts) * places))
    rows = min(rows, max(1, -(-places // (4 * threads))))
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(block, first, min(places, first + rows))
            for first in range(0, places, rows)
        ]
        for job in jobs:
            job.result()
    return out


def _or_walk(
    network: Network,
    places: Sequence[Place],
    found: Int32,
    limit_s: int,
    max_snap_m: float,
    notes: tuple[str, ...],
) -> Journeys:
    """Take the walk all the way where it is as quick."""
    walk = travel_matrix(
        network, places, mode=Mode.WALK, limit_s=limit_s, max_snap_m=max_snap_m
    )
    seconds = found[SECONDS]
    rides = (seconds != UNREACHABLE) & (
        (walk.times_s == UNREACHABLE) | (seconds < walk.times_s)
    )
    return Journeys(
        place_ids=walk.place_ids,
        times_s=np.where(rides, seconds, walk.times_s),
        changes=np.where(rides, found[CHANGES], 0).astype(np.int16),
        walked_m=np.where(rides, found[WALKED_M], walk.metres),
        ridden_m=np.where(rides, found[RIDDEN_M], 0),
        rides=rides,
        notes=notes,
    )


def _check(
    limit_s: int,
    max_walk_s: int,
    max_change_walk_s: int,
    min_change_s: int,
    percentile: int = DEFAULT_PERCENTILE,
    every_s: int = DEFAULT_EVERY_S,
) -> None:
    """Refuse parameters that cannot be."""
    for name, value, low, high in (
        ("limit_s", limit_s, 1, MAX_LIMIT_S),
        ("max_walk_s", max_walk_s, 0, MAX_LIMIT_S),
        ("max_change_walk_s", max_change_walk_s, 0, MAX_LIMIT_S),
        ("min_change_s", min_change_s, 1, MAX_LIMIT_S),
        ("percentile", percentile, 1, 100),
        ("every_s", every_s, 1, DAY_S),
    ):
        if not low <= value <= high:
            msg = f"{name} of {value} is not between {low} and {high:,}"
            raise UsageError(msg)
