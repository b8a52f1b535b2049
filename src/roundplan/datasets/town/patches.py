"""The operational areas of a town."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.town.plan import Line, Point, side_of

CANAL_AND_RAILWAY = "canal and railway"


@dataclass(frozen=True, slots=True)
class Patches:
    """Says in which patch a point of the plan lies.

    Parameters
    ----------
    rows
        Names from north to south, and in each row from west to east. Rows are as high
        as each other, and patches of a row as wide, unless ``barriers`` part them.
    size_m
        Width and height of the plan.
    barriers
        The canal, north of which the first row lies, and the railway south of it,
        between the two patches of the second row.
    """

    rows: tuple[tuple[str, ...], ...]
    size_m: Point
    barriers: tuple[Line, Line] | None = None

    def at(self, flat: Point) -> str:
        """Return the patch of a point of the plan, metres from its south-west."""
        if self.barriers is not None:
            canal, rail = self.barriers
            (north,), (west, east) = self.rows
            if side_of(canal.a, canal.b, flat) > 0:
                return north
            return east if side_of(rail.a, rail.b, flat) > 0 else west
        row = self.rows[_part(1 - flat[1] / self.size_m[1], len(self.rows))]
        return row[_part(flat[0] / self.size_m[0], len(row))]


def patches(figures: Figures, size_m: Point, canal: Line, rail: Line) -> Patches:
    """Return the patches that the figures name."""
    rows = tuple(
        tuple(name.strip() for name in row.split(","))
        for row in figures.text("patches").split("/")
    )
    by_barriers = figures.text("patch_edges") == CANAL_AND_RAILWAY
    return Patches(rows, size_m, (canal, rail) if by_barriers else None)


def _part(share: float, count: int) -> int:
    """Return which of some equal parts a share falls in; the edges belong inside."""
    return min(count - 1, max(0, int(share * count)))
