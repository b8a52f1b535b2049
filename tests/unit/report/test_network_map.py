"""The map of a network: in the browser, and its times against the matrix."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import shapely

from browsing import CLIPPED, NASTY, opened
from roundplan.domain import Mode, Place
from roundplan.network import Cell, Cells, build_network, travel_matrix
from roundplan.report.network_map import BANDS, network_map
from roundplan.report.page import packed, page
from roundplan.report.street_base import corner_of
from streets_by_hand import ORIGIN, STREET, at, osm_text

NODES = {
    10 * row + column: (300.0 * column, 300.0 * row)
    for row in range(1, 5)
    for column in range(1, 6)
}
WAYS = [
    *(
        ((10 * row + column, 10 * row + column + 1), STREET)
        for row in range(1, 5)
        for column in range(1, 5)
    ),
    *(
        ((10 * row + column, 10 * row + column + 10), STREET)
        for row in range(1, 4)
        for column in range(1, 6)
    ),
]
TAGS = {
    0: {"highway": "residential", "access": "private"},
    3: {"highway": "residential", "motor_vehicle": "no", "name": NASTY[0]},
    5: {"highway": "residential", "oneway": "yes"},
    9: {"highway": "steps"},
    17: {"highway": "primary", "name": "High Road"},
    20: {"highway": "service", "access": "private"},
}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A grid of streets: private ones, one closed to cars, a one-way, steps."""
    path = tmp_path_factory.mktemp("map") / "streets.osm"
    ways = [(refs, TAGS.get(i, tags)) for i, (refs, tags) in enumerate(WAYS)]
    path.write_text(osm_text(NODES, ways), encoding="utf-8")
    return build_network(path)


@pytest.fixture(scope="module")
def drawn(network, tmp_path_factory):
    x, y = ORIGIN
    core = shapely.box(x + 300, y + 300, x + 900, y + 900)
    cells = Cells(
        cells=(Cell(name=NASTY[2], outline=core, core=core, area_m2=360_000),),
        crs=network.crs,
    )
    stops = [at(name, 300.0 + 150 * i, 320.0) for i, name in enumerate(NASTY)]
    path = tmp_path_factory.mktemp("page") / "map.html"
    text = network_map(network, cells=cells, stops=stops, title=NASTY[2])
    path.write_text(text, encoding="utf-8")
    return path


SPOTS = [(450.0, 305.0), (320.0, 610.0), (1180.0, 905.0), (760.0, 640.0)]


def test_times_in_the_page_are_those_of_the_matrix(network, drawn):
    with opened(drawn) as shown:
        for mode in (Mode.WALK, Mode.CYCLE, Mode.DRIVE):
            graph = network.graph(mode)
            public = ~graph.private & graph.edges_in_main
            nodes = np.unique(np.concatenate([graph.tail[public], graph.head[public]]))
            ends = [
                Place(place_id=f"N{n}", x=float(x), y=float(y), crs=network.crs)
                for n, (x, y) in zip(nodes, graph.node_xy[nodes], strict=True)
            ]
            for spot in SPOTS:
                start = at("start", *spot)
                matrix = travel_matrix(
                    network, [start, *ends], mode=mode, period=None, cache=False
                ).times_s[0, 1:]
                parked_s = network.speeds.end_ms(mode) // 1000
                x, y = np.array([start.x, start.y]) - corner_of(network)
                ms = shown.evaluate(
                    "([m, x, y]) => Array.from(roundplan.times(m, x, y, 1e9).ms)",
                    [mode.value, float(x), float(y)],
                )
                assert len(ms) == len(graph.node_xy)
                for node, seconds in zip(nodes, matrix, strict=True):
                    found = math.ceil(ms[node] / 1000) + parked_s
                    # shapes are in decimetres in the page
                    assert abs(found - seconds) <= 1, (mode, spot, node)


def test_the_middle_can_be_set_off_from_by_keyboard(drawn):
    with opened(drawn) as shown:
        shown.focus("#centre")
        shown.keyboard.press("Enter")
        shown.wait_for_selector("body[data-drawn=walk]")
        lengths = shown.locator("#bands td.number").all_inner_texts()
        km = [float(text.removesuffix(" km")) for text in lengths]
        assert len(km) == len(BANDS)
        assert km == sorted(km)
        assert km[-1] > 5
        assert "from the nearest street" in shown.inner_text("#from")
        shown.select_option("#mode", "drive")
        shown.wait_for_selector("body[data-drawn=drive]")
        shown.click("#clear")
        assert not any(shown.locator("#bands td.number").all_inner_texts())


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_clipped_and_names_are_names(width, drawn):
    with opened(drawn, width) as shown:
        for summary in shown.locator("summary").all():
            summary.click()
        assert shown.evaluate(CLIPPED) == []
        assert shown.inner_text("h1") == NASTY[2]
        listed = shown.inner_text("aside")
        assert NASTY[0] in listed
        shown.evaluate(
            "roundplan.map.eachLayer(l => l.getPopup && l.getPopup() && l.openPopup())"
        )
        assert shown.locator("script").count() == 3
        assert shown.locator("img[src=x]").count() == 0


def test_the_largest_real_map_is_small_enough(network):
    """What grows with the streets: some 0.3 kB for each and mode."""
    nothing = Cells(cells=(), crs=network.crs)
    size = len(network_map(network, cells=nothing))
    edges = sum(len(graph.tail) for graph in network.graphs.values())
    assert size < 230_000 + 400 * edges


def test_data_cannot_end_its_element():
    text = page("x", "<p></p>", {"name": "</script>"}, scripts=[], leaflet=False)
    assert text.count("</script>") == 1
    inside = text.split('id="data">')[1].split("</script>")[0]
    assert json.loads(inside) == {"name": "</script>"}
    assert "default-src 'none'" in text


def test_a_page_holds_no_long_numbers():
    assert packed(np.array([1, -2], dtype=np.int32)) == "AQAAAP7///8="
    for array in (np.zeros(1, dtype=np.int64), np.zeros(1)):
        with pytest.raises(TypeError, match="cannot hold"):
            packed(array)
