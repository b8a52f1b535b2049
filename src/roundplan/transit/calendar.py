"""Which services of a GTFS feed run on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from roundplan.errors import UsageError
from roundplan.transit.tables import Tables

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = "1", "2"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly services with their first and last date, and exceptions by date."""

    weekly: tuple[tuple[str, frozenset[int], date, date], ...]
    exceptions: tuple[tuple[str, date, str], ...]

    @classmethod
    def read(cls, tables: Tables) -> Calendar:
        """Read both files, of which a feed may lack one; note what is wrong."""
        before = len(tables.problems)
        calendar = tables.read(
            "calendar.txt", ["service_id", *_DAYS, "start_date", "end_date"]
        )
        dates = tables.read(
            "calendar_dates.txt", ["service_id", "date", "exception_type"]
        )
        if calendar is None and dates is None and len(tables.problems) == before:
            what = "the feed has neither this file nor calendar_dates.txt"
            tables.say("E1101", "calendar.txt", what, "Get the whole feed")
        weekly, exceptions = [], []
        if calendar is not None:
            for column in _DAYS:
                bad = ~calendar[column].isin(["0", "1"]).to_numpy(bool)
                what = "it is neither 0 nor 1"
                tables.say_cells(
                    "E1104", "calendar.txt", calendar, column, bad, what, "Correct it"
                )
            for line, row in zip(
                calendar.index.tolist(), calendar.to_dict("records"), strict=True
            ):
                first, last = (
                    _date(tables, "calendar.txt", line, column, row[column])
                    for column in ("start_date", "end_date")
                )
                days = frozenset(k for k, day in enumerate(_DAYS) if row[day] == "1")
                if first and last:
                    weekly.append((row["service_id"], days, first, last))
        if dates is not None:
            bad = ~dates["exception_type"].isin([_ADDED, _REMOVED]).to_numpy(bool)
            tables.say_cells(
                "E1104",
                "calendar_dates.txt",
                dates,
                "exception_type",
                np.asarray(bad),
                "it is neither 1 (added) nor 2 (removed)",
                "Correct it",
            )
            for line, row in zip(
                dates.index.tolist(), dates.to_dict("records"), strict=True
            ):
                day = _date(tables, "calendar_dates.txt", line, "date", row["date"])
                if day:
                    exceptions.append((row["service_id"], day, row["exception_type"]))
        return cls(tuple(weekly), tuple(exceptions))

    def active(self, day: date) -> frozenset[str]:
        """Return the services that run on a date."""
        running = {
            service
            for service, days, first, last in self.weekly
            if first <= day <= last and day.weekday() in days
        }
        for service, when, kind in self.exceptions:
            if when == day:
                (running.add if kind == _ADDED else running.discard)(service)
        return frozenset(running)

    def check_serves(self, day: date) -> None:
        """Refuse a date on which nothing runs.

        Raises
        ------
        UsageError
            E1002, with the dates that the feed covers.
        """
        if self.active(day):
            return
        every = [d for _, _, first, last in self.weekly for d in (first, last)]
        every += [when for _, when, kind in self.exceptions if kind == _ADDED]
        covers = f"it covers {min(every)} to {max(every)}" if every else "it is empty"
        msg = f"the timetable has no service on {day}: {covers}. Choose another date"
        raise UsageError(msg)


def _date(tables: Tables, file: str, line: int, column: str, cell: str) -> date | None:
    try:
        if len(cell) == 8:
            return datetime.strptime(cell, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        pass
    what, action = "it is not a date", "Write it as 20260601"
    tables.say("E1104", file, what, action, line=line, column=column, value=cell)
    return None
