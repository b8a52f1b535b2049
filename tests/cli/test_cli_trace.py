"""``plan --trace`` and ``roundplan trace``."""

import csv

import pytest


@pytest.fixture
def trace(command, problem_folder, tmp_path):
    """The trace of a short plan."""
    path = tmp_path / "trace.csv"
    out = tmp_path / "roster"
    said = command(
        "plan", problem_folder, "--out", out, "--iterations", 300, "--trace", path
    )
    assert said.code == 0
    assert f"Wrote {path}\n" in said.out
    assert said.last == f"Wrote {out / '0001'}"
    return path


def test_a_plan_writes_its_trace(trace):
    with trace.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["iterations"] == "0"
    assert rows[-1]["iterations"] == "300"


@pytest.mark.parametrize("name", ["plot.svg", "plot.html", "plot.HTML"])
def test_a_trace_is_drawn(name, trace, command, tmp_path):
    said = command("trace", trace, "--out", tmp_path / name)
    assert (said.code, said.out) == (0, f"Wrote {tmp_path / name}\n")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "How the search went" in text
    assert text.startswith("<?xml" if name.endswith("svg") else "<!doctype html>")


def test_quiet_draws_without_a_word(trace, command, tmp_path):
    said = command("trace", trace, "--out", tmp_path / "plot.svg", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize(
    ("out", "told"), [("plot.png", ".html or .svg"), ("no/plot.svg", "cannot be")]
)
def test_a_picture_that_cannot_be_made(out, told, trace, command, tmp_path):
    said = command("trace", trace, "--out", tmp_path / out)
    assert said.code == 2
    assert told in said.err


def test_a_file_that_is_no_trace(command, problem_folder, tmp_path):
    said = command("trace", problem_folder / "visits.csv", "--out", tmp_path / "p.svg")
    assert said.code == 2
    assert "no trace of a search" in said.err
    assert not (tmp_path / "p.svg").exists()


def test_a_trace_that_cannot_be_written_is_refused_before_planning(
    command, problem_folder, tmp_path
):
    said = command(
        "plan",
        problem_folder,
        "--out",
        tmp_path / "roster",
        "--trace",
        tmp_path / "missing" / "trace.csv",
    )
    assert said.code == 2
    assert "--trace" in said.err or "cannot be written" in said.err
    assert not (tmp_path / "roster").exists()
