"""Plans that end with the exact model: method, limits, bound, interrupts."""

from __future__ import annotations

from dataclasses import replace

import pytest

import exact_cases as e
import helpers as h
import searching as s
from problems import random_problem
from roundplan.arrays import compile_arrays
from roundplan.domain import BENCHMARK, Problem
from roundplan.errors import UsageError
from roundplan.solve import Callbacks, Progress, Stop, plan
from roundplan.solve.exact.limits import (
    MOST_ARCS,
    SMALL,
    count_arcs,
    hint_stop,
    wants_proof,
)
from roundplan.solve.exact.model import ExactModel

GAP = e.CASES["rule max_hours + price waiting"]
"""Where the search misses the optimum: it opens no unpaid gap by waiting."""


def many_visits(count: int, workers: int = 1) -> Problem:
    """Visits that can all stand in every worker's one round, in any order."""
    visits = [h.visit(f"V{k}", "C1", "08:00", "14:00") for k in range(count)]
    return h.problem(visits, [h.worker(f"W{w}") for w in range(workers)])


@pytest.mark.parametrize("method", ["auto", "exact"])
def test_a_small_plan_is_proved(method: str) -> None:
    """It costs less than what the search finds, and its bound is its cost."""
    problem = GAP().problem
    found = s.planned(problem, iterations=300)
    assert (found.bound, found.gap) == (None, None)
    proved = s.planned(problem, iterations=300, method=method)
    assert proved.cost.total < found.cost.total
    assert proved.stopped == "proved optimal"
    assert proved.bound is not None
    assert proved.bound.amount == proved.cost.total
    assert (proved.bound.proof, proved.bound.leaves_out) == ("exact model", ())
    assert proved.gap == 0.0
    assert proved.summary().endswith("(proved optimal)")


def test_the_search_s_own_roster_is_kept_where_nothing_is_cheaper() -> None:
    """A proof changes no roster that it finds to be the best."""
    problem = h.problem([h.visit("V1"), h.visit("V2", "C2", "10:00")])
    found = s.planned(problem)
    proved = s.planned(problem, method="exact")
    assert proved.roster.rounds == found.roster.rounds


@pytest.mark.parametrize("method", ["auto", "exact"])
def test_iterations_alone_give_the_same_roster(method: str) -> None:
    """No clock decides, not even how long a proof may take."""
    problem = GAP().problem
    made = [
        s.planned(problem, iterations=50, seed=seed, method=method)
        for seed in (3, 3, 2**32 - 1)
    ]
    assert made[0].roster == made[1].roster
    assert made[0].cost.total == made[2].cost.total


def test_auto_searches_where_there_is_more_than_a_little() -> None:
    """Up to eight attendances; a double-handed visit has two."""
    problem = many_visits(SMALL + 1)
    assert not wants_proof("auto", compile_arrays(problem, h.travel(problem)).arrays)
    assert s.planned(problem, iterations=5, method="auto").bound is None
    pairs = [h.visit(f"V{k}", workers_required=2) for k in range(SMALL // 2)]
    small = h.problem(pairs, [h.worker("W1"), h.worker("W2")])
    assert wants_proof("auto", compile_arrays(small, h.travel(small)).arrays)
    assert not wants_proof("search", compile_arrays(small, h.travel(small)).arrays)
    empty = h.problem([])
    assert not wants_proof("auto", compile_arrays(empty, h.travel(empty)).arrays)


def test_a_problem_too_large_is_refused_before_the_search() -> None:
    """Whoever asks for a proof gets none by waiting; the model refuses it too."""
    problem = many_visits(101, workers=2)
    compiled = compile_arrays(problem, h.travel(problem))
    assert count_arcs(compiled.arrays) == 2 * 101**2 > MOST_ARCS
    with pytest.raises(UsageError, match=r"20,402 legs .* 20,000 at most"):
        plan(problem, h.travel(problem), iterations=1, method="exact")
    with pytest.raises(UsageError, match="E1002"):
        ExactModel(compiled)
    assert plan(problem, h.travel(problem), iterations=1).stopped == "iterations"


def test_a_method_that_does_not_exist_is_refused() -> None:
    """With the names of those that do."""
    problem = h.problem([h.visit()])
    with pytest.raises(UsageError, match="'magic'; there are auto, search, exact"):
        plan(problem, h.travel(problem), iterations=1, method="magic")


def test_nothing_to_plan_is_proved_too() -> None:
    """Training costs what it costs."""
    problem = h.problem([])
    result = s.planned(problem, method="exact")
    assert result.stopped == "nothing to plan"
    assert result.bound is not None
    assert result.bound.amount == 0


def test_the_search_before_a_proof_is_short() -> None:
    """A tenth of the seconds, five at most; iterations are as given."""
    assert hint_stop(Stop(seconds=20, iterations=7)) == Stop(seconds=2.0, iterations=7)
    assert hint_stop(Stop(seconds=900)) == Stop(seconds=5.0)
    assert hint_stop(Stop(iterations=7)) == Stop(iterations=7)


def test_no_time_for_a_proof_leaves_the_search_s_roster() -> None:
    """And says nothing of a bound, rather than something wrong."""
    result = s.planned(many_visits(9), iterations=0, seconds=0, method="exact")
    assert result.stopped == "seconds"
    assert result.bound is None


class Impatient(Callbacks):
    """Presses Ctrl-C when it is told of progress for the first time after a roster."""

    def __init__(self) -> None:
        self.best: list[int] = []

    def on_progress(self, progress: Progress) -> None:
        """Press it."""
        self.best.append(progress.best_p)
        raise KeyboardInterrupt


def test_ctrl_c_in_a_proof_keeps_the_best() -> None:
    """With the bound so far, which is none above the cost."""
    problem = many_visits(60, workers=2)  # nobody proves that in a tenth of a second
    impatient = Impatient()
    result = s.planned(problem, iterations=0, method="exact", callbacks=impatient)
    assert len(impatient.best) == 1
    assert result.stopped == "interrupted"
    assert result.bound is None or 0 <= result.bound.amount <= result.cost.total


@pytest.mark.parametrize("seed", [28, 82, 227, 510, 523, 529])
def test_reasons_hold_for_what_a_proved_roster_leaves_out(seed: int) -> None:
    """Each visit left out has one, though it is not the search that left it out."""
    problem = random_problem(seed)
    result = s.planned(problem, iterations=0, method="exact")
    placed = s.makers(result.roster)
    left = {v.visit_id for v in problem.visits} - set(placed)
    assert set(s.left_out(result.roster)) == left
    assert all(item.reason for item in result.roster.unassigned)


def test_threads_prove_the_same_cost() -> None:
    """Two of the solver's, after a team of two searches."""
    problem = GAP().problem
    alone = s.planned(problem, iterations=20, method="exact")
    together = s.planned(problem, iterations=20, method="exact", threads=2)
    assert together.cost.total == alone.cost.total


def test_lateness_alone_is_proved_as_well() -> None:
    """The other search's rosters are rosters of the same model."""
    policy = replace(BENCHMARK, soft_lateness_s=7200, lateness_p_min=30)
    visits = [
        h.visit(f"V{k}", f"C{k % 3}", "08:00", "08:10", workers_required=1 + k % 2)
        for k in range(4)
    ]
    problem = h.problem(visits, [h.worker("W1"), h.worker("W2")], policy=policy)
    result = s.planned(problem, iterations=0, method="exact")
    assert dict(result.roster.provenance.parameters)["engine"] == "sync"
    assert result.gap == 0.0
