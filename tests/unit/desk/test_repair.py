"""Repairs: nobody is disturbed without need, and what happened is what changes."""

from dataclasses import replace

import pytest

import roundplan
from helpers import clock, problem, roster, shift, travel, visit, worker
from roundplan.check import broken, check
from roundplan.desk import ChangeKind, Freedom
from roundplan.desk.changes import changed, pinned_started
from roundplan.domain import (
    PLAIN,
    Event,
    EventKind,
    ShiftKind,
    TimeWindow,
)
from roundplan.errors import DomainError, UsageError

DAY = 86_400


def a_day(**fields):
    """W1 has V1 and V2, W2 has V3; W3 is free from ten."""
    visits = [
        visit("V1", "C1", "08:00", "09:00", minutes=60),
        visit("V2", "C2", "11:00", "12:00", minutes=60),
        visit("V3", "C3", "10:30", "12:00", minutes=60, **fields),
        visit("V4", "C1", "11:00", "12:00", minutes=30, day=1),
    ]
    workers = [worker("W1"), worker("W2"), worker("W3")]
    of = problem(
        visits,
        workers=workers,
        shifts=[
            shift("W1"),
            shift("W2"),
            shift("W3", "10:00"),
            *(shift(w.worker_id, day=1) for w in workers),
        ],
        days=2,
        policy=replace(PLAIN, soft_lateness_s=0),
    )
    by = travel(of)
    ids = {(s.worker_id, s.day): s.shift_id for s in of.shifts}
    made = roster(
        of,
        by,
        {
            ids["W1", 0]: [("V1", "08:30"), ("V2", "11:30")],
            ids["W2", 0]: [("V3", "11:00")],
            ids["W1", 1]: [("V4", "11:20")],
        },
    )
    assert broken(check(of, by, made)) == []
    return of, by, made


def absent(worker_id, start="00:00", end="24:00"):
    return Event(
        kind=EventKind.WORKER_ABSENT,
        worker_id=worker_id,
        start_s=clock(start),
        end_s=clock(end),
    )


def workers_of(made, visit_id):
    return {
        r.worker_id for r in made.rounds for v in r.visits if v.visit_id == visit_id
    }


def test_only_the_visits_of_an_absent_worker_change_hands():
    of, by, made = a_day()
    found = roundplan.repair(of, by, made, [absent("W2")], iterations=200)
    assert found.displaced == ("V3",)
    assert [a.freedom for a in found.attempts] == [Freedom.NOBODY]
    (change,) = found.difference.visits
    assert (change.visit_id, change.kind) == ("V3", ChangeKind.WORKER)
    assert workers_of(found.roster, "V3") == {"W3"}
    assert list(found.to_frame().workers_now) == ["W3"]
    assert "<td>other worker</td>" in found._repr_html_()
    assert found.chosen.visits_changed == found.chosen.clients_changed == 0
    assert broken(check(found.problem, by, found.roster)) == []


def test_freedom_grows_until_every_visit_is_placed():
    of, by, made = a_day()
    away = [absent("W1"), absent("W2", "12:00")]
    found = roundplan.repair(of, by, made, away, iterations=200)
    # V1 can only be made by W2; V2 by W3, who is free
    assert found.chosen.unassigned == 0
    assert workers_of(found.roster, "V1") == {"W2"}
    both = [*away, absent("W3")]
    harder = roundplan.repair(of, by, made, both, iterations=200)
    assert [a.freedom for a in harder.attempts] == list(Freedom)
    assert harder.chosen.unassigned > 0
    assert broken(check(harder.problem, by, harder.roster)) == []


def test_start_times_give_way_before_workers():
    """V3 starts at 10:30 or 12:00 to let W2 make the new visit at 11:40 next door."""
    of, by, made = a_day()
    window = TimeWindow(earliest_start_s=clock("11:40"), latest_start_s=clock("11:40"))
    new = Event(
        kind=EventKind.NEW_VISIT,
        visit_id="N1",
        client_id="C3",
        duration_s=1800,
        window=window,
    )
    found = roundplan.repair(of, by, made, [new, absent("W3")], iterations=200)
    assert found.attempts[0].unassigned == 1
    assert found.chosen.freedom is Freedom.TIMES
    assert found.chosen.visits_changed == 1
    assert workers_of(found.roster, "N1") == workers_of(found.roster, "V3") == {"W2"}
    held = roundplan.repair(
        of, by, made, [new, absent("W3")], iterations=200, most_visits=0
    )
    assert held.chosen.freedom is Freedom.NOBODY
    assert held.chosen.unassigned == 1


def test_a_visit_that_is_late_already_does_not_become_later():
    """V3 is ten minutes late, as it may be: fifteen is the most, not twenty-five."""
    of, by, made = a_day()
    of = replace(of, policy=replace(of.policy, soft_lateness_s=900))
    ids = {(s.worker_id, s.day): s.shift_id for s in of.shifts}
    late = {
        ids["W1", 0]: [("V1", "08:30"), ("V2", "11:30")],
        ids["W2", 0]: [("V3", "12:10")],
        ids["W1", 1]: [("V4", "11:20")],
    }
    made = roster(of, by, late)
    new = Event(
        kind=EventKind.NEW_VISIT,
        visit_id="N1",
        client_id="C3",
        duration_s=1800,
        window=TimeWindow(
            earliest_start_s=clock("11:55"), latest_start_s=clock("11:55")
        ),
    )
    found = roundplan.repair(of, by, made, [new, absent("W3")], iterations=200)
    assert found.attempts[1].violations == 0
    assert broken(check(found.problem, by, found.roster)) == []


def test_what_has_started_stays():
    of, by, made = a_day()
    found = roundplan.repair(
        of, by, made, [absent("W2")], now_s=clock("09:00"), iterations=200
    )
    pinned = found.problem.visit("V1")
    assert (pinned.pinned_workers, pinned.pinned_start_s) == (("W1",), clock("08:30"))
    assert not found.problem.visit("V2").pinned_workers
    assert pinned_started(of, made, -1) == of


def test_an_absence_is_cut_out_of_shifts_and_kept_as_leave():
    of, *_ = a_day()
    now = changed(of, [absent("W1", "09:00", "10:00")])
    its = [s for s in now.shifts if s.worker_id == "W1" and s.day == 0]
    assert [(s.kind, s.start_s, s.end_s) for s in its] == [
        (ShiftKind.WORK, clock("07:00"), clock("09:00")),
        (ShiftKind.WORK, clock("10:00"), clock("15:00")),
        (ShiftKind.LEAVE, clock("09:00"), clock("10:00")),
    ]
    late = changed(of, [absent("W1", "00:00", "09:30")])
    first = next(s for s in late.work_shifts if s.worker_id == "W1")
    assert first.start_s == clock("09:30")


def test_a_cancelled_visit_frees_the_one_that_follows_it():
    of, *_ = a_day(after_visit="V1", min_gap_s=3600)
    gone = Event(kind=EventKind.VISIT_CANCELLED, visit_id="V1")
    now = changed(of, [gone])
    assert not now.has_visit("V1")
    assert now.visit("V3").after_visit is None


def test_a_client_away_loses_the_visits_of_that_time_only():
    of, *_ = a_day()
    away = Event(kind=EventKind.CLIENT_AWAY, client_id="C1", start_s=0, end_s=DAY)
    assert {v.visit_id for v in changed(of, [away]).visits} == {"V2", "V3", "V4"}


def test_a_longer_visit_is_one_that_cannot_stay():
    of, by, made = a_day()
    longer = Event(kind=EventKind.VISIT_CHANGED, visit_id="V3", duration_s=5400)
    found = roundplan.repair(of, by, made, [longer], iterations=200)
    assert found.displaced == ("V3",)
    assert found.problem.visit("V3").duration_s == 5400
    assert broken(check(found.problem, by, found.roster)) == []


def test_swapped_shifts_take_the_visits_with_them_or_not():
    of, by, made = a_day()
    swap = Event(
        kind=EventKind.SHIFTS_SWAPPED, worker_id="W1", other_worker="W3", day=0
    )
    now = changed(of, [swap])
    hours = {s.worker_id: s.start_s for s in now.work_shifts if s.day == 0}
    assert (hours["W1"], hours["W3"]) == (clock("10:00"), clock("07:00"))
    found = roundplan.repair(of, by, made, [swap], iterations=200)
    assert found.displaced == ("V1",)
    assert found.chosen.unassigned == 0


def test_a_client_who_is_new_has_the_travel_of_one_nearby():
    of, by, made = a_day()
    new = Event(
        kind=EventKind.NEW_VISIT,
        visit_id="N1",
        client_id="C9",
        beside="C3",
        duration_s=1800,
        window=TimeWindow(
            earliest_start_s=clock("13:00"), latest_start_s=clock("14:00")
        ),
    )
    found = roundplan.repair(of, by, made, [new], iterations=100)
    assert found.chosen.unassigned == 0
    assert found.travel.leg("walk", "C9", "C1") == by.leg("walk", "C3", "C1")
    assert broken(check(found.problem, found.travel, found.roster)) == []
    other = replace(new, visit_id="N2", beside="C1")
    with pytest.raises(UsageError, match="beside two"):
        roundplan.repair(of, by, made, [new, other], iterations=1)


def test_what_cannot_be_is_refused():
    of, *_ = a_day()
    with pytest.raises(DomainError, match="lacks what it is about"):
        Event(kind=EventKind.NEW_VISIT, visit_id="N1")
    odd = Event(kind=EventKind.VISIT_CHANGED, visit_id="V1", duration_s=90)
    with pytest.raises(UsageError, match="cannot be made"):
        changed(of, [odd])
