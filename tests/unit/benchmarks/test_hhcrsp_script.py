"""`benchmarks/hhcrsp.py` from the file to the judged solution, on tiny instances."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "benchmarks" / "hhcrsp.py"
OWN_JUDGE = ROOT / "benchmarks" / "hhcrsp_score.py"
SHARED_JUDGE = ROOT.parent / "shared" / "benchmarks" / "evaluate_hhcrsp.py"


def instance(seed: int, patients: int = 5) -> dict:
    """A few patients on a grid; one needs two carers at once, one in sequence."""
    rng = random.Random(seed)
    at = [(rng.randrange(50), rng.randrange(50)) for _ in range(patients + 1)]
    people = []
    for k in range(patients):
        opens = 10.0 * rng.randrange(12)
        person = {
            "id": f"p{k}",
            "location": at[k + 1],
            "time_window": [opens, opens + 60],
            "required_caregivers": [{"service": "s1", "duration": 15.5}],
        }
        if k < 2:
            person["required_caregivers"].append({"service": "s2"})
            person["synchronization"] = (
                {"type": "simultaneous"},
                {"type": "sequential", "distance": [10, 30]},
            )[k]
        people.append(person)
    return {
        "patients": people,
        "services": [{"id": s, "default_duration": 20} for s in ("s1", "s2")],
        "caregivers": [
            {"id": "c1", "abilities": ["s1", "s2"]},
            {"id": "c2", "abilities": ["s1"]},
            {"id": "c3", "abilities": ["s2"]},
        ],
        "central_offices": [{"id": "d", "location": at[0]}],
        "distances": [[round(math.dist(a, b), 3) for b in at] for a in at],
    }


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_solutions_of_the_script_please_the_judges(tmp_path: Path) -> None:
    """Two instances, two seeds: four files that two separate judges accept."""
    files = [tmp_path / f"tiny{seed}.json" for seed in (1, 2)]
    for seed, file in enumerate(files):
        file.write_text(json.dumps(instance(seed)))
    out = tmp_path / "out"
    done = run(SCRIPT, *files, "--seconds", "0.2", "--seeds", "2", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    made = sorted(path.name for path in out.iterdir())
    assert made == [f"tiny{i}.seed{s}.json" for i in (1, 2) for s in (1, 2)]
    judges = [OWN_JUDGE] + [SHARED_JUDGE] * SHARED_JUDGE.exists()
    for file in files:
        for seed in (1, 2):
            solution = out / f"{file.stem}.seed{seed}.json"
            told = [run(judge, file, solution) for judge in judges]
            assert [t.returncode for t in told] == [0] * len(judges)
            figures = {t.stdout.split()[1] for t in told}
            assert len(figures) == 1, figures


def test_the_judge_finds_every_kind_of_fault(tmp_path: Path) -> None:
    """A judge that has never said no is not a judge."""
    given = instance(1, patients=2)
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(given))

    def stop(patient: str, service: str, start: float, length: float) -> dict:
        return {
            "patient": patient,
            "service": service,
            "arrival_time": start,
            "departure_time": start + length,
        }

    def faults(*routes: tuple[str, list[dict]]) -> str:
        solution = tmp_path / "solution.json"
        rows = [{"caregiver_id": c, "locations": stops} for c, stops in routes]
        solution.write_text(json.dumps({"routes": rows}))
        return run(OWN_JUDGE, file, solution).stdout

    good = (
        ("c2", [stop("p0", "s1", 200, 15.5), stop("p1", "s1", 400, 15.5)]),
        ("c3", [stop("p0", "s2", 200, 20), stop("p1", "s2", 420, 20)]),
    )
    assert "violations 0" in faults(*good)
    (_, firsts), (_, seconds) = good
    assert "not made" in faults(good[0])
    assert "made twice" in faults(*good, ("c1", [firsts[0]]))
    assert "by an unable carer" in faults(("c3", firsts), ("c2", seconds))
    assert "one carer twice" in faults(
        ("c1", [firsts[0], seconds[0] | {"arrival_time": 300, "departure_time": 320}])
    )
    late = [seconds[0], stop("p1", "s2", 431, 20)]
    assert "services 31 apart" in faults(good[0], ("c3", late))
    hasty = [stop("p0", "s1", 200, 15.5), stop("p1", "s1", 216, 15.5)]
    assert "reached too late" in faults(("c2", hasty))
    assert "cut short" in faults(("c2", [stop("p0", "s1", 200, 15)]))
    assert "before its window" in faults(("c2", [stop("p1", "s1", -1, 15.5)]))
