"""Low-traffic neighbourhoods: modal filters that keep through traffic out of a cell.

Each junction of a neighbourhood belongs to the main road from which it is reached
soonest; a street between junctions of different main roads gets a filter half-way.
So every door can be reached by car, and nobody can drive from one main road to
another through the neighbourhood.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import MAIN, Cell, Kind, Line, Plan, Tags

FILTERS = (("bollard", 0.5), ("planter", 0.22), ("gate", 0.14), ("closed", 0.14))
"""What stands in the road, and how often. A *closed* stretch is a way with
``motor_vehicle=no``, watched by a camera or paved over."""

FILTER_TAGS: dict[str, Tags] = {
    "bollard": {"barrier": "bollard", "bollard": "removable"},
    "planter": {"barrier": "planter", "bicycle": "yes", "foot": "yes"},
    "gate": {
        "barrier": "gate",
        "locked": "yes",
        "motor_vehicle": "no",
        "bicycle": "yes",
        "foot": "yes",
        "emergency": "yes",
    },
}

BUS_GATE = {"motor_vehicle": "no", "bus": "yes", "bicycle": "yes"}
TIMED_BUS_GATE = {
    "motor_vehicle:conditional": "no @ (Mo-Fr 07:00-10:00,15:00-19:00)",
    "bus": "yes",
    "bicycle": "yes",
}
SCHOOL_STREET = {
    "motor_vehicle:conditional": "no @ (Mo-Fr 08:15-09:15,15:00-16:00; SH off)"
}

CLOSED_M = 9
"""Half the length of a closed stretch or a bus gate."""

Edge = tuple[Line, float, float, int, int]
"""Part of a street between two neighbouring junctions: line, shares, nodes."""


def filter_cell(
    plan: Plan, cell: Cell, streets: list[Line], gate: Tags | None, dice: Dice
) -> int:
    """Make a cell a low-traffic neighbourhood; return the number of filters.

    Parameters
    ----------
    gate
        Tags of a bus gate to put on the longest filtered street, if any.
    """
    edges = _edges(streets)
    owner = _owners(cell, edges)
    filtered = [
        edge
        for edge in edges
        if owner.get(edge[3], -1) != owner.get(edge[4], -1) and _length(edge) > 30
    ]
    if not filtered:
        return 0
    longest = max(filtered, key=lambda edge: (edge[0].metres, -edge[3]))
    for edge in filtered:
        line, t1, t2 = edge[:3]
        middle = (t1 + t2) / 2
        line.tags.pop("oneway", None)
        line.tags.pop("oneway:bicycle", None)
        if gate is not None and edge is longest:
            _section(plan, line, middle, gate)
            continue
        kind = dice.weighted(FILTERS)
        if kind == "closed":
            _section(plan, line, middle, {"motor_vehicle": "no"})
        else:
            node = plan.stop(line, middle, 0)
            plan.node_tags[node] = dict(FILTER_TAGS[kind])
    return len(filtered)


def school_street(plan: Plan, streets: list[Line]) -> Line | None:
    """Close a street by time, morning and afternoon, and put the school on it."""
    whole = [
        line
        for line in streets
        if line.kind is Kind.RESIDENTIAL
        and 110 < line.metres < 330
        and not line.sections
        and (line.first, line.last) == (0.0, 1.0)
        and not any(n in plan.node_tags for n in line.inner())
    ]
    if not whole:
        return None
    chosen = max(whole, key=lambda line: line.metres)
    chosen.tags.update(SCHOOL_STREET)
    ux = (chosen.b[0] - chosen.a[0]) / chosen.metres
    uy = (chosen.b[1] - chosen.a[1]) / chosen.metres
    x, y = (chosen.a[0] + chosen.b[0]) / 2, (chosen.a[1] + chosen.b[1]) / 2
    plan.node(
        (x - 22 * uy, y + 22 * ux),
        {
            "amenity": "school",
            "name": f"{chosen.name.rsplit(' ', 1)[0]} Primary School",
        },
    )
    return chosen


def _section(plan: Plan, line: Line, middle: float, tags: Tags) -> None:
    half = CLOSED_M / line.metres
    plan.stop(line, middle - half, 0)
    plan.stop(line, middle + half, 0)
    line.sections.append((middle - half, middle + half, dict(tags)))


def _edges(streets: list[Line]) -> list[Edge]:
    """Return the driveable parts of streets between neighbouring stops."""
    found = []
    for line in streets:
        if line.kind is not Kind.RESIDENTIAL:
            continue
        stops = line.drawn()
        for (t1, n1), (t2, n2) in pairwise(stops):
            found.append((line, t1, t2, n1, n2))
    return found


def _length(edge: Edge) -> float:
    return (edge[2] - edge[1]) * edge[0].metres


def _owners(cell: Cell, edges: list[Edge]) -> dict[int, int]:
    """Return the side of the cell whose main road each junction is nearest to."""
    neighbours: dict[int, list[tuple[int, float]]] = {}
    for edge in edges:
        neighbours.setdefault(edge[3], []).append((edge[4], _length(edge)))
        neighbours.setdefault(edge[4], []).append((edge[3], _length(edge)))
    roads: dict[int, int] = {}
    queue: list[tuple[float, int, int]] = []
    for side in cell.sides:
        if side.kind in MAIN:
            road = roads.setdefault(id(side), len(roads))
            for _, node in side.stops:
                if node in neighbours:
                    heappush(queue, (0.0, road, node))
    owner: dict[int, int] = {}
    while queue:
        far, road, node = heappop(queue)
        if node in owner:
            continue
        owner[node] = road
        for other, metres in neighbours[node]:
            if other not in owner:
                heappush(queue, (far + metres, road, other))
    return owner
