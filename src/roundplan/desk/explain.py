"""Why a visit has no worker, or why it has this one.

Every answer is found by trying: the visit is put with each worker in turn, all else
staying as it is, and the independent checker says what that breaks and by how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from roundplan.cost import unassigned_prices_p
from roundplan.desk.part import refuse_unknown
from roundplan.desk.trial import Trial, Tries
from roundplan.domain import (
    Problem,
    Roster,
    Round,
    Rule,
    Travel,
    Unassigned,
    Visit,
    assemble_round,
)
from roundplan.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

NEAREST = 8
"""Workers of whom pairs are tried for a double-handed visit, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One of the workers that a visit has, and who else could be.

    Parameters
    ----------
    now
        The visit with its own worker: what it adds to the cost as it is.
    others
        The visit with each other worker, all else as it is, the best first.
    """

    now: Trial
    others: tuple[Trial, ...]

    @property
    def next_best(self) -> Trial | None:
        """The cheapest other worker with whom every rule holds, None for nobody."""
        return next((t for t in self.others if t.fits), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a visit is with whom it is.

    Parameters
    ----------
    hands
        For a placed visit: one for each of its workers.
    trials
        For an unassigned one: the best trial with each worker. Of a double-handed
        visit each is one half of it.
    pairs
        For an unassigned double-handed visit: pairs of workers with whom it fits at
        one start, the cheapest first.
    relaxations
        For an unassigned visit: the cheapest trial that breaks one rule, and the
        cheapest that breaks two, where there are such. Never one that breaks the rule
        of travel: nobody can be in two places.
    left_out_p
        The price of leaving the visit out, pence.
    """

    visit: Visit
    left_out_p: int
    hands: tuple[Hand, ...] = ()
    trials: tuple[Trial, ...] = ()
    pairs: tuple[tuple[Trial, Trial], ...] = ()
    relaxations: tuple[Trial, ...] = ()

    @property
    def placed(self) -> bool:
        """Whether the visit has a worker."""
        return bool(self.hands)

    def to_frame(self) -> pd.DataFrame:
        """Return the trials as a pandas DataFrame, a row for each.

        Columns: worker_id, now (whether it is the visit's own worker), fits, start_s
        (seconds of the horizon), added_p (pence), rules and reason.
        """
        import pandas as pd

        rows = [(t, False) for t in self.trials]
        for hand in self.hands:
            rows += [(hand.now, True), *((t, False) for t in hand.others)]
        return pd.DataFrame(
            [
                {
                    "worker_id": trial.worker_id,
                    "now": now,
                    "fits": trial.fits,
                    "start_s": trial.start_s,
                    "added_p": trial.added_p,
                    "rules": ";".join(trial.rules),
                    "reason": " ".join(v.message for v in trial.violations),
                }
                for trial, now in rows
            ]
        )

    def _repr_html_(self) -> str:
        """Return the trials as a table, for notebooks."""
        return str(self.to_frame().to_html(index=False))


def explain(
    problem: Problem, travel: Travel, roster: Roster, visit_id: str
) -> Explanation:
    """Say why a visit has no worker, or why it has this one.

    An unassigned visit is put with each worker; where no place keeps the rules, also
    up to three hours outside its window or the shift, and where there is no room, so
    that the checker measures what is missing. A placed one is taken out and put with
    every other worker, at its start where it has two. Other visits of the
    round may move inside their windows; other rounds stay.

    Raises
    ------
    UsageError
        E1002. The problem has no such visit, or the roster has what it does not.
    """
    if not problem.has_visit(visit_id):
        msg = f"the problem has no visit {visit_id}"
        raise UsageError(msg)
    refuse_unknown(problem, roster)
    visit = problem.visit(visit_id)
    left_out_p = unassigned_prices_p(problem.policy)[visit.priority]
    hands = tuple(_hands(problem, travel, roster, visit))
    if hands:
        return Explanation(visit=visit, left_out_p=left_out_p, hands=hands)
    tries = Tries(problem, travel, roster)
    every = {w.worker_id: tries.all(visit, w.worker_id) for w in problem.workers}
    trials = tuple(sorted((min(found, key=rank) for found in every.values()), key=rank))
    return Explanation(
        visit=visit,
        left_out_p=left_out_p,
        trials=trials,
        pairs=_pairs(tries, visit, every) if visit.workers_required > 1 else (),
        relaxations=tuple(
            min(some, key=lambda t: (t.added_p, t.worker_id, t.start_s))
            for count in (1, 2)
            if (
                some := [
                    t
                    for found in every.values()
                    for t in found
                    if len(t.violations) == count and Rule.TRAVEL not in t.rules
                ]
            )
        ),
    )


def without(
    problem: Problem, travel: Travel, roster: Roster, visit_id: str, worker_id: str
) -> Roster:
    """Return a roster without a visit of a worker; a visit left alone is unassigned."""
    rounds: list[Round] = []
    left = 0
    for r in roster.rounds:
        mine = any(v.visit_id == visit_id for v in r.visits)
        if not mine or r.worker_id != worker_id:
            rounds.append(r)
            left += mine
            continue
        starts = [(v.visit_id, v.start_s) for v in r.visits if v.visit_id != visit_id]
        if starts:
            rounds.append(
                assemble_round(
                    problem,
                    travel,
                    problem.shift(r.round_id),
                    starts,
                    r.breaks,
                    r.profile,
                )
            )
    gone = () if left else (Unassigned(visit_id=visit_id, code="tried", reason=""),)
    return replace(roster, rounds=tuple(rounds), unassigned=(*roster.unassigned, *gone))


def rank(trial: Trial) -> tuple[bool, int, int, int, str]:
    """Return what ranks trials with different workers: what breaks, then the cost."""
    return (
        trial.care_round is None,
        len(trial.violations),
        sum(v.amount for v in trial.violations) if trial.violations else 0,
        trial.added_p,
        trial.worker_id,
    )


def _hands(
    problem: Problem, travel: Travel, roster: Roster, visit: Visit
) -> Iterable[Hand]:
    makers = [
        (r.worker_id, stop.start_s)
        for r in roster.rounds
        for stop in r.visits
        if stop.visit_id == visit.visit_id
    ]
    for worker_id, start_s in makers:
        bare = without(problem, travel, roster, visit.visit_id, worker_id)
        tries = Tries(problem, travel, bare)
        at_s = start_s if tries.is_fixed(visit) else None
        free = replace(visit, pinned_workers=())
        mates = {w for w, _ in makers}
        others = [
            tries.best(free, w.worker_id, at_s)
            for w in problem.workers
            if w.worker_id not in mates
        ]
        yield Hand(
            now=tries.best(visit, worker_id, start_s),
            others=tuple(sorted(others, key=rank)),
        )


def _pairs(
    tries: Tries, visit: Visit, every: dict[str, list[Trial]]
) -> tuple[tuple[Trial, Trial], ...]:
    """Return pairs of workers who can start a visit together, the cheapest first."""
    able = sorted(
        (rank(min(fits, key=rank)), worker_id, sorted({t.start_s for t in fits}))
        for worker_id, found in every.items()
        if (fits := [t for t in found if t.fits])
    )
    together = []
    for (_, one, starts), (_, two, more) in combinations(able[:NEAREST], 2):
        for start_s in sorted({*starts, *more}):
            pair = (tries.best(visit, one, start_s), tries.best(visit, two, start_s))
            if all(t.fits for t in pair):
                together.append(pair)
    together.sort(key=lambda pair: (sum(t.added_p for t in pair), pair[0].start_s))
    return tuple(together)
