"""Parks: a green area inside a cell, gates, radial paths, a loop, a pond."""

from __future__ import annotations

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import (
    MAIN,
    Cell,
    Kind,
    Line,
    Plan,
    Point,
    along,
    distance,
)

FENCE_M = 16
"""From the middle of the surrounding road to the park's fence."""

LOOP = (0.42, 0.55)
"""Where the loop meets the radial paths, share of the way from the gate inwards."""


def lay_park(plan: Plan, cell: Cell, name: str, dice: Dice) -> None:
    """Turn a cell between main roads into a park with paths."""
    centre = plan.centre(cell)
    fence = [_inside(p, centre) for p in plan.corners(cell)]
    plan.areas.append((fence, {"leisure": "park", "name": name}))
    plan.areas.append((_pond(cell, plan, centre, dice), {"natural": "water"}))
    middle = plan.node(centre)
    paths = [_radial(plan, gate, middle) for gate in _gates(plan, cell, dice)]
    if len(paths) < 3:
        return
    loop = [plan.stop(path, dice.between(*LOOP)) for path in paths]
    for here, there in zip(loop, loop[1:] + loop[:1], strict=True):
        plan.line(Kind.FOOTWAY, here, there)
    for path in (paths[0], paths[len(paths) // 2]):
        path.kind = Kind.CYCLEWAY
        path.tags.update({"foot": "yes", "segregated": "no"})


def _gates(plan: Plan, cell: Cell, dice: Dice) -> list[int]:
    """Return the entrances, in order around the park."""
    gates = []
    for i, side in enumerate(cell.sides):
        if side.kind not in MAIN:
            continue
        ends = (
            side.share_of(cell.corners[i]),
            side.share_of(cell.corners[(i + 1) % len(cell.corners)]),
        )
        metres = abs(ends[1] - ends[0]) * side.metres
        shares = (0.28, 0.72) if metres > 420 else (0.5,)
        if metres < 110:
            continue
        for share in shares:
            t = ends[0] + (ends[1] - ends[0]) * (share + dice.between(-0.06, 0.06))
            gates.append(plan.stop(side, t, 12))
    return gates


def _radial(plan: Plan, gate: int, middle: int) -> Line:
    path = plan.line(Kind.FOOTWAY, gate, middle)
    entrance = plan.stop(path, FENCE_M / path.metres)
    plan.node_tags[entrance] = {"barrier": "entrance"}
    return path


def _inside(corner: Point, centre: Point) -> Point:
    return along(corner, centre, min(0.4, 1.5 * FENCE_M / distance(corner, centre)))


def _pond(cell: Cell, plan: Plan, centre: Point, dice: Dice) -> list[Point]:
    """Return an uneven pond between the middle and a corner, clear of the loop."""
    corner = plan.corners(cell)[0]
    at = along(centre, corner, 0.22)
    size = 0.07 * distance(centre, corner)
    around = ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1))
    return [
        (at[0] + size * dx * k, at[1] + size * dy * k)
        for dx, dy in around
        for k in (dice.between(0.8, 1.3),)
    ]
