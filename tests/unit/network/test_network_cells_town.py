"""The cells of the demo town, whose generator placed every filter on purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from cell_towns import mapped, street_filters, ways_through
from roundplan.network import FilterKind
from roundplan.network.through import through_edges

DEMO = Path(__file__).parents[3] / "data" / "demo" / "town.osm"

pytestmark = pytest.mark.skipif(not DEMO.is_file(), reason="needs the demo's town")


@pytest.fixture(scope="module")
def place():
    return mapped(DEMO)


@pytest.fixture(scope="module")
def cells(place):
    return place.cells(street_filters(place), min_street_m=500)


def test_the_filters_of_the_town_lie_in_cells(place, cells):
    """The generator's README counts 17 neighbourhoods; some share no road, but a rail.

    A timed bus gate opens its neighbourhood outside of its hours, so those of two
    neighbourhoods lie on through roads.
    """
    placed = [f for f in street_filters(place) if f.kind is not FilterKind.TIMED]
    inside = sum(len(cell.filters) for cell in cells.cells)
    assert inside > 0.95 * len(placed)
    assert 8 <= len(cells.cells) <= 17
    assert all(cell.filters for cell in cells.cells)
    assert not any(cell.cut for cell in cells.cells)


def test_no_cell_has_a_way_through(place, cells):
    assert ways_through(place, cells) == []


def test_streets_without_filters_lie_in_no_cell(place, cells):
    """What an open part of the town carries through is left out on all sides."""
    graph = place.motors
    through = np.flatnonzero(through_edges(graph))
    middles = [
        shapely.Point(graph.vertex_xy[graph.vertex_start[e]]) for e in through.tolist()
    ]
    cores = shapely.STRtree([cell.core for cell in cells.cells])
    assert not len(cores.query(middles, predicate="within")[0])
    assert len(through) > 500
