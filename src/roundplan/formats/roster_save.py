"""Writing a roster folder: a new numbered one, put in place in one step."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from roundplan.domain import Override, Previous, Problem, Roster, Round, Travel
from roundplan.errors import UsageError
from roundplan.formats.cells import yes_no
from roundplan.formats.clock import LAST_ROSTER_S, WallClock
from roundplan.formats.current import CURRENT, NUMBERED
from roundplan.formats.load import ProblemFolder
from roundplan.formats.previous import PREVIOUS, previous_rows
from roundplan.formats.save import override_row
from roundplan.formats.source import relative_name
from roundplan.formats.tables import Cells, table_text
from roundplan.formats.travel_matrices import matrices_bytes
from roundplan.units import AMOUNT_PER_PENNY, HOUR_S

FIGURES = ("paid_s", "contact_s", "travel_s", "wait_s", "home_leg_s")
"""What rounds.csv takes from ``round_figures``."""

LEG_FIGURES = ("ltn_crossings", "co2e_g")
"""What rounds.csv and roster.csv take from ``round_figures`` and ``leg_figures``, with
``expenses_p`` from the amount ``expenses``."""

_UNFINISHED = ".unfinished-"
_NEXT_CURRENT = ".current-"
_LEFTOVER_S = HOUR_S
"""Seconds after which what has a temporary name is no other run's any more."""


def save_roster(
    out: Path | str,
    *,
    problem_folder: ProblemFolder,
    travel: Travel,
    roster: Roster,
    cost: Mapping[str, Any],
    kpis: Mapping[str, Any],
    round_figures: Mapping[str, Mapping[str, int]],
    leg_figures: Mapping[tuple[str, str], Mapping[str, int]] | None = None,
    overrides_used: Sequence[Override] = (),
    previous: Previous | None = None,
) -> Path:
    """Write a roster into a new numbered sub-folder of ``out``, then point to it.

    The sub-folder appears under its name only when it is complete, and ``out/current``
    is replaced after that: an interrupted call leaves the old roster in force.

    Parameters
    ----------
    travel
        The travel that the roster was planned with; the profiles that its workers use
        are written, between all places that a leg can touch.
    cost, kpis
        Written as cost.json and kpis.json.
    round_figures
        ``paid_s``, ``contact_s``, ``travel_s``, ``wait_s``, ``home_leg_s``,
        ``ltn_crossings``, ``co2e_g`` and ``expenses`` by round_id, for rounds.csv.
    leg_figures
        ``ltn_crossings``, ``co2e_g`` and ``expenses`` of the leg into each visit, by
        round_id and visit_id, for roster.csv.
    previous
        The roster that this one was planned from, None for none.

    Returns
    -------
    Path
        The new sub-folder.

    Raises
    ------
    UsageError
        E1002. ``out`` is a file.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        msg = f"{out.name} is a file; a roster needs a folder"
        raise UsageError(msg)
    problem = problem_folder.problem
    content = {
        **_tables(problem, roster, round_figures, leg_figures or {}, overrides_used),
        "travel.parquet": _travel(problem, roster, travel),
        "cost.json": _json(cost),
        "kpis.json": _json(kpis),
    }
    if previous is not None:
        text = table_text("previous", previous_rows(previous), every_column=True)
        content[PREVIOUS] = text.encode()
    out.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(out)
    content["provenance.json"] = _json(_provenance(roster, problem_folder, out))
    temporary = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=out))
    try:
        for name, data in content.items():
            (temporary / name).write_bytes(data)
        temporary.chmod(0o755)  # mkdtemp makes folders for one's own eyes only
        folder = _put_in_place(temporary, out)
    except BaseException:  # Ctrl-C too leaves nothing behind
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _point_to(folder)
    return folder


def _clear_leftovers(out: Path) -> None:
    """Remove what runs that were killed left behind; what cannot be stays."""
    before = time.time() - _LEFTOVER_S
    for path in list(out.iterdir()):
        if not path.name.startswith((_UNFINISHED, _NEXT_CURRENT)):
            continue
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime > before:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _put_in_place(temporary: Path, out: Path) -> Path:
    """Rename the finished folder to the next free number."""
    while True:
        taken = [int(p.name) for p in out.iterdir() if NUMBERED.fullmatch(p.name)]
        folder = out / f"{max(taken, default=0) + 1:04d}"
        try:
            return temporary.rename(folder)
        except OSError:
            if not folder.exists():  # not another run that was faster
                raise


def _point_to(folder: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=_NEXT_CURRENT, dir=folder.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{folder.name}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(folder.parent / CURRENT)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tables(
    problem: Problem,
    roster: Roster,
    round_figures: Mapping[str, Mapping[str, int]],
    leg_figures: Mapping[tuple[str, str], Mapping[str, int]],
    overrides_used: Sequence[Override],
) -> dict[str, bytes]:
    clock = WallClock(problem.horizon.start_date, problem.horizon.timezone)
    rows: dict[str, Iterable[Cells]] = {
        "roster": (
            row for r in roster.rounds for row in _visits(r, leg_figures, clock)
        ),
        "rounds": (
            _round(r, round_figures.get(r.round_id, {}), clock) for r in roster.rounds
        ),
        "breaks": (
            {
                "round_id": r.round_id,
                "worker_id": r.worker_id,
                **_times(clock, r.day, start=b.start_s, end=b.end_s),
            }
            for r in roster.rounds
            for b in r.breaks
        ),
        "unassigned": (
            {
                "visit_id": u.visit_id,
                "code": u.code,
                "reason": u.reason,
                "cheapest_relaxation": u.cheapest_relaxation,
                "relaxation_p": "" if u.relaxation_p is None else str(u.relaxation_p),
            }
            for u in roster.unassigned
        ),
        "overrides": (override_row(o, clock) for o in overrides_used),
    }
    return {
        f"{name}.csv": table_text(name, list(found), every_column=True).encode()
        for name, found in rows.items()
    }


def _visits(
    care_round: Round,
    figures: Mapping[tuple[str, str], Mapping[str, int]],
    clock: WallClock,
) -> Iterable[Cells]:
    for sequence, visit in enumerate(care_round.visits, start=1):
        leg = visit.leg
        yield {
            "visit_id": visit.visit_id,
            "client_id": visit.client_id,
            "worker_id": care_round.worker_id,
            **_times(clock, care_round.day, start=visit.start_s, end=visit.end_s),
            "sequence": str(sequence),
            "round_id": care_round.round_id,
            "travel_from": leg.from_place if leg else "",
            "travel_mode": leg.mode.value if leg else "",
            "travel_s": str(leg.travel_s) if leg else "",
            "travel_m": str(leg.travel_m) if leg else "",
            **_leg_figures(figures.get((care_round.round_id, visit.visit_id), {})),
            "wait_s": str(visit.wait_s),
            "pinned": yes_no(visit.pinned),
        }


def _round(care_round: Round, figures: Mapping[str, int], clock: WallClock) -> Cells:
    last_leg = care_round.last_leg
    times = {
        "shift_start": care_round.shift_start_s,
        "shift_end": care_round.shift_end_s,
    }
    if care_round.visits:
        times["first_start"] = min(v.start_s for v in care_round.visits)
        times["last_end"] = max(v.end_s for v in care_round.visits)
    return {
        "round_id": care_round.round_id,
        "worker_id": care_round.worker_id,
        **_times(clock, care_round.day, **times),
        "profile": care_round.profile,
        **{name: str(figures[name]) for name in FIGURES if name in figures},
        **_leg_figures(figures),
        "last_leg_s": "" if last_leg is None else str(last_leg.travel_s),
    }


def _leg_figures(figures: Mapping[str, int]) -> Cells:
    """Return the cells of leg figures; money in pence to a hundredth, halves up."""
    cells = {name: str(figures[name]) for name in LEG_FIGURES if name in figures}
    if (amount := figures.get("expenses")) is not None:
        hundredths = (200 * amount + AMOUNT_PER_PENNY) // (2 * AMOUNT_PER_PENNY)
        cells["expenses_p"] = f"{hundredths // 100}.{hundredths % 100:02}"
    return cells


def _times(clock: WallClock, day: int, **seconds: int) -> Cells:
    """Return times as cells, with the date that they count from."""
    on = clock.row_date(day, *seconds.values())
    cells = {name: clock.text(s, on, LAST_ROSTER_S) for name, s in seconds.items()}
    return {"date": str(on), **cells}


def _travel(problem: Problem, roster: Roster, travel: Travel) -> bytes:
    used = {p for worker in problem.workers for p in travel.profiles_of(worker)}
    used |= {r.profile for r in roster.rounds}
    profiles = [p for p in travel.matrices if p in used] or list(travel.matrices)
    places = [place.place_id for place in problem.all_places()]
    return matrices_bytes(travel, places, profiles)


def _provenance(
    roster: Roster, problem_folder: ProblemFolder, out: Path
) -> dict[str, Any]:
    made = roster.provenance
    sub_folder = out / "0001"  # any sub-folder sees the problem the same way
    about: dict[str, Any] = {"version": None}
    if made is not None:
        about = {
            "version": made.version,
            "seed": made.seed,
            "iterations": made.iterations,
            "seconds": made.seconds,
            "parameters": dict(made.parameters),
            "bound_p": made.bound_p,
            "gap": made.gap,
            "notes": list(made.notes),
        }
    return {
        **about,
        "problem": relative_name(problem_folder.folder, sub_folder),
        "inputs": dict(problem_folder.hashes),
    }


def _json(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()
