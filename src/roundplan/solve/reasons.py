"""Why a visit has no worker: each reason is found by trying, none is guessed.

The rules between the visit and each worker are tested one by one; where workers are
left, each of their shifts is tried, on the roster as it is.
"""

from __future__ import annotations

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import FIRST, Int64
from roundplan.domain import RULE_SUMMARY, Rule, Unassigned, Visit
from roundplan.solve.lns.decode import absent_visits

NO_SHIFT = "no_shift"
NO_ROOM = "no_room"
NO_WORKERS = "no_workers"


def unassigned_reasons(
    compiled: CompiledProblem, spot: Int64
) -> tuple[Unassigned, ...]:
    """Return every visit that is not placed, with its reason.

    Parameters
    ----------
    spot
        (N, 2): span and start of each node in the roster.
    """
    visits = compiled.problem.visits
    return tuple(_why(compiled, visits[v], v) for v in absent_visits(compiled, spot))


def _why(compiled: CompiledProblem, visit: Visit, v: int) -> Unassigned:
    problem = compiled.problem
    everyone = len(problem.workers)
    if not everyone:
        return _reason(visit, NO_WORKERS, "the problem has no workers")
    if visit.workers_required > everyone:
        return _reason(
            visit,
            NO_WORKERS,
            f"it needs {visit.workers_required} workers and there is only {everyone}",
        )
    left = np.ones(everyone, dtype=np.bool_)
    steps: list[str] = []
    blocked_by: Rule | None = None
    for rule, allowed in compiled.rules.blockers(visit):
        out = int((left & ~allowed).sum())
        if out:
            steps.append(f"{rule} rules out {out}")
        left &= allowed
        if int(left.sum()) < visit.workers_required:
            blocked_by = rule
            break
    told = f"of {everyone} worker{'' if everyone == 1 else 's'}, "
    told += ", ".join(steps) or "all may make it"
    if blocked_by is not None:
        return _reason(
            visit, blocked_by.value, f"{told}; the rule: {RULE_SUMMARY[blocked_by]}"
        )
    p = compiled.arrays
    workers: set[int] = set()
    first = int(p.visit[v, FIRST])
    for i in range(first, first + visit.workers_required):
        spans = p.fit[p.fit_at[i, 0] : p.fit_at[i, 1]]
        workers |= {int(w) for w in p.span[spans, 0]}
    if len(workers) < visit.workers_required:
        return _reason(
            visit,
            NO_SHIFT,
            f"{told}; {len(workers)} of the {int(left.sum())} left "
            f"{_have(len(workers))} a shift in its window",
        )
    return _reason(
        visit,
        NO_ROOM,
        f"{told}; {len(workers)} {_have(len(workers))} a shift in its window, but no "
        "room in it for "
        f"{'both workers at once' if visit.workers_required == 2 else 'the visit'} "
        "within their hours, rests and other visits",
    )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _reason(visit: Visit, code: str, reason: str) -> Unassigned:
    return Unassigned(visit_id=visit.visit_id, code=code, reason=reason)
