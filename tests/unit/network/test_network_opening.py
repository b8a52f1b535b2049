"""Opening hours of ways: what clauses mean, on which dates, and what a plan gets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.domain import Mode, Period
from roundplan.errors import NetworkError
from roundplan.network import (
    Hours,
    SchoolHolidays,
    graph_at,
    network_info,
    timed_periods,
)
from roundplan.network import travel_matrix as matrix_of
from roundplan.network.build import OPENED_BY_HOURS
from roundplan.network.opening import Spell, clauses
from roundplan.network.rules import Access
from streets_by_hand import STREET, at, streets

MONDAY = date(2026, 6, 1)
HALF_TERM = date(2026, 5, 26)
"""A Tuesday; the Monday before is a public holiday too."""
SCHOOL = "permit @ (Mo-Fr 08:15-09:15,14:45-15:45; SH off)"
NO, ENDS, YES = Access.CLOSED, Access.ENDS, Access.OPEN


def week(first=MONDAY, days=7):
    return Hours(first + timedelta(days=d) for d in range(days))


def on(text, day):
    """Spells in minutes after midnight."""
    return [(a // 60, b // 60, access) for a, b, access in week().spells(text, day)]


@pytest.mark.parametrize(
    ("text", "day", "spells"),
    [
        (SCHOOL, MONDAY, [(495, 555, ENDS), (885, 945, ENDS)]),
        (SCHOOL, HALF_TERM, []),
        (SCHOOL, MONDAY - timedelta(days=1), []),
        ("no @ 22:00-06:00", MONDAY, [(0, 360, NO), (1320, 1440, NO)]),
        ("no @ (Mo-Fr 08:00-09:00; PH off)", date(2026, 5, 25), []),
        ("no @ (Mo-Fr 08:00-09:00; PH,SH off)", HALF_TERM, []),
        ("no @ (Mo-Fr 08:00-09:00; PH,SH off)", date(2026, 5, 25), []),
        ("no @ (Mo-Fr 08:00-09:00; PH,SH off)", MONDAY, [(480, 540, NO)]),
        ("no @ (SH Mo-Fr 10:00-12:00)", HALF_TERM, [(600, 720, NO)]),
        ("no @ (SH Mo-Fr 10:00-12:00)", MONDAY, []),
        ("no @ (Mo-Fr,SH 08:00-09:00)", MONDAY, [(480, 540, NO)]),
        ("no @ (Mo-Fr 08:00-09:00, SH off)", MONDAY, [(480, 540, NO)]),
        ("no @ (Mo-Fr 08:00-09:00, SH off)", HALF_TERM, []),
        ("no @ (Mo-Fr 08:00-09:00, SH off, PH off)", MONDAY, [(480, 540, NO)]),
        ("no @ (Mo-Fr 08:00-09:00, SH 10:00-11:00)", MONDAY, [(480, 540, NO)]),
        ('no @ (Mo-Fr 08:00-09:00 "not the bus")', MONDAY, [(480, 540, NO)]),
        (
            "no @ (Mo-Fr 08:00-18:00); permit @ (Mo-Fr 08:00-09:00)",
            MONDAY,
            [(480, 540, ENDS), (540, 1080, NO)],
        ),
        ("yes @ (19:00-07:00)", MONDAY, [(0, 420, YES), (1140, 1440, YES)]),
    ],
)
def test_the_spells_of_a_date(text, day, spells):
    assert on(text, day) == spells


@pytest.mark.parametrize(
    ("text", "held", "told"),
    [
        ("no @ (weight>7.5)", (), ""),
        ("none @ destination", (), "no permission"),
        ("no @ when it rains", (NO,), "kept at all hours"),
        ("yes @ when it shines", (), "left out"),
        ("no @ ()", (NO,), "kept at all hours"),
        ("nonsense", (ENDS,), "cannot be read (nonsense)"),
        ("no @ (Mo-Fr 08:00-09:00", (ENDS,), "cannot be read"),
    ],
)
def test_what_cannot_be_read_stays_closed_and_is_said(text, held, told):
    found, notes = clauses(text)
    assert tuple(c.access for c in found) == held
    assert told in "".join(notes)
    assert bool(notes) == bool(told)
    if held:
        assert on(text, MONDAY) == [(0, 1440, held[0])]


TIMES = st.integers(0, 23).map(lambda h: f"{h:02}:00") | st.sampled_from(["08:15"])


@settings(max_examples=60, deadline=None)
@given(
    rules=st.lists(
        st.tuples(
            st.sampled_from(["no", "permit", "yes"]),
            st.sampled_from(["Mo-Fr", "Sa,Su", "We", "Mo-Su"]),
            TIMES,
            TIMES,
        ),
        min_size=1,
        max_size=3,
    ),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_spells_say_what_the_hours_say_at_every_quarter_of_an_hour(rules, day):
    """Against the library asked moment by moment, the last clause that holds first."""
    from opening_hours import OpeningHours

    text = "; ".join(f"{v} @ ({d} {a}-{b})" for v, d, a, b in rules)
    values = {"no": NO, "permit": ENDS, "yes": YES}
    read = [(values[v], OpeningHours(f"{d} {a}-{b}")) for v, d, a, b in rules]
    spells = week().spells(text, day)
    for quarter in range(96):
        moment = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
        expected = next((a for a, oh in reversed(read) if oh.is_open(moment)), None)
        found = [s.access for s in spells if s.start_s <= quarter * 900 < s.end_s]
        assert found == ([] if expected is None else [expected])


def test_a_period_has_what_is_most_closed_in_it():
    hours = week()
    assert hours.closure(SCHOOL, Period.parse("Mo-Fr 09:00-12:00"))[0] is ENDS
    assert hours.closure(SCHOOL, Period.parse("Mo-Fr 09:15-12:00"))[0] is None
    assert hours.closure(SCHOOL, Period.parse("Sa 08:00-12:00"))[0] is None
    both = "no @ (Mo 08:00-09:00); permit @ (Mo 10:00-11:00); yes @ (Mo 12:00-13:00)"
    assert hours.closure(both, Period.parse("Mo 08:00-13:00"))[0] is NO
    assert hours.closure(both, Period.parse("Mo 10:00-13:00"))[0] is ENDS
    assert hours.closure(both, Period.parse("Mo 11:00-13:00"))[0] is None
    assert hours.closure(both, Period.parse("Mo 12:00-13:00"))[0] is YES


def test_a_plan_into_the_holidays_keeps_the_hours_on_all_its_dates_and_says_so():
    period = Period.parse("Mo-Fr 08:15-09:15")
    assert week(HALF_TERM, 3).closure(SCHOOL, period) == (None, ())
    assert week(MONDAY, 5).closure(SCHOOL, period) == (ENDS, ())
    access, notes = week(HALF_TERM, 14).closure(SCHOOL, period)
    assert access is ENDS
    assert "on some dates only" in notes[0]
    late = week(date(2031, 6, 2), 5)
    assert "no school holidays are known" in late.closure(SCHOOL, period)[1][0]


TIMED = {**STREET, "motor_vehicle:conditional": SCHOOL}
NODES = {
    **{1: (0, 0), 2: (1_000, 0), 3: (1_100, 0), 4: (2_000, 0)},
    **{5: (1_000, 900), 6: (1_100, 900)},
}
WAYS = [
    ((1, 2), STREET),
    ((2, 3), TIMED),
    ((3, 4), STREET),
    ((2, 5, 6, 3), STREET),
]
"""A school street of 100 m, and 1.9 km round it."""


def test_a_car_goes_round_a_school_street_in_its_hours_alone(tmp_path):
    network = streets(tmp_path, NODES, WAYS)
    places = [at("A", 100, 0), at("B", 1_900, 0), at("S", 1_050, 0)]
    hours = week()
    names = timed_periods(network, Mode.DRIVE, hours)
    assert names == (
        "Mo-Fr 07:00-08:15",
        "Mo-Fr 08:15-09:15",
        "Mo-Fr 09:15-10:00",
        "Mo-Fr 14:45-15:45",
        "Mo-Fr 16:00-19:00",
    )

    def metres(mode, period, a=0, b=1):
        found = matrix_of(
            *(network, places), mode=mode, period=period, hours=hours, cache=False
        )
        return found.metres[a, b]

    by_car = [metres(Mode.DRIVE, name) for name in (None, *names)]
    assert by_car == [1_800, 1_800, 3_600, 1_800, 3_600, 1_800]
    # a client in the street itself is driven to at any hour
    assert metres(Mode.DRIVE, names[1], 0, 2) == 950
    assert {metres(m, names[1]) for m in (Mode.WALK, Mode.CYCLE)} == {1_800}
    assert timed_periods(network, Mode.CYCLE, hours) == ()
    half_term = week(HALF_TERM, 3)
    assert timed_periods(network, Mode.DRIVE, half_term) == (
        "Tu-Th 07:00-10:00",
        "Tu-Th 16:00-19:00",
    )
    assert timed_periods(network, Mode.DRIVE) == (
        "Mo-Fr 07:00-10:00",
        "Mo-Fr 16:00-19:00",
    )


def test_days_with_different_hours_have_periods_of_their_own(tmp_path):
    text = "no @ (Mo,Tu,Th 10:00-11:00); no @ (Sa 00:00-24:00)"
    timed = {**STREET, "bicycle:conditional": text}
    ways = [WAYS[0], ((2, 3), timed), *WAYS[2:]]
    network = streets(tmp_path, NODES, ways)
    assert timed_periods(network, Mode.CYCLE, week()) == (
        "Mo-Tu 10:00-11:00",
        "Th 10:00-11:00",
        "Sa 00:00-24:00",
    )
    # where nobody may ride, one pushes: the footway has no hours
    assert timed_periods(network, Mode.WALK, week()) == ()


def test_a_park_that_closes_at_night_is_walked_round(tmp_path):
    park = {"highway": "footway", "access:conditional": "no @ (20:00-07:00)"}
    ways = [WAYS[0], ((2, 3), park), *WAYS[2:]]
    network = streets(tmp_path, NODES, ways)
    assert timed_periods(network, Mode.WALK, week()) == (
        "Mo-Su 00:00-07:00",
        "Mo-Su 20:00-24:00",
    )
    graph, _ = graph_at(network, Mode.WALK, Period.parse("20:00-21:00"), week())
    assert (graph.forward_ms < 0).sum() == 1


@pytest.mark.parametrize(
    ("tags", "timed"),
    [
        ({"access:conditional": "no @ (20:00-07:00)"}, True),
        ({"access:conditional": "no @ (20:00-07:00)", "motor_vehicle": "yes"}, False),
        ({"access:conditional": "no @ 20:00-07:00", "motor_vehicle": "unknown"}, True),
    ],
)
def test_hours_of_all_do_not_change_what_is_said_of_cars(tmp_path, tags, timed):
    ways = [(refs, {**STREET, **tags}) for refs, _ in WAYS]
    network = streets(tmp_path, NODES, ways)
    assert bool(network.graph(Mode.DRIVE).conditions) == timed


def test_the_shipped_calendar_reads_and_ends():
    london = SchoolHolidays.standard()
    assert london.holds(date(2026, 5, 25))
    assert not london.holds(date(2026, 6, 1))
    assert london.holds(date(2026, 12, 25))
    assert london.covers(date(2027, 8, 31))
    assert not london.covers(date(2027, 9, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("first_date\n2026-01-01\n", "no column last_date"),
        ("first_date,last_date\n", "there are none"),
        ("first_date,last_date\n1.1.2026,2026-01-02\n", "holiday 1 has no dates"),
        ("first_date,last_date\n2026-01-03,2026-01-02\n", "ends before it begins"),
        (
            "first_date,last_date\n2026-01-01,2026-01-05\n2026-01-05,2026-01-06\n",
            "2026-01-05 begins before another has ended",
        ),
    ],
)
def test_bad_calendars_are_refused_whole(text, told, tmp_path):
    path = tmp_path / "holidays.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NetworkError, match=told):
        SchoolHolidays.read(path)
    with pytest.raises(NetworkError, match=r"none\.csv cannot be read"):
        SchoolHolidays.read(tmp_path / "none.csv")


def test_spells_are_in_seconds():
    assert week().spells(SCHOOL, MONDAY)[0] == Spell(29_700, 33_300, ENDS)


def test_info_names_hours_that_cannot_be_read_and_ways_that_would_open(tmp_path):
    market = {**STREET, "motor_vehicle": "no"}
    market["motor_vehicle:conditional"] = "yes @ (18:00-08:00)"
    odd = {**STREET, "motor_vehicle:conditional": "no @ when it rains"}
    ways = [((1, 2), market), ((2, 3), odd), ((3, 4), STREET), ((2, 5), STREET)]
    info = network_info(streets(tmp_path, {**NODES, 5: (1_000, 900)}, ways))
    assert info["seen"]["tags"][OPENED_BY_HOURS] == 1
    assert info["hours"] == {"no @ when it rains": 1}
    (note,) = info["hours_notes"]
    assert note.startswith("its hours cannot be read, so it is kept at all hours")
