"""Prices in the arrays against those of ``cost``, leg by leg and pair by pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import helpers as h
from problems import random_problem
from roundplan.arrays import ProblemArrays, compile_arrays
from roundplan.arrays.eligibility import known_until
from roundplan.arrays.layout import FROM, LAYER, RATE
from roundplan.cost import cost_of, team_sizes
from roundplan.domain import (
    Gender,
    HistoryEntry,
    Mode,
    Override,
    Place,
    Policy,
    Problem,
    Provider,
    Rule,
    Tier,
    Travel,
    named_policy,
)

PRICED = named_policy(
    "charter",
    parking_s=240,
    travel_p_min=3,
    co2e_g_km_drive=150,
    carbon_p_tonne=30_000,
    other_language_p=70,
    not_preferred_p=40,
)
LEG_TERMS = ("travel", "travel_price", "parking", "mileage", "fares", "ltn", "co2e")
PAIR_TERMS = ("other_patch", "other_language", "not_preferred", "provider_tier")


def one_leg(
    mode: Mode, metres: float, policy: Policy, crossings: int = 0
) -> tuple[Problem, Travel]:
    """A worker who starts at an office and makes one visit."""
    problem = h.problem(
        [h.visit()],
        [h.worker(modes=(mode,))],
        [h.shift(start_place="OFFICE")],
        [h.client(x=metres)],
        places=(Place(place_id="OFFICE", x=0.0, y=0.0),),
        policy=policy,
    )
    return problem, h.travel(problem, 2.5, mode, {("OFFICE", "C1"): crossings})


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("metres", [0.0, 37.0, 1234.0, 8765.0])
@pytest.mark.parametrize(
    "policy", [PRICED, named_policy("plain"), named_policy("benchmark")]
)
def test_a_leg_costs_what_the_specification_says(
    mode: Mode, metres: float, policy: Policy
) -> None:
    """Pay and prices of one paid leg, by every mode, under every policy."""
    assert_leg_price(*one_leg(mode, metres, policy))


def test_a_leg_across_many_boundaries_costs_what_the_specification_says() -> None:
    """Crossings come as small integers; their price is none."""
    for crossings in (1, 3, 30):
        assert_leg_price(*one_leg(Mode.DRIVE, 1234.0, PRICED, crossings))


def assert_leg_price(problem: Problem, by: Travel) -> None:
    """Hold pay and prices of the one paid leg to the cost of a roster."""
    p = compile_arrays(problem, by).arrays
    span, place = p.span[0], problem.all_places().index(problem.clients[0].place)
    leg = (span[LAYER], span[FROM], place)
    roster = h.roster(problem, by, {problem.shifts[0].shift_id: [("V1", "09:00")]})
    amounts = cost_of(problem, by, roster).amounts
    assert int(p.leg_s[leg]) * int(span[RATE]) + int(p.leg_p[leg]) == sum(
        amounts[term] for term in LEG_TERMS
    )


def pair_price(
    p: ProblemArrays, problem: Problem, client_id: str, worker_id: str
) -> int:
    clients = [c.client_id for c in problem.clients]
    workers = [w.worker_id for w in problem.workers]
    return int(p.pair_p[clients.index(client_id), workers.index(worker_id)])


def test_an_attendance_costs_what_the_specification_says() -> None:
    """Every pair of clients and workers that differ in patch, language and tier."""
    tiers = {"local": Tier.LOCALITY, "second": Tier.SECONDARY, "agency": Tier.SPOT}
    clients = [
        h.client("C1"),
        h.client("C2", patch="N", language="Bengali"),
        h.client("C3", patch="S", preferred_workers=("W2", "W4")),
    ]
    workers = [
        h.worker("W1"),
        h.worker("W2", patch="N", provider="local", languages=("Bengali", "Sylheti")),
        h.worker("W3", patch="S", provider="second"),
        h.worker("W4", patch="S", provider="agency", languages=("Bengali",)),
        h.worker("W5", provider="unheard of"),
    ]
    problem = h.problem(
        [h.visit(c.client_id, c.client_id) for c in clients],
        workers,
        clients=clients,
        policy=PRICED,
        providers=tuple(Provider(provider=n, tier=t) for n, t in tiers.items()),
    )
    by = h.travel(problem)
    p = compile_arrays(problem, by).arrays
    for client in clients:
        for worker in workers:
            stops = {f"{worker.worker_id}@0-07:00": [(client.client_id, "08:00")]}
            amounts = cost_of(problem, by, h.roster(problem, by, stops)).amounts
            price = pair_price(p, problem, client.client_id, worker.worker_id)
            assert price == sum(amounts[term] for term in PAIR_TERMS)


@pytest.mark.parametrize("seed", range(10))
def test_team_sizes_are_those_of_the_cost(seed: int) -> None:
    """Own sizes, and the policy's by attendances a week."""
    problem = random_problem(seed)
    sizes = team_sizes(problem)
    team = compile_arrays(problem, h.travel(problem)).arrays.team
    assert team.tolist() == [sizes[c.client_id] for c in problem.clients]


@pytest.mark.parametrize(
    ("days_ago", "last_known_day"),
    [(1, 5), (85, 5), (87, 3), (90, 0), (91, -1), (400, -310)],
)
def test_known_until_ninety_days_after_the_last_visit(
    days_ago: int, last_known_day: int
) -> None:
    """Never past the horizon; an old visit is none."""
    last = h.MONDAY - timedelta(days=days_ago)
    entry = HistoryEntry(
        client_id="C1", worker_id="W1", visits=1, first_visit=last, last_visit=last
    )
    problem = h.problem([h.visit()], days=5, history=(entry,))
    (known,) = known_until(problem).ravel().tolist()
    assert known == max(last_known_day, -1)


def test_introduced_workers_are_known_throughout() -> None:
    """With or without history; somebody no longer employed is passed over."""
    gone = HistoryEntry(
        client_id="C1",
        worker_id="gone",
        visits=1,
        first_visit=h.MONDAY - timedelta(days=9),
        last_visit=h.MONDAY - timedelta(days=9),
    )
    problem = h.problem(
        [h.visit()],
        [h.worker("W1"), h.worker("W2")],
        clients=[h.client(introduced_workers=("W2", "gone"))],
        days=3,
        history=(gone,),
    )
    assert known_until(problem).tolist() == [[-1, 3]]


def fitting(problem: Problem) -> list[list[str]]:
    """The shifts in which each node may be made."""
    compiled = compile_arrays(problem, h.travel(problem))
    p = compiled.arrays
    return [
        [compiled.spans[r].shift_id for r in p.fit[a:b]] for a, b in p.fit_at.tolist()
    ]


def test_a_visit_fits_where_window_and_shift_meet() -> None:
    """To the minute at both ends, lateness included."""
    visit = h.visit(earliest="10:00", latest="10:30", minutes=30)
    for begin, end, fits in [
        ("07:00", "10:30", True),
        ("07:00", "10:29", False),
        ("10:45", "12:00", True),
        ("10:46", "12:00", False),
        ("10:10", "10:40", True),
        ("10:10", "10:39", False),
    ]:
        problem = h.problem([visit], shifts=[h.shift(start=begin, end=end)])
        assert bool(fitting(problem)[0]) == fits, (begin, end)


def test_each_rule_about_a_worker_narrows_the_choice() -> None:
    """Skill, gender, bar and pay take one worker each; an override gives one back."""
    skilled = frozenset({"hoist"})
    workers = [
        h.worker("W1"),
        h.worker("W2", skills=skilled, gender=Gender.MALE),
        h.worker("W3", skills=skilled),
        h.worker("W4", skills=skilled, contract=h.contract(rate_p=900)),
        h.worker("W5", skills=skilled),
    ]
    problem = h.problem(
        [h.visit(skills=skilled)],
        workers,
        clients=[h.client(worker_gender=Gender.FEMALE, barred_workers=("W3", "gone"))],
    )
    assert fitting(problem) == [["W5@0-07:00"]]
    for number, rule in enumerate((Rule.SKILLS, Rule.GENDER, Rule.BARRED, Rule.PAY), 1):
        lifted = Override(
            rule=rule, worker_id=f"W{number}", reason="r", approved_by="a"
        )
        assert fitting(replace(problem, overrides=(lifted,))) == [
            [f"W{number}@0-07:00", "W5@0-07:00"]
        ]
    by_visit = Override(rule=Rule.SKILLS, visit_id="V1", reason="r", approved_by="a")
    assert fitting(replace(problem, overrides=(by_visit,))) == [
        ["W1@0-07:00", "W5@0-07:00"]
    ]
    other_day = replace(by_visit, day=3)
    assert fitting(replace(problem, overrides=(other_day,))) == [["W5@0-07:00"]]


def test_of_two_places_one_is_for_the_pinned_worker() -> None:
    """The first node is the pinned worker's, the second anybody else's."""
    workers = [h.worker(f"W{k}") for k in (1, 2, 3)]
    one = h.problem([h.visit(workers_required=2, pinned_workers=("W2",))], workers)
    assert fitting(one) == [["W2@0-07:00"], ["W1@0-07:00", "W3@0-07:00"]]
    both = h.problem(
        [h.visit(workers_required=2, pinned_workers=("W3", "W2"))], workers
    )
    assert fitting(both) == [["W2@0-07:00", "W3@0-07:00"]] * 2
    lifted = Override(rule=Rule.PINS, visit_id="V1", reason="r", approved_by="a")
    free = replace(one, overrides=(lifted,))
    assert fitting(free) == [["W1@0-07:00", "W2@0-07:00", "W3@0-07:00"]] * 2


def test_a_rule_that_the_policy_drops_keeps_nobody_away() -> None:
    """Plain policies plan 15-minute visits."""
    visit = h.visit(minutes=15)
    assert fitting(h.problem([visit])) == [[]]
    assert fitting(h.problem([visit], policy=named_policy("plain"))) == [["W1@0-07:00"]]
