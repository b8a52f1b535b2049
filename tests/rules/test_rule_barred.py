"""Barred: the worker is not barred from the client."""

from __future__ import annotations

from rule_helpers import found, helps, only

from helpers import client, problem, roster, travel, visit
from roundplan.domain import Problem, Roster, Rule


def _case(*barred: str) -> tuple[Problem, Roster]:
    of = problem([visit("V1")], clients=[client(barred_workers=barred)])
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


def test_another_worker_may_be_barred() -> None:
    assert found(*_case("W2")) == []


def test_a_barred_worker_fails() -> None:
    breach = only(*_case("W2", "W1"), Rule.BARRED, 1, "count")
    assert breach.message == "Worker W1 is barred from client C1 but makes visit V1."


def test_overrides() -> None:
    assert helps(*_case("W1"), rule=Rule.BARRED, visit_id="V1")
    assert helps(*_case("W1"), rule=Rule.BARRED, worker_id="W1", day=0)
    assert not helps(*_case("W1"), rule=Rule.BARRED, worker_id="W1", day=1)
