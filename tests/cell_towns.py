"""Drawn towns, to find cells in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from roundplan.network import Speeds
from roundplan.network.cells import Cells, find_cells
from roundplan.network.drive import drive_rules
from roundplan.network.filters import FilterKind, ModalFilter, find_filters
from roundplan.network.graph import ModeGraph
from roundplan.network.osm_xml import read_osm_xml
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.network.rules import ModeRules
from roundplan.network.source import OsmData, OsmWay, osm_data, street_names
from roundplan.network.through import (
    MINOR_KINDS,
    WAY_ROUND,
    edges_of_kinds,
    through_edges,
)
from roundplan.network.topology import cut_runs, usable_runs
from roundplan.network.walk import WALK

MOTOR = drive_rules(Speeds.standard())


Point = tuple[float, float]
Street = tuple[list[Point], dict[str, str]]
MAIN = {"highway": "primary"}
SIDE = {"highway": "residential"}


@dataclass(frozen=True)
class Town:
    """A drawn town: all its streets, where a car may go, and their names."""

    streets: ModeGraph
    motors: ModeGraph
    names: dict[int, str]
    data: OsmData

    def cells(self, filters: Sequence[ModalFilter] = (), **options: Any) -> Cells:
        """Find the town's cells, small ones too."""
        options.setdefault("min_street_m", 100)
        return find_cells(
            self.streets,
            self.motors,
            crs=BRITISH_GRID,
            filters=filters,
            names=self.names,
            **options,
        )

    def moved(self, x: float, y: float) -> Town:
        """The same town elsewhere."""
        by = np.array([x, y])
        graphs = [
            replace(g, node_xy=g.node_xy + by, vertex_xy=g.vertex_xy + by)
            for g in (self.streets, self.motors)
        ]
        return Town(graphs[0], graphs[1], self.names, self.data)

    def edges_of(self, name: str) -> npt.NDArray[np.bool_]:
        """Which motor edges are of the ways of a name."""
        ways = [way_id for way_id, text in self.names.items() if text == name]
        return np.isin(self.motors.way_ids, ways)


def town(ways: Sequence[Street], barriers: Mapping[Point, str] | None = None) -> Town:
    """Build a town from streets drawn in metres, joined where they share a point.

    ``barriers`` are kinds of barrier, or ``private gate``.
    """
    points = sorted({point for line, _ in ways for point in line})
    number = {point: i for i, point in enumerate(points, start=1)}
    data = osm_data(
        list(number.values()),
        [x for x, _ in points],
        [y for _, y in points],
        {
            number[p]: {"barrier": "gate", "access": "private"}
            if kind == "private gate"
            else {"barrier": kind}
            for p, kind in (barriers or {}).items()
        },
        [
            OsmWay(1000 + i, [number[point] for point in line], tags)
            for i, (line, tags) in enumerate(ways)
        ],
    )
    return Town(_graph(data, WALK), _graph(data, MOTOR), street_names(data.ways), data)


def mapped(path: Path) -> Town:
    """Read a town from a map."""
    data = read_osm_xml(path, None)
    graphs = [_graph(data, rules, projected=True) for rules in (WALK, MOTOR)]
    return Town(graphs[0], graphs[1], street_names(data.ways), data)


def _graph(data: OsmData, rules: ModeRules, *, projected: bool = False) -> ModeGraph:
    runs = usable_runs(data, rules)
    xy = runs.lon_lat
    if projected:
        xy = transform(xy, "EPSG:4326", BRITISH_GRID)
    return cut_runs(runs, xy, data, rules)


def a_filter(kind: FilterKind, x: float, y: float, node: int = 7) -> ModalFilter:
    """A filter somewhere, as ``find_filters`` would give it."""
    return ModalFilter(kind=kind, osm=f"node/{node}", x=x, y=y, tag="barrier=bollard")


def street_filters(place: Town) -> Sequence[ModalFilter]:
    """The filters of a mapped town."""
    data = place.data
    return find_filters(data, transform(data.lon_lat, "EPSG:4326", BRITISH_GRID))


def ways_through(place: Town, cells: Cells) -> list[tuple[str, Point, Point]]:
    """Pairs of access points with a way through that the cells should not have.

    By brute force on networkx: from any access point to any other of its pocket, the
    way inside must be a detour by more than ``WAY_ROUND``.
    """
    graph = place.motors
    through = through_edges(graph)
    minor = edges_of_kinds(graph, MINOR_KINDS) & ~through & ~graph.private
    streets, roads = nx.DiGraph(), nx.Graph()
    spot = [tuple(xy) for xy in graph.node_xy.tolist()]

    def join(on: nx.Graph, u: int, v: int, w: int) -> None:
        on.add_edge(u, v, w=min(w, on.get_edge_data(u, v, {"w": w})["w"]))

    for e in range(len(graph.tail)):
        u, v, w = int(graph.tail[e]), int(graph.head[e]), int(graph.length_mm[e])
        if minor[e] and graph.forward_ms[e] >= 0:
            join(streets, u, v, w)
        if minor[e] and graph.backward_ms[e] >= 0:
            join(streets, v, u, w)
        if through[e]:
            join(roads, u, v, w)
    found = []
    for cell in cells.cells:
        for a, b in itertools.permutations(cell.access, 2):
            if a.pocket != b.pocket:
                continue
            starts = [n for n in streets if spot[n] == (a.x, a.y) and n in roads]
            ends = [n for n in streets if spot[n] == (b.x, b.y) and n in roads]
            for u, v in itertools.product(starts, ends):
                inside = streets.subgraph(set(streets) - (set(roads) - {u, v}))
                if not nx.has_path(inside, u, v):
                    continue
                way = nx.shortest_path_length(inside, u, v, weight="w")
                if not nx.has_path(roads, u, v) or way <= WAY_ROUND * (
                    nx.shortest_path_length(roads, u, v, weight="w")
                ):
                    found.append((cell.name, (a.x, a.y), (b.x, b.y)))
    return found


def side(name: str, *line: Point, **tags: str) -> Street:
    """A residential street."""
    return list(line), {**SIDE, "name": name, **tags}


def main(name: str, *line: Point, **tags: str) -> Street:
    """A primary road."""
    return list(line), {**MAIN, "name": name, **tags}


def ring(
    width: float, height: float, joints: Sequence[Point] = (), **tags: str
) -> list[Street]:
    """Four main roads round a rectangle from the origin, with points on them."""
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    roads = []
    for k, name in enumerate(["South Road", "East Road", "North Road", "West Road"]):
        a, b = corners[k], corners[(k + 1) % 4]
        axis = k % 2
        on = [p for p in joints if p[1 - axis] == a[1 - axis] and p not in (a, b)]
        line = [a, *sorted(on, reverse=b[axis] < a[axis]), b]
        roads.append(main(name, *line, **tags))
    return roads


def ladder(closed: Mapping[int, str] | None = None, rungs: int = 3) -> Town:
    """A ring 200 m wide a rung and 400 m high, with rungs from south to north.

    ``closed`` says how a rung is closed half-way: by a kind of barrier, by
    ``bus gate`` (10 m of it), or by ``hours``.
    """
    return town(*ladder_parts(closed, rungs))


def ladder_parts(
    closed: Mapping[int, str] | None = None, rungs: int = 3
) -> tuple[list[Street], dict[Point, str]]:
    """The streets and barriers of ``ladder``."""
    closed = closed or {}
    ways, barriers, joints = [], {}, []
    for k in range(rungs):
        x = 200.0 * (k + 1)
        low, middle, high = (x, 0.0), (x, 200.0), (x, 400.0)
        joints += [low, high]
        how = closed.get(k, "")
        name = f"Rung {k}"
        if how in ("bus gate", "hours"):
            gate = (
                {"motor_vehicle": "no", "bus": "designated"}
                if how == "bus gate"
                else {"motor_vehicle:conditional": "no @ (Mo-Fr 07:00-19:00)"}
            )
            after = (x, 210.0)
            ways += [
                side(name, low, middle),
                side(f"Gate {k}", middle, after, **gate),
                side(name, after, high),
            ]
        else:
            ways.append(side(name, low, middle, high))
            if how:
                barriers[middle] = how
    return ring(200.0 * (rungs + 1), 400.0, joints) + ways, barriers
