"""Checkpoints while a plan runs, beside the line that shows how it goes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._progress import LiveProgress
from roundplan.cli._text import counted, pounds
from roundplan.domain import Roster
from roundplan.formats import ProblemFolder, save_checkpoint
from roundplan.solve import past_roster
from roundplan.solve.progress import Progress

EVERY_S = 15.0
"""Seconds between checkpoints: what a kill can cost."""

VARIABLE = "ROUNDPLAN_CHECKPOINT_S"
"""Environment variable with other seconds."""


class Checkpoints(LiveProgress):
    """Keep the best roster so far in the folder for rosters, every ``EVERY_S``."""

    def __init__(self, screen: Screen, out: Path, folder: ProblemFolder) -> None:
        super().__init__(screen)
        self._out = out
        self._folder = folder
        try:
            self._every_s = float(os.environ.get(VARIABLE, ""))
        except ValueError:
            self._every_s = EVERY_S
        self._kept_p: int | None = None
        self._next = time.monotonic() + self._every_s
        self._at: Progress | None = None

    def on_progress(self, progress: Progress) -> None:
        """Renew the line, and remember where the search is."""
        super().on_progress(progress)
        self._at = progress

    def on_best(self, best: Callable[[], Roster]) -> None:
        """Keep the best roster, if it is time and it is another."""
        at = self._at
        if at is None or at.best_p == self._kept_p or time.monotonic() < self._next:
            return
        past = past_roster(self._folder.problem, best())
        about = (
            f"{counted(at.iterations, 'iteration')} in {at.elapsed_s:.0f} s, "
            f"{pounds(at.best_p)}"
        )
        save_checkpoint(self._out, past, self._folder.hashes, about)
        self._kept_p = at.best_p
        self._next = time.monotonic() + self._every_s
