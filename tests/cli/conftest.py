"""A problem folder small enough to read, and a roster of it made by hand."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PLACES = ("C1", "C2", "C3", "C4")

FILES = {
    "problem.toml": "start_date = 2026-06-01\ndays = 1\n",
    "clients.csv": """\
client_id,worker_gender,barred_workers,introduced_workers
C1,any,,W1;W2;W3
C2,female,,W1;W2
C3,any,W3,W1;W2
C4,any,,W1;W2;W3
""",
    "visits.csv": """\
visit_id,client_id,date,earliest_start,latest_start,duration_min,workers_required,skills,priority
V1,C1,2026-06-01,08:00,08:30,60,1,medication,essential
V2,C4,2026-06-01,09:00,10:00,60,2,,standard
V3,C2,2026-06-01,10:30,11:00,90,1,,essential
V4,C3,2026-06-01,12:30,13:00,120,1,,essential
V5,C1,2026-06-01,10:00,11:00,30,1,,standard
V6,C4,2026-06-01,13:00,14:00,30,1,hoist,flexible
""",
    "workers.csv": """\
worker_id,skills,gender,hourly_rate
W1,medication,female,14.80
W2,,female,14.80
W3,medication,male,14.80
""",
    "shifts.csv": """\
worker_id,date,start,end
W1,2026-06-01,07:00,16:00
W2,2026-06-01,08:30,16:00
W3,2026-06-01,07:00,16:00
""",
    "travel.csv": "profile,from_place,to_place,seconds,metres\n"
    + "".join(f"walk,{a},{b},300,250\n" for a in PLACES for b in PLACES if a != b),
}
"""V6 asks for a skill that nobody has. Any two places are five minutes apart."""

STARTS = {
    "W1": [("V1", "08:00"), ("V2", "09:15"), ("V3", "10:30"), ("V4", "12:30")],
    "W2": [("V2", "09:15")],
    "W3": [("V5", "10:00")],
}
"""W1 works 6 h 10 min, with a break between V3 and V4."""


def write_files(folder, **changes):
    """Write the problem; ``clients="..."`` replaces a table, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        content = changes.get(Path(name).stem, text)
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return folder


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
