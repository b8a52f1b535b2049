"""Reading ``changes.csv``: what has happened since a roster was made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from roundplan.domain import Event, EventKind, Problem, TimeWindow, Visit
from roundplan.formats.cells import CellError, WallTime
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.source import Row, Source
from roundplan.units import MINUTE_S

CHANGES = "changes"

_NEEDS = {
    EventKind.WORKER_ABSENT: ("worker_id", "date"),
    EventKind.CLIENT_AWAY: ("client_id", "date"),
    EventKind.VISIT_CANCELLED: ("visit_id",),
    EventKind.VISIT_CHANGED: ("visit_id",),
    EventKind.NEW_VISIT: (
        *("visit_id", "client_id", "date", "duration_min"),
        *("earliest_start", "latest_start"),
    ),
    EventKind.SHIFTS_SWAPPED: ("worker_id", "other_worker", "date"),
}


def load_changes(path: Path | str, problem: Problem) -> tuple[Event, ...]:
    """Read what has happened, in the columns of ``changes.csv``.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with the file, its ids and dates among it.
    """
    source = Source()
    path = Path(path)
    reader = _Reader(problem, source)
    events = [
        event
        for row in source.table(path, CHANGES, path.name)
        if row.ok
        for event in reader.events(row)
    ]
    source.raise_faults()
    return tuple(events)


class _Reader:
    def __init__(self, problem: Problem, source: Source) -> None:
        self._problem, self._source = problem, source
        horizon = problem.horizon
        self._clock = WallClock(horizon.start_date, horizon.timezone)
        self._new: set[str] = set()
        self._new_clients: set[str] = set()

    def events(self, row: Row) -> list[Event]:
        """Return what a row says: one event for each day of an absence."""
        before = len(self._source.faults)
        kind = EventKind(row["change"])
        for column in _NEEDS[kind]:
            if row[column] is None:
                what = f"a change of kind {kind} needs this"
                self._source.row_fault(
                    row, Code.EMPTY_CELL, column, what, "Fill it in."
                )
        self._check_ids(row, kind)
        dates = self._dates(row)
        if len(self._source.faults) > before:
            return []
        if kind in (EventKind.VISIT_CHANGED, EventKind.VISIT_CANCELLED):
            visit = self._problem.visit(row["visit_id"])
            dates = [self._clock.date_of(visit.day)]
        found = [self._event(row, kind, on) for on in dates]
        return [event for event in found if event is not None]

    def _check_ids(self, row: Row, kind: EventKind) -> None:
        problem = self._problem
        clients = {c.client_id for c in problem.clients}
        if row["beside"] is not None and row["client_id"] is not None:
            self._new_clients.add(row["client_id"])
            if row["client_id"] in clients:
                what = "the client is not new"
                action = "Leave beside empty, or give the new client another id."
                self._source.row_fault(row, Code.DUPLICATE, "beside", what, action)
        known = (
            ("worker_id", "worker", {w.worker_id for w in problem.workers}),
            ("other_worker", "worker", {w.worker_id for w in problem.workers}),
            ("beside", "client", clients),
            ("client_id", "client", clients | self._new_clients),
        )
        for column, what, ids in known:
            if row[column] is not None and row[column] not in ids:
                self._source.unknown(row, column, row[column], what, ids)
        visit_id = row["visit_id"]
        if visit_id is None:
            return
        visits = {v.visit_id for v in problem.visits}
        if kind is not EventKind.NEW_VISIT:
            if visit_id not in visits:
                self._source.unknown(row, "visit_id", visit_id, "visit", visits)
        elif visit_id in visits | self._new:
            what = "there is a visit of that id already"
            action = "Give the new visit an id of its own."
            self._source.row_fault(row, Code.DUPLICATE, "visit_id", what, action)
        else:
            self._new.add(visit_id)

    def _dates(self, row: Row) -> list[date]:
        first, last = row["date"], row["to_date"] or row["date"]
        if first is None:
            return []
        if last < first:
            self._source.row_fault(
                row,
                Code.ENDS_BEFORE_START,
                "to_date",
                "it is before the date",
                "Correct one of them.",
            )
        days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
        inside = [
            on for on in days if 0 <= self._clock.day(on) < self._problem.horizon.days
        ]
        if days and not inside:
            what = "the roster does not have that day"
            self._source.row_fault(
                row, Code.OUTSIDE, "date", what, "Correct the date, or leave the row."
            )
        return inside

    def _event(self, row: Row, kind: EventKind, on: date) -> Event | None:
        start_s, end_s = self._at(row, "from", on), self._at(row, "to", on)
        window = None
        visit: Visit | None = None
        if kind is EventKind.VISIT_CHANGED:
            visit = self._problem.visit(row["visit_id"])
            new = ("duration_min", "earliest_start", "latest_start")
            if all(row[column] is None for column in new):
                what = "the row changes nothing about the visit"
                action = "Give a length, an earliest or a latest start."
                self._source.row_fault(
                    row, Code.EMPTY_CELL, "duration_min", what, action
                )
                return None
        if row["earliest_start"] is not None or row["latest_start"] is not None:
            low = visit.window.earliest_start_s if visit else 0
            high = visit.window.latest_start_s if visit else 0
            if row["earliest_start"] is not None:
                low = self._at(row, "earliest_start", on)
            if row["latest_start"] is not None:
                high = self._at(row, "latest_start", on)
            if high < low:
                what = "the window ends before it starts"
                self._source.row_fault(
                    row, Code.ENDS_BEFORE_START, "latest_start", what, "Correct it."
                )
                return None
            window = TimeWindow(earliest_start_s=low, latest_start_s=high)
        if end_s <= start_s:
            what = "the absence ends before it begins"
            self._source.row_fault(
                row, Code.ENDS_BEFORE_START, "to", what, "Correct one of the times."
            )
            return None
        minutes = row["duration_min"]
        return Event(
            kind=kind,
            worker_id=row["worker_id"],
            other_worker=row["other_worker"],
            client_id=row["client_id"],
            beside=row["beside"],
            visit_id=row["visit_id"],
            start_s=start_s,
            end_s=end_s,
            day=self._clock.day(on),
            duration_s=None if minutes is None else minutes * MINUTE_S,
            window=window,
            workers_required=row["workers_required"],
            skills=frozenset(row["skills"]),
        )

    def _at(self, row: Row, column: str, on: date) -> int:
        wall: WallTime = row[column]
        try:
            return self._clock.seconds(on, wall)
        except CellError as error:
            self._source.row_fault(
                row, Code.WRONG_CELL, column, error.what, error.action
            )
            return 0
