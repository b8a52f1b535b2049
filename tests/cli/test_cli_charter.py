"""``roundplan charter``."""

import csv
import shutil

import pytest


def charter(command, folder, out, *options):
    return command(
        "charter", folder, "--out", out, "--iterations", 30, "--seeds", 2, *options
    )


def test_each_rule_has_its_cost_alone_and_last(command, problem_folder, tmp_path):
    out = tmp_path / "charter"
    said = charter(command, problem_folder, out, "--guaranteed", 100, "--shapley")
    assert said.code == 0
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    for part in (
        "What each rule costs alone",
        "What each rule adds last",
        "Shapley shares",
        "Hours that can be guaranteed",
        "not of the same work",  # V6 asks for a skill that nobody has
    ):
        assert part in said.out
    with (out / "effects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    money = {
        (r["rule"], r["kind"], r["seed"]): (float(r["without"]), float(r["with"]))
        for r in rows
        if r["figure"] == "Money"
    }
    # 7 hours of contact at 14.80, or at 12.71 without the rule
    before, after = money["London Living Wage", "alone", "1"]
    assert before == pytest.approx(7 * 12.71 * 1.005, abs=0.01)
    assert after == pytest.approx(7 * 14.80 * 1.005, abs=0.01)
    assert "What the charter costs" in (out / "charter.html").read_text("utf-8")
    again = charter(command, problem_folder, out, "--guaranteed", 100)
    assert again.out.count("(kept)") == 20
    assert "16 of" not in again.out.split("(kept)")[-1]


def test_rules_of_pay_alone_plan_once_a_seed(command, problem_folder, tmp_path):
    said = charter(
        command, problem_folder, tmp_path / "c",
        "--rules", "London living wage, paid travel",
    )  # fmt: skip
    assert said.code == 0
    assert "2 rules, 2 seeds: 2 plans" in said.out
    assert "What else changes" not in said.out


def test_folders_are_added_up(command, problem_folder, tmp_path):
    other = tmp_path / "south"
    shutil.copytree(problem_folder, other)
    rules = ("--rules", "paid travel, London Living Wage")
    said = charter(command, problem_folder, tmp_path / "one", *rules)
    both = charter(command, problem_folder, tmp_path / "two", other, *rules)
    assert both.code == 0
    assert "south  seed 2  none" in both.out

    def row(of, name):
        return next(li for li in of.out.splitlines() if li.startswith(name)).split()

    one, two = row(said, "paid travel"), row(both, "paid travel")
    assert one[3:] == two[3:], "as much a visit, an hour and a client"
    assert one[2] != two[2]
    mixed = charter(command, problem_folder, tmp_path / "x", problem_folder, *rules)
    assert mixed.code == 2
    assert "their trials mix" in mixed.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rules", "no travel"), "there is no rule no travel"),
        (("--processes", 2, "--cluster", "tcp://x"), "not both"),
        (("--confidence", 100, "--rules", "paid travel"), "a confidence is"),
    ],
)
def test_what_cannot_be_done_is_said(command, problem_folder, tmp_path, options, told):
    said = charter(command, problem_folder, tmp_path / "c", *options)
    assert said.code == 2
    assert told in said.err


def test_rates_that_are_not_vouched_for_are_refused(command, problem_folder, tmp_path):
    path = problem_folder / "problem.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2026-06-01", "2028-06-05"), encoding="utf-8")
    for name in ("visits.csv", "shifts.csv"):
        table = problem_folder / name
        moved = table.read_text(encoding="utf-8").replace("2026-06-01", "2028-06-05")
        table.write_text(moved, encoding="utf-8")
    said = charter(command, problem_folder, tmp_path / "c")
    assert said.code == 2
    assert "E1201" in said.err
    assert not (tmp_path / "c").exists()
    said = charter(
        command, problem_folder, tmp_path / "c", "--unverified", "--rules", "sick pay"
    )
    assert "there is no rule sick pay" in said.err
