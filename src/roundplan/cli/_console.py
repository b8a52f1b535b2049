"""What commands print through: quiet or not, colour only on a terminal.

Plain ``print`` is not used for tables because a terminal 80 columns wide must show
them well; rich is imported when the first line is printed, not before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from roundplan.cli._text import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

RIGHT = ">"
"""Put before a column's heading to align it right."""


def console_for(stream: TextIO) -> Console:
    """Return a rich console that takes every text as it is, without markup."""
    from rich.console import Console

    return Console(file=stream, markup=False, highlight=False, emoji=False)


class Screen:
    """Standard output of one command.

    Parameters
    ----------
    quiet
        Print nothing; the exit code and the files tell.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._made: Console | None = None

    @property
    def _console(self) -> Console:
        if self._made is None:
            self._made = console_for(sys.stdout)
        return self._made

    def say(self, text: str = "", *, style: str | None = None) -> None:
        """Print a line, wrapped only where the terminal wraps it."""
        if not self.quiet:
            self._console.print(printable(text), style=style, soft_wrap=True)

    def heading(self, text: str) -> None:
        """Print a heading after an empty line."""
        self.say()
        self.say(text, style="bold")

    def bullets(self, lines: Iterable[str], *, style: str | None = None) -> None:
        """Print a list whose items are folded under themselves."""
        if self.quiet:
            return
        from rich.padding import Padding
        from rich.table import Table

        for line in lines:
            grid = Table.grid(padding=(0, 1))
            grid.add_row("-", printable(line), style=style)
            self._print(Padding(grid, (0, 0, 0, 2), expand=False))

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        last_is_total: bool = False,
    ) -> None:
        """Print a table without frames.

        Parameters
        ----------
        columns
            Headings; one that starts with ``RIGHT`` is aligned right. When all
            are empty there is no line of headings.
        last_is_total
            Rule a line above the last row.
        """
        if self.quiet:
            return
        from rich.box import Box
        from rich.table import Table

        table = Table(
            box=Box(_RULED),
            show_edge=False,
            pad_edge=False,
            header_style="bold",
            show_header=any(column.removeprefix(RIGHT) for column in columns),
        )
        for column in columns:
            right = column.startswith(RIGHT)
            table.add_column(
                column.removeprefix(RIGHT),
                justify="right" if right else "left",
                no_wrap=right,
                overflow="fold",
            )
        for index, row in enumerate(rows):
            total = last_is_total and index == len(rows) - 1
            if total:
                table.add_section()
            cells = [printable(cell) for cell in row]
            table.add_row(*cells, style="bold" if total else None)
        self._print(table)

    def _print(self, what: RenderableType) -> None:
        """Print something laid out; in a file, without the blanks that fill lines."""
        if self._console.is_terminal:
            self._console.print(what)
            return
        with self._console.capture() as capture:
            self._console.print(what)
        for line in capture.get().splitlines():
            self._console.print(line.rstrip(), soft_wrap=True)


_RULED = "    \n    \n -- \n    \n -- \n -- \n    \n    \n"
"""A rich box: spaces, and dashes under the headings and above a total."""
