"""Travel of a problem by public transport, in the periods that somebody may need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from roundplan.domain import (
    WEEKDAYS,
    CareWorker,
    Mode,
    Period,
    Place,
    Problem,
    TravelMatrix,
)
from roundplan.errors import UsageError
from roundplan.network import Network, travel_matrix
from roundplan.solve.needed import needed_periods
from roundplan.transit import (
    DEFAULT_PERCENTILE,
    Lines,
    Timetable,
    read_gtfs,
    read_lines,
    states_headways,
    transit_journeys,
)

HOURS = (5, 7, 10, 16, 19, 22, 24)
"""Where the periods of public transport begin and end.

Peaks from 7 to 10 and from 16 to 19, as Transport for London counts them, and what lies
before, between and after. From midnight to 5 one walks: an assumption, since night
buses are few.
"""

DAYS = ("Mo-Fr", "Sa", "Su")
"""Days with a timetable of their own."""

EVERY_S = 900
"""Seconds between the departures that are looked at: a quarter of an hour."""


def transit_travel(
    problem: Problem,
    network: Network,
    path: Path,
    places: Sequence[Place],
    riders: Sequence[CareWorker],
    *,
    max_snap_m: float,
) -> tuple[TravelMatrix, tuple[TravelMatrix, ...], list[str]]:
    """Return travel with public transport: at night, in each period, and notes.

    A timetable is that of the first day of the horizon that is one of the period's.

    Raises
    ------
    DataError
        E1000. All that is wrong with the timetable.
    SnapError
        E2103. Places too far from the streets.
    """
    walked = travel_matrix(network, places, max_snap_m=max_snap_m)
    walked = replace(walked, profile=Mode.TRANSIT.value)
    notes: list[str] = []
    said: dict[str, None] = {}
    timed: list[TravelMatrix] = []
    service: Timetable | Lines | None = None
    of_day: date | None = None
    names = [
        f"{days} {start:02}:00-{end:02}:00"
        for days in DAYS
        for start, end in pairwise(HOURS)
    ]
    headways = states_headways(path)
    for name in needed_periods(problem, riders, names):
        day = _first_day(problem, name)
        if headways and service is None:
            service = read_lines(path)
        elif not headways and day != of_day:
            of_day = day
            try:
                service = read_gtfs(path, day)
                notes.append(
                    f"transit, {name.split()[0]}: by the timetable of "
                    f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"
                )
            except UsageError as error:
                service = None
                notes.append(f"transit, {name.split()[0]}: on foot, since {error}")
        if service is None:
            continue
        journeys = transit_journeys(
            network, service, places, name, every_s=EVERY_S, max_snap_m=max_snap_m
        )
        said |= dict.fromkeys(journeys.notes)
        timed.append(journeys.matrix(name))
    notes += [f"transit: {note}" for note in said]
    if timed and not headways:
        notes.append(
            f"transit: of the departures in a period, one every {EVERY_S // 60} min, "
            f"{DEFAULT_PERCENTILE}% are no slower than planned"
        )
    return walked, tuple(timed), notes


def _first_day(problem: Problem, name: str) -> date:
    """Return the first date of the horizon on a day of a period."""
    days = Period.parse(name).days
    dates = map(problem.horizon.date_of, range(problem.horizon.days))
    return next(d for d in dates if d.weekday() in days)
