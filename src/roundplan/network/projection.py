"""Metres on the ground: which projection a network uses, and how to get there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import LAT_LON
from roundplan.errors import NetworkError

BRITISH_GRID = "EPSG:27700"

_GREAT_BRITAIN = (-8.8, 49.8, 2.0, 61.0)
_IRELAND = (-10.8, 51.3, -5.3, 55.4)
"""West, south, east, north in degrees."""

Float64 = npt.NDArray[np.float64]


def metric_crs(lon: float, lat: float) -> str:
    """Return the projected system in metres for streets around a point.

    The British National Grid in Great Britain, named outright because the UTM zone
    changes at London's meridian; elsewhere the UTM zone of the point. Lengths on
    either are within 0.1 % of those on the ground.
    """
    if _inside(lon, lat, _GREAT_BRITAIN) and not _inside(lon, lat, _IRELAND):
        return BRITISH_GRID
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def transform(xy: Float64, source: str, target: str) -> Float64:
    """Return positions (n, 2) of one coordinate system in another, x or lon first.

    Positions that have no image come back as infinite.

    Raises
    ------
    NetworkError
        A coordinate system that does not exist.
    """
    if source == target or not len(xy):
        return xy
    to_target = _transformer(source, target)
    return np.column_stack(to_target.transform(xy[:, 0], xy[:, 1]))


def lon_lat_bounds(xy: Float64, crs: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees of projected positions."""
    degrees = transform(xy, crs, LAT_LON)
    west, south = (round(float(v), 6) for v in degrees.min(axis=0))
    east, north = (round(float(v), 6) for v in degrees.max(axis=0))
    return west, south, east, north


def _inside(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Any:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except ProjError as error:
        msg = (
            f"no coordinate system {source!r} or {target!r}. Use a code such as "
            f"{BRITISH_GRID} or {LAT_LON}"
        )
        raise NetworkError(msg) from error
