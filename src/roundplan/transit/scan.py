"""Earliest arrivals by public transport: the connection scan algorithm, compiled.

The connections of a day stand in order of departure. One pass over those that leave
within the limit finds the earliest arrival at every stop [1]_: a connection can be
taken if its trip was boarded before, or if one is ready at its stop in time.

One is ready at a stop by a walk from the start, or by one change (at the stop, or one
walk to another) after a ride. Rides and changes keep labels of their own, so walks
need not be closed under concatenation: two walks never follow each other. Every
change takes at least a second, so the order of connections that leave in the same
second does not matter.

References
----------
.. [1] Dibbelt, J., Pajor, T., Strasser, B., Wagner, D. (2018). Connection scan
   algorithm. *ACM Journal of Experimental Algorithmics*, 23: 1.7.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = 2**31 - 1

RIDES, WALKED, RIDDEN = range(3)
"""columns of what is known of a journey beside its time: vehicles boarded; metres"""

SECONDS, CHANGES, WALKED_M, RIDDEN_M = range(4)
"""rows of the result"""


@njit(cache=True, nogil=True)
def scan(
    first_origin,
    last_origin,
    start_s,
    limit_s,
    first_trip,
    trips,
    departure_s,
    arrival_s,
    tail,
    head,
    trip,
    before_m,
    metres,
    allowed,
    access_first,
    access_stop,
    access_s,
    access_m,
    change_first,
    change_stop,
    change_s,
    change_m,
    egress_first,
    egress_stop,
    egress_s,
    egress_m,
    out,
):
    """Fill ``out`` with the journeys from some places to all, at one departure.

    Parameters
    ----------
    first_trip, trips
        The lowest of the trips in these connections, and how many there are from it.
    departure_s .. allowed
        Columns of ``Timetable``, cut to the connections that leave from ``start_s`` to
        ``start_s + limit_s``.
    access, egress
        Walks from each place to stops and to each place from stops; ``change`` from
        each stop to stops: int32, those of ``i`` at ``first[i]:first[i + 1]``.
    out
        int32 (4, origins, places): ``SECONDS`` from ``start_s`` to the door, -1 where
        not reached within the limit; and ``CHANGES``, ``WALKED_M``, ``RIDDEN_M``.
    """
    stops = len(change_first) - 1
    places = len(egress_first) - 1
    last_s = start_s + limit_s
    ready_s = np.empty(stops, np.int32)
    ready = np.zeros((stops, 3), np.int32)
    alight_s = np.empty(stops, np.int32)
    alight = np.zeros((stops, 3), np.int32)
    # The connection at which each trip was boarded. What was known at its stop then
    # still is: whoever gets there later is ready only after it has left.
    boarded = np.empty(trips, np.int32)
    for origin in range(first_origin, last_origin):
        row = origin - first_origin
        ready_s[:] = NEVER
        alight_s[:] = NEVER
        boarded[:] = -1
        for k in range(access_first[origin], access_first[origin + 1]):
            stop = access_stop[k]
            ready_s[stop] = start_s + access_s[k]
            ready[stop, RIDES] = 0
            ready[stop, WALKED] = access_m[k]
            ready[stop, RIDDEN] = 0
        for c in range(len(departure_s)):
            t = trip[c] - first_trip
            if boarded[t] < 0:
                if ready_s[tail[c]] > departure_s[c] or not allowed[c] & 1:
                    continue
                boarded[t] = c
            stop = head[c]
            at = arrival_s[c]
            if at >= alight_s[stop] or at > last_s or not allowed[c] & 2:
                continue
            first = boarded[t]
            rides = ready[tail[first], RIDES] + 1
            walked = ready[tail[first], WALKED]
            ridden = ready[tail[first], RIDDEN] + before_m[c] - before_m[first]
            ridden += metres[c]
            alight_s[stop] = at
            alight[stop, RIDES] = rides
            alight[stop, WALKED] = walked
            alight[stop, RIDDEN] = ridden
            for k in range(change_first[stop], change_first[stop + 1]):
                beyond = change_stop[k]
                if at + change_s[k] < ready_s[beyond]:
                    ready_s[beyond] = at + change_s[k]
                    ready[beyond, RIDES] = rides
                    ready[beyond, WALKED] = walked + change_m[k]
                    ready[beyond, RIDDEN] = ridden
        for place in range(places):
            best = last_s + 1
            by = -1
            for k in range(egress_first[place], egress_first[place + 1]):
                stop = egress_stop[k]
                if alight_s[stop] < best and alight_s[stop] + egress_s[k] < best:
                    best = alight_s[stop] + egress_s[k]
                    by = k
            out[SECONDS, row, place] = -1
            out[CHANGES, row, place] = 0
            out[WALKED_M, row, place] = 0
            out[RIDDEN_M, row, place] = 0
            if by >= 0:
                stop = egress_stop[by]
                out[SECONDS, row, place] = best - start_s
                out[CHANGES, row, place] = alight[stop, RIDES] - 1
                out[WALKED_M, row, place] = alight[stop, WALKED] + egress_m[by]
                out[RIDDEN_M, row, place] = alight[stop, RIDDEN]
