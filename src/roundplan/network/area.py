"""The area that a problem's places need, to be taken from a larger map."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from roundplan.domain import LAT_LON, Place
from roundplan.errors import NetworkError
from roundplan.network.projection import transform
from roundplan.network.source import Box

METRES_PER_DEGREE = 111_320
"""Of latitude, and of longitude at the equator."""

DEFAULT_MARGIN_M = 2_000.0
"""Metres of map round the places: legs go round closed streets and parks."""


def area_of(
    places: Iterable[Place],
    *,
    crs: str | None = None,
    margin_m: float = DEFAULT_MARGIN_M,
) -> Box:
    """Return the box of some places with a margin.

    Parameters
    ----------
    crs
        The system of places that do not name their own.

    Raises
    ------
    NetworkError
        E2001. No place has a position on the globe.
    """
    found = []
    for place in places:
        system = place.crs or crs
        if place.located and system is not None:
            xy = np.array([[place.x, place.y]], dtype=np.float64)
            found.append(transform(xy, system, LAT_LON)[0])
    degrees = np.array(found).reshape(-1, 2)
    degrees = degrees[np.isfinite(degrees).all(axis=1)]
    if not len(degrees):
        msg = "no place of the problem has a position on the globe to build round"
        raise NetworkError(msg)
    (west, south), (east, north) = degrees.min(axis=0), degrees.max(axis=0)
    up = margin_m / METRES_PER_DEGREE
    along = up / max(0.01, float(np.cos(np.radians(max(abs(south), abs(north))))))
    return Box(west - along, south - up, east + along, north + up)
