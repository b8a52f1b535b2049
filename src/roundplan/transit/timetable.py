"""A day of public transport as connections, the form that a scan reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from roundplan.transit.stops import Int32, Stops

MAY_BOARD = 1
MAY_ALIGHT = 2
"""bits of ``Timetable.allowed``"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """All rides from one stop to the next of a service date, by departure.

    Parameters
    ----------
    service_date
        The day whose midnight is second 0. Trips of the day before that run past
        midnight are there, and the first hours of the day after.
    departure_s, arrival_s
        int32 (connections,), seconds; sorted by departure, those of a trip in order.
    tail, head
        int32 (connections,), stops by index.
    trip
        int32 (connections,), which vehicle run, numbered by first departure, so that
        those of a part of the day are near each other.
    before_m
        int32 (connections,), metres of the trip before this connection.
    metres
        int32 (connections,), in a straight line from stop to stop.
    allowed
        uint8 (connections,), whether one ``MAY_BOARD`` at the tail and ``MAY_ALIGHT``
        at the head.
    notes
        What was assumed in reading it.
    """

    service_date: date
    stops: Stops
    departure_s: Int32
    arrival_s: Int32
    tail: Int32
    head: Int32
    trip: Int32
    before_m: Int32
    metres: Int32
    allowed: npt.NDArray[np.uint8]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        service_date: date,
        stops: Stops,
        *,
        departure_s: npt.NDArray[np.integer],
        arrival_s: npt.NDArray[np.integer],
        tail: npt.NDArray[np.integer],
        head: npt.NDArray[np.integer],
        trip: npt.NDArray[np.integer],
        allowed: npt.NDArray[np.integer],
        notes: tuple[str, ...] = (),
    ) -> Timetable:
        """Return the timetable of connections of which those of a trip are in order.

        ``trip`` may hold any numbers.
        """
        order = np.argsort(departure_s, kind="stable")
        _, first, inverse = np.unique(
            trip[order], return_index=True, return_inverse=True
        )
        rank = np.empty(len(first), dtype=np.int32)
        rank[np.argsort(first)] = np.arange(len(first))
        ranked = rank[inverse.reshape(-1)]
        metres = stops.straight_m(tail, head)[order]
        return cls(
            service_date=service_date,
            stops=stops,
            departure_s=departure_s[order].astype(np.int32),
            arrival_s=arrival_s[order].astype(np.int32),
            tail=tail[order].astype(np.int32),
            head=head[order].astype(np.int32),
            trip=ranked,
            before_m=_before(ranked, metres),
            metres=metres,
            allowed=allowed[order].astype(np.uint8),
            notes=notes,
        )


def _before(trip: Int32, metres: Int32) -> Int32:
    """Return the metres of each trip before each of its connections."""
    order = np.argsort(trip, kind="stable")
    total = np.cumsum(metres[order], dtype=np.int64) - metres[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = trip[order][1:] != trip[order][:-1]
    start = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    before = np.empty(len(order), dtype=np.int32)
    before[order] = total - total[start]
    return before
