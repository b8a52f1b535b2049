"""Home-care instances of the UHHC form, against the published results.

    uv run python benchmarks/uhhc.py [FILE...] [--seconds S] [--seeds 3] [--out DIR]

The richest published daily form: two windows, optional patients, lunches, preferences,
extra and idle time, each instance with weights of its own. Without files: the four of
the published validation that lie beside the project (``--small``: the ten small ones).

Routes come from `roundplan.solve.plan`, which is told what it can price. What it cannot
price is named in the output. Start times and lunches of the finished routes are then
chosen under the instance's whole objective, and what that taught (which window, who is
idle, how much later shifts must end) goes into the next plan, until the time is over;
the best of these few solutions is kept. Solutions are written to DIR in the published
form; a judge that is not the search's reads them from there. Ends with 1 where one is
not feasible.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from hhcrsp import Compiling, judged
from hhcrsp_instances import Json, read_json, write_json
from recording import SHARED, parser_for, record
from roundplan.solve import plan
from uhhc_instances import (
    Told,
    not_priced,
    problem_of,
    routes_of,
    weights_of,
)
from uhhc_times import Terms, idle_times, retimed, score

FOLDER = SHARED / "benchmarks" / "uhhc"
PUBLISHED = SHARED / "benchmarks" / "uhhc_best_known.csv"
JUDGE = SHARED / "benchmarks" / "evaluate_uhhc.py"

COLUMNS = ("best_known", "sa_best_log", "sa_mean")
"""Published costs."""

AGREES = 0.5
"""How far the judge's objective may be from ours; both print six figures."""
PLANS = 4
"""Plans into which the time of an instance is divided."""

TIMING_SECONDS = 5.0
"""Most seconds for the times of one plan's routes."""

MOVED = 0.5
"""Share of a carer's distance from the mean idle time that the next plan moves."""

WORK_SHARE = 0.25
"""Price of a minute of work above what is promised, of that of the most idle time."""

STEP = 30
"""Minutes by which shifts end later where mandatory patients find no room."""

Found = tuple[int, float, Json]
"""Mandatory patients not served in full, objective and solution; the least is best."""


def missing(data: Json, solution: Json) -> int:
    """Return how many mandatory patients are not served in full."""
    made = {
        (stop["patient"], stop["service"])
        for route in solution["routes"]
        for stop in route["locations"]
    }
    return sum(
        any((p["id"], s["service"]) not in made for s in p["required_services"])
        for p in data["patients"]
        if not p.get("optional")
    )


def windows_used(data: Json, solution: Json) -> dict[str, int]:
    """Return the window of each patient that is served within one of them.

    Patients who are late, left out, or served in two windows are not in it: the next
    plan is free to choose for them.
    """
    patients = {p["id"]: p for p in data["patients"]}
    used: dict[str, set[int]] = {}
    for route in solution["routes"]:
        for stop in route["locations"]:
            if stop["service"] == "lunch_break":
                continue
            windows = patients[stop["patient"]]["time_windows"]
            inside = [
                k
                for k, w in enumerate(windows)
                if w["start"] <= stop["arrival_time"] <= w["end"]
            ]
            used.setdefault(stop["patient"], set()).add(inside[-1] if inside else -1)
    return {p: min(k) for p, k in used.items() if len(k) == 1 and min(k) >= 0}


def next_told(data: Json, told: Told, last: Found | None) -> Told:
    """Return what the next plan is told, after what came of the last.

    Work that is paid in any case begins at all shifts' mean idle time; after that, who
    was idler than the mean is promised more, who was busier less.
    """
    later = told.later
    if last is None or last[0]:
        later = max(later, 0) + STEP
    weight = weights_of(data).get("max_idle_time", 0)
    if last is None or not weight:
        used = {} if last is None else windows_used(data, last[2])
        return Told(windows=used, later=later)
    idle = idle_times(data, last[2])
    mean = statistics.mean(max(0.0, i) for i in idle.values())
    shifts = {c["id"]: c.get("working_shift") for c in data["caregivers"]}
    start = {
        c: shift["end"] - shift["start"] - mean if shift else 0.0
        for c, shift in shifts.items()
    }
    work = {
        c: minutes + MOVED * (idle.get(c, mean) - mean)
        for c, minutes in (told.work or start).items()
    }
    return Told(
        windows={},
        later=later,
        work=work if told.work else start,
        work_price=weight * WORK_SHARE,
    )


def solved(
    data: Json, seconds: float, seed: int, threads: int
) -> tuple[Found | None, int, float]:
    """Return the best of a few plans with their times, iterations, compile seconds."""
    began = time.perf_counter()
    best: Found | None = None
    told, done, compiled = Told(windows={}), 0, 0.0
    for k in range(PLANS):
        left = seconds + compiled - (time.perf_counter() - began)
        if left <= 0:
            break
        compiling = Compiling()
        problem, travel = problem_of(data, told)
        result = plan(
            problem,
            travel,
            seconds=left / (PLANS - k) * 0.9,
            seed=PLANS * seed + k,
            threads=threads,
            callbacks=compiling,
        )
        done += result.iterations
        compiled += compiling.ready_s
        routes, starts = routes_of(data, result.roster)
        timing = min(TIMING_SECONDS, max(1.0, 0.1 * seconds))
        solution = retimed(data, routes, starts, timing)
        found = None
        if solution is not None:
            found = missing(data, solution), score(data, solution)[0], solution
            best = found if best is None or found[:2] < best[:2] else best
        told = next_told(data, told, found)
        if told.later > 0:
            print(f"  no room for all: shifts end {told.later} min later in the plan")
    return best, done, compiled


def measure(
    path: Path, seconds: float, seed: int, threads: int, out: Path
) -> tuple[dict[str, float | str], Terms]:
    """Solve an instance once, write the solution and have it judged."""
    data = read_json(path)
    used = time.process_time()
    best, iterations, compiled = solved(data, seconds, seed, threads)
    used = time.process_time() - used
    if best is None:
        sys.exit(f"{path.name}: no plan's routes can be timed")
    file = out / f"{path.stem}.seed{seed}.json"
    write_json(file, best[2])
    objective, faults = judged(path, file, (JUDGE,))
    claimed, terms = score(data, best[2])
    if not faults and abs(claimed - objective) > AGREES:
        sys.exit(f"{file.name}: we say {claimed:.1f}, the judge {objective}")
    return {
        "limit_s": seconds,
        "objective": claimed,
        "violations": faults,
        "iterations": iterations,
        "cpu_s": used,
        "compile_s": compiled,
    }, terms


def published() -> dict[str, Mapping[str, str]]:
    """Return the published results by instance, none where they are not there."""
    if not PUBLISHED.exists():
        return {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["instance"]: row for row in csv.DictReader(file)}


def main() -> int:
    """Solve each file with some seeds, and print what came of it."""
    parser = parser_for(__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--small", action="store_true", help="the small instances")
    parser.add_argument(
        "--seconds", type=float, help="the mean of the published search, else 60"
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("uhhc-solutions"))
    args = parser.parse_args()
    folder = FOLDER / ("small" if args.small else "validation")
    files = args.files or sorted(folder.glob("*.json"))
    if not files:
        parser.error("no files, and none beside the project")
    if not JUDGE.exists():
        parser.error("the judge, evaluate_uhhc.py, is not beside the project")
    table = published()
    infeasible = 0
    for path in files:
        known = table.get(path.stem, {})
        seconds = args.seconds or float(known.get("sa_mean_time_s") or 60)
        data = read_json(path)
        weights = weights_of(data)
        print(f"{path.stem}: not priced: {', '.join(not_priced(data)) or 'nothing'}")
        for seed in range(1, args.seeds + 1):
            row, terms = measure(path, seconds, seed, args.threads, args.out)
            infeasible += bool(row["violations"])
            gaps = {
                f"gap_{name}_percent": 100 * (float(row["objective"]) / cost - 1)
                for name in COLUMNS
                if (cost := float(known.get(name) or 0))
            }
            parts = {k: w * terms.get(k, 0) for k, w in weights.items()}
            print(
                f"  seed {seed}, {seconds:g} s: {row['objective']:.1f}, violations "
                f"{row['violations']}, "
                + ", ".join(f"{k} {v:+.2f}" for k, v in gaps.items())
                + "\n    "
                + ", ".join(f"{k} {v:g}" for k, v in parts.items()),
                flush=True,
            )
            row |= gaps | {f"cost_{k}": v for k, v in parts.items()}
            record("uhhc", path.stem, seed, row, wanted=args.record)
    if infeasible:
        print(f"{infeasible} solutions are not feasible")
    return 1 if infeasible else 0


if __name__ == "__main__":
    sys.exit(main())
