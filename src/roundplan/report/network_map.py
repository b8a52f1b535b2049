"""A street network as one page: streets, neighbourhoods, filters, stops, isochrones."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from roundplan.domain import Mode, Place
from roundplan.network import DEFAULT_MAX_SNAP_M, Cells, FilterKind, ModeGraph, Network
from roundplan.network.snapping import positions
from roundplan.network.walk import WALK_MS_PER_M
from roundplan.report.page import packed, page
from roundplan.report.rota import MODE_WORDS
from roundplan.report.street_base import (
    Float64,
    corner_of,
    decimetres,
    size_of,
    street_groups,
)

BANDS = (
    (5, "#08306b", 6.0, ""),
    (10, "#2171b5", 5.0, ""),
    (15, "#4a9a5b", 4.0, ""),
    (20, "#b8860b", 3.5, "8 4"),
    (30, "#b3261e", 3.0, "2 5"),
)
"""Minutes, colour, width and dashes: the further, the thinner and more broken."""

MODES = {mode: words for mode, words in MODE_WORDS.items() if mode is not Mode.TRANSIT}

KINDS = {
    FilterKind.PHYSICAL: "bollard, planter or gate in a street",
    FilterKind.SIGN: "street closed to motor vehicles by a sign, often with a camera",
    FilterKind.BUS_GATE: "bus gate",
    FilterKind.TIMED: "closed at some hours: a school street, a timed gate",
}


def network_map(
    network: Network, *, cells: Cells, stops: Sequence[Place] = (), title: str = ""
) -> str:
    """Return the page, which opens without a network.

    Isochrones are computed in the page when a place is clicked: seconds along the
    streets, as ``travel_matrix`` has them outside of every period, without parking and
    turn restrictions. Sizes: about 0.2 MB for Leaflet and 0.3 kB for each street and
    mode.

    Parameters
    ----------
    cells
        Low-traffic neighbourhoods (``network_cells`` or ``load_cells``).
    stops
        Of public transport; the ``place_id`` is the name that is shown.
    title
        By default the name of the network's source.
    """
    corner = corner_of(network)
    title = title or network.source
    data = {
        "licence": network.licence,
        "size": size_of(network),
        "walk_ms_m": WALK_MS_PER_M,
        "max_snap_m": DEFAULT_MAX_SNAP_M,
        "streets": street_groups(network),
        "cells": _cells(cells, corner),
        "filters": [
            {
                "kind": f.kind.value,
                **_at(np.array([[f.x, f.y]]), corner)[0],
                "street": f.street,
                "tag": f.tag,
                "hours": f.condition,
            }
            for f in network.filters
        ],
        "stops": [
            {**at, "name": stop.place_id}
            for stop, at in zip(
                stops, _at(positions(network, stops), corner), strict=True
            )
        ],
        "modes": {
            mode.value: _graph(network.graphs[mode], corner)
            for mode in MODES
            if mode in network.graphs
        },
        "bands": [
            {"minutes": minutes, "colour": colour, "weight": weight, "dash": dash}
            for minutes, colour, weight, dash in BANDS
        ],
    }
    return page(
        title,
        _body(network, cells, title, len(stops)),
        data,
        scripts=["network_map.js"],
        styles=["network_map.css"],
    )


def _at(xy: Float64, corner: Float64) -> list[dict[str, int]]:
    return [{"x": int(x), "y": int(y)} for x, y in decimetres(xy, corner).tolist()]


def _cells(cells: Cells, corner: Float64) -> list[dict[str, Any]]:
    import shapely

    found = []
    for cell in cells.cells:
        polygons = shapely.get_parts(cell.outline)
        rings = [ring for polygon in polygons for ring in shapely.get_rings(polygon)]
        found.append(
            {
                "name": cell.name,
                "about": _about(cell.area_m2, cell.street_m, len(cell.filters)),
                "rings": [
                    decimetres(shapely.get_coordinates(r), corner).tolist()
                    for r in rings
                ],
            }
        )
    return found


def _about(area_m2: int, street_m: int, filters: int) -> str:
    return (
        f"{area_m2 / 10_000:,.0f} ha, {street_m / 1000:,.1f} km of street, "
        f"{filters:,} filter{'' if filters == 1 else 's'}"
    )


def _graph(graph: ModeGraph, corner: Float64) -> dict[str, Any]:
    """Return what the page's script needs to find times by one mode."""
    # what `snap` asks: public streets of the main network first, then private ones
    main = graph.edges_in_main & graph.on_land
    return {
        "nodes": len(graph.node_xy),
        "tail": packed(graph.tail),
        "head": packed(graph.head),
        "length": packed(graph.length_mm),
        "forward": packed(graph.forward_ms),
        "backward": packed(graph.backward_ms),
        "use": packed((graph.private + 2 * main).astype(np.uint8)),
        "xy": packed(decimetres(graph.vertex_xy, corner)),
        "start": packed(graph.vertex_start),
    }


def _body(network: Network, cells: Cells, title: str, stops: int) -> str:
    modes = "".join(
        f'<option value="{mode.value}">{words}</option>'
        for mode, words in MODES.items()
        if mode in network.graphs
    )
    bands = "".join(
        f'<tr><td><svg class="swatch" width="56" height="10" aria-hidden="true">'
        f'<line x1="0" y1="5" x2="56" y2="5" stroke="{colour}" stroke-width="{weight}" '
        f'stroke-dasharray="{dash or "none"}"/></svg></td>'
        f'<th scope="row">within {minutes} minutes</th><td class="number"></td></tr>'
        for minutes, colour, weight, dash in BANDS
    )
    bans = Mode.DRIVE in network.graphs and len(network.graph(Mode.DRIVE).ban_condition)
    left_out = "Outside of rush hours, without parking" + (
        f" and the {bans:,} turn restrictions" if bans else ""
    )
    stopping = f"{stops:,} stops." if stops else "No stops were given."
    return f"""<div id="map" role="application" aria-label="Map of the streets"></div>
<aside>
<h1>{escape(title)}</h1>
<p class="quiet">{escape(network.licence)}</p>
<h2>How far one gets</h2>
<p>Click the map, or set off from its middle. Streets are drawn by when the last of them
is reached.</p>
<div class="controls no-print">
<label>Going <select id="mode">{modes}</select></label>
<button type="button" id="centre">From the middle</button>
<button type="button" id="clear">Clear</button>
</div>
<p id="from" role="status"></p>
<table id="bands"><thead class="quiet"><tr><th></th><th></th>
<th class="number">of street</th></tr></thead><tbody>{bands}</tbody></table>
<p class="quiet">{left_out}.</p>
<h2>Filters against cars</h2>
{_filters(network)}
<h2>Low-traffic neighbourhoods</h2>
{_neighbourhoods(cells)}
<p class="quiet">{stopping} Distances are those on the ground to a tenth of a per cent;
north is up, to two degrees.</p>
</aside>"""


def _filters(network: Network) -> str:
    if not network.filters:
        return "<p>There are none.</p>"
    legend = "".join(
        f'<tr><td><span data-sign="{kind.value}"></span></td><td>{words}</td>'
        f'<td class="number">{count:,}</td></tr>'
        for kind, words in KINDS.items()
        if (count := sum(f.kind is kind for f in network.filters))
    )
    rows = "".join(
        f"<tr><td>{escape(f.street or 'street without a name')}</td>"
        f"<td>{escape(f.kind.value)}</td><td>{escape(f.condition or f.tag)}</td></tr>"
        for f in sorted(network.filters, key=lambda f: (f.street, f.osm))
    )
    return (
        f"<table><tbody>{legend}</tbody></table><details><summary>List of filters"
        "</summary><table><thead><tr><th>Street</th><th>Kind</th><th>Tag or hours</th>"
        f"</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _neighbourhoods(cells: Cells) -> str:
    if not cells.cells:
        return "<p>There are none.</p>"
    rows = "".join(
        f"<tr><td>{escape(c.name)}</td>"
        f"<td>{_about(c.area_m2, c.street_m, len(c.filters))}</td></tr>"
        for c in cells.cells
    )
    return (
        f"<p>{len(cells.cells):,}, dashed on the map.</p><details><summary>List of "
        "neighbourhoods</summary><table><thead><tr><th>Between</th><th>Size</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></details>"
    )
