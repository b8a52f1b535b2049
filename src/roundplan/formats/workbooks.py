"""A problem folder from an Excel workbook, or from exports with other headings.

A workbook has a sheet for each table of the problem folder, named like its file without
``.csv``, and a sheet ``problem`` with the keys of ``problem.toml`` in its first column
and their values in the second. Exports of other systems are told by a mapping.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from roundplan.errors import DataError, DataProblem, UsageError
from roundplan.formats.codes import Code
from roundplan.formats.field_tables import PROBLEM_TABLES, Field, field_table
from roundplan.formats.load import read_folder
from roundplan.units import HOUR_S, MINUTE_S

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
SETTINGS = "problem"

Grid = list[list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """Where a table is in the sources, and what its columns are called there.

    ``sheet`` is the name of a sheet, or of a CSV file without its ending;
    ``date_format`` and ``time_format`` are as ``strptime`` has them, for dates and
    times that are text.
    """

    sheet: str
    names: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    time_format: str = ""


def load_mapping(path: Path) -> dict[str, TableMapping]:
    """Read a mapping: a TOML file with a section for each table.

    Raises
    ------
    UsageError
        E1002. It cannot be read, or names a table or column that there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"the mapping {path.name} cannot be read: {error}"
        raise UsageError(msg) from error
    found = {}
    wrong = []
    for table, section in content.items():
        if table not in PROBLEM_TABLES or not isinstance(section, dict):
            wrong.append(f"[{table}] is no table of a problem folder")
            continue
        own = {k: str(v) for k, v in section.items()}
        sheet = own.pop("sheet", table)
        formats = {k: own.pop(k, "") for k in ("date_format", "time_format")}
        known = {f.name for f in field_table(table)}
        wrong += [
            f"[{table}] has no column {name}" for name in own if name not in known
        ]
        found[table] = TableMapping(sheet=sheet, names=own, **formats)
    if wrong:
        msg = f"the mapping {path.name}: {'; '.join(wrong)}"
        raise UsageError(msg)
    return found


def import_problem(
    sources: Sequence[Path],
    out: Path,
    mapping: Mapping[str, TableMapping] | None = None,
) -> tuple[str, ...]:
    """Write a problem folder from workbooks and CSV files, whole or not at all.

    The folder is read as a plan would read it before it gets its name; travel and
    network files that it names are not needed for that. Columns that roundplan does not
    know are kept.

    Returns
    -------
    tuple of str
        What was taken and what was left out, in sentences.

    Raises
    ------
    UsageError
        E1002. ``out`` is there already, or nothing in the sources is a table.
    DataError
        E1000. All that is wrong with the tables, by table and row.
    """
    if out.exists():
        msg = f"{out} is there already: give --out a new folder"
        raise UsageError(msg)
    mapping = mapping or {}
    grids = {name: grid for path in sources for name, grid in _grids(path).items()}
    by_name = {name.strip().lower(): name for name in grids}
    texts: dict[str, str] = {}
    notes = []
    taken = set()
    for table in PROBLEM_TABLES:
        how = mapping.get(table, TableMapping(sheet=table))
        sheet = by_name.get(how.sheet.strip().lower())
        if sheet is None:
            if table in mapping:
                names = ", ".join(grids)
                msg = f"there is no sheet or file {how.sheet!r}, only {names}"
                raise UsageError(msg)
            continue
        taken.add(sheet)
        if table == SETTINGS:
            texts["problem.toml"] = _settings_text(grids[sheet])
            continue
        text, rows, kept = _table_text(table, grids[sheet], how)
        texts[f"{table}.csv"] = text
        extra = f", with {', '.join(kept)} besides" if kept else ""
        notes.append(f"{table}.csv: {rows:,} rows of {sheet}{extra}")
    left = [name for name in grids if name not in taken]
    if left:
        notes.append(f"left out, since they are no table: {', '.join(left)}")
    if not texts:
        msg = f"none of {', '.join(grids) or 'the files'} is a table of a problem"
        raise UsageError(msg)
    _put(texts, out)
    return tuple(notes)


def _put(texts: Mapping[str, str], out: Path) -> None:
    """Write the files into a folder, read it, and give it its name."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".import-", dir=out.parent))
    try:
        for name, text in texts.items():
            (temporary / name).write_text(text, encoding="utf-8", newline="\n")
        read_folder(temporary, with_travel=False)
        temporary.chmod(0o755)  # mkdtemp makes folders for one's own eyes only
        temporary.rename(out)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _grids(path: Path) -> dict[str, Grid]:
    """Return the tables of a file by name: all sheets of a workbook, or a CSV file."""
    if not path.is_file():
        raise _refused(path, Code.NO_FILE, "there is no such file", "Check the path")
    if path.suffix.lower() in BOOKS:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_path(str(path))
            return {
                name: book.get_sheet_by_name(name).to_python()
                for name in book.sheet_names
            }
        except (CalamineError, OSError, ValueError) as error:
            what = "it is not a workbook, or is damaged"
            raise _refused(path, Code.NO_TABLE, what, "Save it again") from error
    try:
        text = path.read_text(encoding="utf-8-sig")
        shape = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t")
        return {path.stem: list(csv.reader(io.StringIO(text), shape))}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = "it is not a table that can be read"
        raise _refused(path, Code.NO_TABLE, what, "Save it as CSV (UTF-8)") from error


def _refused(path: Path, code: Code, what: str, action: str) -> DataError:
    problem = DataProblem(
        code=code.value,
        file=path.name,
        line=0,
        column="",
        value=None,
        what=what,
        action=action,
    )
    return DataError([problem])


def _table_text(
    table: str, grid: Grid, how: TableMapping
) -> tuple[str, int, list[str]]:
    """Return a table as CSV, its number of rows, and its columns that are not ours."""
    if not grid:
        return "", 0, []
    ours = {theirs.strip().lower(): name for name, theirs in how.names.items()}
    known = {f.name: f for f in field_table(table)}
    columns = []
    for cell in grid[0]:
        heading = str(cell).strip()
        name = ours.get(heading.lower(), heading)
        columns.append(name.lower() if name.lower() in known else name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    rows = 0
    for row in grid[1:]:
        cells = [
            _text(cell, known.get(name), how)
            for name, cell in zip(columns, row, strict=False)
        ]
        # an empty row stays, so that messages count lines as the sheet does
        writer.writerow(cells)
        rows += any(cells)
    kept = [name for name in columns if name and name not in known]
    return out.getvalue(), rows, kept


def _text(cell: Any, of: Field | None, how: TableMapping) -> str:
    """Return a cell as problem folders write it."""
    kind = "" if of is None else of.type.split()[0]
    if isinstance(cell, str):
        return _dated(cell.strip(), kind, how)
    if isinstance(cell, bool):
        return "y" if cell else "n"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        if kind == "time":
            return f"{cell:%H:%M}"
        midnight = cell.time() == time()
        return (
            f"{cell:%Y-%m-%d}"
            if kind == "date" or midnight
            else f"{cell:%Y-%m-%d %H:%M}"
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // HOUR_S:02}:{seconds % HOUR_S // MINUTE_S:02}"
    return str(cell)


def _dated(text: str, kind: str, how: TableMapping) -> str:
    """Return text of a date or time in our form; what cannot be read stays as it is.

    The reader of the folder then says what is wrong with it, and where.
    """
    try:
        if kind == "date" and how.date_format and text:
            return f"{datetime.strptime(text, how.date_format):%Y-%m-%d}"  # noqa: DTZ007
        if kind == "time" and how.time_format and text:
            return f"{datetime.strptime(text, how.time_format):%H:%M}"  # noqa: DTZ007
    except ValueError:
        return text
    return text


def _settings_text(grid: Grid) -> str:
    """Return ``problem.toml`` from a sheet of keys and values."""
    types = {f.name: f for f in field_table(SETTINGS)}
    top: list[str] = []
    sections: dict[str, list[str]] = {}
    for row in grid:
        key = str(row[0]).strip() if row else ""
        value = row[1] if len(row) > 1 else ""
        if not key or key.lower() == "key" or value == "":
            continue
        section, _, name = key.rpartition(".")
        line = f"{name} = {_toml(value, types.get(key))}"
        (sections.setdefault(section, []) if section else top).append(line)
    lines = list(top)
    for section, own in sections.items():
        lines += ["", f"[{section}]", *own]
    return "\n".join(lines) + "\n"


def _toml(value: Any, of: Field | None) -> str:
    kind = "" if of is None else of.type.split()[0]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date) or kind == "date":
        return _text(value, of, TableMapping(sheet=SETTINGS))[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    text = str(value).strip()
    if text.startswith("[") or text in ("true", "false"):
        return text
    try:
        return str(int(text))
    except ValueError:
        return json.dumps(text, ensure_ascii=False)
