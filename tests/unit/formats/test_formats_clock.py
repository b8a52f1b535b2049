"""Wall-clock times across midnight and the clock changes of 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.errors import DomainError
from roundplan.formats.cells import CellError, WallTime, parser_of
from roundplan.formats.clock import WallClock, local_horizon

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
LONDON = "Europe/London"


def at(clock: WallClock, on: date, text: str) -> int:
    """Seconds of a time as a cell would have it."""
    return clock.seconds(on, parser_of("time 36")(text, False))


def test_plain_days_have_24_hours():
    horizon = local_horizon(date(2026, 6, 1), 3)
    assert horizon.midnights_s == (0, 86_400, 172_800, 259_200)


def test_days_of_clock_changes_have_23_and_25_hours():
    assert local_horizon(SPRING, 1).midnights_s == (0, 23 * 3600)
    assert local_horizon(AUTUMN, 1).midnights_s == (0, 25 * 3600)


def test_half_past_24_is_half_past_midnight_of_the_next_day():
    clock = WallClock(date(2026, 6, 1), LONDON)
    same = at(clock, date(2026, 6, 2), "00:30")
    assert at(clock, date(2026, 6, 1), "24:30") == same == 88_200


def test_skipped_time_moves_by_the_hour():
    clock = WallClock(SPRING, LONDON)
    assert at(clock, SPRING, "01:30") == at(clock, SPRING, "02:30") == 5400


def test_repeated_time_is_the_first_unless_it_says_its_offset():
    clock = WallClock(AUTUMN, LONDON)
    assert at(clock, AUTUMN, "01:30") == 5400
    assert at(clock, AUTUMN, "01:30+01:00") == 5400
    assert at(clock, AUTUMN, "01:30+00:00") == 9000
    assert clock.text(5400, AUTUMN) == "01:30"
    assert clock.text(9000, AUTUMN) == "01:30+00:00"


def test_night_visit_keeps_its_length_across_the_change():
    """22:00 to 06:00 lasts 7 hours in spring and 9 in autumn."""
    for on, hours in ((date(2026, 3, 28), 7), (date(2026, 10, 24), 9)):
        clock = WallClock(on, LONDON)
        assert at(clock, on, "30:00") - at(clock, on, "22:00") == hours * 3600


def test_offset_that_the_zone_does_not_have_is_refused():
    clock = WallClock(AUTUMN, LONDON)
    with pytest.raises(CellError, match="offset"):
        clock.seconds(AUTUMN, WallTime(5400, 7200))


def test_time_before_the_row_date_cannot_be_written():
    clock = WallClock(SPRING, LONDON)
    with pytest.raises(DomainError):
        clock.text(-60, SPRING)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2026, 6, 1)]),
    st.sampled_from([LONDON, "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.integers(0, 5),
    st.integers(0, 30 * 3600),
)
def test_every_second_reads_back(start, zone, day, since):
    """Whatever second of the horizon is written reads back as itself."""
    clock = WallClock(start, zone)
    second = clock.horizon(7).midnights_s[day] + since
    text = clock.text(second, clock.date_of(day))
    assert at(clock, clock.date_of(day), text) == second
