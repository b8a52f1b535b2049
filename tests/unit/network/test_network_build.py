"""Networks from street files: what is built, and what is refused."""

from __future__ import annotations

import bz2
import gzip

import pytest

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network import build_network, load_or_build, network_info, osm_xml
from roundplan.network.build import OPENED_BY_HOURS
from roundplan.network.projection import BRITISH_GRID, metric_crs
from streets_by_hand import STREET, osm_text, streets

LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
CROSS = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 100)}


def osm_file(tmp_path, text, name="streets.osm"):
    """A file with a text in it."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path, words):
    """The whole message of a refused file, which must hold ``words``."""
    with pytest.raises(NetworkError, match=words) as caught:
        build_network(path)
    assert str(caught.value).startswith("E2001: ")
    assert str(path.parent) not in str(caught.value)


def test_edges_end_where_ways_meet_and_keep_their_shape(tmp_path):
    network = streets(tmp_path, CROSS, [((1, 2, 3), STREET), ((4, 2), STREET)])
    graph = network.graph(Mode.WALK)
    assert sorted(graph.node_ids.tolist()) == [1, 2, 3, 4]
    assert graph.length_mm.tolist() == [100_000] * 3
    assert graph.way_ids.tolist() == [1001, 1001, 1002]
    assert graph.vertex_start.tolist() == [0, 2, 4, 6]
    assert network.crs == BRITISH_GRID
    assert network.licence.startswith("© OpenStreetMap contributors, ODbL")


def test_a_bend_is_no_node(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 50)}
    graph = streets(tmp_path, nodes, [((1, 2, 3), STREET)]).graph(Mode.WALK)
    assert (len(graph.node_xy), len(graph.tail), len(graph.vertex_xy)) == (2, 1, 3)
    assert graph.length_mm.tolist() == [150_000]


def test_nodes_that_the_extract_lacks_end_a_street(tmp_path):
    ways = [((1, 2, 99, 98, 3), STREET), ((97, 96), STREET), ((2, 97), STREET)]
    graph = streets(tmp_path, LINE, ways).graph(Mode.WALK)
    assert graph.length_mm.tolist() == [100_000]


def test_repeated_nodes_loops_and_crossings_of_a_way_with_itself(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-30, 0)}
    ways = [((5, 1, 1, 2, 3, 4, 1), STREET)]
    graph = streets(tmp_path, nodes, ways).graph(Mode.WALK)
    assert sorted(graph.length_mm.tolist()) == [30_000, 400_000]


def test_nodes_at_one_point_make_a_street_of_no_length(tmp_path):
    nodes = {1: (0, 0), 2: (0, 0), 3: (100, 0)}
    graph = streets(tmp_path, nodes, [((1, 2), STREET), ((2, 3), STREET)])
    assert sorted(graph.graph(Mode.WALK).length_mm.tolist()) == [0, 100_000]


def test_streets_behind_a_private_gate_are_private_and_islands_are_counted(tmp_path):
    gate = {"barrier": "gate", "access": "private"}
    nodes = {**CROSS, 5: (100, 50, gate), 6: (0, 900), 7: (100, 900)}
    ways = [((1, 2, 3), STREET), ((2, 5, 4), STREET), ((6, 7), STREET)]
    network = streets(tmp_path, nodes, ways)
    graph = network.graph(Mode.WALK)
    private_mm = graph.length_mm[graph.private]
    assert sorted(private_mm.tolist()) == [0, 0, 50_000]
    walk = network_info(network)["modes"]["walk"]
    assert (walk["islands"], walk["island_km"], walk["private_km"]) == (1, 0.1, 0.05)


def test_info_counts_what_is_mapped_by_kind(tmp_path):
    nodes = {
        1: (0, 0),
        2: (100, 0, {"barrier": "bollard"}),
        3: (200, 0),
        4: (100, 100, {"barrier": "gate"}),
    }
    hours = "no @ (Mo-Fr 08:30-09:15)"
    school = {**STREET, "motor_vehicle:conditional": hours}
    main = {
        "highway": "primary",
        "foot": "yes",
        "sidewalk": "separate",
        "oneway": "yes",
    }
    ways = [((1, 2), main), ((2, 3), school), ((2, 4), {"highway": "proposed"})]
    info = network_info(streets(tmp_path, nodes, ways))
    assert info["seen"] == {
        "highway": {"primary": 1, "proposed": 1, "residential": 1},
        "barrier": {"bollard": 1, "gate": 1},
        "access": {"foot=yes": 1},
        "signals": {},
        "turns": {},
        "tags": {
            OPENED_BY_HOURS: 0,
            "motor_vehicle:conditional": 1,
            "oneway": 1,
            "sidewalk=separate": 1,
        },
    }
    assert info["filters"] == {"physical": 1, "sign": 0, "bus gate": 0, "timed": 1}
    assert info["hours"] == {hours: 1}
    drive = info["modes"]["drive"]
    assert (drive["oneway_km"], drive["timed_km"]) == (0.1, 0.1)
    walk = info["modes"]["walk"]
    assert (walk["nodes"], walk["edges"], walk["km"]) == (3, 2, 0.2)
    assert walk["km_by_highway"] == {"primary": 0.1, "residential": 0.1}
    assert info["source"] == "streets.osm"
    assert len(info["source_sha256"]) == 64
    assert info["bounds"]["west"] < info["bounds"]["east"]


def test_packed_files_give_the_same_graph(tmp_path):
    text = osm_text(CROSS, [((1, 2, 3), STREET), ((4, 2), STREET)])
    hashes = {build_network(osm_file(tmp_path, text)).graph(Mode.WALK).content_hash()}
    for suffix, pack in ((".gz", gzip.compress), (".bz2", bz2.compress)):
        packed = tmp_path / f"streets.osm{suffix}"
        packed.write_bytes(pack(text.encode()))
        hashes.add(build_network(packed).graph(Mode.WALK).content_hash())
    assert len(hashes) == 1


def test_progress_is_reported_up_to_the_end(tmp_path):
    path = osm_file(tmp_path, osm_text(LINE, [((1, 2, 3), STREET)]))
    said = []
    load_or_build(str(path), progress=lambda what, share: said.append((what, share)))
    assert ("reading streets", 1.0) in said
    assert said[-1] == ("building the graph", 1.0)


def test_deleted_elements_are_left_out(tmp_path):
    text = osm_text(LINE, [((1, 2), STREET), ((2, 3), STREET)])
    text = text.replace('<way id="1002">', '<way id="1002" action="delete">')
    graph = build_network(osm_file(tmp_path, text)).graph(Mode.WALK)
    assert len(graph.tail) == 1


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    refused(tmp_path / "none.osm", "no file none.osm")
    refused(tmp_path, "is a folder")
    with pytest.raises(NetworkError, match=r"there is no file streets\.osm"):
        build_network("streets.osm")


def test_an_empty_file_is_refused(tmp_path):
    refused(osm_file(tmp_path, ""), "is empty")


def test_another_kind_of_file_is_refused_with_the_kinds_there_are(tmp_path):
    refused(osm_file(tmp_path, "a,b", "streets.csv"), r"Give one of \.osm")


def test_a_web_page_saved_as_a_map_is_refused(tmp_path):
    refused(osm_file(tmp_path, "<html><body/></html>"), "begins with <html>")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.8, 0.99])
def test_a_file_cut_off_anywhere_is_refused_with_the_line(tmp_path, share):
    text = osm_text(CROSS, [((1, 2, 3), STREET), ((4, 2), STREET)])
    cut = osm_file(tmp_path, text[: int(len(text) * share)])
    refused(cut, r"broken off or damaged at line \d+")


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress)]
)
def test_packed_files_cut_in_half_or_not_packed_at_all_are_refused(
    tmp_path, suffix, pack
):
    text = osm_text({i: (i, 0) for i in range(1, 2000)}, [((1, 2, 3), STREET)])
    whole = pack(text.encode())
    half = tmp_path / f"streets.osm.{suffix}"
    half.write_bytes(whole[: len(whole) // 2])
    refused(half, "Download it again")
    refused(osm_file(tmp_path, text, f"plain.osm.{suffix}"), "Download it again")


BOMB = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<osm version="0.6"><note>&c;</note></osm>"""

OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<osm version="0.6"><note>&secret;</note></osm>"""


@pytest.mark.parametrize("text", [BOMB, OUTSIDE], ids=["expansion", "external"])
@pytest.mark.parametrize("name", ["bomb.osm", "bomb.graphml"])
def test_entities_are_refused(tmp_path, text, name):
    text = text if name.endswith("osm") else text.replace("osm", "graphml")
    refused(osm_file(tmp_path, text, name), "declares a document type or entities")


def test_a_packed_bomb_and_too_many_nodes_are_refused(tmp_path, monkeypatch):
    text = osm_text({i: (i, 0) for i in range(1, 500)}, [((1, 2, 3), STREET)])
    packed = tmp_path / "bomb.osm.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    monkeypatch.setattr(osm_xml, "MAX_NODES", 400)
    refused(packed, "over 400 nodes. Clip it")
    monkeypatch.setattr(osm_xml, "MAX_XML_BYTES", 10_000)
    refused(packed, "over 10,000 bytes. Clip it")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('lat="51', 'lat="x', "garbles"),
        ('lat="51', 'lat="951', "nowhere on Earth"),
        ('lat="51', 'lat="nan" x="', "nowhere on Earth"),
        ('ref="2"', 'rel="2"', "lacks or garbles 'ref'"),
        ('ref="2"', 'ref="99999999999999999999"', "garbles"),
        ('<way id="1001">', "<way>", "lacks or garbles 'id'"),
    ],
)
def test_garbled_elements_are_refused(tmp_path, old, new, words):
    text = osm_text(LINE, [((1, 2, 3), STREET)])
    assert old in text
    refused(osm_file(tmp_path, text.replace(old, new)), words)


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "no-such-encoding"])
def test_an_encoding_that_xml_does_not_have_is_refused(tmp_path, encoding):
    text = osm_text(LINE, [((1, 2, 3), STREET)]).replace("UTF-8", encoding)
    refused(osm_file(tmp_path, text), "Download it again")


def test_an_extract_that_the_server_gave_up_on_is_refused(tmp_path):
    text = osm_text(LINE, [((1, 2, 3), STREET)]).replace(
        "</osm>", "<remark>runtime error: Query timed out</remark></osm>"
    )
    refused(osm_file(tmp_path, text), "cut this extract short.*timed out")


@pytest.mark.parametrize(
    "ways",
    [
        [],
        [((1, 2), {"highway": "motorway"})],
        [((1, 2), {"building": "yes"})],
        [((1, 77), STREET)],
        [((1,), STREET), ((2, 2), STREET)],
    ],
)
def test_a_map_without_walkable_streets_is_refused(tmp_path, ways):
    refused(osm_file(tmp_path, osm_text(LINE, ways)), "no way in it that is open")


def test_a_map_without_any_node_is_refused(tmp_path):
    text = '<osm><way id="1"><nd ref="1"/><tag k="highway" v="path"/></way></osm>'
    refused(osm_file(tmp_path, text), "no way in it that is open")


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (-0.1, 51.5, "EPSG:27700"),
        (0.001, 51.5, "EPSG:27700"),
        (-4.2, 55.9, "EPSG:27700"),
        (-6.26, 53.35, "EPSG:32629"),
        (2.35, 48.85, "EPSG:32631"),
        (151.2, -33.9, "EPSG:32756"),
        (180.0, 10.0, "EPSG:32601"),
    ],
)
def test_britain_has_its_grid_and_other_places_their_zone(lon, lat, crs):
    assert metric_crs(lon, lat) == crs
