"""Notice, cancelled time and average weeks, by hand and by counting minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from helpers import MONDAY
from rota_by_hand import rota
from roundplan.report import Rota, average_hours, by_notice, publish
from roundplan.report.publishing import _without

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 5, 29, 16, tzinfo=LONDON)
TUESDAY = MONDAY + timedelta(days=1)
H = 3600


def told(of, before=(), at=FRIDAY):
    return publish(of, before, at=at, roster="0001", sha256="x")


def moved(of, round_id, seconds):
    """The rota with one round later, or without it for None."""
    rounds = []
    for r in of.roster.rounds:
        if r.round_id != round_id:
            rounds.append(r)
        elif seconds is not None:
            visits = tuple(
                replace(v, start_s=v.start_s + seconds, end_s=v.end_s + seconds)
                for v in r.visits
            )
            rounds.append(replace(r, visits=visits))
    return Rota(of.problem, of.travel, replace(of.roster, rounds=tuple(rounds)))


def test_the_first_time_all_is_new():
    found = told(rota())
    assert [(p.worker_id, p.on, p.works) for p in found] == [
        ("W1", MONDAY, ((8 * H, 10 * H + H // 2),)),
        ("W2", MONDAY, ((8 * H, 9 * H), (10 * H, 10 * H + H // 2))),
        ("W2", TUESDAY, ((24 * H - H // 4, 24 * H + H // 2),)),
    ]
    assert [p.notice_s for p in found] == [64 * H, 64 * H, 104 * H - H // 4]
    assert [p.added_s for p in found] == [2.5 * H, 1.5 * H, 0.75 * H]
    assert [p.cancelled_s for p in found] == [0, 0, 0]
    assert found[1].paid_s == 1.5 * H  # a meeting and a visit; travel from nowhere


def test_saying_it_again_says_nothing():
    of = rota()
    assert told(of, told(of)) == ()


def test_a_later_round_is_added_to_and_cancelled_from():
    of = rota()
    first = told(of)
    at = datetime(2026, 6, 2, 12, tzinfo=LONDON)
    (change,) = told(moved(of, "W2@1-22:00", 600), first, at=at)
    assert (change.added_s, change.cancelled_s) == (600, 600)
    assert change.notice_s == 12 * H - H // 4  # what is cancelled comes first
    assert told(moved(of, "W2@1-22:00", 600), (*first, change)) == ()


def test_a_day_without_rounds_is_withdrawn_and_can_come_back():
    of = rota()
    first = told(of)
    late = datetime(2026, 6, 3, 0, tzinfo=LONDON)
    (gone,) = told(moved(of, "W2@1-22:00", None), first, at=late)
    assert (gone.works, gone.paid_s) == ((), 0)
    assert (gone.added_s, gone.cancelled_s) == (0, 0.75 * H)
    assert gone.notice_s == -H // 4
    assert next(iter(by_notice([gone]))) == "after the start"
    assert by_notice([gone])["after the start"] == [gone]
    (back,) = told(of, (*first, gone), at=FRIDAY)
    assert (back.added_s, back.cancelled_s) == (0.75 * H, 0)


def test_other_visits_in_the_same_time_are_not_new():
    of = rota()
    first = told(of)
    renamed = replace(
        of.roster,
        rounds=tuple(
            replace(r, visits=tuple(replace(v, visit_id="V9") for v in r.visits))
            for r in of.roster.rounds
        ),
    )
    assert told(Rota(of.problem, of.travel, renamed), first) == ()


def test_averages_take_what_was_said_last_in_twelve_weeks():
    of = rota()
    first = told(of)
    gone = told(moved(of, "W2@1-22:00", None), first)
    averages = {a.worker_id: a for a in average_hours((*first, *gone), TUESDAY)}
    assert averages["W2"].paid_s == 1.5 * H
    assert averages["W2"].days == 2
    assert averages["W2"].week_s is None
    assert replace(averages["W2"], days=14).week_s == 0.75 * H
    after = MONDAY + timedelta(days=84)
    assert {a.worker_id: a.days for a in average_hours(first, after)} == {"W2": 1}
    assert average_hours(first, after + timedelta(days=1)) == ()


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda s: (s[0], sum(s))),
    max_size=4,
)


@given(SPANS, SPANS)
def test_what_is_left_of_spans_is_what_counting_minutes_gives(spans, others):
    def minutes(of):
        return {m for start, end in of for m in range(start, end)}

    assert minutes(_without(spans, others)) == minutes(spans) - minutes(others)
