"""Names and addresses: read only when something is printed for people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from roundplan.formats.codes import Code
from roundplan.formats.source import Source

PEOPLE = "people.csv"
"""An input that may change: a new telephone number makes no other roster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a run sheet says of a client or worker; what is not known is empty."""

    name: str = ""
    address: str = ""
    phone: str = ""
    access_notes: str = ""


def load_people(folder: Path | str) -> dict[str, Person]:
    """Read people.csv of a problem folder, by client_id or worker_id.

    No file, no people. Rows of ids that the folder does not have are kept: they are
    of those who have left, and nothing asks for them.

    Raises
    ------
    DataError
        E1000. The file is no table, or a row names nobody, two people, or somebody
        twice.
    """
    source, found = Source(), {}
    lines: dict[str, int] = {}
    path = Path(folder) / PEOPLE
    for row in source.rows(path, "people") if path.exists() else ():
        ids = [row[c] for c in ("client_id", "worker_id") if row[c] is not None]
        if len(ids) != 1:
            what = "a row is of one client or one worker"
            action = "Fill in client_id or worker_id, not both."
            source.row_fault(row, Code.CONTRADICTION, "client_id", what, action)
            continue
        if ids[0] in lines:
            what = f"line {lines[ids[0]]} is of the same person"
            column = "client_id" if row["client_id"] else "worker_id"
            source.row_fault(row, Code.DUPLICATE, column, what, "Keep one of them.")
            continue
        lines[ids[0]] = row.line
        found[ids[0]] = Person(
            **{name: row[name] or "" for name in Person.__dataclass_fields__}
        )
    source.raise_faults()
    return found
