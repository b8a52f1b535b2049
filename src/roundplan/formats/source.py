"""Reading files: bytes, text and tables, with everything wrong put on one list."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from roundplan.domain.visit import Extra
from roundplan.errors import DataError, DataProblem
from roundplan.formats.cells import CellError, closest
from roundplan.formats.codes import Code
from roundplan.formats.field_tables import Field, field_table

_Content = TypeVar("_Content")

MAX_HINTS = 50
"""Unknown ids for which the nearest known one is looked up: it takes a while."""

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel itself begin: .xlsx, which is a zip file, and .xls."""

_HOME_OF = {
    "client": ("clients.csv",),
    "worker": ("workers.csv",),
    "visit": ("visits.csv",),
    "provider": ("providers.csv",),
    "round": ("rounds.csv",),
    "place": ("places.csv", "clients.csv", "workers.csv"),
}
"""The files in which ids are at home."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: parsed values by column, and the unknown columns.

    ``extra`` is sorted by column, so that it does not depend on the file's order.
    ``ok`` says that every cell held what it should.
    """

    file: str
    line: int
    values: dict[str, Any]
    raw: dict[str, str]
    extra: Extra
    ok: bool

    def __getitem__(self, column: str) -> Any:
        """Return a value; None where the cell was empty and has no default."""
        return self.values[column]


@dataclass(slots=True)
class Source:
    """All that has been read: faults and notes for the user, hashes for the record."""

    faults: list[DataProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    _incomplete: set[str] = field(default_factory=set)
    """Files of which rows may be missing, so that an id missing there means nothing."""
    _hints: int = 0

    def fault(
        self,
        code: Code,
        file: str,
        what: str,
        action: str,
        *,
        line: int = 0,
        column: str = "",
        value: str | None = None,
    ) -> None:
        """Put something wrong on the list."""
        if code in (Code.NO_FILE, Code.NO_TABLE, Code.NO_COLUMN):
            self._incomplete.add(file)
        self.faults.append(
            DataProblem(
                code=code.value,
                file=file,
                line=line,
                column=column,
                value=value,
                what=what,
                action=action,
            )
        )

    def row_fault(
        self, row: Row, code: Code, column: str, what: str, action: str
    ) -> None:
        """Put something wrong with one cell on the list, with its value.

        Only for columns that are not personal.
        """
        value = row.raw.get(column) or None
        self.fault(
            code, row.file, what, action, line=row.line, column=column, value=value
        )

    def unknown(
        self, row: Row, column: str, id_: str, what: str, known: Collection[str]
    ) -> None:
        """Put an id that nobody has on the list, with the nearest that exists.

        Not where its own file could not be read whole: that is the real fault.
        """
        if not self._incomplete.isdisjoint(_HOME_OF[what]):
            return
        self._hints += 1
        hint = closest(id_, known) if self._hints <= MAX_HINTS else ""
        self.fault(
            Code.UNKNOWN_ID,
            row.file,
            f"there is no such {what} in {' or '.join(_HOME_OF[what])}",
            hint or "Correct the id, or add the row.",
            line=row.line,
            column=column,
            value=id_,
        )

    def lost_id(self, file: str) -> None:
        """Remember that a row of a file lost its id."""
        self._incomplete.add(file)

    def sound(self, file: str) -> bool:
        """Return whether nothing of a file is on the list so far."""
        return all(fault.file != file for fault in self.faults)

    def raise_faults(self) -> None:
        """Raise everything on the list at once, file by file and line by line.

        Raises
        ------
        DataError
            E1000. There is something on the list.
        """
        if not self.faults:
            return
        order = {name: i for i, name in enumerate(dict.fromkeys(self._files()))}
        raise DataError(sorted(self.faults, key=lambda p: (order[p.file], p.line)))

    def _files(self) -> Iterator[str]:
        return (problem.file for problem in self.faults)

    def read(self, path: Path, name: str) -> bytes | None:
        """Read a file, and note its hash under ``name``."""
        content = self._opened(path, name, Path.read_bytes)
        if content is not None:
            self.hashes[name] = hashlib.sha256(content).hexdigest()
        return content

    def note_hash(self, path: Path, name: str) -> str | None:
        """Note the hash of a file that is read elsewhere, and may be large."""
        digest = self._opened(path, name, _sha256)
        if digest is not None:
            self.hashes[name] = digest
        return digest

    def _opened(
        self, path: Path, name: str, use: Callable[[Path], _Content]
    ) -> _Content | None:
        if not path.is_file():
            missing = "is not a file" if path.exists() else "does not exist"
            self.fault(Code.NO_FILE, name, f"it {missing}", "Check the name and path.")
            return None
        try:
            return use(path)
        except OSError as error:
            reason = error.strerror or "the system refuses"
            self.fault(
                Code.NO_FILE,
                name,
                f"it cannot be opened: {reason}",
                "Close or move it.",
            )
            return None

    def read_text(self, path: Path, name: str) -> str | None:
        """Read a text file as UTF-8, or else as Windows-1252 with a note."""
        content = self.read(path, name)
        if content is None:
            return None
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.fault(Code.NO_TABLE, name, "it is UTF-16", "Save it as CSV UTF-8.")
            return None
        if content.startswith(_WORKBOOK):
            what = "it is an Excel workbook under another name"
            action = "Open it in Excel, and save it as CSV (UTF-8)."
            self.fault(Code.NO_TABLE, name, what, action)
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.notes.append(f"{name} is not UTF-8: it was read as Windows-1252.")
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:  # five bytes have no meaning in Windows-1252
            return content.decode("latin-1")

    def table(self, path: Path, table: str, name: str | None = None) -> list[Row]:
        """Read all rows of a CSV file by its field table."""
        return list(self.rows(path, table, name))

    def rows(self, path: Path, table: str, name: str | None = None) -> Iterator[Row]:
        """Read a CSV file row by row; a file that is no table has no rows."""
        name = name or path.name
        text = self.read_text(path, name)
        if text is None:
            return
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            what = "there is a NUL byte in it"
            self.fault(Code.NO_TABLE, name, what, "Save it again as CSV.", line=line)
            return
        lines = _Lines(text)
        try:
            header = next(lines, None)
            if header is None:
                what = "it is empty, without even a header row"
                action = "Put in the header row, or leave an optional file out."
                self.fault(Code.NO_TABLE, name, what, action)
                return
            reader = self._columns(name, table, header)
            if reader is not None:
                reader.semicolons = lines.semicolons
                for line, cells in lines:
                    if (row := reader.row(self, line, cells)) is not None:
                        yield row
        except csv.Error as error:
            self.fault(
                Code.NO_TABLE,
                name,
                f"the table breaks off: {error}",
                "Look for a lone quotation mark here or above.",
                line=lines.line,
            )

    def _columns(
        self, name: str, table: str, header: tuple[int, list[str]]
    ) -> _Columns | None:
        line, cells = header
        titles = [cell.strip() for cell in cells]
        while titles and not titles[-1]:
            titles.pop()
        known = {f.name: f for f in field_table(table)}
        found: list[tuple[str, Field | None]] = []
        for title in titles:
            column = title.lower() if title.lower() in known else title
            what = None
            if not column:
                what = "a column has no name"
            elif column in (c for c, _ in found):
                what = "two columns have the same name"
            if what:
                action = "Give each column its own name."
                self.fault(
                    Code.NO_TABLE, name, what, action, line=line, column=column[:80]
                )
                return None
            found.append((column, known.get(column)))
        extra = [column for column, f in found if f is None]
        missing = [
            f.name for f in known.values() if f.required and (f.name, f) not in found
        ]
        for column in missing:
            hint = closest(column, extra)
            self.fault(
                Code.NO_COLUMN,
                name,
                "the column is missing",
                hint or f"Add it; the columns are: {', '.join(known)}.",
                line=line,
                column=column,
            )
        for column in extra:
            if hint := closest(column, set(known) - {c for c, _ in found}):
                self.notes.append(f"{name}: unknown column {column!r}. {hint}")
        return None if missing else _Columns(name, found, list(known.values()))


def relative_name(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, with forward slashes on every system."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Lines:
    """Rows of cells with the line each starts on, blank ones left out."""

    def __init__(self, text: str) -> None:
        first = text.lstrip("\r\n").partition("\n")[0].strip(" \r")
        told = first[4:] if first[:4].lower() == "sep=" else ""
        self._skip = bool(told)
        self.semicolons = (told or _separator(first)) == ";"
        self._reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=told if len(told) == 1 else _separator(first),
            strict=True,
        )
        self.line = 1

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self.line = self._reader.line_num + 1
            cells = next(self._reader)
            if self._skip:
                self._skip = False
            elif any(cell and not cell.isspace() for cell in cells):
                return self.line, cells


def _separator(header: str) -> str:
    """Find what separates cells: Excel writes commas, semicolons or tabs.

    Semicolons stand where the comma is the decimal sign, tabs in text pasted from it.
    """
    return max(",;\t", key=header.count)


class _Columns:
    """The columns a file has, to read its rows with."""

    def __init__(
        self, file: str, found: list[tuple[str, Field | None]], known: list[Field]
    ) -> None:
        self.file = file
        self.semicolons = False
        self._found = found
        self._id = known[0]  # the first column of every table with ids
        self._cache: list[dict[str, Any]] = [{} for _ in found]
        here = {column for column, _ in found}
        self._absent = {f.name: f.empty for f in known if f.name not in here}

    def row(self, source: Source, line: int, cells: list[str]) -> Row | None:
        """Read one row; every cell that is wrong is put on the list."""
        width = len(self._found)
        if any(cell.strip() for cell in cells[width:]):
            what = f"the row has too many cells: {len(cells)} for {width} columns"
            action = "Put cells that hold the separator into quotation marks."
            source.fault(Code.NO_TABLE, self.file, what, action, line=line)
            return None
        values = dict(self._absent)
        raw: dict[str, str] = {}
        extra: list[tuple[str, str]] = []
        ok = True
        # Excel leaves out the separators of empty cells at the end of a row.
        filled = cells + [""] * (width - len(cells))
        for (column, known), cache, cell in zip(
            self._found, self._cache, filled, strict=False
        ):
            text = cell.strip()
            if known is None:
                if text:
                    extra.append((column, text))
                continue
            raw[column] = text
            value = cache.get(text, cache)
            if value is cache:  # not seen before; None is a value too
                try:
                    value = self._parse(known, text)
                except CellError as error:
                    ok = False
                    value = None
                    source.fault(
                        Code.WRONG_CELL if text else Code.EMPTY_CELL,
                        self.file,
                        error.what,
                        error.action,
                        line=line,
                        column=column,
                        value=None if known.personal or not text else text,
                    )
                    if known is self._id:
                        source.lost_id(self.file)
                else:
                    cache[text] = value
            values[column] = value
        return Row(
            file=self.file,
            line=line,
            values=values,
            raw=raw,
            extra=tuple(sorted(extra)),
            ok=ok,
        )

    def _parse(self, known: Field, text: str) -> Any:
        if text:
            return known.parse(text, self.semicolons)
        if known.required:
            what = "the cell is empty"
            raise CellError(what, "Fill it in.")
        return known.empty
