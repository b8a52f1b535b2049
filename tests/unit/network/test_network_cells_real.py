"""Low-traffic neighbourhoods of north London, from the shared folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from cell_towns import mapped, street_filters, ways_through
from roundplan.network.cell_counts import OUTSIDE, cell_of, crossings, edge_crossings
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.network.through import MAIN_KINDS, edges_of_kinds

SHARED = Path(__file__).parents[4] / "shared" / "data" / "osm"
BOUNDS_GREEN = SHARED / "bounds_green_2026.osm"

pytestmark = pytest.mark.skipif(
    not BOUNDS_GREEN.is_file(), reason="needs the real streets of ../shared/data/osm"
)


def ids_of(cell):
    """OpenStreetMap ids of a cell's filters."""
    return {int(f.osm.split("/")[1]) for f in cell.filters}


@pytest.fixture(scope="module")
def place():
    return mapped(BOUNDS_GREEN)


@pytest.fixture(scope="module")
def filters(place):
    return street_filters(place)


@pytest.fixture(scope="module")
def cells(place, filters):
    return place.cells(filters, min_street_m=500)


def spot_of(place, *ways):
    """Points of ways, in metres."""
    refs = [w.refs[len(w.refs) // 2] for w in place.data.ways if w.way_id in ways]
    at = np.searchsorted(place.data.node_ids, refs)
    return transform(place.data.lon_lat[at], "EPSG:4326", BRITISH_GRID)


def test_fox_lane_is_a_cell(place, cells):
    """Fox Lane (3 ways) and Old Park Road are closed to cars: one neighbourhood."""
    closed = spot_of(place, 939763425, 1149742453, 1149742454, 827743528)
    (inside,) = set(cell_of(closed, cells).tolist())
    assert inside != OUTSIDE
    cell = cells.cells[inside]
    # Bourne Hill, its northern boundary, is beyond the extract.
    assert cell.cut
    assert cell.name == (
        "between Alderman's Hill, Green Lanes, Cannon Hill and the edge of the map"
    )
    assert {"Fox Lane", "Old Park Road", "Conway Road", "Lakeside Road"} <= set(
        cell.streets
    )
    assert ids_of(cell) >= {939763425, 827743528}
    # No pocket has two mouths: from each street one leaves as one came.
    assert len({a.pocket for a in cell.access}) == len(cell.access)


@pytest.mark.parametrize(
    ("ways", "street"),
    [
        ((211060836, 1043797707, 1043797708), "Balmoral Avenue"),
        ((144793752,), "Queen's Road"),
    ],
)
def test_other_closed_streets_are_in_cells(cells, ways, street):
    (cell,) = [c for c in cells.cells if ids_of(c) & set(ways)]
    assert street in cell.streets
    assert ids_of(cell) >= set(ways)


def test_the_bowes_neighbourhood_is_whole_and_known_on_all_sides(place, cells):
    """Its filters are mapped as pieces of cycleway, so it counts by its layout."""
    (cell,) = [c for c in cells.cells if "Warwick Road" in c.streets]
    assert not cell.cut
    assert {"York Road", "Stanley Road", "Maidstone Road"} <= set(cell.streets)
    for road in ("Brownlow Road", "Telford Road", "Bowes Road", "Bounds Green Road"):
        assert road in cell.name
    assert 40 < cell.area_m2 / 10_000 < 50


def test_no_cell_has_a_way_through(place, cells):
    assert ways_through(place, cells) == []


def test_cells_lie_apart_and_hold_no_main_road(place, cells):
    cores = [cell.core for cell in cells.cells]
    a, b = shapely.STRtree(cores).query(cores, predicate="intersects")
    assert (a == b).all()
    main = edges_of_kinds(place.motors, MAIN_KINDS) & ~place.motors.private
    assert (edge_crossings(place.motors, cells)[main] == 0).all()


def test_crossings_add_up_to_the_cell_at_the_end(place, cells):
    """In and out again is even, in or out is odd: along every edge, ends included."""
    graph = place.streets
    found = crossings(graph, cells)
    start = graph.vertex_start.astype(int)
    tail = cell_of(graph.vertex_xy[start[:-1]], cells)
    head = cell_of(graph.vertex_xy[start[1:] - 1], cells)
    odd = np.bincount(found.edge, minlength=len(graph.tail)) % 2 == 1
    assert (odd == (tail != head)).all()
    assert (found.along_mm <= graph.length_mm[found.edge]).all()


def test_notes_say_what_is_not_known(cells):
    assert any("edge of the map" in note for note in cells.notes)
    assert any("layout" in note for note in cells.notes)
