"""Public transport without a timetable: lines, minutes and headways.

Two small files that can be typed in from a map and the notice at a stop:
`docs/transit.md` has every column.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import Period
from roundplan.errors import TravelError
from roundplan.transit.stops import UNSTATED, Int32, Stops
from roundplan.transit.tables import Tables
from roundplan.transit.walking import Links, Walks

STOPS_FILE, LINES_FILE = "transit_stops.csv", "transit_lines.csv"

MAX_WAIT_S = 600
"""Longest wait that is counted for a line, seconds.

Half a headway is the wait of those who come to the stop without a look at the
timetable, as London's accessibility measure counts it [1]_. That holds for
"turn-up-and-go" services, every 12 minutes or better. For less frequent ones people
look at the timetable and come in time, so the wait does not grow on and on.

References
----------
.. [1] Transport for London (2010). *Measuring Public Transport Accessibility Levels:
   PTALs summary*. It also adds 2 minutes to a bus and 45 seconds to a train for
   unreliability, which is not done here.
"""

RIDDEN_UNIT_M = 10
"""What rides are counted in while searching, so that a journey fits in 53 bits."""

_SECONDS_BITS, _RIDES_BITS, _WALKED_BITS, _RIDDEN_BITS = 14, 6, 15, 18

_NUMBER = re.compile(r"\d{1,3}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line in one direction.

    Parameters
    ----------
    stops
        At least two, by index, in order.
    ride_s
        Seconds from each stop to the next.
    headways
        Names of periods, each with the seconds from one vehicle to the next.
    """

    line_id: str
    mode: str
    stops: tuple[int, ...]
    ride_s: tuple[int, ...]
    headways: tuple[tuple[str, int], ...]

    def headway_s(self, period: str) -> int | None:
        """Return the headway in a period, None when the line does not run in it.

        The one of that very name; else the first whose time holds all of the period.
        """
        for name, seconds in self.headways:
            if name == period:
                return seconds
        asked = Period.parse(period)
        for name, seconds in self.headways:
            given = Period.parse(name)
            if (
                asked.days <= given.days
                and given.start_s <= asked.start_s
                and asked.end_s <= given.end_s
            ):
                return seconds
        return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Stops, and lines with headways."""

    stops: Stops
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def states_headways(path: str | Path) -> bool:
    """Return whether a folder or zip has lines with headways, and not a timetable."""
    source = Path(path)
    if source.is_dir():
        return (source / LINES_FILE).is_file()
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as packed:
        return any(PurePosixPath(n).name == LINES_FILE for n in packed.namelist())


def read_lines(folder: str | Path) -> Lines:
    """Read ``transit_stops.csv`` and ``transit_lines.csv`` of a folder or zip.

    Raises
    ------
    DataError
        E1000. All that is wrong with them, by file, line and column.
    """
    tables = Tables(Path(folder), (STOPS_FILE, LINES_FILE))
    try:
        return _read(tables)
    finally:
        tables.close()


def _read(tables: Tables) -> Lines:
    import pandas as pd

    stops = tables.read(STOPS_FILE, ["stop_id", "name", "lat", "lon"])
    lines = tables.read(
        LINES_FILE, ["line_id", "mode", "stops", "minutes", "headways"], ["both_ways"]
    )
    for name, table in ((STOPS_FILE, stops), (LINES_FILE, lines)):
        if table is None and not any(p.file == name for p in tables.problems):
            tables.say("E1101", name, "the file is missing", "Add it")
    tables.stop_if_wrong()
    assert stops is not None
    assert lines is not None
    ids = stops["stop_id"]
    empty = (ids == "").to_numpy(bool)
    tables.say_cells(
        "E1105", STOPS_FILE, stops, "stop_id", empty, "it is empty", "Fill it"
    )
    twice = ids.duplicated().to_numpy(bool) & ~empty
    what, action = "the id is used twice", "Give one stop another"
    tables.say_cells("E1106", STOPS_FILE, stops, "stop_id", twice, what, action)
    degrees = {}
    for column, most in (("lat", 90), ("lon", 180)):
        value = pd.to_numeric(stops[column], errors="coerce").to_numpy(np.float64)
        what = f"it is not a number of degrees from -{most} to {most}"
        bad = ~(np.abs(value) <= most)
        tables.say_cells("E1104", STOPS_FILE, stops, column, bad, what, "Correct it")
        degrees[column] = value
    of_id = {stop_id: i for i, stop_id in enumerate(ids)}
    found: list[Line] = []
    for number, row in zip(lines.index.tolist(), lines.to_dict("records"), strict=True):
        found.extend(_line(tables, number, row, of_id))
    tables.stop_if_wrong()
    none = np.zeros(0, dtype=np.int32)
    return Lines(
        stops=Stops(
            stop_ids=tuple(ids),
            names=tuple(stops["name"]),
            lon=degrees["lon"],
            lat=degrees["lat"],
            change_from=none,
            change_to=none,
            change_s=np.full(0, UNSTATED, dtype=np.int32),
        ),
        lines=tuple(found),
    )


def _line(
    tables: Tables, number: int, row: Mapping[Hashable, Any], of_id: dict[str, int]
) -> list[Line]:
    """Return the line of a row, and the one back if it runs both ways."""
    before = len(tables.problems)

    def wrong(code: str, column: str, what: str, action: str) -> None:
        tables.say(
            code,
            LINES_FILE,
            what,
            action,
            line=number,
            column=column,
            value=row[column],
        )

    def cells(column: str) -> list[str]:
        return [cell.strip() for cell in row[column].split(";") if cell.strip()]

    stops, minutes = cells("stops"), cells("minutes")
    if not row["line_id"]:
        wrong("E1105", "line_id", "it is empty", "Fill it in")
    unknown = [stop for stop in stops if stop not in of_id]
    if unknown:
        wrong("E1107", "stops", f"no such stop: {unknown[0]}", "Correct it, or add it")
    if len(stops) < 2:
        wrong("E1104", "stops", "a line needs two stops", "Write them as A;B;C")
    if len(minutes) != max(0, len(stops) - 1):
        what = f"{len(stops)} stops need {len(stops) - 1} times between them"
        wrong("E1110", "minutes", what, "Write them as 2;1.5")
    if not all(_NUMBER.fullmatch(m) and float(m) > 0 for m in minutes):
        what = "each must be minutes above 0 and below 1000"
        wrong("E1104", "minutes", what, "Write them as 2;1.5")
    headways = []
    for cell in cells("headways"):
        name, _, gap = (part.strip() for part in cell.rpartition("="))
        try:
            Period.parse(name)
        except TravelError:
            name = ""
        if not name or not _NUMBER.fullmatch(gap) or float(gap) <= 0:
            what = "each must be a period and minutes"
            wrong("E1104", "headways", what, "Write them as Mo-Fr 07:00-19:00=8;all=15")
            break
        headways.append((name, math.ceil(float(gap) * 60)))
    if not row["headways"].strip():
        wrong("E1105", "headways", "it is empty", "Write it as Mo-Fr 07:00-19:00=8")
    if row["both_ways"] not in ("", "y", "n"):
        wrong("E1104", "both_ways", "it is neither y nor n", "Write y or n")
    if len(tables.problems) > before:
        return []
    there = Line(
        line_id=row["line_id"],
        mode=row["mode"],
        stops=tuple(of_id[stop] for stop in stops),
        ride_s=tuple(math.ceil(float(m) * 60) for m in minutes),
        headways=tuple(headways),
    )
    if row["both_ways"] == "n":
        return [there]
    back = Line(
        line_id=there.line_id,
        mode=there.mode,
        stops=there.stops[::-1],
        ride_s=there.ride_s[::-1],
        headways=there.headways,
    )
    return [there, back]


def search_lines(
    lines: Lines, walks: Walks, period: str, *, places: int, limit_s: int
) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Return journeys between all places at the headways of a period.

    The quickest; of equally quick ones that of the fewest vehicles, then of the least
    walking. Each boarding waits half a headway, at most ``MAX_WAIT_S``.

    Returns
    -------
    array
        int32 (4, places, places), as ``scan`` fills it.
    notes
        Lines that do not run in the period.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    from roundplan.network.contraction import lightest

    n, stops = places, len(lines.stops.stop_ids)
    # Nodes: places where journeys begin, places where they end, stops alighted at,
    # stops ready to board at, then each stop of each line aboard.
    begin, end = np.arange(n), n + np.arange(n)
    alight, ready = 2 * n + np.arange(stops), 2 * n + stops + np.arange(stops)
    graph = _Graph()
    graph.add_links(walks.access, begin, ready, forward=True)
    graph.add_links(walks.egress, end, alight, forward=False)
    graph.add_links(walks.change, alight, ready, forward=True)
    node = 2 * n + 2 * stops
    idle = []
    for line in lines.lines:
        headway = line.headway_s(period)
        if headway is None:
            idle.append(line.line_id)
            continue
        at = np.array(line.stops, dtype=np.int64)
        aboard = node + np.arange(len(at) - 1)
        node += len(at) - 1
        ride_s = np.array(line.ride_s, dtype=np.int64)
        metres = lines.stops.straight_m(at[:-1], at[1:])
        wait = min(-(-headway // 2), MAX_WAIT_S)
        one = np.ones(len(aboard), dtype=np.int64)
        graph.add(ready[at[:-1]], aboard, one * wait, rides=one)
        graph.add(aboard, alight[at[1:]], ride_s, ridden_m=metres)
        graph.add(aboard[:-1], aboard[1:], ride_s[:-1], ridden_m=metres[:-1])
    limit = _packed(np.array([limit_s + 1]))[0] - 1
    arcs = lightest(*graph.arcs(), limit)
    weights = csr_array(
        (
            arcs.weight.astype(np.float64),
            arcs.head,
            np.searchsorted(arcs.tail, np.arange(node + 1)),
        ),
        shape=(node, node),
    )
    out = np.zeros((4, n, n), dtype=np.int32)
    rows = max(1, 8_000_000 // max(1, node))
    for first in range(0, n, rows):
        part = begin[first : first + rows]
        found = dijkstra(weights, indices=part, limit=float(limit))[:, end]
        reached = np.isfinite(found)
        whole = np.where(reached, found, 0).astype(np.int64)
        out[:, part] = _unpacked(whole)
        out[0, part] = np.where(reached, out[0, part], -1)
        out[1, part] -= reached
    notes: tuple[str, ...] = ()
    if idle:
        names = ", ".join(sorted(set(idle)))
        notes = (f"no headway for {period}, so they do not run: {names}",)
    return out, notes


class _Graph:
    """Arcs of journeys, added bit by bit."""

    def __init__(self) -> None:
        self._parts: list[tuple[npt.NDArray[np.int64], ...]] = []

    def add(
        self,
        tail: npt.NDArray[np.int64],
        head: npt.NDArray[np.int64],
        seconds: npt.NDArray[np.integer],
        *,
        rides: npt.NDArray[np.integer] | int = 0,
        walked_m: npt.NDArray[np.integer] | int = 0,
        ridden_m: npt.NDArray[np.integer] | int = 0,
    ) -> None:
        weight = _packed(seconds, rides, walked_m, ridden_m)
        self._parts.append((tail, head, weight))

    def add_links(
        self,
        links: Links,
        by: npt.NDArray[np.int64],
        stop: npt.NDArray[np.int64],
        *,
        forward: bool,
    ) -> None:
        tail, head = np.repeat(by, np.diff(links.first)), stop[links.stop]
        if not forward:
            tail, head = head, tail
        self.add(tail, head, links.seconds, walked_m=links.metres)

    def arcs(
        self,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        tail, head, weight = (np.concatenate(c) for c in zip(*self._parts, strict=True))
        return tail, head, weight


def _packed(
    seconds: npt.NDArray[np.integer],
    rides: npt.NDArray[np.integer] | int = 0,
    walked_m: npt.NDArray[np.integer] | int = 0,
    ridden_m: npt.NDArray[np.integer] | int = 0,
) -> npt.NDArray[np.int64]:
    """Return a whole number below 2**53 that orders journeys as we do, and adds up."""
    packed = seconds.astype(np.int64)
    packed = (packed << _RIDES_BITS) + rides
    packed = (packed << _WALKED_BITS) + walked_m
    tens = (np.asarray(ridden_m, dtype=np.int64) + RIDDEN_UNIT_M // 2) // RIDDEN_UNIT_M
    whole: npt.NDArray[np.int64] = (packed << _RIDDEN_BITS) + tens
    return whole


def _unpacked(packed: npt.NDArray[np.int64]) -> Int32:
    """Return seconds, rides, metres walked and ridden."""
    columns = []
    for bits in (_RIDDEN_BITS, _WALKED_BITS, _RIDES_BITS):
        columns.append(packed & ((1 << bits) - 1))
        packed = packed >> bits
    ridden, walked, rides = columns
    stacked = np.stack([packed, rides, walked, ridden * RIDDEN_UNIT_M])
    return stacked.astype(np.int32)
