"""Tables of recorded rows: none is lost or mixed, and none needs rows to be there."""

from __future__ import annotations

import csv

import pytest

import recording
import summary


@pytest.mark.parametrize("name", summary.TABLES)
def test_without_rows_a_table_is_empty(name):
    assert len(summary.TABLES[name]([]).splitlines()) in (0, 2, 3)


@pytest.mark.parametrize("name", summary.TABLES)
def test_the_page_has_a_place_for_each_table(name):
    assert f"<!-- table {name} -->\n" in summary.PAGE.read_text(encoding="utf-8")


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """Rows that are recorded and read back."""
    monkeypatch.setattr(recording, "RESULTS", tmp_path)
    monkeypatch.setattr(summary, "RESULTS", tmp_path)
    monkeypatch.setattr(recording, "commit", lambda: "abc1234")

    def recorded(*calls):
        for name, problem, seed, measures in calls:
            recording.record(name, problem, seed, measures, wanted=True)
        (tmp_path / "tuning-2026-01-01.csv").write_text("parameter,value\nx,1\n")
        return summary.read_rows()

    return recorded


def day(limit_s, travel_s):
    return {
        "visits": 100,
        "limit_s": limit_s,
        "travel_s": travel_s,
        "unassigned": 0,
        "iterations_per_s": 5.0,
        "violations": 0,
    }


def test_limits_of_one_commit_have_lines_of_their_own(rows):
    found = rows(
        ("day", "day_100", 1, day(5.0, 17300)),
        ("day", "day_100", 2, day(5.0, 17400)),
        ("day", "day_100", 3, day(60.0, 17208)),
        ("day PyVRP", "day_100", 1, day(60.0, 1)),
    )
    lines = summary.days(found).splitlines()[2:]
    assert [line.split(" | ")[2:4] for line in lines] == [["5", "2"], ["60", "1"]]
    assert "17,350 (17,300 to 17,400)" in lines[0]


def test_a_run_beside_the_peers_is_one_line(rows):
    row = {"visits": 100, "seeds": 3, "limit_s": 5.0, "peer_limit_s": 60.0}
    costs = {"roundplan_s": 17208.0, "PyVRP_s": 17208.0, "VROOM_s": float("inf")}
    found = rows(
        ("day ratio", "day_100", None, row | costs | {"ratio": 1.0, "best_peer": "A"}),
        ("day ratio", "day_300", None, row | {"roundplan_s": 34000.0}),
    )
    first, second = summary.rivals(found).splitlines()[2:]
    cells = "abc1234 | 100 | 5 | 60 | 3 | 17,208 | 17,208 | inf |  | 1.0000 |  |  | "
    assert first == f"| {cells} |"
    assert "34,000" in second


def test_a_page_is_renewed_between_its_marks(rows, tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- table days -->\nold\n<!-- end -->\nb\n")
    monkeypatch.setattr(summary, "PAGE", page)
    rows(("day", "day_100", 1, day(5.0, 17300)))
    summary.main()
    text = page.read_text()
    assert "old" not in text
    assert "17,300" in text
    assert text.startswith("a\n<!-- table days -->\n|")
    assert text.endswith("<!-- end -->\nb\n")


def test_rows_stand_alone(rows, tmp_path):
    rows(("day", "day_100", 1, day(5.0, 17300)))
    with next(tmp_path.glob("2*.csv")).open() as file:
        assert all(
            row["cpu"] and row["commit"] == "abc1234" for row in csv.DictReader(file)
        )
