"""The workbook, read back from its XML by the standard library alone."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from browsing import NASTY
from helpers import client, problem, roster, travel, visit, worker
from rota_by_hand import rota
from roundplan.cost import cost_of
from roundplan.domain import Unassigned
from roundplan.report import Rota, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Book:
    """Cells of a workbook by sheet, row and heading."""

    def __init__(self, content):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        texts = self._xml("xl/sharedStrings.xml").iter(f"{MAIN}si")
        self._texts = ["".join(t.text or "" for t in s.iter(f"{MAIN}t")) for s in texts]
        names = [
            s.get("name") for s in self._xml("xl/workbook.xml").iter(f"{MAIN}sheet")
        ]
        self.sheets = {
            name: self._xml(f"xl/worksheets/sheet{i}.xml")
            for i, name in enumerate(names, start=1)
        }

    def _xml(self, name):
        return ET.fromstring(self.archive.read(name))

    def rows(self, name):
        """The rows of a sheet, cells by heading."""
        found = []
        for row in self.sheets[name].iter(f"{MAIN}row"):
            cells = {}
            for cell in row.iter(f"{MAIN}c"):
                value = cell.find(f"{MAIN}v")
                if value is None:
                    continue
                text = value.text
                of = cell.get("r").rstrip("0123456789")
                cells[of] = (
                    self._texts[int(text)] if cell.get("t") == "s" else float(text)
                )
            found.append(cells)
        heads = found[0]
        return [{heads[at]: v for at, v in row.items()} for row in found[1:]]


@pytest.fixture(scope="module")
def book():
    of = rota(people=True)
    return Book(workbook(of, of.days()))


def test_visits_have_a_row_for_each_attendance(book):
    rows = book.rows("Visits")
    assert [(r["Visit"], r["Worker"], r.get("With")) for r in rows] == [
        ("V1", "W1", None),
        ("V2", "W1", "W2"),
        ("V2", "W2", "W1"),
        ("V3", "W2", None),
    ]
    first = rows[0]
    assert first["Date"] == (date(2026, 6, 1) - date(1899, 12, 30)).days
    assert first["Start"] == pytest.approx(8 / 24)
    assert first["End"] == pytest.approx(9 / 24)
    assert (first["Minutes"], first["Travel min"], first["Travel km"]) == (60, 10, 0.6)
    assert (first["Comes"], first["Skills"]) == ("on foot", NASTY[0])
    assert [r.get("New to client") for r in rows] == [None, "yes", "yes", "yes"]
    assert rows[3]["End"] == pytest.approx(0.5 / 24)


def test_rounds_unassigned_figures_and_cost(book):
    rounds = book.rows("Rounds")
    assert [(r["Worker"], r["Visits"], r["Contact h"]) for r in rounds] == [
        ("W1", 2, 1.5),
        ("W2", 1, 0.5),
        ("W2", 1, 0.75),
    ]
    (left,) = book.rows("Unassigned")
    assert (left["Visit"], left["Why"]) == ("V4", "left out by the test")
    figures = {r["Figure"]: r.get("Value") for r in book.rows("Key figures")}
    assert (figures["Visits placed"], figures["Visits without a worker"]) == (3, 1)
    of = rota()
    cost = {r["Term"]: r["Pounds"] for r in book.rows("Cost")}
    total = cost.pop("total")
    assert total == cost_of(of.problem, of.travel, of.roster).total_p / 100
    assert sum(cost.values()) == pytest.approx(total)


def test_sheets_have_filters_and_frozen_headings_and_no_names(book):
    for name, sheet in book.sheets.items():
        assert sheet.find(f"{MAIN}autoFilter") is not None, name
        assert next(sheet.iter(f"{MAIN}pane")).get("state") == "frozen"
    assert not any("020 7946" in text or text == NASTY[5] for text in book._texts)


def test_text_is_never_a_formula_or_a_link():
    names = [*NASTY, "-1+1", "+44", "@SUM(A1)", "\tx", "https://example.org", "007"]
    clients = [client(name, x=600.0 * i) for i, name in enumerate(names)]
    visits = [visit(f"{n}!", n, minutes=30) for n in names]
    of = problem(visits, workers=[worker()], clients=clients)
    by = travel(of)
    made = roster(of, by, {"W1@0-07:00": [(visits[0].visit_id, "08:00")]})
    left = tuple(
        Unassigned(visit_id=v.visit_id, code="no_room", reason=v.client_id)
        for v in visits[1:]
    )
    rota_of = Rota(of, by, replace(made, unassigned=left))
    found = Book(workbook(rota_of, rota_of.days()))
    for sheet in found.sheets.values():
        assert next(sheet.iter(f"{MAIN}f"), None) is None
        assert next(sheet.iter(f"{MAIN}hyperlink"), None) is None
    assert [r["Why"] for r in found.rows("Unassigned")] == names[1:]
    styles = found._xml("xl/styles.xml")
    assert any(x.get("quotePrefix") == "1" for x in styles.iter(f"{MAIN}xf"))


def test_a_selection_has_its_rows_alone():
    of = rota()
    found = Book(workbook(of, of.days(workers=["W1"])))
    assert {r["Worker"] for r in found.rows("Visits")} == {"W1"}
    assert len(found.rows("Unassigned")) == 1
    assert any("1 worker and 1 day;" in text for text in found._texts)


def test_the_same_roster_gives_the_same_file():
    of = rota()
    assert workbook(of, of.days()) == workbook(of, of.days())
