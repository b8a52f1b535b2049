"""``roundplan plan --previous``: this period again, or the next one."""

import csv
import json
import re

import pytest
from cli_folders import FILES, STARTS, write_files


def next_week(folder):
    """The same visits a week later, under other ids."""
    changes = {
        name.partition(".")[0]: text.replace("2026-06-01", "2026-06-08")
        for name, text in FILES.items()
    }
    changes["visits"] = changes["visits"].replace("\nV", "\nNEXT-")
    return write_files(folder, **changes)


def newest(out):
    return out / (out / "current").read_text("utf-8").strip()


def workers(out):
    """Who makes each visit."""
    found = {}
    with (newest(out) / "roster.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["visit_id"], set()).add(row["worker_id"])
    return found


BY_HAND = {
    visit: {w for w, stops in STARTS.items() if visit in dict(stops)}
    for visit in ("V1", "V2", "V3", "V4", "V5")
}


@pytest.fixture
def replan(command, tmp_path):
    """Runs ``plan`` from a previous roster into ``tmp_path / "next"``, by search."""

    def run(folder, *arguments, iterations=50):
        out = tmp_path / "next"
        return command(
            "plan",
            folder,
            *("--out", out, "--iterations", iterations, "--method", "search"),
            *arguments,
        )

    return run


@pytest.mark.parametrize("iterations", [0, 50])
def test_next_week_keeps_this_weeks_workers(
    iterations, replan, command, roster_folder, tmp_path
):
    folder = next_week(tmp_path / "following")
    said = replan(folder, "--previous", roster_folder, iterations=iterations)
    assert said.code == 0, said.out + said.err
    assert workers(tmp_path / "next") == {
        v.replace("V", "NEXT-"): who for v, who in BY_HAND.items()
    }
    for expected in (
        "Previous roster: 5 visits, 0 of them without a visit now\n",
        "5 visits had workers then; £2.00 for each change\n",
        "changed: 0 of 5 visits have another worker than in the previous roster\n",
    ):
        assert expected in said.out
    assert max(len(line) for line in said.out.splitlines() if "/" not in line) <= 80
    checked = command("check", tmp_path / "next")
    assert checked.last == "0 violations"
    assert "Note" not in checked.out


def test_a_problem_that_has_changed_is_planned_again(
    replan, command, problem_folder, roster_folder, tmp_path
):
    """``check`` refuses the old roster of a folder edited since; ``plan`` needs it."""
    text = FILES["clients.csv"].replace("C1,any,,", "C1,any,W3,")
    (problem_folder / "clients.csv").write_text(text, encoding="utf-8")
    assert command("check", roster_folder).code == 2
    said = replan(problem_folder, "--previous", roster_folder, "--change-price", 350)
    assert said.code == 0
    assert "£3.50 for each change" in said.out
    assert (
        "changed: 1 of 5 visits have another worker than in the previous roster"
        in said.out
    )
    assert re.search(r"^change +£3\.50$", said.out, re.MULTILINE)
    now = workers(tmp_path / "next")
    assert {v: w for v, w in now.items() if v != "V5"} == {
        v: w for v, w in BY_HAND.items() if v != "V5"
    }
    assert command("check", tmp_path / "next").last == "0 violations"
    assert "Note" not in command("check", tmp_path / "next").out


def test_what_the_roster_folder_keeps_of_it(replan, roster_folder, tmp_path):
    folder = next_week(tmp_path / "following")
    replan(folder, "--previous", roster_folder)
    written = newest(tmp_path / "next")
    about = json.loads((written / "provenance.json").read_text("utf-8"))["parameters"]
    assert about["change_p"] == "200"
    assert len(about["previous_sha256"]) == 64
    assert about["previous_visits"] == about["previous_matched"] == "5"
    assert about["previous_kept_at_start"] == "5"
    assert (written / "previous.csv").read_text("utf-8").splitlines() == [
        "visit_id,workers",
        "NEXT-1,W1",
        "NEXT-2,W1;W2",
        "NEXT-3,W1",
        "NEXT-4,W1",
        "NEXT-5,W3",
    ]


def test_a_price_changed_by_hand_is_noted(replan, command, roster_folder, tmp_path):
    """The cost that ``check`` works out goes by previous.csv."""
    replan(next_week(tmp_path / "following"), "--previous", roster_folder)
    table = newest(tmp_path / "next") / "previous.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace("NEXT-5,W3", "NEXT-5,W2"), encoding="utf-8")
    assert "Note: the roster costs" in command("check", tmp_path / "next").out


@pytest.mark.parametrize(
    "text", ["visit_id,workers\nNEXT-1,\n", "visit_id,workers\nNEXT-1,A;B;C\n"]
)
def test_a_damaged_previous_table_is_told(
    text, replan, command, roster_folder, tmp_path
):
    replan(next_week(tmp_path / "following"), "--previous", roster_folder)
    (newest(tmp_path / "next") / "previous.csv").write_text(text, encoding="utf-8")
    said = command("check", tmp_path / "next")
    assert said.code == 2
    assert "previous.csv:2 workers" in said.err


def test_a_lost_price_is_told(replan, command, roster_folder, tmp_path):
    replan(next_week(tmp_path / "following"), "--previous", roster_folder)
    path = newest(tmp_path / "next") / "provenance.json"
    about = json.loads(path.read_text("utf-8"))
    del about["parameters"]["change_p"]
    path.write_text(json.dumps(about), encoding="utf-8")
    said = command("check", tmp_path / "next")
    assert said.code == 2
    assert "change_p" in said.err


def test_a_folder_without_a_roster_is_refused_before_planning(
    replan, problem_folder, tmp_path
):
    said = replan(problem_folder, "--previous", problem_folder)
    assert said.code == 2
    assert "E1118" in said.err
    assert not (tmp_path / "next").exists()


def test_without_a_previous_roster_there_is_nothing_of_it(
    replan, problem_folder, tmp_path
):
    said = replan(problem_folder)
    assert "Previous roster" not in said.out
    assert "changed:" not in said.out
    assert not (newest(tmp_path / "next") / "previous.csv").exists()
