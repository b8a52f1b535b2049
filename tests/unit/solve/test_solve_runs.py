"""Weekly runs first: the busiest week by itself, then all weeks from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
import searching as s
from roundplan.cost import cost_of, team_sizes
from roundplan.domain import Problem
from roundplan.errors import UsageError
from roundplan.solve import Callbacks, Progress, SearchParams, plan, planner
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.runs import busiest_week
from roundplan.units import AMOUNT_PER_PENNY

NAMES = ("W1", "W2", "W3")


def weeks(count: int = 2, days_a_week: int = 3, **fields) -> Problem:
    """Three clients with a visit on the first days of each week, and three workers."""
    visits = [
        h.visit(f"C{c}@{7 * week + day}", f"C{c}", "08:00", "08:30", day=7 * week + day)
        for c in (1, 2, 3)
        for week in range(count)
        for day in range(days_a_week)
    ]
    clients = [
        h.client(f"C{c}", x=600.0 * c, introduced_workers=NAMES) for c in (1, 2, 3)
    ]
    workers = [h.worker(w) for w in NAMES]
    return h.problem(visits, workers, clients=clients, days=7 * count, **fields)


def alone(share: float = 0.0) -> SearchParams:
    return SearchParams(runs_share=share)


def test_the_busiest_week_has_only_its_days() -> None:
    """The second week has one more visit; a double-handed one counts twice."""
    more = h.visit("more", "C1", "12:00", day=8, after_visit="C1@1")
    pair = h.visit("pair", "C1", "12:00", day=1, workers_required=2)
    problem = weeks(3)
    for extra, week in (((), 0), ((more,), 1), ((more, pair), 0)):
        whole = replace(problem, visits=(*problem.visits, *extra))
        found = busiest_week(whole)
        assert {v.day // 7 for v in found.visits} == {week}
        assert {x.day // 7 for x in found.shifts} == {week}
        assert len(found.visits) == 9 + (len(extra) > 0)
        assert found.horizon == problem.horizon
        assert all(v.after_visit is None for v in found.visits)
        assert team_sizes(found) == team_sizes(whole)


def test_links_within_the_week_stay() -> None:
    link = h.visit("link", "C1", "12:00", day=0, after_visit="C1@0")
    problem = weeks()
    found = busiest_week(replace(problem, visits=(*problem.visits, link)))
    assert found.visit("link").after_visit == "C1@0"


def test_no_runs_below_two_weeks_or_without_visits() -> None:
    assert busiest_week(weeks(1)) is None
    thirteen = h.problem([h.visit()], days=13)
    assert busiest_week(thirteen) is None
    assert busiest_week(h.problem([], clients=[h.client()], days=14)) is None
    only_after = h.problem([h.visit(day=14)], days=15)
    assert busiest_week(only_after) is None, "the last day is no week"


def test_every_week_has_the_runs_and_the_cost_is_exact() -> None:
    """The same worker in each week, and one limit for both stages."""
    problem = weeks(3)
    result = s.planned(problem, iterations=400)
    who = s.makers(result.roster)
    for v, workers in who.items():
        client, _, day = v.partition("@")
        assert workers == who[f"{client}@{int(day) % 7}"]
    assert result.iterations == s.effort(400)
    assert result.previous is not None
    assert result.previous.runs
    assert len(result.previous.made) == result.kept == 27
    about = dict(result.roster.provenance.parameters)
    assert about["runs_visits"] == "9"
    assert about["runs_matched"] == about["runs_kept_at_start"] == "27"
    assert about["change_p"] == "200"
    assert result.roster.provenance.iterations == result.iterations


def test_leaving_the_runs_has_a_price() -> None:
    """The worker of the first week is barred in none, but away in the second."""
    problem = weeks()
    first = s.planned(problem, iterations=100)
    ((away,),) = {w for v, w in s.makers(first.roster).items() if v == "C1@0"}
    shifts = tuple(x for x in problem.shifts if x.worker_id != away or x.day < 7)
    result = s.planned(replace(problem, shifts=shifts), iterations=200)
    plain = cost_of(problem, h.travel(problem), result.roster)
    assert result.cost.change >= 3 * 200 * AMOUNT_PER_PENNY
    assert result.cost.total == plain.total + result.cost.change


def test_the_price_of_the_runs_can_be_given() -> None:
    result = s.planned(weeks(), iterations=50, change_p=0)
    assert result.previous.change_p == 0
    assert result.cost.change == 0


@pytest.mark.parametrize(
    "params", [{"params": alone()}, {"previous": "roster"}], ids=["share", "previous"]
)
def test_when_there_are_no_runs(params: dict) -> None:
    """With no share of the limits, or from a previous roster."""
    problem = weeks()
    if "previous" in params:
        made = plan(problem, h.travel(problem), iterations=20)
        params = {"previous": made.roster}
    result = s.planned(problem, iterations=50, **params)
    assert result.previous is None or not result.previous.runs
    assert "runs_visits" not in dict(result.roster.provenance.parameters)


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_shares_that_make_no_sense(share: float) -> None:
    with pytest.raises(UsageError, match="runs_share"):
        alone(share)


@pytest.mark.parametrize("limits", [{"iterations": 0}, {"seconds": 0.0}])
def test_limits_of_nothing(limits: dict) -> None:
    problem = weeks()
    result = plan(problem, h.travel(problem), **limits)
    s.assert_sound(problem, h.travel(problem), result)
    assert result.iterations == 0
    assert result.roster.unassigned == ()


def test_the_trace_is_of_the_whole_period() -> None:
    result = s.planned(weeks(), iterations=400, trace=True)
    assert result.moments[0].iterations == int(0.4 * s.effort(400))
    assert result.moments[-1].cost == result.cost
    assert all(len(weeks().visits) >= m.unassigned for m in result.moments)


class Heard(Callbacks):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.told: list[Progress] = []

    def on_start(self, visits: int, workers: int, days: int) -> None:
        """Note the size."""
        del workers, days
        self.calls.append(f"start {visits}")

    def on_first(self, progress: Progress) -> None:
        """Note the first roster."""
        self.calls.append("first")
        self.told.append(progress)

    def on_progress(self, progress: Progress) -> None:
        """Note of which stage it is."""
        self.calls.append("runs" if progress.runs else "progress")
        self.told.append(progress)

    def on_end(self, result) -> None:
        """Note the end."""
        del result
        self.calls.append("end")


def test_what_is_told_of_the_two_stages() -> None:
    """One start and one end; the runs first, and shares that only grow."""
    heard = Heard()
    problem = weeks()
    plan(problem, h.travel(problem), iterations=s.effort(200), callbacks=heard)
    assert heard.calls[0] == "start 18"
    assert heard.calls[1] == "runs"
    assert heard.calls.count("first") == heard.calls.count("end") == 1
    assert "runs" not in heard.calls[heard.calls.index("first") :]
    fractions = [p.fraction for p in heard.told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_ctrl_c_while_the_runs_are_made_gives_all_weeks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first roster of the whole period, from the runs so far."""

    def interrupted(self: SearchSession, *given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchSession, "run", interrupted)
    monkeypatch.setattr(planner, "warm_up", lambda _: None)
    problem = weeks()
    result = plan(problem, h.travel(problem), iterations=100)
    s.assert_sound(problem, h.travel(problem), result)
    assert result.stopped == "interrupted"
    assert result.roster.unassigned == ()
