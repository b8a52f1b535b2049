"""The audit: each criterion and law kept and broken, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.charter.attendances import (
    Attendance,
    PaidBlock,
    Person,
    Record,
    joined,
    record_of,
)
from roundplan.charter.audit import audit
from roundplan.charter.continuity import client_figures, panel
from roundplan.charter.criteria import charter_policy
from roundplan.charter.evidence import read_evidence
from roundplan.charter.findings import Status
from roundplan.check import check
from roundplan.cost import kpis
from roundplan.domain import ShiftKind
from roundplan.errors import DataError, RateError, UsageError

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 6, 1)
SOUTHWARK = charter_policy("southwark-2014")
H = 3600


def seconds(clock: str, day: int = 0) -> int:
    hours, minutes = map(int, clock.split(":"))
    opening = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time())
    return int(opening.replace(tzinfo=LONDON).timestamp()) + hours * H + 60 * minutes


def attended(
    start: str,
    end: str,
    day: int = 0,
    worker: str = "W1",
    client: str | None = "C1",
    **fields: object,
) -> Attendance:
    """A visit whose leg of ten minutes is paid, unless fields say otherwise."""
    given = {"travel_s": 600, "paid_travel_s": 600, **fields}
    return Attendance(
        visit_id=str(given.pop("visit", f"{client}-{day}-{start}")),
        worker_id=worker,
        client_id=client,
        day=MONDAY + timedelta(days=day),
        start_s=seconds(start, day),
        end_s=seconds(end, day),
        **given,  # type: ignore[arg-type]
    )


def record(
    *attendances: Attendance, rate: int | None = 1480, **fields: object
) -> Record:
    order = sorted(attendances, key=lambda a: (a.worker_id, a.start_s))
    people = {a.worker_id: Person(rate_p=rate, zero_hours=False) for a in order}
    return Record(
        source="x",
        attendances=tuple(order),
        **{"people": people, **fields},  # type: ignore[arg-type]
    )


def found(of: Record, key: int | str, policy: str = "southwark-2014"):
    """The finding of a criterion by number, or of a law by part of its name."""
    findings = audit(of, charter_policy(policy)).findings
    return next(f for f in findings if key == f.number or str(key) in f.name)


FINE = (attended("08:00", "09:00"), attended("09:10", "10:00"))


@pytest.mark.parametrize(
    ("attendance", "what", "amount"),
    [
        (attended("11:00", "11:15"), "15 minutes", 15),
        (attended("11:00", "11:10", agreed=True), "10 minutes", 20),
        (attended("11:00", "11:45", commissioned_s=H), "shorter than commissioned", 15),
        (attended("11:00", "11:20", agreed=True), None, 0),
        (attended("11:00", "11:45", commissioned_s=2700), None, 0),
    ],
)
def test_visits_are_as_long_as_they_should_be(attendance, what, amount):
    of = found(record(*FINE, attendance), 1)
    assert [(b.what, b.amount) for b in of.breaches] == (
        [(what, amount)] if what else []
    )
    assert of.status is (Status.BROKEN if what else Status.KEPT)


def test_the_two_shares_of_nice_are_in_the_evidence():
    short = (
        attended("11:00", "11:20", agreed=True),
        attended("12:00", "12:20", agreed=False),
    )
    said = found(record(*FINE, *short), 1).evidence
    assert "2 of 4 (50.0%) last 30 minutes or more" in said
    assert "of the shorter ones 1 of 2 (50.0%) agreed" in said


def test_travel_is_paid_leg_by_leg_at_the_living_wage():
    assert found(record(*FINE), 3).status is Status.KEPT
    half = attended("11:00", "12:00", paid_travel_s=240)
    (breach,) = found(record(*FINE, half), 3).breaches
    assert (breach.what, breach.amount, breach.unit) == ("travel not paid", 6, "min")
    low = found(record(*FINE, rate=1300), 3)
    assert {b.amount for b in low.breaches} == {180}
    home = attended("08:00", "09:00", paid_travel_s=0, from_home=True)
    assert found(record(home, FINE[1]), 3).status is Status.KEPT
    unknown = attended("11:00", "12:00", paid_travel_s=None)
    assert found(record(*FINE, unknown), 3).evidence == "needs paid_travel_s"
    bare = attended("11:00", "12:00", travel_s=None, paid_travel_s=None)
    assert found(record(bare), 3).status is Status.NOT_TESTABLE


def test_a_gap_shorter_than_its_travel_is_call_cramming():
    crammed = attended("10:04", "11:00")
    (breach,) = found(record(*FINE, crammed), 8).breaches
    assert (breach.what, breach.amount) == ("gap shorter than travel", 6)
    over = attended("09:50", "11:00")
    (breach,) = found(record(*FINE, over), 8).breaches
    assert (breach.what, breach.amount) == ("overlaps the visit before", 10)
    assert found(record(*FINE), 8).status is Status.KEPT
    bare = [replace(a, travel_s=None, paid_travel_s=None) for a in FINE]
    assert found(record(*bare), 8).status is Status.NOT_TESTABLE


def test_visits_cut_short_are_counted_where_both_times_are_known():
    cut = attended("11:00", "11:50", planned_s=(seconds("11:00"), seconds("12:00")))
    assert "1 of 3 (33.3%) cut by five minutes" in found(record(*FINE, cut), 8).evidence


def test_pay_below_the_living_wage_is_a_breach_of_each_worker():
    people = {"W1": Person(rate_p=1480), "W2": Person(rate_p=1450), "W3": Person()}
    three = [attended("08:00", "09:00", worker=w) for w in people]
    of = found(record(*three, people=people), 14)
    assert [(b.worker_id, b.amount) for b in of.breaches] == [("W2", 30)]
    assert "the rates of 1 workers are not known" in of.evidence
    assert found(record(*FINE, people={}), 14).status is Status.NOT_TESTABLE
    # the rate of the day: £13.85 to the end of April 2026
    assert (
        found(
            record(*(replace(a, day=date(2026, 4, 1)) for a in FINE), rate=1385), 14
        ).status
        is Status.KEPT
    )


def test_each_day_below_the_living_wage_is_a_breach():
    """The wage rises on 1 May 2026: 13.85 is enough on one day, 95p short on two."""
    days = [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2)]
    visits = [replace(a, day=day) for day in days for a in FINE]
    of = found(record(*visits, rate=1385), 14)
    assert [(b.day, b.amount) for b in of.breaches] == [(days[1], 95), (days[2], 95)]
    assert "1 workers below it" in of.evidence


def test_a_criterion_counts_from_the_day_on_that_it_is_in_force():
    """Southwark paid for travel from August 2014: two unpaid legs, one of them before.

    Islington's charter began on 1 April 2024, when 11.95 was the wage to be paid.
    """
    legs = [
        attended("09:10", "10:00", paid_travel_s=0, travel_s=600),
        attended("11:10", "12:00", paid_travel_s=0, travel_s=900),
    ]
    days = (date(2014, 7, 31), date(2014, 8, 1))
    both = [replace(a, day=day) for a, day in zip(legs, days, strict=True)]
    of = found(record(*both), 3)
    assert [(b.day, b.amount) for b in of.breaches] == [(days[1], 15)]
    assert of.evidence.startswith("from 2014-08-01 on: of 1 legs")
    pay = {date(2024, 3, 31): 1000, date(2024, 4, 1): 1180}
    people = {"W1": Person(rate_p=pay)}
    both = [replace(a, day=day) for a, day in zip(legs, pay, strict=True)]
    of = found(record(*both, people=people), 14, "islington-2024")
    assert [(b.day, b.amount) for b in of.breaches] == [(date(2024, 4, 1), 15)]
    paid = {"W1": Person(rate_p=pay | {date(2024, 4, 1): 1195})}
    of = found(record(*both, people=paid), 14, "islington-2024")
    assert of.status is Status.KEPT
    assert "below" not in of.evidence


@pytest.mark.parametrize(
    ("offers", "status", "breaches"),
    [
        ((True, True), Status.KEPT, []),
        ((True, False), Status.BROKEN, ["W2"]),
        ((False, None), Status.BROKEN, ["W1"]),
        ((True, None), Status.REPORTED, []),
    ],
)
def test_zero_hours_are_a_breach_without_an_offer_of_others(offers, status, breaches):
    people = {
        f"W{i}": Person(zero_hours=True, offered=offer)
        for i, offer in enumerate(offers, 1)
    } | {"W3": Person(zero_hours=False)}
    three = [attended("08:00", "09:00", worker=w) for w in people]
    of = found(record(*three, people=people), 5)
    assert (of.status, [b.worker_id for b in of.breaches]) == (status, breaches)
    assert "2 of 3 (66.7%) workers on zero hours" in of.evidence


def test_nobody_on_zero_hours_keeps_the_criterion_and_missing_contracts_are_said():
    people = {"W1": Person(zero_hours=False), "W2": Person()}
    two = [attended("08:00", "09:00", worker=w) for w in people]
    of = found(record(*two, people=people), 5)
    assert of.status is Status.KEPT
    assert "the contracts of 1 are not known" in of.evidence


def test_contracts_training_and_meetings_are_figures():
    people = {
        "W1": Person(zero_hours=True),
        "W2": Person(zero_hours=False, guaranteed_s=16 * H),
    }
    two = [
        attended("08:00", "09:00", day=d, worker=w) for w in people for d in range(7)
    ]
    of = found(record(*two, people=people), 5)
    assert of.status is Status.REPORTED
    assert "1 of 2 (50.0%) workers on zero hours" in of.evidence
    assert "guaranteed in 1 of 1 (100.0%) whole weeks" in of.evidence
    block = PaidBlock(
        worker_id="W1",
        kind=ShiftKind.TRAINING,
        day=MONDAY,
        start_s=seconds("13:00"),
        end_s=seconds("15:00"),
    )
    of = record(*two, blocks=(block,))
    assert "1 of 2 (50.0%) workers had paid training within 7 days, 2.0 h" in (
        found(of, 12).evidence
    )
    assert "0 of 2" in found(of, 13).evidence
    assert found(record(*two), 12).status is Status.NOT_TESTABLE


def test_criteria_are_in_force_from_their_day_and_by_policy():
    short = attended("08:00", "08:15")
    assert found(record(short), 1, "none").status is Status.NOT_IN_FORCE
    assert found(record(short), 1, "unison-stage-1").status is Status.BROKEN
    assert found(record(short), 14, "unison-stage-1").status is Status.NOT_IN_FORCE
    august = date(2014, 8, 2)
    before = replace(short, day=date(2014, 7, 30), paid_travel_s=0)
    later = replace(short, day=august, paid_travel_s=0, visit_id="later")
    of = record(before, later, rate=900)
    (breach,) = found(of, 3).breaches
    assert breach.day == august


LAWS = ("Minimum wage", "Daily rest", "Weekly rest", "A break", "48 hours")


def test_a_quiet_week_breaks_no_law():
    of = record(*FINE)
    assert [found(of, law).status for law in LAWS[:4]] == [Status.KEPT] * 4
    assert found(of, LAWS[4]).status is Status.NOT_TESTABLE


def test_the_minimum_wage_is_tested_by_month_over_all_counted_time():
    """£12.71 from April 2026. An unpaid hour between visits counts as worked."""
    unpaid = [
        attended("08:00", "09:00", paid_travel_s=0, travel_s=600, from_home=True),
        attended("10:00", "11:00", paid_travel_s=0),
    ]
    (breach,) = found(record(*unpaid, rate=1480), "Minimum wage").breaches
    assert breach.amount == round(1271 - 1480 * 2 / 3, 1)
    paid = [unpaid[0], attended("10:00", "11:00")]
    assert found(record(*paid), "Minimum wage").status is Status.KEPT
    # a gap of more than an hour is no working time
    far = [unpaid[0], attended("11:00", "12:00")]
    assert found(record(*far), "Minimum wage").status is Status.KEPT
    assert found(record(*FINE, rate=None), "Minimum wage").status is Status.NOT_TESTABLE


def test_rest_is_from_home_to_home():
    late = attended("20:00", "21:30", to_home_s=1800)
    early = attended("08:30", "09:00", day=1, from_home=True, travel_s=1800)
    (breach,) = found(record(late, early), "Daily rest").breaches
    assert (breach.amount, breach.unit) == (1, "h")  # from 22:00 to 8:00
    based = {"W1": Person(rate_p=1480, has_fixed_base=True)}
    assert found(record(late, early, people=based), "Daily rest").status is Status.KEPT


def test_a_week_without_a_day_off_is_a_breach_unless_the_next_makes_up():
    def days(count: int, start: int = 0) -> list[Attendance]:
        return [
            attended(clock, end, day=d)
            for d in range(start, start + count)
            for clock, end in (("07:00", "08:00"), ("19:00", "20:00"))
        ]

    assert len(found(record(*days(14)), "Weekly rest").breaches) == 2
    assert found(record(*days(6)), "Weekly rest").status is Status.KEPT
    # two days off in the second week
    assert found(record(*days(7), *days(5, 9)), "Weekly rest").status is Status.KEPT


def test_more_than_six_hours_need_a_break_of_twenty_minutes():
    through = [
        attended("07:00", "10:00"),
        attended("10:10", "13:30"),
    ]
    (breach,) = found(record(*through), "A break").breaches
    assert (breach.what, breach.amount) == ("break too short", 20)
    rested = [through[0], attended("10:30", "13:50")]
    assert found(record(*rested), "A break").status is Status.KEPT
    short = [through[0], attended("10:10", "12:30")]
    assert found(record(*short), "A break").status is Status.KEPT


def test_one_long_week_says_nothing_of_seventeen():
    week = [attended("07:00", "15:30", day=d) for d in range(6)]
    alone = found(record(*week), "48 hours")
    assert alone.status is Status.NOT_TESTABLE
    assert "1 of them above 48 hours in the mean of these" in alone.evidence
    out = {"W1": Person(rate_p=1480, opted_out=True)}
    assert found(record(*week, people=out), "48 hours").status is Status.KEPT
    rested = {"W1": Person(rate_p=1480, hours_before_s=16 * 30 * H)}
    assert found(record(*week, people=rested), "48 hours").status is Status.KEPT
    # 16 weeks of 48 hours before, and six days of 8 h 40 min with the way home
    tired = {"W1": Person(rate_p=1480, hours_before_s=16 * 48 * H)}
    (breach,) = found(record(*week, people=tired), "48 hours").breaches
    assert breach.amount == pytest.approx((6 * (8.5 + 1 / 6) - 48) / 17, abs=0.005)


def test_any_seventeen_weeks_count_and_quiet_ones_after_do_not_help():
    """Seventeen weeks of 55 hours, then seventeen of one; fourteen of 55 are 45."""
    busy = [
        attended("07:00", "16:00", day=7 * week + d)
        for week in range(17)
        for d in range(6)
    ]
    quiet = [attended("07:00", "08:00", day=7 * week) for week in range(17, 34)]
    for visits in (busy, [*busy, *quiet]):
        (breach,) = found(record(*visits), "48 hours").breaches
        assert breach.day == MONDAY + timedelta(weeks=16)
    assert found(record(*busy[18:], *quiet), "48 hours").status is Status.KEPT


def test_wages_past_the_table_are_refused_or_said():
    late = record(replace(FINE[0], day=date(2031, 6, 2)))
    with pytest.raises(RateError, match="is verified to 2027"):
        audit(late, SOUTHWARK)
    said = audit(late, SOUTHWARK, unverified=True).notes
    assert sum("is verified to" in note for note in said) == 2


def test_evidence_is_taken_where_no_roster_shows_a_criterion(tmp_path):
    path = tmp_path / "shown.toml"
    path.write_text(
        '[occupational-sick-pay]\nkept = true\nreference = "Handbook, page 12"\n'
        '[training-free]\nkept = false\nreference = "Complaint of 3 June"\n'
    )
    shown = audit(record(*FINE), SOUTHWARK, evidence=read_evidence(path)).findings
    status = {f.number: (f.status, f.evidence) for f in shown}
    assert status[10][0] is Status.KEPT
    assert "Handbook, page 12" in status[10][1]
    assert status[12][0] is Status.BROKEN
    assert status[9][0] is Status.EVIDENCE
    path.write_text('[living-wage]\nkept = true\nreference = "payslips"\n')
    with pytest.raises(DataError, match="no criterion of that id"):
        read_evidence(path)


def test_several_rosters_are_one_and_nothing_counts_twice():
    first, second = record(*FINE), record(FINE[1], attended("08:00", "09:00", day=7))
    both = joined([first, second])
    assert len(both.attendances) == 3
    assert any("more than one" in note for note in both.notes)
    assert (both.first, both.last) == (MONDAY, MONDAY + timedelta(days=7))


def test_nothing_cannot_be_audited():
    with pytest.raises(UsageError, match="no attendance"):
        audit(Record(source="x", attendances=()), SOUTHWARK)


def test_continuity_is_as_computed_by_hand():
    """A A B, then A with B double-handed: 5 attendances, A 3, B 2."""
    of = record(
        attended("08:00", "09:00", day=0, worker="A"),
        attended("08:00", "09:00", day=1, worker="A"),
        attended("08:00", "09:00", day=2, worker="B"),
        attended("08:00", "09:00", day=3, worker="A", visit="D"),
        attended("08:00", "09:00", day=3, worker="B", visit="D"),
        known_before=frozenset({("C1", "B")}),
    )
    (f,) = client_figures(of)
    assert f.attendances == 5
    assert f.upc == 3 / 5
    assert f.coci == pytest.approx((9 + 4 - 5) / 20)
    # A after A; not B after A; B of the two after B
    assert f.secon == 2 / 4
    assert f.workers == {7: 2, 14: 2, 28: 2}
    assert (f.first_ever, f.not_known) == (1, 1)
    assert not f.has_regular
    (one, every) = panel([f])
    assert (one.group, every.group) == ("1", "all")


def test_a_worker_after_a_long_time_is_not_known_but_not_new():
    far = attended("08:00", "09:00", day=100)
    (f,) = client_figures(record(FINE[0], far))
    assert (f.first_ever, f.not_known) == (1, 2)
    assert f.workers == {7: 1, 14: 1, 28: 1}


@settings(max_examples=60, deadline=None)
@given(
    visits=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("ABCD")),
        min_size=1,
        max_size=25,
        unique_by=lambda v: v[0],
    )
)
def test_continuity_keeps_its_bounds_and_agrees_with_brute_force(visits):
    of = record(*(attended("08:00", "09:00", day=d, worker=w) for d, w in visits))
    (f,) = client_figures(of)
    assert 0 < f.upc <= 1
    assert f.coci is None or 0 <= f.coci <= 1
    for window in (7, 14, 28):
        most = max(
            len({w for d, w in visits if first <= d < first + window})
            for first, _ in visits
        )
        assert f.workers[window] == most
    assert f.first_ever == len({w for _, w in visits})


def test_our_own_roster_has_the_checkers_word(tmp_path):
    """Two programs on one roster: no law is broken where the checker finds none."""
    from roundplan import load_problem, plan, travel_for
    from roundplan.datasets import copy_demo

    copy_demo(tmp_path / "problem")
    folder = load_problem(tmp_path / "problem")
    travel = travel_for(folder)
    made = plan(folder.problem, travel, iterations=2_000).roster
    assert check(folder.problem, travel, made) == []
    of = record_of(folder.problem, travel, made, "demo")
    result = audit(of, SOUTHWARK)
    assert result.broken == ()
    figures = kpis(folder.problem, travel, made)
    assert result.counts["attendances"] == figures["attendances_placed"]
    assert result.counts["contact hours"] == round(figures["contact_hours"], 1)
    new = sum(f.first_ever for f in client_figures(of))
    assert new >= figures["unknown_worker_visits"] > 0


def test_one_call_audits_and_shows_as_a_table(tmp_path):
    import roundplan as rp

    path = tmp_path / "bare.csv"
    path.write_text(
        "visit_id,worker_id,date,start,end\n"
        "<b>,W1,2026-06-01,08:00,08:15\nV2,W1,2026-06-01,09:00,10:00\n",
        encoding="utf-8",
    )
    result = rp.audit(path, policy="unison-stage-1")
    frame = result.to_frame()
    assert frame["criterion"].dropna().unique().tolist() == list(range(1, 15))
    first = frame[frame["criterion"] == 1]
    assert first["visit_id"].tolist() == ["<b>"]
    assert first["amount"].tolist() == [15]
    assert "<td>time matches need</td><td>broken</td>" in result._repr_html_()
    with pytest.raises(UsageError, match="at least one roster"):
        rp.audit()
