"""Gender: the worker's gender is the one the client asked for."""

from __future__ import annotations

import pytest
from rule_helpers import found, helps, only

from helpers import client, problem, roster, travel, visit, worker
from roundplan.domain import Gender, Problem, Roster, Rule


def _case(asked: Gender, gender: Gender | None) -> tuple[Problem, Roster]:
    of = problem(
        [visit("V1")],
        workers=[worker(gender=gender)],
        clients=[client(worker_gender=asked)],
    )
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


@pytest.mark.parametrize(
    ("asked", "gender"),
    [
        (Gender.ANY, None),
        (Gender.ANY, Gender.MALE),
        (Gender.FEMALE, Gender.FEMALE),
        (Gender.MALE, Gender.MALE),
    ],
)
def test_the_gender_asked_for_will_do(asked: Gender, gender: Gender | None) -> None:
    assert found(*_case(asked, gender)) == []


@pytest.mark.parametrize(
    ("asked", "gender"),
    [
        (Gender.FEMALE, Gender.MALE),
        (Gender.MALE, Gender.FEMALE),
        (Gender.FEMALE, None),
    ],
)
def test_another_or_an_unknown_gender_fails(
    asked: Gender, gender: Gender | None
) -> None:
    breach = only(*_case(asked, gender), Rule.GENDER, 1, "count")
    assert (breach.client_id, breach.worker_id) == ("C1", "W1")


def test_overrides() -> None:
    case = _case(Gender.FEMALE, Gender.MALE)
    assert helps(*case, rule=Rule.GENDER, visit_id="V1")
    assert helps(*case, rule=Rule.GENDER, worker_id="W1", day=0)
    assert not helps(*case, rule=Rule.GENDER, worker_id="W1", day=1)
