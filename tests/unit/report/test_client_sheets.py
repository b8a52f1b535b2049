"""Week sheets: who comes when, what is new, and that names are harmless."""

from __future__ import annotations

import pytest

from browsing import CLIPPED, NASTY, opened
from helpers import MONDAY, clock
from rota_by_hand import rota
from roundplan.domain import Made, Previous
from roundplan.report import client_sheets


def sheets(text):
    """The text of a page's sheets, one line for each row."""
    found = {}
    for part in text.split('<article class="sheet" data-client="')[1:]:
        rows = part.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
        found[part.partition('"')[0]] = rows
    return found


def test_each_client_has_their_visits_once_and_in_order():
    found = sheets(client_sheets(rota(people=False)))
    assert {c: len(rows) for c, rows in found.items()} == {"C1": 2, "C2": 1, "C3": 1}
    first, second = found["C1"]
    assert "Monday 1" in first
    assert "08:00–09:00" in first
    assert "new to you" not in first
    assert "Tuesday 2" in second
    assert "23:45–00:30 next day" in second
    assert "<bdi>W2</bdi></span> (new to you)" in second
    (double,) = found["C2"]
    assert double.count('class="client"') == 2
    (nobody,) = found["C3"]
    assert "09:00–10:30" in nobody
    assert "Nobody yet" in nobody


def change(of, **made):
    """What is said of V1 and V2, made before by other workers or at other times."""
    previous = Previous(made=made)
    found = sheets(client_sheets(of, previous))
    cells = [
        row.rpartition("<td>")[2].removesuffix("</td></tr>") for row in found["C1"]
    ]
    return [cells[0], found["C2"][0].rpartition("<td>")[2].removesuffix("</td></tr>")]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made(workers=("W1",)), ""),
        (Made(workers=("W1",), start_s=clock("08:14")), ""),
        (Made(workers=("W1",), start_s=clock("08:15")), "was at 08:15"),
        (Made(workers=("W1",), start_s=clock("07:30")), "was at 07:30"),
        (Made(workers=("W2",)), "instead of <bdi>W2</bdi>"),
        (Made(workers=("W9", "W1")), "without <bdi>W9</bdi>"),
        (
            Made(workers=("W2",), start_s=clock("09:00")),
            "instead of <bdi>W2</bdi><br>was at 09:00",
        ),
    ],
)
def test_what_is_new_is_marked(made, said):
    double = Made(workers=("W1",))
    assert change(rota(people=False), V1=made, V2=double) == [said, "one more worker"]


def test_a_visit_that_was_not_there_is_new():
    assert change(rota(people=False)) == ["new visit", "new visit"]


def test_without_an_earlier_roster_that_is_said():
    text = client_sheets(rota())
    assert "no earlier roster" in text
    assert "Change</th>" not in text


def test_only_the_days_asked_for():
    assert {*sheets(client_sheets(rota(), dates=[MONDAY]))} == {"C1", "C2"}


@pytest.mark.parametrize("width", [1280, 390])
def test_names_are_names_and_there_are_no_addresses(width, tmp_path):
    path = tmp_path / "clients.html"
    text = client_sheets(rota(), Previous(made={"V1": Made(workers=("W2",))}))
    assert "020 7946" not in text
    path.write_text(text, encoding="utf-8")
    with opened(path, width) as shown:
        text = shown.inner_text("main")
        for name in (NASTY[1], NASTY[2], NASTY[3], NASTY[5]):
            assert name in text
        assert shown.locator("img").count() == 0
        assert shown.evaluate(CLIPPED) == []
        shown.select_option("#client", "C2")
        assert shown.locator(".sheet:visible").count() == 1
