"""Stops of public transport, and how one changes between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

UNSTATED = -1
"""A change that is possible, of which nobody says how long it takes."""

FORBIDDEN = -2
"""A change that is not possible."""

EARTH_M = 6_371_009.0
"""Mean radius of the earth, metres (IUGG)."""

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stops:
    """Stops with positions, and the changes that the source of the stops states.

    Parameters
    ----------
    lon, lat
        float64 (stops,), degrees.
    change_from, change_to, change_s
        int32 (changes,): stops by index, and seconds from alighting at the one to
        being ready to board at the other; ``UNSTATED`` or ``FORBIDDEN``. Each pair is
        there once at most.
    """

    stop_ids: tuple[str, ...]
    names: tuple[str, ...]
    lon: Float64
    lat: Float64
    change_from: Int32
    change_to: Int32
    change_s: Int32

    def straight_m(
        self, one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]
    ) -> Int32:
        """Return metres in a straight line between stops, by index (haversine)."""
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        across = np.sin((lon[other] - lon[one]) / 2)
        along = np.sin((lat[other] - lat[one]) / 2)
        chord = along**2 + np.cos(lat[one]) * np.cos(lat[other]) * across**2
        metres = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
        whole: Int32 = np.rint(metres).astype(np.int32)
        return whole
