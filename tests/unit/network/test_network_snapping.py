"""Where places join the streets, and which are refused."""

from __future__ import annotations

import pytest

from roundplan.domain import Mode, Place
from roundplan.errors import NetworkError, SnapError
from roundplan.network import snap
from streets_by_hand import STREET, at, streets

LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
SQUARE = {1: (0, 0), 2: (200, 0), 3: (200, 200), 4: (0, 200)}


def test_a_place_joins_the_nearest_point_of_an_edge_not_its_end(tmp_path):
    network = streets(tmp_path, LINE, [((1, 3), STREET)])
    snapping = snap(network, [at("A", 50, 12)])
    assert snapping.place_ids == ("A",)
    assert snapping.along[0] == pytest.approx(0.25, abs=1e-4)
    assert snapping.distance_m[0] == pytest.approx(12, abs=1e-3)
    assert snapping.notes == ()


def test_bends_in_a_street_count(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
    network = streets(tmp_path, nodes, [((1, 2, 3), STREET)])
    assert len(network.graph(Mode.WALK).tail) == 1
    snapping = snap(network, [at("A", 104, 50)])
    assert snapping.along[0] == pytest.approx(0.75, abs=1e-4)
    assert snapping.distance_m[0] == pytest.approx(4, abs=1e-3)


def test_far_places_are_all_refused_at_once_by_id_without_their_positions(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    places = [at("near", 0, 5), at("far", 0, 250), at("farther", 0, 12_000)]
    with pytest.raises(SnapError) as caught:
        snap(network, places, max_snap_m=100)
    text = str(caught.value)
    assert text.startswith("E2103: 2 places further than 100 m")
    assert "far (250 m), farther (12,000 m)" in text
    assert "near" not in text.split("street: ")[1]
    assert "530" not in text
    assert "190" not in text


def test_exactly_the_limit_is_near_enough(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    snap(network, [at("A", 50, 99.99)], max_snap_m=100)
    with pytest.raises(SnapError, match=r"1 place further"):
        snap(network, [at("A", 50, 100.01)], max_snap_m=100)


@pytest.mark.parametrize(
    "place",
    [
        Place(place_id="lost"),
        Place(place_id="lost", x=float("nan"), y=0.0),
        Place(place_id="lost", x=500.0, y=95.0, crs="EPSG:4326"),
    ],
)
def test_places_without_a_usable_position_are_refused_by_id(tmp_path, place):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    with pytest.raises(SnapError, match="1 place without a usable position: lost"):
        snap(network, [at("A", 0, 0), place])


def test_an_unknown_coordinate_system_is_refused(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    with pytest.raises(NetworkError, match="no coordinate system"):
        snap(network, [Place(place_id="A", x=1.0, y=1.0, crs="EPSG:0")])


def test_the_main_network_is_preferred_to_a_nearer_island(tmp_path):
    nodes = {**SQUARE, 5: (50, 40), 6: (100, 40)}
    ways = [((1, 2, 3, 4, 1), STREET), ((1, 3), STREET), ((5, 6), STREET)]
    network = streets(tmp_path, nodes, ways)
    snapping = snap(network, [at("A", 100, 39), at("B", 150, 5)])
    assert network.graph(Mode.WALK).edges_in_main[snapping.edge].all()
    assert snapping.distance_m[0] == pytest.approx(39, abs=0.01)
    (note,) = snapping.notes
    assert note.startswith("joined to the main network")
    assert note.endswith(": A")


def test_a_place_with_nothing_but_an_island_near_stays_there_and_is_named(tmp_path):
    nodes = {**SQUARE, 5: (0, 900), 6: (100, 900)}
    ways = [((1, 2, 3, 4, 1), STREET), ((1, 3), STREET), ((5, 6), STREET)]
    network = streets(tmp_path, nodes, ways)
    snapping = snap(network, [at("A", 0, 5), at("I", 0, 905)])
    (note,) = snapping.notes
    assert "unreachable" in note
    assert note.endswith(": I")


def test_a_public_street_is_preferred_to_a_nearer_private_drive(tmp_path):
    nodes = {**SQUARE, 5: (100, 0), 6: (100, 150)}
    drive = {"highway": "service", "access": "private"}
    network = streets(tmp_path, nodes, [((1, 5, 2, 3, 4, 1), STREET), ((5, 6), drive)])
    snapping = snap(network, [at("A", 102, 60)])
    assert snapping.distance_m[0] == pytest.approx(60, abs=0.01)
    assert snapping.notes[0].startswith("joined to the nearest public street")
    (edge,) = snap(network, [at("A", 102, 100)], max_snap_m=50).edge
    assert network.graph(Mode.WALK).private[edge]


def test_a_network_that_does_not_cover_a_client_names_it(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    leeds = Place(place_id="C7", x=-1.55, y=53.8, crs="EPSG:4326")
    with pytest.raises(SnapError, match=r"C7 \(2\d\d,\d\d\d m\).*covers them"):
        snap(network, [leeds])
