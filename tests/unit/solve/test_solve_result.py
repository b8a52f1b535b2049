"""What a search returns: summary, trace, shares of the ruins."""

from __future__ import annotations

from itertools import pairwise

import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.domain import Priority
from roundplan.solve import SearchParams, plan, planner
from roundplan.solve.lns.ruin import RUINS


def test_the_summary_says_what_was_placed_for_how_much() -> None:
    """Attendances, rounds, visits left out, pounds, iterations, and why it ended."""
    problem = h.problem(
        [
            h.visit("V1", workers_required=2, priority=Priority.ESSENTIAL),
            h.visit("V2", earliest="18:00"),
        ],
        [h.worker("W1"), h.worker("W2")],
    )
    result = s.planned(problem)
    text = result.summary()
    assert text.startswith("2 attendances in 2 rounds, 1 visit unassigned\n")
    assert f"cost {result.cost.total_p / 100:,.2f} pounds" in text
    assert f"after {s.effort(300):,} iterations" in text
    assert text.endswith("(stopped by iterations)")


def test_the_summary_counts_visits_in_the_plural() -> None:
    """None and two visits are visits."""
    none = s.planned(h.problem([h.visit()])).summary()
    assert "1 attendances in 1 rounds, 0 visits unassigned" in none
    two = h.problem([h.visit("V1", earliest="18:00"), h.visit("V2", earliest="19:00")])
    assert "2 visits unassigned" in s.planned(two).summary()


@pytest.mark.parametrize("seed", range(4))
def test_the_trace_never_gets_worse_and_ends_at_the_result(seed: int) -> None:
    """Best costs fall, moments and iterations rise; the last one is the roster's."""
    problem = random_problem(seed, size=2)
    result = s.planned(problem, iterations=400)
    for before, after in pairwise(result.trace):
        assert after.best_p <= before.best_p
        assert after.iterations > before.iterations
        assert after.elapsed_s >= before.elapsed_s
        assert after.fraction >= before.fraction
    for moment in result.trace:
        assert moment.best_p <= moment.current_p
        assert 0 <= moment.unassigned <= len(problem.visits)
        assert 0.0 <= moment.fraction <= 1.0
    assert result.trace[0].iterations == 0
    assert result.trace[0].elapsed_s == result.first_s <= result.runtime_s
    last = result.trace[-1]
    assert (last.iterations, last.fraction) == (result.iterations, 1.0)
    # the visits left out are tried once more at the end, which may gain
    assert result.cost.total_p <= last.best_p


def test_a_long_trace_is_thinned_and_keeps_its_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Above the longest trace every other entry goes; first and last stay."""
    monkeypatch.setattr(planner, "TRACE_LENGTH", 6)
    monkeypatch.setattr(planner, "CALL_S", 1e-9)
    result = s.planned(random_problem(3), iterations=200)
    assert len(result.trace) <= 6
    assert result.trace[0].iterations == 0
    assert result.trace[-1].iterations == result.iterations


@pytest.mark.parametrize("seed", [1, 6])
def test_the_shares_of_the_ruins_add_up(seed: int) -> None:
    """Each iteration is one ruin; some are accepted, some of those new bests."""
    problem = random_problem(seed, size=2)
    assert problem.visits
    result = s.planned(problem, iterations=500)
    assert tuple(result.operators) == RUINS
    assert sum(tried for tried, _, _ in result.operators.values()) == result.iterations
    for tried, accepted, improved in result.operators.values():
        assert 0 <= improved <= accepted <= tried


def test_weights_of_zero_leave_a_ruin_out() -> None:
    """What weighs nothing is never tried."""
    params = SearchParams(client_worker=0, make_room=0, two_rounds=0)
    result = s.planned(random_problem(6, size=2), iterations=300, params=params)
    for name in ("client_worker", "make_room", "two_rounds"):
        assert result.operators[name] == (0, 0, 0)
    assert result.operators["client_week"][0] > 0


def test_a_plan_without_limits_runs_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty seconds are the limit where none is given; the clock is not waited for."""
    ticks = iter(range(0, 10_000, 25))
    monkeypatch.setattr(planner.time, "perf_counter", lambda: float(next(ticks)))
    problem = h.problem([h.visit()])
    result = plan(problem, h.travel(problem), method="search")
    assert result.stopped == "seconds"
    assert dict(result.roster.provenance.parameters)["limit_seconds"] == "60.0"
