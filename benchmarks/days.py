"""One-day instances: how fast the search works, and how good its rounds are.

    uv run python benchmarks/days.py FILE... [--seconds 10] [--seeds 3] [--record]

Takes JSON files with ``travel_s`` (seconds between locations), ``visits`` (location,
earliest and latest start, length) and ``shifts`` (start, end; home legs are free). The
objective is travel seconds with every visit served. Each result is checked by code that
is not the search's.
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import date
from pathlib import Path

import numpy as np

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
from roundplan.solve import plan


def load_day(path: Path) -> tuple[Problem, Travel]:
    """Read an instance: each visit is a client of its own at the visit's location."""
    data = json.loads(path.read_text(encoding="utf-8"))
    at = np.array([v["location"] for v in data["visits"]])
    seconds = np.array(data["travel_s"], dtype=np.int32)[np.ix_(at, at)]
    np.fill_diagonal(seconds, 0)
    ids = tuple(f"C{i}" for i in range(len(at)))
    matrix = TravelMatrix(
        profile="walk",
        period="all",
        place_ids=ids,
        times_s=seconds,
        metres=seconds,
        ltn_crossings=np.zeros(seconds.shape, dtype=np.int16),
        modes=np.zeros(seconds.shape, dtype=np.int8),
    )
    problem = Problem(
        horizon=Horizon(start_date=date(2026, 6, 1), days=1),
        clients=tuple(Client(client_id=c, place=Place(place_id=c)) for c in ids),
        visits=tuple(
            Visit(
                visit_id=v["id"],
                client_id=c,
                day=0,
                window=TimeWindow(
                    earliest_start_s=v["earliest_start_s"],
                    latest_start_s=v["latest_start_s"],
                ),
                duration_s=v["duration_s"],
                priority=Priority.ESSENTIAL,
            )
            for c, v in zip(ids, data["visits"], strict=True)
        ),
        workers=tuple(
            CareWorker(
                worker_id=s["id"],
                home=Place(place_id=s["id"]),
                contract=Contract(rate_p=1),
            )
            for s in data["shifts"]
        ),
        shifts=tuple(
            Shift(
                shift_id=s["id"],
                worker_id=s["id"],
                day=0,
                start_s=s["start_s"],
                end_s=s["end_s"],
            )
            for s in data["shifts"]
        ),
        policy=BENCHMARK,
    )
    return problem, Travel(matrices={"walk": matrix})


def travel_seconds(roster: Roster) -> int:
    """Add up the legs between visits."""
    return sum(v.leg.travel_s for r in roster.rounds for v in r.visits if v.leg)


def main() -> None:
    """Plan each file with some seeds, and print a table."""
    parser = parser_for(__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    print("file, visits, seed, travel_s, unassigned, iterations/s, first_s, violations")
    for path in args.files:
        problem, travel = load_day(path)
        found = []
        for seed in range(1, args.seeds + 1):
            at, used = time.perf_counter(), time.process_time()
            result = plan(problem, travel, seconds=args.seconds, seed=seed)
            used = 100 * (time.process_time() - used) / (time.perf_counter() - at)
            found.append(travel_seconds(result.roster))
            row = {
                "visits": len(problem.visits),
                "limit_s": args.seconds,
                "travel_s": found[-1],
                "unassigned": len(result.roster.unassigned),
                "iterations_per_s": result.iterations / result.runtime_s,
                "cpu_percent": used,
                "first_s": result.first_s,
                "violations": len(broken(check(problem, travel, result.roster))),
            }
            print(
                f"{path.name}, {row['visits']}, {seed}, {row['travel_s']}, "
                f"{row['unassigned']}, {row['iterations_per_s']:.0f}, "
                f"{row['first_s']:.2f}, {row['violations']}",
                flush=True,
            )
            record("day", path.stem, seed, row, wanted=args.record)
        print(f"{path.name}: median travel {statistics.median(found):.0f} s")


if __name__ == "__main__":
    main()
