"""Bus lines of a made-up town, read back by the reader of real feeds."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from roundplan.datasets.assumptions import figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.town import build_town, bus_lines, gtfs_zip, osm_xml
from roundplan.domain import Mode
from roundplan.network import build_network, snap, travel_matrix
from roundplan.network.snapping import Place
from roundplan.transit import read_gtfs, transit_journeys

MONDAY = date(2026, 6, 1)
AREA_KM2 = 6.25


@pytest.fixture(scope="module")
def town():
    return build_town(1, AREA_KM2)


@pytest.fixture(scope="module")
def lines(town):
    return bus_lines(town.osm, AREA_KM2, figures(), Dice(1, 8))


@pytest.fixture(scope="module")
def feed(lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("feed") / "gtfs.zip"
    path.write_bytes(gtfs_zip(lines, MONDAY, 7, figures()))
    return path


@pytest.fixture(scope="module")
def network(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.osm"
    path.write_text(osm_xml(town.osm), encoding="utf-8")
    return build_network(path)


def test_the_same_seed_gives_the_same_lines_and_bytes(town, lines):
    again = bus_lines(town.osm, AREA_KM2, figures(), Dice(1, 8))
    assert again == lines
    once = gtfs_zip(lines, MONDAY, 7, figures())
    assert once == gtfs_zip(again, MONDAY, 7, figures())


def test_lines_cross_the_town_and_stop_on_its_roads(lines, network):
    assert len(lines) == 4
    for line in lines:
        assert len({s.id for s in line.stops}) == len(line.stops) >= 5
        assert len(line.seconds) == len(line.stops) - 1
        assert min(line.seconds) >= 30
    stops = [
        Place(place_id=str(s.id), x=s.lon, y=s.lat, crs="EPSG:4326")
        for s in {s.id: s for line in lines for s in line.stops}.values()
    ]
    joined = snap(network, stops, mode=Mode.WALK)
    assert joined.distance_m.max() < 1


@pytest.mark.parametrize(
    ("day", "minutes"), [(0, 8), (5, 10), (6, 12)], ids=["Mo", "Sa", "Su"]
)
def test_a_day_has_the_headways_of_its_type(feed, lines, day, minutes):
    table = read_gtfs(feed, MONDAY + timedelta(days=day))
    first = table.stops.stop_ids.index(str(lines[0].stops[0].id))
    second = table.stops.stop_ids.index(str(lines[0].stops[1].id))
    leaves = np.sort(table.departure_s[(table.tail == first) & (table.head == second)])
    at_noon = leaves[(leaves >= 12 * 3600) & (leaves < 13 * 3600)]
    assert set(np.diff(at_noon)) == {60 * minutes}


def test_a_bus_is_quicker_than_a_walk_across_the_town(feed, lines, network):
    ends = [
        Place(place_id=name, x=s.lon, y=s.lat, crs="EPSG:4326")
        for name, s in (("a", lines[0].stops[0]), ("b", lines[0].stops[-1]))
    ]
    table = read_gtfs(feed, MONDAY)
    found = transit_journeys(network, table, ends, "Mo-Fr 10:00-11:00", every_s=900)
    walked = travel_matrix(network, ends, cache=False)
    rides_s = sum(lines[0].seconds)
    assert found.rides[0, 1]
    assert rides_s <= found.times_s[0, 1] <= rides_s + 8 * 60 + 120
    assert found.times_s[0, 1] < walked.times_s[0, 1]
