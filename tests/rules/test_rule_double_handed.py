"""Double-handed visits: both workers start together."""

from __future__ import annotations

from dataclasses import replace

from rule_helpers import found, helps, only

from helpers import problem, roster, travel, visit, worker
from roundplan.domain import Problem, Roster, Rule


def _case(second_start: str) -> tuple[Problem, Roster]:
    of = problem(
        [visit("V1", workers_required=2)], workers=[worker("W1"), worker("W2")]
    )
    made = roster(
        of,
        travel(of),
        {"W1@0-07:00": [("V1", "08:00")], "W2@0-07:00": [("V1", second_start)]},
    )
    return of, made


def test_two_workers_start_together() -> None:
    assert found(*_case("08:00")) == []


def test_two_workers_starting_apart_fail_by_the_time_between() -> None:
    breach = only(*_case("08:01"), Rule.DOUBLE_HANDED, 60)
    assert (breach.visit_id, breach.worker_id) == ("V1", None)
    only(*_case("08:25"), Rule.DOUBLE_HANDED, 1500)


def test_a_visit_for_one_that_is_doubled_is_coverages_affair() -> None:
    of, made = _case("08:10")
    single = replace(of, visits=(replace(of.visits[0], workers_required=1),))
    only(single, made, Rule.COVERAGE, 1, "count")


def test_overrides() -> None:
    assert helps(*_case("08:10"), rule=Rule.DOUBLE_HANDED, visit_id="V1")
    assert not helps(*_case("08:10"), rule=Rule.DOUBLE_HANDED, visit_id="V1", day=1)
    assert not helps(*_case("08:10"), rule=Rule.DOUBLE_HANDED, worker_id="W1")
