"""The search's own total against the readable specification, and the checker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers as h
from problems import random_policy, random_problem
from roundplan.arrays import compile_arrays
from roundplan.arrays.layout import VISIT
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.domain import (
    UNREACHABLE,
    Priority,
    Problem,
    Roster,
    ShiftKind,
    Travel,
    Unassigned,
)
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.lns.state import AT, BREAK_AT, SPANS_COUNT, START, VERSION
from roundplan.solve.params import SearchParams

HOT = SearchParams(hot=50.0, cold=50.0)
"""So hot that nearly every change is accepted: a walk through rosters good and bad."""


def roster_now(problem: Problem, session: SearchSession, compiled) -> Roster:
    memory = session.memory
    spans = int(memory.par[SPANS_COUNT])
    spot = memory.node[:, [AT, START]]
    rounds = decode_rounds(compiled, spot, memory.span[:spans, BREAK_AT])
    placed = {v.visit_id for r in rounds for v in r.visits}
    return Roster(
        rounds=rounds,
        unassigned=tuple(
            Unassigned(visit_id=v.visit_id, code="no_room", reason="-")
            for v in problem.visits
            if v.visit_id not in placed
        ),
    )


def assert_agrees(problem: Problem, travel: Travel, session, compiled) -> None:
    roster = roster_now(problem, session, compiled)
    assert session.amount == cost_of(problem, travel, roster).total
    assert broken(check(problem, travel, roster)) == []


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), steps=st.integers(0, 6))
def test_total_of_search_is_the_cost_and_no_rule_is_broken(
    seed: int, steps: int
) -> None:
    """After any number of moves the state costs what the specification says."""
    problem = random_problem(seed, policy=random_policy(seed))
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel)
    session = SearchSession(compiled, HOT, seed)
    session.construct()
    assert_agrees(problem, travel, session, compiled)
    for _ in range(steps):
        session.run(7, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)
    session.finish()
    assert_agrees(problem, travel, session, compiled)
    assert session.amount <= session.best_amount


@pytest.mark.parametrize("seed", range(4))
def test_long_walk_through_a_larger_problem(seed: int) -> None:
    """Hundreds of accepted moves on a problem with more of everything."""
    problem = random_problem(seed + 77, size=3)
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel)
    session = SearchSession(compiled, HOT, seed)
    session.construct()
    for _ in range(5):
        session.run(60, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)
    assert session.shares[:, 1].sum() > 0 or not len(problem.visits)


def test_undo_restores_the_state_exactly() -> None:
    """A search so cold that every change for the worse is undone keeps its counters."""
    problem = random_problem(5, size=3)
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel)
    session = SearchSession(compiled, SearchParams(hot=1e-9, cold=1e-9), 3)
    session.construct()
    for _ in range(5):
        before = session.amount
        session.run(50, 0.0, 1.0)
        assert session.amount <= before
        assert_agrees(problem, travel, session, compiled)


def test_putting_everything_back_keeps_what_is_remembered() -> None:
    """An iteration that changes nothing leaves all versions; one that does, not."""
    problem = random_problem(5, size=3)
    compiled = compile_arrays(problem, h.travel(problem))
    session = SearchSession(compiled, SearchParams(hot=1e-9, cold=1e-9), 3)
    session.construct()
    memory = session.memory
    rounds = memory.par[SPANS_COUNT]
    kept = changed = 0
    for _ in range(300):
        starts = memory.node[:, [AT, START]].copy()
        versions = memory.span[:rounds, VERSION].copy()
        session.run(1, 0.0, 1.0)
        same = bool(np.array_equal(starts, memory.node[:, [AT, START]]))
        assert same == bool(np.array_equal(versions, memory.span[:rounds, VERSION]))
        kept, changed = kept + same, changed + (not same)
    assert kept
    assert changed


@pytest.mark.parametrize("quick", [("C1", "C2"), ("C2", "C1")])
def test_a_position_is_looked_at_with_the_leg_in_its_direction(
    quick: tuple[str, str],
) -> None:
    """One way quick and the other slow: the first roster takes the quick one.

    Each round offers its best position only, so that a leg looked up backwards shows.
    """
    day = [h.visit(c, c, "08:00", "14:00", 30) for c in ("C1", "C2")]
    problem = h.problem(day, [h.worker("W1")], [h.shift("W1", "08:00", "16:00")])
    straight = h.travel(problem)
    walk = straight.matrices["walk"]
    slow = walk.times_s.copy()
    a, b = (walk.place_ids.index(c) for c in quick)
    slow[a, b], slow[b, a] = 60, 3000
    travel = replace(straight, matrices={"walk": replace(walk, times_s=slow)})
    session = SearchSession(compile_arrays(problem, travel), HOT, 1)
    session.construct()
    starts = {
        problem.visits[node[VISIT]].client_id: node[START]
        for node in session.memory.node
    }
    assert sorted(starts, key=starts.__getitem__) == list(quick)


@pytest.mark.parametrize(("start", "end"), [("W1", None), (None, "W1")])
def test_an_end_of_a_round_needs_the_way_in_its_direction_only(
    start: str | None, end: str | None
) -> None:
    """A shift that begins at home does not need the way back, nor the reverse."""
    problem = h.problem(
        [h.visit("A", "C1", "09:00", "12:00", 30)],
        [h.worker("W1")],
        [h.shift("W1", "08:00", "16:00", start_place=start, end_place=end)],
    )
    straight = h.travel(problem)
    walk = straight.matrices["walk"]
    one_way = walk.times_s.copy()
    home, client = walk.place_ids.index("W1"), walk.place_ids.index("C1")
    one_way[(client, home) if start else (home, client)] = UNREACHABLE
    travel = replace(straight, matrices={"walk": replace(walk, times_s=one_way)})
    session = SearchSession(compile_arrays(problem, travel), HOT, 1)
    session.construct()
    assert session.absent == 0


def walk(problem: Problem, steps: int) -> None:
    """Accept nearly every change, and prove each state."""
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel)
    session = SearchSession(compiled, SearchParams(hot=1e9, cold=1e9), 1)
    session.construct()
    for _ in range(steps):
        session.run(1, 0.0, 1.0)
        assert_agrees(problem, travel, session, compiled)


def test_taking_a_visit_out_does_not_take_away_the_only_rest() -> None:
    """The time before W1's last round is the only rest of the day."""
    essential = Priority.ESSENTIAL
    walk(
        h.problem(
            [
                h.visit("A", "C1", "10:00", "10:00", 150, priority=essential),
                h.visit("B", "C1", "12:30", "12:30", 150, priority=essential),
                h.visit("X", "C1", "15:30", "15:30", 30, priority=Priority.FLEXIBLE),
            ],
            [h.worker("W1"), h.worker("W2")],
            [
                h.shift("W1", "08:00", "10:00", kind=ShiftKind.TRAINING),
                h.shift("W1", "10:00", "15:00"),
                h.shift("W1", "15:10", "18:00"),
                h.shift("W2", "15:00", "18:00"),
            ],
        ),
        steps=400,
    )


def test_training_does_not_hide_a_short_rest_before_a_leg_from_home() -> None:
    """An hour from home before a shift right after training: the rest ends earlier."""
    walk(
        h.problem(
            [
                h.visit("A", "C1", "21:00", "21:00", 60),
                h.visit("B", "C2", "09:30", "09:30", 60, day=1),
            ],
            [h.worker("W1")],
            [
                h.shift("W1", "20:00", "22:00"),
                h.shift("W1", "09:00", "09:30", day=1, kind=ShiftKind.TRAINING),
                h.shift("W1", "09:30", "12:00", day=1, start_place="W1"),
            ],
            [h.client("C1", x=3600.0), h.client("C2", x=3600.0)],
            days=2,
        ),
        steps=20,
    )


def test_a_leg_from_home_on_sunday_counts_for_that_week() -> None:
    """Monday's first visit at midnight begins with an hour's way on Sunday."""
    nights = [h.visit(f"V{d}", "C1", "22:50", "22:50", 30, day=d) for d in range(6)]
    monday = h.visit("M", "C1", "00:00", "00:00", 30, day=7)
    walk(
        h.problem(
            [*nights, monday],
            [h.worker("W1")],
            [
                *(h.shift("W1", "22:00", "24:00", day=d) for d in range(6)),
                h.shift("W1", "00:00", "02:00", day=7, start_place="W1"),
            ],
            [h.client("C1", x=3600.0)],
            days=9,
        ),
        steps=20,
    )
