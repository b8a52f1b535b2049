"""Window: the start is inside the window, or within its soft lateness."""

from __future__ import annotations

from typing import Any

import pytest
from rule_helpers import found, helps, only

from helpers import problem, roster, travel, visit
from roundplan.domain import Priority, Problem, Roster, Rule, named_policy

STRICT = [{"priority": Priority.ESSENTIAL}, {"time_critical": True}]
SOFT = [{"priority": Priority.STANDARD}, {"priority": Priority.FLEXIBLE}]


def _case(start: str, policy: str = "charter", **fields: Any) -> tuple[Problem, Roster]:
    of = problem(
        [visit("V1", earliest="08:00", latest="09:00", **fields)],
        policy=named_policy(policy),
    )
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", start)]})


@pytest.mark.parametrize("fields", STRICT + SOFT)
def test_both_ends_of_the_window_are_inside(fields: dict[str, Any]) -> None:
    assert found(*_case("08:00", **fields)) == []
    assert found(*_case("09:00", **fields)) == []


@pytest.mark.parametrize("fields", STRICT + SOFT)
def test_nobody_may_come_early(fields: dict[str, Any]) -> None:
    breach = only(*_case("07:59", **fields), Rule.WINDOW, 60)
    assert breach.message == "Visit V1 by worker W1 starts 1 minute too early."


@pytest.mark.parametrize("fields", STRICT)
def test_strict_visits_may_not_be_late(fields: dict[str, Any]) -> None:
    only(*_case("09:01", **fields), Rule.WINDOW, 60)


@pytest.mark.parametrize("fields", SOFT)
def test_other_visits_may_be_late_a_quarter_of_an_hour(fields: dict[str, Any]) -> None:
    assert found(*_case("09:15", **fields)) == []
    only(*_case("09:16", **fields), Rule.WINDOW, 60)


def test_the_tolerance_is_the_policys() -> None:
    only(*_case("09:05", policy="benchmark"), Rule.WINDOW, 300)


def test_overrides() -> None:
    assert helps(*_case("07:30"), rule=Rule.WINDOW, visit_id="V1")
    assert helps(*_case("07:30"), rule=Rule.WINDOW, worker_id="W1", day=0)
    assert not helps(*_case("07:30"), rule=Rule.WINDOW, worker_id="W1", day=1)
