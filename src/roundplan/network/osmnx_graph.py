"""Streets from OSMnx: its GraphML files, and its downloads by place name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import numpy as np

from roundplan.domain import LAT_LON
from roundplan.errors import NetworkError
from roundplan.network.osm_xml import parse_xml
from roundplan.network.projection import transform
from roundplan.network.source import (
    OsmData,
    OsmWay,
    Progress,
    osm_data,
    signal_direction,
)

WAY_TAGS = [
    "access",
    "access:conditional",
    "area",
    "barrier",
    "bicycle",
    "bicycle:backward",
    "bicycle:conditional",
    "bicycle:forward",
    "bus",
    "conveying",
    "cycleway",
    "cycleway:both",
    "cycleway:left",
    "cycleway:right",
    "foot",
    "foot:backward",
    "foot:forward",
    "footway",
    "highway",
    "indoor",
    "junction",
    "maxspeed",
    "motor_vehicle",
    "motor_vehicle:backward",
    "motor_vehicle:conditional",
    "motor_vehicle:forward",
    "motorcar",
    "motorcar:conditional",
    "motorroad",
    "name",
    "oneway",
    "oneway:bicycle",
    "oneway:foot",
    "oneway:motor_vehicle",
    "psv",
    "ramp",
    "ramp:bicycle",
    "service",
    "sidewalk",
    "sidewalk:both",
    "sidewalk:left",
    "sidewalk:right",
    "taxi",
    "vehicle",
    "vehicle:backward",
    "vehicle:conditional",
    "vehicle:forward",
]
NODE_TAGS = [
    "access",
    "barrier",
    "bicycle",
    "foot",
    "highway",
    "locked",
    "motor_vehicle",
    "motorcar",
    "traffic_signals:direction",
    "vehicle",
]


def read_graphml(path: Path, progress: Progress | None = None) -> OsmData:
    """Read a GraphML file as OSMnx saves it.

    Raises
    ------
    NetworkError
        E2001. Not GraphML, broken off, or without the positions (``x``, ``y``) of
        its nodes or the ``highway`` tags of its edges.
    """
    # networkx has no guard against entities, so the file is vetted first.
    parse_xml(path, _GraphmlRoot(), progress)
    import networkx as nx

    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except Exception as error:  # networkx lets any error of the content through
        msg = f"{path.name} is not a graph that OSMnx saved ({error!r})"
        raise NetworkError(msg) from error
    return streets_of(graph, path.name)


def download_place(place: str, progress: Progress | None = None) -> OsmData:
    """Download the streets of a named place from OpenStreetMap through OSMnx.

    Raises
    ------
    NetworkError
        E2001. No internet, no such place, or a download that failed half-way.
    """
    if progress is not None:
        progress("downloading streets", 0.0)
    import osmnx

    settings = osmnx.settings
    changed = {
        # OSMnx would otherwise leave a folder named cache where the user stands.
        "use_cache": False,
        "useful_tags_way": sorted({*settings.useful_tags_way, *WAY_TAGS}),
        "useful_tags_node": sorted({*settings.useful_tags_node, *NODE_TAGS}),
    }
    before = {name: getattr(settings, name) for name in changed}
    try:
        for name, value in changed.items():
            setattr(settings, name, value)
        graph = osmnx.graph_from_place(
            place, network_type="all", simplify=False, retain_all=True
        )
        # Ways stay apart and barriers stay nodes, or their tags would be lost.
        graph = osmnx.simplify_graph(
            graph,
            node_attrs_include=["barrier", "traffic_signals:direction"],
            edge_attrs_differ=["osmid"],
        )
    except Exception as error:  # requests, OSMnx and shapely each raise their own
        msg = (
            f"the streets of {place!r} could not be downloaded "
            f"({type(error).__name__}). It needs internet access and a place that "
            "openstreetmap.org finds. Or download an extract elsewhere and give its "
            ".osm or .osm.pbf file: see docs/network.md"
        )
        raise NetworkError(msg) from error
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
    return streets_of(graph, place)


def streets_of(graph: Any, name: str) -> OsmData:
    """Return the streets of an OSMnx graph, whose values may be text.

    OSMnx has one edge for each direction of a street; here they become one way. A
    curved edge's inner points become nodes of their own, numbered below zero.
    """
    ids = {node: number for number, node in enumerate(graph.nodes, start=1)}
    crs = str(graph.graph.get("crs", LAT_LON))
    try:
        points = [
            (float(data["x"]), float(data["y"])) for _, data in graph.nodes.items()
        ]
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{name} has a node without its position (x, y): not saved by OSMnx?"
        raise NetworkError(msg) from error
    barriers = {
        ids[node]: {key: str(data[key]) for key in NODE_TAGS if key in data}
        for node, data in graph.nodes.items()
        if "barrier" in data
    }
    signals = {
        ids[node]: direction
        for node, data in graph.nodes.items()
        if (direction := signal_direction(data)) is not None
    }
    heights = {
        ids[node]: metres
        for node, data in graph.nodes.items()
        if (metres := _height(data.get("elevation"))) is not None
    }
    numbers = list(ids.values())
    ways: list[OsmWay] = []
    seen: set[tuple[object, ...]] = set()
    # The direction in which a street was drawn comes first and is the one kept.
    edges = sorted(
        graph.edges(data=True), key=lambda e: str(e[2].get("reversed")) == "True"
    )
    for start, end, data in edges:
        if "highway" not in data:
            continue
        inner = _inner_points(data.get("geometry"), name)
        shape = min(tuple(inner), tuple(reversed(inner)))
        pair = (min(ids[start], ids[end]), max(ids[start], ids[end]))
        key = (*pair, str(data.get("osmid")), shape)
        if key in seen:
            continue
        seen.add(key)
        made = [-(len(points) + k + 1) for k in range(len(inner))]
        points += inner
        numbers += made
        tags = {tag: _one(tag, data[tag]) for tag in WAY_TAGS if tag in data}
        _restore_oneway(tags)
        refs = (ids[start], *made, ids[end])
        ways.append(OsmWay(_way_id(data, len(ways)), refs, tags))
    if not ways:
        msg = f"{name} has no edge with a highway tag: save the graph with OSMnx"
        raise NetworkError(msg)
    degrees = transform(np.array(points, dtype=np.float64), crs, LAT_LON)
    if not (np.abs(degrees) <= (180.0, 90.0)).all():
        msg = f"{name} has positions that are not in its coordinate system, {crs}"
        raise NetworkError(msg)
    return osm_data(
        numbers, degrees[:, 0], degrees[:, 1], barriers, ways, signals, heights
    )


class _GraphmlRoot(ContentHandler):
    """Check the root element; reading to the end proves that the file is whole."""

    def __init__(self) -> None:
        super().__init__()
        self._root = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002
        """Refuse another root than ``graphml``."""
        if not self._root and name != "graphml":
            msg = f"this is not GraphML: it begins with <{name[:40]}>"
            raise NetworkError(msg)
        self._root = True


def _height(value: object) -> float | None:
    """Return the height that OSMnx's ``add_node_elevations_*`` gave, None without."""
    try:
        metres = float(str(value))
    except ValueError:
        return None
    return metres if -500 < metres < 9_000 else None


def _inner_points(geometry: Any, name: str) -> list[tuple[float, float]]:
    """Return an edge's points between its two nodes."""
    if geometry is None:
        return []
    import shapely

    try:
        line = shapely.from_wkt(geometry) if isinstance(geometry, str) else geometry
        return [(float(x), float(y)) for x, y, *_ in line.coords][1:-1]
    except (shapely.errors.ShapelyError, AttributeError, NotImplementedError) as error:
        msg = f"{name} has an edge whose geometry is not a line"
        raise NetworkError(msg) from error


def _values(value: object) -> list[str]:
    """Return the values of an attribute: OSMnx joins ways, and writes lists as text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [str(value)]
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return [str(v) for v in value]
    return [str(value)]


def _one(tag: str, value: object) -> str:
    """Return the value that counts where several ways were joined: the strictest."""
    values = _values(value)
    strict = {"highway": ("steps",), "access": ("no", "private")}
    for key in ("foot", "bicycle", "vehicle", "motor_vehicle", "motorcar"):
        strict[key] = strict["access"]
    first = values[0] if values else ""
    return next((v for v in strict.get(tag, ()) if v in values), first)


def _restore_oneway(tags: dict[str, str]) -> None:
    """Undo what OSMnx makes of ``oneway``: a truth, and edges that all go along it.

    Its False may be no tag at all, and then a motorway is one-way.
    """
    if tags.get("oneway") == "True":
        tags["oneway"] = "yes"
    elif tags.get("oneway") == "False":
        del tags["oneway"]


def _way_id(data: Mapping[str, Any], default: int) -> int:
    first = next(iter(_values(data.get("osmid"))), "")
    return int(first) if first.isdecimal() and len(first) < 19 else default
