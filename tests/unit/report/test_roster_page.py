"""A roster's page: in the browser, and its figures against those of the library."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest

from browsing import CLIPPED, NASTY, opened
from helpers import client, problem, roster, travel, visit, worker
from rota_by_hand import rota
from roundplan.charter.attendances import record_of
from roundplan.charter.audit import audit
from roundplan.charter.criteria import charter_policy
from roundplan.cost import cost_of, kpis
from roundplan.domain import Unassigned
from roundplan.report import Rota, roster_page
from roundplan.report.roster_cards import CARDS, Unit, change, figures_of, written


def drawn(tmp_path, of, **options):
    path = tmp_path / "report.html"
    path.write_text(roster_page(of, **options), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shown_of(tmp_path_factory):
    """The page of the rota by hand, on its streets' place."""
    return drawn(tmp_path_factory.mktemp("report"), rota(people=False, placed=True))


def test_the_chart_has_a_row_for_each_worker_of_the_day(shown_of):
    with opened(shown_of) as shown:
        assert shown.locator("#chart button").all_inner_texts() == ["W1", "W2"]
        kinds = shown.eval_on_selector_all(
            "#chart tr:first-child .strip [data-event]",
            "bars => bars.map(b => b.getAttribute('class'))",
        )
        assert kinds == ["travel", "visit", "break", "travel", "visit", "travel"]
        assert "2 workers of 2 shown; 0 visits of the day" in shown.inner_text("#said")
        shown.fill("#find", "c1")
        assert shown.locator("#chart button:visible").all_inner_texts() == ["W1"]
        shown.fill("#find", "v2")
        assert shown.locator("#chart button:visible").count() == 2
        shown.fill("#find", "nobody")
        assert "0 workers of 2 shown" in shown.inner_text("#said")
        shown.fill("#find", "")
        shown.select_option("#day", "1")
        assert shown.locator("#chart button").all_inner_texts() == ["W2"]
        assert "Tuesday 2 June 2026" in shown.inner_text("#chart caption")
        assert "1 visit of the day" in shown.inner_text("#said")
        assert shown.locator("[title='V4: no worker']").count() == 1


def test_a_worker_is_chosen_by_keyboard_and_the_map_and_table_follow(shown_of):
    with opened(shown_of) as shown:
        before = shown.evaluate("roundplan.map.getZoom()")
        shown.focus("#chart button")
        shown.keyboard.press("Enter")
        assert shown.get_attribute("#chart button", "aria-pressed") == "true"
        text = shown.inner_text("#round")
        for words in (
            "W1, Monday 1 June 2026",
            "2 visits, 08:00 to 10:30",
            "on foot, 10 min, 0.6 km to C1",
            "C1 (V1)",
            "09:10–09:30\tbreak",
            "with W2; new to the client",
        ):
            assert words in text, words
        assert shown.locator(".number-mark").all_inner_texts() == ["1", "2"]
        assert shown.evaluate("roundplan.map.getZoom()") != before
        shown.keyboard.press("Enter")
        assert shown.get_attribute("#chart button", "aria-pressed") == "false"
        assert shown.locator(".number-mark").count() == 0


def test_a_visit_is_chosen_on_the_map(shown_of):
    with opened(shown_of) as shown:
        shown.evaluate(
            "roundplan.map.eachLayer(l => l.options.radius === 5 && l.fire('click'))"
        )
        assert shown.locator("#round tr.found").count() == 1
        shown.select_option("#day", "1")
        shown.locator("#chart .visit").click()
        assert "23:45–00:30 next day" in shown.inner_text("#round tr.found")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_clipped(width, shown_of):
    with opened(shown_of, width) as shown:
        shown.locator("#chart button").first.click()
        assert shown.evaluate(CLIPPED) == []
        shown.emulate_media(media="print")
        assert not shown.locator("#find").is_visible()


def test_ids_are_harmless_and_unharmed(tmp_path):
    clients = [client(name, x=600.0 * i) for i, name in enumerate(NASTY)]
    visits = [
        visit(f"{name}-am", name, f"{8 + i:02}:00") for i, name in enumerate(NASTY)
    ]
    of = problem(visits, workers=[worker(NASTY[0] + "W")], clients=clients)
    by = travel(of)
    starts = [(v.visit_id, v.window.earliest_start_s) for v in visits[:-1]]
    made = roster(of, by, {f"{NASTY[0]}W@0-07:00": starts})
    left = Unassigned(visit_id=visits[-1].visit_id, code="no_room", reason=NASTY[2])
    made = replace(made, unassigned=(left,))
    path = drawn(tmp_path, Rota(of, by, made), title=NASTY[2])
    with opened(path, 390) as shown:
        shown.locator("#chart button").click()
        text = shown.inner_text("body")
        for name in NASTY:
            assert name in text
        assert shown.inner_text("h1") == NASTY[2]
        assert shown.locator("script").count() == 3
        assert shown.locator("img[src=x]").count() == 0
        assert shown.evaluate(CLIPPED) == []


def test_no_name_or_address_is_in_it():
    text = roster_page(rota(people=True, placed=True))
    assert "020 7946" not in text
    assert NASTY[5] not in text


def test_costs_rules_and_reasons_are_those_of_the_library():
    of = rota()
    cost = cost_of(of.problem, of.travel, of.roster)
    sections = roster_page(of).split("<section")
    left, rules, charter, costs = sections[3:7]
    found = re.findall(r"<td>([^<]+)</td><td class=\"number\">£([\d,.]+)<", costs)
    pence = [round(100 * float(text.replace(",", ""))) for _, text in found]
    assert found[-1][0] == "total"
    assert sum(pence[:-1]) == pence[-1] == cost.total_p
    assert "left out by the test (no_room)" in left
    assert "standard; Tue 09:00–10:00, 30 min, client C3" in left
    assert "0 breaches" in rules
    assert "no 15-minute calls" in rules
    record = record_of(of.problem, of.travel, of.roster, "roster")
    found = audit(record, charter_policy("southwark-2014"))
    assert len(found.findings) > 14
    for finding in found.findings:
        assert f"<td>{finding.label} {escape(finding.name)}</td>" in charter
        assert escape(finding.evidence) in charter


def test_an_audit_that_cannot_be_made_says_why():
    of = rota()
    empty = replace(of.roster, rounds=())
    assert "Not audited" in roster_page(Rota(of.problem, of.travel, empty))


def test_a_roster_that_breaks_a_rule_says_so():
    of = rota()
    first, *others = of.roster.rounds
    late = tuple(
        replace(v, start_s=v.start_s + 7200, end_s=v.end_s + 7200) for v in first.visits
    )
    broken = replace(of.roster, rounds=(replace(first, visits=late), *others))
    text = roster_page(Rota(of.problem, of.travel, broken))
    assert "double handed</td>" in text
    assert re.search(r"<td>\d+ breach", text)


def test_a_round_moved_out_of_the_days_planned_is_still_there():
    of = rota()
    first, *others = of.roster.rounds
    moved = replace(of.roster, rounds=(replace(first, day=4), *others))
    text = roster_page(Rota(of.problem, of.travel, moved))
    assert '<option value="4">Friday 5 June 2026</option>' in text


def test_without_positions_there_is_no_map_and_that_is_said(tmp_path):
    of = rota()
    nowhere = replace(
        of.problem,
        clients=tuple(
            replace(c, place=replace(c.place, x=None, y=None))
            for c in of.problem.clients
        ),
        workers=tuple(
            replace(w, home=replace(w.home, x=None, y=None)) for w in of.problem.workers
        ),
    )
    path = drawn(tmp_path, Rota(nowhere, of.travel, of.roster))
    with opened(path) as shown:
        assert "There is no map" in shown.inner_text("body")
        shown.locator("#chart button").first.click()
        assert "C1 (V1)" in shown.inner_text("#round")


def test_figures_are_compared_with_those_of_another_roster(tmp_path):
    of = rota()
    figures = kpis(of.problem, of.travel, of.roster)
    before = {**figures, "paid_hours": figures["paid_hours"] - 1.5, "late_visits": None}
    text = roster_page(of, before=(before, 100))
    assert f"1.5 h more than {before['paid_hours']:.1f} h before" in text
    assert "more than £1.00 before" in text
    assert "no figure before" in text
    assert "as before" in text
    assert "before" not in roster_page(of).split("<section")[1]


@pytest.mark.parametrize(
    ("now", "then", "unit", "said"),
    [
        (3, 5, Unit.COUNT, "2 less than 5 before"),
        (12.5, 10.0, Unit.PERCENT, "2.5 points more than 10.0 % before"),
        (12.5, 12.5, Unit.PERCENT, "as before"),
        (123456, 100, Unit.PENCE, "£1,233.56 more than £1.00 before"),
        (None, 1, Unit.KM, "no figure before"),
        (1.04, 1.0, Unit.KM, "as before"),
    ],
)
def test_changes_in_words(now, then, unit, said):
    assert change(now, then, unit) == said


def test_every_card_has_a_figure_and_a_meaning():
    of = rota()
    figures = figures_of(kpis(of.problem, of.travel, of.roster), 12345)
    for card in CARDS:
        assert card.key in figures, card.key
        assert card.meaning.endswith(".")
    assert written(figures["cost_per_contact_hour_p"], Unit.PENCE) == "£44.89"
    assert written(None, Unit.KM) == "–"


def test_a_visit_takes_some_two_hundred_bytes():
    """So that a week of 1,500 visits a day stays far below 8 MB."""

    def size(count):
        visits = [
            visit(f"V{i:05}@2026-06-01", f"C{i % 9}", minutes=30) for i in range(count)
        ]
        workers = [worker(f"W{i}") for i in range(count)]
        of = problem(visits, workers=workers)
        by = travel(of)
        rounds = {
            f"W{i}@0-07:00": [(v.visit_id, "08:00")] for i, v in enumerate(visits)
        }
        return len(roster_page(Rota(of, by, roster(of, by, rounds))))

    assert (size(60) - size(20)) / 40 < 600  # each with a round and a row of its own
