"""The town that needs no data of one's own."""

import pytest


@pytest.fixture
def town(command, tmp_path):
    """A generated problem of six clients."""
    folder = tmp_path / "town"
    said = command("generate", "--out", folder, "--clients", 6, "--seed", 3)
    assert said.code == 0, said.err
    assert f"roundplan plan {folder}" in said.last
    return folder


def test_a_generated_town_can_be_planned_and_checked(command, town, tmp_path):
    out = tmp_path / "roster"
    said = command("plan", town, "--out", out, "--iterations", 20)
    assert said.code == 0, said.out + said.err
    assert command("check", out).last == "0 violations"


def test_the_same_seed_makes_the_same_town(command, town, tmp_path):
    again = tmp_path / "again"
    said = command("generate", "--out", again, "--clients", 6, "--seed", 3, "--quiet")
    assert said.out == ""
    assert {p.name for p in again.iterdir()} == {p.name for p in town.iterdir()}
    for path in town.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_shape_can_be_made_small_and_on_other_days(command, tmp_path):
    folder = tmp_path / "week"
    said = command(
        *("generate", "--like", "reablement", "--clients", 5, "--out", folder),
        *("--start", "2026-09-07", "--weeks", 2),
    )
    assert said.code == 0, said.err
    assert "like reablement" in said.out
    text = (folder / "problem.toml").read_text(encoding="utf-8")
    assert 'start_date = "2026-09-07"' in text
    assert "days = 14" in text
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert (
        "generate --like reablement --clients 5 --seed 1 --start 2026-09-07 --days 14"
        in readme
    )


def test_the_shapes_are_listed_in_eighty_columns(command):
    said = command("generate", "--list")
    assert said.code == 0
    names = [line for line in said.out.splitlines() if not line.startswith(" ")]
    assert names == [
        "camden-2024",
        "islington-2024",
        "lewisham-2022",
        "reablement",
        "southwark-2014",
    ]
    assert max(map(len, said.out.splitlines())) <= 80
    assert len(said.out.splitlines()) == 2 * len(names)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--like", "camden"), "choose from camden-2024, islington-2024"),
        (("--days", 2, "--weeks", 1), "--days or --weeks"),
        (("--start", "1.9.2026"), "--start"),
        (("--days", 29), "--days"),
    ],
)
def test_bad_options_are_refused(command, tmp_path, options, message):
    said = command("generate", "--out", tmp_path / "week", *options)
    assert said.code == 2
    assert message in " ".join(said.err.split())
    assert not (tmp_path / "week").exists()


def test_a_town_is_not_written_over_another(command, town):
    before = {path.name: path.read_bytes() for path in town.iterdir()}
    said = command("generate", "--out", town, "--clients", 6, "--seed", 4)
    assert said.code == 2
    assert {path.name: path.read_bytes() for path in town.iterdir()} == before


@pytest.mark.slow
def test_the_demo_plans_checks_and_says_what_to_do_next(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = command("demo", "--seconds", 1)
    # 1: a second may be too little to place every essential visit.
    assert first.code in (0, 1), first.out + first.err
    assert "\n0 violations\n" in first.out
    assert "roundplan check" in first.out
    assert max(map(len, first.out.splitlines())) <= 80
    assert command("check", "roundplan-demo/roster").last == "0 violations"

    visits = tmp_path / "roundplan-demo" / "problem" / "visits.csv"
    changed = visits.read_text("utf-8").splitlines(keepends=True)[:-1]
    visits.write_text("".join(changed), encoding="utf-8", newline="")
    again = command("demo", "--seconds", 1, "--quiet")
    assert again.code in (0, 1)
    assert again.out == ""
    assert visits.read_text("utf-8") == "".join(changed)
    rosters = tmp_path / "roundplan-demo" / "roster"
    assert (rosters / "current").read_text("utf-8").strip() == "0002"
