"""``roundplan explain``."""

import pytest


def test_an_unassigned_visit_has_a_rule_for_each_worker(command, roster_folder):
    said = command("explain", roster_folder, "V6")
    assert said.code == 0
    assert "It has no worker, which is priced at £50.00 (flexible)." in said.out
    assert "3 workers could not: each was tried" in said.out
    text = " ".join(said.out.split())
    for worker in ("W1", "W2", "W3"):
        assert f"asks for hoist, which worker {worker} does not have" in text
    assert "1 rule set aside: " in said.out
    lines = [li for li in said.out.splitlines() if str(roster_folder) not in li]
    assert max(map(len, lines)) <= 80


def test_without_a_visit_all_that_have_no_worker_are_explained(command, roster_folder):
    said = command("explain", roster_folder)
    assert said.code == 0
    assert "1 visit without a worker" in said.out
    assert "skills stops 3 workers" in said.out
    assert "1 rule set aside: " in said.out


def test_a_placed_visit_has_the_next_best(command, roster_folder):
    said = command("explain", roster_folder, "V5")
    assert said.code == 0
    assert "W3 makes it at 10:00." in said.out
    assert "could not: each was tried" in said.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["V99"], "no visit V99"), (["V1", "--problem", "no-such"], "E1101")],
)
def test_what_cannot_be_explained(arguments, told, command, roster_folder):
    said = command("explain", roster_folder, *arguments)
    assert said.code == 2
    assert told in " ".join(said.err.split())


@pytest.mark.parametrize(
    ("old", "new"),
    [("V5,C1,W3,", "V55,C1,W3,"), ("V5,C1,W3,", "V5,C1,W9,")],
)
def test_a_roster_edited_beyond_the_problem_is_refused(
    old, new, command, roster_folder
):
    table = roster_folder / "0001" / "roster.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new), encoding="utf-8")
    for arguments in (["V1"], []):
        said = command("explain", roster_folder, *arguments)
        assert said.code == 2
        assert "roundplan check` says what is wrong" in " ".join(said.err.split())
