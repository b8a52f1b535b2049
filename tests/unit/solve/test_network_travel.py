"""Travel of a problem on streets: whose vehicles, which places, which periods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

import helpers as h
from roundplan.domain import DRIVE_EXEMPT, MODE_CODES, UNREACHABLE, Mode, Place
from roundplan.network import Cell, Cells, build_network
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.solve import plan
from roundplan.solve.network_travel import network_travel
from streets_by_hand import ORIGIN, at, osm_text

KM = 1000.0
ROAD = {"highway": "residential"}
NODES = {
    1: (0, 0),
    2: (4 * KM, 0),
    3: (2 * KM, 0),
    4: (0, 500),
    5: (4 * KM, 500),
}
# The straight road is closed to cars by a sign; round the north it is open.
WAYS = [
    ((1, 3), {**ROAD, "motor_vehicle": "no", "name": "Low Lane"}),
    ((3, 2), ROAD),
    ((1, 4, 5, 2), ROAD),
    ((1, 6), ROAD),
]
NODES[6] = (-300, 0)


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "streets.osm"
    path.write_text(osm_text(NODES, WAYS), encoding="utf-8")
    return build_network(path)


def problem(*modes, exempt=(), days=1, start="07:00", end="20:00", **fields):
    """A client at the west end and one in the east; a worker for each set of modes."""
    clients = [
        replace(h.client("C1"), place=at("C1", -100.0, 0.0)),
        replace(h.client("C2"), place=at("C2", 3.8 * KM, 0.0)),
    ]
    workers = [
        replace(
            h.worker(f"W{i}", modes=of, ltn_exempt=i in exempt),
            home=at(f"W{i}", -200.0, 0.0),
        )
        for i, of in enumerate(modes)
    ]
    shifts = [
        h.shift(
            w.worker_id,
            start,
            end,
            day=d,
            start_place=w.worker_id,
            end_place=w.worker_id,
        )
        for w in workers
        for d in range(days)
    ]
    visits = [h.visit("V1", "C1", "12:00"), h.visit("V2", "C2", "14:00", "15:00")]
    return h.problem(visits, workers, shifts, clients, days=days, **fields)


def leg(travel, profile, a="C1", b="C2"):
    return travel.leg(profile, a, b)


WALK, CYCLE, DRIVE, TRANSIT = (
    (Mode.WALK,),
    (Mode.CYCLE,),
    (Mode.DRIVE,),
    (Mode.TRANSIT,),
)


def test_only_the_vehicles_of_workers_with_a_shift_and_their_homes(network):
    of = problem(WALK, CYCLE, DRIVE)
    shifts = tuple(s for s in of.shifts if s.worker_id != "W2")
    travel = network_travel(replace(of, shifts=shifts), network, cache=False)
    assert list(travel.matrices) == ["walk", "cycle"]
    assert set(travel.matrices["walk"].place_ids) == {"C1", "C2", "W0"}
    assert set(travel.matrices["cycle"].place_ids) == {"C1", "C2", "W1"}
    assert leg(travel, "cycle").seconds < leg(travel, "walk").seconds / 3
    assert travel.notes == (
        "1 low-traffic neighbourhood found in the streets: their boundaries crossed by "
        "car, and their visits, are counted",
    )


def test_a_car_goes_round_a_filter_and_an_exempt_one_through_it(network):
    of = problem(DRIVE, DRIVE, exempt={1})
    travel = network_travel(of, network, cache=False)
    assert list(travel.matrices) == ["drive", DRIVE_EXEMPT]
    assert leg(travel, DRIVE_EXEMPT).metres == 3_900
    assert leg(travel, "drive").metres == 3_900 + 1_000 + 400
    assert travel.profiles_of(of.workers[0]) == ("drive",)
    assert travel.profiles_of(of.workers[1]) == (DRIVE_EXEMPT,)
    assert leg(travel, DRIVE_EXEMPT).mode is Mode.DRIVE
    assert leg(travel, DRIVE_EXEMPT, "C1", "C1").mode is Mode.DRIVE


def test_the_periods_of_traffic_in_which_somebody_is_about(network):
    travel = network_travel(problem(DRIVE), network, cache=False)
    morning, evening = travel.periods["drive"]
    assert (morning.period, evening.period) == (
        "Mo-Fr 07:00-10:00",
        "Mo-Fr 16:00-19:00",
    )
    at_noon = travel.matrices["drive"]
    assert at_noon.times_s[0, 1] < morning.times_s[0, 1] < evening.times_s[0, 1]
    early = network_travel(problem(DRIVE, end="11:00"), network, cache=False)
    assert [m.period for m in early.periods["drive"]] == ["Mo-Fr 07:00-10:00"]


def test_crossings_are_counted_by_car_only(network):
    x, y = ORIGIN
    core = shapely.box(x + 100, y + 400, x + 3_000, y + 600)
    cell = Cell(name="North", outline=core, core=core, area_m2=580_000)
    cells = Cells(cells=(cell,), crs=network.crs)
    travel = network_travel(problem(DRIVE, WALK), network, cells=cells, cache=False)
    assert leg(travel, "drive").ltn_crossings == 2
    assert leg(travel, "walk").ltn_crossings == 0
    assert travel.cells == {"C1": "", "C2": ""}


def test_what_was_left_out_of_given_cells_is_said(network):
    cells = Cells(cells=(), crs=network.crs, notes=("cells outside: 2",))
    travel = network_travel(problem(WALK), network, cells=cells, cache=False)
    assert "cells outside: 2" in travel.notes


def test_clients_are_in_their_neighbourhood_whoever_drives(network):
    x, y = ORIGIN
    core = shapely.box(x + 3_000, y - 100, x + 5_000, y + 100)
    cell = Cell(name="East", outline=core, core=core, area_m2=400_000)
    cells = Cells(cells=(cell,), crs=network.crs)
    travel = network_travel(problem(WALK), network, cells=cells, cache=False)
    assert travel.cells == {"C1": "", "C2": "East"}
    assert travel.changes_cell("C1", "C2")
    assert not travel.changes_cell("C2", "C2")
    assert not travel.changes_cell("C2", "W0")


def bus(tmp_path, name="lines"):
    """A bus every ten minutes on weekdays, four kilometres in five minutes."""
    folder = tmp_path / name
    folder.mkdir()
    rows = []
    for stop, x in (("west", 0.0), ("east", 4 * KM)):
        here = ORIGIN + np.array([[x, 0.0]])
        lon, lat = transform(here, BRITISH_GRID, "EPSG:4326")[0]
        rows.append(f"{stop},{stop},{lat:.9f},{lon:.9f}\n")
    (folder / "transit_stops.csv").write_text("stop_id,name,lat,lon\n" + "".join(rows))
    (folder / "transit_lines.csv").write_text(
        "line_id,mode,stops,minutes,headways,both_ways\n"
        "B1,bus,west;east,5,Mo-Fr 07:00-19:00=10,y\n"
    )
    return folder


def test_public_transport_by_period_and_on_foot_otherwise(network, tmp_path):
    of = problem((Mode.WALK, Mode.TRANSIT))
    travel = network_travel(of, network, transit=bus(tmp_path), cache=False)
    assert travel.profiles_of(of.workers[0]) == ("transit",)
    names = [m.period for m in travel.periods["transit"]]
    assert names == [
        "Mo-Fr 07:00-10:00",
        "Mo-Fr 10:00-16:00",
        "Mo-Fr 16:00-19:00",
        "Mo-Fr 19:00-22:00",
    ]
    at_night = travel.matrices["transit"]
    assert (at_night.modes == MODE_CODES.index(Mode.WALK)).all()
    assert (at_night.times_s == travel.matrices["walk"].times_s).all()
    by_day = travel.periods["transit"][1]
    i, j = by_day.index("C1"), by_day.index("C2")
    # 100 m to the stop, 5 minutes of waiting, 5 on the bus, 200 m back
    assert by_day.times_s[i, j] == pytest.approx(75 + 300 + 300 + 150, abs=1)
    assert by_day.modes[i, j] == MODE_CODES.index(Mode.TRANSIT)
    result = plan(of, travel, iterations=200, seed=1)
    assert not result.roster.unassigned
    modes = {made.leg.mode for r in result.roster.rounds for made in r.visits}
    assert modes == {Mode.WALK, Mode.TRANSIT}


def test_without_a_timetable_nobody_rides_and_it_is_said(network):
    travel = network_travel(problem((Mode.WALK, Mode.TRANSIT)), network, cache=False)
    assert list(travel.matrices) == ["walk"]
    _, note = travel.notes
    assert "1 worker may go by public transport, of which there is no timetable" in note


def test_a_mode_without_streets_is_left_out_and_said(tmp_path):
    path = tmp_path / "streets.osm"
    path.write_text(osm_text(NODES, [((6, 1, 3, 2), {"highway": "footway"})]))
    travel = network_travel(problem(WALK, DRIVE), build_network(path), cache=False)
    assert list(travel.matrices) == ["walk"]
    (note,) = travel.notes
    assert "1 worker may drive, for which the network has no streets" in note


def test_places_off_the_streets_of_a_mode_are_said_with_the_mode(network):
    of = problem(CYCLE)
    lane = Place(place_id="C1", x=ORIGIN[0] - 100, y=ORIGIN[1] + 30.0, crs=BRITISH_GRID)
    clients = (replace(of.clients[0], place=lane), of.clients[1])
    travel = network_travel(replace(of, clients=clients), network, cache=False)
    assert leg(travel, "cycle").seconds > 0
    assert (travel.matrices["cycle"].times_s != UNREACHABLE).all()
