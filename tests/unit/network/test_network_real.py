"""Real streets: north London, from the shared folder beside the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from roundplan.domain import Mode, Period, Place
from roundplan.network import (
    Hours,
    build_network,
    graph_at,
    load_network,
    network_info,
    save_network,
    snap,
    travel_matrix,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "osm"
BOUNDS_GREEN = SHARED / "bounds_green_2026.osm"

pytestmark = pytest.mark.skipif(
    not BOUNDS_GREEN.is_file(), reason="needs the real streets of ../shared/data/osm"
)


@pytest.fixture(scope="module")
def network():
    return build_network(BOUNDS_GREEN)


@pytest.fixture(scope="module")
def homes(network):
    """200 homes within 30 m of residential streets."""
    graph = network.graph(Mode.WALK)
    rng = np.random.default_rng(1)
    streets = np.flatnonzero(graph.kind == graph.kinds.index("residential"))
    corner = graph.vertex_xy[graph.vertex_start[rng.choice(streets, 200)]]
    xy = corner + rng.uniform(-20, 20, corner.shape)
    return [
        Place(place_id=f"C{i}", x=float(x), y=float(y), crs=network.crs)
        for i, (x, y) in enumerate(xy)
    ]


def test_counts_are_those_known_of_the_extract(network):
    info = network_info(network)
    assert info["seen"]["barrier"]["bollard"] == 49
    assert info["seen"]["barrier"]["gate"] == 223
    assert info["seen"]["tags"]["motor_vehicle:conditional"] == 8
    walk = info["modes"]["walk"]
    assert 3_500 < walk["junctions"] < 4_500
    assert walk["km"] > 200
    assert walk["island_km"] < 0.05 * walk["km"]


def test_timed_streets_are_for_visitors_in_their_hours_alone(network):
    graph = network.graph(Mode.DRIVE)
    timed = graph.condition >= 0
    ways = set(graph.way_ids[timed].tolist())
    assert len(ways) == 8
    names = {network.names.get(way) for way in ways}
    assert {"Hazelwood Lane", "Park Road", "Kingsley Road"} <= names
    term, half_term = Hours([date(2026, 6, 1)]), Hours([date(2026, 5, 26)])

    def shut(clock, hours):
        """How many ways are for visitors only in the hour from then."""
        there, _ = graph_at(network, Mode.DRIVE, Period.parse(clock), hours)
        return len(set(there.way_ids[there.private & timed & ~graph.private].tolist()))

    assert shut("Mo-Fr 08:30-09:15", term) == 8
    assert shut("Mo-Fr 08:30-09:15", half_term) == 5  # three are "SH off"
    assert shut("Mo-Fr 10:00-11:00", term) == 0
    assert shut("Sa-Su 08:30-09:15", term) == 0
    for mode in (Mode.WALK, Mode.CYCLE, Mode.EBIKE):
        assert network.graph(mode).conditions == ()


def test_most_streets_hang_together(network):
    graph = network.graph(Mode.WALK)
    public = ~graph.private
    assert graph.edges_in_main[public].mean() > 0.97


def test_it_is_stored_and_loaded_equal(network, tmp_path):
    path = tmp_path / "streets.roundplan"
    save_network(network, path)
    again = load_network(path)
    assert again.graph(Mode.WALK).content_hash() == (
        network.graph(Mode.WALK).content_hash()
    )


def test_every_home_is_reached_and_five_runs_are_equal(network, homes):
    runs = [travel_matrix(network, homes, cache=False) for _ in range(5)]
    assert all(run == runs[0] for run in runs)
    assert (runs[0].times_s >= 0).all()


def test_a_sample_equals_networkx(network, homes):
    """Public streets by another program: straight from the graph's own edges."""
    graph = network.graph(Mode.WALK)
    streets = nx.DiGraph()
    for e in np.flatnonzero(~graph.private).tolist():
        u, v, ms = int(graph.tail[e]), int(graph.head[e]), int(graph.forward_ms[e])
        for a, b in ((u, v), (v, u)):
            if ms < streets.get_edge_data(a, b, {"ms": 10**12})["ms"]:
                streets.add_edge(a, b, ms=ms)
    assert (graph.forward_ms == graph.backward_ms).all()

    snapping = snap(network, homes)
    assert not graph.private[snapping.edge].any()
    matrix = travel_matrix(network, homes, cache=False)
    off_ms = [-(-round(m * 1000) * 750 // 1000) for m in snapping.distance_m]

    def ends(i):
        e, along = snapping.edge[i], snapping.along[i]
        length, whole = int(graph.length_mm[e]), int(graph.forward_ms[e])
        part = whole * round(along * length) // length
        return (int(graph.tail[e]), part), (int(graph.head[e]), whole - part)

    for i in (0, 50, 100):
        reached = [
            (start, nx.single_source_dijkstra_path_length(streets, node, weight="ms"))
            for node, start in ends(i)
        ]
        for j in range(len(homes)):
            if snapping.edge[i] == snapping.edge[j]:
                continue
            along = min(
                start + found[node] + end
                for start, found in reached
                for node, end in ends(j)
            )
            expected = -(-(off_ms[i] + along + off_ms[j]) // 1000)
            assert matrix.times_s[i, j] == expected
