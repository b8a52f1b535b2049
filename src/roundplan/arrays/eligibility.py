"""Which spans each visit may be made in, by the rules that a round cannot change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from roundplan.arrays.layout import (
    CLOSE,
    DUR,
    EARLY,
    LATE,
    OPEN,
    WORKER,
    Int32,
    Int64,
)
from roundplan.cost import hourly_rate_p, pay_floor_p
from roundplan.domain import CareWorker, Gender, Problem, Rule, Shift, Visit

Mask = npt.NDArray[np.bool_]


def known_until(problem: Problem) -> npt.NDArray[np.int16]:
    """Return the last day on which each worker is known to each client beforehand.

    int16 (clients, workers): -1 for nobody; past the horizon when introduced. A visit
    at most ``known_days`` after the last one in history is by a known worker.
    """
    clients = {c.client_id: i for i, c in enumerate(problem.clients)}
    workers = {w.worker_id: i for i, w in enumerate(problem.workers)}
    until = np.full((len(clients), len(workers)), -1, dtype=np.int16)
    days = problem.horizon.days
    for entry in problem.history:
        c, w = clients.get(entry.client_id), workers.get(entry.worker_id)
        if c is None or w is None:
            continue
        since = (problem.horizon.start_date - entry.last_visit).days
        last = min(days, problem.policy.known_days - since)
        until[c, w] = max(int(until[c, w]), last)
    for client in problem.clients:
        for worker_id in client.introduced_workers:
            if worker_id in workers:
                until[clients[client.client_id], workers[worker_id]] = days
    return until


class WorkerRules:
    """The rules between a visit and a worker, as masks over all workers.

    Each method answers for one rule, overrides included; ``blockers`` names the rule
    that keeps each worker from a visit.
    """

    def __init__(self, problem: Problem, known: npt.NDArray[np.int16]) -> None:
        self.problem = problem
        self._known = known
        self._workers = problem.workers
        self._index = {w.worker_id: i for i, w in enumerate(problem.workers)}
        self._client = {c.client_id: i for i, c in enumerate(problem.clients)}
        self._skilled: dict[frozenset[str], Mask] = {}
        self._gendered: dict[Gender, Mask] = {}

    def _mask(self, test: Callable[[CareWorker], bool]) -> Mask:
        return np.fromiter(
            (test(w) for w in self._workers), dtype=np.bool_, count=len(self._workers)
        )

    def skills(self, visit: Visit) -> Mask:
        """Return who has every skill the visit asks for."""
        mask = self._skilled.get(visit.skills)
        if mask is None:
            mask = self._mask(lambda w: visit.skills <= w.skills)
            self._skilled[visit.skills] = mask
        return mask

    def gender(self, visit: Visit) -> Mask:
        """Return whose gender the client accepts."""
        wanted = self.problem.client(visit.client_id).worker_gender
        mask = self._gendered.get(wanted)
        if mask is None:
            mask = self._mask(lambda w: wanted is Gender.ANY or w.gender is wanted)
            self._gendered[wanted] = mask
        return mask

    def barred(self, visit: Visit) -> Mask:
        """Return who is not barred from the client."""
        mask = np.ones(len(self._workers), dtype=np.bool_)
        for worker_id in self.problem.client(visit.client_id).barred_workers:
            if worker_id in self._index:
                mask[self._index[worker_id]] = False
        return mask

    def short_visit(self, visit: Visit) -> Mask:
        """Return who may make a short visit: nobody up to 15 minutes, then the known.

        Only those known before the roster count, so that no later change of the
        roster can make a visit wrong (docs/model.md).
        """
        policy = self.problem.policy
        n = len(self._workers)
        if visit.duration_s <= policy.short_refused_s:
            return np.zeros(n, dtype=np.bool_)
        if visit.duration_s >= policy.short_agreed_s:
            return np.ones(n, dtype=np.bool_)
        if not visit.short_visit_agreed:
            return np.zeros(n, dtype=np.bool_)
        return self.known(visit)

    def known(self, visit: Visit) -> Mask:
        """Return who is known to the client before the roster, on the visit's day."""
        mask: Mask = self._known[self._client[visit.client_id]] >= visit.day
        return mask

    def pins(self, visit: Visit) -> Mask:
        """Return who may come when the pinned workers take all the places."""
        n = len(self._workers)
        pinned = self.pinned(visit)
        if len(pinned) < visit.workers_required:
            return np.ones(n, dtype=np.bool_)
        mask = np.zeros(n, dtype=np.bool_)
        mask[pinned] = True
        return mask

    def pinned(self, visit: Visit) -> list[int]:
        """Return the pinned workers whose pins have not been set aside."""
        find = self.problem.override
        return [
            self._index[w]
            for w in visit.pinned_workers
            if find(Rule.PINS, visit_id=visit.visit_id, worker_id=w, day=visit.day)
            is None
        ]

    def blockers(self, visit: Visit) -> list[tuple[Rule, Mask]]:
        """Return each rule with the workers it allows, in order of the rules."""
        tests = (
            (Rule.SKILLS, self.skills),
            (Rule.GENDER, self.gender),
            (Rule.BARRED, self.barred),
            (Rule.PINS, self.pins),
            (Rule.SHORT_VISIT, self.short_visit),
        )
        return [
            (rule, self._with_overrides(rule, visit, test(visit)))
            for rule, test in tests
            if rule in self.problem.policy.hard
        ]

    def _with_overrides(self, rule: Rule, visit: Visit, mask: Mask) -> Mask:
        if not self.problem.overrides or rule is Rule.PINS:
            return mask  # pins know their own overrides
        find = self.problem.override
        if find(rule, visit_id=visit.visit_id, day=visit.day):
            return np.ones_like(mask)
        mask = mask.copy()
        for i, worker in enumerate(self._workers):
            if not mask[i]:
                mask[i] = (
                    find(rule, worker_id=worker.worker_id, day=visit.day) is not None
                )
        return mask

    def allowed(self, visit: Visit) -> Mask:
        """Return the workers that no rule keeps from the visit."""
        allowed = np.ones(len(self._workers), dtype=np.bool_)
        for _, mask in self.blockers(visit):
            allowed &= mask
        return allowed


def paid_enough(problem: Problem, shift: Shift) -> bool:
    """Return whether the worker's pay on the shift's day is at the floor."""
    if Rule.PAY not in problem.policy.hard:
        return True
    floor = pay_floor_p(problem, shift.day)
    worker = problem.worker(shift.worker_id)
    return (
        floor is None
        or hourly_rate_p(problem, worker, shift.day) >= floor
        or problem.override(Rule.PAY, worker_id=worker.worker_id, day=shift.day)
        is not None
    )


def fitting_spans(
    problem: Problem, rules: WorkerRules, node: Int64, span: Int64, usable: Mask
) -> tuple[Int32, Int64]:
    """Return, per node, the spans whose worker and times allow it.

    Where one of two workers is pinned, the first node is for the pinned one and the
    second for anybody else.

    Parameters
    ----------
    node, span
        As in `ProblemArrays`.
    usable
        (R,): spans that can hold visits at all.

    Returns
    -------
    tuple
        The spans one after the other, and (N, 2) where each node's begin and end.
    """
    found: list[Int32] = []
    at = np.zeros((len(node), 2), dtype=np.int64)
    length = 0
    n = 0
    for visit in problem.visits:
        allowed = rules.allowed(visit)
        pinned = rules.pinned(visit)
        half_pinned = len(pinned) == 1 and visit.workers_required == 2
        known = rules.known(visit)
        early, late, dur = node[n, EARLY], node[n, LATE], node[n, DUR]
        inside = np.maximum(early, span[:, OPEN]) <= np.minimum(
            late, span[:, CLOSE] - dur
        )
        for hand in range(visit.workers_required):
            if hand == 0 or half_pinned:
                mine = allowed
                if half_pinned:
                    is_pinned = np.zeros_like(allowed)
                    is_pinned[pinned] = True
                    mine = allowed & (is_pinned if hand == 0 else ~is_pinned)
                fit = np.flatnonzero(usable & inside & mine[span[:, WORKER]])
                # known workers first: the search finds its best offer early
                fit = fit[np.argsort(~known[span[fit, WORKER]], kind="stable")]
                found.append(fit.astype(np.int32))
                length += len(fit)
            at[n + hand] = length - len(fit), length
        n += visit.workers_required
    joined = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
    return joined, at
