"""What ``export`` does: load a roster, and write it in other forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_file
from roundplan.cli._text import counted
from roundplan.domain import Previous
from roundplan.errors import UsageError
from roundplan.formats import RosterFolder, load_previous, load_roster, write_whole
from roundplan.report import (
    Rota,
    calendars,
    client_sheets,
    pdf_of,
    rounds_geojson,
    run_sheets,
    workbook,
    zipped,
)
from roundplan.report.rota import WorkerDay
from roundplan.solve.previous import match_previous

PDF = ".pdf"


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written: a roster, as a rota with and without names."""

    loaded: RosterFolder
    named: Rota
    rota: Rota
    days: tuple[WorkerDay, ...]
    dates: Sequence[date]
    earlier: Previous | None


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a roster: the endings of its files, and how it is made."""

    endings: tuple[str, ...]
    make: Callable[[Export, Path], str | bytes]


def _sheets(of: Export, path: Path) -> str | bytes:
    return _printed(run_sheets(of.named, of.days), path)


def _client_sheets(of: Export, path: Path) -> str | bytes:
    return _printed(client_sheets(of.named, of.earlier, of.dates), path)


def _printed(page: str, path: Path) -> str | bytes:
    return pdf_of(page) if path.suffix.lower() == PDF else page


def _workbook(of: Export, _: Path) -> bytes:
    return workbook(of.rota, of.days, of.loaded.previous)


def _calendars(of: Export, path: Path) -> bytes:
    files = calendars(of.rota, of.days, made=datetime.now(UTC))
    if path.suffix.lower() == ".zip":
        return zipped(files)
    if len(files) != 1:
        msg = (
            f"{path.name} holds one worker's calendar, and there are {len(files):,}: "
            "choose one with --worker, or end the name in .zip"
        )
        raise UsageError(msg)
    return next(iter(files.values()))


def _geojson(of: Export, _: Path) -> str:
    return rounds_geojson(of.rota, of.days)


FORMS = {
    "--sheets": Form((".html", PDF), _sheets),
    "--client-sheets": Form((".html", PDF), _client_sheets),
    "--excel": Form((".xlsx",), _workbook),
    "--ical": Form((".ics", ".zip"), _calendars),
    "--geojson": Form((".geojson", ".json"), _geojson),
}
"""What there is, by its option."""

NAMED = frozenset({"--sheets", "--client-sheets"})
"""What names people; the others have ids alone."""


def export_roster(
    folder: Path,
    outputs: dict[str, Path],
    *,
    previous: Path | None,
    problem: Path | None,
    dates: Sequence[date],
    workers: Sequence[str],
    screen: Screen,
) -> None:
    """Write a roster in each of the forms asked for, ``outputs`` by option.

    Raises
    ------
    UsageError
        E1002. No form is asked for, a file's name or folder will not do, or a date or
        worker is not the roster's. Nothing is written.
    """
    if not outputs:
        msg = f"say what to write: {', '.join(FORMS)}"
        raise UsageError(msg)
    for option, path in outputs.items():
        endings = FORMS[option].endings
        if path.suffix.lower() not in endings:
            msg = f"{option} {path.name}: the name must end in {' or '.join(endings)}"
            raise UsageError(msg)
        refuse_bad_file(path)
    loaded = load_roster(folder, problem=problem)
    plain = Rota.of(loaded, names=False)
    sheets = outputs.keys() & NAMED
    named = Rota.of(loaded, names=True) if sheets else plain
    days = plain.days(dates, workers)
    earlier = loaded.previous
    if previous is not None:
        past = load_previous(previous)
        earlier = match_previous(loaded.problem_folder.problem, past)
    of = Export(loaded, named, plain, days, dates, earlier)
    made = {path: FORMS[option].make(of, path) for option, path in outputs.items()}
    for path, content in made.items():
        write_whole(path, content)
        screen.say(f"Wrote {path}")
    screen.say(
        f"{counted(len({day.worker_id for day in of.days}), 'worker')}, "
        f"{counted(len({day.day for day in of.days}), 'day')}, "
        f"{counted(sum(len(day.visits) for day in of.days), 'attendance')}"
    )
    if sheets:
        screen.bullets(_about_people(named))


def _about_people(rota: Rota) -> list[str]:
    """Say whose names are not known: their ids stand in the sheets."""
    if not rota.people:
        return ["There is no people.csv in the problem folder: sheets show ids alone."]
    clients = {v.client_id for r in rota.roster.rounds for v in r.visits}
    unnamed = len(clients - rota.people.keys())
    if not unnamed:
        return []
    return [f"{counted(unnamed, 'client is', 'clients are')} not in people.csv."]
