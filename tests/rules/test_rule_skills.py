"""Skills: the worker has every skill the visit asks for."""

from __future__ import annotations

from rule_helpers import found, helps, only

from helpers import problem, roster, travel, visit, worker
from roundplan.domain import Problem, Roster, Rule


def _case(*skills: str) -> tuple[Problem, Roster]:
    asks = frozenset({"peg", "hoist"})
    of = problem([visit("V1", skills=asks)], workers=[worker(skills=frozenset(skills))])
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


def test_a_worker_with_more_than_is_asked_will_do() -> None:
    assert found(*_case("peg", "hoist", "stoma")) == []


def test_each_missing_skill_counts() -> None:
    only(*_case("peg"), Rule.SKILLS, 1, "count")
    breach = only(*_case("stoma"), Rule.SKILLS, 2, "count")
    assert breach.message == (
        "Visit V1 asks for hoist, peg, which worker W1 does not have."
    )


def test_overrides() -> None:
    assert helps(*_case(), rule=Rule.SKILLS, visit_id="V1")
    assert helps(*_case(), rule=Rule.SKILLS, worker_id="W1")
    assert helps(*_case(), rule=Rule.SKILLS, worker_id="W1", day=0)
    assert not helps(*_case(), rule=Rule.SKILLS, worker_id="W1", day=1)
    assert not helps(*_case(), rule=Rule.SKILLS, worker_id="W2")


def test_an_override_by_visit_covers_both_workers() -> None:
    of = problem(
        [visit("V1", workers_required=2, skills=frozenset({"peg"}))],
        workers=[worker("W1"), worker("W2")],
    )
    made = roster(
        of,
        travel(of),
        {"W1@0-07:00": [("V1", "08:00")], "W2@0-07:00": [("V1", "08:00")]},
    )
    assert found(of, made) == [(Rule.SKILLS, 1, "count")] * 2
    assert helps(of, made, rule=Rule.SKILLS, visit_id="V1")
