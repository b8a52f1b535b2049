"""Plan problem folders, and say how fast, how well, how much memory, and how sound.

    uv run python benchmarks/week.py FOLDER... [--seconds 60] [--seeds 3] [--record]

Each plan runs in a process of its own, so that its memory is its own. The checker and
the cost that judge a roster are not the search's. Times: ``load_s`` reads the folder
and its travel; ``to_first_s`` is from the start of that to the first complete roster,
loading the compiled search included; ``first_s`` is the search's part of it.
``cpu_percent`` is the share of a core that the plan got: less where others run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from recording import Measures, parser_for, peak_mb, record, titled

SPAN = 14
"""Width of a column of figures."""


def measure(folder: Path, seconds: float, seed: int) -> dict[str, float | str]:
    """Return everything measured of one plan; names end in their unit."""
    begun = time.perf_counter()
    from roundplan.check import broken, check
    from roundplan.cost import cost_of, kpis
    from roundplan.domain import Priority
    from roundplan.formats import load_problem
    from roundplan.solve import Callbacks, Progress, plan, travel_for

    class First(Callbacks):
        at = 0.0
        then: Progress

        def on_first(self, progress: Progress) -> None:
            self.at, self.then = time.perf_counter(), progress

    imported = time.perf_counter()
    loaded = load_problem(folder)
    problem, travel = loaded.problem, travel_for(loaded)
    load_s = time.perf_counter() - imported
    first = First()
    at, used = time.perf_counter(), time.process_time()
    result = plan(problem, travel, seconds=seconds, seed=seed, callbacks=first)
    used = 100 * (time.process_time() - used) / (time.perf_counter() - at)
    figures = kpis(problem, travel, result.roster)
    left = [problem.visit(u.visit_id).priority for u in result.roster.unassigned]
    violations = broken(check(problem, travel, result.roster))
    return {
        "visits": len(problem.visits),
        "attendances": figures["attendances"],
        "clients": len(problem.clients),
        "workers": len(problem.workers),
        "limit_s": seconds,
        "import_s": imported - begun,
        "load_s": load_s,
        "to_first_s": first.at - begun,
        "first_s": result.first_s,
        "first_unassigned": first.then.unassigned,
        "first_cost_p": first.then.best_p,
        "iterations": result.iterations,
        "iterations_per_s": result.iterations / max(result.runtime_s, 1e-9),
        "cpu_percent": used,
        "violations": len(violations),
        "cost_differences": int(
            result.cost != cost_of(problem, travel, result.roster, result.previous)
        ),
        "unassigned": len(left),
        **{f"unassigned_{p.value}": left.count(p) for p in Priority},
        **_travel_and_continuity(figures),
        "cost_total_p": result.cost.total_p,
        **{f"cost_{t}_p": p for t, p in result.cost.pence().items() if p},
        "peak_mb": peak_mb(),
    }


def _travel_and_continuity(figures: dict[str, Any]) -> dict[str, float | str]:
    kept = [
        "contact_hours",
        "travel_hours",
        "travel_per_contact_percent",
        "travel_per_paid_percent",
        "waiting_per_paid_percent",
        "unknown_per_attendance_percent",
        "three_workers_cover_70_per_client_percent",
    ]
    found = {name: figures[name] for name in kept}
    for a_day, group in figures["continuity_by_visits_a_day"].items():
        mean = group["distinct_workers_mean"]
        found[f"distinct_workers_at_{a_day}_a_day"] = "" if mean is None else mean
    return {name: "" if value is None else value for name, value in found.items()}


def measure_seeds(
    folder: Path, seconds: float, seeds: Sequence[int]
) -> list[dict[str, float | str]]:
    """Measure one plan per seed, each in a fresh process, one after the other."""
    with ProcessPoolExecutor(
        max_workers=1, max_tasks_per_child=1, mp_context=get_context("spawn")
    ) as pool:
        return [pool.submit(measure, folder, seconds, seed).result() for seed in seeds]


def print_table(seeds: Sequence[int], found: Sequence[Measures]) -> None:
    """Print a line per measure: a column per seed, and the median of several."""
    heads = [f"seed {seed}" for seed in seeds] + ["median"] * (len(found) > 1)
    print(" " * 42 + "".join(f"{head:>{SPAN}}" for head in heads))
    for name in found[0]:
        values = [row.get(name, "") for row in found]
        numbers = [v for v in values if not isinstance(v, str)]
        if len(found) > 1:
            values.append(statistics.median(numbers) if numbers else "")
        print(f"{name:<42}" + "".join(f"{_cell(v):>{SPAN}}" for v in values))


def _cell(value: float | str) -> str:
    if isinstance(value, str):
        return value or "-"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def main() -> None:
    """Plan each folder with some seeds, and print a table."""
    parser = parser_for(__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    seeds = range(1, given.seeds + 1)
    for folder in given.folders:
        with titled(f"{folder.name}, {given.seconds:g} s"):
            found = measure_seeds(folder, given.seconds, seeds)
            print_table(seeds, found)
        for seed, row in zip(seeds, found, strict=True):
            record("week", folder.name, seed, row, wanted=given.record)


if __name__ == "__main__":
    main()
