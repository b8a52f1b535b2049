"""What a killed run leaves in the output folder does not stay for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

from roundplan.domain import Roster
from roundplan.formats import load_problem, save_roster
from roundplan.units import HOUR_S


def save(folder: Path, out: Path) -> Path:
    """Save a roster without rounds."""
    loaded = load_problem(folder)
    assert loaded.travel is not None
    return save_roster(
        out,
        problem_folder=loaded,
        travel=loaded.travel,
        roster=Roster(rounds=()),
        cost={},
        kpis={},
        round_figures={},
    )


def leave(out: Path, hours: float) -> None:
    """Leave a file and a folder of such an age, and what belongs to somebody else."""
    part = out / ".unfinished-abc" / "visits.csv"
    part.parent.mkdir(parents=True)
    for path in (part, out / ".current-abc", out / ".other-abc", out / "notes.txt"):
        path.write_text("0001", encoding="utf-8")
    then = time.time() - hours * HOUR_S
    for path in out.iterdir():
        os.utime(path, (then, then))


def test_old_leftovers_are_removed_by_the_next_save(write, tmp_path):
    out = tmp_path / "out"
    leave(out, 1.1)
    save(write({}), out)
    names = {p.name for p in out.iterdir()}
    assert names == {".other-abc", "notes.txt", "0001", "current"}


def test_young_leftovers_may_be_another_run(write, tmp_path):
    out = tmp_path / "out"
    leave(out, 0.5)
    save(write({}), out)
    assert {".unfinished-abc", ".current-abc"} <= {p.name for p in out.iterdir()}


def test_leftover_that_cannot_be_removed_does_not_matter(write, tmp_path, monkeypatch):
    out = tmp_path / "out"
    leave(out, 2)

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    problem = write({})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        folder = save(problem, out)
    assert folder.name == "0001"
    assert (out / ".current-abc").exists()
