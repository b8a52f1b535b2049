"""Walking times on maps of a few streets, known by hand: 100 m take 75 s."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from roundplan.domain import ALL_DAY, LAT_LON, MODE_CODES, UNREACHABLE, Mode, Place
from roundplan.errors import NetworkError, TravelError, UsageError
from roundplan.network import Cell, Cells, snap, travel_matrix
from roundplan.network.projection import BRITISH_GRID, transform
from streets_by_hand import ORIGIN, STREET, at, streets

LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0)}


def legs(network, *places, **options):
    """Seconds and metres between places."""
    matrix = travel_matrix(network, places, cache=False, **options)
    return matrix.times_s.tolist(), matrix.metres.tolist()


def test_a_street_takes_three_seconds_for_four_metres(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    matrix = travel_matrix(network, [at("A", 0, 0), at("B", 200, 0)], cache=False)
    assert matrix.times_s.tolist() == [[0, 150], [150, 0]]
    assert matrix.metres.tolist() == [[0, 200], [200, 0]]
    assert (matrix.profile, matrix.period) == ("walk", "all")
    assert matrix.place_ids == ("A", "B")
    assert matrix.times_s.dtype == matrix.metres.dtype == np.int32
    assert not matrix.ltn_crossings.any()
    assert not matrix.modes.any()


def test_part_seconds_are_rounded_up(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    times, metres = legs(network, at("A", 0, 0), at("B", 1, 0))
    assert (times[0][1], metres[0][1]) == (1, 1)


def test_the_walk_to_the_street_counts(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    times, metres = legs(network, at("A", 20, 12), at("B", 120, -8))
    assert times[0][1] == 90  # 12 + 100 + 8 m
    assert metres[0][1] == 120


def test_two_places_on_one_edge_do_not_go_round_its_ends(tmp_path):
    network = streets(tmp_path, LINE, [((1, 3), STREET)])
    times, _ = legs(network, at("A", 40, 0), at("B", 80, 0), at("C", 80, 4))
    assert times == [[0, 30, 33], [30, 0, 3], [33, 3, 0]]


def test_places_at_the_same_position_are_no_distance_apart(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    times, metres = legs(network, at("A", 50, 30), at("B", 50, 30))
    assert times == metres == [[0, 0], [0, 0]]


def test_one_way_streets_are_walked_both_ways(tmp_path):
    oneway = {**STREET, "oneway": "yes"}
    network = streets(tmp_path, LINE, [((1, 2, 3), oneway)])
    times, _ = legs(network, at("A", 0, 0), at("B", 200, 0))
    assert times == [[0, 150], [150, 0]]


def test_one_way_for_walkers_is_obeyed_also_on_one_edge(tmp_path):
    # A square: the south side may be walked eastwards only.
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100)}
    ways = [
        ((1, 2), {"highway": "footway", "oneway:foot": "yes"}),
        ((2, 3, 4, 1), STREET),
    ]
    network = streets(tmp_path, nodes, ways)
    times, metres = legs(network, at("A", 20, 0), at("B", 60, 0))
    assert times == [[0, 30], [270, 0]]
    assert metres == [[0, 40], [360, 0]]


def test_a_door_at_the_corner_of_a_one_way_street_opens_on_both_streets(tmp_path):
    nodes = {**LINE, 4: (100, -300)}
    oneway = {"highway": "footway", "oneway:foot": "yes"}
    ways = [((2, 3), oneway), ((1, 2), STREET), ((3, 4, 1), STREET)]
    network = streets(tmp_path, nodes, ways)
    graph = network.graph(Mode.WALK)
    corner, end = (graph.node_xy[graph.node_ids == i][0].tolist() for i in (2, 1))
    door = Place(place_id="B", x=corner[0], y=corner[1])
    # All streets at a corner are equally near: the first, the one-way street, counts.
    assert graph.kinds[graph.kind[snap(network, [door]).edge[0]]] == "footway"
    home = Place(place_id="A", x=end[0], y=end[1])
    assert legs(network, home, door)[1] == [[0, 100], [100, 0]]


def test_a_carriageway_with_separate_sidewalks_does_not_cut_the_network(tmp_path):
    # The footway beside the road is not joined to the side street beyond it.
    nodes = {
        1: (0, 0),
        2: (100, 0),
        3: (200, 0),
        4: (100, -80),
        5: (0, 5),
        6: (200, 5),
    }
    ways = [
        ((1, 2, 3), {"highway": "primary", "sidewalk:both": "separate"}),
        ((2, 4), STREET),
        ((1, 5), {"highway": "footway"}),
        ((5, 6), {"highway": "footway", "footway": "sidewalk"}),
    ]
    network = streets(tmp_path, nodes, ways)
    times, _ = legs(network, at("A", 0, 5), at("B", 100, -80))
    assert times[0][1] == 139  # 5 + 100 + 80 m


def test_foot_no_is_walked_round(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 49), 4: (0, 49)}
    detour = ((1, 4, 3, 2), STREET)
    closed = ((1, 2), {"highway": "path", "foot": "no"})
    network = streets(tmp_path, nodes, [detour, closed])
    times, _ = legs(network, at("A", 0, 0), at("B", 100, 0))
    assert times[0][1] == 149  # 198 m


def test_the_quickest_way_avoids_long_steps_and_metres_are_its_own(tmp_path):
    # 100 m of steps take 225 s, 198 m on the flat 149 s.
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 49), 4: (0, 49)}
    steps = ((1, 2), {"highway": "steps"})
    network = streets(tmp_path, nodes, [((1, 4, 3, 2), STREET), steps])
    times, metres = legs(network, at("A", 0, 0), at("B", 100, 0))
    assert (times[0][1], metres[0][1]) == (149, 198)


def test_steps_are_slow_where_there_is_no_other_way(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), {"highway": "steps"})])
    times, metres = legs(network, at("A", 0, 0), at("B", 50, 0))
    assert (times[0][1], metres[0][1]) == (113, 50)


def test_of_parallel_edges_the_shorter_counts_and_they_are_not_added_up(tmp_path):
    nodes = {**LINE, 4: (100, 60), 5: (-50, 0)}
    ways = [((5, 1), STREET), ((1, 4, 3), STREET), ((1, 3), STREET)]
    network = streets(tmp_path, nodes, ways)
    times, _ = legs(network, at("A", -50, 0), at("B", 200, 0))
    assert times[0][1] == 188  # 250 m


@pytest.mark.parametrize(
    ("tags", "seconds"),
    [
        ({"barrier": "bollard"}, 150),
        ({"barrier": "gate"}, 150),
        ({"barrier": "wall"}, UNREACHABLE),
        ({"barrier": "gate", "access": "no"}, UNREACHABLE),
        ({"barrier": "bollard", "foot": "no"}, UNREACHABLE),
    ],
)
def test_a_barrier_on_the_way(tmp_path, tags, seconds):
    nodes = {**LINE, 2: (100, 0, tags)}
    network = streets(tmp_path, nodes, [((1, 2, 3), STREET)])
    times, _ = legs(network, at("A", 0, 0), at("B", 200, 0), max_snap_m=10)
    assert times[0][1] == seconds


def private_short_cut(tmp_path, gate):
    """A square of streets 100 x 400 m with a private lane across the middle."""
    nodes = {
        1: (0, 0),
        2: (200, 0, {}),
        3: (400, 0),
        4: (400, 1000),
        5: (0, 1000),
        6: (200, 500),
        7: (200, 1000),
        8: (200, 250),
    }
    lane = {"highway": "service"}
    if gate:
        barrier = {"barrier": "gate", "access": "private"}
        nodes[2] = (200, 0, {})
        nodes[9] = (200, 10, barrier)
        nodes[10] = (200, 990, barrier)
        refs = (2, 9, 8, 6, 10, 7)
    else:
        lane["access"] = "private"
        refs = (2, 8, 6, 7)
    ways = [((1, 2, 3, 4, 7, 5, 1), STREET), (refs, lane)]
    return streets(tmp_path, nodes, ways)


@pytest.mark.parametrize("gate", [False, True], ids=["private way", "private gates"])
def test_private_land_is_entered_for_a_visit_but_never_crossed(tmp_path, gate):
    network = private_short_cut(tmp_path, gate)
    south, north = at("S", 200, 0), at("N", 200, 1000)
    inside, deeper = at("I", 200, 250), at("D", 200, 500)
    times, metres = legs(network, south, north, inside, deeper)
    assert metres[0][1] == metres[1][0] == 1400  # round the block, not 1,000 through
    assert metres[0][2] == metres[2][0] == 250
    assert metres[1][2] == 750
    assert metres[2][3] == metres[3][2] == 250  # within the private land
    assert 375 <= times[3][1] <= 376


def test_an_island_is_unreachable_and_said_so(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 900), 5: (100, 900)}
    network = streets(
        tmp_path, nodes, [((1, 2), STREET), ((2, 3), STREET), ((4, 5), STREET)]
    )
    times, metres = legs(network, at("A", 0, 0), at("I", 0, 900), at("J", 100, 900))
    assert times == [
        [0, UNREACHABLE, UNREACHABLE],
        [UNREACHABLE, 0, 75],
        [UNREACHABLE, 75, 0],
    ]
    assert metres[0][1] == 0


def test_beyond_the_limit_is_unreachable_door_to_door(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    places = (at("A", 0, 4), at("B", 200, 0))
    assert legs(network, *places, limit_s=153)[0][0][1] == 153
    assert legs(network, *places, limit_s=152)[0][0][1] == UNREACHABLE


@pytest.mark.parametrize("limit_s", [0, -5, 13 * 3600])
def test_a_limit_that_makes_no_sense_is_refused(tmp_path, limit_s):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    with pytest.raises(UsageError, match="limit"):
        travel_matrix(network, [at("A", 0, 0)], limit_s=limit_s, cache=False)


def test_another_mode_is_refused_by_name(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), {"highway": "steps"})])
    with pytest.raises(NetworkError, match="no streets to drive, only walk"):
        travel_matrix(network, [at("A", 0, 0)], mode=Mode.DRIVE, cache=False)


def test_no_places_give_an_empty_matrix(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    assert travel_matrix(network, [], cache=False).times_s.shape == (0, 0)


def test_degrees_and_grid_metres_mean_the_same_place(tmp_path):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    grid = at("A", 50, 20)
    lon, lat = transform(np.array([[grid.x, grid.y]]), BRITISH_GRID, LAT_LON)[0]
    degrees = Place(place_id="B", x=float(lon), y=float(lat), crs=LAT_LON)
    plain = Place(place_id="C", x=grid.x, y=grid.y)
    times, _ = legs(network, grid, degrees, plain, at("D", 150, 0))
    assert times[0][3] == times[1][3] == times[2][3] == 90


def test_five_runs_are_equal(tmp_path):
    network = private_short_cut(tmp_path, gate=True)
    places = [at("A", 3, 7), at("B", 210, 260), at("C", 390, 900), at("D", 30, 1010)]
    runs = [travel_matrix(network, places, cache=False) for _ in range(5)]
    assert all(run == runs[0] for run in runs)


TOWN = {1: (0, 0), 2: (1000, 0), 3: (1000, 500), 4: (0, 500)}
RING = [((1, 2, 3, 4, 1), STREET)]


def test_a_car_is_parked_once_and_the_doors_are_walked_to(tmp_path):
    network = streets(tmp_path, TOWN, RING)
    places = [at("A", 100, 40), at("B", 900, 40), at("B's neighbour", 900, 30)]
    driven = travel_matrix(network, places, mode=Mode.DRIVE, period=None, cache=False)
    # 40 m at 750 ms, 800 m at 144 ms, 40 m at 750 ms, 5 minutes
    assert driven.times_s[0, 1] == -(-(30_000 + 115_200 + 30_000 + 300_000) // 1000)
    assert driven.metres[0, 1] == 880
    # next door the car stays where it is
    assert driven.times_s[1, 2] == -(-(30_000 + 22_500) // 1000)
    assert driven.times_s[1, 1] == 0
    cycled = travel_matrix(network, places, mode=Mode.CYCLE, cache=False)
    assert cycled.times_s[0, 1] == -(-(60_000 + 192_000) // 1000)
    assert driven.profile == "drive"
    assert set(driven.modes.ravel()) == {MODE_CODES.index(Mode.DRIVE)}


def test_traffic_is_that_of_the_period(tmp_path):
    network = streets(tmp_path, TOWN, RING)
    places = [at("A", 100, 0), at("B", 900, 0)]

    def seconds(period):
        matrix = travel_matrix(
            network, places, mode=Mode.DRIVE, period=period, cache=tmp_path / "kept"
        )
        assert matrix.period == (period or ALL_DAY)
        return int(matrix.times_s[0, 1])

    assert seconds(None) == -(-115_200 // 1000) + 300
    assert seconds(ALL_DAY) == -(-115_200 * 120 // 100 // 1000) + 300
    assert seconds("Sa-Su 07:00-10:00") == -(-115_200 // 1000) + 300
    assert seconds("Mo-Fr 07:00-10:00") == -(-115_200 * 109 // 100 // 1000) + 300
    with pytest.raises(TravelError):
        seconds("at noon")


def test_a_leg_counts_the_boundaries_that_it_crosses(tmp_path):
    network = streets(tmp_path, TOWN, RING)
    x, y = ORIGIN
    core = shapely.box(x + 300, y - 50, x + 600, y + 50)
    cell = Cell(name="Middle", outline=core, core=core, area_m2=30_000)
    cells = Cells(cells=(cell,), crs=network.crs)
    places = [at("west", 100, 0), at("inside", 400, 0), at("east", 700, 0)]
    for mode in (Mode.DRIVE, Mode.WALK):
        crossed = travel_matrix(
            network, places, mode=mode, cells=cells, cache=tmp_path / "kept"
        )
        assert crossed.ltn_crossings.tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
        without = travel_matrix(network, places, mode=mode, cache=tmp_path / "kept")
        assert not without.ltn_crossings.any()
        assert (without.times_s == crossed.times_s).all()


def test_a_profile_may_have_another_name_than_its_mode(tmp_path):
    network = streets(tmp_path, TOWN, RING)
    matrix = travel_matrix(
        network, [at("A", 0, 0)], mode=Mode.DRIVE, profile="drive-exempt", cache=False
    )
    assert matrix.profile == "drive-exempt"
