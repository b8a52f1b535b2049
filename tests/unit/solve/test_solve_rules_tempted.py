"""Each hard rule, in a problem where breaking it would be much cheaper."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
import searching as s
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.domain import Problem, Roster, Rule
from tempted_rules import BOTH, CASES, HOUR, two_hours_of_work, two_workers


def rules_broken(problem: Problem, roster: Roster) -> set[Rule]:
    return {v.rule for v in broken(check(problem, h.travel(problem), roster))}


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_is_kept_where_breaking_it_is_cheaper(rule: Rule) -> None:
    """The roster that breaks this rule alone costs less, and is not taken."""
    case = CASES[rule]()
    assert rules_broken(case.problem, case.cheaper) == {rule}
    kept = s.planned(case.problem)
    cheaper = cost_of(case.problem, h.travel(case.problem), case.cheaper)
    assert kept.cost.total > cheaper.total
    assert kept.cost.unassigned == cheaper.unassigned == 0


@pytest.mark.parametrize(
    ("rule", "which"),
    [(rule, i) for rule, make in CASES.items() for i in range(len(make().overrides))],
)
def test_an_override_takes_the_cheaper_roster(rule: Rule, which: int) -> None:
    """With the rule set aside, for the visit or for the worker, money decides."""
    case = CASES[rule]()
    relaxed = s.set_aside(case.problem, rule, **case.overrides[which])
    result = s.planned(relaxed)
    cheaper = cost_of(case.problem, h.travel(case.problem), case.cheaper)
    assert result.cost.total <= cheaper.total
    assert rules_broken(case.problem, result.roster) == {rule}


def test_an_override_of_another_day_helps_nothing() -> None:
    """Rests are tested on the later day; only its override counts."""
    case = CASES[Rule.DAILY_REST]()
    early = s.set_aside(case.problem, Rule.DAILY_REST, worker_id="W1", day=0)
    assert set(s.makers(s.planned(early).roster).values()) == {("W1",), ("W2",)}


def test_a_15_minute_visit_is_refused_whoever_is_known() -> None:
    """Fifteen minutes are never planned, sixteen are when agreed and known."""
    agreed = h.visit(minutes=15, short_visit_agreed=True)
    refused = two_workers([agreed])
    assert s.left_out(s.planned(refused).roster) == {"V1": Rule.SHORT_VISIT}
    longer = two_workers([replace(agreed, duration_s=16 * 60)])
    assert s.left_out(s.planned(longer).roster) == {}
    asked = two_workers([replace(agreed, duration_s=16 * 60, short_visit_agreed=False)])
    assert s.left_out(s.planned(asked).roster) == {"V1": Rule.SHORT_VISIT}
    allowed = s.set_aside(refused, Rule.SHORT_VISIT, visit_id="V1")
    assert s.left_out(s.planned(allowed).roster) == {}


def test_a_pinned_start_stays_until_it_is_set_aside() -> None:
    """The pin wins over the preferred start, unless an override lifts it."""
    pinned = two_workers(
        [h.visit(pinned_start_s=h.clock("08:50"), preferred_start_s=h.clock("08:10"))]
    )
    kept = s.planned(pinned)
    assert s.starts(kept.roster) == {"V1": {h.clock("08:50")}}
    assert kept.cost.preferred_start == 40 * 2 * 3600
    free = s.planned(s.set_aside(pinned, Rule.PINS, visit_id="V1"))
    assert s.starts(free.roster) == {"V1": {h.clock("08:10")}}


def test_opting_out_of_the_48_hours_is_enough() -> None:
    """Nobody averages the hours of a worker who has opted out."""
    case = two_hours_of_work(worked_16_weeks_s=815 * HOUR, wtr_opt_out=True)
    assert s.planned(case.problem).cost.provider_tier == 0


def test_a_break_is_planned_where_there_is_room() -> None:
    """With twenty minutes to spare, one worker makes all seven hours and rests."""
    late = {12: "12:20", 13: "13:20", 14: "14:20"}
    hours = [late.get(8 + k, f"{8 + k:02}:00") for k in range(7)]
    problem = two_workers(
        [h.visit(f"V{k}", "C1", at, at, minutes=60) for k, at in enumerate(hours)]
    )
    (care_round,) = s.planned(problem).roster.rounds
    (rest,) = care_round.breaks
    assert (rest.start_s, rest.end_s) == (h.clock("12:00"), h.clock("12:20"))


def test_both_double_handed_workers_differ_and_start_together() -> None:
    """Two visits for two, and a third worker nobody needs."""
    problem = two_workers(
        [
            h.visit("A", workers_required=2),
            h.visit("B", "C2", workers_required=2),
        ]
    )
    result = s.planned(problem)
    assert s.makers(result.roster) == {"A": BOTH, "B": BOTH}
    assert all(len(at) == 1 for at in s.starts(result.roster).values())
