"""The synchronised search's own total and starts against slow, separate code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers as h
from regular_problems import regular_problem
from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.domain import Problem, Roster, Travel, Unassigned
from roundplan.solve.lns.compiled import entry
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.params import SearchParams
from roundplan.solve.sync import state as s
from roundplan.solve.sync.insert import look
from roundplan.solve.sync.regular import why_not_regular
from roundplan.solve.sync.session import SyncSession

HOT = SearchParams(hot=50.0, cold=50.0)
"""So hot that nearly every change is accepted: a walk through rosters good and bad."""


def session_for(
    problem: Problem, travel: Travel, params: SearchParams, seed: int
) -> tuple[SyncSession, CompiledProblem]:
    compiled = compile_arrays(problem, travel)
    assert why_not_regular(compiled) is None
    return SyncSession(compiled, params, seed), compiled


def roster_now(session: SyncSession, compiled: CompiledProblem) -> Roster:
    spot = session.memory.node[: len(compiled.arrays.node), [s.AT, s.T]]
    rounds = decode_rounds(compiled, spot, session.best[1])
    placed = {v.visit_id for r in rounds for v in r.visits}
    return Roster(
        rounds=rounds,
        unassigned=tuple(
            Unassigned(visit_id=v.visit_id, code="no_room", reason="-")
            for v in compiled.problem.visits
            if v.visit_id not in placed
        ),
    )


def least_starts(session: SyncSession) -> dict[int, int]:
    """Bellman-Ford over all legs and links of the state, from the windows up."""
    m = session.memory
    node = m.node
    present = [j for j in range(len(node)) if node[j, s.AT] >= 0]
    edges = []
    for j in present:
        layer = m.span[node[j, s.AT], s.LAYER]
        after = int(node[j, s.NEXT])
        if after >= 0:
            leg = m.leg[layer, node[j, s.PLACE], node[after, s.PLACE], s.SECONDS]
            edges.append((j, after, int(node[j, s.DUR] + leg)))
        for k in range(node[j, s.LINK_FROM], node[j, s.LINK_TO]):
            other = int(m.link[k, s.OTHER])
            if node[other, s.AT] >= 0:
                edges.append((j, other, int(m.link[k, s.OUT])))
    starts = {j: int(node[j, s.EARLY]) for j in present}
    for _ in range(len(present) + 1):
        moved = False
        for a, b, weight in edges:
            if starts[a] + weight > starts[b]:
                starts[b] = starts[a] + weight
                moved = True
        if not moved:
            return starts
    pytest.fail("the state has a circle")


def assert_sound(
    problem: Problem, travel: Travel, session: SyncSession, compiled: CompiledProblem
) -> None:
    node = session.memory.node
    for j, start in least_starts(session).items():
        assert node[j, s.T] == start, f"node {j} starts at {node[j, s.T]}, not {start}"
        after = node[j, s.NEXT]
        assert after < 0 or node[after, s.PREV] == j
    for r, span in enumerate(session.memory.span):
        count = (node[: len(compiled.arrays.node), s.AT] == r).sum()
        assert span[s.LEN] == count
    roster = roster_now(session, compiled)
    assert session.amount == cost_of(problem, travel, roster).total
    assert broken(check(problem, travel, roster)) == []


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), steps=st.integers(0, 5))
def test_total_is_the_cost_starts_are_the_least_and_no_rule_is_broken(
    seed: int, steps: int
) -> None:
    """After any number of moves, against the specification and Bellman-Ford."""
    problem = regular_problem(seed)
    travel = h.travel(problem)
    session, compiled = session_for(problem, travel, HOT, seed)
    session.construct()
    assert_sound(problem, travel, session, compiled)
    for _ in range(steps):
        session.run(7, 0.0, 1.0)
        assert_sound(problem, travel, session, compiled)
    session.finish()
    assert_sound(problem, travel, session, compiled)
    assert session.amount <= session.best_amount


@pytest.mark.parametrize("seed", range(6))
def test_every_step_of_a_long_walk_is_sound(seed: int) -> None:
    """One move at a time, on problems with more of everything."""
    problem = regular_problem(seed + 50, size=2)
    travel = h.travel(problem)
    session, compiled = session_for(problem, travel, HOT, seed)
    session.construct()
    for _ in range(60):
        session.run(1, 0.0, 1.0)
        assert_sound(problem, travel, session, compiled)
    for _ in range(5):
        session.run(100, 0.0, 1.0)
        assert_sound(problem, travel, session, compiled)
    assert session.shares[:, 1].sum() > 0


def test_undo_restores_the_state_exactly() -> None:
    """A search so cold that every change for the worse is undone keeps its columns."""
    problem = regular_problem(5, size=2)
    travel = h.travel(problem)
    cold = SearchParams(hot=1e-9, cold=1e-9)
    session, compiled = session_for(problem, travel, cold, 3)
    session.construct()
    for _ in range(40):
        before = session.memory.node[:, : s.STATE_COLUMNS].copy()
        accepted = session.shares[:, 1].sum()
        session.run(1, 0.0, 1.0)
        if session.shares[:, 1].sum() == accepted:
            placed = before[:, s.AT] >= 0
            after = session.memory.node[:, : s.STATE_COLUMNS]
            assert (before[:, s.AT] == after[:, s.AT]).all()
            assert (before[placed] == after[placed]).all()
        assert_sound(problem, travel, session, compiled)


@pytest.mark.parametrize("seed", range(4))
def test_kept_places_are_those_that_a_fresh_look_finds(seed: int) -> None:
    """Through many moves, undone and not: no kept bound is stale, or too high."""
    problem = regular_problem(seed + 90, size=2)
    travel = h.travel(problem)
    session, compiled = session_for(problem, travel, SearchParams(), seed)
    session.construct()
    m = session.memory
    compared = 0
    for _ in range(20):
        session.run(5, 0.0, 1.0)
        for i in range(len(compiled.arrays.node)):
            for f in range(m.node[i, s.FIT_FROM], m.node[i, s.FIT_TO]):
                if m.offer[f, s.O_VERSION] != m.span[m.fit[f], s.VERSION]:
                    continue
                if m.node[i, s.AT] == m.fit[f]:
                    continue
                kept = m.offer[f].copy()
                fresh_look(m, i, f)
                fresh = m.offer[f].copy()
                m.offer[f] = kept
                assert kept[s.O_COST] <= fresh[s.O_COST]
                if kept[s.O_AFTER] != s.UNKNOWN:
                    assert kept[s.O_COST] == fresh[s.O_COST]
                    assert kept[s.O_NEXT] <= fresh[s.O_NEXT]
                compared += 1
    assert compared > 50


@entry
def fresh_look(m, i, f):
    """Look at a span again, whatever is kept."""
    m.span[m.fit[f], s.STOPS_VERSION] = -1
    look(m, i, f, m.node[i, s.EARLY], s.FAR)
