"""The part of a problem and its roster that a few workers make up.

Checker and cost read a whole problem. What changes in the rounds of one worker shows in
the part of that worker as it does in the whole, in a hundredth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from roundplan.domain import Problem, Roster
from roundplan.errors import UsageError


def part_of(
    problem: Problem, roster: Roster, *, workers: Iterable[str], visits: Iterable[str]
) -> tuple[Problem, Roster]:
    """Return a problem of some workers, with their rounds and the visits in these.

    A visit that follows one outside the part is free of it, and a pin to a worker
    outside is dropped; whoever needs either asks for it in ``workers`` and ``visits``.

    Parameters
    ----------
    visits
        Visits that are in the part in any case.
    """
    kept_workers = set(workers)
    rounds = tuple(r for r in roster.rounds if r.worker_id in kept_workers)
    kept = {*visits, *(v.visit_id for r in rounds for v in r.visits)}
    some = [v for v in problem.visits if v.visit_id in kept]
    clients = {v.client_id for v in some}
    part = replace(
        problem,
        visits=tuple(
            replace(
                v,
                after_visit=v.after_visit if v.after_visit in kept else None,
                other_worker=v.other_worker and v.after_visit in kept,
                pinned_workers=tuple(w for w in v.pinned_workers if w in kept_workers),
            )
            for v in some
        ),
        clients=tuple(c for c in problem.clients if c.client_id in clients),
        workers=tuple(w for w in problem.workers if w.worker_id in kept_workers),
        shifts=tuple(s for s in problem.shifts if s.worker_id in kept_workers),
        history=tuple(
            h
            for h in problem.history
            if h.worker_id in kept_workers and h.client_id in clients
        ),
        overrides=tuple(
            o
            for o in problem.overrides
            if o.visit_id in kept or o.worker_id in kept_workers
        ),
    )
    unassigned = tuple(u for u in roster.unassigned if u.visit_id in kept)
    return part, Roster(rounds=rounds, unassigned=unassigned)


def refuse_unknown(problem: Problem, roster: Roster) -> None:
    """Refuse a roster with visits or rounds that the problem does not have.

    One that was changed by hand may have them; then there is nothing to try.

    Raises
    ------
    UsageError
        E1002. There is such a visit, or a round that is no work shift of its worker.
    """
    work = {s.shift_id: s.worker_id for s in problem.work_shifts}
    for r in roster.rounds:
        lost = [v.visit_id for v in r.visits if not problem.has_visit(v.visit_id)]
        if lost or work.get(r.round_id) != r.worker_id:
            what = f"visit {lost[0]}" if lost else f"a shift {r.round_id}"
            msg = (
                f"the roster gives worker {r.worker_id} {what}, which the problem does "
                "not have: `roundplan check` says what is wrong with it"
            )
            raise UsageError(msg)
