"""The search with a pool: rounds are kept, and now and then chosen anew."""

from __future__ import annotations

import time

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import PENALTY, Int64
from roundplan.errors import SearchDefectError
from roundplan.solve.bound import COLUMNS, Bound
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.groups import groups_of
from roundplan.solve.columns.partition import choose, relax
from roundplan.solve.columns.pool import Pool, Rounds
from roundplan.solve.columns.proof import Prover
from roundplan.solve.lns.kernel_session import KernelSession
from roundplan.solve.lns.search import BEST_TOTAL
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.lns.state import BEST_AT, BEST_BREAK, BEST_START, COST
from roundplan.solve.params import SearchParams

COLLECT_EVERY = 100
"""Iterations between two looks at the state; the pool repeats with them exactly."""

ENDS = (0.5, 0.9, 1.0)
"""Shares of the search at which one annealing ends and the next begins. At each but the
last, rounds are chosen anew: the rest only polishes the last choice."""

PROVED = (0.3, 0.05)
"""Shares of the time in which a bound and better rosters are looked for there."""

REHEATED = (0.0, 0.6, 0.8)
"""Where each annealing begins between the hot temperature (0) and the cold one (1)."""

CHOICE_SHARE = 0.05
"""Share of the time that one choice from the pool may take."""

MOST_CHOSEN_AMONG = 3000
"""Rounds of least reduced cost that go into an integer program: the solver finds
nothing in time among many more. Those of the best roster go in besides."""

SEED = 5000
"""Rounds of the pool, the latest, with which the linear programme begins."""

PRICINGS = 60
"""No proof is begun where so many pricings take too long: the linear programme was seen
to need 10 to 150 times as long as one at its beginning."""

EARLY = 0.1
"""Share of the search after which a bound is looked for that takes no time to speak of,
and share of the time in which: on small days that ends the search."""

NO_TIME = 0.1
"""Share of that time that the pricings may take."""

NODES = 200
"""Nodes of the tree of one choice where iterations alone limit the search."""


class ColumnSession(SearchSession):
    """A search whose rounds are put together anew now and then.

    The state goes on from the choice if that costs less; the kernel works out every
    round again, and its total is the one that counts. The clock is read only where
    time limits the search.
    """

    def __init__(
        self, compiled: CompiledProblem, params: SearchParams, seed: int
    ) -> None:
        super().__init__(compiled, params, seed)
        self.pool = Pool(self._arrays)
        self._stage = 0
        self._begun = time.perf_counter()
        self._compiled = compiled
        self._prover: Prover | None = None
        self._left_out: tuple[str, ...] = ()
        self._proving_s = 0.0
        self._tells = False
        self._early = False

    def run(self, count: int, done_from: float, done_to: float, of: int = 0) -> None:
        """Do ``count`` iterations; collect rounds, and choose where a stage ends."""
        if not self.visits:
            super().run(count, done_from, done_to, of)
            return
        first, last = self.iterations, self.iterations + count
        while (at := self.iterations) < last:
            size = min(last - at, COLLECT_EVERY - at % COLLECT_EVERY)
            over = done_from + (done_to - done_from) * (at - first) / count
            # a stage ends where rounds are collected, however the calls are cut
            done = (at - at % COLLECT_EVERY) / of if of else over
            self._enter(sum(done >= end for end in ENDS[:-1]), done, bool(of))
            until = over + (done_to - done_from) * size / count
            self._anneal(size, over, until, of)
            if self.iterations % COLLECT_EVERY == 0:
                self.pool.collect(self.memory)

    def adopt(self, other: KernelSession) -> None:
        """Take over state and best of another search; both then have all rounds."""
        super().adopt(other)
        if isinstance(other, ColumnSession):
            self.pool.share(other.pool)

    def _enter(self, stage: int, done: float, repeatable: bool) -> None:
        """Choose rounds where a stage has ended; early on, see whether a proof is easy.

        What depends on the clock is not done where the search is ``repeatable``.
        """
        seconds = (time.perf_counter() - self._begun) / done if done else 0.0
        if stage == self._stage:
            if done >= EARLY and not (repeatable or self._early):
                self._early = True
                self._prove_within(EARLY * seconds, NO_TIME)
            return
        self._stage = stage
        if repeatable:
            self.choose(node_limit=NODES)
        elif not self._prove_within(PROVED[stage - 1] * seconds):
            self.choose(time_limit=CHOICE_SHARE * seconds)

    def _anneal(self, size: int, done: float, until: float, of: int) -> None:
        """Do some iterations at the temperatures of the stage."""
        low = REHEATED[self._stage]
        begin = ENDS[self._stage - 1] if self._stage else 0.0
        length = ENDS[self._stage] - begin

        if of:
            # whole numbers, so that it makes no difference how the calls are cut
            before = round(begin * of)
            long = round(length * of)
            ahead = round(low / (1 - low) * long)
            self.iterate(size, self.iterations - before + ahead, long + ahead)
        else:
            self.iterate(size, 0, 0, self._heat_share(done), self._heat_share(until))

    def _heat_share(self, done: float) -> float:
        """Return where between hot (0) and cold (1) a share of the search is."""
        low = REHEATED[self._stage]
        begin = ENDS[self._stage - 1] if self._stage else 0.0
        length = ENDS[self._stage] - begin
        return min(1.0, low + (1 - low) * max(0.0, done - begin) / length)

    def temperature(self, done: float) -> float:
        """Return the temperature when a share of the search is over, in amounts."""
        return super().temperature(self._heat_share(done))

    def choose(
        self, *, time_limit: float | None = None, node_limit: int | None = None
    ) -> bool:
        """Put the pool's rounds together anew; return whether that costs less.

        Within seconds, or nodes of the solver's tree.
        """
        if not len(self.pool):
            return False
        rounds = self.pool.rounds()
        penalty = self._arrays.visit[:, PENALTY]
        incumbent = self.best_amount - self._constant
        if time_limit is not None:
            time_limit /= 2  # half for the relaxation, half for the choice
        relaxed = relax(rounds, penalty, self.pool.spans, time_limit)
        if relaxed is None:
            return False
        best = self.pool.of_best(self.memory)
        self.pool.drop(-relaxed.reduced)
        gap = incumbent - relaxed.value
        if gap < 1:
            return False
        among = relaxed.reduced < gap
        if among.sum() > MOST_CHOSEN_AMONG:
            most = np.partition(relaxed.reduced, MOST_CHOSEN_AMONG)[MOST_CHOSEN_AMONG]
            among &= relaxed.reduced < most
        among[best] = True
        choice = choose(
            rounds,
            penalty,
            self.pool.spans,
            among,
            hint=best,
            time_limit=time_limit,
            node_limit=node_limit,
        )
        return choice is not None and self._take_up(rounds, choice.rounds)

    def _prove_within(self, seconds: float, share: float = 1.0) -> bool:
        """Prove if a ``share`` of the time is enough to begin with; return whether so.

        One search of a team is enough for it.
        """
        if not self.leads:
            return False
        budget = Budget(seconds)
        if not self._tells:  # from the first whole bound on there is no telling
            self.prove(Budget(labels=1))  # the first time this makes the graphs too
            # of this thread alone: others on the machine must not decide it
            begun = time.thread_time()
            self.prove(Budget(labels=1))
            one = time.thread_time() - begun
            if PRICINGS * one > share * seconds:
                return False
        return self.prove(budget)

    def prove(self, budget: Budget, *, asked: bool = False) -> bool:
        """Look for a bound, and for better rosters on the way.

        A bound that was not ``asked`` for is told when it is about as good as a linear
        programme makes it.

        Returns
        -------
        bool
            Whether there was time for more than a first bound.
        """
        if self._prover is None:
            found = groups_of(self._compiled, coarse=False)
            if found is None:
                return False
            groups, self._left_out = found
            self._prover = Prover(self._arrays, groups, self._take)
            if len(self.pool):
                rounds, spans = self.pool.latest(SEED)
                self._prover.seed(rounds, spans)
        self._prover.update(self.best[0][:, 0], self.best[0][:, 1], self._variable)
        begun = time.perf_counter()
        try:
            reached = self._prover.run(budget)
            self._tells = self._tells or reached or asked
            return reached
        finally:
            self._proving_s += time.perf_counter() - begun

    def warm_up(self) -> None:
        """Compile everything, or load it, on a problem that does not matter."""
        super().warm_up()
        self.prove(Budget(labels=1))

    @property
    def bound(self) -> Bound | None:
        """What no roster can cost less than, and what that leaves out."""
        if self._prover is None or not self._tells:
            return None
        return Bound(
            amount=self._prover.bound + self._constant,
            proof=COLUMNS,
            leaves_out=self._left_out,
            runtime_s=self._proving_s,
        )

    @property
    def _variable(self) -> int:
        """What the best roster costs apart from paid blocks."""
        return self.best_amount - self._constant

    def _take(self, rounds: Rounds) -> int | None:
        """Make rounds the state if they cost less; return what the best then costs."""
        self._take_up(rounds, np.arange(len(rounds.amount)), exact=False)
        return self._variable

    @property
    def _constant(self) -> int:
        """What paid blocks cost, which no choice changes."""
        blocks = np.flatnonzero(self.pool.group < 0)
        return int(self.memory.span[blocks, COST].sum())

    def _take_up(self, rounds: Rounds, chosen: Int64, *, exact: bool = True) -> bool:
        """Make chosen rounds the state; go back if that does not cost less.

        An interrupt goes back too, as the best state is for a while no state at all.
        ``exact`` says that the amounts are what rounds cost, not less.
        """
        m = self.memory
        before = self.best_amount
        kept = m.node[:, [BEST_AT, BEST_START]].copy(), m.span[:, BEST_BREAK].copy()

        def go_back() -> None:
            m.node[:, BEST_AT], m.node[:, BEST_START] = kept[0].T
            m.span[:, BEST_BREAK] = kept[1]
            self._work[BEST_TOTAL] = before

        try:
            said = self._write(rounds, chosen)
            self.finish()
        except BaseException:
            go_back()
            raise
        if self.best_amount >= before:
            go_back()
            self.finish()
            return False
        if exact and said is not None and self.best_amount > said:
            msg = f"rounds that cost {said} together cost {self.best_amount}"
            raise SearchDefectError(msg)
        return True

    def _write(self, rounds: Rounds, chosen: Int64) -> int | None:
        """Write chosen rounds down as the best state; return what they cost together.

        A visit in two of them stays in the first, and what they cost is not known.
        """
        m = self.memory
        free = [
            np.flatnonzero(self.pool.group == g) for g in range(len(self.pool.spans))
        ]
        used = [0] * len(free)
        m.node[:, BEST_AT] = -1
        said = self._constant
        twice = False
        for k in chosen:
            g = rounds.group[k]
            nodes = rounds.node[rounds.at[k] : rounds.at[k + 1]]
            once = nodes[m.node[nodes, BEST_AT] < 0]
            twice = twice or len(once) < len(nodes)
            m.node[once, BEST_AT] = free[g][used[g]]
            m.node[once, BEST_START] = np.arange(len(once))
            used[g] += 1
            said += int(rounds.amount[k])
        said += int(m.visit[m.node[:, BEST_AT] < 0, PENALTY].sum())
        return None if twice else said
