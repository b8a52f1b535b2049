"""Figures and names as people read them."""

import pytest

from roundplan.cli._text import counted, duration, pounds, printable, stopwatch


@pytest.mark.parametrize(
    ("pence", "text"),
    [(0, "£0.00"), (5, "£0.05"), (123456, "£1,234.56"), (-250, "-£2.50")],
)
def test_pounds_have_two_decimals_and_separators(pence, text):
    assert pounds(pence) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (720, "12 min"),
        (750, "12 min 30 s"),
        (3600, "1 h"),
        (3900, "1 h 05 min"),
        (-60, "-1 min"),
    ],
)
def test_durations_are_in_hours_minutes_and_seconds(seconds, text):
    assert duration(seconds) == text


def test_a_stopwatch_shows_hours_only_when_there_are_any():
    assert [stopwatch(s) for s in (7.9, 750, 3600)] == ["0:07", "12:30", "1:00:00"]


def test_nouns_agree_with_their_number():
    assert counted(1, "visit") == "1 visit"
    assert counted(1200, "visit") == "1,200 visits"
    assert counted(2, "body", "bodies") == "2 bodies"


def test_control_characters_cannot_reach_the_terminal():
    assert printable("C1\x1b[31m\nred") == "C1?[31m?red"
