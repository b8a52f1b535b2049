"""Read the timetable of one date from a GTFS feed.

The reference of the format is the GTFS Schedule specification, gtfs.org. Shapes,
fares and pathways are not looked at.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from roundplan.domain import LAT_LON, Place
from roundplan.transit.calendar import Calendar
from roundplan.transit.stop_times import Runs, read_runs
from roundplan.transit.stops import FORBIDDEN, UNSTATED, Stops
from roundplan.transit.tables import Tables
from roundplan.transit.timetable import MAY_ALIGHT, MAY_BOARD, Timetable
from roundplan.units import DAY_S

if TYPE_CHECKING:
    import pandas as pd

NEXT_MORNING_S = 3 * 3600
"""How much of the day after is read, for legs that begin before midnight: the
longest leg (``roundplan.transit.matrix.MAX_LIMIT_S``)."""

TABLES = (
    "agency.txt",
    "stops.txt",
    "routes.txt",
    "trips.txt",
    "stop_times.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "frequencies.txt",
    "transfers.txt",
)


def read_gtfs(path: str | Path, service_date: date) -> Timetable:
    """Read the connections of a date from a GTFS folder or zip.

    Parameters
    ----------
    service_date
        The date whose services run. Those of the day before that run past midnight are
        read too, and the first three hours of the day after.

    Raises
    ------
    DataError
        E1000. All that is wrong with the feed, by file, line and column.
    UsageError
        E1002. No service runs on that date.
    """
    tables = Tables(Path(path), TABLES)
    try:
        return _read(tables, service_date)
    finally:
        tables.close()


def gtfs_stops(path: str | Path) -> tuple[Place, ...]:
    """Return the stops of a GTFS folder or zip that vehicles call at, by name.

    Raises
    ------
    DataError
        E1000. What is wrong with ``stops.txt``.
    """
    tables = Tables(Path(path), TABLES)
    try:
        stops = _required(tables, "stops.txt", ["stop_id"], _STOP_COLUMNS)
        tables.stop_if_wrong()
        assert stops is not None
        lon, lat = _positions(tables, stops)
        tables.stop_if_wrong()
    finally:
        tables.close()
    calls = stops["location_type"].isin(["", "0"]).to_numpy(bool)
    names = stops["stop_name"].where(stops["stop_name"] != "", stops["stop_id"])
    return tuple(
        Place(place_id=str(name), x=float(x), y=float(y), crs=LAT_LON)
        for name, x, y, of_use in zip(names, lon, lat, calls, strict=True)
        if of_use
    )


def _read(tables: Tables, service_date: date) -> Timetable:
    tables.read("agency.txt", ["agency_timezone"])
    stops = _required(tables, "stops.txt", ["stop_id"], _STOP_COLUMNS)
    routes = _required(tables, "routes.txt", ["route_id"])
    trips = _required(tables, "trips.txt", ["trip_id", "route_id", "service_id"])
    tables.stop_if_wrong()
    assert stops is not None
    assert routes is not None
    assert trips is not None
    for name, table in (("stops", stops), ("routes", routes), ("trips", trips)):
        _check_unique(tables, f"{name}.txt", table, f"{name[:-1]}_id")
    tables.stop_if_wrong()  # what follows looks ids up
    known = trips["route_id"].isin(routes["route_id"]).to_numpy(dtype=bool)
    tables.say_cells(
        "E1107", "trips.txt", trips, "route_id", ~known, "no such route", "Add it"
    )
    calendar = Calendar.read(tables)
    found = read_runs(tables, trips["trip_id"], stops["stop_id"])
    lon, lat = _positions(tables, stops)
    tables.stop_if_wrong()
    assert found is not None
    runs, notes = found

    service = trips["service_id"].to_numpy(dtype=object)
    days = {
        shift: calendar.active(service_date + timedelta(days=shift))
        for shift in (-1, 0, 1)
    }
    calendar.check_serves(service_date)
    parts = []
    for shift, active in days.items():
        running = np.fromiter((s in active for s in service), bool, len(service))
        part = runs.of(running).shifted(shift * DAY_S)
        low = 0 if shift else -(10**9)
        high = DAY_S + NEXT_MORNING_S if shift == 1 else 10**9
        parts.append(part.between(low, high))
    all_day = Runs.joined(parts)
    return _timetable(tables, service_date, stops, lon, lat, all_day, notes)


_NARROW = ["from_trip_id", "to_trip_id", "from_route_id", "to_route_id"]
"""columns of transfers.txt that make a rule hold for some vehicles only"""

_STOP_COLUMNS = ["stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"]


def _timetable(
    tables: Tables,
    service_date: date,
    stops: pd.DataFrame,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    runs: Runs,
    notes: tuple[str, ...],
) -> Timetable:
    """Keep the stops that something calls at, and sort the connections."""
    used, ends = np.unique(np.concatenate([runs.tail, runs.head]), return_inverse=True)
    tail, head = np.split(ends.reshape(-1).astype(np.int32), 2)
    change_from, change_to, change_s, more = _changes(tables, stops, used)
    tables.stop_if_wrong()
    kept = Stops(
        stop_ids=tuple(stops["stop_id"].iloc[used]),
        names=tuple(stops["stop_name"].iloc[used]),
        lon=lon[used],
        lat=lat[used],
        change_from=change_from,
        change_to=change_to,
        change_s=change_s,
    )
    return Timetable.of(
        service_date,
        kept,
        departure_s=runs.departure_s,
        arrival_s=runs.arrival_s,
        tail=tail,
        head=head,
        trip=runs.trip,
        allowed=runs.board * MAY_BOARD | runs.alight * MAY_ALIGHT,
        notes=(*notes, *more),
    )


def _required(
    tables: Tables, name: str, required: list[str], optional: list[str] | None = None
) -> pd.DataFrame | None:
    before = len(tables.problems)
    table = tables.read(name, required, optional or [])
    if table is None and len(tables.problems) == before:
        tables.say("E1101", name, "the feed lacks this file", "Get the whole feed")
    return table


def _check_unique(tables: Tables, name: str, table: pd.DataFrame, key: str) -> None:
    cells = table[key]
    tables.say_cells(
        "E1105",
        name,
        table,
        key,
        (cells == "").to_numpy(bool),
        "it is empty",
        "Fill it in",
    )
    twice = cells.duplicated().to_numpy(bool) & (cells != "").to_numpy(bool)
    tables.say_cells(
        "E1106", name, table, key, twice, "the id is used twice", "Keep one"
    )


def _positions(
    tables: Tables, stops: pd.DataFrame
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return longitude and latitude of stops; those that need none may be NaN."""
    import pandas as pd

    found = []
    needs = stops["location_type"].isin(["", "0", "1"]).to_numpy(bool)
    for column, most in (("stop_lon", 180), ("stop_lat", 90)):
        value = pd.to_numeric(stops[column], errors="coerce").to_numpy(np.float64)
        bad = needs & ~(np.abs(value) <= most)
        what = f"it is not a number of degrees from -{most} to {most}"
        tables.say_cells("E1104", "stops.txt", stops, column, bad, what, "Correct it")
        found.append(value)
    return found[0], found[1]


def _changes(
    tables: Tables, stops: pd.DataFrame, used: npt.NDArray[np.int64]
) -> tuple[
    npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32], tuple[str, ...]
]:
    """Return the stated changes between used stops: those of a station, transfers.

    A rule of a station holds for all its stops; one of the stops themselves goes
    before it.
    """
    ids = stops["stop_id"].to_numpy(dtype=object)
    parents = stops["parent_station"].to_numpy(dtype=object)
    of_id: dict[str, list[int]] = {}
    by_parent: dict[str, list[int]] = {}
    for new, old in enumerate(used.tolist()):
        of_id[ids[old]] = [new]
        if parents[old]:
            by_parent.setdefault(parents[old], []).append(new)
    rules: dict[tuple[int, int], int] = {
        (a, b): UNSTATED
        for group in by_parent.values()
        for a in group
        for b in group
        if a != b
    }
    table = tables.read(
        "transfers.txt",
        ["from_stop_id", "to_stop_id"],
        ["transfer_type", "min_transfer_time", *_NARROW],
    )
    if table is None:
        return (*_columns(rules), ())
    known = set(ids)
    for column in ("from_stop_id", "to_stop_id"):
        bad = np.array([s != "" and s not in known for s in table[column]], dtype=bool)
        what, action = "no such stop", "Correct it, or add the stop"
        tables.say_cells("E1107", "transfers.txt", table, column, bad, what, action)
    seconds = table["min_transfer_time"]
    bad = ~seconds.str.fullmatch(r"\d{0,5}").to_numpy(bool)
    what, action = "it is not a whole number of seconds under a day", "Correct it"
    tables.say_cells(
        "E1104", "transfers.txt", table, "min_transfer_time", bad, what, action
    )
    tables.stop_if_wrong()
    left_out = 0
    of_stations: dict[tuple[int, int], int] = {}
    of_stops: dict[tuple[int, int], int] = {}
    for row in table.itertuples():
        if any(getattr(row, column) for column in _NARROW) or row.transfer_type in (
            "4",
            "5",
        ):
            left_out += 1
            continue
        took = UNSTATED
        if row.transfer_type == "3":
            took = FORBIDDEN
        elif row.transfer_type == "2" and row.min_transfer_time:
            took = max(1, int(str(row.min_transfer_time)))
        one, other = str(row.from_stop_id), str(row.to_stop_id)
        station = one in by_parent or other in by_parent
        for a in of_id.get(one, by_parent.get(one, [])):
            for b in of_id.get(other, by_parent.get(other, [])):
                (of_stations if station else of_stops)[a, b] = took
    rules |= of_stations
    rules |= of_stops
    notes: tuple[str, ...] = ()
    if left_out:
        notes = (
            f"transfers.txt: {left_out:,} rules between single routes or trips, or of "
            "staying in one's seat, were left out",
        )
    return (*_columns(rules), notes)


def _columns(
    rules: dict[tuple[int, int], int],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    # A stop's change with itself, where nobody says how long, is ours to say.
    stated = [(a, b, s) for (a, b), s in rules.items() if a != b or s != UNSTATED]
    rows = np.array(stated, dtype=np.int32).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]
