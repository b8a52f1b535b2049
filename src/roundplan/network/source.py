"""Streets as they were mapped: what every reader gives and the builder takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Tags = Mapping[str, str]

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""

OSM_LICENCE = "© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)"


FERRY = "ferry"
"""The ``highway`` that a ferry gets."""


class Box(NamedTuple):
    """An area in degrees (WGS 84), its edges included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Return whether a position is in it."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


class OsmWay(NamedTuple):
    """A street or a ferry: its nodes in order, and its tags, ``highway`` among them."""

    way_id: int
    refs: Sequence[int]
    tags: Tags


class OsmMember(NamedTuple):
    """A member of a relation: ``node``, ``way`` or ``relation``, its id and role."""

    type: str
    ref: int
    role: str


class OsmRelation(NamedTuple):
    """A relation that restricts turns, with its members in order."""

    relation_id: int
    members: Sequence[OsmMember]
    tags: Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmData:
    """The streets of one file or download, before any mode has looked at them.

    Parameters
    ----------
    node_ids
        int64 (n,), ascending, each once.
    lon_lat
        float64 (n, 2), degrees (WGS 84), aligned with ``node_ids``.
    barriers
        Tags of the nodes tagged ``barrier``, by node id.
    ways
        Every way that is a street or a ferry, as ``street_tags`` tells. It may name
        nodes that the extract lacks.
    signals
        Nodes with traffic signals, and the direction of their way that the signals
        stop: ``forward``, ``backward`` or ``both``.
    heights
        Metres above the sea by node id, of the nodes whose height the source gives.
    relations
        Those that ``restricts_turns`` tells.
    """

    node_ids: npt.NDArray[np.int64]
    lon_lat: npt.NDArray[np.float64]
    barriers: Mapping[int, Tags]
    ways: Sequence[OsmWay]
    signals: Mapping[int, str] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    relations: Sequence[OsmRelation] = ()


def osm_data(
    node_ids: Sequence[int] | npt.NDArray[np.int64],
    lon: Sequence[float] | npt.NDArray[np.float64],
    lat: Sequence[float] | npt.NDArray[np.float64],
    barriers: Mapping[int, Tags],
    ways: Sequence[OsmWay],
    signals: Mapping[int, str] | None = None,
    heights: Mapping[int, float] | None = None,
    relations: Sequence[OsmRelation] = (),
) -> OsmData:
    """Sort nodes by id, the last of duplicates standing, and return the data."""
    ids = np.asarray(node_ids, dtype=np.int64)
    positions = np.column_stack(
        [np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)]
    )
    # np.unique keeps the first of equals, so look from the end.
    kept, last = np.unique(ids[::-1], return_index=True)
    return OsmData(
        node_ids=kept,
        lon_lat=positions[::-1][last],
        barriers=barriers,
        ways=ways,
        signals=signals or {},
        heights=heights or {},
        relations=relations,
    )


def street_names(ways: Iterable[OsmWay]) -> dict[int, str]:
    """Return the name, or else the number, of each way that has one, by way id."""
    found = ((w.way_id, w.tags.get("name") or w.tags.get("ref")) for w in ways)
    return {way_id: name for way_id, name in found if name}


def street_tags(tags: Tags) -> Tags | None:
    """Return the tags of a way that somebody may travel on, None of any other.

    A ferry has ``route=ferry`` in OpenStreetMap and no ``highway``: it gets one, so
    that every way has its kind under the same key.
    """
    if "highway" in tags:
        return tags
    return {**tags, "highway": FERRY} if tags.get("route") == "ferry" else None


def restricts_turns(tags: Tags) -> bool:
    """Return whether a relation with these tags restricts turns, of any vehicle."""
    return tags.get("type", "").split(":")[0] == "restriction"


def signal_direction(tags: Tags) -> str | None:
    """Return the direction that a node's signals stop, None where it has none."""
    if tags.get("highway") != "traffic_signals":
        return None
    direction = tags.get("traffic_signals:direction", "both")
    return direction if direction in ("forward", "backward") else "both"
