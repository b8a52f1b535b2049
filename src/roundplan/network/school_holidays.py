"""School holidays, in which school streets are open."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from roundplan.errors import NetworkError

COLUMNS = ("first_date", "last_date", "name", "source")


@dataclass(frozen=True, slots=True)
class SchoolHolidays:
    """Holidays of an area's schools, both dates of each included.

    ``spans`` are sorted and do not overlap. Outside of the dates from the first to the
    last, nothing is known: schools are taken to be open.
    """

    spans: tuple[tuple[date, date], ...]

    def holds(self, day: date) -> bool:
        """Return whether a date is in a holiday."""
        return any(first <= day <= last for first, last in self.spans)

    def covers(self, day: date) -> bool:
        """Return whether the calendar reaches that date."""
        return bool(self.spans) and self.spans[0][0] <= day <= self.spans[-1][1]

    @classmethod
    def standard(cls) -> SchoolHolidays:
        """Return the calendar that comes with roundplan, for London's schools."""
        return _standard()

    @classmethod
    def read(cls, path: Path | str) -> SchoolHolidays:
        """Read a calendar from a CSV file with ``COLUMNS``, the last two optional.

        Raises
        ------
        NetworkError
            E2001. All that is wrong with it: a file that cannot be read, columns that
            are missing, dates that are none, end before they begin or overlap.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            msg = f"the school holidays {path.name} cannot be read: {reason}"
            raise NetworkError(msg) from error
        return cls(_spans(text, path.name))


@cache
def _standard() -> SchoolHolidays:
    name = "school_holidays.csv"
    text = files("roundplan.network").joinpath(name).read_text(encoding="utf-8")
    return SchoolHolidays(_spans(text, name))


def _spans(text: str, name: str) -> tuple[tuple[date, date], ...]:
    rows = csv.DictReader(
        line for line in text.splitlines() if line.strip() and not line.startswith("#")
    )
    if lacking := [c for c in COLUMNS[:2] if c not in (rows.fieldnames or ())]:
        msg = f"the school holidays {name} have no column {', '.join(lacking)}"
        raise NetworkError(msg)
    spans, wrong = [], []
    for number, row in enumerate(rows, start=1):
        try:
            first, last = (
                date.fromisoformat((row[c] or "").strip()) for c in COLUMNS[:2]
            )
        except ValueError:
            wrong.append(f"holiday {number} has no dates such as 2026-10-26")
            continue
        if last < first:
            wrong.append(f"holiday {number} ends before it begins")
        spans.append((first, last))
    spans.sort()
    for (_, before), (after, _) in pairwise(spans):
        if after <= before:
            wrong.append(f"the holiday from {after} begins before another has ended")
    if wrong or not spans:
        msg = f"the school holidays {name}: {'; '.join(wrong) or 'there are none'}"
        raise NetworkError(msg)
    return tuple(spans)
