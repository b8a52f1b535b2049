"""When a search ends: limits, Ctrl-C, and what bad limits and parameters say."""

from __future__ import annotations

import math
from typing import Any

import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.domain import Problem
from roundplan.errors import UsageError
from roundplan.solve import (
    Callbacks,
    Progress,
    Result,
    SearchParams,
    Stop,
    plan,
    planner,
)
from roundplan.solve.lns.session import SearchSession


def busy() -> Problem:
    """A problem on which a search finds something to improve."""
    return random_problem(11, size=2)


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"seconds": -1.0},
        {"seconds": math.nan},
        {"seconds": math.inf},
        {"iterations": -1},
        {"seconds": 1.0, "iterations": -5},
    ],
)
def test_limits_that_are_none_are_refused(limits: dict[str, Any]) -> None:
    """A search that would never end, or has no meaning, does not begin."""
    with pytest.raises(UsageError, match="E1002"):
        Stop(**limits)


@pytest.mark.parametrize(
    ("stop", "elapsed_s", "iterations", "reason", "fraction"),
    [
        (Stop(seconds=10.0), 4.0, 10**6, None, 0.4),
        (Stop(seconds=10.0), 10.0, 0, "seconds", 1.0),
        (Stop(seconds=10.0), 25.0, 0, "seconds", 1.0),
        (Stop(iterations=8), 10.0**6, 2, None, 0.25),
        (Stop(iterations=8), 0.0, 8, "iterations", 1.0),
        (Stop(seconds=10.0, iterations=8), 5.0, 2, None, 0.5),
        (Stop(seconds=10.0, iterations=8), 1.0, 6, None, 0.75),
        (Stop(seconds=10.0, iterations=8), 11.0, 8, "iterations", 1.0),
        (Stop(seconds=0.0), 0.0, 0, "seconds", 0.0),
        (Stop(iterations=0), 0.0, 0, "iterations", 0.0),
    ],
)
def test_the_limit_reached_first_ends_the_search(
    stop: Stop, elapsed_s: float, iterations: int, reason: str | None, fraction: float
) -> None:
    """Reason and share of the search that is over, at given moments."""
    assert stop.reason(elapsed_s, iterations) == reason
    assert stop.fraction(elapsed_s, iterations) == pytest.approx(fraction)


@pytest.mark.parametrize(
    "fields",
    [
        {"mean_removed": 0},
        {"moments": 0},
        {"strings": 0},
        {"hot": 0.0, "cold": 0.0},
        {"cold": 0.0},
        {"hot": 0.1, "cold": 0.2},
        {"hot": math.nan},
        {"cold": -0.1},
        {"blink": -1},
        {"two_rounds": -1},
        {"client_worker": -1},
        {"client_week": -2},
        {"make_room": -1},
        {"worker_days": -1},
    ],
)
def test_parameters_that_stop_the_search_from_working_are_refused(
    fields: dict[str, Any],
) -> None:
    """Each is a usage error, found before anything is planned."""
    with pytest.raises(UsageError, match="E1002"):
        SearchParams(**fields)


def test_parameters_are_told_by_name_in_the_provenance() -> None:
    """Every parameter has its row, with limits and the policy's name."""
    params = SearchParams(mean_removed=7, hot=0.4)
    result = plan(
        h.problem([h.visit()]),
        h.travel(h.problem([h.visit()])),
        iterations=3,
        seed=9,
        params=params,
    )
    provenance = result.roster.provenance
    assert provenance is not None
    told = dict(provenance.parameters)
    assert told.items() >= dict(params.as_text()).items()
    assert (told["mean_removed"], told["hot"]) == ("7", "0.4")
    assert (told["limit_iterations"], told["limit_seconds"]) == ("3", "None")
    assert told["policy"] == "charter"
    assert (provenance.seed, provenance.iterations, provenance.seconds) == (9, 3, None)


@pytest.mark.parametrize(
    "params",
    [
        SearchParams(blink=0),
        SearchParams(blink=1),
        SearchParams(moments=1),
        SearchParams(mean_removed=1),
        SearchParams(mean_removed=10_000),
        SearchParams(bank_tried=0),
        SearchParams(
            client_worker=0, two_rounds=0, client_week=0, make_room=0, worker_days=0
        ),
        SearchParams(strings=1, make_room=50, worker_days=50, client_week=50),
        SearchParams(hot=1e9, cold=1e9),
        SearchParams(hot=1e-12, cold=1e-12),
    ],
)
def test_extreme_parameters_still_give_sound_plans(params: SearchParams) -> None:
    """Whatever the tuning, no rule is broken and the cost is right."""
    s.planned(busy(), iterations=200, params=params)


@pytest.mark.parametrize("limits", [{"iterations": 0}, {"seconds": 0.0}])
def test_a_limit_of_nothing_gives_the_first_roster(limits: dict[str, Any]) -> None:
    """The first roster is complete, checked and costed."""
    problem = busy()
    by = h.travel(problem)
    result = plan(problem, by, **limits)
    s.assert_sound(problem, by, result)
    assert result.iterations == 0
    assert result.stopped == next(iter(limits))
    assert len(result.trace) == 1
    assert result.trace[0].best_p >= result.cost.total_p


def test_seconds_end_a_search() -> None:
    """A short limit on the clock ends it, with the clock in the provenance."""
    problem = busy()
    by = h.travel(problem)
    result = plan(problem, by, seconds=0.05)
    s.assert_sound(problem, by, result)
    assert result.stopped == "seconds"
    assert result.runtime_s >= 0.05
    assert result.iterations > 0
    provenance = result.roster.provenance
    assert provenance is not None
    assert provenance.seconds == pytest.approx(result.runtime_s, abs=0.001)


def test_iterations_end_a_search_long_before_its_seconds() -> None:
    """Of two limits the first one counts, to the iteration."""
    problem = busy()
    result = plan(problem, h.travel(problem), seconds=600.0, iterations=s.effort(70))
    assert (result.stopped, result.iterations) == ("iterations", s.effort(70))


class Heard(Callbacks):
    """Keeps what a search tells, and may interrupt it as Ctrl-C does."""

    def __init__(self, interrupt_in: str = "", after: int = 1) -> None:
        self.calls: list[str] = []
        self.told: list[Progress] = []
        self.results: list[Result] = []
        self._interrupt_in = interrupt_in
        self._after = after

    def _hear(self, name: str) -> None:
        self.calls.append(name)
        if name == self._interrupt_in and self.calls.count(name) == self._after:
            raise KeyboardInterrupt

    def on_start(self, visits: int, workers: int, days: int) -> None:
        """Keep the size."""
        self.size = (visits, workers, days)
        self._hear("start")

    def on_first(self, progress: Progress) -> None:
        """Keep the first moment."""
        self.told.append(progress)
        self._hear("first")

    def on_progress(self, progress: Progress) -> None:
        """Keep every moment."""
        self.told.append(progress)
        self._hear("progress")

    def on_end(self, result: Result) -> None:
        """Keep the result."""
        self.results.append(result)
        self._hear("end")


@pytest.mark.parametrize(
    ("where", "after"), [("first", 1), ("progress", 1), ("progress", 2)]
)
def test_ctrl_c_returns_the_best_so_far(where: str, after: int) -> None:
    """The roster is sound, the cost right, and the end is told."""
    problem = busy()
    by = h.travel(problem)
    heard = Heard(where, after)
    result = plan(problem, by, seconds=600.0, callbacks=heard)
    s.assert_sound(problem, by, result)
    assert result.stopped == "interrupted"
    assert result.cost.total_p <= heard.told[-1].best_p
    assert result.iterations == heard.told[-1].iterations
    assert heard.results == [result]


def test_ctrl_c_before_there_is_a_roster_is_nobody_s_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An interrupt while the first roster is made stays an interrupt."""

    def interrupted(self: SearchSession) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchSession, "construct", interrupted)
    monkeypatch.setattr(planner, "warm_up", lambda _engine: None)
    heard = Heard()
    problem = busy()
    with pytest.raises(KeyboardInterrupt):
        plan(problem, h.travel(problem), iterations=1, callbacks=heard)
    assert heard.calls == ["start"]


def test_a_search_tells_its_size_its_first_roster_and_its_end() -> None:
    """Callbacks come in order, and the first roster before any progress."""
    problem = busy()
    heard = Heard()
    result = plan(problem, h.travel(problem), iterations=s.effort(100), callbacks=heard)
    assert heard.size == (
        len(problem.visits),
        len(problem.workers),
        problem.horizon.days,
    )
    assert heard.calls[:2] == ["start", "first"]
    assert heard.calls[-1] == "end"
    assert set(heard.calls[2:-1]) == {"progress"}
    assert tuple(heard.told) == result.trace
