"""The council's return as a workbook: counts, wholes, shares, change, definitions."""

from __future__ import annotations

import io

from roundplan.charter.returns import Change, CouncilReturn, changes
from roundplan.report.workbook import Column, Sheets, new_book

FIGURES = (
    Column("Figure", width=44),
    Column("Count", "figure", 10),
    Column("Of", "figure", 10),
    Column("Unit", width=12),
    Column("Share %", "tenth", 9),
    Column("Last count", "figure", 10),
    Column("Last of", "figure", 10),
    Column("Last share %", "tenth", 12),
    Column("Change", "figure", 9),
    Column("Change, points", "tenth", 14),
    Column("Definition, or what it needs", width=90),
)


def return_workbook(made: CouncilReturn, before: CouncilReturn | None) -> bytes:
    """Return a workbook of a return; ``before`` is the one it is compared with.

    Of a figure whose definition has changed since, nothing of before is shown.
    """
    buffer = io.BytesIO()
    book = new_book(buffer, made.first)
    sheets = Sheets(book)
    none = CouncilReturn(first=made.first, last=made.last, figures=(), notes=())
    compared = changes(made, before or none)
    sheets.table("Return", FIGURES, map(_row, compared))
    about = [f"The council's return, {made.first} to {made.last}."]
    if before is not None:
        about.append(f"Last: {before.first} to {before.last}.")
    about += [
        f"Not compared, its definition has changed: {c.figure.figure}."
        for c in compared
        if c.before is not None and not c.comparable
    ]
    column = (Column("About this return", width=100),)
    sheets.table("About", column, ((line,) for line in (*about, *made.notes)))
    book.close()
    return buffer.getvalue()


def _row(change: Change) -> tuple[float | str | None, ...]:
    now = change.figure
    last = change.before if change.comparable else None
    return (
        now.figure,
        now.count,
        now.of,
        now.unit,
        now.percent,
        None if last is None else last.count,
        None if last is None else last.of,
        None if last is None else last.percent,
        change.count,
        change.points,
        now.definition if now.count is not None else f"needs {now.needs}",
    )
