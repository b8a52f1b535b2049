"""What a search tells while it runs, to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roundplan.domain import Roster
    from roundplan.solve.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A moment of a search. Costs are pence; ``fraction`` is the share that is over.

    ``runs`` tells that it is of the stage that makes weekly runs: cost and unassigned
    visits are those of one week then.
    """

    elapsed_s: float
    iterations: int
    iterations_per_s: float
    current_p: int
    best_p: int
    unassigned: int
    fraction: float
    runs: bool = False


class Callbacks:
    """Called by a search; override what is wanted. None of them may change anything."""

    def on_start(self, visits: int, workers: int, days: int) -> None:
        """Know the size of the problem, before anything else."""

    def on_compile(self, seconds_hint: int) -> None:
        """Know that the search is about to be compiled, which happens once."""

    def on_first(self, progress: Progress) -> None:
        """Know that a first complete roster stands."""

    def on_progress(self, progress: Progress) -> None:
        """Know how the search goes, a few times a second."""

    def on_best(self, best: Callable[[], Roster]) -> None:
        """Know that the best roster so far can be had, a few times a second.

        Rounds without breaks dropped or visits tried again, which is for the end. To
        ask for it costs some milliseconds; not to ask costs nothing.
        """

    def on_end(self, result: Result) -> None:
        """Know how it ended."""


class RunsProgress(Callbacks):
    """Passes on how the stage of weekly runs goes, as the first part of the search."""

    def __init__(self, tell: Callbacks, share: float) -> None:
        self._tell = tell
        self._share = share

    def on_compile(self, seconds_hint: int) -> None:
        """Pass it on: it happens once."""
        self._tell.on_compile(seconds_hint)

    def on_first(self, progress: Progress) -> None:
        """Pass it on as progress: there is no roster of the whole yet."""
        self.on_progress(progress)

    def on_progress(self, progress: Progress) -> None:
        """Pass it on, marked."""
        fraction = self._share * progress.fraction
        self._tell.on_progress(replace(progress, fraction=fraction, runs=True))
