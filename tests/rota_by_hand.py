"""A rota of two days that has one of everything, with names that bite."""

from __future__ import annotations

from browsing import NASTY
from helpers import client, clock, problem, roster, shift, travel, visit, worker
from roundplan.domain import Break, HistoryEntry, Place, ShiftKind
from roundplan.formats import Person
from roundplan.report import Rota

LAT, LON = 51.5, -0.1


def rota(*, people: bool = True, placed: bool = False) -> Rota:
    """W1: V1, a break, V2 with W2, home. W2: a meeting, V2, the next day past midnight.

    C1 knows W1; nobody else knows anybody. V4 is left out. ``placed`` gives places a
    position in degrees.
    """
    visits = [
        visit("V1", "C1", "08:00", minutes=60, skills=frozenset({NASTY[0]})),
        visit("V2", "C2", "10:00", workers_required=2, time_critical=True),
        visit("V3", "C1", "23:45", minutes=45, day=1),
        visit("V4", "C3", "09:00", day=1),
    ]
    shifts = [
        shift("W1", "07:00", "15:00", start_place="W1", end_place="W1"),
        shift("W2", "08:00", "09:00", shift_id="talk", kind=ShiftKind.MEETING),
        shift("W2", "09:30", "15:00"),
        shift("W2", "22:00", "26:00", day=1),
        shift("W1", "07:00", "15:00", day=1, shift_id="away", kind=ShiftKind.LEAVE),
    ]
    of = problem(
        visits,
        clients=[client(f"C{i}", x=600.0 * i) for i in (1, 2, 3)],
        workers=[worker("W1", skills=frozenset({NASTY[0]})), worker("W2", x=1200.0)],
        shifts=shifts,
        days=2,
        history=(
            HistoryEntry(
                client_id="C1",
                worker_id="W1",
                visits=9,
                first_visit=problem([]).horizon.start_date.replace(month=4),
                last_visit=problem([]).horizon.start_date.replace(month=5),
            ),
        ),
    )
    by = travel(of)
    made = roster(
        of,
        by,
        {
            "W1@0-07:00": [("V1", "08:00"), ("V2", "10:00")],
            "W2@0-09:30": [("V2", "10:00")],
            "W2@1-22:00": [("V3", "23:45")],
        },
        {"W1@0-07:00": [Break(start_s=clock("09:10"), end_s=clock("09:30"))]},
        unassigned=["V4"],
    )
    if placed:
        of = _placed(of)
    names = {
        "C1": Person(name=NASTY[2], address=NASTY[0], phone="020 7946 0000"),
        "C2": Person(name=NASTY[3], access_notes=NASTY[4]),
        "W1": Person(name=NASTY[5]),
        "W2": Person(name=NASTY[1]),
    }
    return Rota(of, by, made, names if people else None)


def _placed(of):
    from dataclasses import replace

    def at(place):
        return Place(
            place_id=place.place_id,
            x=LON + place.x / 69_000,
            y=LAT,
            crs="EPSG:4326",
        )

    return replace(
        of,
        clients=tuple(replace(c, place=at(c.place)) for c in of.clients),
        workers=tuple(replace(w, home=at(w.home)) for w in of.workers),
    )
