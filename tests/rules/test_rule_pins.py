"""Pins: pinned workers and pinned starts stay."""

from __future__ import annotations

from rule_helpers import found, helps, only

from helpers import clock, problem, roster, travel, visit, worker
from roundplan.domain import Problem, Roster, Rule


def _case(worker_id: str, start: str = "08:30") -> tuple[Problem, Roster]:
    of = problem(
        [visit("V1", pinned_workers=("W1",), pinned_start_s=clock("08:30"))],
        workers=[worker("W1"), worker("W2")],
    )
    return of, roster(of, travel(of), {f"{worker_id}@0-07:00": [("V1", start)]})


def test_pins_are_kept() -> None:
    assert found(*_case("W1")) == []


def test_a_pinned_worker_must_be_there() -> None:
    breach = only(*_case("W2"), Rule.PINS, 1, "count")
    assert breach.worker_id == "W1"


def test_a_pinned_start_must_not_move() -> None:
    only(*_case("W1", "08:31"), Rule.PINS, 60)
    only(*_case("W1", "08:10"), Rule.PINS, 1200)


def test_one_of_two_workers_may_be_pinned() -> None:
    of = problem(
        [visit("V1", workers_required=2, pinned_workers=("W2",))],
        workers=[worker("W1"), worker("W2")],
    )
    made = roster(
        of,
        travel(of),
        {"W1@0-07:00": [("V1", "08:00")], "W2@0-07:00": [("V1", "08:00")]},
    )
    assert found(of, made) == []


def test_an_unassigned_visit_breaks_no_pin() -> None:
    of, _ = _case("W1")
    assert found(of, roster(of, travel(of), {}, unassigned=["V1"])) == []


def test_overrides() -> None:
    case = _case("W1", "08:40")
    assert helps(*case, rule=Rule.PINS, visit_id="V1")
    assert helps(*case, rule=Rule.PINS, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.PINS, worker_id="W1", day=1)
    assert helps(*_case("W2"), rule=Rule.PINS, worker_id="W1")
