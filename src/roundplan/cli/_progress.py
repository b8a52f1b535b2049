"""The live line of a running plan.

It goes to stderr, so that redirected output stays clean; where stderr is no terminal,
a plain line is printed every ten seconds instead.
"""

from __future__ import annotations

import sys
from typing import Self

from rich.live import Live
from rich.text import Text

from roundplan.cli._console import Screen, console_for
from roundplan.cli._text import counted, pounds, stopwatch
from roundplan.solve.progress import Callbacks, Progress

REFRESH_S = 0.1
PLAIN_LINE_S = 10.0


def progress_line(progress: Progress) -> str:
    """Return elapsed time, iterations, speed, best cost, unassigned and time left."""
    parts = [
        stopwatch(progress.elapsed_s),
        counted(progress.iterations, "iteration"),
        f"{progress.iterations_per_s:,.0f}/s",
        f"best {pounds(progress.best_p)}",
        f"{progress.unassigned:,} unassigned",
    ]
    if progress.fraction:
        left = progress.elapsed_s * (1 - progress.fraction) / progress.fraction
        parts.append(f"{stopwatch(left)} left")
    return "  ".join(parts)


class LiveProgress(Callbacks):
    """Keep one line up to date while ``plan`` runs, and clear it at the end.

    Use it as a context manager, so that the line goes away when planning fails.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        console = console_for(sys.stderr)
        self._terminal = console.is_terminal
        self._next_s = 0.0 if self._terminal else PLAIN_LINE_S
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._live.is_started:
            self._live.stop()

    def on_compile(self, seconds_hint: int) -> None:
        """Announce the wait of the first run on a machine."""
        self._screen.say(
            f"Compiling the search (first run only, about {seconds_hint} s)..."
        )

    def on_first(self, progress: Progress) -> None:
        """Show the first roster as soon as it stands."""
        self._next_s = min(self._next_s, progress.elapsed_s)
        self.on_progress(progress)

    def on_progress(self, progress: Progress) -> None:
        """Renew the line, or print one now and then."""
        if self._screen.quiet or progress.elapsed_s < self._next_s:
            return
        line = progress_line(progress)
        if self._terminal:
            self._next_s = progress.elapsed_s + REFRESH_S
            if not self._live.is_started:
                self._live.start()
            text = Text(line, no_wrap=True, overflow="ellipsis")
            self._live.update(text, refresh=True)
        else:
            self._next_s = progress.elapsed_s + PLAIN_LINE_S
            self._live.console.print(line, soft_wrap=True)
