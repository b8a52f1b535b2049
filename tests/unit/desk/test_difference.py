"""Differences: each kind of change by hand, and that they mirror each other."""

from dataclasses import replace
from datetime import timedelta

import pytest

import roundplan
from helpers import clock, problem, roster, travel, visit, worker
from roundplan.cost import cost_of, round_figures
from roundplan.desk import ChangeKind
from roundplan.errors import UsageError


@pytest.fixture
def sides():
    """V1 stays, V2 changes hands, V3 moves, V4 is dropped, V5 gone, V6 new."""
    visits = [visit(f"V{i}", f"C{i % 3}", "08:00", "12:00") for i in range(1, 7)]
    workers = [worker("W1"), worker("W2")]
    old, new = (
        problem([v for v in visits if v.visit_id != left], workers=workers)
        for left in ("V6", "V5")
    )
    one, two = (s.shift_id for s in old.shifts)
    by = travel(problem(visits, workers=workers))
    before = roster(
        old,
        by,
        {
            one: [("V1", "08:00"), ("V2", "09:00"), ("V5", "12:00")],
            two: [("V3", "10:00"), ("V4", "11:00")],
        },
    )
    now = roster(
        new,
        by,
        {
            one: [("V1", "08:00")],
            two: [("V2", "08:30"), ("V3", "10:20"), ("V6", "12:00")],
        },
        unassigned=["V4"],
    )
    return (old, by, before), (new, by, now)


def test_every_kind_of_change_is_told_apart(sides):
    found = roundplan.difference(*sides)
    assert {c.visit_id: c.kind for c in found.visits} == {
        "V2": ChangeKind.WORKER,
        "V3": ChangeKind.TIME,
        "V4": ChangeKind.LEFT_OUT,
        "V5": ChangeKind.GONE,
        "V6": ChangeKind.NEW,
    }
    assert found.of == 6
    assert found.clients_with_others == ("C2",)
    moved = {c.visit_id: c.moved_s for c in found.visits}
    assert (moved["V2"], moved["V3"], moved["V4"]) == (-1800, 1200, 0)
    assert [c.visit_id for c in found.visits] == ["V2", "V3", "V4", "V5", "V6"]


def test_workers_have_their_visits_hours_and_notice(sides):
    found = roundplan.difference(*sides)
    one, two = found.workers
    assert (one.worker_id, one.gained, one.lost, one.moved) == ("W1", 0, 2, 0)
    assert (two.worker_id, two.gained, two.lost, two.moved) == ("W2", 2, 1, 1)
    # W1 loses V2 at 09:00; W2 gains it at 08:30
    assert (one.first_s, two.first_s) == (clock("09:00"), clock("08:30"))
    assert two.notice_s(clock("06:30")) == 2 * 3600
    assert one.paid_now_s == 30 * 60
    paid = round_figures(*sides[0]).values()
    assert one.paid_before_s + two.paid_before_s == sum(r["paid_s"] for r in paid)


def test_the_cost_is_that_of_both_rosters(sides):
    found = roundplan.difference(*sides)
    now, before = cost_of(*sides[1]).total_p, cost_of(*sides[0]).total_p
    assert found.added_p == now - before != 0


def test_the_other_way_round_everything_is_reversed(sides):
    there, back = roundplan.difference(*sides), roundplan.difference(*sides[::-1])
    assert there.added_p == -back.added_p
    assert {c.visit_id: (c.before, c.now) for c in there.visits} == {
        c.visit_id: (c.now, c.before) for c in back.visits
    }
    mirrored = {
        ChangeKind.NEW: ChangeKind.GONE,
        ChangeKind.GONE: ChangeKind.NEW,
        ChangeKind.LEFT_OUT: ChangeKind.PLACED,
    }
    assert {c.visit_id: mirrored.get(c.kind, c.kind) for c in there.visits} == {
        c.visit_id: c.kind for c in back.visits
    }


def test_a_roster_does_not_differ_from_itself(sides):
    found = roundplan.difference(sides[0], sides[0])
    assert (found.visits, found.workers, found.added_p) == ((), (), 0)
    assert len(found.to_frame()) == 0


def test_rosters_of_two_periods_are_refused(sides):
    old, by, made = sides[0]
    later = old.horizon.start_date + timedelta(days=7)
    other = replace(old, horizon=replace(old.horizon, start_date=later))
    with pytest.raises(UsageError, match="compare two of one period"):
        roundplan.difference(sides[0], (other, by, made))
