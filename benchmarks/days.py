"""One-day instances: our rounds against those of other solvers, on the same terms.

    uv run --group bench python benchmarks/days.py FILE... [--seconds 60] [--seeds 3]
        [--peer-seconds P] [--no-peers] [--bound] [--record]

Takes files of the form in `day_file.py`; the objective is travel seconds with every
visit served. Our search, PyVRP, VROOM and OR-Tools' routing library (`peers.py`) run
one after the other, seed by seed, each in a process of its own, on one thread, for the
same seconds on the clock. Imports, compiling and building the model do not count for
anybody and are shown. Whoever made them, rounds are judged by `day_file.judge`.

The last lines of each file are ``ratio R``, our median cost over the best peer's, and,
with ``--bound``, ``gap G``: one more run goes on for a lower bound after the search,
and G is by how many per cent of its cost that is below it.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np

import peers
from day_file import Day, Stops, Verdict, judge, load
from recording import parser_for, record
from roundplan.check import broken, check
from roundplan.domain import (
    BENCHMARK,
    CareWorker,
    Client,
    Contract,
    Horizon,
    Place,
    Priority,
    Problem,
    Roster,
    Shift,
    TimeWindow,
    Travel,
    TravelMatrix,
    Visit,
)
from roundplan.errors import RoundplanError, UsageError
from roundplan.solve import plan
from roundplan.units import AMOUNT_PER_PENNY

OURS = "roundplan"

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Set to 1, so that no library underneath uses a second core."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """What one solver did with one seed: its answer, judged."""

    solver: str
    seed: int
    answer: peers.Answer
    verdict: Verdict
    cpu_percent: float
    violations: int = 0

    @property
    def cost_s(self) -> float:
        """Travel and the price of what is unserved; infinite where a rule is broken."""
        return math.inf if self.violations else self.verdict.cost_s


def problem_of(day: Day) -> tuple[Problem, Travel]:
    """Return an instance in our terms: each location is a client with some visits."""
    used = np.unique(day.location)
    clients = tuple(f"C{n}" for n in used)
    travel_s = np.ascontiguousarray(day.travel_s[np.ix_(used, used)])
    matrix = TravelMatrix(
        profile="walk",
        period="all",
        place_ids=clients,
        times_s=travel_s,
        metres=travel_s,
        ltn_crossings=np.zeros(travel_s.shape, dtype=np.int16),
        modes=np.zeros(travel_s.shape, dtype=np.int8),
    )
    problem = Problem(
        horizon=Horizon(start_date=date(2026, 6, 1), days=1),
        clients=tuple(Client(client_id=c, place=Place(place_id=c)) for c in clients),
        visits=tuple(
            Visit(
                visit_id=f"V{v}",
                client_id=f"C{day.location[v]}",
                day=0,
                window=TimeWindow(
                    earliest_start_s=int(day.early_s[v]),
                    latest_start_s=int(day.late_s[v]),
                ),
                duration_s=int(day.duration_s[v]),
                priority=Priority.ESSENTIAL,
            )
            for v in range(day.visits)
        ),
        workers=tuple(
            CareWorker(
                worker_id=f"S{s}",
                home=Place(place_id=f"S{s}"),
                contract=Contract(rate_p=1),
            )
            for s in range(day.shifts)
        ),
        shifts=tuple(
            Shift(
                shift_id=f"S{s}",
                worker_id=f"S{s}",
                day=0,
                start_s=int(day.shift_start_s[s]),
                end_s=int(day.shift_end_s[s]),
            )
            for s in range(day.shifts)
        ),
        policy=BENCHMARK,
    )
    return problem, Travel(matrices={"walk": matrix})


def ours(day: Day, seconds: float, seed: int) -> tuple[peers.Answer, int]:
    """Plan an instance; also return how many rules `roundplan check` finds broken."""
    begun = time.perf_counter()
    problem, travel = problem_of(day)
    result = plan(problem, travel, seconds=seconds, seed=seed)
    setup_s = time.perf_counter() - begun - result.runtime_s
    answer = peers.Answer(
        rounds_of(result.roster),
        setup_s,
        result.runtime_s,
        result.iterations,
        result.first_s,
    )
    return answer, len(broken(check(problem, travel, result.roster)))


def bounded(day: Day, seconds: float, more: float) -> dict[str, float]:
    """Plan an instance with seed 1, and go on for a bound; return cost, bound, gap.

    The cost is the judge's, the bound the search's own, the gap in per cent.
    """
    problem, travel = problem_of(day)
    result = plan(problem, travel, seconds=seconds, bound_seconds=more)
    cost = judge(day, rounds_of(result.roster)).cost_s
    bound = 0 if result.bound is None else result.bound.amount // AMOUNT_PER_PENNY
    return {
        "bounded_s": cost,
        "bound_s": bound,
        "bound_used_s": result.runtime_s,
        # an instance without any travel has no gap to speak of
        "gap_percent": 100 * (cost - bound) / cost if cost else 0.0,
    }


def rounds_of(roster: Roster) -> tuple[Stops, ...]:
    """Return a plan's rounds as places in the file, with the starts that it says."""
    return tuple(
        Stops(
            int(r.round_id[1:]),
            [int(v.visit_id[1:]) for v in r.visits],
            [v.start_s for v in r.visits],
        )
        for r in roster.rounds
    )


def run(solver: str, day: Day, seconds: float, seed: int) -> Run:
    """Give an instance to a solver, and judge what it answers."""
    at, used = time.perf_counter(), time.process_time()
    violations = 0
    if solver == OURS:
        answer, violations = ours(day, seconds, seed)
    else:
        answer = peers.PEERS[solver](day, seconds, seed)
    used = 100 * (time.process_time() - used) / (time.perf_counter() - at)
    return Run(solver, seed, answer, judge(day, answer.rounds), used, violations)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the processes that are started inside use one thread each."""
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name in THREADS:
            os.environ.pop(name, None)
        os.environ.update(before)


def apart(function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a fresh process: nobody inherits another's memory or cache."""
    spawn = get_context("spawn")
    with one_thread(), ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(function, *arguments).result()


def run_apart(solver: str, day: Day, seconds: float, seed: int) -> Run:
    """Run a solver in a fresh process; a peer that fails has an answer at fault."""
    try:
        return apart(run, solver, day, seconds, seed)
    except Exception as error:
        if solver == OURS:
            raise
        why = f"{type(error).__name__}: {error}"
        verdict = Verdict(0, day.visits, (why,))
        return Run(solver, seed, peers.Answer((), 0.0, 0.0), verdict, 0.0)


def run_all(day: Day, given: Namespace) -> dict[str, list[Run]]:
    """Run every solver with every seed, in turn; print and record a row each."""
    found: dict[str, list[Run]] = {}
    print(
        f"{'':<12}seed  travel, s  unserved  faults  setup, s  search, s  first, s"
        "  iterations/s  of a core, %",
        flush=True,
    )
    for seed in range(1, given.seeds + 1):
        for solver in (OURS,) if given.no_peers else (OURS, *peers.PEERS):
            seconds = given.seconds if solver == OURS else given.peer_seconds
            one = run_apart(solver, day, seconds, seed)
            found.setdefault(solver, []).append(one)
            print_run(one)
            record_run(day, one, seconds, wanted=given.record)
    return found


def print_run(one: Run) -> None:
    """Print a row."""
    answer, verdict = one.answer, one.verdict
    speed = answer.iterations / max(answer.search_s, 1e-9)
    print(
        f"{one.solver:<12}{one.seed:>4}  {verdict.travel_s:>9,}  {verdict.unserved:>8}"
        f"  {len(verdict.faults) + one.violations:>6}  {answer.setup_s:>8.2f}"
        f"  {answer.search_s:>9.2f}  "
        f"{f'{answer.first_s:.2f}' if answer.first_s else '-':>8}"
        f"  {f'{speed:,.0f}' if speed else '-':>12}  {one.cpu_percent:>12.0f}",
        flush=True,
    )
    for fault in verdict.faults[:3]:
        print(f"    {fault}")


def record_run(day: Day, one: Run, seconds: float, *, wanted: bool) -> None:
    """Record a row; ours under the name that it has always had."""
    row: dict[str, float | str] = {
        "visits": day.visits,
        "limit_s": seconds,
        "travel_s": one.verdict.travel_s,
        "unassigned": one.verdict.unserved,
        "cpu_percent": one.cpu_percent,
        "setup_s": one.answer.setup_s,
        "search_s": one.answer.search_s,
        "violations": one.violations + len(one.verdict.faults),
    }
    if one.answer.iterations:
        row["iterations_per_s"] = one.answer.iterations / one.answer.search_s
    if one.solver == OURS:
        row["first_s"] = one.answer.first_s
    name = "day" if one.solver == OURS else f"day {one.solver}"
    record(name, day.name, one.seed, row, wanted=wanted)


def compare(found: dict[str, list[Run]]) -> dict[str, float | str]:
    """Return each solver's median cost, the best peer's, and ours over it."""
    medians = {
        name: statistics.median(run.cost_s for run in runs)
        for name, runs in found.items()
    }
    row: dict[str, float | str] = {f"{name}_s": cost for name, cost in medians.items()}
    others = {name: cost for name, cost in medians.items() if name != OURS}
    if others:
        best = min(others, key=lambda name: others[name])
        row["best_peer"] = best
        # where no peer found anything sound there is nothing to compare with
        sound = math.isfinite(others[best]) and others[best] > 0
        row["ratio"] = medians[OURS] / others[best] if sound else math.nan
    return row


def print_medians(found: dict[str, list[Run]]) -> None:
    """Print a line per solver: its costs by seed, their median, ours over it."""
    print()
    for name, runs in found.items():
        costs = [run.cost_s for run in runs]
        middle = statistics.median(costs)
        mine = statistics.median(run.cost_s for run in found[OURS])
        share = mine / middle if math.isfinite(middle) and middle else math.nan
        print(
            f"{name:<12}{'  '.join(f'{c:>9,.0f}' for c in costs)}"
            f"   median {middle:>9,.0f}"
            + (f"   ours/its {share:.4f}" if name != OURS else "")
        )


def bench(day: Day, given: Namespace) -> bool:
    """Run one file, print its tables and last lines; return whether ours is sound."""
    rival = "" if given.no_peers else f", peers {given.peer_seconds:g} s"
    title = f"{day.name}: {day.visits:,} visits, {day.shifts:,} shifts"
    title += f", {given.seconds:g} s{rival}"
    print(f"\n{title}\n{'-' * len(title)}", flush=True)
    found = run_all(day, given)
    print_medians(found)
    row = compare(found)
    cost = float(row[f"{OURS}_s"])
    if given.bound:
        row |= apart(bounded, day, given.seconds, given.bound_seconds)
        print(
            f"with a bound: cost {row['bounded_s']:,.0f} s, "
            f"lower bound {row['bound_s']:,.0f} s, {row['bound_used_s']:.1f} s in all"
        )
    if not given.no_peers:
        print(f"ratio {row['ratio']:.4f}")
    if given.bound:
        print(f"gap {row['gap_percent']:.2f}")
    limits = {"visits": day.visits, "seeds": given.seeds, "limit_s": given.seconds}
    if not given.no_peers:
        limits["peer_limit_s"] = given.peer_seconds
    record("day ratio", day.name, None, limits | row, wanted=given.record)
    return math.isfinite(cost)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run each file; 0 when all our rounds are sound, 1 when not, 2 for bad input."""
    parser = parser_for(__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="of search")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 1")
    parser.add_argument(
        "--peer-seconds", type=float, help="of the peers' search (default: as ours)"
    )
    parser.add_argument("--no-peers", action="store_true", help="run only ours")
    parser.add_argument("--bound", action="store_true", help="and a lower bound")
    parser.add_argument("--bound-seconds", type=float, default=60.0, help="of it")
    given = parser.parse_args(arguments)
    if given.peer_seconds is None:
        given.peer_seconds = given.seconds
    try:
        if given.seeds < 1 or min(given.seconds, given.peer_seconds) <= 0:
            msg = "--seconds and --seeds must be above 0"
            raise UsageError(msg)
        if not given.no_peers:
            peers.need(peers.PEERS)
        days = [load(path) for path in given.files]  # before a minute is spent
        sound = [bench(day, given) for day in days]
    except RoundplanError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
