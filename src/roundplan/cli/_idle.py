"""Workers who can get no work whatever the search does, said before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from roundplan.arrays.eligibility import paid_enough
from roundplan.cli._text import counted
from roundplan.domain import Problem, Travel

MOST_IDS = 10
"""Workers that are named before the list is cut."""


def idle_warnings(problem: Problem, travel: Travel) -> list[str]:
    """Say which workers are paid below the floor, and which have no way to travel."""
    underpaid = {
        s.worker_id for s in problem.work_shifts if not paid_enough(problem, s)
    }
    stranded = {w.worker_id for w in problem.workers if travel.profile_of(w) is None}
    warnings = []
    if who := _in_order(problem, underpaid):
        be, get = ("is", "gets") if len(who) == 1 else ("are", "get")
        floor = (problem.policy.pay_floor or "").replace("_", " ")
        warnings.append(
            f"{counted(len(who), 'worker')} {be} paid below the floor and {get} no "
            f"work on those days: {_named(who)} (the floor: {floor}; see hourly_rate "
            "in workers.csv)"
        )
    if who := _in_order(problem, stranded):
        get, have = ("gets", "has") if len(who) == 1 else ("get", "have")
        modes = ", ".join(sorted(travel.matrices)) or "none"
        warnings.append(
            f"{counted(len(who), 'worker')} {have} no travel times for any of their "
            f"modes and {get} no work: {_named(who)} (there are times for: {modes}; "
            "see modes in workers.csv)"
        )
    return warnings


def _in_order(problem: Problem, chosen: set[str]) -> list[str]:
    """Return the chosen workers in the order of workers.csv."""
    return [w.worker_id for w in problem.workers if w.worker_id in chosen]


def _named(worker_ids: Sequence[str]) -> str:
    """Return the ids, and how many more there are."""
    more = len(worker_ids) - MOST_IDS
    named = ", ".join(worker_ids[:MOST_IDS])
    return f"{named} and {more:,} more" if more > 0 else named
