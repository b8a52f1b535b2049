"""Two weeks of a generated town: with weekly runs first, and without."""

from __future__ import annotations

import pytest

from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.datasets.folder import generate
from roundplan.formats import load_problem
from roundplan.solve import Result, SearchParams, plan, travel_for

ITERATIONS = 4000


def week_on_week(result: Result, first_day: dict[str, int]) -> float:
    """The share of visits with the workers that the same visit had a week before."""
    who: dict[str, set[str]] = {}
    for care_round in result.roster.rounds:
        for stop in care_round.visits:
            who.setdefault(stop.visit_id, set()).add(care_round.worker_id)
    at = {(v.partition("@")[0], day): v for v, day in first_day.items()}
    pairs = [
        (who[v], who[at[name, day - 7]])
        for (name, day), v in at.items()
        if v in who and at.get((name, day - 7)) in who
    ]
    assert len(pairs) > 100
    return sum(now == then for now, then in pairs) / len(pairs)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("town") / "problem"
    generate(folder, clients=40, seed=5, days=14)
    loaded = load_problem(folder)
    return loaded.problem, travel_for(loaded)


def test_runs_make_the_second_week_like_the_first(town) -> None:
    """More of the same workers, no visit worse served, and hardly a dearer roster."""
    problem, travel = town
    days = {v.visit_id: v.day for v in problem.visits}
    shares, plain, left = {}, {}, {}
    for share in (0.0, SearchParams().runs_share):
        result = plan(
            problem,
            travel,
            iterations=ITERATIONS,
            params=SearchParams(runs_share=share),
        )
        assert result.iterations == ITERATIONS
        assert broken(check(problem, travel, result.roster)) == []
        assert result.cost == cost_of(problem, travel, result.roster, result.previous)
        shares[share] = week_on_week(result, days)
        plain[share] = cost_of(problem, travel, result.roster).total
        left[share] = len(result.roster.unassigned)
    without, with_runs = shares
    assert shares[with_runs] > shares[without] + 0.1
    assert shares[with_runs] > 0.9
    assert left[with_runs] <= left[without]
    assert plain[with_runs] < 1.02 * plain[without]
