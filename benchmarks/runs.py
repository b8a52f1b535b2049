"""Weekly runs first: what they do to several weeks, against planning all at once.

    uv run python benchmarks/runs.py [--days 14] [--iterations 20000] [--record]

A generated town of 60 clients, planned with and without weekly runs, by iterations, so
that the table does not depend on the machine. The cost is without the term ``change``,
which only plans with runs have.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from recording import parser_for, record, titled
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.datasets.folder import generate
from roundplan.domain import Problem, Roster, Travel
from roundplan.formats import load_problem
from roundplan.solve import SearchParams, plan, travel_for


def week_on_week(problem: Problem, roster: Roster) -> float:
    """Return the share of visits by the workers of the same visit a week before.

    Ids are those of weekly patterns: the name, ``@``, the date. Both are placed.
    """
    who: dict[str, set[str]] = {}
    for care_round in roster.rounds:
        for stop in care_round.visits:
            who.setdefault(stop.visit_id, set()).add(care_round.worker_id)
    at = {(v.visit_id.partition("@")[0], v.day): v.visit_id for v in problem.visits}
    pairs = [
        (who[visit_id], who[at[name, day - 7]])
        for (name, day), visit_id in at.items()
        if visit_id in who and at.get((name, day - 7)) in who
    ]
    return sum(now == then for now, then in pairs) / max(1, len(pairs))


def measure(
    problem: Problem, travel: Travel, iterations: int, seed: int, share: float
) -> dict[str, float | str]:
    """Plan once, and return what came out."""
    params = SearchParams(runs_share=share)
    result = plan(problem, travel, iterations=iterations, seed=seed, params=params)
    return {
        "runs_share": share,
        "iterations": iterations,
        "days": problem.horizon.days,
        "visits": len(problem.visits),
        "same_as_week_before_percent": 100 * week_on_week(problem, result.roster),
        "unassigned": len(result.roster.unassigned),
        "cost_without_change_p": cost_of(problem, travel, result.roster).total_p,
        "violations": len(broken(check(problem, travel, result.roster))),
        "runtime_s": result.runtime_s,
    }


def main() -> None:
    """Plan with and without runs, and print a line each."""
    parser = parser_for(__doc__)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--iterations", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        town = Path(folder) / "town"
        generate(town, clients=60, seed=5, days=given.days)
        loaded = load_problem(town)
        problem, travel = loaded.problem, travel_for(loaded)
    name = f"town of 60 clients, {given.days} days"
    with titled(f"{name}, {given.iterations:,} iterations"):
        for share in (0.0, SearchParams().runs_share):
            rows = []
            for seed in range(1, given.seeds + 1):
                rows.append(measure(problem, travel, given.iterations, seed, share))
                record("runs", name, seed, rows[-1], wanted=given.record)
            medians = {
                key: statistics.median(float(row[key]) for row in rows)
                for key in rows[0]
            }
            print(
                f"runs_share {share:<4}  as the week before "
                f"{medians['same_as_week_before_percent']:5.1f} %  "
                f"unassigned {medians['unassigned']:g}  "
                f"cost £{medians['cost_without_change_p'] / 100:,.0f}"
            )


if __name__ == "__main__":
    main()
