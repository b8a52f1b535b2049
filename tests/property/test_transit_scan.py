"""The connection scan against a slow router, on random towns: exactly equal."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.transit import Stops, Timetable
from roundplan.transit.matrix import scan_departures
from roundplan.transit.walking import Links, Walks
from unit.transit.slow_router import Town, door_to_door

PLACES, MAX_STOPS = 3, 5
MONDAY = date(2026, 6, 1)


@st.composite
def towns(draw):
    """A town of a few stops, places and trips, where much coincides."""
    stops = draw(st.integers(2, MAX_STOPS))
    stop = st.integers(0, stops - 1)
    trips = []
    for _ in range(draw(st.integers(0, 6))):
        now = draw(st.integers(0, 40))
        calls = []
        for _ in range(draw(st.integers(2, 4))):
            arrives = now + draw(st.integers(0, 12))
            now = arrives + draw(st.integers(0, 3))
            flags = draw(st.sampled_from([(True, True)] * 4 + [(True, False)]))
            calls.append((draw(stop), arrives, now, *draw(st.permutations(flags))))
        trips.append(calls)
    walk = st.tuples(st.integers(0, 20), st.integers(0, 30))
    door = st.tuples(st.integers(0, PLACES - 1), stop)
    change = st.tuples(st.integers(1, 20), st.integers(0, 30))
    return stops, Town(
        trips=trips,
        access=draw(st.dictionaries(door, walk, max_size=6)),
        egress=draw(st.dictionaries(door, walk, max_size=6)),
        change=draw(st.dictionaries(st.tuples(stop, stop), change, max_size=8)),
        ride_m={},
    )


def links(pairs, count):
    rows = sorted((a, b, s, m) for (a, b), (s, m) in pairs.items())
    table = np.array(rows, dtype=np.int32).reshape(-1, 4)
    first = np.searchsorted(table[:, 0], np.arange(count + 1)).astype(np.int32)
    return Links(first, *(np.ascontiguousarray(table[:, k]) for k in (1, 2, 3)))


def as_timetable(stops, town):
    """The town as roundplan has it."""
    rides = [
        (before[2], after[1], before[0], after[0], t, before[3] + 2 * after[4])
        for t, calls in enumerate(town.trips)
        for before, after in pairwise(calls)
    ]
    columns = np.array(rides, dtype=np.int64).reshape(-1, 6).T
    none = np.zeros(0, dtype=np.int32)
    every = Stops(
        stop_ids=tuple(map(str, range(stops))),
        names=("",) * stops,
        lon=np.arange(stops) * 0.001,
        lat=np.arange(stops) ** 2 * 0.001,
        change_from=none,
        change_to=none,
        change_s=none,
    )
    names = ("departure_s", "arrival_s", "tail", "head", "trip", "allowed")
    timetable = Timetable.of(MONDAY, every, **dict(zip(names, columns, strict=True)))
    walks = Walks(
        links(town.access, PLACES),
        links(town.egress, PLACES),
        links(town.change, stops),
        (),
    )
    return timetable, walks


def with_metres(stops, town, timetable):
    index = np.arange(stops)
    for a in range(stops):
        length = timetable.stops.straight_m(np.full(stops, a), index)
        for b in range(stops):
            town.ride_m[a, b] = int(length[b])


@given(towns(), st.integers(0, 30), st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_the_scan_equals_the_slow_router(case, start, limit):
    """Seconds are equal, and the other figures are those of a quickest journey."""
    stops, town = case
    timetable, walks = as_timetable(stops, town)
    with_metres(stops, town, timetable)
    found = scan_departures(timetable, walks, range(start, start + 1), limit_s=limit)
    for origin in range(PLACES):
        for place in range(PLACES):
            seconds, ways = door_to_door(town, origin, place, start, limit)
            got = tuple(found[:, origin, place].tolist())
            assert got[0] == seconds
            assert got[1:] in ways if ways else got[1:] == (0, 0, 0)


@given(towns(), st.integers(0, 30), st.integers(1, 20))
@settings(max_examples=100, deadline=None)
def test_who_leaves_later_never_arrives_earlier(case, start, later):
    """FIFO holds from departure to departure."""
    timetable, walks = as_timetable(*case)
    one, other = (
        scan_departures(timetable, walks, range(s, s + 1), limit_s=500)[0]
        for s in (start, start + later)
    )
    both = other >= 0
    assert (one[both] >= 0).all()
    assert (one[both] <= other[both] + later).all()


@given(towns(), st.integers(1, 100))
@settings(max_examples=100, deadline=None)
def test_the_percentile_is_that_of_its_departures(case, percentile):
    """Nearest rank, unreachable as the slowest; all figures of one departure."""
    timetable, walks = as_timetable(*case)
    starts = range(0, 40, 7)
    alone = [
        scan_departures(timetable, walks, range(s, s + 1), limit_s=60) for s in starts
    ]
    found = scan_departures(timetable, walks, starts, limit_s=60, percentile=percentile)
    for row in range(PLACES):
        for place in range(PLACES):
            seconds = [int(a[0, row, place]) for a in alone]
            key = sorted(s if s >= 0 else 10**9 for s in seconds)
            share = next(
                k
                for k in key
                if 100 * sum(x <= k for x in key) >= percentile * len(key)
            )
            expected = -1 if share == 10**9 else share
            assert found[0, row, place] == expected
            assert any((found[:, row, place] == a[:, row, place]).all() for a in alone)
