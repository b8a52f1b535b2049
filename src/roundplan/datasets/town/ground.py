"""The ground under the plan: bends straight lines, turns them, gives them degrees."""

from __future__ import annotations

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import Point

LATITUDE, LONGITUDE = 51.545, -0.11
"""Centre of the town: inner London's latitude, but no real place."""

METRES_PER_DEGREE_LAT = 111_262.0
METRES_PER_DEGREE_LON = 69_362.0
"""WGS84 at 51.545 degrees north; constants, so that no platform's cosine matters."""

TURN = (40 / 41, 9 / 41)
"""Cosine and sine of the town's turn (12.7 degrees), exact: 9-40-41."""

WAVES = ((620.0, 75.0), (190.0, 9.0))
"""(wavelength, amplitude) in metres. The slopes stay below 1, so that lines that do
not meet in the plan do not meet on the ground."""


class Ground:
    """A smooth displacement of the plane by value noise on square lattices.

    Parameters
    ----------
    dice
        Draws the lattice values.
    size_m
        Width and height of the plan, which is centred on the town's centre.
    """

    def __init__(self, dice: Dice, size_m: Point) -> None:
        self._size = size_m
        self._lattices = []
        for wave, amplitude in WAVES:
            columns = int(size_m[0] / wave) + 6
            rows = int(size_m[1] / wave) + 6
            values = [
                [
                    (dice.between(-1, 1) * amplitude, dice.between(-1, 1) * amplitude)
                    for _ in range(columns)
                ]
                for _ in range(rows)
            ]
            self._lattices.append((wave, values))

    def place(self, point: Point) -> Point:
        """Return the metres east and north of the centre of a point of the plan."""
        x, y = point
        for wave, values in self._lattices:
            dx, dy = _noise(values, point[0] / wave + 2, point[1] / wave + 2)
            x, y = x + dx, y + dy
        x, y = x - self._size[0] / 2, y - self._size[1] / 2
        cos, sin = TURN
        return (cos * x - sin * y, sin * x + cos * y)


def degrees(metres: Point) -> tuple[float, float]:
    """Return latitude and longitude of metres east and north of the centre."""
    return (
        LATITUDE + metres[1] / METRES_PER_DEGREE_LAT,
        LONGITUDE + metres[0] / METRES_PER_DEGREE_LON,
    )


def _noise(values: list[list[Point]], x: float, y: float) -> Point:
    """Interpolate smoothly between the four lattice values around a point."""
    column = min(max(int(x), 0), len(values[0]) - 2)
    row = min(max(int(y), 0), len(values) - 2)
    u, v = _smooth(x - column), _smooth(y - row)
    low, high = values[row], values[row + 1]

    def mixed(axis: int) -> float:
        below = low[column][axis] * (1 - u) + low[column + 1][axis] * u
        above = high[column][axis] * (1 - u) + high[column + 1][axis] * u
        return below * (1 - v) + above * v

    return mixed(0), mixed(1)


def _smooth(t: float) -> float:
    t = min(max(t, 0.0), 1.0)
    return t * t * (3 - 2 * t)
