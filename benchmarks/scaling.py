"""How the search grows: cost and time to a fixed gap, from 100 to 20,000 visits.

    uv run python benchmarks/scaling.py [--sizes 100 1000] [--seconds 60] [--seeds 1]
        [--record]

Plans one-day instances of `instances.py`, each in a process of its own, so that its
memory is its own. The gaps are to the best cost that any seed found of that size in
this run: to 5% and to 2% says when a plan came so close for the first time, and stays
empty where it never did. Costs over time are those of the plan's trace; a visit that
nobody makes costs what `roundplan` says. Rounds are judged by `day_file.judge`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from day_file import judge
from days import apart, problem_of, rounds_of
from instances import draw
from recording import parser_for, peak_mb, record
from roundplan.check import broken, check
from roundplan.errors import RoundplanError, UsageError
from roundplan.solve import plan

SIZES = (100, 300, 1000, 3000, 10_000, 20_000)

GAPS = (5, 2)
"""Per cent above the best found that the time to is told of."""

MARKS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Seconds at which the cost is told."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A plan: what was measured, and its best cost at moments of the search."""

    seed: int
    measures: dict[str, float | str]
    trace: tuple[tuple[float, int], ...]

    @property
    def best(self) -> int:
        """The last cost of the trace."""
        return self.trace[-1][1]

    def seconds_to(self, cost: float) -> float | str:
        """Return when the search was first at a cost or below it; "" if never."""
        return next((s for s, c in self.trace if c <= cost), "")

    def at(self, seconds: float) -> int | str:
        """Return the best cost at a moment; "" before the first roster."""
        return next((c for s, c in reversed(self.trace) if s <= seconds), "")


def grow(visits: int, seconds: float, seed: int) -> Growth:
    """Draw an instance and plan it; the instance is the same for every seed."""
    begun = time.perf_counter()
    day = draw(visits, seed=1)
    drawn_s = time.perf_counter() - begun
    problem, travel = problem_of(day)
    result = plan(problem, travel, seconds=seconds, seed=seed)
    setup_s = time.perf_counter() - begun - drawn_s - result.runtime_s
    verdict = judge(day, rounds_of(result.roster))
    violations = len(broken(check(problem, travel, result.roster)))
    measures: dict[str, float | str] = {
        "visits": visits,
        "shifts": day.shifts,
        "places": len(day.travel_s),
        "limit_s": seconds,
        "draw_s": drawn_s,
        "setup_s": setup_s,
        "first_s": result.first_s,
        "iterations_per_s": result.iterations / max(result.runtime_s, 1e-9),
        "travel_s": verdict.travel_s,
        "unassigned": verdict.unserved,
        "violations": violations + len(verdict.faults),
        "peak_mb": peak_mb(),
    }
    trace = tuple((p.elapsed_s, p.best_p) for p in result.trace)
    return Growth(seed, measures, trace)


def with_gaps(found: Sequence[Growth]) -> list[dict[str, float | str]]:
    """Return each plan's measures, with costs over time and times to the gaps."""
    best = min(one.best for one in found)
    rows = []
    for one in found:
        row = dict(one.measures)
        first = one.trace[0][1]
        row["first_over_best_percent"] = 100 * (first / best - 1) if best else 0.0
        for gap in GAPS:
            row[f"to_{gap}_percent_s"] = one.seconds_to(best * (1 + gap / 100))
        for mark in MARKS_S:
            if mark <= float(row["limit_s"]):
                row[f"cost_at_{mark}_s"] = one.at(mark)
        row["cost_at_end"] = one.best
        rows.append(row)
    return rows


def print_row(row: dict[str, float | str]) -> None:
    """Print a line."""

    def cell(name: str, digits: int = 0) -> str:
        value = row[name]
        return "-" if isinstance(value, str) else f"{value:,.{digits}f}"

    print(
        f"{cell('visits'):>7} {cell('shifts'):>7} {cell('setup_s', 1):>9}"
        f" {cell('first_s', 2):>9} {cell('iterations_per_s'):>13}"
        f" {cell('peak_mb'):>8} {cell('first_over_best_percent', 1):>8}"
        f" {cell('to_5_percent_s', 1):>9} {cell('to_2_percent_s', 1):>9}"
        f" {cell('travel_s'):>10} {cell('unassigned'):>10} {cell('violations'):>10}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan each size, and print a table; 2 for options that make no sense."""
    parser = parser_for(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="visits")
    parser.add_argument("--seconds", type=float, default=60.0, help="of search, each")
    parser.add_argument("--seeds", type=int, default=1, help="how many, from 1")
    given = parser.parse_args(arguments)
    try:
        if given.seconds <= 0 or given.seeds < 1 or min(given.sizes) < 1:
            msg = "--sizes, --seconds and --seeds must be above 0"
            raise UsageError(msg)
        print(
            " visits  shifts  setup, s  first, s  iterations/s  peak MB  first +%"
            "  to 5%, s  to 2%, s  travel, s  unassigned  violations",
            flush=True,
        )
        for visits in given.sizes:
            seeds = range(1, given.seeds + 1)
            found = [apart(grow, visits, given.seconds, seed) for seed in seeds]
            for one, row in zip(found, with_gaps(found), strict=True):
                print_row(row)
                name = f"drawn_{visits}"
                record("scaling", name, one.seed, row, wanted=given.record)
    except RoundplanError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
