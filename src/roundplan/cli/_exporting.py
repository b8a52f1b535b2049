"""What ``export`` does: load a roster, and write it in other forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_file
from roundplan.cli._text import counted
from roundplan.errors import UsageError
from roundplan.formats import load_roster, write_whole
from roundplan.report import Rota, run_sheets


def export_roster(
    folder: Path,
    *,
    problem: Path | None,
    sheets: Path | None,
    dates: Sequence[date],
    workers: Sequence[str],
    screen: Screen,
) -> None:
    """Write a roster in each of the forms asked for.

    Raises
    ------
    UsageError
        E1002. No form is asked for, a file's name or folder will not do, or a date or
        worker is not the roster's. Nothing is written.
    """
    if sheets is None:
        msg = "say what to write: --sheets FILE.html"
        raise UsageError(msg)
    for path, ending in ((sheets, ".html"),):
        if path.suffix.lower() != ending:
            msg = f"{path.name}: its name must end in {ending}"
            raise UsageError(msg)
        refuse_bad_file(path)
    loaded = load_roster(folder, problem=problem)
    rota = Rota.of(loaded, names=True)
    days = rota.days(dates, workers)
    write_whole(sheets, run_sheets(rota, days))
    screen.say(f"Wrote {sheets}: {counted(len(days), 'run sheet')}")
    screen.bullets(_about_people(rota))


def _about_people(rota: Rota) -> list[str]:
    """Say whose names are not known: their ids stand in the sheets."""
    if not rota.people:
        return ["There is no people.csv in the problem folder: sheets show ids alone."]
    clients = {v.client_id for r in rota.roster.rounds for v in r.visits}
    unnamed = len(clients - rota.people.keys())
    if not unnamed:
        return []
    return [f"{counted(unnamed, 'client is', 'clients are')} not in people.csv."]
