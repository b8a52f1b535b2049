"""``roundplan report``: a roster as one page, or a reason why not."""

import json

import pytest


def test_the_page_is_written_and_compared(command, roster_folder, tmp_path):
    out = tmp_path / "report.html"
    said = command("report", roster_folder, "--out", out, "--previous", roster_folder)
    assert said.code == 0
    assert "3 rounds" in said.out
    assert "no streets to draw" in said.out
    text = out.read_text(encoding="utf-8")
    assert "Roster 0001" in text
    assert "as before" in text
    assert "nobody can use a hoist" in text


def test_another_roster_is_read_without_its_problem(command, roster_folder, tmp_path):
    other = tmp_path / "lastweek"
    other.mkdir()
    (other / "kpis.json").write_text(json.dumps({"paid_hours": 1.0}), "utf-8")
    (other / "cost.json").write_text(json.dumps({"total": {"pence": 100}}), "utf-8")
    (other / "roster.csv").write_text("", "utf-8")
    out = tmp_path / "report.html"
    said = command("report", roster_folder, "--out", out, "--previous", other)
    assert (said.code, said.err) == (0, "")
    assert "more than £1.00 before" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--out", "report.pdf"], ".html"),
        (["--out", "nowhere/report.html"], "cannot be written"),
        (["--out", "report.html", "--previous", "nowhere"], "nowhere"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_refused(
    arguments, complaint, command, roster_folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    said = command("report", roster_folder, *arguments)
    assert said.code == 2
    assert complaint in said.err
    assert not (tmp_path / "report.html").exists()


def test_a_plan_brings_its_page(command, problem_folder, tmp_path):
    page = tmp_path / "report.html"
    arguments = ("plan", problem_folder, "--out", tmp_path / "r", "--iterations", "20")
    said = command(*arguments, "--report", page)
    assert said.code == 0
    assert "Roster 0001" in page.read_text(encoding="utf-8")
    figures = tmp_path / "r" / "0001" / "kpis.json"
    kpis = json.loads(figures.read_text(encoding="utf-8")) | {"paid_hours": 1.0}
    figures.write_text(json.dumps(kpis), encoding="utf-8")
    again = command(*arguments, "--report", page, "--previous", tmp_path / "r")
    assert again.code == 0
    assert "Roster 0002" in page.read_text(encoding="utf-8")
    assert "more than 1.0 h before" in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_refused_before_planning(
    command, problem_folder, tmp_path
):
    said = command("plan", problem_folder, "--out", tmp_path / "r", "--report", "x.pdf")
    assert said.code == 2
    assert not (tmp_path / "r").exists()
