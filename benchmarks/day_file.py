"""One-day instances: the file form, and a judge of rounds that shares no solver's code.

A file is JSON with ``travel_s`` (seconds between locations, a square matrix),
``visits`` (id, location, earliest_start_s, latest_start_s, duration_s) and ``shifts``
(id, start_s, end_s). A shift begins at its first visit and ends at its last: home legs
are free. The objective is travel seconds with every visit served. From a location to
itself it takes no time, whatever the matrix says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.errors import UsageError

UNSERVED_S = 86_400
"""What a visit that nobody makes costs: more than any leg could save."""

SHOWN = 10
"""Faults of a file that its error lists."""

VISIT = ("location", "earliest_start_s", "latest_start_s", "duration_s")
SHIFT = ("start_s", "end_s")


@dataclass(frozen=True, slots=True)
class Day:
    """An instance: arrays in the order of the file; times are seconds of the day."""

    name: str
    travel_s: npt.NDArray[np.int32]
    location: npt.NDArray[np.int64]
    early_s: npt.NDArray[np.int64]
    late_s: npt.NDArray[np.int64]
    duration_s: npt.NDArray[np.int64]
    shift_start_s: npt.NDArray[np.int64]
    shift_end_s: npt.NDArray[np.int64]

    @property
    def visits(self) -> int:
        """Number of visits."""
        return len(self.location)

    @property
    def shifts(self) -> int:
        """Number of shifts."""
        return len(self.shift_start_s)

    def groups(self) -> dict[tuple[int, int], list[int]]:
        """Return the shifts of each pair of start and end."""
        found: dict[tuple[int, int], list[int]] = {}
        ends = zip(self.shift_start_s.tolist(), self.shift_end_s.tolist(), strict=True)
        for shift, span in enumerate(ends):
            found.setdefault(span, []).append(shift)
        return found


@dataclass(frozen=True, slots=True)
class Stops:
    """What a solver says of one shift: visits in order, and their starts if it does."""

    shift: int
    visits: Sequence[int]
    starts_s: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found: legs summed, visits nobody makes, what is wrong."""

    travel_s: int
    unserved: int
    faults: tuple[str, ...]

    @property
    def cost_s(self) -> float:
        """Travel and the price of the unserved; infinite where anything is wrong."""
        if self.faults:
            return float("inf")
        return self.travel_s + UNSERVED_S * self.unserved


def judge(day: Day, rounds: Sequence[Stops]) -> Verdict:
    """Check rounds against the file, and add up their legs.

    A round is possible if every visit can start as early as the one before allows. The
    starts that a solver gives are held to the same rules; without any, the earliest
    are taken.
    """
    faults: list[str] = []
    seen = np.zeros(day.visits, dtype=np.int64)
    used: set[int] = set()
    travel = 0
    for stops in rounds:
        if not 0 <= stops.shift < day.shifts or stops.shift in used:
            faults.append(f"shift {stops.shift} does not exist or has two rounds")
            continue
        used.add(stops.shift)
        at = int(day.shift_start_s[stops.shift])
        before: int | None = None
        for n, visit in enumerate(stops.visits):
            if not 0 <= visit < day.visits:
                faults.append(f"visit {visit} does not exist")
                continue
            seen[visit] += 1
            if before is not None:
                leg = leg_s(day, before, visit)
                travel += leg
                at += leg
            start = max(at, int(day.early_s[visit]))
            if stops.starts_s is not None:
                start = int(stops.starts_s[n])
                if start < max(at, int(day.early_s[visit])):
                    faults.append(f"visit {visit} starts {at - start} s too early")
            if start > day.late_s[visit]:
                faults.append(f"visit {visit} starts {start - day.late_s[visit]} late")
            at = start + int(day.duration_s[visit])
            before = visit
        if before is not None and at > day.shift_end_s[stops.shift]:
            over = at - day.shift_end_s[stops.shift]
            faults.append(f"shift {stops.shift} ends {over} s late")
    faults += [f"visit {v} is made {seen[v]} times" for v in np.flatnonzero(seen > 1)]
    return Verdict(travel, int((seen == 0).sum()), tuple(faults))


def leg_s(day: Day, i: int, j: int) -> int:
    """Return the seconds from one visit to another."""
    return int(day.travel_s[day.location[i], day.location[j]])


def load(path: Path) -> Day:
    """Read and check a file.

    Raises
    ------
    UsageError
        E1002. The file is not of this form; the message says everything that is wrong.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path.name}: cannot be read ({error.strerror})"
        raise UsageError(msg) from None
    except ValueError as error:
        msg = f"{path.name}: is not JSON ({error})"
        raise UsageError(msg) from None
    faults: list[str] = []
    if not isinstance(data, dict):
        data = {}
    travel = _matrix(data.get("travel_s"), faults)
    visits = _columns(data.get("visits"), "visits", VISIT, faults)
    shifts = _columns(data.get("shifts"), "shifts", SHIFT, faults)
    if not faults:
        location, early, late, duration = visits.T
        start, end = shifts.T
        rules = (
            ("visits", (location < 0) | (location >= len(travel)), "no such location"),
            ("visits", late < early, "latest start before earliest"),
            ("visits", duration <= 0, "no duration"),
            ("visits", early < 0, "negative time"),
            ("shifts", end <= start, "end not after start"),
            ("shifts", start < 0, "negative time"),
        )
        for what, wrong, why in rules:
            faults += [f"{what}[{n}]: {why}" for n in np.flatnonzero(wrong)]
    if faults:
        more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        msg = f"{path.name}: {'; '.join(faults[:SHOWN])}{more}"
        raise UsageError(msg)
    return Day(path.stem, travel, *visits.T.copy(), *shifts.T.copy())


def save(day: Day, path: Path) -> None:
    """Write an instance in the form that `load` reads."""
    visits = np.stack((day.location, day.early_s, day.late_s, day.duration_s), axis=1)
    shifts = np.stack((day.shift_start_s, day.shift_end_s), axis=1)
    data = {
        "travel_s": day.travel_s.tolist(),
        "visits": [
            {"id": f"v{n}"} | dict(zip(VISIT, row, strict=True))
            for n, row in enumerate(visits.tolist())
        ],
        "shifts": [
            {"id": f"s{n}"} | dict(zip(SHIFT, row, strict=True))
            for n, row in enumerate(shifts.tolist())
        ],
    }
    path.write_text(json.dumps(data), encoding="utf-8")


def _matrix(given: Any, faults: list[str]) -> npt.NDArray[np.int32]:
    try:
        travel = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        travel = np.zeros(0)
    if travel.ndim != 2 or travel.shape[0] != travel.shape[1]:
        faults.append("travel_s: not a square matrix of seconds")
        return np.zeros((0, 0), dtype=np.int32)
    if not ((travel >= 0) & (travel == np.rint(travel)) & (travel < 2**31)).all():
        faults.append("travel_s: not all whole seconds, 0 or more")
        return np.zeros((0, 0), dtype=np.int32)
    np.fill_diagonal(travel, 0)
    return travel.astype(np.int32)


def _columns(
    given: Any, what: str, names: Sequence[str], faults: list[str]
) -> npt.NDArray[np.int64]:
    """Return one row per visit or shift; the faults grow by what is no whole number."""
    if not isinstance(given, list) or not given:
        faults.append(f"{what}: missing or empty")
        return np.zeros((0, len(names)), dtype=np.int64)
    table = np.zeros((len(given), len(names)), dtype=np.int64)
    for n, row in enumerate(given):
        for k, name in enumerate(names):
            value = row.get(name) if isinstance(row, dict) else None
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and abs(value) < 2**31 and value == int(value):
                table[n, k] = int(value)
            else:
                faults.append(f"{what}[{n}].{name}: not a whole number")
    return table
