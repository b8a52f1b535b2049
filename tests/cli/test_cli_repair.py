"""``roundplan repair``."""

import pytest

CHANGES = """\
change,worker_id,visit_id,client_id,beside,date,to,duration_min,earliest_start,latest_start
worker_absent,W3,,,,2026-06-01,,,,
visit_cancelled,,V6,,,,,,,
new_visit,,N1,C9,C1,2026-06-01,,30,14:00,15:00
"""


@pytest.fixture
def changes(tmp_path):
    path = tmp_path / "changes.csv"
    path.write_text(CHANGES, encoding="utf-8")
    return path


def test_a_new_folder_with_problem_and_roster(
    command, roster_folder, changes, tmp_path
):
    before = {p: p.read_bytes() for p in roster_folder.rglob("*") if p.is_file()}
    said = command(
        *("repair", roster_folder, "--changes", changes, "--out", tmp_path / "now"),
        *("--now", "2026-06-01 06:30", "--iterations", 100),
    )
    assert said.code == 0
    assert "2 visits displaced: new, or cannot stay as rostered" in said.out
    assert "client C9 is new" in said.out
    assert "other worker" in said.out
    assert "visit gone: 1 visit" in said.out
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    assert {p: p.read_bytes() for p in before} == before
    assert command("check", tmp_path / "now" / "roster").last == "0 violations"
    again = command("diff", roster_folder, tmp_path / "now" / "roster")
    assert "3 of 7 visits changed" in again.out
    assert not list(tmp_path.glob(".unfinished-*"))


def test_a_dry_run_writes_nothing(command, roster_folder, changes, tmp_path):
    there = sorted(tmp_path.rglob("*"))
    said = command(
        *(
            "repair",
            roster_folder,
            "--changes",
            changes,
            "--dry-run",
            "--iterations",
            100,
        )
    )
    assert said.code == 0
    assert said.last == "Nothing was written (--dry-run)."
    assert sorted(tmp_path.rglob("*")) == there


def test_every_fault_of_the_file_is_told_at_once(command, roster_folder, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "change,worker_id,visit_id,client_id,date,to,duration_min,earliest_start\n"
        "worker_absent,W9,,,2026-06-01,,,\n"
        "worker_absent,,,,2026-06-01,,,\n"
        "worker_absent,W1,,,2026-07-01,,,\n"
        "visit_cancelled,,V9,,,,,\n"
        "visit_changed,,V1,,,,,\n"
        "new_visit,,V1,C1,2026-06-01,,30,\n"
        "gone_fishing,W1,,,,,,\n",
        encoding="utf-8",
    )
    said = command("repair", roster_folder, "--changes", bad, "--dry-run")
    assert said.code == 2
    told = " ".join(said.err.split())
    for line in range(2, 9):
        assert f"bad.csv:{line} " in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "--dry-run to write nothing"),
        (("--out", "{there}"), "choose a new folder"),
        (("--dry-run", "--now", "half past six"), "is a date and a time"),
    ],
)
def test_what_cannot_be_asked(options, told, command, roster_folder, changes):
    options = [o.format(there=roster_folder) for o in options]
    said = command("repair", roster_folder, "--changes", changes, *options)
    assert said.code == 2
    assert told in " ".join(said.err.split())
