"""A week of home care drawn on a real map: what a provider's folder looks like.

Clients and workers live a few metres off the residential streets of an OpenStreetMap
file. They are drawn from a seed: nobody in them is real, and neither is a door. The map
is read here with the standard library alone, so that the package's own reader of maps
is tested from outside. Used by tests/integration and by benchmarks/real_streets.py.
"""

from __future__ import annotations

import csv
import math
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

MONDAY = date(2026, 6, 1)
DAYS = 7
METRES_PER_DEGREE = 111_195.0
FROM_STREET_M = (4.0, 15.0)
"""How far a front door is from the middle of its street, least and most."""

Cells = dict[str, object]

VISITS_A_DAY = {1: 0.60, 2: 0.27, 3: 0.08, 4: 0.05}
"""Share of clients by visits a day."""

BANDS = {
    "morning": (7 * 60 + 30, 10 * 60 + 30),
    "lunch": (11 * 60 + 30, 13 * 60 + 30),
    "tea": (15 * 60 + 30, 17 * 60),
    "bed": (18 * 60 + 30, 21 * 60),
}
"""First and last middle of a visit's window, minutes past midnight."""

BANDS_OF = {
    2: ("morning", "bed"),
    3: ("morning", "lunch", "bed"),
    4: ("morning", "lunch", "tea", "bed"),
}

ONE_A_DAY = ("morning", "morning", "lunch", "tea")
"""Bands that the only visit of a day is drawn from."""

LENGTHS = {30: 0.72, 45: 0.18, 60: 0.10}
"""Share of visits by length in minutes (Torbay's median provider, rounded)."""

SHIFTS = {
    "early": (("06:45", "15:00"),),
    "late": (("13:00", "22:30"),),
    "split": (("07:00", "13:30"), ("17:30", "22:00")),
}
PATTERN = ("early", "split", "late", "early", "split")
"""Kinds of shift, worker by worker: most are on in the morning, as the visits are."""


@dataclass(frozen=True, slots=True)
class Streets:
    """Pieces of residential street: each from (lat, lon) to (lat, lon)."""

    pieces: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    metres: tuple[float, ...]

    def door(self, rng: random.Random) -> Cells:
        """Draw a place beside a street, longer streets having more doors."""
        ends = tuple(accumulate(self.metres))
        (lat, lon), to = self.pieces[bisect(ends, rng.uniform(0, ends[-1]))]
        north, east = _metres((lat, lon), to)
        along = rng.random()
        length = math.hypot(north, east)
        off = rng.choice((-1, 1)) * rng.uniform(*FROM_STREET_M) / length
        north, east = along * north - off * east, along * east + off * north
        scale = METRES_PER_DEGREE * math.cos(math.radians(lat))
        return {
            "lat": f"{lat + north / METRES_PER_DEGREE:.6f}",
            "lon": f"{lon + east / scale:.6f}",
        }


def residential_streets(osm: Path) -> Streets:
    """Return the residential streets of an OpenStreetMap XML file."""
    nodes: dict[str, tuple[float, float]] = {}
    pieces = []
    for _, element in ET.iterparse(osm):
        if element.tag == "node":
            nodes[element.attrib["id"]] = (
                float(element.attrib["lat"]),
                float(element.attrib["lon"]),
            )
        elif element.tag == "way":
            tags = {t.attrib["k"]: t.attrib["v"] for t in element.iter("tag")}
            if tags.get("highway") == "residential":
                line = [nodes[nd.attrib["ref"]] for nd in element.iter("nd")]
                pieces += [ends for ends in pairwise(line) if ends[0] != ends[1]]
    metres = tuple(math.hypot(*_metres(*ends)) for ends in pieces)
    return Streets(pieces=tuple(pieces), metres=metres)


def draw_week(
    osm: Path, folder: Path, *, network: Path, clients: int, workers: int, seed: int
) -> None:
    """Write a problem folder on the streets of ``osm``, which names ``network``.

    Parameters
    ----------
    network
        What ``[network] file`` is to say: the map itself, or a network built from it.
    """
    rng = random.Random(seed)
    streets = residential_streets(osm)
    staff = [_worker(rng, w, streets) for w in range(workers)]
    people = [_client(rng, c, streets, staff) for c in range(clients)]
    visits: list[Cells] = []
    sizes = _shares(rng, VISITS_A_DAY, clients)
    for person, a_day in zip(people, sizes, strict=True):
        visits += _visits(rng, str(person["client_id"]), a_day)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.toml").write_text(
        f"start_date = {MONDAY}\ndays = {DAYS}\n\n"
        f'[network]\nfile = "{network.as_posix()}"\n',
        encoding="utf-8",
    )
    _write(folder / "clients.csv", people)
    _write(folder / "visits.csv", visits)
    _write(folder / "workers.csv", staff)
    _write(folder / "shifts.csv", _shifts(staff))


def _worker(rng: random.Random, number: int, streets: Streets) -> Cells:
    guaranteed = rng.random() < 0.6
    skills = ["medication"] if rng.random() < 0.95 else []
    skills += ["hoist"] if rng.random() < 0.85 else []
    skills += ["dementia"] if rng.random() < 0.6 else []
    return {
        "worker_id": f"W{number + 1:02}",
        **streets.door(rng),
        "modes": "walk",
        "skills": ";".join(skills),
        "gender": "male" if number % 6 == 5 else "female",
        "contract": "guaranteed" if guaranteed else "zero_hours",
        "guaranteed_hours_week": 24 if guaranteed else 0,
        "contracted_hours_week": 36,
        "max_hours_week": 45,
        "hourly_rate": "15.20",
        "has_fixed_base": "n",
        "wtr_opt_out": "n",
    }


def _client(
    rng: random.Random, number: int, streets: Streets, staff: Sequence[Cells]
) -> Cells:
    ids = [str(w["worker_id"]) for w in staff]
    known = sorted(rng.sample(ids, 3))
    barred = rng.choice(ids) if rng.random() < 0.1 else ""
    gender = "any"
    if rng.random() < 0.15:
        gender = "male" if rng.random() < 0.2 else "female"
    return {
        "client_id": f"C{number + 1:02}",
        **streets.door(rng),
        "package": "reablement" if rng.random() < 0.1 else "homecare",
        "worker_gender": gender,
        "introduced_workers": ";".join(known),
        "barred_workers": "" if barred in known else barred,
    }


def _visits(rng: random.Random, client_id: str, a_day: int) -> list[Cells]:
    """Return a client's weekly patterns, one for each time of day.

    Who has most visits a day is who may need two workers. Medicines make a visit
    essential, and some have their time.
    """
    hands = 2 if a_day >= 3 and rng.random() < 0.4 else 1
    medication = rng.random() < 0.5
    timed = medication and rng.random() < 0.4
    skills = ["hoist"] if hands == 2 else []
    skills += ["medication"] if medication else []
    skills += ["dementia"] if rng.random() < 0.1 else []
    days = "MTWTF--" if a_day == 1 and rng.random() < 0.6 else "MTWTFSS"
    essential = timed or medication or hands == 2
    rows: list[Cells] = []
    for name in BANDS_OF.get(a_day, (rng.choice(ONE_A_DAY),)):
        first, last = BANDS[name]
        middle = first + 5 * rng.randrange((last - first) // 5 + 1)
        half = 20 if timed else 45
        rows.append(
            {
                "visit_id": f"{client_id}-{name}",
                "client_id": client_id,
                "days": days,
                "earliest_start": _clock(middle - half),
                "latest_start": _clock(middle + half),
                "preferred_start": _clock(middle),
                "duration_min": rng.choices([*LENGTHS], [*LENGTHS.values()])[0],
                "workers_required": hands,
                "skills": ";".join(skills),
                "priority": "essential" if essential else "standard",
                "time_critical": "y" if timed else "n",
                "after_visit": "",
                "min_gap_min": 0,
            }
        )
    if timed and a_day > 1:  # doses some hours apart
        rows[-1] |= {"after_visit": rows[0]["visit_id"], "min_gap_min": 480}
    return rows


def _shifts(staff: Sequence[Cells]) -> list[Cells]:
    """Return five days' shifts each, from home and back, and one training."""
    rows: list[Cells] = []
    for number, worker in enumerate(staff):
        for day in range(DAYS):
            if (day + 2 * number) % DAYS < 2:  # two days off, one after the other
                continue
            for start, end in SHIFTS[PATTERN[number % len(PATTERN)]]:
                rows.append(
                    {
                        "worker_id": worker["worker_id"],
                        "date": MONDAY + timedelta(days=day),
                        "start": start,
                        "end": end,
                        "kind": "work",
                        "start_place": "home",
                        "end_place": "home",
                    }
                )
    learner = next(r for r in rows if r["start"] == "06:45")
    training = {"start": "13:00", "end": "14:30", "kind": "training"}
    rows.append(learner | training | {"start_place": "", "end_place": ""})
    return rows


def _shares(rng: random.Random, shares: dict[int, float], count: int) -> list[int]:
    """Return so many values in their shares, in an order drawn by chance."""
    ends = [round(count * end) for end in accumulate(shares.values())]
    values = [
        value
        for value, (begin, end) in zip(shares, pairwise([0, *ends]), strict=True)
        for _ in range(end - begin)
    ]
    rng.shuffle(values)
    return values


def _metres(
    begin: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float]:
    """Return metres north and east from one (lat, lon) to another nearby."""
    east = math.cos(math.radians(begin[0])) * (end[1] - begin[1])
    return METRES_PER_DEGREE * (end[0] - begin[0]), METRES_PER_DEGREE * east


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _write(path: Path, rows: Sequence[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=[*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
