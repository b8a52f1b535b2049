"""``roundplan diff``."""

import csv


def test_two_rosters_of_one_folder(command, problem_folder, roster_folder, tmp_path):
    command(
        *("plan", problem_folder, "--out", roster_folder, "--quiet"),
        *("--iterations", 50, "--previous", roster_folder, "--change-price", 0),
    )
    said = command(
        *("diff", roster_folder / "0001", roster_folder / "0002"),
        *("--csv", tmp_path / "changes.csv"),
    )
    assert said.code == 0
    with (tmp_path / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows)} of 6 visits changed" in said.out
    assert rows
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    for row in rows:
        assert row["visit_id"] in said.out
        assert row["start_now"].startswith("2026-06-01 ")


def test_the_same_roster_twice(command, roster_folder):
    said = command("diff", roster_folder, roster_folder)
    assert said.code == 0
    assert said.last == "The rosters are the same, visit by visit."


def test_what_is_no_roster_is_refused(command, roster_folder, tmp_path):
    said = command("diff", roster_folder, tmp_path)
    assert said.code == 2
