"""What an unattended plan needs: a log, and an eye on a folder that gets new files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from roundplan.errors import DataError, RoundplanError, UsageError

POLL_S = 1.0
SETTLE_S = 2.0
"""How long the files of a folder must be as they are before a plan reads them: who
saves several, or copies a large one, is not done with the first."""


class RunLog:
    """A line of a log file for each run: when, what came out, how long parts took.

    Ids and names stay out of it: an error is there by its code alone.

    Parameters
    ----------
    path
        Lines are added to what is there; None for no log.
    """

    def __init__(self, path: Path | None, what: str) -> None:
        self._path = path
        self._what = what
        self._begun = datetime.now().astimezone()
        self._last = time.perf_counter()
        self._parts: list[str] = []

    def part(self, name: str) -> None:
        """Note that a part of the run is over."""
        now = time.perf_counter()
        self._parts.append(f"{name} {now - self._last:.1f} s")
        self._last = now

    def close(self, outcome: str) -> None:
        """Write the line.

        Raises
        ------
        UsageError
            E1002. The file cannot be written.
        """
        if self._path is None:
            return
        when = self._begun.isoformat(timespec="seconds")
        line = f"{when} {self._what}: {outcome}; {', '.join(self._parts)}\n"
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            msg = f"the log {self._path.name} cannot be written: {error.strerror}"
            raise UsageError(msg) from error

    def failed(self, error: BaseException) -> None:
        """Write that the run failed, and by which code."""
        if isinstance(error, DataError):
            codes = ", ".join(sorted({p.code for p in error.problems}))
            self.close(
                f"failed, {len(error.problems):,} problems in the input: {codes}"
            )
        elif isinstance(error, RoundplanError):
            self.close(f"failed: {error.code}")
        elif isinstance(error, KeyboardInterrupt):
            self.close("interrupted, nothing written")
        else:
            self.close(f"failed: {type(error).__name__}")


Stamp = tuple[tuple[str, int, int], ...]


def stamp_of(folder: Path) -> Stamp:
    """Return names, sizes and times of the files of a folder, hidden ones left out.

    Files that spreadsheets and editors keep beside an open one begin with ``.`` or
    ``~``.
    """
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")):
            continue
        try:
            about = path.stat()
        except OSError:  # gone since it was listed
            continue
        if path.is_file():
            found.append((path.name, about.st_size, about.st_mtime_ns))
    return tuple(found)


def changes(
    folder: Path, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Stamp]:
    """Yield whenever the files of a folder are others than before, and settled.

    The first time at once.
    """
    known: Stamp | None = None
    while True:
        now = stamp_of(folder)
        if known is None:
            known = now
            yield now
            continue
        if now == known:
            sleep(POLL_S)
            continue
        sleep(SETTLE_S)
        if stamp_of(folder) == now:
            known = now
            yield now
