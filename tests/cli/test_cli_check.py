"""``roundplan check`` finds each change by hand that breaks a rule."""

import csv
import json
import shutil

import pytest


@pytest.fixture
def check(command):
    """Runs ``roundplan check``."""

    def run(*arguments):
        return command("check", *arguments)

    return run


def current(roster_folder):
    """The numbered folder that holds the roster."""
    return roster_folder / (roster_folder / "current").read_text("utf-8").strip()


def edit(roster_folder, name, change):
    """Change the rows of a table by hand; ``change`` gets and returns the rows."""
    path = current(roster_folder) / name
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), reader.fieldnames
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(change(rows))


def on(visit_id, of="", **cells):
    """A change of cells in the rows of a visit, of one worker where given."""

    def change(rows):
        hit = [
            row
            for row in rows
            if row["visit_id"] == visit_id and of in ("", row["worker_id"])
        ]
        assert hit
        for row in hit:
            row.update(cells)
        return rows

    return change


def without(visit_id, worker_id=""):
    """A table without the rows of a visit, of one worker where given."""

    def change(rows):
        return [
            row
            for row in rows
            if row["visit_id"] != visit_id or worker_id not in ("", row["worker_id"])
        ]

    return change


def twice(visit_id, worker_id, round_id):
    """A table in which another worker makes a visit as well."""

    def change(rows):
        row = next(r for r in rows if r["visit_id"] == visit_id)
        return [*rows, {**row, "worker_id": worker_id, "round_id": round_id}]

    return change


def no_rows(rows):
    """An empty table."""
    return []


def round_of(roster_folder, worker_id):
    """The round_id of a worker's only round."""
    path = current(roster_folder) / "rounds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return next(
            row["round_id"]
            for row in csv.DictReader(file)
            if row["worker_id"] == worker_id
        )


def moved_to(roster_folder, visit_id, worker_id):
    """A visit made by another worker, in that worker's round."""
    round_id = round_of(roster_folder, worker_id)
    return on(visit_id, worker_id=worker_id, round_id=round_id)


def test_a_roster_that_keeps_every_rule_passes(check, roster_folder):
    result = check(roster_folder)
    assert result.code == 0, result.out
    assert result.last == "0 violations"
    assert "6 visits: 5 placed, 1 unassigned" in result.out
    assert "Note" not in result.out


def test_a_numbered_folder_can_be_checked_by_itself(check, roster_folder):
    assert check(current(roster_folder)).code == 0


def test_quiet_says_nothing_and_tells_by_the_exit_code(check, roster_folder):
    assert check(roster_folder, "--quiet").out == ""
    edit(roster_folder, "breaks.csv", no_rows)
    result = check(roster_folder, "--quiet")
    assert (result.code, result.out) == (1, "")


@pytest.mark.parametrize(
    ("visit_id", "start", "end", "rule"),
    [
        ("V1", "08:35", "09:35", "window: 1 violation, 5 min in all"),
        ("V4", "12:27", "14:27", "window: 1 violation, 3 min in all"),
        ("V3", "10:21", "11:51", "travel: 1 violation, 2 min in all"),
        ("V3", "10:30", "12:05", "duration: 1 violation, 5 min in all"),
    ],
)
def test_a_changed_time_is_found_with_its_quantity(
    check, roster_folder, visit_id, start, end, rule
):
    edit(roster_folder, "roster.csv", on(visit_id, start=start, end=end))
    result = check(roster_folder)
    assert result.code == 1, result.out
    assert rule in result.out


def test_two_workers_starting_apart_are_found(check, roster_folder):
    edit(roster_folder, "roster.csv", on("V2", "W2", start="09:18", end="10:18"))
    result = check(roster_folder)
    assert result.code == 1
    assert "double_handed: 1 violation, 3 min in all" in result.out
    assert result.last == "1 violation"


@pytest.mark.parametrize(
    ("visit_id", "worker_id", "rule"),
    [
        ("V1", "W2", "skills: 1 violation"),
        ("V3", "W3", "gender: 1 violation"),
        ("V4", "W3", "barred: 1 violation"),
        ("V1", "W2", "availability: 1 violation, 30 min in all"),
    ],
)
def test_a_wrong_worker_is_found(check, roster_folder, visit_id, worker_id, rule):
    """Without the skill, of the wrong gender, barred, or off shift."""
    edit(roster_folder, "roster.csv", moved_to(roster_folder, visit_id, worker_id))
    result = check(roster_folder)
    assert result.code == 1, result.out
    assert rule in result.out


@pytest.mark.parametrize("worker_id", ["", "W2"], ids=["missing", "one of two"])
def test_a_visit_without_its_workers_is_found(check, roster_folder, worker_id):
    edit(roster_folder, "roster.csv", without("V2", worker_id))
    result = check(roster_folder)
    assert result.code == 1
    assert "coverage: 1 violation" in result.out


def test_a_visit_made_twice_is_found(check, roster_folder):
    round_id = round_of(roster_folder, "W3")
    edit(roster_folder, "roster.csv", twice("V1", "W3", round_id))
    result = check(roster_folder)
    assert result.code == 1
    assert "coverage: 1 violation" in result.out


def test_a_removed_break_is_found(check, roster_folder):
    edit(roster_folder, "breaks.csv", no_rows)
    result = check(roster_folder)
    assert result.code == 1
    assert "break: 1 violation" in result.out


def test_an_essential_visit_left_out_exits_1_though_no_rule_is_broken(
    check, roster_folder
):
    edit(roster_folder, "roster.csv", without("V4"))
    edit(roster_folder, "breaks.csv", no_rows)

    def left_out(rows):
        return [*rows, {"visit_id": "V4", "code": "no_room", "reason": "no room"}]

    edit(roster_folder, "unassigned.csv", left_out)
    result = check(roster_folder)
    assert result.code == 1, result.out
    assert "1 essential visit is unassigned" in result.out
    assert result.last == "0 violations"


def test_a_cost_that_no_longer_fits_is_a_note_not_a_violation(check, roster_folder):
    path = current(roster_folder) / "cost.json"
    cost = json.loads(path.read_text("utf-8"))
    cost["total"]["pence"] += 1
    path.write_text(json.dumps(cost), encoding="utf-8")
    result = check(roster_folder)
    assert result.code == 0
    assert "Note" in result.out
    assert result.last == "0 violations"


def test_a_moved_problem_is_found_with_the_option(check, roster_folder, problem_folder):
    elsewhere = problem_folder.with_name("moved")
    shutil.move(problem_folder, elsewhere)
    assert check(roster_folder).code == 2
    assert check(roster_folder, "--problem", elsewhere).code == 0
