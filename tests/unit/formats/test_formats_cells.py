"""Each type of cell: what it takes, what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from roundplan.errors import DomainError
from roundplan.formats.cells import (
    CellError,
    WallTime,
    clock_text,
    closest,
    counted,
    in_units,
    joined,
    parser_of,
    pounds,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("id", "C 1", "C 1"),
        ("ids", "W1; W2;;W1", ("W1", "W2")),
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("time 36", "7:05", WallTime(25_500)),
        ("time 36", "24:30:15", WallTime(88_215)),
        ("time 36", "36:00", WallTime(129_600)),
        ("time 36", "01:30+00:00", WallTime(5400, 0)),
        ("time 36", "01:30-03:30", WallTime(5400, -12_600)),
        ("days", "MTWTF--", (True,) * 5 + (False,) * 2),
        ("days", "m-w-f-s", (True, False, True, False, True, False, True)),
        ("days", "x–X—x-X", (True, False, True, False, True, False, True)),
        ("days", "11111--", (True,) * 5 + (False,) * 2),
        ("days", "-y-----", (False, True) + (False,) * 5),
        ("whole 1..2", "2", 2),
        ("whole", "-3", -3),
        ("whole", "30.0", 30),
        ("number", "1.5e3", 1500.0),
        ("minutes", "12.5", 750),
        ("hours", "37.5", 135_000),
        ("pounds", "14.80", 1480),
        ("pounds", "15", 1500),
        ("y/n", "Yes", True),
        ("y/n", "0", False),
        ("choice any|female", "Female", "female"),
        ("choices walk|drive", "drive;WALK", ("drive", "walk")),
        ("text", "x" * 10_000, "x" * 10_000),
    ],
)
def test_cell_is_read(kind, text, value):
    assert parser_of(kind)(text, False) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("hours", "37,5", 135_000),
        ("pounds", "14,80", 1480),
        ("number", "-0,5", -0.5),
        ("ids", "W1|W2;W3", ("W1", "W2", "W3")),
    ],
)
def test_semicolon_file_has_decimal_commas_and_bars(kind, text, value):
    assert parser_of(kind)(text, True) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("id", "x" * 201),
        ("id", "a\nb"),
        ("id", "a;b"),
        ("ids", "W1;" + "x" * 201),
        ("ids", "W1;a\tb"),
        ("date", "02/03/2026"),
        ("date", "20260302"),
        ("date", "2026-02-30"),
        ("date", "0026-02-03"),
        ("time 36", "36:01"),
        ("time 36", "8"),
        ("time 36", "08:60"),
        ("time 36", "8.30"),
        ("days", "MTWTF"),
        ("days", "-------"),
        ("days", "1111100"),
        ("days", "M T W T"),
        ("whole 1..2", "3"),
        ("whole", "1.5"),
        ("whole", "1e3"),
        ("whole 0..5", "9" * 10_000),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1e999"),
        ("number -90..90", "91"),
        ("minutes 0..10", "11"),
        ("pounds", "14.805"),
        ("pounds", "0"),
        ("pounds", "-1"),
        ("pounds", "NaN"),
        ("pounds", "14,80"),
        ("y/n", "perhaps"),
        ("choice any|female", "femal"),
        ("choices walk|drive", "walk;fly"),
    ],
)
def test_cell_is_refused(kind, text):
    with pytest.raises(CellError) as caught:
        parser_of(kind)(text, False)
    assert caught.value.what
    assert caught.value.action


@pytest.mark.parametrize(
    "text",
    ["Mon-Fri", "weekday", "TWTFSSM", "MTxTF--", "x-1-y--", "SMTWTFS", "aaaaa--"],
)
def test_days_that_could_mean_others_are_refused(text):
    """A word of seven letters is not taken for a pattern, nor one from Sunday on."""
    with pytest.raises(CellError) as caught:
        parser_of("days")(text, False)
    assert "MTWTF--" in caught.value.action


def test_counts_agree_with_their_words():
    assert counted(1, "row is", "rows are") == "1 row is"
    assert counted(1200, "row is", "rows are") == "1,200 rows are"
    assert counted(0, "row is", "rows are") == "0 rows are"


def test_capital_letters_do_not_hide_a_near_name():
    assert closest("PEG", ["hoist", "peg"]) == "Did you mean peg?"
    assert closest("PEG", ["hoist"]) == ""


def test_swapped_date_says_how_to_write_it():
    with pytest.raises(CellError) as caught:
        parser_of("date")("02/03/2026", False)
    assert "YYYY-MM-DD" in caught.value.action


def test_wrong_choice_suggests_the_nearest():
    with pytest.raises(CellError) as caught:
        parser_of("choice any|female|male")("femal", False)
    assert "Did you mean female?" in caught.value.action


@pytest.mark.parametrize("seconds", [0, 60, 90, 3601, 135_000, 10, 604_799])
@pytest.mark.parametrize(("kind", "unit"), [("minutes", 60), ("hours", 3600)])
def test_seconds_written_in_units_read_back(seconds, kind, unit):
    assert parser_of(kind)(in_units(seconds, unit), False) == seconds


def test_writers():
    assert pounds(1480) == "14.80"
    assert pounds(None) == in_units(None, 60) == ""
    assert clock_text(88_200) == "24:30"
    assert clock_text(61) == "00:01:01"
    with pytest.raises(DomainError):
        joined(["a;b"])
