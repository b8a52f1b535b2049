"""Vehicle runs of a GTFS feed: stop_times.txt and frequencies.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from roundplan.transit.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

FILE = "stop_times.txt"
MAX_HOUR = 72
"""A trip may run into the next days; a time beyond this is a slip of the pen."""

MAX_RIDES = 50_000_000
"""Ten times a day of London's; a headway of a second would go on for ever."""

_TIME = re.compile(r" *(\d{1,2}):([0-5]\d):([0-5]\d) *")
_UNTIMED, _BAD = -1, -2

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runs:
    """Rides from stop to stop, those of a run together and in order.

    All are (rides,). ``source`` is the row of ``trips.txt`` and ``trip`` the vehicle
    run, of which one row may have many; seconds after midnight of the service date.
    """

    source: Int64
    trip: Int64
    tail: Int64
    head: Int64
    departure_s: Int64
    arrival_s: Int64
    board: Bools
    alight: Bools

    def where(self, rows: Any) -> Runs:
        """Return some of the rides."""
        return Runs(*(getattr(self, f.name)[rows] for f in fields(self)))

    def of(self, running: Bools) -> Runs:
        """Return those of some rows of ``trips.txt``."""
        return self.where(running[self.source])

    def between(self, low: int, high: int) -> Runs:
        """Return the rides that leave from ``low`` to before ``high``."""
        return self.where((self.departure_s >= low) & (self.departure_s < high))

    def shifted(self, seconds: int) -> Runs:
        """Return the same runs, earlier or later."""
        return Runs(
            self.source,
            self.trip,
            self.tail,
            self.head,
            self.departure_s + seconds,
            self.arrival_s + seconds,
            self.board,
            self.alight,
        )

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Runs:
        """Return all rides of some days; the same trip of two days is two runs."""
        step = 1 + max((int(p.trip.max(initial=-1)) for p in parts), default=0)
        columns = [
            np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)
        ]
        columns[1] = np.concatenate([p.trip + k * step for k, p in enumerate(parts)])
        return cls(*columns)


def read_runs(
    tables: Tables, trip_ids: pd.Series[str], stop_ids: pd.Series[str]
) -> tuple[Runs, tuple[str, ...]] | None:
    """Read all runs of a feed, with notes; None when something is wrong."""
    before = len(tables.problems)
    table = tables.read(
        FILE,
        ["trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"],
        ["pickup_type", "drop_off_type"],
    )
    if table is None:
        if len(tables.problems) == before:
            tables.say("E1101", FILE, "the feed lacks this file", "Get the whole feed")
        return None
    trip = _look_up(tables, table, "trip_id", trip_ids, "no such trip in trips.txt")
    stop = _look_up(tables, table, "stop_id", stop_ids, "no such stop in stops.txt")
    sequence = _sequence(tables, table)
    arrival = _times(tables, FILE, table, "arrival_time")
    departure = _times(tables, FILE, table, "departure_time")
    if len(tables.problems) > before:
        return None
    order = np.lexsort((sequence, trip))
    table = table.iloc[order]
    trip, stop, sequence = trip[order], stop[order], sequence[order]
    arrival, departure = arrival[order], departure[order]
    same = trip[1:] == trip[:-1]
    again = np.concatenate([[False], same & (sequence[1:] == sequence[:-1])])
    what, action = "the trip has this number twice", "Number its stops in order"
    tables.say_cells("E1106", FILE, table, "stop_sequence", again, what, action)
    arrival, departure, notes = _timed(tables, table, trip, arrival, departure)
    if len(tables.problems) > before:
        return None
    late = np.concatenate([[False], same & (arrival[1:] < departure[:-1])])
    what, action = "the trip arrives before it left the stop before", "Correct it"
    tables.say_cells("E1110", FILE, table, "arrival_time", late, what, action)
    what = "it leaves before it arrives"
    tables.say_cells(
        "E1110", FILE, table, "departure_time", departure < arrival, what, action
    )
    ride = np.flatnonzero(same)
    runs = Runs(
        source=trip[ride],
        trip=trip[ride],
        tail=stop[ride],
        head=stop[ride + 1],
        departure_s=departure[ride],
        arrival_s=arrival[ride + 1],
        board=(table["pickup_type"] != "1").to_numpy(bool)[ride],
        alight=(table["drop_off_type"] != "1").to_numpy(bool)[ride + 1],
    )
    runs, more = _repeated(tables, runs, trip_ids)
    if len(tables.problems) > before:
        return None
    return runs, (*notes, *more)


def _look_up(
    tables: Tables, table: pd.DataFrame, column: str, ids: pd.Series[str], what: str
) -> Int64:
    """Return the rows of ids in another table."""
    import pandas as pd

    codes, unique = pd.factorize(table[column])
    row = pd.Index(ids).get_indexer(pd.Index(unique)).astype(np.int64)[codes]
    action = "Correct it, or add the row it points to"
    tables.say_cells("E1107", FILE, table, column, row < 0, what, action)
    return np.asarray(row)


def _sequence(tables: Tables, table: pd.DataFrame) -> Int64:
    import pandas as pd

    codes, unique = pd.factorize(table["stop_sequence"])
    values = [int(u) if re.fullmatch(r" *\d{1,9} *", u) else -1 for u in unique]
    number = np.array(values, dtype=np.int64)[codes]
    what, action = "it is not a whole number", "Number the trip's stops in order"
    tables.say_cells("E1104", FILE, table, "stop_sequence", number < 0, what, action)
    return number


def _times(tables: Tables, file: str, table: pd.DataFrame, column: str) -> Int64:
    """Return seconds after midnight, -1 for an empty cell."""
    import pandas as pd

    codes, unique = pd.factorize(table[column])
    values = np.array([_seconds(u) for u in unique], dtype=np.int64)
    seconds = values[codes] if len(codes) else np.zeros(0, dtype=np.int64)
    what, action = "it is not a time", "Write it as 07:05:00; past midnight as 24:05:00"
    tables.say_cells("E1104", file, table, column, seconds == _BAD, what, action)
    return np.asarray(seconds)


def _seconds(cell: str) -> int:
    if not cell.strip():
        return _UNTIMED
    found = _TIME.fullmatch(cell)
    if not found:
        return _BAD
    hours, minutes, seconds = map(int, found.groups())
    return hours * 3600 + minutes * 60 + seconds if hours <= MAX_HOUR else _BAD


def _timed(
    tables: Tables,
    table: pd.DataFrame,
    trip: Int64,
    arrival: Int64,
    departure: Int64,
) -> tuple[Int64, Int64, tuple[str, ...]]:
    """Fill in times between timed stops, in equal steps from stop to stop."""
    arrival = np.where(arrival == _UNTIMED, departure, arrival)
    departure = np.where(departure == _UNTIMED, arrival, departure)
    untimed = arrival == _UNTIMED
    if not untimed.any():
        return arrival, departure, ()
    new = np.ones(len(trip) + 1, dtype=bool)
    new[1:-1] = trip[1:] != trip[:-1]
    bad = untimed & (new[:-1] | new[1:])
    what, action = "the first and last stop of a trip need times", "Fill it in"
    tables.say_cells("E1105", FILE, table, "arrival_time", bad, what, action)
    if bad.any():
        return arrival, departure, ()
    row = np.arange(len(trip))
    known = np.flatnonzero(~untimed)
    after = known[np.searchsorted(known, row[untimed])]
    before = known[np.searchsorted(known, row[untimed]) - 1]
    gap = arrival[after] - departure[before]
    at = departure[before] + gap * (row[untimed] - before) // (after - before)
    arrival[untimed] = departure[untimed] = at
    count = int(untimed.sum())
    note = f"{FILE}: {count:,} stops without times were timed in equal steps"
    return arrival, departure, (note,)


def _repeated(
    tables: Tables, runs: Runs, trip_ids: pd.Series[str]
) -> tuple[Runs, tuple[str, ...]]:
    """Repeat the trips of frequencies.txt: its times there are a pattern."""
    import pandas as pd

    file = "frequencies.txt"
    table = tables.read(
        file, ["trip_id", "start_time", "end_time", "headway_secs"], ["exact_times"]
    )
    if table is None or table.empty:
        return runs, ()
    before = len(tables.problems)
    row = pd.Index(trip_ids).get_indexer(pd.Index(table["trip_id"]))
    what, action = "no such trip in trips.txt", "Correct it, or add the trip"
    tables.say_cells("E1107", file, table, "trip_id", row < 0, what, action)
    start = _times(tables, file, table, "start_time")
    end = _times(tables, file, table, "end_time")
    good = table["headway_secs"].str.fullmatch(r"0*[1-9]\d{0,4}").to_numpy(bool)
    what = "it is not a whole number of seconds from 1"
    tables.say_cells("E1104", file, table, "headway_secs", ~good, what, "Correct it")
    what = "it ends before it starts, or lacks a time"
    wrong = (end < start) | (start < 0) | (end < 0)
    tables.say_cells("E1108", file, table, "end_time", wrong, what, "Correct it")
    if len(tables.problems) > before:
        return runs, ()
    headway = table["headway_secs"].astype(int).to_numpy()
    # Rides are sorted by trip.
    first = np.searchsorted(runs.source, row)
    last = np.searchsorted(runs.source, row, side="right")
    if int((-(-(end - start) // headway) * (last - first)).sum()) > MAX_RIDES:
        what = f"it makes more than {MAX_RIDES:,} rides from stop to stop"
        tables.say("E1103", file, what, "Cut the feed to the area of the rounds")
        return runs, ()
    parts, number = [runs.where(~np.isin(runs.source, row))], len(trip_ids)
    for k in np.flatnonzero(first < last).tolist():
        one = runs.where(slice(int(first[k]), int(last[k])))
        one = one.shifted(-int(one.departure_s[0]))
        for leaves in range(int(start[k]), int(end[k]), int(headway[k])):
            parts.append(_numbered(one.shifted(leaves), number))
            number += 1
    columns = [
        np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Runs)
    ]
    note = (
        f"{file}: {number - len(trip_ids):,} runs leave exactly every headway from the "
        "start of their time, also where the feed promises no more than the headway"
    )
    return Runs(*columns), (note,)


def _numbered(run: Runs, number: int) -> Runs:
    return Runs(
        run.source,
        np.full_like(run.source, number),
        run.tail,
        run.head,
        run.departure_s,
        run.arrival_s,
        run.board,
        run.alight,
    )
