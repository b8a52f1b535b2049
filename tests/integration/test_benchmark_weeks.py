"""The synthetic weeks that lie beside the project: a patch, and a whole borough."""

from pathlib import Path

import pytest

import roundplan as rp

WEEKS = Path(__file__).parents[3] / "shared" / "benchmarks" / "weeks"

pytestmark = pytest.mark.skipif(
    not WEEKS.is_dir(), reason="no ../shared/benchmarks/weeks"
)


@pytest.mark.parametrize(
    ("name", "visits", "workers", "iterations"),
    [
        pytest.param("patch", 1070, 48, 5000, id="patch"),
        pytest.param("southwark", 9945, 440, 200, id="southwark"),
    ],
)
def test_a_benchmark_week_is_planned_soundly(name, visits, workers, iterations):
    """No rule is broken, the cost is the specification's, and no visit is forgotten."""
    folder = rp.load_problem(WEEKS / name)
    problem, travel = folder.problem, rp.travel_for(folder)
    assert (len(problem.visits), len(problem.workers)) == (visits, workers)

    result = rp.plan(problem, travel, iterations=iterations)

    assert rp.check(problem, travel, result.roster) == []
    assert result.cost == rp.cost_of(problem, travel, result.roster)
    placed = {v.visit_id for r in result.roster.rounds for v in r.visits}
    left = [u.visit_id for u in result.roster.unassigned]
    assert sorted([*placed, *left]) == sorted(v.visit_id for v in problem.visits)
    assert all(u.code and u.reason.strip() for u in result.roster.unassigned)
    assert len(left) < 0.2 * visits
