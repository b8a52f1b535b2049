"""The canal and the railway: bridges, towpath, footbridges and a foot tunnel."""

from __future__ import annotations

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import (
    MAIN,
    Kind,
    Line,
    Plan,
    along,
    crossing,
    distance,
    side_of,
)
from roundplan.datasets.town.streets import Stub

BRIDGE_M = 17
"""Half the length of a road bridge."""

TOWPATH_M = 10
"""From the middle of the canal to the towpath, on its south side."""

BRIDGE = {"bridge": "yes", "layer": "1"}


def bridge_roads(plan: Plan, canal: Line) -> list[tuple[int, list[Line]]]:
    """Carry every main road that meets the canal over it on a bridge.

    Returns
    -------
    list
        The bridges: (node in the middle, the roads that meet there).
    """
    bridges = []
    for _, node in canal.stops:
        roads = [
            line
            for line in plan.lines
            if line.kind in MAIN and any(n == node for _, n in line.stops)
        ]
        for road in roads:
            middle, half = road.share_of(node), BRIDGE_M / road.metres
            road.sections.append((middle - half, middle + half, dict(BRIDGE)))
        if roads:
            bridges.append((node, roads))
    return bridges


def lay_towpath(
    plan: Plan,
    canal: Line,
    bridges: list[tuple[int, list[Line]]],
    stubs: list[Stub],
    dice: Dice,
) -> Line:
    """Lay the towpath under the bridges, with steps up to them and paths to streets."""
    run = canal.metres
    south = (
        (canal.b[1] - canal.a[1]) / run * TOWPATH_M,
        -(canal.b[0] - canal.a[0]) / run * TOWPATH_M,
    )
    ends = [
        plan.node((p[0] + south[0], p[1] + south[1]))
        for p in (
            along(canal.a, canal.b, 8 / run),
            along(canal.a, canal.b, 1 - 8 / run),
        )
    ]
    towpath = plan.line(Kind.TOWPATH, *ends, name="Towpath")
    for node, roads in bridges:
        for road in roads:
            _steps_to_bridge(plan, canal, towpath, road, node)
    for stub in stubs:
        end = plan.nodes[stub.end]
        on_south = side_of(canal.a, canal.b, end) < 0
        if stub.barrier is not canal or not on_south or not dice.happens(0.6):
            continue
        met = crossing(towpath.a, towpath.b, end, plan.nodes[stub.at_barrier])
        if met is not None and 0 < met[0] < 1:
            plan.line(Kind.FOOTWAY, stub.end, plan.stop(towpath, met[0], 3))
    return towpath


def _steps_to_bridge(
    plan: Plan, canal: Line, towpath: Line, road: Line, node: int
) -> None:
    """Join towpath and road by steps, on the road's part south of the canal."""
    middle = road.share_of(node)
    for way in (-1, 1):
        t = middle + way * (BRIDGE_M + 16) / road.metres
        if not 0 < t < 1:
            continue
        top = along(road.a, road.b, t)
        if side_of(canal.a, canal.b, top) > 0:
            continue
        foot = canal.share_of(node) + (26 if canal.share_of(node) < 0.5 else -26) / (
            canal.metres
        )
        met = towpath_share(towpath, along(canal.a, canal.b, foot))
        steps = plan.line(Kind.STEPS, plan.stop(towpath, met, 3), plan.stop(road, t))
        steps.tags["handrail"] = "yes"


def towpath_share(towpath: Line, point: tuple[float, float]) -> float:
    """Return the share of the towpath nearest to a point, inside its ends."""
    dx, dy = towpath.b[0] - towpath.a[0], towpath.b[1] - towpath.a[1]
    px, py = point[0] - towpath.a[0], point[1] - towpath.a[1]
    share = (px * dx + py * dy) / (dx * dx + dy * dy)
    inset = 4 / towpath.metres
    return min(max(share, inset), 1 - inset)


def join_stubs(
    plan: Plan, barrier: Line, stubs: list[Stub], away_from: list[int], most: int
) -> int:
    """Join streets that end opposite each other: a footbridge, or a foot tunnel.

    Parameters
    ----------
    away_from
        Nodes of the barrier (bridges) that have no second crossing within 140 m.

    Returns
    -------
    int
        How many crossings were made.
    """
    taken, made = [plan.nodes[n] for n in away_from], 0
    for node in dict.fromkeys(s.at_barrier for s in stubs if s.barrier is barrier):
        here = [s for s in stubs if s.at_barrier == node and s.barrier is barrier]
        at = plan.nodes[node]
        left = [s for s in here if side_of(barrier.a, barrier.b, plan.nodes[s.end]) > 0]
        right = [s for s in here if s not in left]
        if not left or not right or made == most:
            continue
        if any(distance(at, other) < 140 for other in taken):
            continue
        over = barrier.kind is Kind.CANAL
        tags = dict(BRIDGE) if over else {"tunnel": "yes", "layer": "-1"}
        path = plan.line(Kind.FOOTWAY, left[0].end, right[0].end, tags=tags)
        if over:
            rise = 7 / path.metres
            for part in ((0.0, rise), (1 - rise, 1.0)):
                path.sections.append((*part, {"highway": "steps"}))
        taken.append(at)
        made += 1
    return made
