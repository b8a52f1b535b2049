"""Several threads on one problem: repeatable, exact, and no worse than their best."""

from __future__ import annotations

import pytest

import helpers as h
from roundplan.arrays import compile_arrays
from roundplan.check import broken, check
from roundplan.errors import UsageError
from roundplan.solve import plan
from roundplan.solve.engine import engine_for
from roundplan.solve.lns.state import RANDOM_1, RANDOM_2
from roundplan.solve.params import SearchParams
from roundplan.solve.team import MEETINGS, SearchTeam


def town() -> tuple:
    """A day of visits with overlapping windows, too many for a greedy roster."""
    visits = [
        h.visit(f"V{i:02}", f"C{i % 9}", f"{8 + i % 5:02}:00", f"{9 + i % 5:02}:30")
        for i in range(18)
    ]
    clients = [h.client(f"C{i}", x=700.0 * (i * 5 % 9)) for i in range(9)]
    workers = [h.worker(f"W{i}", x=2000.0 * i) for i in range(3)]
    problem = h.problem(visits, workers, clients=clients)
    return problem, h.travel(problem)


def test_the_same_seed_and_iterations_give_the_same_roster() -> None:
    """Whatever the calls and the speed of the threads."""
    problem, travel = town()
    first, second = (
        plan(problem, travel, iterations=230, seed=3, threads=2) for _ in range(2)
    )
    assert first.roster == second.roster
    assert first.cost == second.cost
    assert first.operators == second.operators
    assert not broken(check(problem, travel, first.roster))


def test_how_the_iterations_are_cut_into_calls_does_not_matter() -> None:
    """Meetings are at shares of the search, not at the ends of calls."""
    problem, travel = town()
    compiled = compile_arrays(problem, travel)
    amounts = []
    for calls in ([120], [1, 50, 7, 62], [3] * 40):
        team = SearchTeam(engine_for(compiled), compiled, SearchParams(), 5, 2)
        team.construct()
        for count in calls:
            team.run(count, 0.0, 1.0, sum(calls))
        amounts.append((team.best_amount, team.amount, team.shares.tolist()))
        team.finish()
    assert amounts[0] == amounts[1] == amounts[2]


def test_the_best_is_handed_on_and_threads_go_their_own_ways() -> None:
    """After a meeting all have the best total; their random numbers differ."""
    problem, travel = town()
    compiled = compile_arrays(problem, travel)
    team = SearchTeam(engine_for(compiled), compiled, SearchParams(), 1, 3)
    team.construct()
    team.run(MEETINGS, 0.0, 1.0, MEETINGS)
    assert len({m.best_amount for m in team._all}) == 1
    drawn = {tuple(m.memory.par[[RANDOM_1, RANDOM_2]]) for m in team._all}
    assert len(drawn) == 3
    assert team.shares[:, 0].sum() == 3 * MEETINGS
    team.finish()


def test_no_threads_at_all_are_refused() -> None:
    """Before anything is compiled."""
    problem, travel = town()
    with pytest.raises(UsageError, match=r"threads must be at least 1"):
        plan(problem, travel, iterations=1, threads=0)


def test_an_interrupt_before_all_have_a_roster_keeps_the_one_there_is() -> None:
    """The others, still empty, are never taken for the best."""
    problem, travel = town()
    compiled = compile_arrays(problem, travel)
    team = SearchTeam(engine_for(compiled), compiled, SearchParams(), 1, 2)
    team._all[0].construct()
    assert team.constructed
    assert team.best_amount == team._all[0].best_amount > 0
    team.finish()
    spans, _ = team.best
    assert (spans[:, 0] >= 0).any()


def test_the_search_that_was_finished_stays_the_best() -> None:
    """Reasons for visits left out and rounds are of one roster."""
    problem, travel = town()
    compiled = compile_arrays(problem, travel)
    team = SearchTeam(engine_for(compiled), compiled, SearchParams(), 1, 2)
    team.construct()
    best = team._best
    team.finish()
    best._work[3] += 10**9  # as if dropping breaks had made it dearer
    assert team._best is best
