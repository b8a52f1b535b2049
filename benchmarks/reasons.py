"""Whether visits that a plan left out for want of room really fit nowhere.

The planner gives its reasons after trying every place. Here each place is tried again
with code of its own: the visit goes into every gap of every round and every empty shift
of its day, all else staying as it is, and the checker judges. A visit that fits has had
a wrong reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from roundplan.check import broken, check
from roundplan.domain import (
    Problem,
    Roster,
    Round,
    Rule,
    Shift,
    Travel,
    Visit,
    assemble_round,
)
from roundplan.units import round_up

TRIED = frozenset({"no_room", "no_shift"})
"""Reasons that say that no worker has a place. Others name a rule, or the price."""

OF_OTHERS = frozenset({Rule.COVERAGE, Rule.DOUBLE_HANDED, Rule.LINKS})
"""Rules that see more than one worker's rounds: the same before and after."""


def refuted(problem: Problem, travel: Travel, roster: Roster) -> list[str]:
    """Return the visits of one worker that have a place after all.

    Visits for two workers and linked visits are passed over: other rounds decide too.
    """
    linked = {v.after_visit for v in problem.visits if v.after_visit}
    of_worker: dict[str, list[Round]] = defaultdict(list)
    for r in roster.rounds:
        of_worker[r.worker_id].append(r)
    tried = [problem.visit(u.visit_id) for u in roster.unassigned if u.code in TRIED]
    return [
        visit.visit_id
        for visit in tried
        if visit.workers_required == 1
        and not visit.after_visit
        and visit.visit_id not in linked
        and _has_place(problem, travel, of_worker, visit)
    ]


def _has_place(
    problem: Problem, travel: Travel, of_worker: dict[str, list[Round]], visit: Visit
) -> bool:
    return any(
        _keeps_rules(problem, travel, of_worker[shift.worker_id], shift, made)
        for shift in problem.work_shifts
        if shift.day == visit.day
        for made in _rounds_with(problem, travel, of_worker, shift, visit)
    )


def _rounds_with(
    problem: Problem,
    travel: Travel,
    of_worker: dict[str, list[Round]],
    shift: Shift,
    visit: Visit,
) -> Iterator[Round]:
    """Yield the round of a shift with a visit in each gap that takes it."""
    worker = problem.worker(shift.worker_id)
    profile = travel.profile_of(worker)
    if profile is None or not set(visit.skills) <= set(worker.skills):
        return
    policy = problem.policy
    mine = [r for r in of_worker[shift.worker_id] if r.round_id == shift.shift_id]
    stops = [(v.client_id, v.start_s, v.end_s) for r in mine for v in r.visits]
    ends = [("", 0, shift.start_s), *stops, ("", shift.end_s, 0)]

    def away_s(origin: str, destination: str) -> int:
        """Return the seconds between the ends of two visits, travel and buffer."""
        if not origin or not destination:
            return 0
        leg = travel.leg(profile, origin, destination)
        if leg is None:
            return shift.end_s
        travel_s = round_up(leg.seconds, policy.travel_rounding_s)
        return travel_s + (policy.buffer_s if travel_s else 0)

    latest_s = visit.window.latest_start_s + policy.soft_lateness_s
    for (before, _, free_s), (after, next_s, _) in pairwise(ends):
        if next_s - free_s < visit.duration_s or free_s > latest_s:
            continue
        start_s = max(
            visit.window.earliest_start_s, free_s + away_s(before, visit.client_id)
        )
        end_s = start_s + visit.duration_s + away_s(visit.client_id, after)
        if start_s <= latest_s and end_s <= next_s:
            starts = [(v.visit_id, v.start_s) for r in mine for v in r.visits]
            breaks = [b for r in mine for b in r.breaks]
            starts.append((visit.visit_id, start_s))
            yield assemble_round(problem, travel, shift, starts, breaks)


def _keeps_rules(
    problem: Problem, travel: Travel, rounds: list[Round], shift: Shift, made: Round
) -> bool:
    """Return whether a worker's rounds with a new one keep the rules of one worker."""
    others = [r for r in rounds if r.round_id != shift.shift_id]
    found = broken(check(problem, travel, Roster(rounds=(*others, made))))
    return all(violation.rule in OF_OTHERS for violation in found)
