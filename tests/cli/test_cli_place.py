"""``roundplan place``."""

import pytest

HEAD = (
    "change,client_id,beside,visit_id,date,duration_min,earliest_start,latest_start\n"
)
NEW = "new_visit,{},{},N1,2026-06-01,30,11:00,15:00\n"


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "package.csv"
    path.write_text(HEAD + NEW.format("C9", "C1"), encoding="utf-8")
    return path


def test_offers_are_ranked_and_counted(command, roster_folder, package):
    said = command(
        *("place", roster_folder, "--package", package),
        "--how-many",
    )
    assert said.code == 0
    assert "client C9 is new: travel times, patch and provider are taken" in said.out
    assert "offers for 1 visit" in said.out
    assert "The package fits." in said.out
    assert "fit one after the other" in said.last
    lines = [li for li in said.out.splitlines() if str(roster_folder) not in li]
    assert max(map(len, lines[:-1])) <= 80


def test_a_package_without_room_has_its_reasons(command, roster_folder, tmp_path):
    path = tmp_path / "late.csv"
    path.write_text(
        f"{HEAD}new_visit,C1,,N1,2026-06-01,30,20:00,20:30\n", encoding="utf-8"
    )
    said = command(
        *("place", roster_folder, "--package", path, "--iterations", 50),
    )
    assert said.code == 1
    assert "3 workers could not: each was tried" in said.out
    assert said.last.startswith("The whole package does not fit")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (NEW.format("C9", ""), "E1107"),
        (NEW.format("C1", "C2"), "the client is not new"),
        (NEW.format("C9", "C8"), "E1107"),
        ("visit_cancelled,C1,,V1,,,,\n", "new visits"),
        ("", "one client"),
    ],
)
def test_what_is_no_package(rows, told, command, roster_folder, tmp_path):
    path = tmp_path / "package.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    said = command("place", roster_folder, "--package", path)
    assert said.code == 2
    assert told in " ".join(said.err.split())
