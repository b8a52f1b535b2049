"""Which search plans what; the synchronised one through the front door."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
from regular_problems import regular_problem
from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.check import broken, check
from roundplan.domain import Policy, Priority, Problem, Rule, named_policy
from roundplan.solve import SearchParams, plan
from roundplan.solve.engine import COLUMNS, GENERAL, SYNC, engine_for
from roundplan.solve.sync.regular import why_not_regular

LATE = named_policy(
    "benchmark", soft_lateness_s=36_000, lateness_p_min=1, largest_lateness_p_min=2
)


def linked(policy: Policy = LATE, **fields) -> Problem:
    """Two visits at once by two workers."""
    visits = [
        h.visit("A", priority=Priority.FLEXIBLE, **fields),
        h.visit("B", after_visit="A", max_gap_s=0, other_worker=True),
    ]
    workers = [h.worker("W1"), h.worker("W2")]
    shifts = [h.shift(w.worker_id, start="06:00", end="23:00") for w in workers]
    return h.problem(visits, workers, shifts, policy=policy)


def compiled(problem: Problem) -> CompiledProblem:
    return compile_arrays(problem, h.travel(problem))


def test_lateness_alone_is_for_the_synchronised_search() -> None:
    assert engine_for(compiled(linked())) is SYNC


def test_rounds_that_are_independent_have_a_pool() -> None:
    """Nothing hangs on a start: no price, no link, no second worker."""
    problem = h.problem([h.visit()], policy=named_policy("benchmark"))
    assert engine_for(compiled(problem)) is COLUMNS


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (replace(LATE, pay_percent=100), "time is paid"),
        (replace(LATE, preferred_start_p_min=1), "preferred starts have a price"),
        (replace(LATE, unknown_worker_p=1), "unknown workers have a price"),
        (replace(LATE, extra_worker_p=1), "teams have a size"),
        (replace(LATE, hard=LATE.hard | {Rule.BREAK}), "breaks are due"),
        (replace(LATE, hard=LATE.hard | {Rule.DAILY_REST}), "days need a rest"),
        (replace(LATE, hard=LATE.hard | {Rule.AVERAGE_HOURS}), "average hours"),
    ],
)
def test_what_else_depends_on_starts_is_for_the_general_search(
    policy: Policy, reason: str
) -> None:
    """Each with its reason."""
    problem = linked(policy, preferred_start_s=h.clock("08:30"))
    found = why_not_regular(compiled(problem))
    assert found is not None
    assert reason in found
    assert engine_for(compiled(problem)) is GENERAL


def test_two_shifts_on_a_day_or_a_weekly_rest_are_for_the_general_search() -> None:
    problem = linked()
    shifts = [*problem.shifts[1:], h.shift("W1", "06:00", "12:00")]
    shifts.append(h.shift("W1", "13:00", "20:00"))
    two = replace(problem, shifts=tuple(shifts))
    assert "two shifts" in (why_not_regular(compiled(two)) or "")
    rested = replace(LATE, hard=LATE.hard | {Rule.WEEKLY_REST})
    shifts = [
        h.shift(w, "00:00", "23:59", day=d) for w in ("W1", "W2") for d in range(7)
    ]
    week = h.problem(problem.visits, problem.workers, shifts, days=7, policy=rested)
    assert "weeks need a rest" in (why_not_regular(compiled(week)) or "")


def test_plans_say_which_search_made_them_and_repeat() -> None:
    """The same seed and iterations give the same roster, checked and accounted for."""
    problem = regular_problem(12, size=3)
    travel = h.travel(problem)
    first, again = (plan(problem, travel, iterations=150, seed=4) for _ in range(2))
    assert first.roster == again.roster
    assert first.roster.provenance is not None
    assert ("engine", "sync") in first.roster.provenance.parameters
    assert broken(check(problem, travel, first.roster)) == []
    assert set(first.operators) == set(SYNC.session(compiled(problem), P, 1).ruins)
    left = {u.visit_id for u in first.roster.unassigned}
    placed = {v.visit_id for r in first.roster.rounds for v in r.visits}
    assert left | placed == {v.visit_id for v in problem.visits}
    assert not left & placed


P = SearchParams()


def test_calls_cut_otherwise_give_the_same_search() -> None:
    """Only the iterations count, not how many of them one call does."""
    problem = regular_problem(12, size=3)
    found = []
    for cut in (60, 7):
        session = SYNC.session(compiled(problem), P, 2)
        session.construct()
        while session.iterations < 60:
            count = min(cut, 60 - session.iterations)
            session.run(count, 0.0, 0.0, 60)
        found.append(session.amount)
    assert found[0] == found[1]
