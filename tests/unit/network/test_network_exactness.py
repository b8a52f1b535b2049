"""Matrices against an independent search on an explicitly split graph."""

from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundplan.domain import UNREACHABLE, Mode
from roundplan.network import Cell, Cells, snap, travel_matrix
from roundplan.network.cell_counts import crossings
from roundplan.network.contraction import contract, lightest
from streets_by_hand import ORIGIN, at, osm_text

KINDS = [
    {"highway": "residential"},
    {"highway": "footway", "oneway:foot": "yes"},
    {"highway": "steps"},
    {"highway": "path", "oneway": "yes"},
]


def random_network(tmp_path_factory, seed):
    """A town of up to 18 streets between 12 corners, some parallel, some one-way."""
    from roundplan.network import build_network

    rng = random.Random(seed)
    nodes = {i: (rng.randrange(0, 400), rng.randrange(0, 400)) for i in range(1, 13)}
    ways = [((i, i + 1), KINDS[0]) for i in range(1, 6)]
    for _ in range(13):
        refs = rng.sample(sorted(nodes), rng.choice([2, 2, 3]))
        ways.append((refs, rng.choice(KINDS)))
    path = tmp_path_factory.mktemp("town") / "town.osm"
    path.write_text(osm_text(nodes, ways), encoding="utf-8")
    return build_network(path), rng


def oracle(network, snapping, limit_s, crossed=()):
    """Seconds between places: every edge split by hand, networkx from every door."""
    graph = network.graph(Mode.WALK)
    streets = nx.MultiDiGraph()
    for e in range(len(graph.tail)):
        length = int(graph.length_mm[e])
        stops = [(0, 0, int(graph.tail[e]))]
        for i in np.flatnonzero(snapping.edge == e):
            stops.append((round(snapping.along[i] * length), 1, ("point", int(i))))
        stops.append((length, 2, int(graph.head[e])))
        stops.sort(key=lambda stop: stop[:2])
        for (a, _, u), (b, rank, v) in itertools.pairwise(stops):
            for whole, start, end in (
                (int(graph.forward_ms[e]), u, v),
                (int(graph.backward_ms[e]), v, u),
            ):
                if a == b:  # the same spot, whatever the direction
                    streets.add_edge(start, end, ms=0, mm=0, cells=0)
                elif whole >= 0:
                    until = whole if rank == 2 else whole * b // max(length, 1)
                    cost = until - whole * a // max(length, 1)
                    met = [
                        at
                        for edge, at in crossed
                        if edge == e and (a < at or a == at == 0) and at <= b
                    ]
                    streets.add_edge(start, end, ms=cost, mm=b - a, cells=len(met))
    doors = []
    for i, metres in enumerate(snapping.distance_m):
        off = round(metres * 1000)
        cost = math.ceil(off * 750 / 1000)
        doors.append(("door", i))
        streets.add_edge(("door", i), ("point", i), ms=cost, mm=off, cells=0)
        streets.add_edge(("point", i), ("out", i), ms=cost, mm=off, cells=0)
    times = np.full((len(doors), len(doors)), UNREACHABLE)
    for i, door in enumerate(doors):
        reached = nx.single_source_dijkstra_path_length(streets, door, weight="ms")
        for j in range(len(doors)):
            ms = 0 if i == j else reached.get(("out", j))
            if ms is not None and ms <= limit_s * 1000:
                times[i, j] = -(-ms // 1000)
    return times, streets


@settings(deadline=None, max_examples=40)
@example(seed=486, limit_s=300)  # two doors at the corner of a one-way street
@given(seed=st.integers(0, 10_000), limit_s=st.sampled_from([120, 300, 5400]))
def test_times_equal_networkx_and_keep_the_triangle(tmp_path_factory, seed, limit_s):
    network, rng = random_network(tmp_path_factory, seed)
    places = [at(f"P{i}", rng.uniform(0, 400), rng.uniform(0, 400)) for i in range(9)]
    options = {"max_snap_m": 1000.0}
    snapping = snap(network, places, **options)
    expected, streets = oracle(network, snapping, limit_s)
    matrix = travel_matrix(network, places, limit_s=limit_s, cache=False, **options)
    assert matrix.times_s.tolist() == expected.tolist()

    times = matrix.times_s.astype(np.int64)
    for via in range(len(places)):
        both = (times[:, via, None] >= 0) & (times[None, via, :] >= 0) & (times >= 0)
        round_about = times[:, via, None] + times[None, via, :]
        assert (times[both] <= round_about[both]).all()

    # The metres are those of a quickest path: the shortest among equally quick ones.
    for arc in streets.edges.values():
        arc["both"] = arc["ms"] * 10**9 + arc["mm"]
    door = ("door", 0)
    reached = nx.single_source_dijkstra_path_length(streets, door, weight="both")
    for j in range(1, len(places)):
        if times[0, j] >= 0:
            mm = reached["out", j] % 10**9
            assert matrix.metres[0, j] == (mm + 500) // 1000


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_crossings_are_those_of_the_quickest_path(tmp_path_factory, seed):
    network, rng = random_network(tmp_path_factory, seed)
    places = [at(f"P{i}", rng.uniform(0, 400), rng.uniform(0, 400)) for i in range(9)]
    squares = [
        shapely.box(x, y, x + 90, y + 90)
        for x, y in (
            ORIGIN + np.array((c, r)) for c in (20, 220) for r in (50, 150, 250)
        )
        if rng.random() < 0.6
    ]
    cells = Cells(
        cells=tuple(
            Cell(name=f"cell {i}", outline=square, core=square, area_m2=8100)
            for i, square in enumerate(squares)
        ),
        crs=network.crs,
    )
    options = {"max_snap_m": 1000.0}
    crossed = crossings(network.graph(Mode.WALK), cells)
    met = list(zip(crossed.edge.tolist(), crossed.along_mm.tolist(), strict=True))
    snapping = snap(network, places, **options)
    _, streets = oracle(network, snapping, 5400, met)
    matrix = travel_matrix(network, places, cells=cells, cache=False, **options)
    for arc in streets.edges.values():
        arc["all"] = (arc["ms"] * 10**9 + arc["mm"]) * 10**4 + arc["cells"]
    for i in range(len(places)):
        reached = nx.single_source_dijkstra_path_length(
            streets, ("door", i), weight="all"
        )
        for j in range(len(places)):
            if i != j and matrix.times_s[i, j] >= 0:
                assert matrix.ltn_crossings[i, j] == reached["out", j] % 10**4


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_contraction_changes_no_distance_between_kept_nodes(seed):
    rng = random.Random(seed)
    nodes, limit = 60, 2000
    arcs = [
        (rng.randrange(nodes), rng.randrange(nodes), rng.randrange(0, 500))
        for _ in range(130)
    ]
    arcs += [(b, a, w) for a, b, w in arcs if rng.random() < 0.7]
    keep = np.zeros(nodes, dtype=bool)
    keep[rng.sample(range(nodes), 8)] = True
    tail, head, weight = np.array(arcs, dtype=np.int64).T
    before = lightest(tail, head, weight, limit)
    after = contract(before, keep, limit)
    assert len(np.unique(after.tail)) < len(np.unique(before.tail))

    def distances(of):
        graph = nx.DiGraph()
        graph.add_nodes_from(range(nodes))
        graph.add_weighted_edges_from(zip(*(a.tolist() for a in of), strict=True))
        kept = np.flatnonzero(keep).tolist()
        found = {
            a: nx.single_source_dijkstra_path_length(graph, a, cutoff=limit)
            for a in kept
        }
        return {(a, b): found[a].get(b) for a in kept for b in kept}

    assert distances(after) == distances(before)


def test_snapped_points_lie_on_their_edges(tmp_path_factory):
    network, rng = random_network(tmp_path_factory, seed=7)
    graph = network.graph(Mode.WALK)
    places = [at(f"P{i}", rng.uniform(0, 400), rng.uniform(0, 400)) for i in range(30)]
    snapping = snap(network, places, max_snap_m=1000.0)
    for e, along, metres, xy in zip(
        snapping.edge, snapping.along, snapping.distance_m, snapping.xy, strict=True
    ):
        shape = graph.vertex_xy[graph.vertex_start[e] : graph.vertex_start[e + 1]]
        point = shapely.LineString(shape).interpolate(along, normalized=True)
        assert math.isclose(point.distance(shapely.Point(xy)), metres, abs_tol=1e-6)
