"""Ways through, by a second, slow program; and cells that do not depend on drawing."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell_towns import Town, a_filter, ladder_parts, town, ways_through
from roundplan.network.cell_counts import edge_crossings
from roundplan.network.filters import FilterKind
from roundplan.network.through import (
    MAIN_KINDS,
    MINOR_KINDS,
    WAY_ROUND,
    through_edges,
)

SIZE = 5
STEP = 100.0

SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def grids(draw):
    """Streets of a grid: each block is there or not, main, minor, one-way or closed."""
    ways, barriers = [], {}
    kinds = st.sampled_from(["primary", "residential", "residential", "unclassified"])
    fates = st.sampled_from(["", "", "", "", "gone", "yes", "-1", "no car", "bollard"])
    for i, j in itertools.product(range(SIZE), range(SIZE)):
        for k, m in ((i + 1, j), (i, j + 1)):
            if max(k, m) == SIZE:
                continue
            on_ring = (i == k and i in (0, SIZE - 1)) or (j == m and j in (0, SIZE - 1))
            a, b = (i * STEP, j * STEP), (k * STEP, m * STEP)
            half = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            name = f"{i}{j}{k}{m}"
            if on_ring:
                ways.append(([a, half, b], {"highway": "primary", "name": name}))
                continue
            fate = draw(fates)
            tags = {"highway": draw(kinds), "name": name}
            if fate == "gone":
                continue
            if fate in ("yes", "-1"):
                tags["oneway"] = fate
            elif fate == "no car":
                tags["motor_vehicle"] = "no"
            elif fate == "bollard":
                barriers[half] = "bollard"
            ways.append(([a, half, b], tags))
    return ways, barriers


def carried(graph, pocket, on_road, roads) -> set[int]:
    """The streets of a pocket that are on a shortest way through that is used."""
    inside = nx.MultiDiGraph()
    length = graph.length_mm.tolist()
    for e in pocket:
        a, b = int(graph.tail[e]), int(graph.head[e])
        for u, v, ms in ((a, b, graph.forward_ms[e]), (b, a, graph.backward_ms[e])):
            if ms >= 0:
                u2 = ("from", u) if u in on_road else u
                v2 = ("to", v) if v in on_road else v
                inside.add_edge(u2, v2, key=e, w=length[e])
    found = set()
    gates = {n[1] for n in inside if isinstance(n, tuple)}
    for a, b in itertools.permutations(sorted(gates), 2):
        source, target = ("from", a), ("to", b)
        if not {source, target} <= set(inside):
            continue
        if not nx.has_path(inside, source, target):
            continue
        way = nx.shortest_path_length(inside, source, target, weight="w")
        if nx.has_path(roads, a, b) and way > WAY_ROUND * (
            nx.shortest_path_length(roads, a, b, weight="w")
        ):
            continue
        for path in nx.all_shortest_paths(inside, source, target, weight="w"):
            for u, v in itertools.pairwise(path):
                shortest = min(d["w"] for d in inside[u][v].values())
                found |= {e for e, d in inside[u][v].items() if d["w"] == shortest}
    return found


def specified(place: Town) -> np.ndarray:
    """Through roads as ``through_edges`` words them, on networkx, edge by edge."""
    graph = place.motors
    kind = [graph.kinds[k] for k in graph.kind]
    through = {e for e, k in enumerate(kind) if k in MAIN_KINDS}
    minor = {e for e, k in enumerate(kind) if k in MINOR_KINDS}
    ends = list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    length = graph.length_mm.tolist()
    while True:
        on_road = {node for e in through for node in ends[e]}
        roads = nx.Graph()
        for e in through:
            a, b = ends[e]
            w = min(length[e], roads.get_edge_data(a, b, {"w": length[e]})["w"])
            roads.add_edge(a, b, w=w)
        # Streets hang together where they meet off the through roads.
        joined = nx.Graph()
        for e in minor - through:
            for end, node in zip("th", ends[e], strict=True):
                joined.add_edge(e, (end, e) if node in on_road else ("node", node))
        found = set()
        for part in nx.connected_components(joined):
            pocket = {e for e in part if isinstance(e, int)}
            found |= carried(graph, pocket, on_road, roads)
        if not found:
            mask = np.zeros(len(kind), dtype=bool)
            mask[sorted(through)] = True
            return mask
        through |= found


@SLOW
@given(grids())
def test_through_roads_are_those_of_the_specification(drawn):
    place = town(*drawn)
    assert (through_edges(place.motors) == specified(place)).all()


@SLOW
@given(grids())
def test_no_cell_has_a_way_through(drawn):
    place = town(*drawn)
    assert ways_through(place, place.cells(min_street_m=1, min_area_m2=1)) == []


def told(place: Town, **options):
    """What cells say, in numbers that do not depend on how a street is cut."""
    found = place.cells(min_street_m=1, min_area_m2=1, **options)
    return [
        (c.name, c.area_m2, c.street_m, c.streets, c.access, c.filters, c.cut)
        for c in found.cells
    ]


def total_crossings(place: Town):
    """Crossings by name of street."""
    cells = place.cells(min_street_m=1, min_area_m2=1)
    count = edge_crossings(place.motors, cells)
    total = dict.fromkeys(place.names.values(), 0)
    for way, n in zip(place.motors.way_ids.tolist(), count.tolist(), strict=True):
        total[place.names[way]] += n
    return total


@SLOW
@given(grids(), st.randoms(use_true_random=False))
def test_the_order_and_direction_of_drawing_change_nothing(drawn, random):
    ways, barriers = drawn
    shuffled = list(ways)
    random.shuffle(shuffled)
    turned = {"yes": "-1", "-1": "yes"}
    flipped = []
    for line, tags in shuffled:
        if random.random() < 0.5:
            other = dict(tags)
            if "oneway" in tags:
                other["oneway"] = turned[tags["oneway"]]
            flipped.append((line[::-1], other))
        else:
            flipped.append((line, tags))
    before, after = town(ways, barriers), town(flipped, barriers)
    assert told(after) == told(before)
    assert total_crossings(after) == total_crossings(before)


@SLOW
@given(grids(), st.data())
def test_cutting_streets_changes_nothing(drawn, data):
    """Blocks are drawn as one way, or as two that meet at a node in the middle."""
    ways, barriers = drawn
    cut = []
    for line, tags in ways:
        a, half, b = line
        how = data.draw(st.sampled_from(["whole", "two", "more points"]))
        quarter = ((a[0] + half[0]) / 2, (a[1] + half[1]) / 2)
        if how == "two":
            cut += [([a, half], tags), ([half, b], tags)]
        elif how == "more points":
            cut += [([a, quarter], tags), ([quarter, half, b], tags)]
        else:
            cut.append((line, tags))
    before, after = town(ways, barriers), town(cut, barriers)
    assert told(after) == told(before)
    assert total_crossings(after) == total_crossings(before)


@SLOW
@given(grids(), st.integers(-9_000, 600_000), st.integers(-9_000, 900_000))
def test_moving_a_town_moves_its_cells(drawn, x, y):
    place = town(*drawn)
    moved = place.moved(x, y)
    before = place.cells(min_street_m=1, min_area_m2=1).cells
    after = moved.cells(min_street_m=1, min_area_m2=1).cells
    assert [c.name for c in after] == [c.name for c in before]
    assert [c.streets for c in after] == [c.streets for c in before]
    for a, b in zip(after, before, strict=True):
        back = shapely.transform(a.outline, lambda xy: xy - [x, y])
        assert back.symmetric_difference(b.outline).area < 1
    assert total_crossings(moved) == total_crossings(place)


@SLOW
@given(grids())
def test_cells_lie_apart_and_hold_no_through_road(drawn):
    place = town(*drawn)
    cells = place.cells(min_street_m=1, min_area_m2=1)
    for a, b in itertools.combinations(cells.cells, 2):
        assert a.outline.intersection(b.outline).area < 1e-6
        assert not a.core.intersects(b.core)
    assert len({cell.name for cell in cells.cells}) == len(cells.cells)
    through = through_edges(place.motors)
    assert (edge_crossings(place.motors, cells)[through] == 0).all()


@SLOW
@given(grids())
def test_without_filters_no_cell_is_made_by_one(drawn):
    """Opening what is closed to cars leaves no cell that a filter makes."""
    ways, barriers = drawn
    bollards = [a_filter(FilterKind.PHYSICAL, x, y, 1) for x, y in sorted(barriers)]
    opened = [
        (line, {k: v for k, v in tags.items() if k != "motor_vehicle"})
        for line, tags in ways
    ]
    place = town(ways, barriers)
    made = place.cells(bollards, filtered_only=True, min_street_m=1, min_area_m2=1)
    assert all(cell.filters for cell in made.cells)
    assert town(opened).cells(filtered_only=True, min_street_m=1).cells == ()


@st.composite
def ladders(draw):
    """Streets between two main roads, each open or with a bollard."""
    closed = draw(st.sets(st.integers(0, 4)))
    return ladder_parts(dict.fromkeys(closed, "bollard"), rungs=5)


@SLOW
@given(ladders(), st.integers(0, 4))
def test_opening_a_filter_between_two_roads_never_joins_cells(drawn, rung):
    """Where streets go straight across, one more open one only divides."""
    ways, barriers = drawn
    before = town(ways, barriers).cells(min_street_m=1).cells
    fewer = {p: kind for p, kind in barriers.items() if p[0] != 200.0 * (rung + 1)}
    after = town(ways, fewer).cells(min_street_m=1).cells
    assert sum(c.street_m for c in after) <= sum(c.street_m for c in before)
    for cell in after:
        assert any(b.outline.covers(cell.outline) for b in before)
