"""The made-up town: valid OSM, every feature, one piece, and calm neighbourhoods."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from defusedxml import ElementTree
from shapely import LineString, STRtree

from roundplan.datasets.chance import Dice
from roundplan.datasets.town import build_town, osm_xml
from roundplan.datasets.town.blocks import lay_out, lay_streets
from roundplan.datasets.town.ltn import filter_cell
from roundplan.datasets.town.osm_xml import OsmMap, OsmNode, OsmWay
from roundplan.datasets.town.plan import MAIN, Cell, Kind, Plan

SMALL_KM2 = 1.8


@pytest.fixture(scope="module")
def town():
    return build_town(1)


@pytest.fixture(scope="module")
def osm(town):
    return town.osm


def ways(osm: OsmMap, **tags: str) -> list[OsmWay]:
    """Ways that have all of some tags; ``*`` for any value, ``_`` for a colon."""
    wanted = {key.replace("__", ":"): value for key, value in tags.items()}
    return [
        way
        for way in osm.ways
        if all(
            key in way.tags and value in ("*", way.tags[key])
            for key, value in wanted.items()
        )
    ]


def nodes(osm: OsmMap, **tags: str) -> list[OsmNode]:
    """Nodes that have all of some tags."""
    return [n for n in osm.nodes if tags.items() <= n.tags.items()]


def test_the_same_seed_gives_the_same_map(osm):
    assert osm_xml(build_town(1).osm) == osm_xml(osm)


def test_another_seed_gives_another_map(osm):
    assert osm_xml(build_town(2).osm) != osm_xml(osm)


def test_the_xml_is_osm_0_6_with_known_refs_and_unique_ids(osm):
    root = ElementTree.fromstring(osm_xml(osm))
    assert (root.tag, root.get("version")) == ("osm", "0.6")
    assert "no real place" in root.get("copyright")
    assert root.get("license") == "CC0-1.0"
    ids = [int(e.get("id")) for e in root.iter() if e.tag in KINDS]
    assert min(ids) > 0
    assert len(set(ids)) == len(ids)
    known = {int(n.get("id")) for n in root.iter("node")}
    used = {int(nd.get("ref")) for nd in root.iter("nd")}
    assert used <= known
    by_kind = {kind: {int(e.get("id")) for e in root.iter(kind)} for kind in KINDS}
    for member in root.iter("member"):
        assert int(member.get("ref")) in by_kind[member.get("type")]
    order = [e.tag for e in root if e.tag in KINDS]
    assert order == sorted(order, key=KINDS.index)


KINDS = ("node", "way", "relation")


def test_coordinates_have_seven_decimals_inside_the_bounds(osm):
    text = osm_xml(osm)
    written = re.findall(
        r'<node id="\d+" lat="(-?\d+\.\d{7})" lon="(-?\d+\.\d{7})"', text
    )
    assert len(written) == len(osm.nodes)
    bounds = re.search(r'<bounds minlat="(.*?)" minlon="(.*?)" maxlat="(.*?)" ', text)
    low, west, high = map(float, bounds.groups())
    assert all(low <= float(lat) <= high for lat, _ in written)
    assert min(float(lon) for _, lon in written) == west
    assert 51.5 < low < high < 51.6


def test_attribute_values_are_escaped():
    node = OsmNode(1, 51.5, -0.1, {"name": 'A "<&> B'})
    text = osm_xml(OsmMap((node,), (OsmWay(2, (1, 1), {}),)))
    assert ElementTree.fromstring(text).find("node/tag").get("v") == 'A "<&> B'


@pytest.mark.parametrize(
    ("tags", "least"),
    [
        ({"highway": "primary", "name": "*"}, 4),
        ({"highway": "secondary", "sidewalk": "both"}, 10),
        ({"highway": "secondary", "sidewalk": "separate"}, 2),
        ({"highway": "footway", "footway": "sidewalk"}, 4),
        ({"highway": "footway", "footway": "crossing"}, 8),
        ({"highway": "residential", "name": "*"}, 300),
        ({"highway": "footway", "footway": "alley"}, 20),
        ({"highway": "steps"}, 8),
        ({"highway": "cycleway", "foot": "yes"}, 4),
        ({"highway": "service", "access": "private"}, 5),
        ({"highway": "living_street"}, 2),
        ({"highway": "residential", "oneway": "yes", "oneway__bicycle": "no"}, 20),
        ({"leisure": "park", "name": "*"}, 1),
        ({"waterway": "canal"}, 1),
        ({"towpath": "yes"}, 1),
        ({"railway": "rail", "bridge": "viaduct"}, 2),
        ({"bridge": "yes", "layer": "1", "highway": "primary"}, 4),
        ({"bridge": "yes", "layer": "1", "highway": "footway"}, 1),
        ({"highway": "residential", "motor_vehicle": "no"}, 5),
        ({"motor_vehicle": "no", "bus": "yes"}, 1),
        ({"motor_vehicle__conditional": "no @ (Mo-Fr 07:00-10:00,15:00-19:00)"}, 1),
    ],
    ids=str,
)
def test_every_kind_of_way_is_there(osm, tags, least):
    assert len(ways(osm, **tags)) >= least


@pytest.mark.parametrize(
    ("tags", "least"),
    [
        ({"barrier": "bollard"}, 30),
        ({"barrier": "planter"}, 10),
        ({"barrier": "gate", "locked": "yes", "motor_vehicle": "no"}, 5),
        ({"barrier": "gate", "access": "private"}, 5),
        ({"highway": "crossing", "crossing": "traffic_signals"}, 2),
        ({"highway": "traffic_signals"}, 10),
        ({"highway": "turning_circle"}, 10),
        ({"amenity": "school"}, 1),
    ],
    ids=str,
)
def test_every_kind_of_node_is_there(osm, tags, least):
    assert len(nodes(osm, **tags)) >= least


def test_barriers_stand_on_the_streets_they_close(osm):
    on_streets = {ref for way in ways(osm, highway="*") for ref in way.refs}
    assert {n.id for n in osm.nodes if "barrier" in n.tags} <= on_streets


def test_a_school_street_has_hours_outside_the_holidays(osm):
    hours = "no @ (Mo-Fr 08:15-09:15,15:00-16:00; SH off)"
    assert ways(osm, highway="residential", motor_vehicle__conditional=hours)


def test_turn_restrictions_name_ways_that_meet_at_their_node(osm):
    by_id = {way.id: way for way in osm.ways}
    assert osm.relations
    for relation in osm.relations:
        assert re.fullmatch("no_(left|right)_turn", relation.tags["restriction"])
        parts = {role: ref for _, ref, role in relation.members}
        assert by_id[parts["from"]].refs[-1] == parts["via"]
        assert by_id[parts["to"]].refs[0] == parts["via"]


@pytest.mark.parametrize(("seed", "area"), [(1, 6.25), (2, 1.8), (3, 1.8), (4, 12.0)])
def test_ways_cross_only_at_shared_nodes_or_on_bridges(seed, area):
    """So the canal is crossed on its bridges alone, whatever the seed."""
    osm = build_town(seed, area).osm
    at = {n.id: (n.lon * 69_362, n.lat * 111_262) for n in osm.nodes}
    parts = [
        (refs, int(way.tags.get("layer", 0)))
        for way in osm.ways
        if way.tags.keys() & {"highway", "waterway", "railway"}
        for refs in pairwise(way.refs)
    ]
    lines = [LineString([at[a], at[b]]) for (a, b), _ in parts]
    assert min(line.length for line in lines) > 0.5
    for i, j in STRtree(lines).query(lines, predicate="intersects").T:
        (refs, layer), (others, other_layer) = parts[i], parts[j]
        assert i == j or layer != other_layer or set(refs) & set(others)


@pytest.mark.parametrize(("seed", "area"), [(1, 6.25), (2, 1.8), (3, 1.8)])
def test_everywhere_can_be_walked_to_but_not_without_the_bridges(seed, area):
    osm = build_town(seed, area).osm
    streets = [way for way in ways(osm, highway="*") if "access" not in way.tags]
    assert len(pieces(streets)) == 1
    flat = [w for w in streets if "bridge" not in w.tags]
    large = [piece for piece in pieces(flat) if len(piece) > 50]
    assert len(large) == 2


def test_every_street_can_be_driven_to_from_a_main_road(osm):
    """Filters, gates and dead ends shut out through traffic, not residents."""
    filtered = {n.id for n in osm.nodes if "barrier" in n.tags}
    drive = [
        way
        for kind in ("primary", "secondary", "residential", "living_street")
        for way in ways(osm, highway=kind)
        if way.tags.get("motor_vehicle") != "no"
    ]
    parts = []
    for way in drive:
        # Cut at filters: each half ends in front of it.
        run = [way.refs[0]]
        for ref in way.refs[1:]:
            if ref in filtered:
                parts.append(OsmWay(0, tuple(run), {}))
                run = []
            else:
                run.append(ref)
        parts.append(OsmWay(0, tuple(run), {}))
    assert len(pieces([p for p in parts if len(p.refs) > 1])) == 1


@pytest.mark.parametrize("seed", range(4))
def test_no_car_gets_from_one_main_road_to_another_through_a_calm_cell(seed):
    """A cell before is a through way; after its filters each part has one main road."""
    plan, dice = Plan(), Dice(seed)
    cells, _, _ = lay_out(plan, dice, (1500.0, 1500.0))
    cell = max(cells, key=lambda c: (plan.area(c), c.corners))
    lay_streets(plan, cell, 0, dice)
    streets = [line for line in plan.lines if line.cell == 0]
    assert max(map(len, roads_of_parts(plan, cell, streets))) > 1
    assert filter_cell(plan, cell, streets, None, dice) > 0
    assert max(map(len, roads_of_parts(plan, cell, streets))) == 1


def roads_of_parts(plan: Plan, cell: Cell, streets: list) -> list[set[int]]:
    """The main roads that each connected part of a cell's streets reaches."""
    road_of = {
        node: i
        for i, side in enumerate(cell.sides)
        if side.kind in MAIN
        for _, node in side.stops
    }
    parts = []
    for line in streets:
        if line.kind is not Kind.RESIDENTIAL:
            continue
        closed = [(start, end) for start, end, _ in line.sections]
        for (t1, n1), (t2, n2) in pairwise(line.drawn()):
            shut = any(start <= (t1 + t2) / 2 <= end for start, end in closed)
            if not shut and not {n1, n2} & plan.node_tags.keys():
                parts.append(OsmWay(0, (n1, n2), {}))
    # Main roads join nothing here: where two streets end on one, they stay apart.
    split = []
    for i, part in enumerate(parts):
        refs = [ref if ref not in road_of else (ref, i) for ref in part.refs]
        split.append(OsmWay(0, tuple(refs), {}))
    return [
        {road_of[ref[0]] for ref in piece if isinstance(ref, tuple)} or {-1}
        for piece in pieces(split)
    ]


def test_street_names_are_used_once(osm):
    streets = ways(osm, highway="residential", name="*")
    by_name = defaultdict(list)
    for way in streets:
        by_name[way.tags["name"]].append(way)
    assert all(len(pieces(parts)) == 1 for parts in by_name.values())


def test_no_name_takes_up_more_than_a_few_streets(osm):
    first = Counter(w.tags["name"].split()[0] for w in ways(osm, name="*"))
    assert max(first.values()) < 25


def test_addresses_lie_a_few_metres_off_a_street(town, osm):
    """Near enough to snap, and not in the canal or the park."""
    at = {n.id: (n.lon * 69_362, n.lat * 111_262) for n in osm.nodes}
    streets = {
        name: [
            LineString([at[r] for r in w.refs])
            for w in ways(osm, highway="*", name=name)
        ]
        for name in {w.tags["name"] for w in ways(osm, highway="*", name="*")}
    }
    for address in town.addresses(150, Dice(9), shared=0.1):
        here = LineString([(address.lon * 69_362, address.lat * 111_262)] * 2)
        off = min(here.distance(line) for line in streets[address.street])
        assert 2 < off < 16
        assert address.number > 0


def test_patches_are_sides_of_the_canal_and_the_railway(town):
    found = Counter(a.patch for a in town.addresses(300, Dice(3)))
    assert set(found) == {"North", "West", "East"}
    assert min(found.values()) > 30


@pytest.mark.slow
def test_osmnx_and_osmium_read_the_map(tmp_path, osm):
    """The file is what it says to others, too."""
    osmium = pytest.importorskip("osmium")
    osmnx = pytest.importorskip("osmnx")
    file = tmp_path / "town.osm"
    file.write_text(osm_xml(osm), encoding="utf-8", newline="\n")
    graph = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    assert len(graph) > 1000
    count = sum(1 for entity in osmium.FileProcessor(str(file)) if entity.is_way())
    assert count == len(osm.ways)


def pieces(streets: list[OsmWay]) -> list[set]:
    """The connected pieces of some ways, as sets of nodes."""
    root: dict = {}

    def find(node):
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for way in streets:
        for a, b in pairwise(way.refs):
            root[find(a)] = find(b)
    found = defaultdict(set)
    for node in list(root):
        found[find(node)].add(node)
    return list(found.values())
