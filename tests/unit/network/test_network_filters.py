"""Where cars are kept from going on, and the streets as if they were not."""

from __future__ import annotations

import pytest

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network import (
    FilterKind,
    Lifted,
    load_network,
    save_network,
    travel_matrix,
)
from streets_by_hand import STREET, at, streets

# Two parallel roads 400 m apart, joined by 1-2-3 in the middle and far away by 7-8.
NODES = {
    1: (0, 0),
    2: (0, 200),
    3: (0, 400),
    5: (1000, 0),
    6: (1000, 400),
}
RING = ((1, 5, 6, 3), {"highway": "primary", "name": "Ring Road"})
NORTH, SOUTH = at("north", 0, 390), at("south", 0, 10)
FEEDS = ((5, 1), {"highway": "service"})


def drawn(tmp_path, middle, way=STREET, *, split=False):
    """The two roads with node 2 and the street between them tagged."""
    nodes = {**NODES, 2: (*NODES[2], middle)}
    street = [((1, 2), way), ((2, 3), STREET)] if split else [((1, 2, 3), way)]
    return streets(tmp_path, nodes, [RING, *street])


def metres(network, mode):
    """Metres from the south of the street to its north."""
    matrix = travel_matrix(network, [SOUTH, NORTH], mode=mode, cache=False)
    return int(matrix.metres[0, 1])


def test_a_bollard_stops_a_car_and_nobody_else(tmp_path):
    network = drawn(tmp_path, {"barrier": "bollard"}, {**STREET, "name": "Low Lane"})
    (found,) = network.filters
    assert (found.kind, found.tag) == (FilterKind.PHYSICAL, "barrier=bollard")
    assert (found.osm, found.street) == ("node/2", "Low Lane")
    assert metres(network, Mode.WALK) == metres(network, Mode.CYCLE) == 380
    assert metres(network, Mode.DRIVE) == 10 + 1000 + 400 + 1000 + 10
    assert metres(network.without_filters(), Mode.DRIVE) == 380
    exempt = network.without_filters(Lifted.EXEMPT)
    assert metres(exempt, Mode.DRIVE) == 2420
    assert exempt.filters == network.filters


@pytest.mark.parametrize(
    ("tags", "kind", "tag"),
    [
        ("motor_vehicle=no", FilterKind.SIGN, "motor_vehicle=no"),
        ("vehicle=no bicycle=yes", FilterKind.SIGN, "vehicle=no"),
        ("access=no foot=yes", FilterKind.SIGN, "access=no"),
        ("access=no bus=yes foot=yes", FilterKind.BUS_GATE, "access=no"),
        ("motor_vehicle=no psv=yes", FilterKind.BUS_GATE, "motor_vehicle=no"),
        ("motor_vehicle=bus", FilterKind.BUS_GATE, "motor_vehicle=bus"),
    ],
)
def test_a_closed_street_is_a_filter_which_exemption_opens(tmp_path, tags, kind, tag):
    closed = STREET | dict(pair.split("=") for pair in tags.split())
    network = drawn(tmp_path, {}, closed, split=True)
    (found,) = network.filters
    assert (found.kind, found.tag, found.osm) == (kind, tag, "way/1002")
    assert metres(network, Mode.WALK) == 380
    # the south end joins the ring, since a car cannot enter the closed street
    assert metres(network, Mode.DRIVE) > 2_000
    assert metres(network.without_filters(Lifted.EXEMPT), Mode.DRIVE) == 380
    assert network.without_filters(Lifted.EXEMPT).filters == ()


@pytest.mark.parametrize(
    "tags",
    [
        "access=no",  # closed to everybody: no filter, but a closed street
        "access=private",
        "motor_vehicle=destination",
        "highway=service motor_vehicle=no",
        "highway=pedestrian motor_vehicle=no",
    ],
)
def test_what_is_no_filter(tmp_path, tags):
    way = STREET | dict(pair.split("=") for pair in tags.split())
    assert drawn(tmp_path, {}, way, split=True).filters == ()


@pytest.mark.parametrize(
    ("middle", "way"),
    [
        ({"barrier": "gate", "access": "private"}, STREET),
        ({"barrier": "kerb"}, STREET),
        ({"barrier": "bollard"}, {"highway": "footway"}),
        ({"barrier": "bollard"}, {"highway": "service"}),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, STREET),
    ],
)
def test_barriers_that_keep_no_car_from_going_on(tmp_path, middle, way):
    assert drawn(tmp_path, middle, way).filters == ()


def test_a_bollard_at_the_end_of_a_cul_de_sac_is_no_filter(tmp_path):
    nodes = {**NODES, 2: (*NODES[2], {"barrier": "bollard"})}
    network = streets(tmp_path, nodes, [RING, ((1, 2), STREET)])
    assert network.filters == ()


def test_a_timed_closure_is_a_filter_that_an_exemption_opens(tmp_path):
    hours = "no @ (Mo-Fr 08:00-09:00)"
    way = {**STREET, "motor_vehicle:conditional": hours}
    network = drawn(tmp_path, {}, way, split=True)
    (found,) = network.filters
    assert (found.kind, found.condition) == (FilterKind.TIMED, hours)
    assert network.graph(Mode.DRIVE).conditions == (hours,)
    assert network.without_filters(Lifted.EXEMPT).graph(Mode.DRIVE).conditions == ()
    assert network.graph(Mode.WALK).conditions == ()


@pytest.mark.parametrize("hours", ["no @ (weight>7.5)", "yes @ (Mo-Fr 10:00-16:00)"])
def test_hours_that_stop_no_car_are_no_filter(hours, tmp_path):
    way = {**STREET, "motor_vehicle:conditional": hours}
    assert drawn(tmp_path, {}, way, split=True).filters == ()


def test_filters_and_the_streets_without_them_are_stored(tmp_path):
    network = drawn(tmp_path, {"barrier": "bollard"}, {**STREET, "name": "<b>&"})
    path = tmp_path / "streets.roundplan"
    save_network(network, path)
    again = load_network(path)
    assert again.filters == network.filters
    assert metres(again.without_filters(), Mode.DRIVE) == 380
    assert list(again.graphs) == list(network.graphs)


def test_a_network_without_roads_has_none_to_lift(tmp_path):
    network = streets(tmp_path, NODES, [((1, 2), {"highway": "footway"})])
    with pytest.raises(NetworkError, match="no streets to drive, only walk, cycle"):
        network.without_filters()
