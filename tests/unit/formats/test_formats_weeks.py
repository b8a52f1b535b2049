"""The two weeks of the shared benchmarks load as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from roundplan.formats import load_problem

WEEKS = Path(__file__).parents[4] / "shared" / "benchmarks" / "weeks"


@pytest.mark.parametrize(
    ("week", "visits", "workers"), [("patch", 1070, 48), ("southwark", 9945, 440)]
)
def test_week_loads(week, visits, workers):
    folder = WEEKS / week
    if not folder.is_dir():
        pytest.skip("../shared/benchmarks is not beside the project")
    loaded = load_problem(folder)
    assert len(loaded.problem.visits) == visits
    assert len(loaded.problem.workers) == workers
    assert loaded.problem.notes == ()
    assert loaded.travel is not None
