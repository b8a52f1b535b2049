"""The table of speeds: what may be changed, and what comes of it."""

from __future__ import annotations

from datetime import date

import networkx as nx
import pytest

from roundplan.domain import ALL_DAY, Mode, Period
from roundplan.errors import NetworkError
from roundplan.network import (
    Hours,
    Speeds,
    build_network,
    graph_at,
    load_network,
    save_network,
    snap,
    travel_matrix,
)
from roundplan.network.rules import Access
from streets_by_hand import STREET, at, osm_text, streets

STANDARD = Speeds.standard()
MORNING = Period.parse("Mo-Fr 07:00-10:00")
NIGHT = Period.parse("00:00-06:00")


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text("[cycle]\nkm_h = 18\n[drive.km_h]\nresidential = 20\n")
    ours = Speeds.load(file)
    assert ours.ms_per_m(Mode.CYCLE) == 200
    assert ours.ms_per_m(Mode.EBIKE) == STANDARD.ms_per_m(Mode.EBIKE)
    assert ours.road_ms_per_m("residential", None) == 180
    assert ours.road_ms_per_m("primary", None) == STANDARD.road_ms_per_m(
        "primary", None
    )
    assert STANDARD.ms_per_m(Mode.CYCLE) == 240


def test_a_new_set_of_periods_replaces_the_old_one(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text('[drive.percent]\n"Sa 10:00-16:00" = 130\n')
    ours = Speeds.load(file)
    assert ours.percent(Mode.DRIVE, MORNING) == 100
    assert ours.percent(Mode.DRIVE, Period.parse("Sa 11:00-12:00")) == 130


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[cycle]\nkm_h = 'fast'", "cycle.km_h is no number"),
        ("[cycle]\nkm_h = true", "cycle.km_h is no number"),
        ("[cycle]\nkm_h = 0", "cycle.km_h is not between 1 and 130"),
        ("[cycle]\nkm_h = nan", "cycle.km_h is not between"),
        ("[cycle]\nspeed = 5", "there is no cycle.speed"),
        ("[fly]\nkm_h = 5", "there is no fly"),
        ("cycle = 3", "cycle is a table of figures"),
        ("[drive.km_h]\nresidential = 900", "drive.km_h.residential is not between"),
        ("[drive.km_h]\nlane = 9", "there is no drive.km_h.lane"),
        ('[drive.percent]\n"noon" = 120', "drive.percent: .*noon"),
        ('[drive.percent]\n"Mo 07:00-10:00" = 5', "not between 25 and 1000"),
        ("[cycle", "no table of speeds in TOML"),
    ],
)
def test_a_table_that_is_wrong_is_refused(tmp_path, text, words):
    file = tmp_path / "ours.toml"
    file.write_text(text)
    with pytest.raises(NetworkError, match=words):
        Speeds.load(file)


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text("[cycle]\nkm_h = 0\n[drive]\nspeed = 3\n")
    with pytest.raises(NetworkError, match=r"cycle\.km_h.*drive\.speed"):
        Speeds.load(file)
    with pytest.raises(NetworkError, match="cannot be read"):
        Speeds.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("period", "percent"),
    [
        ("Mo-Fr 07:00-10:00", 109),
        ("Tu 08:00-09:00", 109),
        ("Mo-Fr 16:00-19:00", 120),
        ("Mo-Fr 09:00-17:00", 120),  # meets both: the slowest
        ("Mo-Su 08:00-09:00", 109),  # partly: the slowest
        ("Sa-Su 07:00-10:00", 100),
        ("00:00-06:00", 100),
        (ALL_DAY, 120),
    ],
)
def test_a_period_takes_the_slowest_time_that_it_meets(period, percent):
    assert STANDARD.percent(Mode.DRIVE, Period.parse(period)) == percent
    assert STANDARD.percent(Mode.CYCLE, Period.parse(period)) == 100


def test_a_table_faster_than_midday_holds_only_within_its_period():
    ours = STANDARD.changed({"drive": {"percent": {"00:00-06:00": 80}}}, "ours")
    assert ours.percent(Mode.DRIVE, NIGHT) == 80
    assert ours.percent(Mode.DRIVE, Period.parse("05:00-07:00")) == 100


def test_only_cars_are_parked():
    assert STANDARD.end_ms(Mode.DRIVE) == 300_000
    assert STANDARD.end_ms(Mode.CYCLE) == STANDARD.end_ms(Mode.WALK) == 0


def test_traffic_stretches_driving_but_not_signals(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0, {"highway": "traffic_signals"}), 3: (200, 0)}
    network = streets(tmp_path, nodes, [((1, 2), STREET), ((2, 3), STREET)])
    midday, _ = graph_at(network, Mode.DRIVE, NIGHT)
    morning, notes = graph_at(network, Mode.DRIVE, MORNING)
    assert midday is network.graph(Mode.DRIVE)
    first = int(midday.way_ids.argmin())
    assert midday.forward_ms[first] == 14_400 + 11_000
    assert midday.backward_ms[first] == 14_400  # the signal is behind
    assert morning.forward_ms[first] == 15_696 + 11_000
    assert notes == ()


def test_the_table_goes_with_the_network(tmp_path):
    path = tmp_path / "streets.osm"
    nodes = {1: (0, 0), 2: (100, 0)}
    path.write_text(osm_text(nodes, [((1, 2), STREET)]))
    ours = STANDARD.changed({"ebike": {"km_h": 20}}, "ours")
    network = build_network(path, speeds=ours)
    save_network(network, tmp_path / "streets.roundplan")
    again = load_network(tmp_path / "streets.roundplan")
    assert again.speeds == ours
    assert again.graph(Mode.EBIKE).forward_ms[0] == 18_000
    assert again.graph(Mode.CYCLE).forward_ms[0] == 24_000


@pytest.mark.parametrize(
    ("text", "access", "through"),
    [
        ("no @ (Sa 08:00-09:00)", None, True),
        ("permit @ (Mo-Fr 08:00-09:00)", Access.ENDS, False),
        ("no @ (Mo-Fr 08:00-09:00)", Access.CLOSED, False),
    ],
)
def test_a_street_with_hours_is_open_private_or_closed(tmp_path, text, access, through):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0), 5: (100, 50)}
    timed = {**STREET, "motor_vehicle:conditional": text}
    ways = [((1, 2), STREET), ((2, 3), timed), ((3, 4), STREET), ((2, 5), STREET)]
    network = streets(tmp_path, nodes, ways)
    week = Hours(date(2026, 6, day) for day in range(1, 8))
    graph, notes = graph_at(network, Mode.DRIVE, MORNING, week)
    (middle,) = (graph.condition == 0).nonzero()[0]
    assert (graph.forward_ms[middle] >= 0 and not graph.private[middle]) == through
    assert notes == ()
    assert (graph.forward_ms[middle] < 0) == (access is Access.CLOSED)
    # the two ends of the street are parted when it is closed
    a, b = graph.component[[graph.tail[middle], graph.head[middle]]]
    assert (a != b) == (access is Access.CLOSED)


def cycled(tmp_path, rise):
    """Milliseconds up 100 m that rise, down again, and without heights, by mode."""
    graph = nx.MultiDiGraph(crs="epsg:27700")
    graph.add_node(1, x=530_000.0, y=190_000.0, elevation=20.0)
    graph.add_node(2, x=530_100.0, y=190_000.0, elevation=20.0 + rise)
    graph.add_node(3, x=530_200.0, y=190_000.0)
    graph.add_edge(1, 2, osmid=5, highway="residential", oneway=False)
    graph.add_edge(2, 3, osmid=6, highway="residential", oneway=False)
    path = tmp_path / "streets.graphml"
    nx.write_graphml(graph, path)
    return {
        mode: (
            int(of.forward_ms[of.way_ids == 5][0]),
            int(of.backward_ms[of.way_ids == 5][0]),
            int(of.forward_ms[of.way_ids == 6][0]),
        )
        for mode, of in build_network(path).graphs.items()
    }


def test_a_climb_slows_cyclists_and_a_fall_speeds_them(tmp_path):
    times = cycled(tmp_path, 5.0)  # 5 per cent
    # 15 - 5 x 1.44 = 7.8 km/h up, 15 + 5 x 0.86 = 19.3 km/h down
    assert times[Mode.CYCLE] == (46_200, 18_700, 24_000)
    # 17 - 5 x 0.48 = 14.6 km/h up, 21.3 km/h down
    assert times[Mode.EBIKE] == (24_700, 16_900, 21_200)
    assert times[Mode.WALK] == (75_000, 75_000, 75_000)
    assert len(set(times[Mode.DRIVE])) == 1


def test_nobody_cycles_slower_than_pushing_or_faster_than_braking(tmp_path):
    assert cycled(tmp_path, 500.0)[Mode.CYCLE] == (75_000, 14_400, 24_000)


def test_nobody_joins_a_ferry_but_it_carries_over(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 1000), 4: (0, 1000)}
    ferry = {"route": "ferry", "duration": "00:05", "motor_vehicle": "no"}
    ways = [((1, 2), STREET), ((2, 3), ferry), ((3, 4), STREET)]
    network = streets(tmp_path, nodes, ways)
    graph = network.graph(Mode.WALK)
    assert graph.forward_ms[graph.way_ids == 1002].tolist() == [300_000]
    places = [at("quay", 98, 30), at("over", 50, 1000)]
    joined = snap(network, places)
    assert graph.way_ids[joined.edge].tolist() == [1001, 1003]
    walked = travel_matrix(network, places, cache=False)
    assert walked.times_s[0, 1] >= 300
    driven = travel_matrix(network, places, mode=Mode.DRIVE, cache=False)
    assert driven.times_s[0, 1] == -1
