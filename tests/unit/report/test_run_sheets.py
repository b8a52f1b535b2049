"""Run sheets: what they say, that names are harmless, and how they look."""

from __future__ import annotations

from datetime import date

import pytest

from browsing import CLIPPED, NASTY, opened
from helpers import MONDAY
from rota_by_hand import rota
from roundplan.errors import UsageError
from roundplan.report import run_sheets


def written(tmp_path, of, days=None):
    path = tmp_path / "sheets.html"
    path.write_text(run_sheets(of, of.days() if days is None else days), "utf-8")
    return path


def test_days_are_those_with_something_to_do():
    of = rota()
    found = [(d.worker_id, d.day, [e.kind.value for e in d.events]) for d in of.days()]
    assert found == [
        ("W1", 0, ["travel", "visit", "break", "travel", "visit", "travel"]),
        ("W2", 0, ["meeting", "visit"]),
        ("W2", 1, ["visit"]),
    ]
    assert [d.worker_id for d in of.days([MONDAY], ["W2"])] == ["W2"]
    assert of.days(workers=["W1"]) == of.days([MONDAY], ["W1"])


@pytest.mark.parametrize(
    ("dates", "workers", "said"),
    [([date(2026, 6, 3)], [], "2026-06-01 to 2026-06-02"), ([], ["W9"], "W9")],
)
def test_what_the_roster_does_not_have_is_refused(dates, workers, said):
    with pytest.raises(UsageError, match=said):
        rota().days(dates, workers)


def test_an_introduction_is_the_first_visit_of_a_worker_not_known():
    assert rota().introductions == {
        ("W1", "V2"),
        ("W2", "V2"),
        ("W2", "V3"),
    }


def test_sheets_say_when_where_with_whom_and_how(tmp_path):
    with opened(written(tmp_path, rota())) as shown:
        first, second, third = shown.locator(".sheet").all_inner_texts()
    for words in (
        "Monday 1 June 2026",
        "Shift 07:00–15:00, on foot",
        "2 visits, 1 h 30 min with clients",
        "Leave by 07:50: on foot, 10 min, 0.6 km",
        "08:00–09:00",
        "020 7946 0000",
        "09:10–09:30",
        "Break, unpaid",
        "Leave by 09:50",
        f"With {NASTY[1]} (W2)",
        "The time matters: start by 11:00",
        f"Needs: {NASTY[0]}",
        "Done at 10:30: home, on foot, 20 min",
    ):
        assert words in first, words
    assert first.count("New to this client") == 1
    assert "08:00–09:00\tMeeting" in second
    assert "23:45–00:30 next day" in third


@pytest.mark.parametrize("width", [1280, 390])
def test_names_are_names_and_nothing_is_clipped(width, tmp_path):
    with opened(written(tmp_path, rota()), width) as shown:
        text = shown.inner_text("body")
        for name in NASTY:
            assert name in text
        assert shown.locator("script").count() == 2
        assert shown.locator("img").count() == 0
        assert shown.evaluate(CLIPPED) == []


def test_the_day_and_worker_that_are_chosen_are_shown_alone(tmp_path):
    with opened(written(tmp_path, rota())) as shown:
        shown.select_option("#day", "2026-06-01")
        shown.select_option("#worker", "W2")
        assert shown.locator(".sheet:visible").count() == 1
        assert shown.inner_text("#shown") == "1 of 3 sheets shown."
        shown.emulate_media(media="print")
        assert shown.locator(".sheet:visible").count() == 1
        assert not shown.locator("header").is_visible()


def test_without_people_there_are_ids_alone_and_that_is_said():
    of = rota(people=False)
    text = run_sheets(of, of.days())
    assert "no people.csv" in text
    assert "(W1)" not in text
    assert "<bdi>W1</bdi>" in text


def test_who_has_nothing_to_do_has_no_sheet():
    of = rota()
    assert "There is nothing to show." in run_sheets(of, of.days(workers=["W1"])[1:])
