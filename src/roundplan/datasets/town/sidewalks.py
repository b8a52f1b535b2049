"""Main roads whose pavements are mapped as ways of their own (sidewalk=separate).

Two parallel footways run along the road, through a shared node in every side street
and up to shared nodes of the roads at its ends; crossings join them over the road.
"""

from __future__ import annotations

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import (
    BARRIERS,
    MAIN,
    Kind,
    Line,
    Plan,
    Point,
    crossing,
)

OFFSET_M = 7.5
"""From the middle of the road to the middle of the pavement."""

CROSSING_EVERY_M = 130

DRAWN_WALK = frozenset(
    {
        Kind.PRIMARY,
        Kind.SECONDARY,
        Kind.RESIDENTIAL,
        Kind.SERVICE,
        Kind.FOOTWAY,
        Kind.CYCLEWAY,
        Kind.STEPS,
    }
)


def map_sidewalks(plan: Plan, most: int, dice: Dice) -> list[Line]:
    """Give up to ``most`` main roads that do not meet separate pavements.

    Returns
    -------
    list
        The roads that got them.
    """
    used: set[int] = set()
    barrier_nodes = {
        n for line in plan.lines if line.kind in BARRIERS for _, n in line.stops
    }
    roads: list[Line] = []
    for road in [line for line in plan.lines if line.kind in MAIN]:
        nodes = {n for _, n in road.stops}
        if len(roads) == most:
            break
        if road.metres < 350 or nodes & used or nodes & barrier_nodes:
            continue
        if _add(plan, road, dice):
            used |= nodes
            roads.append(road)
    return roads


def _add(plan: Plan, road: Line, dice: Dice) -> bool:
    """Lay both pavements of a road, unless its ends do not allow them."""
    ux, uy = (
        (road.b[0] - road.a[0]) / road.metres,
        (road.b[1] - road.a[1]) / road.metres,
    )
    pavements = []
    for way in (1, -1):
        shift = (-uy * OFFSET_M * way, ux * OFFSET_M * way)
        a = (road.a[0] + shift[0], road.a[1] + shift[1])
        b = (road.b[0] + shift[0], road.b[1] + shift[1])
        ends = [
            _on_crossroad(plan, road, node, a, b)
            for node in (road.stops[0][1], road.stops[-1][1])
        ]
        if None in ends:
            return False
        pavements.append(ends)
    kerbs = []
    for ends in pavements:
        nodes = [plan.stop(line, t, 0.5) for line, t in filter(None, ends)]
        kerb = plan.line(Kind.SIDEWALK, *nodes)
        _through_side_streets(plan, road, kerb)
        kerbs.append(kerb)
    road.tags["sidewalk"] = "separate"
    count = max(1, round(road.metres / CROSSING_EVERY_M))
    for i in range(count):
        t = (i + 0.5 + dice.between(-0.2, 0.2)) / count
        _cross(plan, road, kerbs, t, (-uy, ux), dice)
    return True


def _on_crossroad(
    plan: Plan, road: Line, node: int, a: Point, b: Point
) -> tuple[Line, float] | None:
    """Return where the pavement meets the road that this one ends on."""
    for other in plan.lines:
        if other is road or other.kind not in MAIN:
            continue
        if not any(n == node for _, n in other.stops):
            continue
        met = crossing(a, b, other.a, other.b)
        if met is not None and 0 < met[1] < 1:
            near = abs(met[1] - other.share_of(node)) * other.metres
            if near < 3 * OFFSET_M:
                return other, met[1]
    return None


def _through_side_streets(plan: Plan, road: Line, kerb: Line) -> None:
    """Share a node with everything that leaves the road on this side."""
    on_road = {n for _, n in road.stops[1:-1]}
    for other in list(plan.lines):
        if other is road or other.kind not in DRAWN_WALK:
            continue
        if not ({other.stops[0][1], other.stops[-1][1]} & on_road):
            continue
        met = crossing(kerb.a, kerb.b, other.a, other.b)
        if met is None or not (0 < met[0] < 1 and other.first < met[1] < other.last):
            continue
        node = plan.stop(other, met[1], 0.0)
        _insert(kerb, met[0], node)


def _cross(
    plan: Plan, road: Line, kerbs: list[Line], t: float, normal: Point, dice: Dice
) -> None:
    """Join both pavements by a crossing, away from junctions."""
    clear = 14 / road.metres
    if any(abs(t - other) < clear for other, _ in road.stops):
        return
    middle = plan.stop(road, t, 0.0)
    signals = "traffic_signals" if dice.happens(0.5) else "uncontrolled"
    plan.node_tags[middle] = {"highway": "crossing", "crossing": signals}
    at = plan.nodes[middle]
    out = (at[0] + normal[0], at[1] + normal[1])
    for kerb in kerbs:
        met = crossing(kerb.a, kerb.b, at, out)
        if met is not None and 0 < met[0] < 1:
            end = plan.stop(kerb, met[0], 0.5)
            plan.line(Kind.CROSSING, end, middle)


def _insert(line: Line, t: float, node: int) -> None:
    """Put a node that exists already into a line."""
    if node not in {n for _, n in line.stops}:
        line.stops.append((t, node))
        line.stops.sort()
