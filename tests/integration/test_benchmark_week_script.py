"""The benchmark of weeks, on a small shape: what it prints, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from roundplan.datasets import generate

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "week.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="not a checkout")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
def test_a_folder_is_planned_judged_and_held_against_the_bars(tmp_path):
    folder = generate(tmp_path / "tiny", like="reablement", clients=5)
    done = run(folder, "--seconds", 1, "--seeds", 2)
    assert done.returncode == 0, done.stderr
    table, _, bars = done.stdout.partition("Bars")
    rows = [line.split() for line in table.splitlines() if line.strip()]
    lines = {row[0]: row[1:] for row in rows}
    assert lines["violations"] == ["0", "0", "0.00"]
    assert lines["cost_differences"] == ["0", "0", "0.00"]
    assert lines["unassigned_refuted"][:2] == ["0", "0"]
    for name in ("1-3", "4-7", "8-14", "15-21", "22+"):
        assert f"distinct_workers_at_{name}_a_week" in lines
    assert lines["best_at_100_percent_p"] == lines["cost_total_p"]
    assert "tiny" in bars
    assert "clients whose three workers make 70%" in bars
    assert " met" in bars or " aim" in bars


def test_a_name_that_is_neither_is_refused_with_the_shapes():
    done = run("nowhere")
    assert done.returncode == 1
    assert "nowhere: no folder, and no shape: camden-2024" in done.stderr
