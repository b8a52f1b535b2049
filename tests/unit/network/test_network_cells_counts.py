"""Crossings of cells, counted by hand, and who is in one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from cell_towns import ladder, side, town
from roundplan.network.cell_counts import (
    OUTSIDE,
    cell_of,
    crossings,
    edge_crossings,
)
from roundplan.network.cells import Cell, Cells


def boxes(*sides):
    """Cells from west, south, east and north of their cores."""
    cells = [
        Cell(name=str(i), outline=shapely.box(*s), core=shapely.box(*s), area_m2=1)
        for i, s in enumerate(sides)
    ]
    return Cells(cells=tuple(cells), crs="EPSG:27700")


LEFT_RIGHT = boxes((0, 0, 100, 100), (100, 0, 200, 100))
APART = boxes((0, 0, 100, 100), (140, 0, 240, 100))


@pytest.mark.parametrize(
    ("cells", "line", "count"),
    [
        (LEFT_RIGHT, [(10, 10), (90, 90)], 0),
        (LEFT_RIGHT, [(10, 10), (10, 200)], 1),
        (LEFT_RIGHT, [(-50, 50), (50, 50)], 1),
        (LEFT_RIGHT, [(50, 50), (150, 50)], 1),
        (LEFT_RIGHT, [(-50, 50), (250, 50)], 3),
        (LEFT_RIGHT, [(50, -50), (50, 50), (60, -50)], 2),
        (LEFT_RIGHT, [(50, 50), (50, 150), (60, 50)], 2),
        (LEFT_RIGHT, [(50, -50), (50, 50), (60, -50), (60, 50)], 3),
        (LEFT_RIGHT, [(-50, -50), (250, -50)], 0),
        (APART, [(50, 50), (190, 50)], 2),
        (APART, [(120, 10), (120, 90)], 0),
        # Along a boundary, and touching it at a corner or from inside, is no crossing.
        (APART, [(100, -50), (100, 150)], 0),
        (APART, [(-50, 50), (50, 150)], 0),
        (APART, [(50, 50), (50, 100), (60, 50)], 0),
        # There and back along itself.
        (APART, [(50, 50), (50, 150), (50, 50)], 2),
    ],
)
def test_an_edge_crosses_where_its_shape_does(cells, line, count):
    points = [(float(x), float(y)) for x, y in line]
    place = town([([*points], {"highway": "residential"})])
    graph = place.motors
    assert int(edge_crossings(graph, cells).sum()) == count


def test_crossings_know_how_far_along_they_are():
    line = [(-50.0, 50.0), (50.0, 50.0), (50.0, 200.0)]
    graph = town([side("A", *line)]).motors
    found = crossings(graph, LEFT_RIGHT)
    assert found.edge.tolist() == [0, 0]
    assert found.along_mm.tolist() == [50_000, 150_000]
    assert found.edge.dtype == found.along_mm.dtype == np.int32
    assert edge_crossings(graph, LEFT_RIGHT).dtype == np.int16


def test_an_edge_that_ends_on_a_boundary_is_counted_once():
    """The boundary itself is outside, so the piece that goes in has the crossing."""
    line = [(-50.0, 50.0), (0.0, 50.0)], [(0.0, 50.0), (50.0, 50.0)]
    spur = [(0.0, 50.0), (0.0, 300.0)]
    graph = town([side("A", *line[0]), side("B", *line[1]), side("C", *spur)]).motors
    assert edge_crossings(graph, LEFT_RIGHT).tolist() == [0, 1, 0]


def test_every_street_into_a_found_cell_crosses_once_and_its_roads_never():
    place = ladder(dict.fromkeys(range(3), "bollard"))
    found = place.cells()
    count = edge_crossings(place.motors, found)
    roads = np.array([place.names[w].endswith(" Road") for w in place.motors.way_ids])
    assert (count[roads] == 0).all()
    assert (count[~roads] == 1).all()
    # On foot one goes through: in at one end, out at the other.
    walk = edge_crossings(place.streets, found)
    rungs = np.array([place.names[w].startswith("Rung") for w in place.streets.way_ids])
    assert (walk[rungs] == 2).all()


def test_a_private_gate_has_no_length_and_no_crossing():
    """The gate stands on the boundary, and what leads in from it crosses once."""
    line = [(-50.0, 10.0), (0.0, 10.0), (50.0, 10.0)]
    graph = town([side("A", *line)], {line[1]: "private gate"}).motors
    assert (graph.length_mm == 0).sum() == 2
    count = edge_crossings(graph, LEFT_RIGHT)
    assert count[graph.length_mm == 0].tolist() == [0, 0]
    assert count.sum() == 1


def test_no_cells_no_crossings():
    place = ladder()
    assert (edge_crossings(place.motors, boxes()) == 0).all()
    assert cell_of(np.array([[1.0, 1.0]]), boxes()).tolist() == [OUTSIDE]
    assert cell_of(np.zeros((0, 2)), LEFT_RIGHT).tolist() == []


def test_positions_are_in_a_cell_beyond_its_margin():
    found = ladder(dict.fromkeys(range(3), "bollard")).cells()
    xy = np.array([[400.0, 200.0], [400.0, 21.0], [400.0, 19.0], [400.0, -5.0]])
    assert cell_of(xy, found).tolist() == [0, 0, OUTSIDE, OUTSIDE]
    assert cell_of(xy, found).dtype == np.int32
