"""A stored network comes back equal, and a damaged one is refused."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network import (
    load_network,
    load_or_build,
    network_info,
    save_network,
)
from streets_by_hand import STREET, streets

NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 80)}
WAYS = [((1, 2, 3), STREET), ((2, 4), {"highway": "path", "oneway:foot": "yes"})]


@pytest.fixture
def stored(tmp_path):
    """A network and the file that holds it."""
    network = streets(tmp_path, NODES, WAYS)
    path = tmp_path / "streets.roundplan"
    save_network(network, path)
    return network, path


def rewritten(path, edit):
    """The file again, with its members changed by ``edit(name, data)``."""
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            changed = edit(name, data)
            if changed is not None:
                packed.writestr(name, changed)
    return path


def test_it_comes_back_equal(stored):
    network, path = stored
    again = load_network(path)
    assert network_info(again) == network_info(network)
    graph, same = network.graph(Mode.WALK), again.graph(Mode.WALK)
    assert graph.content_hash() == same.content_hash()
    assert load_or_build(str(path)).graph(Mode.WALK).content_hash() == (
        graph.content_hash()
    )


def test_it_is_written_whole_with_equal_bytes_and_nothing_else(stored, tmp_path):
    network, path = stored
    before = path.read_bytes()
    save_network(network, path)
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "streets.osm",
        "streets.roundplan",
    ]


def test_its_header_names_format_source_and_licence(stored):
    _, path = stored
    with zipfile.ZipFile(path) as packed:
        header = json.loads(packed.read("header.json"))
    assert header["format_version"] == 3
    assert header["licence"].startswith("© OpenStreetMap contributors, ODbL")
    assert header["source"] == "streets.osm"
    assert header["modes"]["walk"]["edges"] == 3
    assert header["crs"] == "EPSG:27700"


def test_the_ending_must_be_right_and_the_folder_there(stored, tmp_path):
    network, _ = stored
    with pytest.raises(NetworkError, match=r"ends in \.roundplan"):
        save_network(network, tmp_path / "streets.npz")
    with pytest.raises(NetworkError, match="cannot be written"):
        save_network(network, tmp_path / "none" / "streets.roundplan")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(NetworkError, match=r"no file none\.roundplan"):
        load_network(tmp_path / "none.roundplan")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"<osm/>"])
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "x.roundplan"
    path.write_bytes(content)
    with pytest.raises(NetworkError, match="damaged, or was not written by"):
        load_network(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_off_is_refused(stored, share):
    _, path = stored
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(NetworkError):
        load_network(path)


def graph_hashes(network):
    """What the graphs of a network say, those without filters too."""
    graphs = [*network.graphs.values(), *network.lifted.values()]
    return [graph.content_hash() for graph in graphs]


def test_every_flipped_byte_is_refused_or_harmless(stored):
    network, path = stored
    whole = path.read_bytes()
    hashes = graph_hashes(network)
    for position in range(0, len(whole), 37):
        changed = bytearray(whole)
        changed[position] ^= 0xFF
        path.write_bytes(changed)
        try:
            again = load_network(path)
        except NetworkError:
            continue
        assert graph_hashes(again) == hashes


def header_edit(change):
    """An edit of the header only."""

    def edit(name, data):
        if name != "header.json":
            return data
        header = json.loads(data)
        change(header)
        return json.dumps(header)

    return edit


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda h: h.update(format_version=99), "format 99"),
        (lambda h: h.update(format="other"), "not a roundplan network"),
        (lambda h: h.pop("bounds"), "damaged header"),
        (lambda h: h.update(bounds=[1]), "damaged header"),
        (lambda h: h.update(modes={"fly": {}}), "damaged header"),
        (lambda h: h.update(modes=[1]), "damaged header"),
        (lambda h: h["modes"]["walk"].update(nodes=10**15), "damaged"),
        (lambda h: h["modes"]["walk"].update(nodes=-1), "damaged"),
        (lambda h: h["modes"]["walk"].update(edges=2), "damaged"),
        (lambda h: h["modes"]["walk"].update(kinds=["a"]), "contradict"),
        (lambda h: h.update(seen={"a": {"b": "c"}}), "damaged header"),
    ],
)
def test_a_header_that_lies_is_refused(stored, change, words):
    _, path = stored
    with pytest.raises(NetworkError, match=words):
        load_network(rewritten(path, header_edit(change)))


def test_a_missing_or_oversized_member_is_refused(stored):
    _, path = stored
    whole = path.read_bytes()
    gone = rewritten(path, lambda n, d: None if n == "walk/tail.npy" else d)
    with pytest.raises(NetworkError, match=r"damaged \(walk/tail\.npy\)"):
        load_network(gone)
    path.write_bytes(whole)
    bomb = rewritten(path, lambda n, d: d + bytes(10**7) if "walk/tail" in n else d)
    with pytest.raises(NetworkError, match=r"damaged \(walk/tail\.npy\)"):
        load_network(bomb)


def test_pickles_and_wrong_types_are_refused(stored, tmp_path):
    _, path = stored

    def as_objects(name, data):
        if "walk/tail" not in name:
            return data
        other = tmp_path / "objects.npy"
        np.save(other, np.array([print, print, print]), allow_pickle=True)
        return other.read_bytes()

    with pytest.raises(NetworkError, match=r"damaged \(walk/tail\.npy\)"):
        load_network(rewritten(path, as_objects))


@pytest.mark.parametrize("member", ["tail", "kind", "vertex_start", "node_xy"])
def test_indices_that_point_nowhere_are_refused(stored, tmp_path, member):
    _, path = stored
    other = tmp_path / "changed.npy"

    def edit(name, data):
        if name != f"walk/{member}.npy":
            return data
        other.write_bytes(data)
        array = np.load(other)
        array.flat[1] = np.nan if member == "node_xy" else 12_345
        np.save(other, array)
        return other.read_bytes()

    with pytest.raises(NetworkError, match="contradict"):
        load_network(rewritten(path, edit))
