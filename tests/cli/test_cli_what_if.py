"""``roundplan what-if``."""

import csv

import pytest

from roundplan.cli._comparing import _print_table
from roundplan.cli._console import Screen
from roundplan.solve import Change, Comparison, Figure


@pytest.fixture
def cycling(problem_folder):
    """Some may cycle, twice as fast as they walk."""
    travel = (problem_folder / "travel.csv").read_text(encoding="utf-8")
    rows = [line for line in travel.splitlines() if line.startswith("walk")]
    rows = [r.replace("walk", "ebike").replace(",300,", ",150,") for r in rows]
    (problem_folder / "travel.csv").write_text(
        travel + "\n".join(rows) + "\n", encoding="utf-8"
    )
    return problem_folder


def test_a_table_of_both_sides(command, cycling, tmp_path):
    said = command(
        *("what-if", cycling, "--ebikes", 2, "--iterations", 200, "--seeds", 2),
        *("--csv", tmp_path / "figures.csv"),
    )
    assert said.code == 0
    assert "e-bikes for 2 workers, most hours on shift first" in said.out
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    cost = next(li for li in lines if li.startswith("Cost, all terms"))
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = rows[0]
    assert first["figure"] == "Cost, all terms"
    assert f"£{float(first['as_it_is']):,.2f}" in cost
    assert {r["seed"] for r in rows} == {"1", "2"}
    share = [r["e-bikes"] for r in rows if r["figure"] == "ebike"]
    assert all(float(s) > 0 for s in share)
    assert sorted(p.name for p in cycling.parent.iterdir()) == [
        "figures.csv",
        "problem",
    ]


def test_one_seed_says_that_it_may_be_chance(command, problem_folder):
    said = command(
        "what-if", problem_folder, "--walk-only", "--iterations", 20, "--seeds", 1
    )
    assert said.code == 0
    assert said.last.startswith("One seed: a difference may be chance")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "give one of"),
        (("--walk-only", "--ebikes", 1), "give one of"),
        (("--without-filters",), "E2201"),
        (("--ebikes", 1), "nothing of going by ebike"),
        (("--ebikes", 4), "4 more e-bikes: give a number from 1 to 3"),
        (("--walk-only", "--csv", "no/such/figures.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_asked(options, told, command, problem_folder):
    said = command("what-if", problem_folder, "--iterations", 1, *options)
    assert said.code == 2
    assert told in " ".join(said.err.split())


@pytest.mark.parametrize("change", Change)
def test_a_figure_takes_one_line_and_nothing_is_minus_nothing(
    change, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "80")
    names = [
        ("Cost, all terms", "p"),
        ("  transit", "% trips"),
        ("Other patch", "visits"),
    ]
    figures = tuple(
        Figure(name=name, unit=unit, before=(1_405_950.0, 14.14), after=(14.1, 1e6))
        for name, unit in names
    )
    tiny = Figure(name="  ebike", unit="% trips", before=(14.14, 14), after=(14.1, 14))
    made = Comparison(figures=(*figures, tiny), before=(), after=(), notes=())
    _print_table(Screen(), made, change, 2)
    lines = capsys.readouterr().out.split("--\n")[1].split("\n\n")[0].splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80
    assert "-0.0" not in lines[3]
