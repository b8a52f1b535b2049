"""Placing a package: offers keep the rules, and a refusal has its reason."""

from dataclasses import replace

import pytest

import roundplan
from helpers import clock, problem, roster, shift, travel, visit, worker
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.desk import how_many, with_client
from roundplan.domain import PLAIN, Event, EventKind, Roster, TimeWindow
from roundplan.errors import UsageError
from roundplan.units import to_pence

DAY = 86_400


def new_visit(visit_id, earliest, latest, day=0, client_id="C2", **fields):
    return Event(
        kind=EventKind.NEW_VISIT,
        visit_id=visit_id,
        client_id=client_id,
        day=day,
        duration_s=1800,
        window=TimeWindow(
            earliest_start_s=clock(earliest, day), latest_start_s=clock(latest, day)
        ),
        **fields,
    )


def two_days():
    """W1 has a visit each morning, W2 is there in the afternoon of the first day."""
    of = problem(
        [
            visit("V1", "C1", "08:00", "08:00", minutes=60),
            visit("V2", "C2", "08:00", "08:30", minutes=60, day=1),
        ],
        workers=[worker("W1"), worker("W2")],
        shifts=[
            shift("W1", "07:00", "12:00"),
            shift("W1", "07:00", "12:00", day=1),
            shift("W2", "12:00", "18:00"),
        ],
        days=2,
        policy=replace(PLAIN, soft_lateness_s=0),
    )
    by = travel(of)
    ids = [s.shift_id for s in of.shifts]
    made = roster(of, by, {ids[0]: [("V1", "08:00")], ids[1]: [("V2", "08:00")]})
    return of, by, made


PACKAGE = (
    new_visit("N1", "09:00", "10:00"),
    new_visit("N2", "14:00", "15:00"),
    new_visit("N3", "09:30", "10:00", day=1),
)


def test_offers_keep_every_rule_and_cost_what_they_say():
    of, by, made = two_days()
    found = roundplan.place(of, by, made, PACKAGE)
    assert found.fits
    first = found.offers[0]
    assert (first.lead, first.workers) == ("W1", ("W1", "W2"))
    assert [(v, t.worker_id) for v, t in first.trials] == [
        ("N1", "W1"),
        ("N2", "W2"),
        ("N3", "W1"),
    ]
    for offer in found.offers:
        assert offer.complete
        assert broken(check(found.problem, by, offer.roster)) == []
        now, before = (cost_of(found.problem, by, r) for r in (offer.roster, made))
        added = now.total - now.unassigned - before.total + before.unassigned
        assert offer.added_p == to_pence(added)
    costs = [o.added_p for o in found.offers]
    assert costs == sorted(costs)
    frame = found.to_frame()
    assert list(frame.added_p) == costs
    assert "<td>W1;W2</td>" in found._repr_html_()


def test_where_nobody_has_room_others_move_or_the_reason_is_given():
    of, by, made = two_days()
    # V2 must start at 08:30 to leave 08:00 to the new visit next door
    early = [new_visit("N1", "07:50", "08:00", day=1)]
    tight = roundplan.place(of, by, made, early, iterations=200)
    assert tight.fits
    never = [new_visit("N1", "19:00", "19:30")]
    refused = roundplan.place(of, by, made, never, iterations=50)
    assert not refused.fits
    assert refused.refused is not None
    rules = {t.worker_id: t.rules for t in refused.refused.trials}
    assert rules["W2"]
    assert refused.refused.visit.visit_id == "N1"


def test_how_many_packages_fit_before_one_is_refused():
    """From 14:00 to 15:30 three half hours fit behind each other, all next door."""
    of, by, made = two_days()
    assert how_many(of, by, made, [new_visit("N", "14:00", "15:00")]) == 3
    assert how_many(of, by, made, [new_visit("N", "14:00", "15:00")], most=2) == 2
    assert how_many(of, by, made, [new_visit("N", "19:00", "19:30")]) == 0


def test_a_new_client_next_door_has_the_same_travel():
    of, by, _ = two_days()
    now, there = with_client(of, by, "C9", beside="C2")
    assert now.client("C9").place.place_id == "C9"
    for other in ("C1", "W1"):
        assert there.leg("walk", "C9", other) == by.leg("walk", "C2", other)
        assert there.leg("walk", other, "C9") == by.leg("walk", other, "C2")
    leg = there.leg("walk", "C9", "C2")
    assert leg is not None
    assert leg.seconds == 0
    for args in (("C9", "C7"), ("C1", "C2")):
        with pytest.raises(UsageError):
            with_client(of, by, args[0], beside=args[1])


def test_a_double_handed_package_goes_through_the_repair():
    of, by, made = two_days()
    both = [new_visit("N1", "11:00", "12:00", workers_required=2)]
    found = roundplan.place(of, by, made, both, iterations=100)
    assert found.offers == ()
    assert found.with_others is not None
    assert found.fits is (not found.with_others.roster.unassigned)


def test_only_new_visits_are_a_package():
    of, by, _ = two_days()
    gone = Event(kind=EventKind.VISIT_CANCELLED, visit_id="V1")
    for package in ([], [gone]):
        with pytest.raises(UsageError, match="new visits"):
            roundplan.place(of, by, Roster(rounds=()), package)
