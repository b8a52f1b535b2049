"""The command line as the entry point runs it, and folders to run it on."""

import sys
from dataclasses import dataclass

import pytest
from cli_folders import STARTS, write_files


@dataclass
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def last(self):
        """The last line of standard output."""
        return self.out.splitlines()[-1]


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs the command line as the entry point does, warnings being errors."""
    from roundplan.cli import main

    monkeypatch.setattr(sys, "warnoptions", ["error"])
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["roundplan", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = Said(stop.value.code or 0, *capsys.readouterr())
        assert "Traceback" not in said.out + said.err
        return said

    return run


@pytest.fixture
def problem_folder(tmp_path):
    """A problem folder that can be planned."""
    return write_files(tmp_path / "problem")


@pytest.fixture
def roster_folder(problem_folder, tmp_path):
    """A roster of that problem, made by hand, that keeps every rule."""
    from helpers import clock
    from roundplan.cost import cost_of, kpis, round_figures
    from roundplan.domain import Break, Roster, Unassigned, assemble_round
    from roundplan.formats import load_problem, save_roster

    folder = load_problem(problem_folder)
    problem, travel = folder.problem, folder.travel
    shifts = {s.worker_id: s for s in problem.shifts}
    rest = Break(start_s=clock("12:05"), end_s=clock("12:25"))
    roster = Roster(
        rounds=tuple(
            assemble_round(
                problem,
                travel,
                shifts[worker],
                [(visit, clock(start)) for visit, start in stops],
                [rest] if worker == "W1" else [],
            )
            for worker, stops in STARTS.items()
        ),
        unassigned=(
            Unassigned(visit_id="V6", code="skills", reason="nobody can use a hoist"),
        ),
    )
    out = tmp_path / "roster"
    save_roster(
        out,
        problem_folder=folder,
        travel=travel,
        roster=roster,
        cost=cost_of(problem, travel, roster).to_dict(),
        kpis=kpis(problem, travel, roster),
        round_figures=round_figures(problem, travel, roster),
        overrides_used=(),
    )
    return out
