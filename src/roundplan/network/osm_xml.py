"""Read OpenStreetMap XML as a stream, trusting nothing in it."""

from __future__ import annotations

import bz2
import gzip
import math
import zlib
from pathlib import Path
from typing import IO, Any, cast
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from roundplan.errors import NetworkError
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

MAX_XML_BYTES = 4 * 1024**3
"""Unpacked XML that is read at most: about twice Greater London."""

MAX_NODES = 40_000_000
"""Nodes kept at most, about 1 GB of memory."""

MAX_MEMBERS = 100
"""Members of a relation that are kept: no turn has as many."""

_CLIP = "Clip it to the area that the rounds need (osmium extract), or use .osm.pbf"


def read_osm_xml(
    path: Path, progress: Progress | None = None, box: Box | None = None
) -> OsmData:
    """Read the streets of an ``.osm`` file, plain or packed with gzip or bzip2.

    With a ``box`` nodes outside of it are passed over, and ways without one inside.

    Raises
    ------
    NetworkError
        E2001. A file that is not OSM XML, is broken off, is too large, or declares
        a document type or entities (which OSM files never do).
    """
    handler = _OsmHandler(box)
    parse_xml(path, handler, progress)
    return osm_data(
        handler.ids,
        handler.lons,
        handler.lats,
        handler.barriers,
        handler.ways,
        handler.signals,
        relations=handler.relations,
    )


def parse_xml(
    path: Path, handler: ContentHandler, progress: Progress | None = None
) -> None:
    """Feed a file to a SAX handler; every way of going wrong is a NetworkError."""
    from defusedxml import DefusedXmlException
    from defusedxml.sax import parse

    name = path.name
    try:
        with _unpacked(path) as unpacked:
            parse(_Bounded(unpacked, path, progress), handler, forbid_dtd=True)
    except DefusedXmlException as error:
        msg = (
            f"{name} declares a document type or entities, which no street file needs "
            "and which can be an attack. It was not read; get the file from its source"
        )
        raise NetworkError(msg) from error
    except SAXParseException as error:
        msg = (
            f"{name} is broken off or damaged at line {error.getLineNumber()} "
            f"({error.getMessage()}). Download it again"
        )
        raise NetworkError(msg) from error
    except NetworkError:
        raise
    except (
        SAXException,
        EOFError,
        OSError,
        zlib.error,
        LookupError,
        ValueError,
    ) as error:
        msg = f"{name} cannot be read ({error}). Download it again"
        raise NetworkError(msg) from error


def _unpacked(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked by its ending."""
    if path.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if path.suffix.lower() == ".bz2":
        return cast("IO[bytes]", bz2.open(path, "rb"))
    return path.open("rb")


class _Bounded:
    """A binary stream that reports progress and refuses to go on for ever."""

    def __init__(
        self, stream: IO[bytes], path: Path, progress: Progress | None
    ) -> None:
        self._stream = stream
        self._name = path.name
        self._size = max(1, path.stat().st_size)
        self._progress = progress
        self._read = 0

    def read(self, count: int) -> bytes:
        """Return at most ``count`` bytes."""
        data = self._stream.read(count)
        self._read += len(data)
        if self._read > MAX_XML_BYTES:
            msg = f"{self._name} unpacks to over {MAX_XML_BYTES:,} bytes. {_CLIP}"
            raise NetworkError(msg)
        if self._progress is not None:
            self._progress("reading streets", min(1.0, self._read / self._size))
        return data

    def close(self) -> None:
        """Leave closing to whoever opened the file."""


class _OsmHandler(ContentHandler):
    """Keep node positions, barrier and signal nodes, streets and turn restrictions."""

    def __init__(self, box: Box | None = None) -> None:
        super().__init__()
        from array import array

        self._box = box
        self._inside: set[int] = set()

        self.ids = array("q")
        self.lons = array("d")
        self.lats = array("d")
        self.barriers: dict[int, dict[str, str]] = {}
        self.ways: list[OsmWay] = []
        self.signals: dict[int, str] = {}
        self.relations: list[OsmRelation] = []
        self._members: list[OsmMember] = []
        self._root = False
        self._tags: dict[str, str] = {}
        self._refs: list[int] = []
        self._id = 0
        self._skip = False
        self._kept_node = True
        self._remark: list[str] | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Take in what matters of an element."""
        if not self._root:
            self._root = True
            if name != "osm":
                msg = f"this is not OpenStreetMap XML: it begins with <{name[:40]}>"
                raise NetworkError(msg)
        try:
            if name == "tag":
                self._tags[attrs["k"]] = attrs["v"]
            elif name == "nd":
                self._refs.append(_int64(attrs["ref"]))
            elif name == "node":
                self._start(attrs)
                if not self._skip:
                    self._add_node(float(attrs["lon"]), float(attrs["lat"]))
            elif name in ("way", "relation"):
                self._start(attrs)
            elif name == "member":
                if len(self._members) < MAX_MEMBERS:
                    ref = _int64(attrs["ref"])
                    self._members.append(OsmMember(attrs["type"], ref, attrs["role"]))
            elif name == "remark":
                self._remark = []
        except (KeyError, ValueError) as error:
            msg = f"<{name}> (in or after element {self._id}) lacks or garbles {error}"
            raise NetworkError(msg) from error

    def endElement(self, name: str) -> None:
        """Keep a finished node, way or relation."""
        if name == "way" and not self._skip:
            tags = street_tags(self._tags)
            if tags is not None and self._is_inside():
                self.ways.append(OsmWay(self._id, tuple(self._refs), tags))
        elif name == "relation" and not self._skip and restricts_turns(self._tags):
            members = tuple(self._members)
            self.relations.append(OsmRelation(self._id, members, self._tags))
        elif name == "node" and self._tags and not self._skip and self._kept_node:
            if "barrier" in self._tags:
                self.barriers[self._id] = self._tags
            if (direction := signal_direction(self._tags)) is not None:
                self.signals[self._id] = direction
        elif name == "remark":
            self._check_remark()

    def characters(self, content: str) -> None:
        """Collect the text of a remark; the rest is white space."""
        if self._remark is not None and len(self._remark) < 100:
            self._remark.append(content)

    def _start(self, attrs: AttributesImpl) -> None:
        self._tags, self._refs, self._members = {}, [], []
        self._id = _int64(attrs["id"])
        # Editors and full-history files mark what no longer exists.
        given: Any = attrs
        self._skip = given.get("visible") == "false" or given.get("action") == "delete"

    def _add_node(self, lon: float, lat: float) -> None:
        if not (abs(lon) <= 180 and abs(lat) <= 90) or math.isnan(lon + lat):
            msg = f"node {self._id} is nowhere on Earth"
            raise NetworkError(msg)
        self._kept_node = self._box is None or self._box.holds(lon, lat)
        if not self._kept_node:
            return
        if self._box is not None:
            self._inside.add(self._id)
        if len(self.ids) >= MAX_NODES:
            msg = f"the file has over {MAX_NODES:,} nodes. {_CLIP}"
            raise NetworkError(msg)
        self.ids.append(self._id)
        self.lons.append(lon)
        self.lats.append(lat)

    def _is_inside(self) -> bool:
        return self._box is None or not self._inside.isdisjoint(self._refs)

    def _check_remark(self) -> None:
        """Refuse an extract that the Overpass server itself calls incomplete."""
        text = " ".join("".join(self._remark or []).split())
        self._remark = None
        if "error" in text.lower():
            msg = f"the server cut this extract short ({text[:120]}). Download it again"
            raise NetworkError(msg)


def _int64(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        msg = f"id {text[:40]}"
        raise ValueError(msg)
    return number
