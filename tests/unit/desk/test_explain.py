"""Explanations: what blocks is what the checker finds in the whole roster."""

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roundplan
from helpers import clock, contract, problem, roster, shift, travel, visit, worker
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.desk.explain import without
from roundplan.desk.trial import Tries
from roundplan.domain import PLAIN, Gender, Roster, Rule, assemble_round
from roundplan.errors import UsageError
from roundplan.units import to_pence

FIVE = 300


def a_morning(**fields):
    """Clients 10 minutes apart; W1 and W2 are busy, W3 is on later, V4 is left out."""
    visits = [
        visit("V1", "C1", "08:00", "08:10", minutes=60),
        visit("V2", "C2", "09:30", "10:00", minutes=60),
        visit("V3", "C3", "08:00", "08:00", minutes=120),
        visit("V4", "C2", "08:30", "08:40", minutes=30, **fields),
    ]
    of = problem(
        visits,
        workers=[worker("W1"), worker("W2"), worker("W3")],
        shifts=[shift("W1"), shift("W2"), shift("W3", "09:00")],
        policy=replace(PLAIN, soft_lateness_s=0),
    )
    by = travel(of)
    made = roster(
        of,
        by,
        {
            of.shifts[0].shift_id: [("V1", "08:00"), ("V2", "09:40")],
            of.shifts[1].shift_id: [("V3", "08:00")],
        },
        unassigned=["V4"],
    )
    assert broken(check(of, by, made)) == []
    return of, by, made


def trial_of(found, worker_id):
    return next(t for t in found.trials if t.worker_id == worker_id)


def test_each_worker_is_blocked_by_a_rule_with_its_quantity():
    found = roundplan.explain(*a_morning(), "V4")
    assert not found.placed
    # 09:10 at the earliest after V1 and ten minutes on foot, and 08:40 at the latest
    (late,) = trial_of(found, "W1").violations
    assert (late.rule, late.amount) == (Rule.WINDOW, 30 * 60)
    assert trial_of(found, "W1").start_s == clock("09:10")
    # 07:20 at the latest before V3, 70 minutes early; 10:10 after it is 90 late
    (early,) = trial_of(found, "W2").violations
    assert (early.rule, early.amount) == (Rule.WINDOW, 70 * 60)
    (early,) = trial_of(found, "W3").violations
    assert early.rule is Rule.AVAILABILITY
    # at 08:40, 20 of its 30 minutes are before the shift
    assert early.amount == 20 * 60


def test_the_cheapest_ways_out_have_their_price():
    found = roundplan.explain(*a_morning(), "V4")
    one, *_ = found.relaxations
    assert len(one.violations) == 1
    # W1 is paid for the gap anyway, and 30 minutes late are priced at 20p each
    assert (one.worker_id, one.added_p) == ("W1", 600)
    assert found.left_out_p == 30_000


@pytest.mark.parametrize(
    ("visit_fields", "worker_fields", "rule"),
    [
        ({"skills": frozenset({"hoist"})}, {}, Rule.SKILLS),
        ({}, {"gender": Gender.MALE}, Rule.GENDER),
    ],
)
def test_what_a_worker_lacks_is_the_rule_that_blocks(visit_fields, worker_fields, rule):
    of = problem([visit(**visit_fields)], workers=[worker(**worker_fields)])
    if rule is Rule.GENDER:
        asks = replace(of.clients[0], worker_gender=Gender.FEMALE)
        of = replace(of, clients=(asks,))
    found = roundplan.explain(of, travel(of), Roster(rounds=()), "V1")
    assert found.trials[0].rules == (rule,)
    assert found.relaxations[0].rules == (rule,)


def test_a_worker_without_a_shift_that_day_is_tried_too():
    of = problem([visit(minutes=30)], shifts=[])
    found = roundplan.explain(of, travel(of), Roster(rounds=()), "V1")
    (lacks,) = found.trials[0].violations
    assert (lacks.rule, lacks.amount) == (Rule.AVAILABILITY, 30 * 60)


def test_a_placed_visit_has_the_cost_of_the_next_best():
    of = problem(
        [visit("V1", "C1", minutes=60)],
        workers=[
            worker("W1", contract=contract(rate_p=1480)),
            worker("W2", contract=contract(rate_p=1680)),
        ],
        policy=replace(PLAIN, unknown_worker_p=0),
    )
    by = travel(of)
    made = roster(of, by, {of.shifts[0].shift_id: [("V1", "08:30")]})
    (hand,) = roundplan.explain(of, by, made, "V1").hands
    assert hand.now.worker_id == "W1"
    assert hand.next_best is not None
    assert hand.next_best.worker_id == "W2"
    paid = [cost_of(of, by, made).total_p]
    other = roster(of, by, {of.shifts[1].shift_id: [("V1", "08:30")]})
    paid.append(cost_of(of, by, other).total_p)
    assert hand.next_best.added_p - hand.now.added_p == paid[1] - paid[0] > 0


def test_one_worker_of_a_double_handed_visit_is_replaced_at_its_start():
    of = problem(
        [visit("V1", "C1", "08:00", "10:00", workers_required=2)],
        workers=[worker("W1"), worker("W2"), worker("W3")],
    )
    by = travel(of)
    starts = {s.shift_id: [("V1", "08:45")] for s in of.shifts[:2]}
    one, two = roundplan.explain(of, by, roster(of, by, starts), "V1").hands
    assert {one.now.worker_id, two.now.worker_id} == {"W1", "W2"}
    for hand in (one, two):
        assert [t.worker_id for t in hand.others] == ["W3"]
        assert hand.others[0].fits
        assert hand.others[0].start_s == clock("08:45")


def test_two_workers_who_could_start_together_are_found():
    of = problem(
        [visit("V1", "C1", "08:00", "10:00", workers_required=2)],
        workers=[worker("W1"), worker("W2")],
        shifts=[shift("W1", end="09:00"), shift("W2", start="08:20")],
    )
    found = roundplan.explain(of, travel(of), Roster(rounds=()), "V1")
    ((one, two),) = found.pairs[:1]
    assert {one.worker_id, two.worker_id} == {"W1", "W2"}
    assert clock("08:20") <= one.start_s == two.start_s <= clock("08:30")


def test_an_unknown_visit_is_refused():
    with pytest.raises(UsageError, match="no visit V9"):
        roundplan.explain(*a_morning(), "V9")


def test_the_frame_has_a_row_for_each_trial():
    frame = roundplan.explain(*a_morning(), "V4").to_frame()
    assert set(frame.worker_id) == {"W1", "W2", "W3"}
    assert not frame.fits.any()
    assert "<td>W1</td>" in roundplan.explain(*a_morning(), "V4")._repr_html_()


def _whole(of, by, made, trial):
    """The roster with the round of a trial in it."""
    others = [r for r in made.rounds if r.round_id != trial.care_round.round_id]
    left = tuple(u for u in made.unassigned if u.visit_id != "V4")
    return Roster(rounds=(*others, trial.care_round), unassigned=left)


def test_a_part_shows_what_the_whole_roster_shows():
    """Violations and cost of each trial are those of the whole roster."""
    of, by, made = a_morning(skills=frozenset({"hoist"}))
    tries = Tries(of, by, made)
    before = cost_of(of, by, made)
    compared = 0
    for w in of.workers:
        for trial in tries.all(of.visit("V4"), w.worker_id):
            whole = _whole(of, by, made, trial)
            assert set(trial.violations) == set(broken(check(of, by, whole)))
            cost = cost_of(of, by, whole)
            added = cost.total - cost.unassigned - before.total + before.unassigned
            assert trial.added_p == to_pence(added)
            compared += 1
    assert compared >= 6


def test_taking_a_visit_out_leaves_a_roster_that_keeps_the_rules():
    of, by, made = a_morning()
    bare = without(of, by, made, "V2", "W1")
    assert broken(check(of, by, bare)) == []
    assert [u.visit_id for u in bare.unassigned] == ["V4", "V2"]


@settings(max_examples=100, deadline=None)
@given(
    opens=st.lists(st.integers(0, 18), min_size=3, max_size=3),
    lasts=st.lists(st.integers(2, 9), min_size=3, max_size=3),
    wide=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_a_visit_fits_where_trying_every_start_says_so(opens, lasts, wide):
    """Two visits in a round, a third to put in: as all orders and starts of a grid."""
    visits = [
        visit(f"V{i}", f"C{i}", "08:00", "08:00", minutes=5 * lasts[i])
        for i in range(3)
    ]
    visits = [
        replace(
            v,
            window=replace(
                v.window,
                earliest_start_s=v.window.earliest_start_s + FIVE * a,
                latest_start_s=v.window.earliest_start_s + FIVE * (a + b),
            ),
        )
        for v, a, b in zip(visits, opens, wide, strict=True)
    ]
    of = problem(visits, policy=replace(PLAIN, soft_lateness_s=0))
    by = travel(of, metres_per_s=2.0)  # five minutes between neighbours
    its_shift = of.shifts[0]

    def fits(chosen):
        starts = [
            [
                (v.visit_id, v.window.earliest_start_s + FIVE * k)
                for k in range(wide[i] + 1)
            ]
            for i, v in enumerate(visits[:chosen])
        ]
        for combination in product(*starts):
            ends = sorted(
                (s, s + of.visit(v).duration_s, of.visit(v).client_id)
                for v, s in combination
            )
            gaps = pairwise(ends)
            if all(
                b[0] >= a[1] + FIVE * abs(int(a[2][1]) - int(b[2][1])) for a, b in gaps
            ):
                return list(combination)
        return None

    two = fits(2)
    if two is None:
        return
    made = Roster(rounds=(assemble_round(of, by, its_shift, two),))
    best = Tries(of, by, made).best(visits[2], "W1")
    assert best.fits == (fits(3) is not None)
