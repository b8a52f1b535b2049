"""Door to door on streets drawn by hand: every second added up on paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import roundplan.transit.matrix as matrix_module
from roundplan.domain import MODE_CODES, UNREACHABLE, Mode
from roundplan.errors import DataError, UsageError
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.transit import (
    read_gtfs,
    read_lines,
    transit_departure,
    transit_journeys,
    transit_matrix,
)
from streets_by_hand import ORIGIN, at, streets

MONDAY = date(2026, 6, 1)
KM = 1000.0
"""A street of 8 km with a stop near each end, on it; 750 ms a metre on foot."""


@pytest.fixture
def town(tmp_path):
    return streets(
        tmp_path,
        {1: (0, 0), 2: (8 * KM, 0)},
        [((1, 2), {"highway": "residential"})],
    )


PLACES = [at("home", 0, 0), at("client", 8 * KM, 0), at("near", 100, 0)]
STOPS = {"west": 200.0, "east": 7800.0}


def stops_csv(*columns):
    """The stops as rows of id, name and degrees."""
    lines = [",".join(columns)]
    for name, x in STOPS.items():
        lon, lat = transform(ORIGIN + np.array([[x, 0.0]]), BRITISH_GRID, "EPSG:4326")[
            0
        ]
        lines.append(f"{name},{name},{lat:.10f},{lon:.10f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def feed(tmp_path):
    """A bus at 08:05 and at 08:20, 20 minutes from west to east."""
    folder = tmp_path / "feed"
    folder.mkdir()
    calls = "".join(
        f"T{k},08:{k:02}:00,08:{k:02}:00,west,1\nT{k},08:{k + 20}:00,08:{k + 20}:00,"
        "east,2\n"
        for k in (5, 20)
    )
    for name, text in {
        "stops": stops_csv("stop_id", "stop_name", "stop_lat", "stop_lon"),
        "routes": "route_id,route_type\nR,3\n",
        "trips": "route_id,service_id,trip_id\nR,all,T5\nR,all,T20\n",
        "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        + calls,
        "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,"
        "sunday,start_date,end_date\nall,1,1,1,1,1,1,1,20260101,20261231\n",
    }.items():
        (folder / f"{name}.txt").write_text(text)
    return read_gtfs(folder, MONDAY)


def test_a_journey_is_walk_wait_ride_and_walk(town, feed):
    """150 s to the stop; the bus of 08:05 or 08:20; 20 minutes; 150 s to the door."""
    early = transit_departure(town, feed, PLACES, 8 * 3600)
    assert early.place_ids[:2] == ("home", "client")
    assert abs(int(early.times_s[0, 1]) - (300 + 1200 + 150)) <= 1
    late = transit_departure(town, feed, PLACES, 8 * 3600 + 300)
    assert abs(int(late.times_s[0, 1]) - (900 + 1200 + 150)) <= 1
    assert bool(early.rides[0, 1])
    assert int(early.changes[0, 1]) == 0
    assert abs(int(early.walked_m[0, 1]) - 400) <= 1
    assert abs(int(early.ridden_m[0, 1]) - 7600) <= 30


def test_who_is_quicker_on_foot_walks(town, feed):
    """And nobody rides back, as no bus goes there: 100 minutes are beyond the limit."""
    found = transit_departure(town, feed, PLACES, 8 * 3600, limit_s=5400)
    assert int(found.times_s[0, 2]) == 75
    assert not found.rides[0, 2]
    assert int(found.times_s[1, 0]) == UNREACHABLE
    matrix = found.matrix("all")
    assert matrix.modes[0, 2] == MODE_CODES.index(Mode.WALK)
    assert matrix.modes[0, 1] == MODE_CODES.index(Mode.TRANSIT)


def test_a_period_takes_three_in_four_departures(town, feed):
    """Of 08:00, 08:05, 08:10 and 08:15 the third quickest: 25 + 2.5 + 15 minutes."""
    period = "Mo-Fr 08:00-08:20"
    found = transit_matrix(town, feed, PLACES, period)
    alone = sorted(
        int(transit_departure(town, feed, PLACES, 8 * 3600 + 300 * k).times_s[0, 1])
        for k in range(4)
    )
    assert int(found.times_s[0, 1]) == alone[2]
    assert found.period == period


def test_a_period_is_scanned_once_and_kept(town, feed, tmp_path, monkeypatch):
    period, asked = "Mo-Fr 08:00-08:20", []
    scan = matrix_module.scan_departures

    def counted(*arguments, **options):
        asked.append(options)
        return scan(*arguments, **options)

    monkeypatch.setattr(matrix_module, "scan_departures", counted)
    found = [
        transit_journeys(town, feed, PLACES, period, cache=cache)
        for cache in (False, tmp_path / "kept", tmp_path / "kept")
    ]
    assert len(asked) == 2
    for name in ("times_s", "changes", "walked_m", "ridden_m", "rides"):
        first, *others = (getattr(of, name) for of in found)
        assert first.dtype == others[0].dtype == others[1].dtype
        assert all((first == other).all() for other in others)
    assert found[0].notes == found[2].notes
    transit_journeys(town, feed, PLACES, period, cache=tmp_path / "kept", percentile=50)
    assert len(asked) == 3


def test_a_timetable_of_another_day_is_refused(town, feed):
    with pytest.raises(UsageError, match="says nothing of Sa"):
        transit_journeys(town, feed, PLACES, "Sa 08:00-09:00")


def lines_of(tmp_path, headways):
    folder = tmp_path / "lines"
    folder.mkdir()
    (folder / "transit_stops.csv").write_text(
        stops_csv("stop_id", "name", "lat", "lon")
    )
    (folder / "transit_lines.csv").write_text(
        "line_id,mode,stops,minutes,headways,both_ways\n"
        f"W3,bus,west;east,20,{headways},n\n"
    )
    return folder


@pytest.mark.parametrize(("headway", "wait_s"), [(8, 240), (60, 600)])
def test_without_a_timetable_one_waits_half_a_headway(tmp_path, town, headway, wait_s):
    """At most ten minutes."""
    lines = read_lines(lines_of(tmp_path, f"Mo-Fr 07:00-19:00={headway}"))
    found = transit_journeys(town, lines, PLACES, "Mo-Fr 08:00-09:00")
    assert abs(int(found.times_s[0, 1]) - (150 + wait_s + 1200 + 150)) <= 1


def test_a_line_without_a_headway_does_not_run_and_that_is_said(tmp_path, town):
    lines = read_lines(lines_of(tmp_path, "Mo-Fr 07:00-19:00=8"))
    found = transit_journeys(town, lines, PLACES, "Su 08:00-09:00")
    assert int(found.times_s[0, 1]) == UNREACHABLE
    assert any("W3" in note for note in found.notes)


def test_what_is_wrong_with_lines_is_named(tmp_path):
    with pytest.raises(DataError, match=r"transit_lines.csv:2 headways"):
        read_lines(lines_of(tmp_path, "always=often"))
