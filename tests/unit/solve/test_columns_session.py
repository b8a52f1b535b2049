"""A search with a pool of rounds: the same total, the same again, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.arrays import compile_arrays
from roundplan.arrays.layout import PENALTY
from roundplan.domain import BENCHMARK, CHARTER, Problem
from roundplan.errors import SearchDefectError
from roundplan.solve import SearchParams, plan, planner
from roundplan.solve.columns import session as columns
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.pool import Pool, group_spans, why_dependent
from roundplan.solve.columns.session import ColumnSession
from roundplan.solve.engine import COLUMNS, engine_for
from roundplan.solve.lns.search import BEST_TOTAL
from roundplan.solve.lns.state import BEST_AT
from roundplan.solve.team import SearchTeam


def day(seed: int = 1, visits: int = 24, workers: int = 4, **fields: object) -> Problem:
    """A day of visits along a street, for workers of two kinds of shift."""
    rng = np.random.default_rng(seed)
    made = [
        h.visit(
            f"V{i}",
            f"C{rng.integers(visits)}",
            f"{rng.integers(7, 18):02d}:{rng.integers(0, 60):02d}",
            minutes=int(rng.integers(15, 60)),
        )
        for i in range(visits)
    ]
    team = [h.worker(f"W{w}") for w in range(workers)]
    shifts = [
        h.shift(w.worker_id, *(("07:00", "14:00"), ("13:00", "20:00"))[i % 2])
        for i, w in enumerate(team)
    ]
    fields.setdefault("policy", BENCHMARK)
    return h.problem(made, team, shifts, **fields)


def session_of(problem: Problem, seed: int = 1) -> ColumnSession:
    compiled = compile_arrays(problem, h.travel(problem))
    session = ColumnSession(compiled, SearchParams(), seed)
    session.construct()
    return session


def priced() -> Problem:
    """A day with wages, breaks, preferred starts and patches, without weekly terms."""
    policy = replace(
        CHARTER,
        overtime_percent=0,
        guaranteed_hours=False,
        unknown_worker_p=0,
        extra_worker_p=0,
    )
    problem = day(5, policy=policy)
    clients = tuple(replace(c, patch="north") for c in problem.clients)
    workers = tuple(
        replace(w, patch="north" if i % 3 else "south")
        for i, w in enumerate(problem.workers)
    )
    return replace(problem, clients=clients, workers=workers)


@pytest.mark.parametrize("make", [day, priced])
def test_a_choice_costs_what_its_rounds_cost(make: Callable[[], Problem]) -> None:
    """The kernel's total, the cost and the checker agree after every choice."""
    problem = make()
    assert engine_for(compile_arrays(problem, h.travel(problem))) is COLUMNS
    s.planned(problem, iterations=900)


@pytest.mark.parametrize("make", [day, priced])
def test_the_amounts_in_the_pool_add_up_to_the_total(
    make: Callable[[], Problem],
) -> None:
    """The rounds of a state, and what it leaves out, cost what the state costs."""
    session = session_of(make())
    pool = Pool(session._arrays)
    pool.collect(session.memory)
    left = session.memory.visit[session.memory.node[:, BEST_AT] < 0]
    total = int(pool.rounds().amount.sum() + left[:, PENALTY].sum())
    assert len(pool)
    assert total == session.amount == session.best_amount


def test_a_better_combination_becomes_the_state() -> None:
    """From a state made worse by hand, the pool leads back to the best it has seen."""
    session = session_of(day())
    session.run(s.effort(600), 0.0, 0.2)
    session.pool.collect(session.memory)
    best = session.best_amount
    worse = session_of(day(), seed=2)
    worse.pool = session.pool
    assert best < worse.best_amount
    assert worse.choose()
    assert worse.best_amount == worse.amount <= best
    assert not worse.choose()


def test_amounts_that_are_wrong_are_a_defect() -> None:
    """A round that claims to be cheaper than it is stops the search."""
    session = session_of(day())
    session.pool.collect(session.memory)
    session.pool._amounts = [a - 7 * 3600 for a in session.pool._amounts]
    session._work[BEST_TOTAL] += 1
    with pytest.raises(SearchDefectError):
        session.choose()


def test_rounds_are_of_any_span_of_a_group() -> None:
    """Equal shifts are one group; a barred worker or another rate is another."""
    problem = day()

    def groups(changed: Problem) -> list[int]:
        return group_spans(compile_arrays(changed, h.travel(changed)).arrays).tolist()

    assert groups(problem) == [0, 1, 0, 1]
    barred = replace(problem.clients[0], barred_workers=frozenset({"W2"}))
    clients = (barred, *problem.clients[1:])
    assert groups(replace(problem, clients=clients)) == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("problem", "why"),
    [
        (random_problem(11, size=2), "linked"),
        (h.problem([h.visit()]), "overtime|unknown|hours"),
        (h.problem([h.visit()], days=2, policy=BENCHMARK), "two shifts"),
        (day(policy=replace(BENCHMARK, unknown_worker_p=1)), "unknown"),
        (day(policy=replace(BENCHMARK, extra_worker_p=1)), "team"),
    ],
)
def test_dependent_rounds_have_no_pool(problem: Problem, why: str) -> None:
    """The reason is told, and the general search plans the problem."""
    compiled = compile_arrays(problem, h.travel(problem))
    reason = why_dependent(compiled)
    assert reason is not None
    assert re.search(why, reason)
    assert engine_for(compiled) is not COLUMNS


@pytest.mark.parametrize("call_s", [1e-9, 10.0])
def test_the_speed_of_the_machine_makes_no_difference(
    call_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the iterations are cut, the same rounds are collected and chosen."""
    usual = s.planned(day(), iterations=400)
    monkeypatch.setattr(planner, "CALL_S", call_s)
    assert s.planned(day(), iterations=400).roster == usual.roster


def test_a_limit_in_seconds_has_its_choices_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every stage but the last ends with a choice, within its share of the time.

    From the pool, where there was no time for a bound.
    """
    limits: list[float] = []
    monkeypatch.setattr(ColumnSession, "prove", lambda *_: False)
    monkeypatch.setattr(
        ColumnSession,
        "choose",
        lambda _, time_limit: limits.append(time_limit),
    )
    plan(day(), h.travel(day()), seconds=0.5)
    assert 1 <= len(limits) <= len(columns.ENDS) - 1


def test_a_proof_makes_the_roster_better_and_bounds_it() -> None:
    """From a first roster to one that is proved best, which the kernel costs alike."""
    session = session_of(day(seed=4, visits=30))
    session.run(s.effort(200), 0.0, 0.1)
    first = session.best_amount
    assert session.bound is None
    assert session.prove(Budget(labels=10**7))
    assert session.bound is not None
    assert session.bound.leaves_out == ()
    assert session.bound.amount <= session.best_amount <= first
    long = session_of(day(seed=4, visits=30), seed=2)
    long.run(s.effort(4000), 0.0, 1.0)
    assert session.bound.amount <= long.best_amount


def test_what_a_bound_leaves_out_is_said() -> None:
    """Wages and breaks make waits and breaks that paths do not know exactly."""
    session = session_of(priced())
    session.prove(Budget(labels=10**5))
    assert session.bound is not None
    assert "breaks" in session.bound.leaves_out
    assert session.bound.amount <= session.best_amount


def test_one_search_of_a_team_proves() -> None:
    """The others have its roster where they meet."""
    problem = day(visits=12)
    compiled = compile_arrays(problem, h.travel(problem))
    team = SearchTeam(COLUMNS, compiled, SearchParams(), 1, 3)
    team.close()
    assert [member.leads for member in team._all] == [True, False, False]


def test_a_pool_holds_no_more_than_it_may() -> None:
    """A full pool drops its older half; what it keeps can still be found."""
    session = session_of(day())
    pool = Pool(session._arrays, most=20)
    for n in range(1, 24):
        for i in range(n):
            pool.add(0, np.array([i], dtype=np.int32), 3600)
            assert len(pool) <= 20
    rounds = pool.rounds()
    assert len(np.unique(rounds.node)) == len(pool) == len(pool._index)
    before = len(pool)
    pool.add(0, rounds.node[:1].astype(np.int32), 3600)
    assert len(pool) == before


def test_a_search_with_nothing_to_plan() -> None:
    """No visits, no pool, no error."""
    result = s.planned(day(visits=0), iterations=10)
    assert result.roster.rounds == ()
    assert result.stopped == "nothing to plan"


def test_threads_give_each_other_their_rounds() -> None:
    """Where two searches meet, each has all rounds, at their own price."""
    one, other = session_of(day(), 1), session_of(day(), 2)
    for session in (one, other):
        session.run(s.effort(300), 0.0, 0.2)
        session.pool.collect(session.memory)
    apart = one.pool._index.keys() | other.pool._index.keys()
    one.adopt(other)
    assert one.pool._index.keys() == other.pool._index.keys() == apart
    assert sorted(one.pool._amounts) == sorted(other.pool._amounts)
    assert one.best_amount == other.best_amount
    s.planned(day(), iterations=200, threads=2)


def test_an_interrupt_while_rounds_are_taken_up_keeps_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For a while the best state is only written down; nobody may see it so."""
    session = session_of(day(3))
    session.run(400, 0.0, 0.5)
    before = session.best[0].copy(), session.best_amount
    rounds = session.pool.rounds()

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "finish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session._take_up(rounds, np.arange(1))
    assert (session.best[0] == before[0]).all()
    assert session.best_amount == before[1]


def test_a_price_of_the_largest_lateness_joins_all_rounds() -> None:
    """It is of the roster, not of a round: no pool, and the total is still exact."""
    policy = replace(priced().policy, largest_lateness_p_min=10)
    problem = replace(priced(), policy=policy)
    compiled = compile_arrays(problem, h.travel(problem))
    assert "largest lateness" in (why_dependent(compiled) or "")
    assert engine_for(compiled) is not COLUMNS
    plan(problem, h.travel(problem), iterations=300)
