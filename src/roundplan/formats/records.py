"""Rows of history.csv, overrides.csv and a rates file to objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from roundplan.domain import HistoryEntry, Override, Rate, Rule
from roundplan.formats.cells import counted
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.source import Row, Source
from roundplan.formats.visits import VisitDates


def build_history(
    rows: Iterable[Row],
    clients: Collection[str],
    workers: Collection[str],
    source: Source,
) -> list[HistoryEntry]:
    """Make the history; rows of people who have left are left out with a note."""
    entries = []
    lines: dict[tuple[str, str], int] = {}
    gone = 0
    for row in rows:
        if not row.ok:
            continue
        pair = (row["client_id"], row["worker_id"])
        if pair in lines:
            what = f"line {lines[pair]} is of the same client and worker"
            source.row_fault(row, Code.DUPLICATE, "worker_id", what, "Add them up.")
        lines.setdefault(pair, row.line)
        if row["last_visit"] < row["first_visit"]:
            source.row_fault(
                row,
                Code.ENDS_BEFORE_START,
                "last_visit",
                "the last visit is before the first",
                "Correct one of the dates.",
            )
        if pair[0] not in clients or pair[1] not in workers:
            gone += 1
            continue
        entries.append(
            HistoryEntry(
                client_id=pair[0],
                worker_id=pair[1],
                visits=row["visits"],
                first_visit=row["first_visit"],
                last_visit=row["last_visit"],
            )
        )
    if gone:
        which = counted(gone, "row of history.csv is", "rows of history.csv are")
        source.notes.append(
            f"{which} of a client or worker who is not in this folder, and left out."
        )
    return entries


def build_overrides(
    rows: Iterable[Row],
    when: VisitDates,
    visits: Collection[str],
    workers: Collection[str],
    clock: WallClock,
    days: int | None,
    source: Source,
) -> list[Override]:
    """Make the overrides; one of a weekly pattern becomes one of each visit."""
    overrides = []
    outside = 0
    for row in rows:
        visit_id, worker_id, on = row["visit_id"], row["worker_id"], row["date"]
        if not row.ok:
            continue
        if (visit_id is None) == (worker_id is None):
            what = "an override names one visit or one worker"
            action = "Fill in either visit_id or worker_id."
            source.row_fault(row, Code.CONTRADICTION, "visit_id", what, action)
            continue
        if on is not None and days is not None and not 0 <= clock.day(on) < days:
            outside += 1
            continue
        if worker_id is not None and worker_id not in workers:
            source.unknown(row, "worker_id", worker_id, "worker", workers)
        targets: list[str | None] = [visit_id]
        if visit_id in when.patterns:
            ids = when.ids_of(visit_id) if on is None else [when.id_on(visit_id, on)]
            targets = [id_ for id_ in ids if id_ is not None]
        elif visit_id is not None and visit_id not in visits:
            source.unknown(row, "visit_id", visit_id, "visit", visits)
        overrides += [
            Override(
                rule=Rule(row["rule"]),
                visit_id=target,
                worker_id=worker_id,
                reason=row["reason"],
                approved_by=row["approved_by"],
                day=None if on is None else clock.day(on),
            )
            for target in targets
        ]
    if outside:
        which = counted(outside, "override is of a day", "overrides are of days")
        source.notes.append(f"{which} outside the horizon.")
    return overrides


def load_rates(path: Path) -> tuple[Rate, ...]:
    """Read a file of rates, in the columns of the shipped table.

    Raises
    ------
    DataError
        E1000. Whatever is wrong with the file.
    """
    source = Source()
    rates = build_rates(source.table(path, "rates", path.name), source)
    source.raise_faults()
    return tuple(rates)


def build_rates(rows: Iterable[Row], source: Source) -> list[Rate]:
    """Make the user's rates; two that hold on the same day are a fault."""
    rates = []
    dated: Mapping[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if not row.ok:
            continue
        if row["effective_to"] and row["effective_to"] < row["effective_from"]:
            source.row_fault(
                row,
                Code.ENDS_BEFORE_START,
                "effective_to",
                "the rate ends before it starts",
                "Correct one of the dates.",
            )
            continue
        dated[row["rate"], row["region"]].append(row)
        rates.append(
            Rate(
                rate=row["rate"],
                region=row["region"],
                value=row.raw["value"],
                unit=row["unit"],
                announced=row["announced"],
                effective_from=row["effective_from"],
                effective_to=row["effective_to"],
                verified_to=row["verified_to"],
                source=row["source"],
                confidence=row["confidence"] or "",
            )
        )
    for same in dated.values():
        _check_rates(sorted(same, key=lambda r: r["effective_from"]), source)
    return rates


def _check_rates(rows: list[Row], source: Source) -> None:
    before: Row | None = None
    for row in rows:
        if before is not None and row["effective_from"] <= _last_day(before):
            what = f"it holds on days on which line {before.line} holds too"
            action = "End one rate the day before the next starts (effective_to)."
            source.row_fault(row, Code.RATES_OVERLAP, "effective_from", what, action)
        if before is None or _last_day(row) > _last_day(before):
            before = row


def _last_day(row: Row) -> date:
    return row["effective_to"] or date.max
