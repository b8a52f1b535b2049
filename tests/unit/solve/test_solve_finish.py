"""What follows a search: where it ends by a proof, and who of a team proves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import helpers as h
import searching as s
from roundplan.arrays import compile_arrays
from roundplan.domain import BENCHMARK, Problem
from roundplan.solve import SearchParams, plan, planner
from roundplan.solve.bound import COLUMNS, Bound
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.session import ColumnSession
from roundplan.solve.finish import is_proved
from roundplan.solve.result import PROVED


def day(visits: int = 12, workers: int = 3) -> Problem:
    """A day along a street, in which no round depends on another."""
    rng = np.random.default_rng(visits)
    made = [
        h.visit(f"V{i}", f"C{rng.integers(visits)}", f"{rng.integers(7, 18):02d}:15")
        for i in range(visits)
    ]
    return h.problem(
        made, [h.worker(f"W{w}") for w in range(workers)], policy=BENCHMARK
    )


@pytest.mark.parametrize(
    ("amount", "leaves_out", "proved"),
    [(500, (), True), (499, (), False), (500, ("breaks",), False)],
)
def test_a_roster_is_proved_by_a_bound_on_all_of_its_cost(
    amount: int, leaves_out: tuple[str, ...], *, proved: bool
) -> None:
    bound = Bound(amount=amount, proof=COLUMNS, leaves_out=leaves_out)
    session = SimpleNamespace(bound=bound, best_amount=500)
    assert is_proved(session) == proved  # type: ignore[arg-type]
    assert not is_proved(SimpleNamespace(bound=None))  # type: ignore[arg-type]


def test_a_search_ends_with_a_proof() -> None:
    """Not with its time: there is nothing left to find."""
    problem = day()
    result = plan(problem, h.travel(problem), seconds=3.0, method="search")
    assert result.stopped == PROVED
    assert result.bound is not None
    assert result.bound.amount == result.cost.total
    assert result.summary().endswith("(proved optimal)")


def test_a_proof_ends_the_search_before_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first call of the kernel is the last where the roster is proved then."""
    monkeypatch.setattr(planner, "is_proved", lambda session: session.iterations > 0)
    found = s.planned(day(), iterations=5000, method="search")
    assert found.iterations == planner.FIRST_CALL
    assert found.stopped == planner.BY_PROOF


@pytest.mark.parametrize("threads", [1, 2])
def test_a_bound_that_is_asked_for_proves_a_small_day(threads: int) -> None:
    """A team's first search goes on from the best roster of all."""
    problem = day()
    result = plan(
        problem,
        h.travel(problem),
        iterations=s.effort(200),
        threads=threads,
        method="search",
        bound_seconds=60.0,
    )
    assert result.stopped == PROVED
    assert result.gap == 0.0


def test_ctrl_c_while_bounding_keeps_the_search_s_roster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = s.planned(day(), iterations=200, method="search")

    def interrupt(*_: object, asked: bool = False) -> bool:
        if asked:
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr(ColumnSession, "prove", interrupt)
    stopped = s.planned(day(), iterations=200, method="search", bound_seconds=9.0)
    assert stopped.stopped == "interrupted"
    assert stopped.roster.rounds == found.roster.rounds
    assert stopped.bound is None


def test_a_poor_bound_is_told_only_where_one_was_asked_for() -> None:
    """What a single pricing proves would only puzzle."""
    problem = day(visits=30, workers=6)
    compiled = compile_arrays(problem, h.travel(problem))
    session = ColumnSession(compiled, SearchParams(), 1)
    session.construct()
    assert not session.prove(Budget(labels=1))
    assert session.bound is None
    session.prove(Budget(labels=1), asked=True)
    assert session.bound is not None
    assert session.bound.amount <= session.best_amount


def test_a_bound_begins_with_the_latest_rounds() -> None:
    """Each with a span of its group."""
    problem = day(visits=30, workers=6)
    compiled = compile_arrays(problem, h.travel(problem))
    session = ColumnSession(compiled, SearchParams(), 1)
    session.construct()
    pool = session.pool
    pool.collect(session.memory)
    every = pool.rounds()
    some, spans = pool.latest(2)
    assert len(pool) > 2
    assert list(some.amount) == list(every.amount[-2:])
    assert list(some.node) == list(every.node[every.at[-3] :])
    assert list(pool.group[spans]) == list(every.group[-2:])
