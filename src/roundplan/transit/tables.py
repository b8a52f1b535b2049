"""Tables of a folder or a zip, read without trusting them.

Nothing is ever unpacked to disk, and only members of known names are opened. What is
wrong is collected, so that one error names it all.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from roundplan.errors import DataError, DataProblem

if TYPE_CHECKING:
    import pandas as pd

MAX_TABLE_BYTES = 4 * 1024**3
"""Most that the tables of a feed may unpack to, all together: Great Britain's whole
bus timetable is about half of it."""

MAX_SHOWN = 50
"""Bad cells reported for one column of one file; the rest are counted."""

_AT_LINE = re.compile(r"\bline (\d+)|\brow (\d+)")


class Tables:
    """Tables of text by name, and what is wrong with them.

    Parameters
    ----------
    path
        A folder, or a zip with the tables at its top or in one folder.
    names
        Files to look at; others are ignored.
    """

    def __init__(self, path: Path, names: Collection[str]) -> None:
        self.problems: list[DataProblem] = []
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        self._members: dict[str, str] = {}
        if path.is_dir():
            self._find_files(names)
        elif path.is_file():
            self._find_members(names)
        else:
            self.say("E1101", path.name, "there is no such file or folder", "Check it")
        self.stop_if_wrong()

    def say(
        self,
        code: str,
        file: str,
        what: str,
        action: str,
        *,
        line: int = 0,
        column: str = "",
        value: str | None = None,
    ) -> None:
        """Note something that is wrong."""
        self.problems.append(
            DataProblem(
                code=code,
                file=file,
                line=line,
                column=column,
                value=value,
                what=what,
                action=action,
            )
        )

    def say_cells(
        self,
        code: str,
        file: str,
        table: pd.DataFrame,
        column: str,
        bad: npt.NDArray[np.bool_],
        what: str,
        action: str,
    ) -> None:
        """Note cells of one column that are wrong, with their lines."""
        rows = np.flatnonzero(bad)
        lines = table.index.to_numpy()
        cells = table.get(column)
        for row in rows[:MAX_SHOWN].tolist():
            value = None if cells is None else str(cells.iat[row])
            self.say(
                code,
                file,
                what,
                action,
                line=int(lines[row]),
                column=column,
                value=value,
            )
        if len(rows) > MAX_SHOWN:
            more = f"{what}, in {len(rows) - MAX_SHOWN:,} more rows"
            self.say(code, file, more, action, column=column)

    def stop_if_wrong(self) -> None:
        """Raise all that was noted.

        Raises
        ------
        DataError
            There was something.
        """
        if self.problems:
            self.close()
            raise DataError(self.problems)

    def close(self) -> None:
        """Close the zip."""
        if self._zip is not None:
            self._zip.close()

    def read(
        self, name: str, required: Iterable[str], optional: Iterable[str] = ()
    ) -> pd.DataFrame | None:
        """Return a table of text cells, indexed by line, None when there is no file.

        It has all columns asked for: an optional one that is missing is empty. Rows of
        nothing but empty cells are left out.
        """
        import pandas as pd

        if name not in self._members:
            return None
        required, optional = tuple(required), tuple(optional)
        wanted = {*required, *optional}
        try:
            with self._open(name) as stream:
                table = pd.read_csv(
                    stream,
                    dtype=str,
                    keep_default_na=False,
                    na_filter=False,
                    encoding="utf-8-sig",
                    skipinitialspace=True,
                    skip_blank_lines=False,
                    index_col=False,
                    usecols=lambda column: column.strip() in wanted,
                    low_memory=False,
                )
        except (
            ValueError,  # UnicodeDecodeError, pandas' ParserError and EmptyDataError
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            found = _AT_LINE.search(str(error))
            line = int(next(g for g in found.groups() if g)) if found else 0
            self.say(
                "E1103",
                name,
                "this is not a table of UTF-8 text with the same columns in each row",
                "Save it again as CSV in UTF-8",
                line=line,
            )
            return None
        table.columns = table.columns.str.strip()
        table.index = pd.RangeIndex(2, 2 + len(table))
        missing = [column for column in required if column not in table]
        for column in missing:
            self.say("E1102", name, "the column is missing", "Add it", column=column)
        if missing:
            return None
        for column in optional:
            if column not in table:
                table[column] = ""
        empty = np.ones(len(table), dtype=bool)
        for column in table.columns:
            empty &= table[column].to_numpy() == ""
        return table[~empty] if empty.any() else table

    def _find_files(self, names: Collection[str]) -> None:
        inside = self._path.resolve()
        for name in names:
            file = self._path / name
            if not file.is_file():
                continue
            if file.resolve().parent != inside:
                self.say(
                    "E1103",
                    name,
                    "it leads out of the folder",
                    "Put the file itself there",
                )
            elif file.stat().st_size > MAX_TABLE_BYTES:
                self._too_large(name)
            self._members[name] = name

    def _find_members(self, names: Collection[str]) -> None:
        try:
            self._zip = zipfile.ZipFile(self._path)
        except (zipfile.BadZipFile, OSError, ValueError):
            self.say(
                "E1103", self._path.name, "it is no zip, or damaged", "Get it again"
            )
            return
        total = 0
        for info in self._zip.infolist():
            member = PurePosixPath(info.filename.replace("\\", "/"))
            if member.is_absolute() or ".." in member.parts:
                self.say(
                    "E1103",
                    self._path.name,
                    "a member's name leads out of the zip",
                    "Do not use this file",
                    value=info.filename,
                )
            hidden = member.parts and member.parts[0] == "__MACOSX"
            if member.name not in names or len(member.parts) > 2 or hidden:
                continue
            if member.name in self._members:
                self.say(
                    "E1103",
                    self._path.name,
                    "it holds the same table twice",
                    "Keep one",
                    value=member.name,
                )
            self._members[member.name] = info.filename
            total += info.file_size
        if total > MAX_TABLE_BYTES:
            self._too_large(self._path.name)

    def _too_large(self, name: str) -> None:
        self.say(
            "E1103",
            name,
            f"it unpacks to over {MAX_TABLE_BYTES // 1024**3} GiB",
            "Cut the feed to the area of the rounds",
        )

    def _open(self, name: str) -> IO[bytes]:
        # A member never yields more than the size that was checked.
        if self._zip is not None:
            return self._zip.open(self._members[name])
        return (self._path / name).open("rb")
