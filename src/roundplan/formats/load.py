"""Reading a problem folder: all files, all faults at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from roundplan.domain import Place, Problem, Shift, ShiftKind, Travel
from roundplan.errors import DomainError
from roundplan.formats.cells import closest, counted
from roundplan.formats.clients import (
    build_clients,
    build_places,
    build_providers,
    build_workers,
)
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.places import (
    Positions,
    check_positions,
    check_shared_ids,
    unique_rows,
)
from roundplan.formats.records import build_history, build_overrides, build_rates
from roundplan.formats.settings import PROBLEM_FILE, Settings, read_settings
from roundplan.formats.shifts import build_shifts
from roundplan.formats.source import Row, Source, relative_name
from roundplan.formats.travel_files import read_travel
from roundplan.formats.visits import build_visits, visit_dates

TRAVEL_FILES = ("travel.parquet", "travel.csv")
"""Where travel is looked for when problem.toml does not say."""

MAX_SKILLS = 10
"""Skills that a note names."""


TRAVEL_RATES = "travel_rates.csv"
"""A folder's own fares, emission factors and carbon values, in the columns of rates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFolder:
    """A problem as read from its folder.

    Parameters
    ----------
    travel
        Travel from a travel file, None when there is a network instead.
    network
        The street network file, None when there is a travel file.
    hashes
        SHA-256 of every input file, by its path relative to the folder.
    max_snap_m
        How far a place may be from the network, metres.
    transit
        The timetable that goes with the network, None without public transport.
    cells
        The neighbourhoods that go with it, None to find them in the streets.
    school_holidays
        The calendar for its opening hours, None for the one of London's schools.
    """

    problem: Problem
    travel: Travel | None
    network: Path | None
    folder: Path
    hashes: tuple[tuple[str, str], ...]
    max_snap_m: float = 100.0
    transit: Path | None = None
    cells: Path | None = None
    school_holidays: Path | None = None


def load_problem(folder: Path | str) -> ProblemFolder:
    """Read a problem folder.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with any of its files (E1101 to E1116).
    """
    return read_folder(Path(folder), with_travel=True)


def read_folder(folder: Path, *, with_travel: bool) -> ProblemFolder:
    """Read a problem folder; its travel is hashed but not read without ``with_travel``.

    A roster folder has its own travel, and is read without the problem's.
    """
    source = Source()
    if not folder.is_dir():
        what = "there is no such folder"
        source.fault(Code.NO_FILE, folder.name or ".", what, "Check the path.")
        source.raise_faults()
    settings = read_settings(folder, source)
    problem, position_rows = _Builder(folder, settings, source).problem()
    network, travel_file = _where_travel_is(folder, settings, source)
    travel = None
    if network is not None:
        _hash(network, folder, source, required=with_travel)
        for beside in (settings.transit, settings.cells, settings.school_holidays):
            if beside is not None:
                _hash_all(beside, folder, source, required=with_travel)
        if with_travel:
            check_positions(position_rows, source)
    elif travel_file is not None:
        name = relative_name(travel_file, folder)
        if not with_travel:
            _hash(travel_file, folder, source, required=False)
        elif problem is not None:
            known, needed = _place_ids(problem)
            travel = read_travel(travel_file, name, known, needed, source)
        else:  # other files are at fault; this one is still worth checking by itself
            read_travel(travel_file, name, (), (), source)
    people = folder / "people.csv"
    if people.is_file():
        _hash(people, folder, source, required=False)
    source.raise_faults()
    if problem is None:  # pragma: no cover - then there was a fault
        msg = "the folder makes no problem"
        raise DomainError(msg)
    return ProblemFolder(
        problem=problem,
        travel=travel,
        network=network,
        folder=folder,
        hashes=tuple(sorted(source.hashes.items())),
        max_snap_m=settings.max_snap_m,
        transit=settings.transit,
        cells=settings.cells,
        school_holidays=settings.school_holidays,
    )


class _Builder:
    """Reads the tables and makes a problem of them."""

    def __init__(self, folder: Path, settings: Settings, source: Source) -> None:
        self._folder = folder
        self._settings = settings
        self._source = source

    def problem(self) -> tuple[Problem | None, list[tuple[Row, Place]]]:
        """Return the problem, None with faults, and the places a network must know."""
        source, settings = self._source, self._settings
        clock = WallClock(settings.start_date, settings.timezone)
        days = settings.days if settings.dated else None
        clients = self._index("clients", "client_id")
        visits = self._index("visits", "visit_id")
        workers = self._index("workers", "worker_id")
        shift_rows = self._rows("shifts")
        places = self._index("places", "place_id", required=False)
        providers = self._index("providers", "provider", required=False)
        has_providers = (self._folder / "providers.csv").is_file()
        check_shared_ids(
            {"client_id": clients, "worker_id": workers, "place_id": places}, source
        )
        positions = Positions(settings, source, self._folder)
        of_providers = providers if has_providers else None
        made_clients = build_clients(
            clients, workers, of_providers, positions, clock, source
        )
        made_workers = build_workers(workers, of_providers, positions, source)
        made_places = build_places(places, positions)
        positions.note()
        when = visit_dates(visits, clients, clock, days, source)
        made_visits = build_visits(visits, when, clients, workers, clock, source)
        every_place = {*clients, *workers, *places}
        shifts = build_shifts(shift_rows, workers, every_place, clock, days, source)
        visit_ids = {id_ for base in visits for id_ in when.ids_of(base)} | {*visits}
        overrides = build_overrides(
            self._rows("overrides", required=False),
            when,
            visit_ids,
            workers,
            clock,
            days,
            source,
        )
        history = build_history(
            self._rows("history", required=False), clients, workers, source
        )
        rates = []
        if settings.rates is not None:
            name = relative_name(settings.rates, self._folder)
            rates = build_rates(source.table(settings.rates, "rates", name), source)
        if (path := self._folder / TRAVEL_RATES).exists():
            rates += build_rates(source.table(path, "rates", TRAVEL_RATES), source)
        self._note_idle(visits, workers, shifts)
        if source.faults:
            return None, []
        try:
            problem = Problem(
                horizon=clock.horizon(settings.days),
                clients=tuple(made_clients),
                visits=tuple(made_visits),
                workers=tuple(made_workers),
                shifts=tuple(shifts),
                places=tuple(made_places),
                history=tuple(history),
                providers=tuple(build_providers(providers, source)),
                overrides=tuple(overrides),
                policy=settings.policy,
                rates=tuple(rates),
                llw_from=settings.llw_from,
                notes=tuple(source.notes),
            )
        except DomainError as error:  # pragma: no cover - the checks above come first
            what = str(error).partition(": ")[2]
            source.fault(Code.CONTRADICTION, PROBLEM_FILE, what, "Correct the row.")
            return None, []
        rows = clients | workers | places
        return problem, [(rows[p.place_id], p) for p in problem.all_places()]

    def _rows(self, table: str, *, required: bool = True) -> list[Row]:
        path = self._folder / f"{table}.csv"
        if not required and not path.exists():
            return []
        return self._source.table(path, table)

    def _index(
        self, table: str, column: str, *, required: bool = True
    ) -> dict[str, Row]:
        return unique_rows(self._rows(table, required=required), column, self._source)

    def _note_idle(
        self,
        visits: Mapping[str, Row],
        workers: Mapping[str, Row],
        shifts: Collection[Shift],
    ) -> None:
        """Say what is missing but no fault."""
        notes = self._source.notes
        if not visits:
            notes.append("There are no visits.")
        if not workers:
            notes.append("There are no workers: no visit can be assigned.")
        working = {s.worker_id for s in shifts if s.kind is ShiftKind.WORK}
        idle = [w for w in workers if w not in working]
        if idle:
            shown = ", ".join(idle[:10]) + (", …" if len(idle) > 10 else "")
            which = counted(len(idle), "worker has", "workers have")
            notes.append(f"{which} no work shift: {shown}.")
        held = {s for row in workers.values() for s in row["skills"] or ()}
        asked = {s for row in visits.values() for s in row["skills"] or ()}
        if workers and (lacking := sorted(asked - held)):
            notes.append(_lacking(lacking, held))


def _lacking(skills: Sequence[str], held: Collection[str]) -> str:
    """Say which skills nobody has, most often because they are misspelt."""
    named = []
    for skill in skills[:MAX_SKILLS]:
        hint = closest(skill, held)
        named.append(f"{skill} (d{hint[1:]})" if hint else skill)
    more = ", …" if len(skills) > MAX_SKILLS else ""
    which = "a skill" if len(skills) == 1 else "skills"
    return f"Visits ask for {which} that no worker has: {', '.join(named)}{more}."


def _where_travel_is(
    folder: Path, settings: Settings, source: Source
) -> tuple[Path | None, Path | None]:
    """Return the network file or the travel file, one of the two or neither."""
    if settings.network is not None:
        return settings.network, None
    if settings.travel is not None:
        return None, settings.travel
    for name in TRAVEL_FILES:
        if (folder / name).exists():
            return None, folder / name
    # Whatever is wrong with problem.toml may be why it names neither.
    if source.sound(PROBLEM_FILE) and (folder / PROBLEM_FILE).is_file():
        source.fault(
            Code.TRAVEL,
            PROBLEM_FILE,
            "there are neither travel times nor a street network",
            'Put in travel.csv or travel.parquet, or write [network] file = "…".',
        )
    return None, None


def _place_ids(problem: Problem) -> tuple[list[str], list[str]]:
    """Return all places of a problem, and those that some leg may touch."""
    known = [
        *(c.client_id for c in problem.clients),
        *(w.worker_id for w in problem.workers),
        *(p.place_id for p in problem.places),
    ]
    idle = {c.client_id for c in problem.clients}
    idle -= {v.client_id for v in problem.visits}
    for shift in problem.work_shifts:
        idle -= {place for place in (shift.start_place, shift.end_place) if place}
    return known, [p.place_id for p in problem.all_places() if p.place_id not in idle]


def _hash(path: Path, folder: Path, source: Source, *, required: bool) -> None:
    """Note the hash of a file that others read."""
    if required or path.is_file():
        source.note_hash(path, relative_name(path, folder))


def _hash_all(path: Path, folder: Path, source: Source, *, required: bool) -> None:
    """Note the hash of a file that others read, or of all those in a folder."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file == path or file.is_file():
            _hash(file, folder, source, required=required)
