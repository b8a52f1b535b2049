"""Plan problem folders and named shapes, and say how well, how fast and how sound.

    uv run python benchmarks/week.py [FOLDER_OR_SHAPE...] [--seconds 60] [--seeds 3]
                                     [--threads T] [--record]

A shape is a name of ``roundplan generate --list``; it is generated anew, with its own
seed 1. Without any, the folders of ../shared/benchmarks/weeks are planned. Each plan
runs in a process of its own, so that its memory is its own. The checker and the cost
that judge a roster are not the search's; key figures are defined in
``roundplan.cost.kpis``. Times: ``load_s`` reads the folder and its travel;
``to_first_s`` is from the start of that to the first complete roster, loading the
compiled search included; ``first_s`` is the search's part of it. ``cpu_percent`` is the
share of a core that the plan got: less where others run. ``best_at_5_percent_p`` is the
cost after that part of the time limit, empty before the first roster.
``unassigned_refuted`` counts reasons that a second look found wrong (`reasons.py`).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from inspect import signature
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bars import print_bars
from recording import SHARED, Measures, parser_for, peak_mb, record, titled

if TYPE_CHECKING:
    from roundplan.domain import Problem, Unassigned
    from roundplan.solve import Progress

WEEKS = SHARED / "benchmarks" / "weeks"

SPAN = 14
"""Width of a column of figures."""

OVER_TIME = (1, 2, 5, 10, 20, 50, 100)
"""Percent of the time limit at which the cost is told."""


def measure(
    folder: Path, seconds: float, seed: int, threads: int | None = None
) -> dict[str, float | str]:
    """Return everything measured of one plan; names end in their unit."""
    begun = time.perf_counter()
    from reasons import refuted
    from roundplan.check import broken, check
    from roundplan.cost import cost_of, kpis
    from roundplan.formats import load_problem
    from roundplan.solve import Callbacks, plan, travel_for

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
    more = {} if threads is None else {"threads": threads}
    result = plan(problem, travel, seconds=seconds, seed=seed, callbacks=first, **more)
    used = 100 * (time.process_time() - used) / (time.perf_counter() - at)
    figures = kpis(problem, travel, result.roster)
    violations = broken(check(problem, travel, result.roster))
    return {
        "visits": len(problem.visits),
        "attendances": figures["attendances"],
        "clients": len(problem.clients),
        "workers": len(problem.workers),
        "limit_s": seconds,
        "threads": threads or 1,
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
        **_counted("violations", (v.rule.value for v in violations)),
        "cost_differences": int(
            result.cost != cost_of(problem, travel, result.roster, result.previous)
        ),
        **_unassigned(problem, result.roster.unassigned),
        "unassigned_refuted": len(refuted(problem, travel, result.roster)),
        **_travel_and_continuity(figures),
        **_cost_over_time(result.trace, seconds, result.cost.total_p),
        "cost_total_p": result.cost.total_p,
        **{f"cost_{t}_p": p for t, p in result.cost.pence().items() if p},
        "peak_mb": peak_mb(),
    }


def _counted(name: str, kinds: Iterable[str]) -> dict[str, float | str]:
    return {f"{name}_{kind}": n for kind, n in sorted(Counter(kinds).items())}


def _unassigned(
    problem: Problem, unassigned: Sequence[Unassigned]
) -> dict[str, float | str]:
    """Return how many visits nobody makes: by priority, and by priority and reason."""
    from roundplan.domain import Priority

    left = [(problem.visit(u.visit_id).priority, u) for u in unassigned]
    return {
        "unassigned": len(left),
        **{f"unassigned_{p.value}": sum(q is p for q, _ in left) for p in Priority},
        **_counted("unassigned", (f"{p.value}_{u.code}" for p, u in left)),
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
        "upc_mean",
    ]
    found = {name: figures[name] for name in kept}
    for period in ("day", "week"):
        for often, group in figures[f"continuity_by_visits_a_{period}"].items():
            mean = group["distinct_workers_mean"]
            found[f"distinct_workers_at_{often}_a_{period}"] = mean
    return {name: "" if value is None else value for name, value in found.items()}


def _cost_over_time(
    trace: Sequence[Progress], seconds: float, last_p: int
) -> dict[str, float | str]:
    """Return the best cost, pence, when some percent of the time were over."""
    found: dict[str, float | str] = {}
    for percent in OVER_TIME:
        before = [p for p in trace if p.elapsed_s <= seconds * percent / 100]
        found[f"best_at_{percent}_percent_p"] = before[-1].best_p if before else ""
    found[f"best_at_{OVER_TIME[-1]}_percent_p"] = last_p
    return found


def measure_seeds(
    folder: Path, seconds: float, seeds: Sequence[int], threads: int | None = None
) -> list[dict[str, float | str]]:
    """Measure one plan per seed, each in a fresh process, one after the other."""
    with ProcessPoolExecutor(
        max_workers=1, max_tasks_per_child=1, mp_context=get_context("spawn")
    ) as pool:
        return [
            pool.submit(measure, folder, seconds, seed, threads).result()
            for seed in seeds
        ]


def print_table(seeds: Sequence[int], found: Sequence[Measures]) -> None:
    """Print a line per measure: a column per seed, and the median of several."""
    heads = [f"seed {seed}" for seed in seeds] + ["median"] * (len(found) > 1)
    print(" " * 42 + "".join(f"{head:>{SPAN}}" for head in heads))
    for name in dict.fromkeys(name for row in found for name in row):
        values = [row.get(name, "") for row in found]
        numbers = [v for v in values if not isinstance(v, str)]
        if len(found) > 1:
            values.append(statistics.median(numbers) if numbers else "")
        print(f"{name:<42}" + "".join(f"{_cell(v):>{SPAN}}" for v in values))


def _cell(value: float | str) -> str:
    if isinstance(value, str):
        return value or "-"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def problem_folder(name: str, scratch: Path) -> Path:
    """Return the folder of a name: its own, or that of a shape, generated.

    Raises
    ------
    SystemExit
        It is neither a folder nor a shape.
    """
    from roundplan.datasets import generate, shapes

    if Path(name).is_dir():
        return Path(name).resolve()
    if name not in shapes():
        msg = f"{name}: no folder, and no shape: {', '.join(shapes())}"
        raise SystemExit(msg)
    return generate(scratch / name, like=name)


def refuse_threads(threads: int | None) -> None:
    """Stop if threads are asked for and the planner knows of none.

    Raises
    ------
    SystemExit
        This version of ``plan`` has one thread.
    """
    from roundplan.solve import plan

    if threads is not None and "threads" not in signature(plan).parameters:
        msg = "--threads: this version of roundplan.plan() takes no threads"
        raise SystemExit(msg)


def main() -> None:
    """Plan each folder with some seeds; print a table each, and the bars at the end."""
    parser = parser_for(__doc__)
    parser.add_argument("names", nargs="*", metavar="FOLDER_OR_SHAPE")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    refuse_threads(given.threads)
    seeds = range(1, given.seeds + 1)
    names = given.names or sorted(str(path) for path in WEEKS.glob("*/"))
    measured: dict[str, list[dict[str, float | str]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folders = [problem_folder(name, Path(scratch)) for name in names]
        for folder in folders:
            with titled(f"{folder.name}, {given.seconds:g} s"):
                found = measure_seeds(folder, given.seconds, seeds, given.threads)
                print_table(seeds, found)
            for seed, row in zip(seeds, found, strict=True):
                record("week", folder.name, seed, row, wanted=given.record)
            measured[folder.name] = found
    print_bars(measured)


if __name__ == "__main__":
    main()
