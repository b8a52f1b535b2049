"""The live line of a running plan; without a terminal, a line every ten seconds."""

from __future__ import annotations

from typing import Self

from roundplan.cli._console import Screen
from roundplan.cli._live import LiveLine
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
    if progress.runs:
        parts.insert(0, "weekly runs")
    if progress.fraction:
        left = progress.elapsed_s * (1 - progress.fraction) / progress.fraction
        parts.append(f"{stopwatch(left)} left")
    return "  ".join(parts)


class LiveProgress(Callbacks):
    """Keep one line up to date while ``plan`` runs, and clear it at the end.

    Use it as a context manager, so that the line goes away when planning fails.

    Attributes
    ----------
    has_roster
        Whether the search has a first roster.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.has_roster = False
        self._line = LiveLine(quiet=screen.quiet)
        self._next_s = 0.0 if self._line.terminal else PLAIN_LINE_S

    def __enter__(self) -> Self:
        self._line.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._line.__exit__(*error)

    def on_compile(self, seconds_hint: int) -> None:
        """Announce the wait of the first run on a machine."""
        self._screen.say(
            f"Compiling the search (first run only, about {seconds_hint} s)..."
        )

    def on_first(self, progress: Progress) -> None:
        """Show the first roster as soon as it stands."""
        self.has_roster = True
        self._next_s = min(self._next_s, progress.elapsed_s)
        self.on_progress(progress)

    def on_progress(self, progress: Progress) -> None:
        """Renew the line, or print one now and then."""
        if self._screen.quiet or progress.elapsed_s < self._next_s:
            return
        if self._line.terminal:
            self._next_s = progress.elapsed_s + REFRESH_S
            self._line.show(progress_line(progress))
        else:
            self._next_s = progress.elapsed_s + PLAIN_LINE_S
            self._line.leave(progress_line(progress))
