"""Reading a roster folder back, hand-edited ones included.

A roster that somebody has changed by hand must load, or the checker could not say
what is wrong with it: unknown ids are kept, and a row whose worker was changed goes
to a round of that worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roundplan.domain import (
    Break,
    Leg,
    Mode,
    Previous,
    Problem,
    Provenance,
    Roster,
    Round,
    ScheduledVisit,
    Shift,
    ShiftKind,
    Travel,
    Unassigned,
    mode_of,
)
from roundplan.domain.timed import Point, point_of, timed_legs
from roundplan.formats.cells import CellError, WallTime
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.current import current_folder
from roundplan.formats.load import ProblemFolder, read_folder
from roundplan.formats.people import PEOPLE
from roundplan.formats.previous import read_previous
from roundplan.formats.source import Row, Source
from roundplan.formats.travel_files import read_travel

_Key = tuple[str, str]
"""A round by its id and its worker, which a hand edit can set apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFolder:
    """A roster as read from its folder, with the problem and travel it is of.

    ``previous`` is the roster that it was planned from, None for none.
    """

    roster: Roster
    problem_folder: ProblemFolder
    travel: Travel
    cost: dict[str, Any]
    kpis: dict[str, Any]
    folder: Path
    previous: Previous | None = None


def load_roster(
    folder: Path | str, *, problem: Path | str | None = None
) -> RosterFolder:
    """Read a roster folder, and the problem folder it was made from.

    Parameters
    ----------
    folder
        A numbered roster folder, or the output folder whose ``current`` file names one.
    problem
        Where the problem folder is now, when it is not where it was.

    Raises
    ------
    DataError
        E1000. What is wrong with either folder; E1117 for an input file that is not
        as it was when the roster was made.
    """
    source = Source()
    folder = current_folder(Path(folder), source)
    about = _json(folder, "provenance.json", source)
    cost, kpis = (_json(folder, name, source) for name in ("cost.json", "kpis.json"))
    source.raise_faults()
    problem_folder = _problem(folder, about, problem, source)
    of = problem_folder.problem
    places = [place.place_id for place in of.all_places()]
    path = folder / "travel.parquet"
    travel = read_travel(path, path.name, places, places, source)
    provenance = _provenance(about, source)
    tables = {
        name: source.table(folder / f"{name}.csv", name)
        for name in ("roster", "rounds", "breaks", "unassigned")
    }
    previous = read_previous(folder, provenance, source)
    if travel is None or source.faults:
        source.raise_faults()
    reader = _Rounds(of, travel or Travel(matrices={}), source)
    rounds = reader.rounds(tables["rounds"], tables["roster"], tables["breaks"])
    source.raise_faults()
    return RosterFolder(
        roster=Roster(
            rounds=tuple(rounds),
            unassigned=tuple(map(_unassigned, tables["unassigned"])),
            provenance=provenance,
        ),
        problem_folder=problem_folder,
        travel=reader.travel,
        cost=cost,
        kpis=kpis,
        folder=folder,
        previous=previous,
    )


def load_figures(folder: Path | str) -> tuple[dict[str, Any], int | None]:
    """Read the key figures of a roster folder, and its cost in pence.

    Of a roster whose problem is not at hand, such as last week's. None without a cost.

    Raises
    ------
    DataError
        E1000. The folder is no roster folder, or a file is damaged.
    """
    source = Source()
    folder = current_folder(Path(folder), source)
    cost, kpis = (_json(folder, name, source) for name in ("cost.json", "kpis.json"))
    source.raise_faults()
    total = cost.get("total")
    pence = total.get("pence") if isinstance(total, dict) else None
    return kpis, pence if isinstance(pence, int) else None


def _json(folder: Path, name: str, source: Source) -> dict[str, Any]:
    text = source.read_text(folder / name, name)
    if text is None:
        return {}
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        what, action = "it is not a JSON object", "Plan again."
        source.fault(Code.NO_ROSTER, name, what, action)
        return {}
    return content


def _problem(
    folder: Path, about: Mapping[str, Any], given: Path | str | None, source: Source
) -> ProblemFolder:
    """Read the problem folder, and refuse one that has changed."""
    place, inputs = about.get("problem"), about.get("inputs")
    if not isinstance(place, str) or not isinstance(inputs, dict):
        what = "it does not say which problem the roster is of"
        source.fault(Code.NO_ROSTER, "provenance.json", what, "Plan again.")
        source.raise_faults()
    path = Path(given) if given is not None else (folder / str(place)).resolve()
    if not path.is_dir():
        source.fault(
            Code.NO_FILE,
            path.name or ".",
            "the roster's problem folder is not there",
            "Say where it is with --problem DIR.",
        )
        source.raise_faults()
    # Before reading: a file that somebody is just changing may be faulty too.
    then = {name: digest for name, digest in (inputs or {}).items() if name != PEOPLE}
    for name, digest in then.items():
        if not (path / name).is_file():
            _changed(name, "is missing", source)
        elif source.note_hash(path / name, name) != digest:
            _changed(name, "has changed", source)
    source.raise_faults()
    found = read_folder(path, with_travel=False)
    for name, _ in found.hashes:
        if name not in then and name != PEOPLE:
            _changed(name, "is new", source)
    source.raise_faults()
    return found


def _changed(name: str, change: str, source: Source) -> None:
    source.fault(
        Code.CHANGED,
        name,
        f"it {change} since the roster was made",
        "Plan again, or name the folder as it was then with --problem DIR.",
    )


def _provenance(about: Mapping[str, Any], source: Source) -> Provenance | None:
    if about.get("version") is None:
        return None
    try:
        return Provenance(
            version=_typed(about["version"], str),
            seed=_typed(about.get("seed"), int, type(None)),
            iterations=_typed(about.get("iterations"), int, type(None)),
            seconds=_typed(about.get("seconds"), float, int, type(None)),
            parameters=tuple(
                (key, _typed(value, str))
                for key, value in _typed(about.get("parameters", {}), dict).items()
            ),
            bound_p=_typed(about.get("bound_p"), int, type(None)),
            gap=_typed(about.get("gap"), float, int, type(None)),
            notes=tuple(_typed(n, str) for n in _typed(about.get("notes", []), list)),
        )
    except TypeError:
        what = "a value has the wrong type"
        source.fault(Code.NO_ROSTER, "provenance.json", what, "Plan again.")
        return None


def _typed(value: Any, *types: type) -> Any:
    if not isinstance(value, types) or isinstance(value, bool):
        raise TypeError
    return value


def _unassigned(row: Row) -> Unassigned:
    return Unassigned(
        visit_id=row["visit_id"],
        code=row["code"],
        reason=row["reason"] or "",
        cheapest_relaxation=row["cheapest_relaxation"] or "",
        relaxation_p=row["relaxation_p"],
    )


@dataclass(slots=True)
class _Draft:
    """A round while its visits are being collected."""

    day: int
    shift_start_s: int
    shift_end_s: int
    profile: str
    end_place: str | None = None
    last_leg_s: int | None = None


class _Rounds:
    """Puts the rows of roster.csv, rounds.csv and breaks.csv together."""

    def __init__(self, problem: Problem, travel: Travel, source: Source) -> None:
        self.travel = travel
        self._problem = problem
        self._source = source
        horizon = problem.horizon
        self._clock = WallClock(horizon.start_date, horizon.timezone)
        self._drafts: dict[_Key, _Draft] = {}
        self._visits: dict[_Key, list[tuple[int, int, ScheduledVisit]]] = {}
        self._shifts: dict[tuple[str, int], list[Shift]] = {}
        for shift in problem.shifts:
            if shift.kind is ShiftKind.WORK:
                key = (shift.worker_id, shift.day)
                self._shifts.setdefault(key, []).append(shift)

    def rounds(
        self, rounds: Iterable[Row], visits: Iterable[Row], breaks: Iterable[Row]
    ) -> list[Round]:
        """Return the rounds that have visits, in the order of rounds.csv."""
        owners: dict[str, str] = {}
        for row in rounds:
            if row["round_id"] in owners:
                what = "the round is in two rows"
                self._source.row_fault(
                    row, Code.DUPLICATE, "round_id", what, "Delete one of them."
                )
            owners[row["round_id"]] = row["worker_id"]
            self._draft(row)
        for index, row in enumerate(visits):
            visit = self._visit(row)
            key = self._key(row, visit, owners)
            self._visits.setdefault(key, []).append((visit.start_s, index, visit))
        resting: dict[_Key, list[Break]] = {}
        for row in breaks:
            if row["round_id"] not in owners:
                self._source.unknown(row, "round_id", row["round_id"], "round", owners)
            start, end = self._between(row, "start", "end")
            key = (row["round_id"], row["worker_id"])
            resting.setdefault(key, []).append(Break(start_s=start, end_s=end))
        return [
            self._round(key, draft, tuple(resting.get(key, ())))
            for key, draft in self._drafts.items()
            if key in self._visits
        ]

    def _draft(self, row: Row) -> None:
        round_id, worker_id = row["round_id"], row["worker_id"]
        start, end = self._between(row, "shift_start", "shift_end")
        known = self._problem.has_shift(round_id)
        self._drafts[round_id, worker_id] = _Draft(
            day=self._clock.day(row["date"]),
            shift_start_s=start,
            shift_end_s=end,
            profile=row["profile"],
            end_place=self._problem.shift(round_id).end_place if known else None,
            last_leg_s=row["last_leg_s"],
        )

    def _key(self, row: Row, visit: ScheduledVisit, owners: Mapping[str, str]) -> _Key:
        """Return the round a row belongs to, made if it is of another worker."""
        round_id, worker_id = row["round_id"], row["worker_id"]
        if owners.get(round_id) == worker_id:
            return round_id, worker_id
        day = self._clock.day(row["date"])
        own = self._shift_around(worker_id, day, visit)
        if own is not None:
            key = (own.shift_id, worker_id)
            if key not in self._drafts:
                self._drafts[key] = _Draft(
                    day=own.day,
                    shift_start_s=own.start_s,
                    shift_end_s=own.end_s,
                    profile=self._profile(worker_id, round_id, owners),
                )
            return key
        key = (f"{round_id}~{worker_id}" if round_id in owners else round_id, worker_id)
        if key not in self._drafts:
            was = self._drafts.get((round_id, owners.get(round_id, "")))
            self._drafts[key] = _Draft(
                day=day,
                shift_start_s=was.shift_start_s if was else visit.start_s,
                shift_end_s=was.shift_end_s if was else visit.end_s,
                profile=self._profile(worker_id, round_id, owners),
            )
        return key

    def _shift_around(
        self, worker_id: str, day: int, visit: ScheduledVisit
    ) -> Shift | None:
        """Return the worker's shift of the day that holds the visit."""
        return next(
            (
                shift
                for shift in self._shifts.get((worker_id, day), ())
                if shift.start_s <= visit.start_s and visit.end_s <= shift.end_s
            ),
            None,
        )

    def _profile(self, worker_id: str, round_id: str, owners: Mapping[str, str]) -> str:
        own = None
        if self._problem.has_worker(worker_id):
            own = self.travel.profile_of(self._problem.worker(worker_id))
        was = self._drafts.get((round_id, owners.get(round_id, "")))
        return own or (was.profile if was else Mode.WALK.value)

    def _visit(self, row: Row) -> ScheduledVisit:
        start, end = self._between(row, "start", "end")
        leg = None
        if row["travel_from"] is not None:
            for column in ("travel_mode", "travel_s", "travel_m"):
                if row[column] is None:
                    what = "the leg from travel_from lacks this"
                    self._source.row_fault(
                        row, Code.EMPTY_CELL, column, what, "Fill it in."
                    )
            leg = Leg(
                from_place=row["travel_from"],
                to_place=row["client_id"],
                mode=Mode(row["travel_mode"] or Mode.WALK),
                travel_s=row["travel_s"] or 0,
                travel_m=row["travel_m"] or 0,
            )
        return ScheduledVisit(
            visit_id=row["visit_id"],
            client_id=row["client_id"],
            start_s=start,
            end_s=end,
            leg=leg,
            wait_s=row["wait_s"],
            pinned=row["pinned"],
        )

    def _between(self, row: Row, first: str, second: str) -> tuple[int, int]:
        times = []
        for column in (first, second):
            wall: WallTime = row[column]
            try:
                times.append(self._clock.seconds(row["date"], wall))
            except CellError as error:
                self._source.row_fault(
                    row, Code.WRONG_CELL, column, error.what, error.action
                )
                times.append(0)
        return times[0], times[1]

    def _round(self, key: _Key, draft: _Draft, breaks: tuple[Break, ...]) -> Round:
        visits = tuple(v for _, _, v in sorted(self._visits[key], key=lambda v: v[:2]))
        return Round(
            round_id=key[0],
            worker_id=key[1],
            day=draft.day,
            shift_start_s=draft.shift_start_s,
            shift_end_s=draft.shift_end_s,
            profile=draft.profile,
            visits=visits,
            breaks=breaks,
            last_leg=self._last_leg(draft, visits[-1]),
        )

    def _last_leg(self, draft: _Draft, last: ScheduledVisit) -> Leg | None:
        """Return the leg to the shift's end place, with metres and mode of the travel.

        Its time is that of rounds.csv.
        """
        if draft.end_place is None or draft.last_leg_s is None:
            return None
        problem, found = self._problem, None
        here = Point(last.client_id)
        if problem.has_visit(last.visit_id):
            visit = problem.visit(last.visit_id)
            here = point_of(problem.policy, visit, last.start_s)
        if draft.profile in self.travel.matrices:
            legs = timed_legs(problem.horizon, self.travel, draft.profile)
            found = legs.leg(here, Point(draft.end_place))
        return Leg(
            from_place=last.client_id,
            to_place=draft.end_place,
            mode=found.mode if found else mode_of(draft.profile),
            travel_s=draft.last_leg_s,
            travel_m=found.metres if found else 0,
        )
