"""The flat plan of a town: straight lines with shared stops, and the cells between.

Everything is laid out with straight lines in metres, where planarity is simple; the
ground (``town.ground``) then bends the whole plan at once.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

Point = tuple[float, float]
Tags = dict[str, str]


class Kind(StrEnum):
    """What a line of the plan is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    RESIDENTIAL = "residential"
    SERVICE = "service"
    FOOTWAY = "footway"
    SIDEWALK = "sidewalk"
    CROSSING = "crossing"
    STEPS = "steps"
    CYCLEWAY = "cycleway"
    TOWPATH = "towpath"
    CANAL = "canal"
    RAIL = "rail"


MAIN = frozenset({Kind.PRIMARY, Kind.SECONDARY})
BARRIERS = frozenset({Kind.CANAL, Kind.RAIL})
"""Lines that streets do not cross, except at the bridges that were planned."""


def distance(p: Point, q: Point) -> float:
    """Return the distance of two points; the square root is exact everywhere."""
    return sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2)


def along(p: Point, q: Point, t: float) -> Point:
    """Return the point a share ``t`` of the way from p to q."""
    return (p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]))


def crossing(p: Point, q: Point, r: Point, s: Point) -> tuple[float, float] | None:
    """Return where line pq meets line rs, as shares of each; None if parallel."""
    ux, uy = q[0] - p[0], q[1] - p[1]
    vx, vy = s[0] - r[0], s[1] - r[1]
    det = ux * vy - uy * vx
    if abs(det) < 1e-9:
        return None
    wx, wy = r[0] - p[0], r[1] - p[1]
    return (wx * vy - wy * vx) / det, (wx * uy - wy * ux) / det


def side_of(p: Point, q: Point, r: Point) -> float:
    """Return above 0 when r is left of the line from p to q, below 0 when right."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


@dataclass(slots=True, eq=False)
class Line:
    """A straight line from ``a`` to ``b`` with stops, the nodes that it shares.

    ``stops`` are (share of the way, node) in order. Only the part from ``first`` to
    ``last`` (shares) is drawn: a street that would run into the canal is cut short.
    ``sections`` are stretches (from, to, tags) with tags of their own.
    """

    kind: Kind
    a: Point
    b: Point
    stops: list[tuple[float, int]]
    cell: int = -1
    name: str = ""
    tags: Tags = field(default_factory=dict)
    sections: list[tuple[float, float, Tags]] = field(default_factory=list)
    first: float = 0.0
    last: float = 1.0

    @property
    def metres(self) -> float:
        """Length of the whole line."""
        return distance(self.a, self.b)

    def share_of(self, node: int) -> float:
        """Return where a node lies on the line."""
        return next(t for t, n in self.stops if n == node)

    def start_at(self, node: int) -> None:
        """Turn the line round, if need be, so that it starts at one of its ends."""
        if self.stops[0][1] != node:
            self.a, self.b = self.b, self.a
            self.stops = [(1.0 - t, n) for t, n in reversed(self.stops)]

    def inner(self) -> list[int]:
        """Return the nodes strictly between the ends."""
        return [n for _, n in self.stops[1:-1]]

    def drawn(self) -> list[tuple[float, int]]:
        """Return the stops on the part that is drawn."""
        return [(t, n) for t, n in self.stops if self.first <= t <= self.last]


@dataclass(slots=True, eq=False)
class Cell:
    """A convex area: corner nodes in order, ``sides[i]`` from corner i to the next."""

    corners: list[int]
    sides: list[Line]


@dataclass(slots=True, eq=False)
class Plan:
    """Nodes and lines of a town, in metres of the flat plan."""

    nodes: list[Point] = field(default_factory=list)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    areas: list[tuple[list[Point], Tags]] = field(default_factory=list)

    def node(self, at: Point, tags: Tags | None = None) -> int:
        """Add a node."""
        self.nodes.append(at)
        if tags:
            self.node_tags[len(self.nodes) - 1] = tags
        return len(self.nodes) - 1

    def line(self, kind: Kind, start: int, end: int, **fields: object) -> Line:
        """Add a line between two nodes."""
        made = Line(
            kind,
            self.nodes[start],
            self.nodes[end],
            [(0.0, start), (1.0, end)],
            **fields,  # type: ignore[arg-type]
        )
        self.lines.append(made)
        return made

    def stop(self, line: Line, t: float, snap_m: float = 0.5) -> int:
        """Return the node of a line at a share of it, an old one if one is near."""
        reach = snap_m / line.metres
        near = min(line.stops, key=lambda stop: (abs(stop[0] - t), stop[0]))
        if abs(near[0] - t) <= reach:
            return near[1]
        made = self.node(along(line.a, line.b, t))
        insort(line.stops, (t, made))
        return made

    def shorten(self, line: Line, end: int, metres: float) -> int:
        """Cut a line short of one of its end nodes; return where it now ends."""
        share = metres / line.metres
        at_start = line.stops[0][1] == end
        t = share if at_start else 1.0 - share
        if at_start:
            line.first = t
        else:
            line.last = t
        return self.stop(line, t, 0.0)

    def corners(self, cell: Cell) -> list[Point]:
        """Return the corners of a cell as points."""
        return [self.nodes[n] for n in cell.corners]

    def area(self, cell: Cell) -> float:
        """Return the area of a cell, square metres."""
        points = self.corners(cell)
        turned = zip(points, points[1:] + points[:1], strict=True)
        return abs(sum(p[0] * q[1] - q[0] * p[1] for p, q in turned)) / 2

    def centre(self, cell: Cell) -> Point:
        """Return the mean of a cell's corners."""
        points = self.corners(cell)
        return (
            sum(p[0] for p in points) / len(points),
            sum(p[1] for p in points) / len(points),
        )

    def split(
        self, cell: Cell, kind: Kind, first: tuple[int, int], second: tuple[int, int]
    ) -> tuple[Line, Cell, Cell]:
        """Cut a cell in two by a new line between two (side, node on it) pairs."""
        (i, n1), (j, n2) = sorted((first, second))
        made = self.line(kind, n1, n2)
        corners, sides = cell.corners, cell.sides
        one = Cell([n1, *corners[i + 1 : j + 1], n2], [*sides[i : j + 1], made])
        two = Cell(
            [n2, *corners[j + 1 :], *corners[: i + 1], n1],
            [*sides[j:], *sides[: i + 1], made],
        )
        return made, one, two
