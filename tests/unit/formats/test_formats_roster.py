"""Roster folders: equal when read back, atomic, and loadable after hand edits."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import helpers
from roundplan.domain import (
    Break,
    Override,
    Provenance,
    Roster,
    Rule,
    Unassigned,
)
from roundplan.errors import DataError, UsageError
from roundplan.formats import (
    ProblemFolder,
    field_table,
    load_problem,
    load_roster,
    save_problem,
    save_roster,
)
from roundplan.formats import roster_save as module

SHIFTS = {
    "W1@2026-06-01": [("V1", "08:00"), ("V2", "09:00:30"), ("V3", "24:10")],
    "W2@2026-06-02": [("V4", "08:00"), ("V5", "10:00")],
}


def seconds(text: str, day: int) -> int:
    """Seconds of the horizon of HH:MM or HH:MM:SS."""
    return helpers.clock(text[:5], day) + int(text[6:] or 0)


@pytest.fixture
def planned(tmp_path: Path) -> tuple[ProblemFolder, Roster]:
    """A problem folder and a roster of it."""
    visits = [
        helpers.visit("V1", "C1"),
        helpers.visit("V2", "C2", pinned_workers=("W1",)),
        helpers.visit("V3", "C1", earliest="23:30", latest="24:30"),
        helpers.visit("V4", "C1", day=1),
        helpers.visit("V5", "C2", day=1, earliest="10:00", latest="11:00"),
        helpers.visit("V6", "C2", day=1),
    ]
    workers = [
        helpers.worker("W1"),
        helpers.worker("W2", x=300.0),
        helpers.worker("W3"),
    ]
    shifts = [
        helpers.shift("W1", end="26:00", shift_id="W1@2026-06-01", end_place="W1"),
        helpers.shift("W2", day=1, shift_id="W2@2026-06-02", start_place="W2"),
        helpers.shift("W1", day=1, shift_id="W1@2026-06-02"),
    ]
    problem = helpers.problem(visits, workers, shifts, days=2)
    travel = helpers.travel(problem)
    folder = save_problem(problem, tmp_path / "problem", travel=travel)
    loaded = load_problem(folder)
    rounds = {
        shift_id: [(v, seconds(s, problem.shift(shift_id).day)) for v, s in stops]
        for shift_id, stops in SHIFTS.items()
    }
    rest = Break(start_s=helpers.clock("09:00", 1), end_s=helpers.clock("09:20", 1))
    roster = helpers.roster(loaded.problem, travel, rounds, {"W2@2026-06-02": [rest]})
    roster = replace(
        roster,
        unassigned=(
            Unassigned(
                visit_id="V6",
                code="no_room",
                reason='nobody, "really"',
                cheapest_relaxation="window + 15 min",
                relaxation_p=1234,
            ),
        ),
        provenance=Provenance(
            version="0.1.0",
            seed=1,
            iterations=500,
            seconds=1.25,
            parameters=(("string_length", "8"),),
            bound_p=100,
            gap=0.125,
            notes=("a note",),
        ),
    )
    return loaded, roster


@pytest.fixture
def save(planned, tmp_path: Path) -> Callable[..., Path]:
    """Save the roster into tmp_path/out."""

    def _save(**changes: object) -> Path:
        folder, roster = planned
        arguments = {
            "problem_folder": folder,
            "travel": folder.travel,
            "roster": roster,
            "cost": {"total_p": 5},
            "kpis": {"visits": {"placed": 5}},
            "round_figures": {"W1@2026-06-01": {"paid_s": 7200, "contact_s": 5400}},
        }
        return save_roster(tmp_path / "out", **(arguments | changes))

    return _save


def edit(path: Path, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a CSV file by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def test_roster_reads_back_equal(planned, save):
    folder, roster = planned
    written = save()
    loaded = load_roster(written)
    assert loaded.roster == roster
    assert loaded.problem_folder.problem == folder.problem
    assert loaded.problem_folder.hashes == folder.hashes
    assert loaded.travel.matrices["walk"].times_s.max() > 0
    assert (loaded.cost, loaded.kpis) == ({"total_p": 5}, {"visits": {"placed": 5}})
    assert loaded.folder == written
    first, second = loaded.roster.rounds
    assert first.last_leg is not None
    assert second.visits[0].leg is not None
    assert second.breaks


def test_roster_without_provenance_or_rounds_reads_back(save):
    empty = Roster(rounds=())
    assert load_roster(save(roster=empty)).roster == empty


def test_clock_change_roster_reads_back(tmp_path: Path):
    """A visit in the hour that comes twice keeps its place."""
    from datetime import date

    from roundplan.formats import local_horizon

    horizon = local_horizon(date(2026, 10, 24), 2)
    base = helpers.problem(
        [helpers.visit(earliest="22:00", latest="27:00")],
        shifts=[helpers.shift(end="34:00", shift_id="W1@2026-10-24")],
        days=2,
        horizon=horizon,
    )
    travel = helpers.travel(base)
    folder = load_problem(save_problem(base, tmp_path / "p", travel=travel))
    for start in (25 * 3600 + 1800, 26 * 3600 + 1800):
        roster = helpers.roster(base, travel, {"W1@2026-10-24": [("V1", start)]})
        written = save_roster(
            tmp_path / "out",
            problem_folder=folder,
            travel=travel,
            roster=roster,
            cost={},
            kpis={},
            round_figures={},
        )
        assert load_roster(written).roster == roster
    text = (written / "roster.csv").read_text(encoding="utf-8")
    assert "2026-10-24,25:30+00:00,26:00" in text


def test_columns_are_those_of_the_field_tables(save):
    written = save(
        overrides_used=[
            Override(
                rule=Rule.SKILLS, visit_id="V1", reason="x", approved_by="y", day=1
            )
        ]
    )
    for table in ("roster", "rounds", "breaks", "unassigned", "overrides"):
        header = (written / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [f.name for f in field_table(table)]
    overrides = (written / "overrides.csv").read_text(encoding="utf-8")
    assert overrides.endswith("skills,V1,,x,y,2026-06-02\n")
    assert {p.name for p in written.iterdir()} == {
        *("roster.csv", "rounds.csv", "breaks.csv", "unassigned.csv", "overrides.csv"),
        *("travel.parquet", "kpis.json", "cost.json", "provenance.json"),
    }


def test_rows_say_times_as_on_the_wall(save):
    written = save()
    with (written / "roster.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["visit_id"]: row for row in csv.DictReader(file)}
    assert (rows["V1"]["start"], rows["V1"]["travel_from"]) == ("08:00", "")
    assert (rows["V2"]["start"], rows["V2"]["end"]) == ("09:00:30", "09:30:30")
    assert (rows["V2"]["sequence"], rows["V2"]["pinned"]) == ("2", "y")
    assert (rows["V3"]["date"], rows["V3"]["start"]) == ("2026-06-01", "24:10")
    assert rows["V4"]["travel_from"] == "W2"
    with (written / "rounds.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["first_start"], first["last_end"]) == ("08:00", "24:40")
    assert (first["paid_s"], first["travel_s"]) == ("7200", "")
    assert (first["last_leg_s"], second["last_leg_s"]) == ("0", "")


def test_provenance_has_a_relative_posix_path_and_hashes(planned, save):
    about = json.loads((save() / "provenance.json").read_text(encoding="utf-8"))
    assert about["problem"] == "../../problem"
    assert about["inputs"] == dict(planned[0].hashes)


def test_folders_are_numbered_and_current_follows(save, planned):
    first = save()
    second = save(roster=Roster(rounds=()))
    out = first.parent
    assert [first.name, second.name] == ["0001", "0002"]
    assert (out / "current").read_text(encoding="utf-8") == "0002\n"
    assert load_roster(out).roster.rounds == ()
    assert load_roster(first).roster == planned[1]
    assert {p.name for p in out.iterdir()} == {"0001", "0002", "current"}


@pytest.mark.parametrize("step", ["_put_in_place", "_point_to"])
def test_interrupted_save_leaves_the_old_roster(save, planned, monkeypatch, step):
    """Ctrl-C while writing: no half roster, and ``current`` is still the old one."""
    out = save().parent

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(roster=Roster(rounds=()))
    assert load_roster(out).roster == planned[1]
    assert not [p for p in out.iterdir() if p.name.startswith(".")]


def test_faster_run_takes_the_number_first(save, monkeypatch, tmp_path):
    """Another run that finishes in between does not lose its folder."""
    out = save().parent
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        if target.name == "0002":
            target.mkdir()
            (target / "theirs").write_text("x", encoding="utf-8")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert save().name == "0003"
    assert (out / "0002" / "theirs").exists()


def test_figure_that_json_cannot_hold_writes_nothing(save, tmp_path):
    with pytest.raises(ValueError):
        save(kpis={"x": float("nan")})
    assert not (tmp_path / "out").exists()


def test_out_that_is_a_file_is_refused(save, tmp_path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError):
        save()


def test_moved_problem_is_found_with_an_option(save, planned, tmp_path):
    written = save()
    shutil.move(tmp_path / "problem", tmp_path / "elsewhere")
    with pytest.raises(DataError, match="--problem"):
        load_roster(written)
    assert load_roster(written, problem=tmp_path / "elsewhere").roster == planned[1]


def test_both_folders_may_move_together(save, planned, tmp_path):
    save()
    (tmp_path / "new").mkdir()
    for name in ("problem", "out"):
        shutil.move(tmp_path / name, tmp_path / "new" / name)
    assert load_roster(tmp_path / "new" / "out").roster == planned[1]


@pytest.mark.parametrize(
    ("name", "what"),
    [("clients.csv", "has changed"), ("overrides.csv", "is new"), ("", "is missing")],
)
def test_changed_input_is_refused_by_name(save, tmp_path, name, what):
    written = save()
    problem = tmp_path / "problem"
    if name == "clients.csv":
        with (problem / name).open("a", encoding="utf-8") as file:
            file.write("C9,0,0\n")
    elif name:
        (problem / name).write_text(
            "rule,visit_id,worker_id,reason,approved_by\n", encoding="utf-8"
        )
    else:
        name = "travel.parquet"
        (problem / name).unlink()
    for given in (None, problem):
        with pytest.raises(DataError) as caught:
            load_roster(written, problem=given)
        (fault,) = caught.value.problems
        assert (fault.code, fault.file) == ("E1117", name)
        assert what in fault.what


def test_changed_telephone_number_is_no_other_problem(save, planned, tmp_path):
    written = save()
    (tmp_path / "problem" / "people.csv").write_text("client_id\n", encoding="utf-8")
    assert load_roster(written).roster == planned[1]


@pytest.mark.parametrize("text", ["", "9999", "../0001", "/etc", "0001/.."])
def test_current_that_names_nothing_is_refused(save, text):
    out = save().parent
    (out / "current").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="E1118"):
        load_roster(out)


def test_folder_without_roster_is_refused(tmp_path):
    with pytest.raises(DataError, match="E1118"):
        load_roster(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("provenance.json", "{"),
        ("provenance.json", "[]"),
        ("provenance.json", '{"version": "1"}'),
        ("cost.json", "\x00"),
        ("roster.csv", ""),
        ("rounds.csv", "round_id\n"),
        ("breaks.csv", None),
        ("unassigned.csv", "visit_id,code\nV6\n"),
        ("travel.parquet", "x"),
    ],
)
def test_damaged_roster_folder_is_refused(save, name, content):
    written = save()
    if content is None:
        (written / name).unlink()
    else:
        (written / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_roster(written)
    assert name in {p.file for p in caught.value.problems}


def test_wrong_type_in_provenance_is_refused(save):
    path = save() / "provenance.json"
    about = json.loads(path.read_text(encoding="utf-8")) | {"seed": "one"}
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(DataError, match="wrong type"):
        load_roster(path.parent)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("start", "late", "E1104"),
        ("travel_s", "", "E1105"),
        ("travel_mode", "fly", "E1104"),
        ("visit_id", "", "E1105"),
        ("start", "08:00+09:00", "E1104"),
    ],
)
def test_malformed_cell_is_refused(save, column, value, code):
    written = save()
    edit(written / "roster.csv", lambda rows: rows[1].update({column: value}))
    with pytest.raises(DataError) as caught:
        load_roster(written)
    (fault,) = caught.value.problems
    assert (fault.code, fault.file, fault.line) == (code, "roster.csv", 3)


def rounds_after(save, change) -> dict[tuple[str, str], list[str]]:
    written = save()
    edit(written / "roster.csv", change)
    return {
        (r.round_id, r.worker_id): [v.visit_id for v in r.visits]
        for r in load_roster(written).roster.rounds
    }


W1 = ("W1@2026-06-01", "W1")
W2 = ("W2@2026-06-02", "W2")


def test_deleted_and_doubled_rows_load(save):
    def change(rows: list[dict[str, str]]) -> None:
        rows.append(dict(rows[0]))
        del rows[1]

    assert rounds_after(save, change) == {W1: ["V1", "V1", "V3"], W2: ["V4", "V5"]}


def test_round_without_rows_is_left_out(save):
    assert rounds_after(save, lambda rows: rows.__delitem__(slice(3, 5))) == {
        W1: ["V1", "V2", "V3"]
    }


def test_changed_start_sorts_the_round_again(save):
    change = {"start": "07:00", "end": "07:30"}
    assert rounds_after(save, lambda rows: rows[1].update(change))[W1] == [
        *("V2", "V1", "V3")
    ]


def test_row_of_another_worker_joins_their_shift(save):
    """W1 is on shift on the second day, so V4 becomes a round of that shift."""
    found = rounds_after(save, lambda rows: rows[3].update(worker_id="W1"))
    assert found == {
        W1: ["V1", "V2", "V3"],
        W2: ["V5"],
        ("W1@2026-06-02", "W1"): ["V4"],
    }


def test_row_of_a_worker_off_shift_is_a_round_apart(save):
    """W3 never works and W9 does not exist: the checker still sees them."""

    def change(rows: list[dict[str, str]]) -> None:
        rows[3]["worker_id"] = "W3"
        rows[0]["worker_id"] = "W9"

    found = rounds_after(save, change)
    assert found[f"{W2[0]}~W3", "W3"] == ["V4"]
    assert found[f"{W1[0]}~W9", "W9"] == ["V1"]


def test_unknown_visit_client_and_round_are_kept(save):
    change = {"visit_id": "V99", "client_id": "C99", "round_id": "R99"}
    found = rounds_after(save, lambda rows: rows[3].update(change))
    assert found["W2@2026-06-02", "W2"] == ["V99", "V5"]
    found = rounds_after(
        save, lambda rows: rows[3].update(change | {"worker_id": "W99"})
    )
    assert found["R99", "W99"] == ["V99"]


def test_changed_worker_of_a_whole_round_keeps_its_rows(save):
    written = save()
    edit(written / "rounds.csv", lambda rows: rows[0].update(worker_id="W3"))
    rounds = load_roster(written).roster.rounds
    assert {(r.round_id, r.worker_id) for r in rounds} == {W1, W2}


def test_shortened_leg_and_changed_length_are_read_as_they_stand(save):
    written = save()
    edit(
        written / "roster.csv",
        lambda rows: rows[1].update(travel_s="1", end="10:30", client_id="C1"),
    )
    visit = load_roster(written).roster.rounds[0].visits[1]
    assert visit.leg is not None
    assert (visit.leg.travel_s, visit.leg.to_place) == (1, "C1")
    assert visit.end_s == helpers.clock("10:30")


def test_removed_break_is_gone(save):
    written = save()
    edit(written / "breaks.csv", lambda rows: rows.clear())
    assert all(not r.breaks for r in load_roster(written).roster.rounds)


def test_break_of_an_unknown_round_is_refused(save):
    written = save()
    edit(written / "breaks.csv", lambda rows: rows[0].update(round_id="R99"))
    with pytest.raises(DataError, match="no such round"):
        load_roster(written)


def test_workers_profile_survives_the_saved_travel(planned, save):
    """A worker without a round keeps the profile that the plan would have used."""
    loaded = load_roster(save())
    for worker in loaded.problem_folder.problem.workers:
        assert loaded.travel.profile_of(worker) == planned[0].travel.profile_of(worker)
