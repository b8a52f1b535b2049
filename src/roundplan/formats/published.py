"""What workers were told to work, and when: one row for each time that it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from roundplan.formats.cells import CellError, WallTime, clock_text, joined, parser_of
from roundplan.formats.codes import Code
from roundplan.formats.source import Row, Source
from roundplan.formats.tables import table_text
from roundplan.formats.whole import write_whole

PUBLISHED = "published.csv"
"""The file in an output folder, beside ``current``."""

Span = tuple[int, int]
"""Seconds on the wall clock since the midnight of a date, on into the next day."""

_TIME = "time 60"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one worker was told of one day; the fields are those of published.csv."""

    at: datetime
    roster: str
    sha256: str
    worker_id: str
    on: date
    works: tuple[Span, ...]
    paid_s: int
    added_s: int
    cancelled_s: int
    notice_s: int


def load_published(folder: Path) -> tuple[Published, ...]:
    """Read what has been published from an output folder; nothing without the file.

    Raises
    ------
    DataError
        E1000. The file is damaged.
    """
    source = Source()
    path = folder / PUBLISHED
    rows = source.table(path, "published") if path.exists() else []
    found = [_published(row, source) for row in rows]
    source.raise_faults()
    return tuple(item for item in found if item is not None)


def save_published(folder: Path, published: Sequence[Published]) -> Path:
    """Write all that has been published, whole or not at all."""
    path = folder / PUBLISHED
    rows = [
        {
            "published_at": item.at.isoformat(timespec="minutes"),
            "roster": item.roster,
            "roster_sha256": item.sha256,
            "worker_id": item.worker_id,
            "date": str(item.on),
            "works": joined(map(_span_text, item.works)),
            "paid_s": str(item.paid_s),
            "added_s": str(item.added_s),
            "cancelled_s": str(item.cancelled_s),
            "notice_s": str(item.notice_s),
        }
        for item in published
    ]
    write_whole(path, table_text("published", rows, every_column=True))
    return path


def latest(published: Iterable[Published]) -> dict[tuple[str, date], Published]:
    """Return what was said last, by worker_id and date."""
    return {(item.worker_id, item.on): item for item in published}


def _published(row: Row, source: Source) -> Published | None:
    if not row.ok:
        return None
    try:
        at = datetime.fromisoformat(row["published_at"])
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        what = "this is no time with a UTC offset"
        action = "Write it as 2026-05-22T16:00+01:00."
        source.row_fault(row, Code.WRONG_CELL, "published_at", what, action)
        return None
    try:
        works = tuple(_span(text) for text in row["works"])
    except CellError as error:
        source.row_fault(row, Code.WRONG_CELL, "works", error.what, error.action)
        return None
    return Published(
        at=at,
        roster=row["roster"],
        sha256=row["roster_sha256"],
        worker_id=row["worker_id"],
        on=row["date"],
        works=works,
        paid_s=row["paid_s"],
        added_s=row["added_s"],
        cancelled_s=row["cancelled_s"],
        notice_s=row["notice_s"],
    )


def _span(text: str) -> Span:
    begin, dash, end = text.partition("-")
    if not dash:
        what = "a span of time has a start and an end"
        raise CellError(what, "Write it as 07:35-14:30.")
    times: list[WallTime] = [parser_of(_TIME)(part, False) for part in (begin, end)]
    return times[0].seconds, times[1].seconds


def _span_text(span: Span) -> str:
    return f"{clock_text(span[0])}-{clock_text(span[1])}"
