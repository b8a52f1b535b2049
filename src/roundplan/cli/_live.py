"""One line on a terminal that is renewed while something long runs.

It goes to stderr, so that redirected output stays clean.
"""

from __future__ import annotations

import sys
from typing import Self

from rich.live import Live
from rich.text import Text

from roundplan.cli._console import console_for


class LiveLine:
    """A line that is cleared when its block is left, also when that fails.

    Attributes
    ----------
    terminal
        Whether there is a terminal to renew it on; otherwise nothing is shown.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = console_for(sys.stderr)
        self.terminal = self._console.is_terminal and not quiet
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._live.is_started:
            self._live.stop()

    def show(self, line: str) -> None:
        """Show a line in place of the one before, cut to the width."""
        if not self.terminal:
            return
        if not self._live.is_started:
            self._live.start()
        text = Text(line, no_wrap=True, overflow="ellipsis")
        self._live.update(text, refresh=True)

    def leave(self, line: str) -> None:
        """Print a line that stays."""
        self._console.print(line, soft_wrap=True)
