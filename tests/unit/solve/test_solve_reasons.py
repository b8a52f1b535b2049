"""Why a visit is unassigned: each code, and the counts in its text."""

from __future__ import annotations

import pytest

import helpers as h
import searching as s
from roundplan.check import broken, check
from roundplan.domain import (
    RULE_SUMMARY,
    Gender,
    Mode,
    Priority,
    Problem,
    Roster,
    Rule,
    Travel,
    Unassigned,
    Visit,
)
from roundplan.errors import TravelError


def only_reason(problem: Problem, by: Travel | None = None) -> Unassigned:
    """The one visit that the plan leaves out."""
    (left,) = s.planned(problem, by).roster.unassigned
    return left


def could_be_added(problem: Problem, roster: Roster, visit: Visit) -> bool:
    """Whether a visit fits into some round at some minute, as the checker sees it.

    Only the visit's own start is tried: the others stay as they are.
    """
    by = h.travel(problem)
    others = {
        r.round_id: [(v.visit_id, v.start_s) for v in r.visits] for r in roster.rounds
    }
    left = [u.visit_id for u in roster.unassigned if u.visit_id != visit.visit_id]
    window = visit.window
    for its_shift in problem.work_shifts:
        for start in range(window.earliest_start_s, window.latest_start_s + 1, 60):
            rounds = {
                **others,
                its_shift.shift_id: [
                    *others.get(its_shift.shift_id, []),
                    (visit.visit_id, start),
                ],
            }
            try:
                fuller = h.roster(problem, by, rounds, unassigned=left)
            except TravelError:
                continue
            if not broken(check(problem, by, fuller)):
                return True
    return False


def test_no_workers_at_all() -> None:
    """A problem without workers says so."""
    left = only_reason(h.problem([h.visit()], workers=[]))
    assert (left.code, left.reason) == ("no_workers", "the problem has no workers")


def test_two_workers_needed_where_there_is_one() -> None:
    """A double-handed visit of a one-worker problem says so."""
    left = only_reason(h.problem([h.visit(workers_required=2)]))
    assert left.code == "no_workers"
    assert left.reason == "it needs 2 workers and there is only 1"


@pytest.mark.parametrize(
    ("rule", "visit", "client", "worker"),
    [
        (Rule.SKILLS, {"skills": frozenset({"hoist"})}, {}, {}),
        (Rule.GENDER, {}, {"worker_gender": Gender.MALE}, {}),
        (Rule.GENDER, {}, {"worker_gender": Gender.FEMALE}, {"gender": None}),
        (Rule.BARRED, {}, {"barred_workers": ("W1", "W2", "W3")}, {}),
        (Rule.SHORT_VISIT, {"minutes": 15}, {}, {}),
        (Rule.SHORT_VISIT, {"minutes": 20}, {}, {}),
    ],
)
def test_the_rule_that_leaves_nobody(
    rule: Rule, visit: dict, client: dict, worker: dict
) -> None:
    """The code is the rule, the text counts whom it rules out and states the rule."""
    problem = h.problem(
        [h.visit(**visit)],
        [h.worker(f"W{k}", **worker) for k in (1, 2, 3)],
        clients=[h.client(**client)],
    )
    left = only_reason(problem)
    assert left.code == rule
    assert left.reason == (
        f"of 3 workers, {rule} rules out 3; the rule: {RULE_SUMMARY[rule]}"
    )


def test_rules_are_counted_one_after_the_other() -> None:
    """Each worker is counted once, at the first rule that rules them out."""
    skilled = frozenset({"hoist"})
    problem = h.problem(
        [h.visit(skills=skilled)],
        [
            h.worker("W1", gender=Gender.MALE),
            h.worker("W2", gender=Gender.MALE, skills=skilled),
            h.worker("W3", gender=Gender.FEMALE, skills=skilled),
            h.worker("W4"),
        ],
        clients=[h.client(worker_gender=Gender.FEMALE, barred_workers=("W3", "W4"))],
    )
    left = only_reason(problem)
    assert left.code == Rule.BARRED
    assert left.reason.startswith(
        "of 4 workers, skills rules out 2, gender rules out 1, barred rules out 1; "
    )


def test_one_skilled_worker_is_not_enough_for_two() -> None:
    """A double-handed visit needs two whom no rule keeps away."""
    problem = h.problem(
        [h.visit(workers_required=2, skills=frozenset({"hoist"}))],
        [h.worker("W1", skills=frozenset({"hoist"})), h.worker("W2")],
    )
    left = only_reason(problem)
    assert left.code == Rule.SKILLS
    assert "of 2 workers, skills rules out 1; " in left.reason


def test_nobody_on_shift() -> None:
    """The text says how many are left, and how many of them have a shift."""
    problem = h.problem(
        [h.visit(skills=frozenset({"hoist"}), earliest="18:00")],
        [h.worker("W1", skills=frozenset({"hoist"})), h.worker("W2")],
        [h.shift("W1", "07:00", "15:00"), h.shift("W2", "16:00", "22:00")],
    )
    left = only_reason(problem)
    assert left.code == "no_shift"
    assert left.reason == (
        "of 2 workers, skills rules out 1; 0 of the 1 left have a shift in its window"
    )


def test_one_of_two_on_shift() -> None:
    """For two workers at once, one with a shift is too few."""
    problem = h.problem(
        [h.visit(workers_required=2)],
        [h.worker("W1"), h.worker("W2")],
        [h.shift("W1")],
    )
    left = only_reason(problem)
    assert left.code == "no_shift"
    assert "1 of the 2 left has a shift in its window" in left.reason


def test_no_room_beside_another_visit() -> None:
    """Two visits at one moment, one worker: adding the second one breaks a rule."""
    problem = h.problem(
        [
            h.visit("V1", latest="08:00", priority=Priority.ESSENTIAL),
            h.visit("V2", latest="08:00", time_critical=True),
        ]
    )
    result = s.planned(problem)
    (left,) = result.roster.unassigned
    assert (left.visit_id, left.code) == ("V2", "no_room")
    assert left.reason.startswith(
        "of 1 worker, all may make it; 1 has a shift in its window, but no room"
    )
    assert not could_be_added(problem, result.roster, problem.visit("V2"))


def test_no_room_for_two_at_once() -> None:
    """Two workers whose shifts overlap too briefly for a double-handed visit."""
    problem = h.problem(
        [h.visit(workers_required=2, minutes=60)],
        [h.worker("W1"), h.worker("W2")],
        [h.shift("W1", "07:00", "09:10"), h.shift("W2", "08:30", "12:00")],
    )
    result = s.planned(problem)
    (left,) = result.roster.unassigned
    assert left.code == "no_room"
    assert "2 have a shift in its window" in left.reason
    assert "both workers at once" in left.reason


@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_out_for_room_cannot_simply_be_added(seed: int) -> None:
    """More visits than a short morning holds: none of those left out still fits."""
    minutes = (30, 45, 60)
    visits = [
        h.visit(
            f"V{k}",
            f"C{(seed + k) % 3}",
            f"{8 + (seed * k) % 3:02}:00",
            minutes=minutes[(seed + k) % 3],
            time_critical=True,
        )
        for k in range(7)
    ]
    problem = h.problem(visits, shifts=[h.shift(start="08:00", end="11:30")])
    result = s.planned(problem)
    assert result.roster.unassigned
    for left in result.roster.unassigned:
        visit = problem.visit(left.visit_id)
        assert left.code in {"no_room", "no_shift"}
        assert not could_be_added(problem, result.roster, visit)


def test_reasons_follow_the_order_of_the_problem() -> None:
    """Each visit once, as the files have them."""
    visits = [h.visit(f"V{k}", earliest="18:00") for k in (3, 1, 2)]
    problem = h.problem(visits)
    ids = [u.visit_id for u in s.planned(problem).roster.unassigned]
    assert ids == ["V3", "V1", "V2"]


def test_a_reason_names_nobody() -> None:
    """Ids of workers and clients are not in the text, only counts."""
    problem = h.problem(
        [h.visit()],
        [h.worker("Anna-Smith")],
        clients=[h.client(barred_workers=("Anna-Smith",))],
    )
    left = only_reason(problem)
    assert "Anna" not in left.reason
    assert "C1" not in left.reason


def test_pay_below_the_floor_is_the_reason_not_the_shift() -> None:
    """Workers who are on shift but paid too little are not said to have no shift."""
    cheap = h.problem([h.visit()], [h.worker(contract=h.contract(rate_p=1000))])
    left = only_reason(cheap)
    assert left.code == Rule.PAY
    assert left.reason.startswith("of 1 worker, all may make it; 1 ")


def test_a_worker_without_a_vehicle_is_not_said_to_have_no_shift() -> None:
    """No travel for any of a worker's modes is its own reason."""
    problem = h.problem([h.visit()], [h.worker(modes=(Mode.CYCLE,))])
    assert only_reason(problem).code == "no_vehicle"


def test_a_pinned_worker_off_shift_is_no_lack_of_room() -> None:
    """One of two is pinned and has no shift; two others have one, which is no help."""
    problem = h.problem(
        [h.visit(workers_required=2, pinned_workers=("W1",))],
        [h.worker("W1"), h.worker("W2"), h.worker("W3")],
        [h.shift("W2"), h.shift("W3")],
    )
    assert only_reason(problem).code == "no_shift"


def test_a_pinned_start_outside_the_window_is_told_as_such() -> None:
    """The window says 08:00 to 09:00, the pin noon."""
    left = only_reason(h.problem([h.visit(pinned_start_s=h.clock("12:00"))]))
    assert left.code == Rule.PINS
    assert "outside its window" in left.reason


@pytest.mark.skipif(not s.COMPILED, reason="needs thousands of iterations")
def test_a_visit_dearer_than_its_absence_is_left_out_for_money() -> None:
    """Six hours of pay and a stranger, 91.80 pounds, against the 50 of its absence."""
    flexible = h.visit(minutes=360, priority=Priority.FLEXIBLE)
    problem = h.problem([flexible])
    result = s.planned(problem, iterations=3000)
    (left,) = result.roster.unassigned
    assert left.code == "too_dear"
    assert "41.80 pounds more than is lost" in left.reason
    assert could_be_added(problem, result.roster, flexible)
