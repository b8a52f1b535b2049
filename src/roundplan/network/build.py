"""Build a network from whatever holds streets."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from roundplan.domain import LAT_LON, Mode
from roundplan.errors import NetworkError
from roundplan.network.cycle import cycle_rules
from roundplan.network.drive import CAR_KEYS, STREETS, car_access, drive_rules
from roundplan.network.filters import Lifted, find_filters, lift
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.osm_pbf import read_osm_pbf
from roundplan.network.osm_xml import read_osm_xml
from roundplan.network.osmnx_graph import download_place, read_graphml
from roundplan.network.projection import lon_lat_bounds, metric_crs, transform
from roundplan.network.rules import Access, ModeRules, condition
from roundplan.network.source import OSM_LICENCE, Box, OsmData, Progress, street_names
from roundplan.network.speeds import Speeds
from roundplan.network.store import NETWORK_SUFFIX, load_network
from roundplan.network.topology import cut_runs, usable_runs
from roundplan.network.turns import with_turns
from roundplan.network.walk import WALK

STREET_SUFFIXES = (
    ".osm",
    ".osm.gz",
    ".osm.bz2",
    ".osm.pbf",
    ".pbf",
    ".graphml",
)
"""Endings of the files that ``build_network`` reads."""

STREET_MODES = (Mode.WALK, Mode.CYCLE, Mode.EBIKE, Mode.DRIVE)
"""The modes that are built; public transport has its own timetable."""


ACCESS_KEYS = (
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "bus",
    "psv",
    "bicycle",
    "foot",
)
"""Tags of ways that say who may pass, counted by their values."""


OPENED_BY_HOURS = "closed to cars here, though open at some hours"
"""Under ``tags`` of ``Network.seen``: hours close ways, but never open closed ones."""


def mode_rules(mode: Mode, speeds: Speeds) -> ModeRules:
    """Return the rules of a mode of ``STREET_MODES``."""
    if mode is Mode.WALK:
        return WALK
    return drive_rules(speeds) if mode is Mode.DRIVE else cycle_rules(mode, speeds)


def build_network(
    source: Path | str,
    *,
    speeds: Speeds | None = None,
    box: Box | None = None,
    progress: Progress | None = None,
) -> Network:
    """Build a network from a street file or, with internet access, a place name.

    Parameters
    ----------
    source
        An OpenStreetMap extract (``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``),
        a GraphML file that OSMnx saved, or the name of a place to download, such as
        ``"Islington, London, UK"``. Text is a file if one is there, or if it looks
        like one.
    speeds
        Speeds and penalties, by default the table that comes with roundplan.
    box
        The area to take from an extract (``area_of`` has that of a problem): what is
        outside is not kept in memory. Not for GraphML and names.
    progress
        Called with what is being done and its share done.

    Raises
    ------
    NetworkError
        E2001. A file that is missing, empty, of another kind, damaged, malicious or
        without walkable streets, or without any in the box; a place that cannot be
        downloaded.
    """
    path = Path(source)
    if isinstance(source, str) and not _means_file(source):
        _refuse_box(box, source)
        data, name, sha256 = download_place(source, progress), source, ""
    else:
        check_file(path)
        name = path.name
        if path.name.lower().endswith(".graphml"):
            _refuse_box(box, path.name)
            data = read_graphml(path, progress)
        else:
            data = _reader(path)(path, progress, box)
        sha256 = _sha256(path)
    if progress is not None:
        progress("building the graph", 0.0)
    if box is not None and not data.ways:
        msg = (
            f"{name} has no street in the area of the places, latitude {box.south:.3f} "
            f"to {box.north:.3f}, longitude {box.west:.3f} to {box.east:.3f}. Give an "
            "extract that covers it"
        )
        raise NetworkError(msg)
    network = _network_of(data, name, sha256, speeds or Speeds.standard())
    if progress is not None:
        progress("building the graph", 1.0)
    return network


def load_or_build(
    source: Path | str,
    *,
    speeds: Speeds | None = None,
    progress: Progress | None = None,
) -> Network:
    """Load a stored network, or build one from streets: by the file's ending.

    ``speeds`` is for building; a stored network has its own.

    Raises
    ------
    NetworkError
        E2001. As ``load_network`` and ``build_network``.
    """
    if str(source).lower().endswith(NETWORK_SUFFIX):
        return load_network(source)
    return build_network(source, speeds=speeds, progress=progress)


def check_file(path: Path) -> None:
    """Refuse a file that is not there, or has nothing in it."""
    if path.is_dir():
        msg = f"{path.name} is a folder; give the street file in it"
        raise NetworkError(msg)
    if not path.is_file():
        msg = f"there is no file {path.name}. Check the path to the streets"
        raise NetworkError(msg)
    if path.stat().st_size == 0:
        msg = f"{path.name} is empty. Download it again"
        raise NetworkError(msg)


def _means_file(source: str) -> bool:
    """Tell a file from a place name, of which "St. Albans" is one."""
    return (
        Path(source).exists()
        or any(mark in source for mark in "/\\")
        or re.search(r"\.[A-Za-z][A-Za-z0-9]{1,8}$", source) is not None
    )


def _refuse_box(box: Box | None, name: str) -> None:
    if box is not None:
        msg = f"an area can be taken from an extract of OpenStreetMap, not from {name}"
        raise NetworkError(msg)


def _reader(path: Path) -> Callable[[Path, Progress | None, Box | None], OsmData]:
    """Return what reads a file, by its ending."""
    name = path.name.lower()
    if name.endswith((".osm", ".osm.gz", ".osm.bz2")):
        return read_osm_xml
    if name.endswith(".pbf"):
        return read_osm_pbf
    msg = f"{path.name} is no street file. Give one of {', '.join(STREET_SUFFIXES)}"
    raise NetworkError(msg)


def _network_of(data: OsmData, name: str, sha256: str, speeds: Speeds) -> Network:
    """Build the graph of every mode from the same streets, in one projection.

    A mode that has no way at all there, such as a car in a park, is left out; walking
    is never.
    """
    walk = usable_runs(data, WALK)
    if walk is None:
        msg = (
            "there is no way in it that is open to walk. Is it an extract of streets "
            "(ways tagged highway, with their nodes)?"
        )
        raise NetworkError(msg)
    lon, lat = np.median(walk.lon_lat[walk.node], axis=0)
    crs = metric_crs(float(lon), float(lat))
    xy = transform(data.lon_lat, LAT_LON, crs)

    turns: dict[str, int] = {}

    def graph(streets: OsmData, mode: Mode) -> ModeGraph | None:
        rules = mode_rules(mode, speeds)
        runs = usable_runs(streets, rules)
        if runs is None:
            return None
        # A node that is not in the extract is in no run: any row will do.
        at = np.searchsorted(data.node_ids, runs.ids) % len(data.node_ids)
        if not np.isfinite(xy[at[runs.node]]).all():
            msg = f"{name} has streets too far apart for one map: clip it"
            raise NetworkError(msg)
        cut = cut_runs(runs, xy[at], streets, rules)
        if mode is not Mode.DRIVE or not streets.relations:
            return cut
        cut, counts = with_turns(cut, streets.relations)
        if not turns:  # those of the streets as they are, which come first
            turns.update(counts)
        return cut

    made = {mode: graph(data, mode) for mode in STREET_MODES}
    graphs = {mode: of for mode, of in made.items() if of is not None}
    filters = find_filters(data, xy)
    opened = {which: graph(lift(data, filters, which), Mode.DRIVE) for which in Lifted}
    lifted = {which: of for which, of in opened.items() if of is not None}
    everywhere = np.concatenate([of.vertex_xy for of in graphs.values()])
    return Network(
        graphs=graphs,
        crs=crs,
        bounds=lon_lat_bounds(everywhere, crs),
        source=name,
        source_sha256=sha256,
        licence=OSM_LICENCE,
        built_by=_own_version(),
        seen={**_seen(data), "turns": turns},
        speeds=speeds,
        filters=filters,
        names=street_names(data.ways),
        lifted=lifted,
    )


def _seen(data: OsmData) -> Mapping[str, Mapping[str, int]]:
    """Count what the source tags, whether a walker minds or not."""
    tags: Counter[str] = Counter()
    for way in data.ways:
        values = way.tags
        sidewalks = [v for k, v in values.items() if k.startswith("sidewalk")]
        tags["sidewalk=separate"] += "separate" in sidewalks
        tags["oneway"] += values.get("oneway") in ("yes", "-1", "true", "1")
        for key in values:
            if key.endswith(":conditional"):
                tags[key] += 1
        shut = values["highway"] in STREETS and car_access(values) is Access.CLOSED
        tags[OPENED_BY_HOURS] += bool(shut and condition(values, CAR_KEYS))
    access = Counter(
        f"{key}={way.tags[key]}"
        for way in data.ways
        for key in ACCESS_KEYS
        if key in way.tags
    )
    return {
        "highway": dict(sorted(Counter(w.tags["highway"] for w in data.ways).items())),
        "barrier": dict(
            sorted(Counter(t["barrier"] for t in data.barriers.values()).items())
        ),
        "access": dict(sorted(access.items())),
        "signals": dict(sorted(Counter(data.signals.values()).items())),
        "tags": dict(sorted(tags.items())),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _own_version() -> str:
    try:
        return version("roundplan")
    except PackageNotFoundError:
        return "unknown"
