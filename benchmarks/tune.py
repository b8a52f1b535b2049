"""Choose the search's parameters, on instances that are reported nowhere.

    uv run python benchmarks/tune.py [--cpu-seconds 20] [--seeds 4] [--rungs 3]
        [--only NAME,...] [--processes 2]

One parameter at a time is set to a quarter, half, double and four times its default
(and to none, where that is allowed), and planned beside the defaults on the same
instances with the same seeds. That is a race by successive halving (Jamieson &
Talwalkar 2016, *AISTATS*): on each rung the better half of the settings goes on, with
twice the seeds. At the end the settings that gained more than their standard error are
joined and planned beside the defaults too: only the last line says whether to change
anything, and it is measured with seeds that the race has not seen.

Instances: days of `instances.py` and a week of `roundplan generate`. A setting that
makes iterations dearer must pay for it: a pilot on each instance measures its
iterations per CPU second, and it gets as many as it can do in ``--cpu-seconds``. From
then on nothing depends on the clock or on who else uses the machine, and a row of the
log can be had again by its number of iterations.

Every plan is a line of ``benchmarks/results/tuning-<date>.csv``.
"""

from __future__ import annotations

import csv
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from days import one_thread, problem_of
from instances import draw
from recording import RESULTS, commit, machine, parser_for
from roundplan.datasets import generate
from roundplan.domain import Problem, Travel
from roundplan.errors import RoundplanError, UsageError
from roundplan.formats import load_problem
from roundplan.solve import Callbacks, Progress, Result, SearchParams, plan, travel_for

TIMES = (0.0, 0.25, 0.5, 2.0, 4.0)
"""By what a default is multiplied."""

PILOT, PILOT_SHARE = 1000, 0.05
"""Iterations of the run that measures speed, at first; it is repeated with four times
as many until it takes this share of a plan."""

DAYS = ((150, 901), (500, 902), (1200, 903))
"""Visits and seeds of the drawn days; scaling draws with seed 1."""

WEEKS = ((40, 911),)
"""Clients and seeds of the generated weeks."""

UNSEEN = 1000
"""Seeds of the last comparison begin here."""

COLUMNS = (
    "time",
    "commit",
    "cpu",
    "rung",
    "setting",
    "instance",
    "seed",
    "iterations",
    "cpu_s",
    "cost_p",
    "relative",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Parameters that differ from the defaults."""

    changed: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        return (
            " ".join(f"{name}={value:g}" for name, value in self.changed) or "default"
        )

    def params(self) -> SearchParams:
        """Return the whole set."""
        return replace(SearchParams(), **dict(self.changed))


@dataclass(frozen=True, slots=True)
class Task:
    """One plan: a setting, an instance by name, and a seed."""

    setting: Setting
    instance: str
    seed: int


@dataclass(frozen=True, slots=True)
class Done:
    """What a plan cost, apart from contact time, which no setting can change."""

    task: Task
    iterations: int
    cpu_s: float
    cost_p: int


@dataclass(slots=True)
class Race:
    """All results so far, and where they are written."""

    log: Path
    cost: dict[Task, int] = field(default_factory=dict)

    def relative(self, setting: Setting, above: int = 0) -> list[float]:
        """Return the costs over the default's, paired by instance and seed."""
        found = []
        for task, cost in self.cost.items():
            base = self.cost.get(replace(task, setting=Setting()))
            if task.setting == setting and task.seed > above and base:
                found.append(cost / base - 1)
        return found


def candidates(only: Sequence[str] = ()) -> list[Setting]:
    """Return the settings of the race: one parameter changed in each.

    Raises
    ------
    UsageError
        E1002. A name that is no parameter.
    """
    defaults = asdict(SearchParams())
    if unknown := [name for name in only if name not in defaults]:
        msg = f"no parameter is called {', '.join(unknown)}; there are "
        raise UsageError(msg + ", ".join(defaults))
    found = []
    for name in only or defaults:
        default = defaults[name]
        if not isinstance(default, int | float):
            continue
        if isinstance(default, bool):
            values: Iterable[float] = [not default]
        elif isinstance(default, int):
            values = [round(default * by) for by in TIMES]
        else:
            values = [default * by for by in TIMES]
        for value in dict.fromkeys(values):
            setting = Setting(((name, value),))
            if value != default and is_allowed(setting):
                found.append(setting)
    return found


def is_allowed(setting: Setting) -> bool:
    """Return whether the search takes these parameters."""
    try:
        setting.params()
    except UsageError:
        return False
    return True


@cache
def instance(name: str) -> tuple[Problem, Travel]:
    """Return an instance by its name: ``day-VISITS-SEED`` or ``week-CLIENTS-SEED``."""
    kind, size, seed = name.split("-")
    if kind == "day":
        return problem_of(draw(int(size), int(seed)))
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder) / "week", clients=int(size), seed=int(seed))
        loaded = load_problem(made)
        return loaded.problem, travel_for(loaded)


class Clock(Callbacks):
    """CPU seconds of the search alone: after the first roster."""

    def __init__(self) -> None:
        self.begun = self.used = 0.0

    def on_first(self, progress: Progress) -> None:  # noqa: ARG002
        """Begin."""
        self.begun = time.process_time()

    def on_progress(self, progress: Progress) -> None:  # noqa: ARG002
        """Go on."""
        self.used = time.process_time() - self.begun


def timed_plan(task: Task, iterations: int) -> tuple[Result, float]:
    """Plan for so many iterations; return the CPU seconds of the search too."""
    problem, travel = instance(task.instance)
    clock = Clock()
    result = plan(
        problem,
        travel,
        iterations=iterations,
        seed=task.seed,
        params=task.setting.params(),
        callbacks=clock,
    )
    return result, max(clock.used, 1e-6)


@cache
def iterations_for(setting: Setting, name: str, cpu_seconds: float) -> int:
    """Return how many iterations a setting can do in so many CPU seconds."""
    pilot = Task(setting, name, 1)
    count = PILOT
    while (used := timed_plan(pilot, count)[1]) < PILOT_SHARE * cpu_seconds:
        count *= 4
    return max(1, round(count * cpu_seconds / used))


def solve(task: Task, cpu_seconds: float) -> Done:
    """Do one plan."""
    iterations = iterations_for(task.setting, task.instance, cpu_seconds)
    result, used = timed_plan(task, iterations)
    cost = result.cost.total_p - result.cost.pence()["contact"]
    return Done(task, iterations, used, cost)


def halve(settings: Sequence[Setting], race: Race) -> list[Setting]:
    """Return the better half, at least one."""
    order = sorted(settings, key=lambda s: statistics.fmean(race.relative(s)))
    return order[: max(1, math.ceil(len(order) / 2))]


def joined(settings: Iterable[Setting], race: Race) -> Setting:
    """Return what gained more than its standard error, one value per parameter."""
    best: dict[str, tuple[float, float]] = {}
    for setting in settings:
        ((name, value),) = setting.changed
        mean, error = mean_and_error(race.relative(setting))
        if mean + error < 0 and mean < best.get(name, (0.0, 0.0))[0]:
            best[name] = (mean, value)
    return Setting(tuple((name, value) for name, (_, value) in best.items()))


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and its standard error; infinite from one value."""
    if len(values) < 2:
        return (values[0] if values else math.nan), math.inf
    return statistics.fmean(values), statistics.stdev(values) / len(values) ** 0.5


def run_rung(
    rung: str,
    tasks: Sequence[Task],
    race: Race,
    pool: ProcessPoolExecutor,
    cpu_seconds: float,
) -> None:
    """Do the plans that have not been done, and log each."""
    todo = [task for task in dict.fromkeys(tasks) if task not in race.cost]
    # the defaults first, so that each line can say what it is relative to
    todo.sort(key=lambda task: bool(task.setting.changed))
    where = {"commit": commit(), "cpu": machine()["cpu"], "rung": rung}
    waiting = [pool.submit(solve, task, cpu_seconds) for task in todo]
    for each in waiting:
        done = each.result()
        task = done.task
        race.cost[task] = done.cost_p
        base = race.cost.get(replace(task, setting=Setting()))
        row = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "setting": str(task.setting),
            "instance": task.instance,
            "seed": task.seed,
            "iterations": done.iterations,
            "cpu_s": round(done.cpu_s, 2),
            "cost_p": done.cost_p,
            "relative": round(done.cost_p / base - 1, 6) if base else "",
        }
        append(race.log, where | row)


def append(log: Path, row: dict[str, object]) -> None:
    """Write a line of the log."""
    log.parent.mkdir(exist_ok=True)
    new = not log.exists()
    with log.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def print_table(settings: Iterable[Setting], race: Race, above: int = 0) -> None:
    """Print the mean relative cost of each setting, best first."""
    rows = [(*mean_and_error(race.relative(s, above)), s) for s in settings]
    print(f"\n{'setting':<36}{'mean, %':>9}{'error, %':>10}{'plans':>7}")
    for mean, error, setting in sorted(rows, key=lambda row: row[0]):
        count = len(race.relative(setting, above))
        print(
            f"{setting!s:<36}{100 * mean:>+9.3f}{100 * error:>10.3f}{count:>7}",
            flush=True,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the race, and print its table; 2 for options that make no sense."""
    parser = parser_for(__doc__)
    parser.add_argument("--cpu-seconds", type=float, default=20.0, help="of each plan")
    parser.add_argument("--seeds", type=int, default=4, help="on the first rung")
    parser.add_argument("--rungs", type=int, default=3, help="how often it is halved")
    parser.add_argument("--only", default="", help="parameters, with commas between")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--days", type=int, nargs="*", help="visits of the drawn days")
    parser.add_argument("--weeks", type=int, nargs="*", help="clients of the weeks")
    parser.add_argument("--log", type=Path, help="default: results/tuning-<date>.csv")
    given = parser.parse_args(arguments)
    log = given.log or RESULTS / f"tuning-{datetime.now(UTC).date()}.csv"
    days = DAYS if given.days is None else [(n, 901) for n in given.days]
    weeks = WEEKS if given.weeks is None else [(n, 911) for n in given.weeks]
    names = [f"day-{n}-{s}" for n, s in days] + [f"week-{n}-{s}" for n, s in weeks]
    try:
        if min(given.cpu_seconds, given.seeds, given.rungs, given.processes) <= 0:
            msg = "--cpu-seconds, --seeds, --rungs and --processes must be above 0"
            raise UsageError(msg)
        if not names:
            msg = "there are no instances: give --days or --weeks"
            raise UsageError(msg)
        everything = candidates([name for name in given.only.split(",") if name])
    except RoundplanError as error:
        print(error, file=sys.stderr)
        return 2
    race = Race(log)
    print(f"{len(everything)} settings on {', '.join(names)}; log: {log.name}")
    spawn = get_context("spawn")
    with one_thread(), ProcessPoolExecutor(given.processes, mp_context=spawn) as pool:
        running, seeds = everything, given.seeds

        def rung(title: str, settings: Sequence[Setting], seeds: range) -> None:
            tasks = [
                Task(setting, name, seed)
                for seed in seeds
                for name in names
                for setting in (Setting(), *settings)
            ]
            run_rung(title, tasks, race, pool, given.cpu_seconds)

        for n in range(given.rungs):
            rung(str(n + 1), running, range(1, seeds + 1))
            print_table(running, race)
            if n + 1 < given.rungs:
                running, seeds = halve(running, race), 2 * seeds
        winner = joined(running, race)
        if winner.changed:
            rung("unseen", [winner], range(UNSEEN + 1, UNSEEN + seeds + 1))
            print("\nTogether, with seeds that the race has not seen:")
            print_table([winner], race, above=UNSEEN)
        else:
            print("\nNothing gained more than its standard error: keep the defaults.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
