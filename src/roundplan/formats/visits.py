"""Rows of visits.csv to visits: weekly patterns, windows, links and pins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roundplan.domain import Priority, TimeWindow, Visit
from roundplan.formats.cells import CellError, counted
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.source import Row, Source
from roundplan.units import MINUTE_S


@dataclass(frozen=True, slots=True)
class VisitDates:
    """The visits that the rows of visits.csv stand for.

    ``dates`` has the dates of each row's id, ``patterns`` the ids that are weekly
    patterns.
    """

    dates: Mapping[str, tuple[date, ...]]
    patterns: frozenset[str]

    def id_on(self, base: str, on: date) -> str | None:
        """Return the visit of a row's id on a date, None when there is none."""
        if on not in self.dates.get(base, ()):
            return None
        return f"{base}@{on}" if base in self.patterns else base

    def ids_of(self, base: str) -> list[str]:
        """Return all visits of a row's id."""
        return [self.id_on(base, on) or base for on in self.dates.get(base, ())]


def visit_dates(
    rows: Mapping[str, Row],
    clients: Mapping[str, Row],
    clock: WallClock,
    days: int | None,
    source: Source,
) -> VisitDates:
    """Find the dates of every row; ``days`` None when the horizon is unknown."""
    dates: dict[str, tuple[date, ...]] = {}
    patterns = set()
    idle = 0
    for visit_id, row in rows.items():
        first, last = _package(clients.get(row["client_id"]))
        marks, on = row["days"], row["date"]
        if marks is not None and not row.raw.get("date"):
            patterns.add(visit_id)
            dates[visit_id] = tuple(
                d
                for d in map(clock.date_of, range(28 if days is None else days))
                if marks[d.weekday()]
                and (first is None or first <= d)
                and (last is None or d <= last)
            )
            idle += not dates[visit_id]
            continue
        if row.raw.get("date") and row.raw.get("days"):
            what = "a visit has either a date or a weekly pattern"
            source.row_fault(row, Code.CONTRADICTION, "days", what, "Empty one.")
        elif on is None:
            if row.ok:
                what = "the visit has neither a date nor a weekly pattern"
                source.row_fault(row, Code.EMPTY_CELL, "date", what, "Fill one in.")
        elif days is not None and not 0 <= clock.day(on) < days:
            last_day = clock.date_of(days - 1)
            what = "the visit lies outside the horizon"
            action = f"The horizon is {clock.start_date} to {last_day}."
            source.row_fault(row, Code.OUTSIDE, "date", what, action)
        elif (first and on < first) or (last and on > last):
            what = "the visit lies outside the client's package dates"
            action = "Correct the date, or start_date and end_date in clients.csv."
            source.row_fault(row, Code.OUTSIDE, "date", what, action)
        dates[visit_id] = () if on is None else (on,)
    if idle:
        which = counted(idle, "weekly pattern has", "weekly patterns have")
        source.notes.append(f"{which} no visit in the horizon.")
    found = VisitDates(dates, frozenset(patterns))
    _check_expanded_ids(found, rows, source)
    return found


def build_visits(
    rows: Mapping[str, Row],
    when: VisitDates,
    clients: Mapping[str, Row],
    workers: Collection[str],
    clock: WallClock,
    source: Source,
) -> list[Visit]:
    """Make the visits, row by row and date by date."""
    links = _Links(rows, when, source)
    visits: dict[str, Visit] = {}
    for base, row in rows.items():
        _check_row(row, clients, workers, source)
        if not row.ok:
            links.of(row, base, date.min)  # its faults are worth knowing all the same
            continue
        fixed = _fixed_fields(row)
        for on in when.dates[base]:
            times = _times(row, on, clock, source)
            if times is None:
                break
            visit_id = when.id_on(base, on) or base
            visits[visit_id] = Visit(
                visit_id=visit_id,
                day=clock.day(on),
                after_visit=links.of(row, base, on),
                **times,
                **fixed,
            )
    links.finish(visits)
    return list(visits.values())


def _package(client: Row | None) -> tuple[date | None, date | None]:
    return (
        (None, None) if client is None else (client["start_date"], client["end_date"])
    )


def _check_expanded_ids(
    found: VisitDates, rows: Mapping[str, Row], source: Source
) -> None:
    """Refuse a dated visit whose id is also that of a pattern on a date."""
    for base in found.patterns:
        for visit_id in found.ids_of(base):
            if visit_id in rows:
                what = f"the pattern {base} makes a visit of the same id"
                source.row_fault(
                    rows[visit_id], Code.DUPLICATE, "visit_id", what, "Rename it."
                )


def _check_row(
    row: Row, clients: Mapping[str, Row], workers: Collection[str], source: Source
) -> None:
    client_id = row["client_id"]
    if client_id is not None and client_id not in clients:
        source.unknown(row, "client_id", client_id, "client", clients)
    pinned = row["pinned_workers"] or ()
    for worker_id in pinned:
        if worker_id not in workers:
            source.unknown(row, "pinned_workers", worker_id, "worker", workers)
    if client_id in clients:
        barred = set(pinned) & set(clients[client_id]["barred_workers"] or ())
        if barred:
            what = f"{', '.join(sorted(barred))} is pinned, and barred from the client"
            source.row_fault(
                row, Code.CONTRADICTION, "pinned_workers", what, "Decide for one."
            )
    required = row["workers_required"]
    if required is not None and len(pinned) > required:
        what = f"{len(pinned)} workers are pinned to a visit that needs {required}"
        source.row_fault(
            row, Code.CONTRADICTION, "pinned_workers", what, "Correct one of the two."
        )
    low, high = row["min_gap_min"], row["max_gap_min"]
    if low is not None and high is not None and high < low:
        what = "the most time after the earlier visit is below the least"
        source.row_fault(row, Code.CONTRADICTION, "max_gap_min", what, "Correct it.")


def _fixed_fields(row: Row) -> dict[str, Any]:
    required = row["workers_required"]
    return {
        "client_id": row["client_id"],
        "duration_s": row["duration_min"] * MINUTE_S,
        "workers_required": required,
        "skills": frozenset(row["skills"]),
        "priority": Priority(row["priority"]),
        "time_critical": row["time_critical"],
        "min_gap_s": row["min_gap_min"],
        "max_gap_s": _at_least(row["max_gap_min"], row["min_gap_min"]),
        "other_worker": row["other_worker"],
        "short_visit_agreed": row["short_visit_agreed"],
        "pinned_workers": row["pinned_workers"][:required],
        "extra": row.extra,
    }


def _at_least(value: int | None, low: int) -> int | None:
    """Keep a faulty row, already reported, from breaking the domain object."""
    return None if value is None else max(value, low)


def _times(
    row: Row, on: date, clock: WallClock, source: Source
) -> dict[str, Any] | None:
    """Return window, preferred and pinned start in seconds; None with a fault."""
    columns = ("earliest_start", "latest_start", "preferred_start", "pinned_start")
    seconds: dict[str, int | None] = {}
    for column in columns:
        wall = row[column]
        try:
            seconds[column] = None if wall is None else clock.seconds(on, wall)
        except CellError as error:
            source.row_fault(row, Code.WRONG_CELL, column, error.what, error.action)
            return None
    earliest, latest = seconds["earliest_start"] or 0, seconds["latest_start"] or 0
    if latest < earliest:
        if not _skipped(row, "earliest_start", "latest_start"):
            what = f"the window ends before it starts, at {row.raw['earliest_start']}"
            action = "Correct one of the two; past midnight is written as 24:30."
            source.row_fault(row, Code.ENDS_BEFORE_START, "latest_start", what, action)
            return None
        latest = earliest
    for column in columns[2:]:
        start = seconds[column]
        if start is None or earliest <= start <= latest:
            continue
        if not (
            _skipped(row, "earliest_start", column)
            and _skipped(row, column, "latest_start")
        ):
            what = (
                f"this start is outside the window, {row.raw['earliest_start']} "
                f"to {row.raw['latest_start']}"
            )
            source.row_fault(row, Code.OUTSIDE, column, what, "Correct one of them.")
            return None
        seconds[column] = min(max(start, earliest), latest)
    return {
        "window": TimeWindow(earliest_start_s=earliest, latest_start_s=latest),
        "preferred_start_s": seconds["preferred_start"],
        "pinned_start_s": seconds["pinned_start"],
    }


def _skipped(row: Row, before: str, after: str) -> bool:
    """Whether two times are in order as written, so that a clock change turned them."""
    first, second = row[before], row[after]
    plain = first.offset_s is None and second.offset_s is None
    return bool(plain and first.seconds <= second.seconds)


class _Links:
    """Finds the visit that another one follows."""

    def __init__(
        self, rows: Mapping[str, Row], when: VisitDates, source: Source
    ) -> None:
        self._rows = rows
        self._when = when
        self._source = source
        self._expanded = {id_ for base in when.patterns for id_ in when.ids_of(base)}
        self._unlinked = 0
        self._told: set[str] = set()

    def of(self, row: Row, base: str, on: date) -> str | None:
        """Return the earlier visit's id for the visit of a row on a date."""
        after: str | None = row["after_visit"]
        if after is None:
            return None
        if after in self._when.patterns:
            found = self._when.id_on(after, on)
            if found is None and base in self._when.patterns:
                self._unlinked += on != date.min
            elif found is None and row.ok:
                self._tell(row, base, "the pattern has no visit on this date")
            return found
        if after in self._expanded or after in self._rows:
            return after
        if base not in self._told:
            self._told.add(base)
            self._source.unknown(row, "after_visit", after, "visit", self._rows)
        return None

    def finish(self, visits: Mapping[str, Visit]) -> None:
        """Refuse circles, and say how many patterns had nothing to follow."""
        if self._unlinked:
            which = counted(self._unlinked, "visit follows", "visits follow")
            self._source.notes.append(
                f"{which} a weekly pattern that has no visit on the same day, with no "
                "gap to keep."
            )
        safe: set[str] = set()
        for visit_id in visits:
            path: list[str] = []
            here: str | None = visit_id
            while here is not None and here not in safe and here not in path:
                path.append(here)
                here = visits[here].after_visit if here in visits else None
            if here is not None and here in path:
                base = here if here in self._rows else here.rpartition("@")[0]
                what = "visits follow each other in a circle"
                self._tell(self._rows[base], base, what, Code.CIRCLE)
            safe.update(path)

    def _tell(
        self, row: Row, base: str, what: str, code: Code = Code.UNKNOWN_ID
    ) -> None:
        if base not in self._told:
            self._told.add(base)
            self._source.row_fault(
                row, code, "after_visit", what, "Correct or empty the cell."
            )
