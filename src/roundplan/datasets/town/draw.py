"""Draws the plan on the ground: lines become OSM ways, stops become shared nodes."""

from __future__ import annotations

from itertools import pairwise

from roundplan.datasets.town.ground import Ground, degrees
from roundplan.datasets.town.osm_xml import OsmMap, OsmNode, OsmRelation, OsmWay
from roundplan.datasets.town.plan import (
    BARRIERS,
    Kind,
    Line,
    Plan,
    Point,
    Tags,
    along,
    distance,
)

SAMPLE_M = 38
"""A bend is drawn with points so far apart."""

FLAT_M = 0.7
"""A point closer to the straight line than this is left out."""

OUTSIDE_M = 70
"""How far canal and railway go on beyond the edge of the town."""

HIGHWAY = {
    Kind.PRIMARY: "primary",
    Kind.SECONDARY: "secondary",
    Kind.RESIDENTIAL: "residential",
    Kind.SERVICE: "service",
    Kind.FOOTWAY: "footway",
    Kind.SIDEWALK: "footway",
    Kind.CROSSING: "footway",
    Kind.STEPS: "steps",
    Kind.CYCLEWAY: "cycleway",
    Kind.TOWPATH: "path",
}


def draw(plan: Plan, ground: Ground) -> OsmMap:
    """Return the town's map. Ids of nodes, ways and relations never coincide."""
    return _Drawing(plan, ground).map()


class _Drawing:
    def __init__(self, plan: Plan, ground: Ground) -> None:
        self._plan = plan
        self._ground = ground
        self._points: list[Point] = []
        self._tags: dict[int, Tags] = {}
        self._of_stop: dict[int, int] = {}
        self._ways: list[tuple[list[int], Tags]] = []
        for line in plan.lines:
            if line.kind in BARRIERS:
                self._barrier(line)
            else:
                self._street(line)
        for corners, tags in plan.areas:
            self._area(corners, tags)
        for stop, tags in plan.node_tags.items():
            self._tags[self._node(stop)] = tags

    def map(self) -> OsmMap:
        """Return everything drawn, with numbers and degrees."""
        first_way = len(self._points) + 1
        nodes = []
        for i, point in enumerate(self._points):
            lat, lon = degrees(point)
            nodes.append(
                OsmNode(i + 1, round(lat, 7), round(lon, 7), self._tags.get(i, {}))
            )
        ways = [
            OsmWay(first_way + i, tuple(ref + 1 for ref in refs), tags)
            for i, (refs, tags) in enumerate(self._ways)
        ]
        relations = self._no_right_turns(ways, first_way + len(ways))
        return OsmMap(tuple(nodes), tuple(ways), tuple(relations))

    def _new(self, flat: Point) -> int:
        self._points.append(self._ground.place(flat))
        return len(self._points) - 1

    def _node(self, stop: int) -> int:
        if stop not in self._of_stop:
            self._of_stop[stop] = self._new(self._plan.nodes[stop])
        return self._of_stop[stop]

    def _street(self, line: Line) -> None:
        bounds = {t for start, end, _ in line.sections for t in (start, end)}
        for t in sorted(bounds):
            if line.first < t < line.last:
                self._plan.stop(line, t, 0.01)
        stops = line.drawn()
        if len(stops) < 2:
            return
        refs = [self._node(stops[0][1])]
        tags = self._tags_at(line, stops[0][0], stops[1][0])
        for (t1, _), (t2, node) in pairwise(stops):
            here = self._tags_at(line, t1, t2)
            if here != tags:
                self._ways.append((refs, tags))
                refs, tags = [refs[-1]], here
            ends = (along(line.a, line.b, t1), along(line.a, line.b, t2))
            refs += self._bend(*ends)
            refs.append(self._node(node))
        self._ways.append((refs, tags))

    def _bend(self, start: Point, end: Point) -> list[int]:
        """Return new nodes between two points, where the ground is not straight."""
        count = int(distance(start, end) / SAMPLE_M)
        flats = [along(start, end, i / (count + 1)) for i in range(1, count + 1)]
        here, there = self._ground.place(start), self._ground.place(end)
        refs = []
        for i, flat in enumerate(flats):
            at = self._ground.place(flat)
            ahead = self._ground.place(flats[i + 1]) if i + 1 < count else there
            if _off_line(here, ahead, at) > FLAT_M:
                refs.append(self._new(flat))
                here = at
        return refs

    def _tags_at(self, line: Line, t1: float, t2: float) -> Tags:
        tags = _way_tags(line)
        middle = (t1 + t2) / 2
        for start, end, special in line.sections:
            if start <= middle <= end:
                tags.update(special)
        return tags

    def _barrier(self, line: Line) -> None:
        """Draw canal or railway with nodes of its own: nothing joins it."""
        over = OUTSIDE_M / line.metres
        end = along(line.a, line.b, 1 + over)
        if line.kind is Kind.CANAL:
            start = along(line.a, line.b, -over)
            first = self._new(start)
        else:  # the railway's halves start at one node over the canal
            start, first = line.a, self._node(line.stops[0][1])
        refs = [first, *self._bend(start, end), self._new(end)]
        self._ways.append((refs, _way_tags(line)))

    def _area(self, corners: list[Point], tags: Tags) -> None:
        refs = []
        for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
            refs.append(self._new(here))
            refs += self._bend(here, there)
        self._ways.append(([*refs, refs[0]], tags))

    def _no_right_turns(self, ways: list[OsmWay], first_id: int) -> list[OsmRelation]:
        """Ban a right turn out of every third main road that ends at a signal."""
        relations: list[OsmRelation] = []
        signals = {
            self._of_stop[stop] + 1
            for stop, tags in self._plan.node_tags.items()
            if tags.get("highway") == "traffic_signals"
        }
        mains = [w for w in ways if w.tags.get("highway") in ("primary", "secondary")]
        for way in mains:
            via = way.refs[-1]
            into = [w for w in mains if w is not way and w.refs[0] == via]
            if via in signals and into:
                members = (
                    ("way", way.id, "from"),
                    ("node", via, "via"),
                    ("way", into[0].id, "to"),
                )
                turn = _turn(self._points, way.refs, into[0].refs)
                tags = {"type": "restriction", "restriction": f"no_{turn}_turn"}
                number = first_id + len(relations)
                relations.append(OsmRelation(number, members, tags))
        return relations[::3]


def _way_tags(line: Line) -> Tags:
    """Return the OSM tags of a line, without its sections'."""
    if line.kind is Kind.CANAL:
        return {"waterway": "canal", "name": line.name}
    if line.kind is Kind.RAIL:
        return {"railway": "rail", "bridge": "viaduct", "layer": "2"}
    tags = {"highway": HIGHWAY[line.kind]}
    if line.name:
        tags["name"] = line.name
    if line.kind is Kind.SIDEWALK:
        tags["footway"] = "sidewalk"
    if line.kind is Kind.CROSSING:
        tags["footway"] = "crossing"
    if line.kind is Kind.TOWPATH:
        tags.update({"towpath": "yes", "foot": "yes", "bicycle": "yes"})
    for key, value in line.tags.items():
        if key == "living":
            tags["highway"] = "living_street"
        elif key == "alley":
            tags["footway"] = "alley"
        else:
            tags[key] = value
    return tags


def _off_line(p: Point, q: Point, r: Point) -> float:
    """Return how far r lies from the line through p and q."""
    run = distance(p, q)
    if run == 0:
        return distance(p, r)
    cross = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    return abs(cross) / run


def _turn(points: list[Point], before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """Return left or right for the turn from one way into another."""
    p, q, r = (points[ref - 1] for ref in (before[-2], before[-1], after[1]))
    left = (q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0]) > 0
    return "left" if left else "right"
