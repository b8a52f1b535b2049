"""Bus lines along the main roads of a made-up town, as a GTFS feed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import cos, hypot, radians

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.town.osm_xml import OsmMap, OsmNode
from roundplan.datasets.town.plan import MAIN

METRES_PER_DEGREE = 111_195.0
"""Along a meridian of a sphere of 6,371 km."""

FEED_DAYS_AFTER = 28
"""So many days a feed runs on after the last day that is planned."""

_USED_AGAIN = 3.0
"""How much longer a road counts for each line that has it already, to spread them."""

_DAY_TYPES = {
    "weekday": (1, 1, 1, 1, 1, 0, 0),
    "saturday": (0, 0, 0, 0, 0, 1, 0),
    "sunday": (0, 0, 0, 0, 0, 0, 1),
}


@dataclass(frozen=True, slots=True)
class BusLine:
    """A line: its stops in order, and the seconds from each to the next."""

    name: str
    stops: tuple[OsmNode, ...]
    seconds: tuple[int, ...]


def bus_lines(
    town: OsmMap, area_km2: float, rests_on: Figures, dice: Dice
) -> list[BusLine]:
    """Lay bus lines from edge to edge of a town, each on roads with few others.

    A line takes the shortest way along main roads between two distant ends, and stops
    every so many metres, at a corner of a street.
    """
    nodes = {node.id: node for node in town.nodes}
    metres, corners = _main_roads(town, nodes)
    ends = _ends(corners, nodes)
    count = max(2, round(area_km2 / rests_on.number("bus_line_every_km2")))
    every_m = rests_on.number("bus_stop_every_m")
    pace = 3.6 / rests_on.number("bus_km_h")
    used: dict[tuple[int, int], int] = {}
    lines: list[BusLine] = []
    for number in range(1, count + 1):
        a, b = _two_far(ends, nodes, dice)
        way = _shortest(metres, used, a, b)
        for edge in pairwise(way):
            for way_round in (edge, edge[::-1]):
                used[way_round] = used.get(way_round, 0) + 1
        stops, spans, since = [way[0]], [], 0.0
        for u, v in pairwise(way):
            since += metres[u][v]
            if v == way[-1] or (since >= every_m and v in corners):
                stops.append(v)
                spans.append(max(30, round(since * pace)))
                since = 0.0
        lines.append(
            BusLine(f"{number}", tuple(nodes[stop] for stop in stops), tuple(spans))
        )
    return lines


def gtfs_zip(
    lines: Sequence[BusLine], start: date, days: int, rests_on: Figures
) -> bytes:
    """Return lines as a GTFS feed: a zip that is the same on every platform.

    Vehicles run by ``frequencies.txt``, at the headways of the figures.
    """
    tables = {
        "agency.txt": (
            "agency_id,agency_name,agency_url,agency_timezone",
            ["TB,Town Buses,https://example.org,Europe/London"],
        ),
        "stops.txt": ("stop_id,stop_name,stop_lat,stop_lon", _stops(lines)),
        "routes.txt": (
            "route_id,agency_id,route_short_name,route_type",
            [f"{line.name},TB,{line.name},3" for line in lines],
        ),
        "calendar.txt": (
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
            "start_date,end_date",
            [
                f"{name},{','.join(map(str, runs))},{start - timedelta(days=1):%Y%m%d},"
                f"{start + timedelta(days=days + FEED_DAYS_AFTER):%Y%m%d}"
                for name, runs in _DAY_TYPES.items()
            ],
        ),
        **_trips(lines, rests_on),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as feed:
        for name, (head, rows) in tables.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            feed.writestr(info, "\n".join([head, *rows, ""]))
    return packed.getvalue()


def _stops(lines: Sequence[BusLine]) -> list[str]:
    by_id = {stop.id: stop for line in lines for stop in line.stops}
    return [f"{i},Stop {i},{s.lat:.7f},{s.lon:.7f}" for i, s in sorted(by_id.items())]


def _trips(
    lines: Sequence[BusLine], rests_on: Figures
) -> Mapping[str, tuple[str, list[str]]]:
    """Return a trip for each line, direction and type of day, with its headways."""
    trips, times, frequencies = [], [], []
    for line in lines:
        for direction in (0, 1):
            step = 1 if direction == 0 else -1
            stops, spans = line.stops[::step], line.seconds[::step]
            for day_type in _DAY_TYPES:
                trip = f"{line.name}-{direction}-{day_type}"
                trips.append(f"{line.name},{day_type},{trip},{direction}")
                at = 0
                for i, stop in enumerate(stops):
                    at += spans[i - 1] if i else 0
                    times.append(f"{trip},{_clock(at)},{_clock(at)},{stop.id},{i + 1}")
                for span, minutes in rests_on.shares(f"bus_headways_{day_type}"):
                    begins, ends = span.split("-")
                    frequencies.append(
                        f"{trip},{begins}:00,{ends}:00,{round(minutes * 60)},0"
                    )
    return {
        "trips.txt": ("route_id,service_id,trip_id,direction_id", trips),
        "stop_times.txt": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            times,
        ),
        "frequencies.txt": (
            "trip_id,start_time,end_time,headway_secs,exact_times",
            frequencies,
        ),
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _main_roads(
    town: OsmMap, nodes: Mapping[int, OsmNode]
) -> tuple[dict[int, dict[int, float]], set[int]]:
    """Return metres between neighbours on main roads, and the corners there."""
    metres: dict[int, dict[int, float]] = {}
    on_streets: dict[int, int] = {}
    for way in town.ways:
        if "highway" not in way.tags:
            continue
        for ref in way.refs:
            on_streets[ref] = on_streets.get(ref, 0) + 1
        if way.tags["highway"] in MAIN:
            for u, v in pairwise(way.refs):
                metres.setdefault(u, {})[v] = _apart(nodes[u], nodes[v])
                metres.setdefault(v, {})[u] = _apart(nodes[u], nodes[v])
    return metres, {node for node in metres if on_streets[node] > 1}


def _apart(a: OsmNode, b: OsmNode) -> float:
    east = (a.lon - b.lon) * cos(radians((a.lat + b.lat) / 2))
    return METRES_PER_DEGREE * hypot(a.lat - b.lat, east)


def _ends(corners: Iterable[int], nodes: Mapping[int, OsmNode]) -> list[int]:
    """Return corners near the edge of town: outside its middle nine tenths."""
    ordered = sorted(corners)
    lats = sorted(nodes[i].lat for i in ordered)
    lons = sorted(nodes[i].lon for i in ordered)
    cut = len(ordered) // 20
    south, north = lats[cut], lats[-1 - cut]
    west, east = lons[cut], lons[-1 - cut]
    return [
        i
        for i in ordered
        if not (south < nodes[i].lat < north and west < nodes[i].lon < east)
    ]


def _two_far(
    ends: Sequence[int], nodes: Mapping[int, OsmNode], dice: Dice
) -> tuple[int, int]:
    """Return an end, and one of the quarter of the others that are farthest from it."""
    a = dice.pick(ends)
    far = sorted(ends, key=lambda i: (-_apart(nodes[a], nodes[i]), i))
    return a, dice.pick(far[: max(1, len(far) // 4)])


def _shortest(
    metres: Mapping[int, Mapping[int, float]],
    used: Mapping[tuple[int, int], int],
    a: int,
    b: int,
) -> list[int]:
    """Return the nodes of the shortest way, roads with lines on them counting more."""
    import networkx as nx

    def weight(u: int, v: int, _: object) -> float:
        return metres[u][v] * (1 + _USED_AGAIN * used.get((u, v), 0))

    graph = nx.Graph()
    graph.add_edges_from((u, v) for u in sorted(metres) for v in sorted(metres[u]))
    way: list[int] = nx.shortest_path(graph, a, b, weight=weight)
    return way
