"""Low-traffic neighbourhoods in towns whose cells are known by hand."""

from __future__ import annotations

import math

import pytest

from cell_towns import SIDE, a_filter, ladder, ladder_parts, main, ring, side, town
from roundplan.errors import UsageError
from roundplan.network.filters import FilterKind, opens
from roundplan.network.through import through_edges

PHYSICAL, SIGN, BUS_GATE, TIMED = FilterKind


def through_names(place, shut=None):
    """The names of minor streets that carry a way through."""
    through = through_edges(place.motors, shut)
    ways = place.motors.way_ids[through].tolist()
    return {place.names[w] for w in ways if not place.names[w].endswith(" Road")}


def grid(closed=()):
    """Streets every 100 m in a ring of 400 m, with bollards half-way along blocks."""
    lines = [100.0, 200.0, 300.0]
    ways, joints = [], []
    for k, c in enumerate(lines):
        for name, line in (
            (f"Street {k}", [(c, y * 50.0) for y in range(9)]),
            (f"Avenue {k}", [(x * 50.0, c) for x in range(9)]),
        ):
            ways.append(side(name, *line))
            joints += [line[0], line[-1]]
    return town(ring(400.0, 400.0, joints) + ways, dict.fromkeys(closed, "bollard"))


def test_a_ladder_without_filters_has_no_cell():
    place = ladder()
    assert through_names(place) == {"Rung 0", "Rung 1", "Rung 2"}
    assert place.cells().cells == ()


@pytest.mark.parametrize("how", ["bollard", "planter", "bus gate"])
def test_a_filter_on_every_rung_makes_one_cell(how):
    place = ladder(dict.fromkeys(range(3), how))
    assert through_names(place) == set()
    (cell,) = place.cells().cells
    assert cell.area_m2 == 800 * 400
    assert not cell.cut
    # Twenty metres at both ends of each rung face the main roads.
    assert cell.street_m == 3 * (400 - 2 * 20)
    assert set(cell.streets) >= {"Rung 0", "Rung 1", "Rung 2"}
    assert cell.name == "between North Road, South Road, East Road and West Road"
    # Each half of a rung is reached from its own main road only.
    points = {(a.x, a.y) for a in cell.access}
    assert points == {(x, y) for x in (200, 400, 600) for y in (0, 400)}
    assert sorted(a.pocket for a in cell.access) == list(range(6))


def test_one_open_rung_is_a_boundary_between_two_cells():
    place = ladder({0: "bollard", 2: "bollard"})
    assert through_names(place) == {"Rung 1"}
    west, east = place.cells().cells
    assert west.streets == ("Rung 0",)
    assert east.streets == ("Rung 2",)
    assert "Rung 1" in west.name
    assert "Rung 1" in east.name


def test_a_timed_filter_makes_a_cell_in_its_hours_only():
    place = ladder({0: "bollard", 1: "hours", 2: "bollard"})
    assert len(place.cells().cells) == 2
    shut = place.edges_of("Gate 1")
    assert shut.sum() == 1
    (cell,) = place.cells(shut=shut).cells
    assert cell.area_m2 == 800 * 400


def test_every_street_of_an_open_grid_carries_traffic():
    place = grid()
    assert len(through_names(place)) == 6
    assert place.cells(min_street_m=1, min_area_m2=1).cells == ()


def test_a_grid_cut_into_pockets_of_one_mouth_is_one_cell():
    """Every street keeps its two outermost blocks, cut off from all others."""
    inner = [(c, y) for c in (100.0, 200.0, 300.0) for y in (150.0, 250.0)]
    inner += [(y, c) for c, y in inner]
    # One of the two streets at each corner loses its mouths too.
    mouths = [(100.0, 50.0), (100.0, 350.0), (300.0, 50.0), (300.0, 350.0)]
    place = grid([*inner, *mouths])
    assert through_names(place) == set()
    (cell,) = place.cells().cells
    assert cell.area_m2 == 400 * 400
    assert len({a.pocket for a in cell.access}) == len(cell.access) == 12
    # One bollard less, and a corner can be cut again.
    again = grid([p for p in (*inner, *mouths) if p != (100.0, 50.0)])
    assert through_names(again) == {"Street 0", "Avenue 0"}


def crescent(radius_m, chord_m):
    """A street back to the main road that it left, as an arc of a circle."""
    half = math.asin(chord_m / 2 / radius_m)
    middle = 400.0
    arc = [
        (
            round(middle + radius_m * math.sin(t), 3),
            round(radius_m * (math.cos(t) - math.cos(math.pi - half)), 3),
        )
        for t in [-(math.pi - half) + k * (math.pi - half) / 20 for k in range(41)]
    ]
    arc[0], arc[-1] = (middle - chord_m / 2, 0.0), (middle + chord_m / 2, 0.0)
    return arc


def test_a_crescent_is_no_way_through():
    """Half a circle is 1.57 times as long as the road it leaves."""
    arc = crescent(150.0, 299.9)
    place = town([*ring(800.0, 400.0, [arc[0], arc[-1]]), side("Crescent", *arc)])
    assert through_names(place) == set()
    (cell,) = place.cells().cells
    assert cell.filters == ()
    assert {a.pocket for a in cell.access} == {0}
    assert place.cells(filtered_only=True).cells == ()


def test_a_flat_crescent_is_a_way_past_the_main_road():
    line = [(250.0, 0.0), (300.0, 60.0), (500.0, 60.0), (550.0, 0.0)]
    place = town([*ring(800.0, 400.0, [line[0], line[-1]]), side("Bypass", *line)])
    assert through_names(place) == {"Bypass"}


@pytest.mark.parametrize(("depth", "open_"), [(100.0, True), (101.0, False)])
def test_one_and_a_half_times_the_way_round_is_the_limit(depth, open_):
    line = [(200.0, 0.0), (200.0, depth), (600.0, depth), (600.0, 0.0)]
    place = town([*ring(800.0, 400.0, [line[0], line[-1]]), side("Loop", *line)])
    assert through_names(place) == ({"Loop"} if open_ else set())


def test_cutting_a_corner_is_a_way_through():
    line = [(600.0, 0.0), (600.0, 200.0), (800.0, 200.0)]
    place = town([*ring(800.0, 400.0, [line[0], line[-1]]), side("Corner", *line)])
    assert through_names(place) == {"Corner"}


def rung_of(*directions):
    """A street from south to north in three pieces, each ``yes``, ``-1`` or two-way."""
    ends = [(400.0, 0.0), (400.0, 150.0), (400.0, 300.0), (400.0, 400.0)]
    pieces = [
        side(f"Piece {k}", ends[k], ends[k + 1], oneway=way)
        for k, way in enumerate(directions)
    ]
    return town([*ring(800.0, 400.0, [ends[0], ends[-1]]), *pieces])


@pytest.mark.parametrize(
    ("directions", "open_"),
    [
        (("no", "no", "no"), True),
        (("no", "yes", "no"), True),
        (("yes", "yes", "yes"), True),
        (("no", "-1", "yes"), False),
        (("yes", "no", "-1"), False),
        (("no", "-1", "-1"), True),
    ],
)
def test_one_way_streets_close_what_they_let_nobody_through(directions, open_):
    place = rung_of(*directions)
    assert through_names(place) == (
        {"Piece 0", "Piece 1", "Piece 2"} if open_ else set()
    )
    assert len(place.cells().cells) == (0 if open_ else 1)


def test_a_way_through_in_two_turns_is_found_after_its_first_part():
    """A side street between two through streets is one itself, a round later."""
    low = (400.0, 60.0)
    high = (400.0, 340.0)
    link = [low, (450.0, 60.0), (450.0, 340.0), high]
    place = town(
        [
            *ring(800.0, 400.0, [(400.0, 0.0), (400.0, 400.0)]),
            side("Middle", (400.0, 0.0), low, high, (400.0, 400.0)),
            side("Link", *link),
        ]
    )
    assert through_names(place) == {"Middle", "Link"}


def test_a_private_estate_and_a_car_park_carry_nobody_through():
    ways, _ = ladder_parts(rungs=2)
    (line, tags), (other, more) = ways[-2:]
    ways[-2:] = [(line, {**tags, "access": "private"}), (other, {**more})]
    ways[-1][1]["highway"] = "service"
    assert through_names(town(ways)) == set()


def test_a_main_road_that_is_closed_to_cars_is_no_boundary():
    ways, barriers = ladder_parts(dict.fromkeys(range(3), "bollard"))
    busway = main("High Road", (200.0, 100.0), (400.0, 100.0), motor_vehicle="no")
    for way in ways:
        if way[1]["name"] in ("Rung 0", "Rung 1"):
            way[0].insert(1, (way[0][0][0], 100.0))
    (cell,) = town([*ways, busway], barriers).cells().cells
    assert cell.area_m2 == 800 * 400


def test_a_main_road_that_ends_inside_keeps_its_margin():
    ways, barriers = ladder_parts(dict.fromkeys(range(3), "bollard"))
    ways[0][0].insert(1, (100.0, 0.0))
    spur = main("Spur Road", (100.0, 0.0), (100.0, 200.0))
    (cell,) = town([*ways, spur], barriers).cells().cells
    assert cell.area_m2 == 800 * 400
    assert cell.core.area < 760 * 360 - 180 * 40


def test_filters_belong_to_the_cell_around_them():
    place = ladder({0: "bollard", 2: "bollard"})
    bollards = [a_filter(PHYSICAL, x, 200.0, 7) for x in (200.0, 600.0)]
    far = a_filter(SIGN, -900.0, 0.0, 8)
    found = place.cells([*bollards, far])
    assert [cell.filters for cell in found.cells] == [(b,) for b in bollards]
    assert "filters in no cell: 1" in found.notes
    assert len(place.cells(bollards[:1], filtered_only=True).cells) == 1


def cut_off():
    """The ladder without its northern road: the map ends there."""
    ways, barriers = ladder_parts(dict.fromkeys(range(3), "bollard"))
    kept = [way for way in ways if way[1]["name"] != "North Road"]
    return town(kept, barriers)


def test_the_edge_of_the_map_closes_a_cell_that_has_a_filter():
    place = cut_off()
    assert place.cells().cells == ()
    assert any("at the edge of the map" in note for note in place.cells().notes)
    found = place.cells([a_filter(PHYSICAL, 200.0, 200.0, 7)])
    (cell,) = found.cells
    assert cell.cut
    assert cell.name.endswith("and the edge of the map")
    assert any("beyond" in note for note in found.notes)


def test_a_timed_filter_is_no_reason_for_a_cell_at_the_edge():
    timed = a_filter(TIMED, 200.0, 200.0, 7)
    assert cut_off().cells([timed]).cells == ()


def test_small_areas_are_no_neighbourhoods():
    place = ladder({0: "bollard"}, rungs=1)
    assert len(place.cells(min_street_m=360).cells) == 1
    assert place.cells(min_street_m=361).cells == ()
    assert len(place.cells(min_area_m2=160_000).cells) == 1
    assert place.cells(min_area_m2=160_001).cells == ()


def test_equal_names_are_told_apart():
    """Two cells between the same four roads, parted by one without a name."""
    ways, barriers = ladder_parts({0: "bollard", 2: "bollard"})
    for _, tags in ways:
        tags.pop("name") if tags["name"] == "Rung 1" else None
        if tags.get("name") in ("East Road", "West Road"):
            tags["name"] = "Ring Road"
    west, east = town(ways, barriers).cells().cells
    assert west.name == "between North Road, Ring Road and South Road (1)"
    assert east.name == "between North Road, Ring Road and South Road (2)"


def test_streets_without_names_make_cells_without():
    ways, barriers = ladder_parts(dict.fromkeys(range(3), "bollard"))
    for _, tags in ways:
        del tags["name"]
    (cell,) = town(ways, barriers).cells().cells
    assert cell.name == "cell"
    assert cell.streets == ()
    assert len(cell.way_ids) >= 3


def test_towns_without_main_roads_or_streets_have_no_cells():
    alone = town([side("Lane", (0.0, 0.0), (300.0, 0.0), (300.0, 300.0))])
    assert alone.cells().cells == ()
    roads = town(ring(400.0, 400.0))
    assert roads.cells().cells == ()
    with_a_path = town(
        [*ring(400.0, 400.0), ([(10.0, 10.0), (300.0, 300.0)], {"highway": "path"})]
    )
    assert with_a_path.cells().cells == ()


def test_a_bridge_over_the_ring_does_not_join_what_it_crosses():
    """A main road over another without a junction still parts the land below."""
    ways, barriers = ladder_parts(dict.fromkeys(range(3), "bollard"))
    flyover = main("Flyover", (300.0, -300.0), (300.0, 700.0))
    west, east = town([*ways, flyover], barriers).cells().cells
    assert west.area_m2 == 300 * 400
    assert east.area_m2 == 500 * 400


def test_cells_take_names_of_your_own():
    place = ladder({0: "bollard", 2: "bollard"})
    found = place.cells()
    named = found.renamed({"West End": (50.0, 50.0)})
    assert named.cells[0].name == "West End"
    assert named.cells[1].name == found.cells[1].name
    with pytest.raises(UsageError) as error:
        found.renamed(
            {
                "A": (50.0, 50.0),
                "B": (60.0, 60.0),
                "C": (-500.0, 0.0),
                found.cells[0].name: (700.0, 50.0),
            }
        )
    assert "'B' is in the same cell as 'A'" in str(error.value)
    assert "'C' is in no cell" in str(error.value)


def test_a_name_that_another_cell_has_is_refused():
    found = ladder({0: "bollard", 2: "bollard"}).cells()
    with pytest.raises(UsageError, match="another cell's name"):
        found.renamed({found.cells[1].name: (50.0, 50.0)})


@pytest.mark.parametrize(
    ("kind", "exempt", "in_hours", "expected"),
    [
        (PHYSICAL, False, True, False),
        (PHYSICAL, True, True, False),
        (PHYSICAL, True, False, False),
        (SIGN, False, True, False),
        (SIGN, False, False, False),
        (SIGN, True, True, True),
        (BUS_GATE, True, True, True),
        (BUS_GATE, False, False, False),
        (TIMED, False, True, False),
        (TIMED, False, False, True),
        (TIMED, True, True, True),
    ],
)
def test_which_filters_open_for_whom(kind, exempt, in_hours, expected):
    assert opens(kind, exempt=exempt, in_hours=in_hours) is expected


def test_an_exemption_opens_a_camera_but_no_bollard():
    """Who may pass the bus gate of an exempt worker's graph goes through it."""
    ways, barriers = ladder_parts({0: "bus gate", 1: "bollard", 2: "bollard"})
    assert through_names(town(ways, barriers)) == set()
    exempt = [(line, {**tags, "motor_vehicle": "yes"}) for line, tags in ways]
    assert through_names(town(exempt, barriers)) == {"Rung 0", "Gate 0"}


def test_side_streets_are_residential():
    """The helper draws what the rule is about."""
    assert SIDE["highway"] == "residential"
