"""Each hard rule, in a problem where breaking it would be much cheaper.

W1 is the cheap worker and W2 the dear one, of a spot provider at 20 pounds a visit.
Each case holds a roster that breaks exactly one rule and costs less than any that
keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import helpers as h
from roundplan.domain import (
    CareWorker,
    Gender,
    Priority,
    Problem,
    Provider,
    Roster,
    Rule,
    Shift,
    Tier,
    Visit,
    named_policy,
)

DEAR = named_policy("charter", spot_tier_p=2000)
BOTH = ("W1", "W2")
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Case:
    """A problem, a cheaper roster that breaks a rule, and overrides that allow it."""

    problem: Problem
    cheaper: Roster
    overrides: tuple[dict[str, Any], ...] = ()


CASES: dict[Rule, Callable[[], Case]] = {}


def tempts(rule: Rule) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(make: Callable[[], Case]) -> Callable[[], Case]:
        CASES[rule] = make
        return make

    return keep


def two_workers(
    visits: Sequence[Visit],
    w1: dict[str, Any] | None = None,
    shifts: Sequence[Shift] | None = None,
    client: dict[str, Any] | None = None,
    **fields: Any,
) -> Problem:
    """W1 and W2, on shift all day and both known; clients 600 m apart."""
    workers: list[CareWorker] = [
        h.worker("W1", **(w1 or {})),
        h.worker("W2", provider="agency", skills=frozenset({"hoist"})),
    ]
    days = fields.get("days", 1)
    if shifts is None:
        shifts = [
            h.shift(w, "06:00", "23:00", day=d) for w in BOTH for d in range(days)
        ]
    details = {"introduced_workers": BOTH, "team_size": 2, **(client or {})}
    clients = [
        h.client(c, x=600.0 * i, **details)
        for i, c in enumerate(sorted({v.client_id for v in visits}))
    ]
    return h.problem(
        visits,
        workers,
        shifts,
        clients,
        policy=DEAR,
        providers=(Provider(provider="agency", tier=Tier.SPOT),),
        **fields,
    )


def by_w1(problem: Problem, *starts: tuple[str, str]) -> Roster:
    """W1 makes these visits on the first day."""
    return h.roster(problem, h.travel(problem), {"W1@0-06:00": starts})


@tempts(Rule.COVERAGE)
def one_worker_of_two() -> Case:
    problem = two_workers([h.visit(workers_required=2)])
    return Case(problem=problem, cheaper=by_w1(problem, ("V1", "08:00")))


@tempts(Rule.DURATION)
def a_shorter_visit() -> Case:
    problem = two_workers([h.visit(minutes=60)])
    (care_round,) = by_w1(problem, ("V1", "08:00")).rounds
    (stop,) = care_round.visits
    cut = replace(stop, end_s=stop.end_s - 600)
    return Case(
        problem=problem, cheaper=Roster(rounds=(replace(care_round, visits=(cut,)),))
    )


@tempts(Rule.SKILLS)
def a_worker_without_the_skill() -> Case:
    problem = two_workers([h.visit(skills=frozenset({"hoist"}))])
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V1", "08:00")),
        overrides=(
            {"visit_id": "V1"},
            {"worker_id": "W1"},
            {"visit_id": "V1", "day": 0},
        ),
    )


@tempts(Rule.GENDER)
def a_worker_of_the_other_gender() -> Case:
    problem = two_workers(
        [h.visit()],
        w1={"gender": Gender.MALE},
        client={"worker_gender": Gender.FEMALE},
    )
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V1", "08:00")),
        overrides=({"visit_id": "V1"}, {"worker_id": "W1"}),
    )


@tempts(Rule.BARRED)
def a_barred_worker() -> Case:
    problem = two_workers([h.visit()], client={"barred_workers": ("W1",)})
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V1", "08:00")),
        overrides=({"visit_id": "V1"}, {"worker_id": "W1"}),
    )


@tempts(Rule.AVAILABILITY)
def a_worker_whose_shift_ends_before_the_visit() -> Case:
    shifts = [h.shift("W1", "06:00", "08:20"), h.shift("W2")]
    problem = two_workers([h.visit(latest="08:00")], shifts=shifts)
    return Case(problem=problem, cheaper=by_w1(problem, ("V1", "08:00")))


@tempts(Rule.PINS)
def another_than_the_pinned_worker() -> Case:
    problem = two_workers([h.visit(pinned_workers=("W2",))])
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V1", "08:00")),
        overrides=({"visit_id": "V1"},),
    )


@tempts(Rule.DOUBLE_HANDED)
def two_workers_who_start_apart() -> Case:
    """W2 is held up until 08:30; W1 alone could be there at the preferred moment."""
    problem = two_workers(
        [
            h.visit("V1", latest="08:00", pinned_workers=("W2",)),
            h.visit("V2", workers_required=2, preferred_start_s=h.clock("08:00")),
        ]
    )
    apart = {
        "W1@0-06:00": [("V2", "08:00")],
        "W2@0-06:00": [("V1", "08:00"), ("V2", "08:30")],
    }
    return Case(problem=problem, cheaper=h.roster(problem, h.travel(problem), apart))


@tempts(Rule.LINKS)
def the_second_of_two_linked_visits_too_soon() -> Case:
    problem = two_workers(
        [
            h.visit("A", latest="08:00"),
            h.visit(
                "B",
                earliest="10:00",
                latest="14:00",
                after_visit="A",
                min_gap_s=4 * HOUR,
                preferred_start_s=h.clock("10:00"),
            ),
        ]
    )
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("A", "08:00"), ("B", "10:00")),
        overrides=({"visit_id": "B"},),
    )


@tempts(Rule.WINDOW)
def an_essential_visit_after_its_window() -> Case:
    problem = two_workers(
        [
            h.visit("V1", latest="08:00"),
            h.visit("V2", "C2", "08:30", "08:30", priority=Priority.ESSENTIAL),
        ]
    )
    return Case(
        problem=problem, cheaper=by_w1(problem, ("V1", "08:00"), ("V2", "08:43"))
    )


@tempts(Rule.TRAVEL)
def a_leg_shorter_than_its_travel_and_buffer() -> Case:
    """Ten minutes' walk and three of buffer do not fit into twelve."""
    problem = two_workers(
        [
            h.visit("V1", latest="08:00", priority=Priority.ESSENTIAL),
            h.visit("V2", "C2", "08:42", "08:42", priority=Priority.ESSENTIAL),
        ]
    )
    return Case(
        problem=problem, cheaper=by_w1(problem, ("V1", "08:00"), ("V2", "08:42"))
    )


@tempts(Rule.SHORT_VISIT)
def a_short_visit_by_an_unknown_worker() -> Case:
    problem = two_workers(
        [h.visit(minutes=20, short_visit_agreed=True)],
        client={"introduced_workers": ("W2",)},
    )
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V1", "08:00")),
        overrides=({"visit_id": "V1"}, {"worker_id": "W1"}),
    )


@tempts(Rule.BREAK)
def seven_hours_without_a_break() -> Case:
    hours = [f"{8 + k:02}:00" for k in range(7)]
    problem = two_workers(
        [h.visit(f"V{k}", "C1", at, at, minutes=60) for k, at in enumerate(hours)]
    )
    return Case(
        problem=problem,
        cheaper=by_w1(problem, *((f"V{k}", at) for k, at in enumerate(hours))),
        overrides=({"worker_id": "W1"}, {"worker_id": "W1", "day": 0}),
    )


@tempts(Rule.DAILY_REST)
def a_late_evening_and_an_early_morning() -> Case:
    problem = two_workers(
        [
            h.visit("V1", "C1", "22:00", "22:00"),
            h.visit("V2", "C1", "07:00", "07:00", day=1),
        ],
        days=2,
    )
    cheaper = {"W1@0-06:00": [("V1", "22:00")], "W1@1-06:00": [("V2", "07:00")]}
    return Case(
        problem=problem,
        cheaper=h.roster(problem, h.travel(problem), cheaper),
        overrides=({"worker_id": "W1"}, {"worker_id": "W1", "day": 1}),
    )


@tempts(Rule.WEEKLY_REST)
def a_week_of_noons() -> Case:
    problem = two_workers(
        [h.visit(f"V{d}", "C1", "12:00", "12:00", day=d) for d in range(7)], days=7
    )
    cheaper = {f"W1@{d}-06:00": [(f"V{d}", "12:00")] for d in range(7)}
    return Case(
        problem=problem,
        cheaper=h.roster(problem, h.travel(problem), cheaper),
        overrides=({"worker_id": "W1"},),
    )


def two_hours_of_work(**contract: Any) -> Case:
    problem = two_workers(
        [h.visit(f"V{k}", "C1", at, at, 60) for k, at in enumerate(("08:00", "12:00"))],
        w1={"contract": h.contract(**contract)},
    )
    return Case(
        problem=problem,
        cheaper=by_w1(problem, ("V0", "08:00"), ("V1", "12:00")),
        overrides=({"worker_id": "W1"},),
    )


@tempts(Rule.AVERAGE_HOURS)
def more_than_48_hours_on_average() -> Case:
    """17 weeks of 48 hours are 816, of which 815 are worked."""
    return two_hours_of_work(worked_16_weeks_s=815 * HOUR)


@tempts(Rule.MAX_HOURS)
def more_than_the_worker_s_own_maximum() -> Case:
    return two_hours_of_work(max_s=HOUR)


@tempts(Rule.PAY)
def a_worker_paid_below_the_living_wage() -> Case:
    return two_hours_of_work(rate_p=1200)
