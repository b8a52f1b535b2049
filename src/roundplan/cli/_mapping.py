"""What ``network map`` does: gather what there is of an area, and draw it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_page
from roundplan.cli._text import counted
from roundplan.domain import LAT_LON, Place
from roundplan.errors import UsageError
from roundplan.formats import load_problem, write_whole
from roundplan.network import (
    DEFAULT_MAX_SNAP_M,
    Network,
    area_of,
    load_cells,
    load_or_build,
    network_cells,
)
from roundplan.report import network_map
from roundplan.transit import gtfs_stops, read_lines, states_headways
from roundplan.units import BYTES_PER_MB


def draw_network(
    source: Path,
    out: Path,
    *,
    transit: Path | None,
    cells: Path | None,
    screen: Screen,
) -> None:
    """Draw a network, or that of a problem folder, and write the page.

    Raises
    ------
    UsageError
        E1002. The page's name or folder will not do, or the problem has no network.
    """
    refuse_bad_page(out)
    if source.is_dir():
        folder = load_problem(source)
        if folder.network is None:
            msg = f"{source.name} has a travel file and no street network to draw"
            raise UsageError(msg)
        source = folder.network
        transit = transit or folder.transit
        cells = cells or folder.cells
    network = load_or_build(source)
    found = (
        network_cells(network)
        if cells is None
        else load_cells(cells, crs=network.crs, bounds=network.bounds)
    )
    all_stops = () if transit is None else _stops(transit)
    stops = _near(network, all_stops)
    text = network_map(network, cells=found, stops=stops)
    write_whole(out, text)
    screen.say(
        f"{counted(len(found.cells), 'low-traffic neighbourhood')}, "
        f"{counted(len(network.filters), 'filter')}, {counted(len(stops), 'stop')}"
    )
    screen.bullets(found.notes)
    if beyond := len(all_stops) - len(stops):
        screen.bullets([f"stops left out, beyond the edge of the streets: {beyond:,}"])
    screen.say(f"Wrote {out} ({len(text.encode()) / BYTES_PER_MB:.1f} MB)")


def _near(network: Network, stops: Sequence[Place]) -> list[Place]:
    """Return the stops within the streets or just beyond: a feed may be a country's."""
    west, south, east, north = network.bounds
    corners = [
        Place(place_id="", x=x, y=y, crs=LAT_LON)
        for x, y in ((west, south), (east, north))
    ]
    area = area_of(corners, margin_m=DEFAULT_MAX_SNAP_M)
    return [
        stop
        for stop in stops
        if stop.x is not None and stop.y is not None and area.holds(stop.x, stop.y)
    ]


def _stops(transit: Path) -> tuple[Place, ...]:
    if not states_headways(transit):
        return gtfs_stops(transit)
    stops = read_lines(transit).stops
    return tuple(
        Place(place_id=name, x=float(lon), y=float(lat), crs=LAT_LON)
        for name, lon, lat in zip(stops.names, stops.lon, stops.lat, strict=True)
    )
