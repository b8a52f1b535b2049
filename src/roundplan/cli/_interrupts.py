"""Ctrl-C while a roster is made: the first ends the search, later ones wait."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self


class Interrupts:
    """Let one Ctrl-C through, and none once there is a roster to be lost.

    Whoever is impatient presses Ctrl-C twice: the second must not throw away, while
    it is checked and written, what the first was to keep. Outside the main thread
    Python takes no signals, and nothing is changed.

    Parameters
    ----------
    has_roster
        Whether the search has a roster that a first Ctrl-C keeps.
    """

    def __init__(self, has_roster: Callable[[], bool]) -> None:
        self._has_roster = has_roster
        self._held = False
        self._own = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._own:
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *error: object) -> None:
        if self._own:
            signal.signal(signal.SIGINT, self._before)

    def hold(self) -> None:
        """Let no Ctrl-C through from now on: the search is over."""
        self._held = True

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """Raise ``KeyboardInterrupt``, unless there was one that keeps a roster."""
        del number, frame
        if not self._held:
            self._held = self._has_roster()
            raise KeyboardInterrupt
