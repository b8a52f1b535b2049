"""Coverage: every visit with all its workers once, or listed as unassigned."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rule_helpers import change_round, change_stop, found, helps, only

from helpers import problem, roster, shift, travel, visit, worker
from roundplan.domain import Rule, ShiftKind, Unassigned

TWO = problem(
    [visit("V1", workers_required=2)],
    workers=[worker("W1"), worker("W2")],
)
BOTH = {"W1@0-07:00": [("V1", "08:00")], "W2@0-07:00": [("V1", "08:00")]}


def test_both_workers_of_a_visit_cover_it() -> None:
    assert found(TWO, roster(TWO, travel(TWO), BOTH)) == []


def test_an_unassigned_visit_is_covered_by_its_row() -> None:
    assert found(TWO, roster(TWO, travel(TWO), {}, unassigned=["V1"])) == []


def test_a_missing_visit_lacks_all_its_workers() -> None:
    breach = only(TWO, roster(TWO, travel(TWO), {}), Rule.COVERAGE, 2, "count")
    assert (breach.visit_id, breach.day, breach.worker_id) == ("V1", 0, None)


def test_one_worker_of_two_lacks_one() -> None:
    one = roster(TWO, travel(TWO), {"W1@0-07:00": [("V1", "08:00")]})
    breach = only(TWO, one, Rule.COVERAGE, 1, "count")
    assert breach.message == "Visit V1 has 1 of its 2 workers."


def test_an_override_of_the_visit_sets_it_aside_on_its_day_only() -> None:
    one = roster(TWO, travel(TWO), {"W1@0-07:00": [("V1", "08:00")]})
    assert helps(TWO, one, rule=Rule.COVERAGE, visit_id="V1")
    assert helps(TWO, one, rule=Rule.COVERAGE, visit_id="V1", day=0)
    assert not helps(TWO, one, rule=Rule.COVERAGE, visit_id="V1", day=1)
    assert not helps(TWO, one, rule=Rule.SKILLS, visit_id="V1")
    assert not helps(TWO, one, rule=Rule.COVERAGE, visit_id="V2")


def test_a_doubled_visit_is_once_too_often() -> None:
    single = problem([visit("V1")], workers=[worker("W1"), worker("W2")])
    doubled = roster(single, travel(single), BOTH)
    breach = only(single, doubled, Rule.COVERAGE, 1, "count")
    assert breach.message == "Visit V1 is rostered 1 time too often."


def test_one_worker_twice_is_not_two_workers() -> None:
    twice = problem(
        [visit("V1", workers_required=2)],
        shifts=[shift(start="07:00", end="09:00"), shift(start="09:00", end="11:00")],
    )
    made = roster(
        twice,
        travel(twice),
        {"W1@0-07:00": [("V1", "08:00")], "W1@0-09:00": [("V1", "09:00")]},
    )
    assert (Rule.COVERAGE, 2, "count") in found(twice, made)


def test_a_visit_both_rostered_and_unassigned_is_wrong() -> None:
    both = roster(TWO, travel(TWO), BOTH, unassigned=["V1"])
    only(TWO, both, Rule.COVERAGE, 1, "count")


def test_a_visit_unassigned_twice_is_wrong() -> None:
    twice = roster(TWO, travel(TWO), {}, unassigned=["V1", "V1"])
    only(TWO, twice, Rule.COVERAGE, 1, "count")


def test_unknown_visits_are_reported_by_coverage_alone() -> None:
    one = problem([visit("V1")])
    made = roster(one, travel(one), {"W1@0-07:00": [("V1", "08:00")]})
    renamed = change_stop(made, "V1", visit_id="V9")
    renamed = replace(
        renamed, unassigned=(Unassigned(visit_id="V1", code="x", reason="x"),)
    )
    breach = only(one, renamed, Rule.COVERAGE, 1, "count")
    assert breach.visit_id == "V9"


def test_an_unknown_visit_among_the_unassigned_is_wrong() -> None:
    made = roster(TWO, travel(TWO), BOTH, unassigned=["V9"])
    only(TWO, made, Rule.COVERAGE, 1, "count")


def test_an_unknown_worker_is_reported_by_coverage_alone() -> None:
    one = problem([visit("V1")])
    made = roster(one, travel(one), {"W1@0-07:00": [("V1", "08:00")]})
    made = change_round(made, "W1@0-07:00", worker_id="W9")
    # The round is of nobody known, and not of its shift's worker: two faults.
    breach = only(one, made, Rule.COVERAGE, 2, "count")
    assert breach.worker_id == "W9"


def test_a_visit_recorded_at_another_client_is_wrong() -> None:
    two = problem([visit("V1", "C1"), visit("V2", "C2", "10:00")])
    made = roster(two, travel(two), {"W1@0-07:00": [("V1", "08:00"), ("V2", "10:00")]})
    only(two, change_stop(made, "V2", client_id="C1"), Rule.COVERAGE, 1, "count")


def test_a_round_twice_is_wrong() -> None:
    made = roster(TWO, travel(TWO), BOTH)
    empty = replace(made.rounds[0], visits=())
    twice = replace(made, rounds=(*made.rounds, empty))
    only(TWO, twice, Rule.COVERAGE, 1, "count")


@pytest.mark.parametrize(
    "fields", [{"day": 1}, {"shift_start_s": 0}, {"shift_end_s": 86_400}]
)
def test_a_round_that_differs_from_its_shift_is_wrong(fields: dict[str, int]) -> None:
    made = roster(TWO, travel(TWO), BOTH)
    made = change_round(made, "W1@0-07:00", **fields)
    breach = only(TWO, made, Rule.COVERAGE, 1, "count")
    assert breach.worker_id == "W1"


def test_a_round_outside_every_shift_is_wrong() -> None:
    made = roster(TWO, travel(TWO), BOTH)
    made = change_round(made, "W1@0-07:00", round_id="R1")
    breach = only(TWO, made, Rule.COVERAGE, 1, "count")
    assert breach.message == "Round R1 is not a shift of the problem."
    assert helps(TWO, made, rule=Rule.COVERAGE, worker_id="W1")
    assert not helps(TWO, made, rule=Rule.COVERAGE, worker_id="W1", day=1)


def test_a_round_in_a_training_block_is_wrong() -> None:
    training = problem(
        [visit("V1")],
        shifts=[shift(), shift(start="15:00", kind=ShiftKind.TRAINING, end="16:00")],
    )
    made = roster(training, travel(training), {"W1@0-07:00": [("V1", "08:00")]})
    moved = change_round(
        made,
        "W1@0-07:00",
        round_id="W1@0-15:00",
        shift_start_s=15 * 3600,
        shift_end_s=16 * 3600,
    )
    only(training, moved, Rule.COVERAGE, 1, "count")
