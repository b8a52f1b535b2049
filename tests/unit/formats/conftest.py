"""A small valid problem folder that tests change one thing of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from roundplan.errors import DataError, DataProblem
from roundplan.formats import load_problem

FILES = {
    "problem.toml": 'start_date = "2026-06-01"\ndays = 7\n',
    "clients.csv": "client_id,x,y\nC1,0,0\nC2,600,0\n",
    "visits.csv": (
        "visit_id,client_id,date,earliest_start,latest_start,duration_min\n"
        "V1,C1,2026-06-01,08:00,09:00,30\n"
        "V2,C2,2026-06-01,08:00,09:00,45\n"
    ),
    "workers.csv": "worker_id\nW1\nW2\n",
    "shifts.csv": (
        "worker_id,date,start,end\n"
        "W1,2026-06-01,07:00,15:00\n"
        "W2,2026-06-01,07:00,15:00\n"
    ),
    "travel.csv": (
        "profile,from_place,to_place,seconds,metres\n"
        "walk,C1,C2,600,720\n"
        "walk,C2,C1,620,720\n"
    ),
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small folder with some files replaced (None: left out)."""

    def _write(changes: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "problem"
        folder.mkdir(exist_ok=True)
        for name, content in (FILES | (changes or {})).items():
            if content is None:
                continue
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
        return folder

    return _write


@pytest.fixture
def faults(write: Write) -> Callable[..., list[DataProblem]]:
    """Load the small folder with changes, and return what is wrong with it."""

    def _faults(changes: dict[str, str | bytes | None]) -> list[DataProblem]:
        with pytest.raises(DataError) as caught:
            load_problem(write(changes))
        return list(caught.value.problems)

    return _faults
