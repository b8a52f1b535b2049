"""Public transport by the clock, as slow as the words of its specification.

From `docs/transit.md` alone: who is at the door at a moment walks to any stop, boards
any vehicle that leaves from it then or later, rides to any of its later stops, changes
to any stop, boards again, and at last walks to the other door. Shares no code
with roundplan.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Call = tuple[int, int, int, bool, bool]
"""stop, arrives, leaves, may board, may alight"""


@dataclass(frozen=True)
class Town:
    """Walks are (seconds, metres); ``ride_m`` metres from stop to stop."""

    trips: Sequence[Sequence[Call]]
    access: Mapping[tuple[int, int], tuple[int, int]]
    egress: Mapping[tuple[int, int], tuple[int, int]]
    change: Mapping[tuple[int, int], tuple[int, int]]
    ride_m: Mapping[tuple[int, int], int]


def journeys(town: Town, origin: int, start: int, limit: int):
    """All arrivals by ride: {stop: {(arrival, rides, walked, ridden)}} of every way.

    Exhaustive over journeys that are not worse in time at any stop than needed: all
    (stop, moment ready) states are visited, each with every figure it can have.
    """
    queue = []
    seen = set()
    for (place, stop), (seconds, metres) in town.access.items():
        if place == origin:
            heapq.heappush(queue, (start + seconds, 0, metres, 0, stop))
    arrivals: dict[int, set[tuple[int, int, int, int]]] = {}
    while queue:
        state = heapq.heappop(queue)
        if state in seen:
            continue
        seen.add(state)
        ready, rides, walked, ridden, stop = state
        for calls in town.trips:
            for i, (at, _, leaves, may_board, _) in enumerate(calls):
                if at != stop or leaves < ready or not may_board:
                    continue
                length = 0
                for before, after in zip(calls[i:], calls[i + 1 :], strict=False):
                    length += town.ride_m[before[0], after[0]]
                    if not after[4] or after[1] > start + limit:
                        continue
                    here = (after[1], rides + 1, walked, ridden + length)
                    arrivals.setdefault(after[0], set()).add(here)
                    for (a, b), (seconds, metres) in town.change.items():
                        if a == after[0] and after[1] + seconds <= start + limit:
                            heapq.heappush(
                                queue,
                                (
                                    after[1] + seconds,
                                    rides + 1,
                                    walked + metres,
                                    ridden + length,
                                    b,
                                ),
                            )
    return arrivals


def door_to_door(town: Town, origin: int, place: int, start: int, limit: int):
    """The least seconds, and every (changes, walked, ridden) that takes as many."""
    ways = {
        (at + seconds - start, rides - 1, walked + metres, ridden)
        for stop, found in journeys(town, origin, start, limit).items()
        for at, rides, walked, ridden in found
        for (q, s), (seconds, metres) in town.egress.items()
        if q == place and s == stop and at + seconds - start <= limit
    }
    if not ways:
        return -1, set()
    least = min(way[0] for way in ways)
    return least, {way[1:] for way in ways if way[0] == least}


def earliest(town: Town, origin: int, start: int, limit: int) -> dict[int, int]:
    """Earliest arrivals at stops only: a label per stop, for towns of a real size."""
    by_stop: dict[int, list[tuple[int, int]]] = {}
    for t, calls in enumerate(town.trips):
        for i, call in enumerate(calls[:-1]):
            if call[3] and start <= call[2] <= start + limit:
                by_stop.setdefault(call[0], []).append((t, i))
    changes: dict[int, list[tuple[int, int]]] = {}
    for (a, b), (seconds, _) in town.change.items():
        changes.setdefault(a, []).append((b, seconds))
    ready: dict[int, int] = {}
    queue = [
        (start + seconds, stop)
        for (place, stop), (seconds, _) in town.access.items()
        if place == origin
    ]
    heapq.heapify(queue)
    arrival: dict[int, int] = {}
    while queue:
        now, stop = heapq.heappop(queue)
        if ready.get(stop, now + 1) <= now:
            continue
        ready[stop] = now
        for t, i in by_stop.get(stop, ()):
            if town.trips[t][i][2] < now:
                continue
            for later in town.trips[t][i + 1 :]:
                at = later[1]
                if not later[4] or at > start + limit:
                    continue
                if at < arrival.get(later[0], at + 1):
                    arrival[later[0]] = at
                    for b, seconds in changes.get(later[0], ()):
                        heapq.heappush(queue, (at + seconds, b))
    return arrival
