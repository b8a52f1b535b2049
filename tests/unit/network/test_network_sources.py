"""The other sources of streets: .osm.pbf, GraphML and downloads by name."""

from __future__ import annotations

import builtins
import itertools

import networkx as nx
import numpy as np
import osmium
import osmnx
import pytest

from roundplan.domain import Mode, Place
from roundplan.errors import NetworkError
from roundplan.network import area_of, build_network, network_info
from roundplan.network.projection import BRITISH_GRID, transform
from streets_by_hand import ORIGIN, STREET, at, osm_text

NODES = {
    1: (0, 0),
    2: (100, 0, {"barrier": "gate", "access": "no"}),
    3: (200, 0),
    4: (0, 100),
}
WAYS = [((1, 2, 3), STREET), ((1, 4), {"highway": "steps"})]
TURNS = [
    (
        [("way", 1001, "from"), ("node", 3, "via"), ("way", 1001, "to")],
        {"type": "restriction", "restriction": "no_u_turn"},
    )
]


def shape(network):
    """What must be the same from any source."""
    graph = network.graph(Mode.WALK)
    kinds = [graph.kinds[k] for k in graph.kind]
    # .osm.pbf keeps seven decimals of a degree, about a centimetre.
    decimetres = np.rint(graph.length_mm / 100).astype(int)
    tenths = np.rint(graph.forward_ms / 100).astype(int)
    return sorted(zip(kinds, decimetres.tolist(), tenths.tolist(), strict=True))


@pytest.fixture
def osm(tmp_path):
    path = tmp_path / "streets.osm"
    path.write_text(osm_text(NODES, WAYS, TURNS), encoding="utf-8")
    return path


def test_pbf_gives_the_same_streets_as_xml(tmp_path, osm):
    path = tmp_path / "streets.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(osm)):
            writer.add(item)
    assert shape(build_network(path)) == shape(build_network(osm))
    assert build_network(path).seen == build_network(osm).seen
    assert build_network(path).seen["turns"] == {"no_u_turn": 1}

    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(NetworkError, match=r"cut\.osm\.pbf is damaged"):
        build_network(cut)


def test_pbf_without_osmium_names_the_install_line(tmp_path, monkeypatch):
    real = builtins.__import__

    def without_osmium(name, *args, **kwargs):
        if name.startswith("osmium"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_osmium)
    path = tmp_path / "streets.osm.pbf"
    path.write_bytes(b"x")
    with pytest.raises(NetworkError, match=r'pip install "roundplan\[osm\]"'):
        build_network(path)


def osmnx_graph():
    """The same streets as OSMnx would hold them: both directions of each edge."""
    xy = np.array([node[:2] for node in NODES.values()], dtype=float) + ORIGIN
    degrees = transform(xy, BRITISH_GRID, "EPSG:4326")
    graph = nx.MultiDiGraph(crs="EPSG:4326", simplified=False)
    for node_id, node, (lon, lat) in zip(NODES, NODES.values(), degrees, strict=True):
        graph.add_node(node_id, x=lon, y=lat, **(node[2] if len(node) > 2 else {}))
    for osmid, (refs, tags) in enumerate(WAYS, start=1001):
        for a, b in itertools.pairwise(refs):
            data = {**tags, "osmid": osmid, "length": 100.0, "oneway": False}
            graph.add_edge(a, b, **data, reversed=False)
            graph.add_edge(b, a, **data, reversed=True)
    return graph


def test_graphml_gives_the_same_streets_as_xml(tmp_path, osm):
    path = tmp_path / "streets.graphml"
    osmnx.save_graphml(osmnx_graph(), path)
    assert shape(build_network(path)) == shape(build_network(osm))


def test_graphml_keeps_bends_and_the_strictest_of_joined_tags(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
    path = tmp_path / "bend.osm"
    ways = [((1, 2), STREET), ((2, 3), {"highway": "steps"})]
    path.write_text(osm_text(nodes, ways), encoding="utf-8")
    graph = osmnx.graph_from_xml(path, bidirectional=True, retain_all=True)
    assert len(graph.edges) == 2
    saved = tmp_path / "bend.graphml"
    osmnx.save_graphml(graph, saved)
    network = build_network(saved)
    # 200 m, of which the steps cannot be told from the rest: all are taken as steps.
    assert shape(network) == [("steps", 2_000, 4_500)]


def edited(tmp_path, edit):
    """A GraphML file with its text changed."""
    path = tmp_path / "streets.graphml"
    osmnx.save_graphml(osmnx_graph(), path)
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: text.replace('attr.name="highway"', 'attr.name="h"'), "highway"),
        (lambda text: text.replace('attr.name="x"', 'attr.name="z"'), "position"),
        (lambda text: text.replace("EPSG:4326", "EPSG:4327777"), "coordinate system"),
        (lambda text: text[: len(text) // 2], "broken off or damaged at line"),
        (lambda _: "<osm/>", "not GraphML"),
        (lambda _: "<graphml/>", "not a graph that OSMnx saved"),
    ],
)
def test_graphml_that_cannot_be_used_is_refused(tmp_path, edit, words):
    with pytest.raises(NetworkError, match=words):
        build_network(edited(tmp_path, edit))


def test_a_place_name_is_downloaded_with_every_way_and_no_cache(monkeypatch, osm):
    asked = {}

    def download(place, **options):
        asked.update(options, place=place, cached=osmnx.settings.use_cache)
        return osmnx_graph()

    monkeypatch.setattr(osmnx, "graph_from_place", download)
    before = (osmnx.settings.use_cache, list(osmnx.settings.useful_tags_way))
    network = build_network("St. Albans, UK")
    assert shape(network) == shape(build_network(osm))
    assert network.source == "St. Albans, UK"
    assert asked == {
        "place": "St. Albans, UK",
        "network_type": "all",
        "simplify": False,
        "retain_all": True,
        "cached": False,
    }
    assert before == (osmnx.settings.use_cache, osmnx.settings.useful_tags_way)


def test_without_internet_a_place_name_says_what_to_do(monkeypatch):
    def unreachable(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(osmnx, "graph_from_place", unreachable)
    with pytest.raises(NetworkError, match=r"internet access.*\.osm or \.osm\.pbf"):
        build_network("Islington, London, UK")


LONG = {i: (1000.0 * i, 0.0) for i in range(10)}
CHAIN = [
    ((0, 1, 2, 3), STREET),
    ((3, 4, 5, 6), {**STREET, "name": "Middle"}),
    ((6, 7, 8, 9), STREET),
]


@pytest.fixture(params=["xml", "pbf"])
def long_street(request, tmp_path):
    """Nine kilometres of street, and a bollard far in the east."""
    nodes = {**LONG, 8: (8000.0, 0.0, {"barrier": "bollard"})}
    path = tmp_path / "long.osm"
    path.write_text(osm_text(nodes, CHAIN), encoding="utf-8")
    if request.param == "xml":
        return path
    packed = tmp_path / "long.osm.pbf"
    with osmium.SimpleWriter(str(packed)) as writer:
        for item in osmium.FileProcessor(str(path)):
            writer.add(item)
    return packed


def test_an_area_is_taken_out_of_an_extract(long_street):
    whole = network_info(build_network(long_street))
    assert whole["modes"]["walk"]["km"] == 9
    assert whole["seen"]["barrier"] == {"bollard": 1}
    places = [at("A", 4_500, 100), at("B", 5_200, -50)]
    part = build_network(long_street, box=area_of(places, margin_m=1_000))
    info = network_info(part)
    # nodes 4, 5 and 6 are within a kilometre, of the middle street
    assert info["modes"]["walk"]["km"] == 2
    assert info["seen"]["highway"] == {"residential": 2}
    assert info["seen"]["barrier"] == {}
    assert set(part.names.values()) == {"Middle"}
    nowhere = area_of([at("A", 0, 50_000)], margin_m=10)
    with pytest.raises(NetworkError, match="no street in the area of the places"):
        build_network(long_street, box=nowhere)


def test_the_area_of_places_has_its_margin_on_all_sides():
    one = area_of([at("A", 0, 0)], margin_m=2_000)
    for dx, dy in ((1_990, 0), (-1_990, 0), (0, 1_990), (0, -1_990)):
        near = area_of([at("B", dx, dy)], margin_m=0)
        assert one.holds(near.west, near.south)
    for dx, dy in ((2_060, 0), (-2_060, 0), (0, 2_060), (0, -2_060)):
        far = area_of([at("B", dx, dy)], margin_m=0)
        assert not one.holds(far.west, far.south)
    with pytest.raises(NetworkError, match="no place of the problem has a position"):
        area_of([Place(place_id="A")])


def test_an_area_is_not_taken_out_of_a_graph(tmp_path):
    path = tmp_path / "streets.graphml"
    path.write_text("<graphml/>", encoding="utf-8")
    with pytest.raises(NetworkError, match="from an extract of OpenStreetMap"):
        build_network(path, box=area_of([at("A", 0, 0)]))
