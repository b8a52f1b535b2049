"""Availability: visits and office legs lie inside the worker's shift."""

from __future__ import annotations

from typing import Any

import pytest
from rule_helpers import change_round, found, helps, only

from helpers import problem, roster, shift, travel, visit, worker
from roundplan.domain import Place, Problem, Roster, Rule, ShiftKind

OFFICE = Place(place_id="office", x=-600.0, y=0.0)
"""Ten minutes from client C1; thirteen with the buffer."""


def _case(start: str, shift_fields: dict[str, Any]) -> tuple[Problem, Roster]:
    fields: dict[str, Any] = {"start": "08:00", "end": "10:00", **shift_fields}
    of = problem(
        [visit("V1", earliest="06:00", latest="12:00", minutes=60)],
        shifts=[shift(shift_id="S1", **fields)],
        places=[OFFICE],
    )
    return of, roster(of, travel(of), {"S1": [("V1", start)]})


@pytest.mark.parametrize("start", ["08:00", "09:00"])
def test_a_visit_may_fill_the_shift_to_its_ends(start: str) -> None:
    assert found(*_case(start, {})) == []


@pytest.mark.parametrize(
    ("start", "amount"), [("07:59", 60), ("09:01", 60), ("07:30", 1800)]
)
def test_time_outside_the_shift_counts(start: str, amount: int) -> None:
    only(*_case(start, {}), Rule.AVAILABILITY, amount)


def test_a_visit_off_shift_is_outside_with_all_its_length() -> None:
    breach = only(*_case("10:30", {}), Rule.AVAILABILITY, 3600)
    assert "1 hour" in breach.message or "60 minutes" in breach.message


def test_an_office_leg_needs_its_time_inside_the_shift() -> None:
    from_office = {"start_place": "office"}
    assert found(*_case("08:13", from_office)) == []
    only(*_case("08:12", from_office), Rule.AVAILABILITY, 60)
    to_office = {"end_place": "office"}
    assert found(*_case("08:47", to_office)) == []
    only(*_case("08:48", to_office), Rule.AVAILABILITY, 60)


def test_a_home_leg_lies_outside_the_shift() -> None:
    of = problem(
        [visit("V1", minutes=60)],
        workers=[worker(x=5000.0)],
        shifts=[shift(start="08:00", end="09:00", start_place="W1", end_place="W1")],
    )
    made = roster(of, travel(of), {"W1@0-08:00": [("V1", "08:00")]})
    assert found(of, made) == []


def test_a_worker_without_a_shift_is_not_available() -> None:
    of = problem([visit("V1")], workers=[worker("W1"), worker("W2")], shifts=[shift()])
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    given = change_round(made, "W1@0-07:00", worker_id="W2", round_id="R1")
    assert found(of, given) == [
        (Rule.COVERAGE, 1, "count"),
        (Rule.AVAILABILITY, 1800, "s"),
    ]


@pytest.mark.parametrize(
    "kind", [ShiftKind.LEAVE, ShiftKind.TRAINING, ShiftKind.MEETING]
)
def test_other_kinds_of_shift_do_not_make_a_worker_available(kind: ShiftKind) -> None:
    of = problem(
        [visit("V1", minutes=60)],
        shifts=[
            shift(start="07:00", end="08:30"),
            shift(start="08:30", end="12:00", kind=kind),
        ],
    )
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    breach = only(of, made, Rule.AVAILABILITY, 1800)
    assert f"during {kind}" in breach.message


def test_a_message_names_leave_only_where_the_visit_is_in_it() -> None:
    of = problem(
        [visit("V1", minutes=60)],
        shifts=[
            shift(start="07:00", end="08:30"),
            shift(start="12:00", end="15:00", kind=ShiftKind.LEAVE),
        ],
    )
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    assert "leave" not in only(of, made, Rule.AVAILABILITY, 1800).message


def test_in_a_round_without_a_shift_any_work_shift_of_the_worker_will_do() -> None:
    of = problem(
        [visit("V1", minutes=60)],
        shifts=[shift(end="09:30"), shift(start="10:00", end="12:00")],
    )
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    made = change_round(made, "W1@0-07:00", round_id="R1")
    only(of, made, Rule.COVERAGE, 1, "count")


def test_a_visit_belongs_in_the_shift_of_its_round() -> None:
    of = problem(
        [visit("V1", latest="12:00")],
        shifts=[shift(end="09:00"), shift(start="10:00", end="12:00")],
    )
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "10:00")]})
    only(of, made, Rule.AVAILABILITY, 1800)


def test_overrides() -> None:
    case = _case("07:30", {})
    assert helps(*case, rule=Rule.AVAILABILITY, visit_id="V1")
    assert helps(*case, rule=Rule.AVAILABILITY, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.AVAILABILITY, worker_id="W1", day=1)
