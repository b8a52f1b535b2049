"""`benchmarks/uhhc.py`: mapping, times of routes, judged solutions; tiny instances."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from roundplan.domain import Priority, Roster, Round, ScheduledVisit
from uhhc_instances import Told, not_priced, problem_of, routes_of
from uhhc_times import retimed, score

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "benchmarks" / "uhhc.py"
JUDGE = ROOT.parent / "shared" / "benchmarks" / "evaluate_uhhc.py"

WEIGHTS = {
    "travel_time": 1,
    "total_tardiness": 6,
    "highest_tardiness": 4,
    "total_waiting_time": 5,
    "total_extra_time": 7,
    "max_idle_time": 11,
    "caregiver_preferences": 18,
    "optional_patients": 100,
    "missed_lunch_break": 60,
    "qualification": None,
}


def instance(seed: int, met: str = "at_service_start", patients: int = 4) -> dict:
    """Two carers; p0 needs both at once, p1 one after the other, p2 has two windows."""
    rng = random.Random(seed)
    people = []
    for k in range(patients):
        opens = rng.randrange(8)
        person = {
            "id": f"p{k}",
            "distance_matrix_index": k + 1,
            "time_windows": [{"start": opens, "end": opens + 6}],
            "required_services": [{"service": "s1", "duration": 2}],
            "optional": k == 3,
        }
        if k < 2:
            person["required_services"].append({"service": "s2"})
            person["synchronization"] = (
                {"type": "simultaneous"},
                {"type": "sequential", "distance": {"min": 1, "max": 3}},
            )[k]
        if k == 2:
            person["time_windows"].append({"start": opens + 8, "end": opens + 12})
            person["preferred_caregivers"] = ["c2"]
        people.append(person)
    legs = [[rng.randrange(1, 4) for _ in range(patients + 1)] for _ in [*people, 0]]
    for k in range(patients + 1):
        legs[k][k] = 0
    shift = {"departing_point": "d", "arrival_point": "d", "lunch_break": True}
    return {
        "metadata": {
            "time_window_met": met,
            "cost_components": WEIGHTS,
            "origin": "generated",
        },
        "distances": legs,
        "terminal_points": [{"id": "d", "distance_matrix_index": 0}],
        "caregivers": [
            shift
            | {"id": "c1", "abilities": ["s1", "s2"]}
            | {"working_shift": {"start": 0, "end": 18}},
            shift
            | {"id": "c2", "abilities": ["s1", "s2"]}
            | {"working_shift": {"start": 2, "end": 22}},
        ],
        "patients": people,
        "services": [{"id": s, "default_duration": 3} for s in ("s1", "s2")],
        "lunch_breaks": {"start": 6, "end": 12, "min_duration": 3},
    }


def test_what_a_policy_can_price_is_told_to_the_search() -> None:
    """Dues, links, prices and the components that are left to the adapter."""
    data = instance(1, "at_service_end")
    problem, travel = problem_of(data, Told(windows={"p2": 1}, later=5))
    first = data["patients"][0]["time_windows"][0]
    together, second = problem.visit("p0/s1"), problem.visit("p0/s2")
    assert together.window.latest_start_s == 60 * (first["end"] - 2)
    assert second.window.latest_start_s == 60 * (first["end"] - 3)
    assert (second.after_visit, second.other_worker) == ("p0/s1", True)
    assert (second.min_gap_s, second.max_gap_s) == (0, 0)
    later = problem.visit("p1/s2")
    assert (later.min_gap_s, later.max_gap_s) == (60, 180)
    window = data["patients"][2]["time_windows"][1]
    assert problem.visit("p2/s1").window.earliest_start_s == 60 * window["start"]
    assert problem.visit("p3/s1").priority is Priority.FLEXIBLE
    assert problem.visit("p1/s1").priority is Priority.STANDARD
    assert problem.client("p2").preferred_workers == ("carer c2",)
    assert problem.shift("carer c1").end_s == 60 * 23
    policy = problem.policy
    assert policy.lateness_p_min == 6 * policy.travel_p_min
    assert policy.largest_lateness_p_min == 4 * policy.travel_p_min
    assert policy.not_preferred_p == 18 * policy.travel_p_min
    assert policy.unassigned_flexible_p == 100 * policy.travel_p_min
    assert policy.soft_lateness_s > 0
    assert not_priced(data) == [
        "total_waiting_time",
        "max_idle_time",
        "missed_lunch_break",
    ]
    assert travel.matrices["drive"].times_s[1, 2] == 60 * data["distances"][1][2]
    data["metadata"]["cost_components"] = WEIGHTS | {"total_tardiness": "HARD"}
    assert problem_of(data, Told(windows={}))[0].policy.soft_lateness_s == 0


def test_work_beyond_what_is_promised_has_a_price() -> None:
    """Idle time is told as guaranteed hours: a week's for the one day, at its rate."""
    told = Told(windows={}, work={"c1": 10, "c2": -3}, work_price=2)
    problem, _ = problem_of(instance(1), told)
    first, second = problem.workers
    assert first.contract.guaranteed_s == 7 * 600
    assert second.contract.guaranteed_s == 0
    policy = problem.policy
    assert (policy.guaranteed_hours, policy.pay_percent) == (True, 100)
    # a pound of work an hour is worth what a unit a minute is elsewhere
    assert first.contract.rate_p == 2 * 60 * policy.lateness_p_min // 6
    assert policy.travel_p_min == 0


def test_half_of_an_optional_patient_is_left_out() -> None:
    """The form knows no half of a patient; half of a mandatory one stays a fault."""
    data = instance(1)
    data["patients"][0]["optional"] = True
    visits = tuple(
        ScheduledVisit(visit_id=v, client_id=v[:2], start_s=at, end_s=at + 120)
        for v, at in (("p0/s1", 300), ("p1/s1", 600))
    )
    one = Round(
        round_id="carer c1",
        worker_id="carer c1",
        day=0,
        shift_start_s=0,
        shift_end_s=1080,
        profile="drive",
        visits=visits,
    )
    routes, starts = routes_of(data, Roster(rounds=(one,)))
    assert routes == {"c1": [("p1", "s1")]}
    assert starts == {("p1", "s1"): 10}


def cheapest(data: dict, routes: dict) -> float:
    """The least objective over all whole minutes and all lunches, by trying them."""
    lengths = {"s1": 2, "s2": 3}
    patients = {p["id"]: p for p in data["patients"]}
    rule = data["lunch_breaks"]
    until = rule["end"] - (3 if "end" in data["metadata"]["time_window_met"] else 0)

    def timings(carer: dict, stops: list) -> list:
        legs, at = data["distances"], 0
        found = []

        def go(k: int, here: int, free: int, made: list, lunch: bool) -> None:
            if k == len(stops):
                found.append(made)
            if not lunch and stops:
                for j in {k - 1, k} & set(range(len(stops))):
                    place = patients[stops[j][0]]["distance_matrix_index"]
                    least = max(free + legs[here][place], rule["start"])
                    for begin in range(least, until + 1):
                        stop = (stops[j][0], "lunch_break", begin, begin + 3)
                        go(k, place, begin + 3, [*made, stop], True)
            if k < len(stops):
                patient, service = stops[k]
                place = patients[patient]["distance_matrix_index"]
                window = patients[patient]["time_windows"][0]
                least = max(free + legs[here][place], window["start"])
                for begin in range(least, 22):
                    end = begin + lengths[service]
                    stop = (patient, service, begin, end)
                    go(k + 1, place, end, [*made, stop], lunch)

        go(0, at, carer["working_shift"]["start"], [], False)
        return found

    keys = ("patient", "service", "arrival_time", "departure_time")
    best = float("inf")
    each = [timings(c, routes.get(c["id"], [])) for c in data["caregivers"]]
    for chosen in itertools.product(*each):
        begins = {s[:2]: s[2] for made in chosen for s in made}
        a, b = begins.get(("p1", "s1")), begins.get(("p1", "s2"))
        if a is not None and b is not None and not 1 <= b - a <= 3:
            continue
        solution = {
            "routes": [
                {
                    "caregiver_id": c["id"],
                    "locations": [dict(zip(keys, s, strict=True)) for s in made],
                }
                for c, made in zip(data["caregivers"], chosen, strict=True)
            ]
        }
        best = min(best, score(data, solution)[0])
    return best


@pytest.mark.parametrize("met", ["at_service_start", "at_service_end"])
@pytest.mark.parametrize("seed", range(3))
def test_times_are_the_best_for_the_routes(seed: int, met: str) -> None:
    """Against all whole minutes: links, two windows, lunches, extra and idle time."""
    data = instance(seed, met)
    routes = {"c1": [("p1", "s1"), ("p2", "s1")], "c2": [("p1", "s2")]}
    made = retimed(data, routes, {}, 20)
    assert made is not None
    assert score(data, made)[0] == pytest.approx(cheapest(data, routes))


def test_routes_that_wait_for_each_other_have_no_times() -> None:
    """Two carers, each of whom must first see to what the other does second."""
    data = instance(1)
    routes = {
        "c1": [("p0", "s1"), ("p1", "s2")],
        "c2": [("p1", "s1"), ("p0", "s2")],
    }
    data["patients"][1]["synchronization"]["distance"] = {"min": 0, "max": 0}
    assert retimed(data, routes, {}, 20) is None


@pytest.mark.slow
@pytest.mark.skipif(not JUDGE.exists(), reason="no evaluate_uhhc.py beside the project")
def test_solutions_of_the_script_please_the_judge(tmp_path: Path) -> None:
    """The script ends with 0, and the judge accepts the files by itself."""
    files = [tmp_path / f"tiny{seed}.json" for seed in (1, 2)]
    for seed, file in enumerate(files):
        file.write_text(json.dumps(instance(seed, "at_service_end")))

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
        )

    out = tmp_path / "out"
    done = run(SCRIPT, *files, "--seconds", "1", "--seeds", "1", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not priced: total_waiting_time" in done.stdout
    for file in files:
        assert run(JUDGE, file, out / f"{file.stem}.seed1.json").returncode == 0
