"""The trace: what the best roster cost over time, term by term."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.cost import TERMS
from roundplan.errors import SearchDefectError, UsageError
from roundplan.solve import Result, plan, planner, trace
from roundplan.solve.lns.session import SearchSession


def traced(seed: int = 2, iterations: int = 400, **limits) -> Result:
    problem = random_problem(seed, size=2)
    return s.planned(problem, iterations=iterations, trace=True, **limits)


@pytest.mark.parametrize("seed", range(4))
def test_the_moments_of_a_search(seed: int) -> None:
    """The first roster, spaced moments, and the result; never dearer, ever later."""
    result = traced(seed)
    moments = result.moments
    assert len(moments) <= len(trace.SHARES) + 2
    assert moments[0].iterations == 0
    assert moments[-1].iterations == result.iterations
    for before, after in pairwise(moments[:-1]):
        assert after.cost.total <= before.cost.total
        assert after.iterations > before.iterations
        assert after.elapsed_s >= before.elapsed_s
        assert after.temperature_p < before.temperature_p
    assert moments[-1].cost == result.cost
    assert moments[-1].unassigned == len(result.roster.unassigned)
    assert moments[0].cost.total_p == result.trace[0].best_p


def test_the_shares_of_the_ruins_add_up_to_those_of_the_search() -> None:
    result = traced()
    for name, whole in result.operators.items():
        rows = [moment.operators[name] for moment in result.moments]
        assert tuple(sum(counts) for counts in zip(*rows, strict=True)) == whole


def test_moments_of_a_limit_in_iterations_are_the_same_on_every_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However fast it is; and looking changes nothing."""
    usual = traced(iterations=900)
    problem = random_problem(2, size=2)
    assert s.planned(problem, iterations=900).roster == usual.roster
    monkeypatch.setattr(planner, "CALL_S", 1e-9)
    slow = traced(iterations=900)
    facts = [(m.iterations, m.cost, m.operators) for m in usual.moments]
    assert [(m.iterations, m.cost, m.operators) for m in slow.moments] == facts
    wanted = {math.ceil(share * s.effort(900)) for share in trace.SHARES}
    assert {m.iterations for m in usual.moments} >= wanted


def test_a_search_by_the_clock_has_moments_too() -> None:
    result = traced(iterations=10**9, seconds=0.3)
    assert len(result.moments) >= 2
    assert result.moments[-1].cost == result.cost


def test_no_moments_unless_they_are_asked_for(tmp_path: Path) -> None:
    result = s.planned(random_problem(2), iterations=50)
    assert result.moments == ()
    with pytest.raises(UsageError, match="trace=True"):
        result.save_trace(tmp_path / "trace.csv")


def test_a_problem_without_visits_has_one_moment_at_the_end() -> None:
    result = s.planned(h.problem([], clients=[h.client()]), trace=True)
    assert [m.iterations for m in result.moments] == [0, 0]


def test_a_moment_whose_cost_differs_is_a_defect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The costs of the trace are those of the search, to the unit."""
    honest = SearchSession.best_amount.fget
    monkeypatch.setattr(
        SearchSession,
        "best_amount",
        property(lambda self: honest(self) + (self.iterations == 0)),
    )
    problem = random_problem(2, size=2)
    with pytest.raises(SearchDefectError):
        plan(problem, h.travel(problem), iterations=s.effort(100), trace=True)


def test_an_interrupted_search_has_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: SearchSession, *given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchSession, "run", interrupted)
    monkeypatch.setattr(planner, "warm_up", lambda _: None)
    result = traced()
    assert result.stopped == "interrupted"
    assert [m.iterations for m in result.moments] == [0, 0]


def test_the_file_holds_whole_pence_that_add_up(tmp_path: Path) -> None:
    result = traced()
    path = tmp_path / "trace.csv"
    result.save_trace(path)
    assert [p.name for p in tmp_path.iterdir()] == ["trace.csv"]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(result.moments)
    for row in rows:
        assert sum(int(row[f"{term}_p"]) for term in TERMS) == int(row["total_p"])
    assert int(rows[-1]["total_p"]) == result.cost.total_p
    last = {term: int(rows[-1][f"{term}_p"]) for term in TERMS}
    assert last == result.cost.pence()
    tried = [int(row["strings_tried"]) for row in rows]
    assert sum(tried) == result.operators["strings"][0]


@pytest.mark.parametrize("name", ["missing/trace.csv", "folder"])
def test_a_file_that_cannot_be_written_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=r"E1002.*cannot be written"):
        traced().save_trace(tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_moments_are_evenly_spaced_for_a_logarithmic_axis() -> None:
    steps = np.diff(np.log(trace.SHARES))
    assert np.allclose(steps, steps[0])
    assert trace.SHARES[0] == 0.001
    assert trace.SHARES[-1] < 1
