"""Divides the town: water and rails first, then main roads, then streets and blocks.

A cell is cut in two by a nearly straight line across its longer side, again and again;
that gives T-junctions, crooked blocks and streets of every length, as in a town that
grew. Crossroads appear where a new street meets an old corner.
"""

from __future__ import annotations

from collections.abc import Callable

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import (
    BARRIERS,
    MAIN,
    Cell,
    Kind,
    Line,
    Plan,
    Point,
    crossing,
    distance,
)

MAIN_CELL_M2 = 330_000
"""Main roads divide the town until cells are smaller: a usual size of an LTN."""

BLOCK_LONG_M, BLOCK_WIDE_M = 200, 105
"""A block of two terraces back to back with their gardens is no bigger."""

BRIDGE_EVERY_M, UNDERPASS_EVERY_M = 800, 550
SNAP_MAIN_M, SNAP_STREET_M = 60, 28

Hit = tuple[int, float]
"""A side of a cell, and a share of that side's line."""


def lay_out(
    plan: Plan, dice: Dice, size_m: Point
) -> tuple[list[Cell], Line, list[Line]]:
    """Lay the edge road, the canal, the railway and the main roads.

    Returns
    -------
    tuple
        The cells between main roads, the canal from west to east, and the railway's
        southern and northern half, each from the canal outwards.
    """
    width, height = size_m
    corners = [
        plan.node((x + dice.between(-50, 50), y + dice.between(-50, 50)))
        for x, y in ((0, 0), (width, 0), (width, height), (0, height))
    ]
    sides = [
        plan.line(Kind.SECONDARY, corners[i], corners[(i + 1) % 4]) for i in range(4)
    ]
    town = Cell(corners, sides)
    west = plan.stop(sides[3], dice.between(0.44, 0.50))
    east = plan.stop(sides[1], dice.between(0.53, 0.60))
    canal, below, above = plan.split(town, Kind.CANAL, (3, west), (1, east))
    canal.start_at(west)
    if plan.centre(below)[1] > plan.centre(above)[1]:
        below, above = above, below
    met = plan.stop(canal, dice.between(0.60, 0.68))
    met_t = canal.share_of(met)
    joins = _places(plan, canal, BRIDGE_EVERY_M, dice, keep_from=met_t)
    rails, cells = [], []
    for half, edge in ((below, sides[0]), (above, sides[2])):
        end = plan.stop(edge, 1 - met_t if edge is sides[2] else met_t)
        here = half.sides.index(canal), met
        rail, one, two = plan.split(
            half, Kind.RAIL, here, (half.sides.index(edge), end)
        )
        rail.start_at(met)
        joins |= _places(plan, rail, UNDERPASS_EVERY_M, dice)
        rails.append(rail)
        cells += [one, two]
    done: list[Cell] = []
    while cells:
        cell = cells.pop(0)
        parts = _main_road(plan, cell, joins, dice)
        if parts:
            cells += parts
        else:
            done.append(cell)
    return done, canal, rails


def lay_streets(plan: Plan, cell: Cell, number: int, dice: Dice) -> list[Cell]:
    """Divide a cell between main roads into blocks by residential streets."""
    cells, blocks = [cell], []
    while cells:
        part = cells.pop(0)
        parts = _street(plan, part, number, dice)
        if parts:
            cells += parts
        else:
            blocks.append(part)
    return blocks


def _places(
    plan: Plan, line: Line, every_m: float, dice: Dice, keep_from: float | None = None
) -> set[int]:
    """Mark where main roads will cross a barrier, away from its ends."""
    count = max(1, round(line.metres / every_m))
    joins = set()
    for i in range(count):
        t = (i + 0.5 + dice.between(-0.12, 0.12)) / count
        if keep_from is not None and abs(t - keep_from) * line.metres < 170:
            t += 190 / line.metres * (1 if t > keep_from else -1)
        joins.add(plan.stop(line, t))
    return joins


def _main_road(
    plan: Plan, cell: Cell, joins: set[int], dice: Dice
) -> list[Cell] | None:
    """Cut a cell by a main road, first from the crossings that it must serve."""
    for i, side in enumerate(cell.sides):
        if side.kind not in BARRIERS:
            continue
        for t, node in side.stops:
            if node not in joins or not _within(cell, i, t):
                continue
            for trial in range(24):
                across = _perpendicular(side)
                lean = dice.between(-1, 1) * (0.12 + 0.02 * trial)
                way = (across[0] - lean * across[1], across[1] + lean * across[0])
                hits = _hits(cell, plan.nodes[node], way, skip=i)
                ends = [h for h in hits if cell.sides[h[0]].kind in MAIN]
                if len(ends) == 1 and _clear(cell, ends[0], 90):
                    end = plan.stop(cell.sides[ends[0][0]], ends[0][1], SNAP_MAIN_M)
                    kind = Kind.PRIMARY if side.kind is Kind.CANAL else Kind.SECONDARY
                    return list(
                        plan.split(cell, kind, (i, node), (ends[0][0], end))[1:]
                    )
    if plan.area(cell) < MAIN_CELL_M2 * dice.between(0.85, 1.35):
        return None
    return _cut(
        plan,
        cell,
        dice,
        kind=Kind.SECONDARY,
        number=-1,
        margin_m=90,
        snap_m=SNAP_MAIN_M,
        allowed=lambda ends: all(side.kind in MAIN for side in ends),
    )


def _street(plan: Plan, cell: Cell, number: int, dice: Dice) -> list[Cell] | None:
    """Cut a cell by a street, unless it is a block already."""
    long_m, wide_m, _ = _extent(plan, cell)
    if long_m <= BLOCK_LONG_M and wide_m <= BLOCK_WIDE_M:
        return None
    if plan.area(cell) < 24_000 and dice.happens(0.07):
        return None  # an estate, a school or works keeps a bigger block
    return _cut(
        plan,
        cell,
        dice,
        kind=Kind.RESIDENTIAL,
        number=number,
        margin_m=34,
        snap_m=SNAP_STREET_M,
        allowed=lambda ends: sum(side.kind in BARRIERS for side in ends) < 2,
    )


def _cut(
    plan: Plan,
    cell: Cell,
    dice: Dice,
    *,
    kind: Kind,
    number: int,
    margin_m: float,
    snap_m: float,
    allowed: Callable[[list[Line]], bool],
) -> list[Cell] | None:
    """Cut a cell across its longer extent, or along it when that cannot be."""
    long_m, wide_m, axis = _extent(plan, cell)
    centre = plan.centre(cell)
    for trial in range(18):
        across = trial < 12 if long_m > BLOCK_LONG_M or kind in MAIN else trial >= 12
        u, reach = (axis, long_m) if across else ((-axis[1], axis[0]), wide_m)
        shift, lean = dice.between(-0.11, 0.11) * reach, dice.between(-0.2, 0.2)
        start = (centre[0] + shift * u[0], centre[1] + shift * u[1])
        way = (-u[1] + lean * u[0], u[0] + lean * u[1])
        hits = _hits(cell, start, way)
        if len(hits) != 2 or not allowed([cell.sides[i] for i, _ in hits]):
            continue
        if not all(_clear(cell, hit, margin_m) for hit in hits):
            continue
        first, second = ((i, plan.stop(cell.sides[i], t, snap_m)) for i, t in hits)
        made, one, two = plan.split(cell, kind, first, second)
        made.cell = number
        return [one, two]
    return None


def _hits(cell: Cell, start: Point, way: Point, skip: int = -1) -> list[Hit]:
    """Return where a line through a point meets the sides of a cell."""
    end = (start[0] + way[0], start[1] + way[1])
    hits = []
    for i, side in enumerate(cell.sides):
        if i == skip:
            continue
        met = crossing(start, end, side.a, side.b)
        if met is not None and _within(cell, i, met[1]):
            hits.append((i, met[1]))
    return hits


def _span(cell: Cell, i: int) -> tuple[float, float]:
    """Return the shares of side i's line between which it borders the cell."""
    side = cell.sides[i]
    ends = (
        side.share_of(cell.corners[i]),
        side.share_of(cell.corners[(i + 1) % len(cell.corners)]),
    )
    return min(ends), max(ends)


def _within(cell: Cell, i: int, t: float) -> bool:
    low, high = _span(cell, i)
    return low < t < high


def _clear(cell: Cell, hit: Hit, margin_m: float) -> bool:
    """Return whether a point of a side, and all it may snap to, is off the corners."""
    i, t = hit
    low, high = _span(cell, i)
    metres = cell.sides[i].metres
    return min(t - low, high - t) * metres >= margin_m


def _extent(plan: Plan, cell: Cell) -> tuple[float, float, Point]:
    """Return the length and width of a cell, and the direction of its length.

    The direction is that of its longest straight run of corners.
    """
    points = plan.corners(cell)
    best, axis = 0.0, (1.0, 0.0)
    for p, q in zip(points, points[1:] + points[:1], strict=True):
        metres = distance(p, q)
        if metres > best:
            best = metres
            axis = ((q[0] - p[0]) / metres, (q[1] - p[1]) / metres)
    straight = [p[0] * axis[0] + p[1] * axis[1] for p in points]
    sideways = [p[1] * axis[0] - p[0] * axis[1] for p in points]
    long_m, wide_m = max(straight) - min(straight), max(sideways) - min(sideways)
    if wide_m > long_m:
        return wide_m, long_m, (-axis[1], axis[0])
    return long_m, wide_m, axis


def _perpendicular(side: Line) -> Point:
    """Return the direction across a side."""
    metres = side.metres
    return (-(side.b[1] - side.a[1]) / metres, (side.b[0] - side.a[0]) / metres)
