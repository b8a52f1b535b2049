"""Home-care instances with synchronised visits, against every published result.

    uv run python benchmarks/hhcrsp.py [FILE...] [--seconds S] [--seeds 3] [--threads 1]
        [--out DIR] [--record]

Takes JSON files of the form of Mankowska et al. (2014): soft windows, and patients who
need two carers at once or one after the other. Without files: the 70 that lie beside
the project. The objective is Z = (travel + all lateness + largest lateness) / 3.
Solutions are written to DIR in the published form; a judge that is not the search's
reads them from there. Ends with 1 where one is not feasible.
"""

from __future__ import annotations

import csv
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from hhcrsp_instances import load_hhcrsp, write_json
from recording import ROOT, SHARED, parser_for, record
from roundplan.check import broken, check
from roundplan.solve import Callbacks, plan

INSTANCES = SHARED / "benchmarks" / "mankowska"
PUBLISHED = SHARED / "benchmarks" / "mankowska_best_known.csv"
JUDGES = (
    SHARED / "benchmarks" / "evaluate_hhcrsp.py",
    ROOT / "benchmarks" / "hhcrsp_score.py",
)
"""The first that is there judges."""

COLUMNS = (
    "best_known",
    "MK2014",
    "LF2019",
    "FixOpt2019_mean_or_best",
    "FixOpt2021_best",
    "BRKGA2020_best",
    "BRKGAMPIPR_best",
    "BRKGAMPIPR_mean",
    "SA2024_best_verified",
    "CPLEX2h_best_ub",
)
"""Published costs, the best known of all of them first."""

LARGE = 100
"""Instances of more patients get the longer time."""

AGREES = 0.002
"""How far the judge's Z may be from the search's: both are sums of rounded figures."""


def published() -> dict[str, Mapping[str, str]]:
    """Return the published results by instance, none where they are not there."""
    if not PUBLISHED.exists():
        return {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["instance"]: row for row in csv.DictReader(file)}


def judged(
    instance: Path, solution: Path, judges: Sequence[Path] = JUDGES
) -> tuple[float, int]:
    """Return cost and number of violations, worked out in a process of its own."""
    judge = next(path for path in judges if path.exists())
    done = subprocess.run(
        [sys.executable, str(judge), str(instance), str(solution)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"objective (\S+).* violations (\d+)", done.stdout)
    if found is None:
        sys.exit(f"the judge failed on {solution.name}:\n{done.stdout}{done.stderr}")
    faults = int(found[2])
    if faults:
        print(done.stdout, end="")
    return float(found[1]), faults + (done.returncode != 0 and faults == 0)


class Compiling(Callbacks):
    """Knows how long a plan took before its search began, compiling included."""

    at = 0.0
    ready_s = 0.0

    def on_start(self, visits: int, workers: int, days: int) -> None:  # noqa: ARG002
        """Begin to count."""
        self.at = time.perf_counter()

    def on_first(self, progress: object) -> None:
        """Stop: a first roster stands, ``elapsed_s`` after the search began."""
        elapsed = getattr(progress, "elapsed_s", 0.0)
        self.ready_s = time.perf_counter() - self.at - elapsed


def measure(
    path: Path, seconds: float | None, seed: int, threads: int, out: Path
) -> dict[str, float | str]:
    """Plan an instance once, write its solution and have it judged."""
    instance = load_hhcrsp(path)
    problem, travel = instance.problem, instance.travel
    if seconds is None:
        seconds = 60.0 if len(problem.clients) <= LARGE else 120.0
    compiling = Compiling()
    used = time.process_time()
    result = plan(
        problem,
        travel,
        seconds=seconds,
        seed=seed,
        threads=threads,
        callbacks=compiling,
    )
    used = time.process_time() - used
    file = out / f"{path.stem}.seed{seed}.json"
    write_json(file, instance.solution(result.roster))
    objective, faults = judged(path, file)
    claimed = instance.objective(result.cost.total)
    if not faults and abs(claimed - objective) > AGREES:
        sys.exit(f"{file.name}: the search says {claimed:.4f}, the judge {objective}")
    return {
        "visits": len(problem.visits),
        "limit_s": seconds,
        "threads": threads,
        "z": objective,
        "violations": faults + len(broken(check(problem, travel, result.roster))),
        "iterations": result.iterations,
        "iterations_per_s": result.iterations / max(result.runtime_s, 1e-9),
        "cpu_percent": 100 * used / max(result.runtime_s + compiling.ready_s, 1e-9),
        "compile_s": compiling.ready_s,
    }


def gaps(z: float, known: Mapping[str, str]) -> dict[str, float]:
    """Return the gap to each published cost that there is, in per cent."""
    return {
        column: 100 * (z / float(known[column]) - 1)
        for column in COLUMNS
        if known.get(column)
    }


def print_families(rows: Mapping[str, list[tuple[int, dict[str, float]]]]) -> None:
    """Print the mean gaps of each family over instances and seeds."""
    print("\nmean gap in % to:", ", ".join(COLUMNS))
    for family, found in sorted(rows.items()):
        means = []
        for column in COLUMNS:
            values = [gap[column] for _, gap in found if column in gap]
            means.append(f"{statistics.mean(values):+.2f}" if values else "-")
        print(f"{family}: {', '.join(means)} ({len(found)} results)")


def main() -> int:
    """Plan each file with some seeds, and print a row for each and family means."""
    parser = parser_for(__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, help="60, above 100 patients 120")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("hhcrsp-solutions"))
    args = parser.parse_args()
    files = args.files or sorted(INSTANCES.glob("*.json"))
    if not files:
        parser.error("no files, and none beside the project")
    table = published()
    families = defaultdict(list)
    infeasible = 0
    print("instance, seed, Z, violations, iterations/s, compile_s, gaps in %")
    for path in files:
        known = table.get(path.stem, {})
        label = known.get("label", path.stem)
        for seed in range(1, args.seeds + 1):
            row = measure(path, args.seconds, seed, args.threads, args.out)
            found = gaps(float(row["z"]), known)
            infeasible += bool(row["violations"])
            if found:
                families[label[0]].append((seed, found))
            told = " ".join(f"{name} {gap:+.2f}" for name, gap in found.items())
            print(
                f"{label}, {seed}, {row['z']:.3f}, {row['violations']}, "
                f"{row['iterations_per_s']:.0f}, {row['compile_s']:.1f}, {told}",
                flush=True,
            )
            row |= {f"gap_{name}_percent": gap for name, gap in found.items()}
            record("hhcrsp", path.stem, seed, row, wanted=args.record)
    if families:
        print_families(families)
    if infeasible:
        print(f"{infeasible} solutions are not feasible")
    return 1 if infeasible else 0


if __name__ == "__main__":
    sys.exit(main())
