"""Why a visit has no worker: each reason is found by trying, none is guessed.

The rules between the visit and each worker are tested one by one, then pay, vehicles
and shifts; where workers are left, the search has tried every place in the roster.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.eligibility import Mask
from roundplan.arrays.layout import (
    CLOSE,
    DUR,
    EARLY,
    FIRST,
    IS_BLOCK,
    LATE,
    LAYER,
    OPEN,
    WORKER,
)
from roundplan.domain import RULE_SUMMARY, Rule, Unassigned, Visit
from roundplan.units import to_pence

NO_WORKERS = "no_workers"
NO_VEHICLE = "no_vehicle"
NO_SHIFT = "no_shift"
NO_ROOM = "no_room"
TOO_DEAR = "too_dear"


def unassigned_reasons(
    compiled: CompiledProblem, room: Mapping[int, int | None]
) -> tuple[Unassigned, ...]:
    """Return every visit that is not placed, with its reason.

    Parameters
    ----------
    room
        For each visit left out, what placing it would add to the cost (amounts); None
        where the search found that it fits nowhere.
    """
    return tuple(_why(compiled, v, extra) for v, extra in sorted(room.items()))


def _why(compiled: CompiledProblem, v: int, extra: int | None) -> Unassigned:
    problem = compiled.problem
    visit = problem.visits[v]
    wanted = visit.workers_required
    everyone = len(problem.workers)
    if everyone < wanted:
        what = "the problem has no workers"
        if everyone:
            what = f"it needs {wanted} workers and there is only {everyone}"
        return _reason(visit, NO_WORKERS, what)
    node = compiled.arrays.node[compiled.arrays.visit[v, FIRST]]
    if node[LATE] < node[EARLY]:
        what = "its pinned start is outside its window, so no start keeps both"
        return _reason(visit, Rule.PINS.value, what)
    left = np.ones(everyone, dtype=np.bool_)
    steps: list[str] = []
    for rule, allowed in compiled.rules.blockers(visit):
        if out := int((left & ~allowed).sum()):
            steps.append(f"{rule} rules out {out}")
        left &= allowed
        if int(left.sum()) < wanted:
            told = _told(everyone, steps)
            return _reason(visit, rule.value, f"{told}; the rule: {RULE_SUMMARY[rule]}")
    told = _told(everyone, steps)
    if extra is not None:
        pounds = to_pence(extra) / 100
        what = f"it has room, but would cost {pounds:,.2f} pounds more than is lost"
        return _reason(visit, TOO_DEAR, f"{told}; {what} by leaving it out")
    return _no_place(compiled, visit, v, left, told)


def _no_place(
    compiled: CompiledProblem, visit: Visit, v: int, left: Mask, told: str
) -> Unassigned:
    """Tell shifts, pay, vehicles and room apart, for workers that the rules allow."""
    p = compiled.arrays
    first = int(p.visit[v, FIRST])
    node = p.node[first]
    inside = np.maximum(node[EARLY], p.span[:, OPEN]) <= np.minimum(
        node[LATE], p.span[:, CLOSE] - node[DUR]
    )
    on_shift = inside & left[p.span[:, WORKER]] & (p.span[:, IS_BLOCK] == 0)
    hands = [
        {int(w) for w in p.span[p.fit[p.fit_at[i, 0] : p.fit_at[i, 1]], WORKER]}
        for i in range(first, first + visit.workers_required)
    ]
    able = set().union(*hands)
    if all(hands) and len(able) >= visit.workers_required:
        what = "both workers at once" if visit.workers_required == 2 else "the visit"
        return _reason(
            visit,
            NO_ROOM,
            f"{told}; {len(able)} {_have(len(able))} a shift in its window, but no "
            f"room in it for {what} within their hours, rests and other visits",
        )
    unpaid = {int(w) for w in p.span[on_shift & ~compiled.paid, WORKER]} - able
    if unpaid:
        what = f"{len(unpaid)} on shift are paid below the floor"
        return _reason(visit, Rule.PAY.value, f"{told}; {what}")
    stuck = {int(w) for w in p.span[on_shift & (p.span[:, LAYER] < 0), WORKER]}
    if stuck:
        what = f"{len(stuck)} on shift have no vehicle for which there is travel"
        return _reason(visit, NO_VEHICLE, f"{told}; {what}")
    return _reason(
        visit,
        NO_SHIFT,
        f"{told}; {len(able)} of the {int(left.sum())} left {_have(len(able))} a shift "
        "in its window" + (" beside the pinned" if not all(hands) and able else ""),
    )


def _told(everyone: int, steps: list[str]) -> str:
    told = f"of {everyone} worker{'' if everyone == 1 else 's'}, "
    return told + (", ".join(steps) or "all may make it")


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _reason(visit: Visit, code: str, reason: str) -> Unassigned:
    return Unassigned(visit_id=visit.visit_id, code=code, reason=reason)
