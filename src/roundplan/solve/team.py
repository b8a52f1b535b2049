"""Several searches on one problem side by side, which share what the best has found.

Each thread has a search of its own, with random numbers of its own. A fixed number of
times, at the same share of the search whatever the speed, the state of the search with
the best roster is handed to the others: annealing goes on from the elite in all of
them. With a limit in iterations the same seed gives the same roster.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import Int64
from roundplan.solve.bound import Bound
from roundplan.solve.engine import Engine, Member
from roundplan.solve.params import SearchParams

MEETINGS = 40
"""How often in a search the best state is handed on."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one call does in every thread."""

    count: int
    done_from: float
    done_to: float
    of: int


class SearchTeam:
    """A `Session` made of several, one for each thread; iterations are each one's."""

    def __init__(
        self,
        engine: Engine,
        compiled: CompiledProblem,
        params: SearchParams,
        seed: int,
        threads: int,
    ) -> None:
        # the first has the seed itself, and so does what it would do alone
        self._all: list[Member] = []
        for t in range(threads):
            self._all.append(engine.session(compiled, params, seed + 7919 * t))
            self._all[-1].leads = t == 0
            _share_what_never_changes(self._all[0], self._all[-1])
        self._finished: Member | None = None
        self._pool = ThreadPoolExecutor(threads)
        self._met = 0
        self.kept = 0

    def construct(self) -> None:
        """Make a first roster, from which all begin."""
        first = self._all[0]
        first.construct()
        for other in self._all[1:]:
            other.adopt(first)
        self.kept = first.kept

    def run(self, count: int, done_from: float, done_to: float, of: int = 0) -> None:
        """Do ``count`` iterations in every thread."""
        left = count
        while left > 0:
            step = left
            if of:
                due = -(-(self._met + 1) * of // MEETINGS)
                step = max(1, min(left, due - self.iterations))
            self._together(_Part(step, done_from, done_to, of))
            left -= step
            done = self.iterations / of if of else done_to
            if done * MEETINGS >= self._met + 1:
                self._met = int(done * MEETINGS)
                self._meet()

    def finish(self) -> dict[int, int | None]:
        """Try the visits that the best state leaves out once more.

        From then on that search is the best, even if it got dearer by dropping breaks.
        """
        self.close()
        self._finished = self._best
        return self._finished.finish()

    def chief(self) -> Member:
        """Return the first search, which takes over the best; it is the best then."""
        first = self._all[0]
        if self._best is not first:
            first.adopt(self._best)
        self._finished = first
        return first

    def close(self) -> None:
        """Let the threads go, when they have done what they are at."""
        self._pool.shutdown()

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""
        return self._all[0].temperature(done)

    def _together(self, part: _Part) -> None:
        """Let every thread do its part; an interrupt waits for all of them."""

        def work(session: Member) -> None:
            session.run(part.count, part.done_from, part.done_to, part.of)

        futures: list[Future[None]] = []
        try:
            futures.extend(self._pool.submit(work, session) for session in self._all)
            for future in futures:
                future.result()
        except BaseException:
            wait(futures)
            raise

    def _meet(self) -> None:
        best = self._best
        for other in self._all:
            if other is not best:
                other.adopt(best)

    @property
    def _best(self) -> Member:
        if self._finished is not None:
            return self._finished
        # an interrupt may come before all have a first roster
        ready = [member for member in self._all if member.constructed]
        return min(ready or self._all, key=lambda member: member.best_amount)

    @property
    def iterations(self) -> int:
        """Iterations that each thread has done."""
        return self._all[0].iterations

    @iterations.setter
    def iterations(self, value: int) -> None:
        for session in self._all:
            session.iterations = value

    @property
    def shares(self) -> Int64:
        """By ruin, over all threads: how often tried, accepted, a new best."""
        total: Int64 = np.sum([session.shares for session in self._all], axis=0)
        return total

    @property
    def ruins(self) -> tuple[str, ...]:
        """Names of the ways of taking out, in the order of ``shares``."""
        return self._all[0].ruins

    @property
    def visits(self) -> int:
        """Number of visits of the problem."""
        return self._all[0].visits

    @property
    def constructed(self) -> bool:
        """Whether there is a first roster."""
        return self._all[0].constructed

    @property
    def best(self) -> tuple[Int64, Int64]:
        """The best state of all: span and start of each node, breaks of the spans."""
        return self._best.best

    @property
    def best_amount(self) -> int:
        """Total of the best state, in amounts."""
        return self._best.best_amount

    @property
    def bound(self) -> Bound | None:
        """What no roster can cost less than: what the first of the team has proved."""
        return self._all[0].bound

    @property
    def amount(self) -> int:
        """Total of the current state of the thread with the best, in amounts."""
        return self._best.amount

    @property
    def absent(self) -> int:
        """Visits that the current state of the thread with the best leaves out."""
        return self._best.absent


NEVER_CHANGE = ("leg", "fit", "near")
"""Arrays of a search's memory that it only reads."""


def _share_what_never_changes(first: Member, other: Member) -> None:
    """Let two searches read the same large arrays."""
    shared = {name: getattr(first.memory, name) for name in NEVER_CHANGE}
    other.memory = other.memory._replace(**shared)
