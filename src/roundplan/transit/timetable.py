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
        int32 (connections,), which vehicle run, from 0 to ``trips - 1``.
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
    trips: int
    departure_s: Int32
    arrival_s: Int32
    tail: Int32
    head: Int32
    trip: Int32
    metres: Int32
    allowed: npt.NDArray[np.uint8]
    notes: tuple[str, ...] = ()
