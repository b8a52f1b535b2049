"""Places of clients, homes and offices, and the ids they share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from roundplan.domain import LAT_LON, Place
from roundplan.formats.cells import counted
from roundplan.formats.codes import Code
from roundplan.formats.settings import Settings, is_crs
from roundplan.formats.source import Row, Source, relative_name

RESERVED = frozenset({"home", "anywhere"})
"""Words of shifts.csv that cannot be ids of places."""


def unique_rows(rows: Iterable[Row], column: str, source: Source) -> dict[str, Row]:
    """Index rows by id; a second row of an id is a fault."""
    found: dict[str, Row] = {}
    for row in rows:
        id_ = row[column]
        if id_ is None:
            continue
        if id_ in found:
            first = found[id_]
            what = f"the id is used before, in line {first.line}"
            source.row_fault(row, Code.DUPLICATE, column, what, "Give each its own.")
        else:
            found[id_] = row
    return found


def check_shared_ids(tables: dict[str, dict[str, Row]], source: Source) -> None:
    """Refuse an id that two of clients, workers and places share."""
    found: dict[str, Row] = {}
    for column, rows in tables.items():
        for id_, row in rows.items():
            if id_ in RESERVED:
                what = "this word has a meaning of its own in shifts.csv"
                source.row_fault(row, Code.DUPLICATE, column, what, "Choose another.")
            elif id_ in found:
                other = found[id_]
                what = f"{other.file}, line {other.line} has the same id"
                action = "Clients, workers and places may not share an id."
                source.row_fault(row, Code.DUPLICATE, column, what, action)
            else:
                found[id_] = row


class Positions:
    """Finds the position of a row: lat and lon, or x and y, or a postcode."""

    def __init__(self, settings: Settings, source: Source, folder: Path) -> None:
        self._crs = settings.crs
        self._source = source
        self._lookup: dict[str, tuple[float, float]] | None = None
        self._by_postcode = 0
        if settings.postcodes is not None:
            name = relative_name(settings.postcodes, folder)
            self._lookup = _postcodes(settings.postcodes, name, source)

    def place(self, row: Row, place_id: str) -> Place:
        """Return the place of a row, without a position where it has none."""
        for first, second in (("lat", "lon"), ("x", "y")):
            if (row[first] is None) != (row[second] is None) and row.ok:
                missing = first if row[first] is None else second
                self._fault(row, missing, f"{first} and {second} belong together")
                return Place(place_id=place_id)
        if row["lat"] is not None and row["lon"] is not None:
            return Place(place_id=place_id, x=row["lon"], y=row["lat"], crs=LAT_LON)
        if row["x"] is not None and row["y"] is not None:
            return Place(place_id=place_id, x=row["x"], y=row["y"], crs=self._of(row))
        if row["postcode"] is not None and self._lookup is not None:
            found = self._lookup.get(_plain(row["postcode"]))
            if found is None:
                self._fault(row, "postcode", "the lookup file lacks this postcode")
                return Place(place_id=place_id)
            self._by_postcode += 1
            return Place(place_id=place_id, x=found[1], y=found[0], crs=LAT_LON)
        return Place(place_id=place_id)

    def note(self) -> None:
        """Say how many places are only known by their postcode."""
        if self._by_postcode:
            which = counted(
                self._by_postcode,
                "place is at the centre of its postcode",
                "places are at the centre of their postcode",
            )
            self._source.notes.append(f"{which}, which is approximate.")

    def _of(self, row: Row) -> str | None:
        crs: str | None = row["crs"]
        if crs is None:
            return self._crs
        if not is_crs(crs):
            what = "there is no such coordinate reference system"
            self._source.row_fault(
                row, Code.WRONG_CELL, "crs", what, "Use a name such as EPSG:27700."
            )
        return crs

    def _fault(self, row: Row, column: str, what: str) -> None:
        """Say what is wrong, without the value: a position is personal."""
        self._source.fault(
            Code.NO_POSITION,
            row.file,
            what,
            "Fill it in.",
            line=row.line,
            column=column,
        )


def check_positions(places: Iterable[tuple[Row, Place]], source: Source) -> None:
    """Refuse places that a street network could not locate."""
    without_crs = False
    for row, place in places:
        if not place.located:
            source.fault(
                Code.NO_POSITION,
                row.file,
                f"{place.place_id} has no position, and the network needs one",
                "Give lat and lon, x and y, or a postcode with a lookup file.",
                line=row.line,
            )
        elif place.crs is None and not without_crs:
            without_crs = True
            source.fault(
                Code.NO_POSITION,
                row.file,
                "x and y have no crs, so they cannot be put on a street network",
                'Write crs = "EPSG:27700" (or what they are in) into problem.toml.',
                line=row.line,
                column="x",
            )


def _postcodes(path: Path, name: str, source: Source) -> dict[str, tuple[float, float]]:
    rows = source.table(path, "postcodes", name)
    return {_plain(r["postcode"]): (r["lat"], r["lon"]) for r in rows if r.ok}


def _plain(postcode: str) -> str:
    return "".join(postcode.split()).upper()
