"""Read OpenStreetMap ``.osm.pbf`` with the optional ``osmium`` package."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from roundplan.errors import NetworkError
from roundplan.network.osm_xml import MAX_MEMBERS, MAX_NODES
from roundplan.network.source import (
    Box,
    OsmData,
    OsmMember,
    OsmRelation,
    OsmWay,
    Progress,
    osm_data,
    restricts_turns,
    signal_direction,
    street_tags,
)


def read_osm_pbf(
    path: Path, progress: Progress | None = None, box: Box | None = None
) -> OsmData:
    """Read the streets of an ``.osm.pbf`` file.

    With a ``box`` nodes outside of it are passed over, and ways without one inside.

    Raises
    ------
    NetworkError
        E2001. The ``osmium`` package is missing, or the file is damaged.
    """
    try:
        import osmium
        from osmium.filter import KeyFilter
    except ImportError as error:
        msg = (
            f"reading {path.name} needs the osmium package: "
            'pip install "roundplan[osm]". Or give the same extract as .osm'
        )
        raise NetworkError(msg) from error

    if progress is not None:
        progress("reading streets", 0.0)
    places: dict[int, tuple[float, float]] = {}
    barriers: dict[int, dict[str, str]] = {}
    signals: dict[int, str] = {}
    ways: list[OsmWay] = []
    relations: list[OsmRelation] = []
    kinds = {"n": "node", "w": "way", "r": "relation"}
    try:
        tagged = osmium.FileProcessor(str(path)).with_locations()
        of_use = KeyFilter("highway", "barrier", "route", "type")
        for item in tagged.with_filter(of_use):
            if isinstance(item, osmium.osm.Node):
                if box is not None and not box.holds(item.lon, item.lat):
                    continue
                tags = dict(item.tags)
                if "barrier" in tags:
                    barriers[item.id] = tags
                if (direction := signal_direction(tags)) is not None:
                    signals[item.id] = direction
            elif isinstance(item, osmium.osm.Way):
                street = street_tags(dict(item.tags))
                if street is None:
                    continue
                near = [
                    (node.ref, (node.lon, node.lat))
                    for node in item.nodes
                    if node.location.valid()
                    and (box is None or box.holds(node.lon, node.lat))
                ]
                if box is not None and not near:
                    continue
                places.update(near)
                refs = tuple(node.ref for node in item.nodes)
                ways.append(OsmWay(item.id, refs, street))
            elif isinstance(item, osmium.osm.Relation):
                tags = dict(item.tags)
                if restricts_turns(tags):
                    members = tuple(
                        OsmMember(kinds[m.type], m.ref, m.role)
                        for m in islice(item.members, MAX_MEMBERS)
                    )
                    relations.append(OsmRelation(item.id, members, tags))
            if len(places) > MAX_NODES:
                msg = (
                    f"{path.name} has over {MAX_NODES:,} street nodes. Clip it to the "
                    "area that the rounds need (osmium extract)"
                )
                raise NetworkError(msg)
    except (RuntimeError, OSError, ValueError) as error:
        if isinstance(error, NetworkError):
            raise
        msg = f"{path.name} is damaged or not .osm.pbf ({error}). Download it again"
        raise NetworkError(msg) from error
    positions = list(places.values())
    return osm_data(
        list(places),
        [lon for lon, _ in positions],
        [lat for _, lat in positions],
        barriers,
        ways,
        signals,
        relations=relations,
    )
