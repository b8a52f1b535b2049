"""Reading the trace of a search back from its CSV file."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from roundplan.errors import UsageError

NEEDED = ("elapsed_s", "iterations", "temperature_p", "unassigned_visits", "total_p")
"""Columns that every trace has; the others are terms (``_p``) and ruins."""

COUNTS = ("_tried", "_accepted", "_improved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trace by column; all columns have an entry for each moment."""

    columns: dict[str, tuple[float, ...]]

    def __getitem__(self, column: str) -> tuple[float, ...]:
        """Return a column."""
        return self.columns[column]

    @property
    def terms(self) -> list[str]:
        """Names of the cost terms, in the file's order."""
        return [
            name.removesuffix("_p")
            for name in self.columns
            if name.endswith("_p") and name not in NEEDED
        ]

    @property
    def ruins(self) -> list[str]:
        """Names of the ruins, in the file's order."""
        tried = COUNTS[0]
        return [n.removesuffix(tried) for n in self.columns if n.endswith(tried)]


def read_trace(path: Path | str) -> Trace:
    """Read what ``Result.save_trace`` or ``roundplan plan --trace`` wrote.

    Raises
    ------
    UsageError
        E1002. The file cannot be read, or is no trace.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        msg = f"{path.name} cannot be read: {reason}"
        raise UsageError(msg) from error
    rows = [row for row in csv.reader(text.splitlines()) if row]
    head = rows[0] if rows else []
    lacking = [name for name in NEEDED if name not in head]
    lacking += [
        ruin + count
        for ruin in (n.removesuffix("_tried") for n in head if n.endswith("_tried"))
        for count in COUNTS
        if ruin + count not in head
    ]
    if lacking:
        msg = f"{path.name} is no trace of a search: it has no {', '.join(lacking)}"
        raise UsageError(msg)
    if len(rows) < 2:
        msg = f"{path.name} has no moment of a search in it"
        raise UsageError(msg)
    values: list[list[float]] = []
    for line, row in enumerate(rows[1:], start=2):
        try:
            numbers = [float(cell) for cell in row]
        except ValueError:
            numbers = []
        if len(numbers) != len(head) or not all(map(math.isfinite, numbers)):
            msg = f"{path.name}, row {line}, is not a number for each column"
            raise UsageError(msg)
        values.append(numbers)
    columns = zip(*values, strict=True)
    return Trace(columns=dict(zip(head, columns, strict=True)))
