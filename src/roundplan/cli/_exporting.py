"""What ``export`` does: load a roster, and write it in other forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_file
from roundplan.cli._text import counted
from roundplan.errors import UsageError
from roundplan.formats import RosterFolder, load_roster, write_whole
from roundplan.report import (
    Rota,
    calendars,
    rounds_geojson,
    run_sheets,
    workbook,
    zipped,
)
from roundplan.report.rota import WorkerDay


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written: a roster, as a rota with and without names."""

    loaded: RosterFolder
    named: Rota
    rota: Rota
    days: tuple[WorkerDay, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a roster: the endings of its files, and how it is made."""

    endings: tuple[str, ...]
    make: Callable[[Export, Path], str | bytes]


def _sheets(of: Export, _: Path) -> str:
    return run_sheets(of.named, of.days)


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
    "--sheets": Form((".html",), _sheets),
    "--excel": Form((".xlsx",), _workbook),
    "--ical": Form((".ics", ".zip"), _calendars),
    "--geojson": Form((".geojson", ".json"), _geojson),
}
"""What there is, by its option."""


def export_roster(
    folder: Path,
    outputs: dict[str, Path],
    *,
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
    named = Rota.of(loaded, names=True) if "--sheets" in outputs else plain
    of = Export(loaded, named, plain, plain.days(dates, workers))
    made = {path: FORMS[option].make(of, path) for option, path in outputs.items()}
    for path, content in made.items():
        write_whole(path, content)
        screen.say(f"Wrote {path}")
    screen.say(
        f"{counted(len({day.worker_id for day in of.days}), 'worker')}, "
        f"{counted(len({day.day for day in of.days}), 'day')}, "
        f"{counted(sum(len(day.visits) for day in of.days), 'attendance')}"
    )
    if "--sheets" in outputs:
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
