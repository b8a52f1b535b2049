"""Coverage: every visit has all its workers once, or is listed as unassigned.

Everything that the roster says about ids is checked here and nowhere else, so that
the other rules can pass over what they do not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from roundplan.check._stops import RoundView
from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, Violation, count_of
from roundplan.domain import Rule, ShiftKind, Visit


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield visits without their workers, unknown ids and rounds out of place."""
    yield from _visits(view)
    yield from _unknown_visits(view)
    yield from _rounds(view)


def _visits(view: RosterView) -> Iterator[Violation]:
    for visit in view.problem.visits:
        stops = view.by_visit.get(visit.visit_id, ())
        amount, faults = _faults_of(
            visit, [s.worker_id for s in stops], view.unassigned[visit.visit_id]
        )
        misnamed = sum(s.scheduled.client_id != visit.client_id for s in stops)
        if misnamed:
            amount += misnamed
            faults.append("is rostered at another client")
        if faults:
            yield Violation(
                rule=Rule.COVERAGE,
                amount=amount,
                unit=COUNT,
                visit_id=visit.visit_id,
                client_id=visit.client_id,
                day=visit.day,
                message=f"Visit {visit.visit_id} {' and '.join(faults)}.",
            )


def _faults_of(visit: Visit, workers: list[str], listed: int) -> tuple[int, list[str]]:
    """Return how many attendances and listings are wrong, and what is."""
    needed, different = visit.workers_required, len(set(workers))
    if not workers:
        if listed == 0:
            return needed, ["is neither in a round nor listed as unassigned"]
        twice = ["is listed as unassigned more than once"] if listed > 1 else []
        return listed - 1, twice
    faults: list[str] = []
    missing = max(0, needed - different)
    surplus = len(workers) - min(needed, different)
    if missing:
        faults.append(f"has {different} of its {needed} workers")
    if surplus:
        faults.append(f"is rostered {count_of(surplus, 'time')} too often")
    if listed:
        faults.append("is in a round although it is listed as unassigned")
    return missing + surplus + listed, faults


def _unknown_visits(view: RosterView) -> Iterator[Violation]:
    rostered = Counter(s.visit_id for s in view.attendances if s.visit is None)
    listed = Counter(
        {v: n for v, n in view.unassigned.items() if not view.problem.has_visit(v)}
    )
    for visit_id, count in (rostered + listed).items():
        yield Violation(
            rule=Rule.COVERAGE,
            amount=count,
            unit=COUNT,
            visit_id=visit_id,
            message=f"The problem has no visit {visit_id}, which the roster has "
            f"{count_of(count, 'time')}.",
        )


def _rounds(view: RosterView) -> Iterator[Violation]:
    seen: set[str] = set()
    for care_round in view.rounds:
        faults = _round_faults(view, care_round)
        if care_round.round_id in seen:
            faults.append("is in the roster more than once")
        seen.add(care_round.round_id)
        if faults:
            yield care_round.violation(
                Rule.COVERAGE,
                len(faults),
                COUNT,
                f"Round {care_round.round_id} {' and '.join(faults)}.",
            )


def _round_faults(view: RosterView, care_round: RoundView) -> list[str]:
    recorded, problem = care_round.care_round, view.problem
    faults: list[str] = []
    if care_round.worker is None:
        faults.append(f"is of worker {recorded.worker_id}, whom the problem has not")
    if not problem.has_shift(recorded.round_id):
        faults.append("is not a shift of the problem")
        return faults
    shift = problem.shift(recorded.round_id)
    if shift.kind is not ShiftKind.WORK:
        faults.append(f"is in a shift for {shift.kind}")
    if shift.worker_id != recorded.worker_id:
        faults.append(
            f"is given to worker {recorded.worker_id} but is a shift of "
            f"worker {shift.worker_id}"
        )
    kept = (recorded.day, recorded.shift_start_s, recorded.shift_end_s)
    if kept != (shift.day, shift.start_s, shift.end_s):
        faults.append("is recorded with other hours than its shift")
    return faults
