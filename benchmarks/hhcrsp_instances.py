"""Instances of the HHCRSP form as problems, rosters as published solutions.

The smallest unit of time of an instance becomes a minute here, so that every length and
leg stays exact (`Scale`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from roundplan.domain import (
    BENCHMARK,
    MODE_CODES,
    CareWorker,
    Client,
    Contract,
    Horizon,
    Mode,
    Place,
    Priority,
    Problem,
    Roster,
    Shift,
    TimeWindow,
    Travel,
    TravelMatrix,
    Visit,
)
from roundplan.units import AMOUNT_PER_PENNY, MINUTE_S

Json = dict[str, Any]

INDEX = "distance_matrix_index"

MOST_DECIMALS = 3
"""Finer instances are refused: their legs would be cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Turns numbers of an instance into seconds, exactly.

    ``decimals`` is how many the instance has; one unit of the last is a minute.
    """

    decimals: int

    @property
    def unit_s(self) -> int:
        """Seconds of one unit of the instance."""
        return int(MINUTE_S * 10**self.decimals)

    def seconds(self, value: float) -> int:
        """Return a time of the instance in seconds."""
        return round(value * 10**self.decimals) * MINUTE_S

    def units(self, seconds: int) -> float:
        """Return seconds in units of the instance."""
        return round(seconds / self.unit_s, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An instance as a problem of the public API.

    ``services`` has the patient and the service of each visit, ``carers`` the id in the
    instance of each worker.
    """

    problem: Problem
    travel: Travel
    scale: Scale
    services: Mapping[str, tuple[str, str]]
    carers: Mapping[str, str]

    def objective(self, amount: int) -> float:
        """Return Z of a cost: a penny buys a minute of each of its three terms."""
        return amount * MINUTE_S / (3 * AMOUNT_PER_PENNY * self.scale.unit_s)

    def solution(self, roster: Roster) -> Json:
        """Return a roster in the published form; times are starts of service."""
        at = self.scale.units
        return {
            "routes": [
                {
                    "caregiver_id": self.carers[r.worker_id],
                    "locations": [
                        {
                            "patient": self.services[v.visit_id][0],
                            "service": self.services[v.visit_id][1],
                            "arrival_time": at(v.start_s),
                            "departure_time": at(v.end_s),
                        }
                        for v in r.visits
                    ],
                }
                for r in roster.rounds
            ]
        }


def scale_of(values: Iterable[float]) -> Scale:
    """Return the scale that keeps all of an instance's times exact.

    Raises
    ------
    ValueError
        A value has more than MOST_DECIMALS decimals.
    """
    numbers = np.array(sorted(set(values)), dtype=np.float64)
    for decimals in range(MOST_DECIMALS + 1):
        scaled = numbers * 10**decimals
        if np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-6:
            return Scale(decimals=decimals)
    msg = f"times with more than {MOST_DECIMALS} decimals"
    raise ValueError(msg)


def read_json(path: Path) -> Json:
    """Read a file that holds one JSON object."""
    data: Json = json.loads(path.read_text(encoding="utf-8"))
    return data


def write_json(path: Path, data: Json) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(path.suffix + ".new")
    new.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def load_hhcrsp(path: Path) -> Instance:
    """Read an instance of the HHCRSP form.

    Every start after a window is allowed at a price; so is, in principle, leaving a
    visit out, at a price above any lateness.

    Raises
    ------
    ValueError
        A time has more decimals than can be kept.
    """
    data = read_json(path)
    offices = data.get("central_offices") or data["departing_points"]
    patients = data["patients"]
    at = {f"office {o['id']}": o.get(INDEX, k) for k, o in enumerate(offices)}
    for k, patient in enumerate(patients):
        at[f"{patient['id']}"] = patient.get(INDEX, len(offices) + k)
    index = list(at.values())
    matrix = np.array(data["distances"], dtype=np.float64)[np.ix_(index, index)]
    scale = scale_of([*matrix.ravel(), *_times(data)])
    visits = {
        visit.visit_id: (visit, patient["id"], service)
        for patient in patients
        for visit, service in _visits(patient, data["services"], scale)
    }
    # late enough for one carer to do everything after the last window
    late_s = scale.seconds(
        max(p["time_window"][1] for p in patients)
        + (len(visits) + 1) * matrix.max()
        + sum(_times(data))
    )
    workers = {f"carer {c['id']}": c for c in data["caregivers"]}
    return Instance(
        problem=Problem(
            horizon=Horizon(start_date=date(2026, 6, 1), days=1),
            clients=tuple(_client(p) for p in patients),
            visits=tuple(visit for visit, *_ in visits.values()),
            workers=tuple(_worker(w, c) for w, c in workers.items()),
            shifts=tuple(
                _shift(w, c, offices, 2 * late_s, scale) for w, c in workers.items()
            ),
            places=tuple(Place(place_id=o) for o in list(at)[: len(offices)]),
            policy=replace(
                BENCHMARK,
                soft_lateness_s=late_s,
                travel_p_min=1,
                lateness_p_min=1,
                largest_lateness_p_min=1,
                unassigned_flexible_p=4 * late_s // MINUTE_S,
            ),
        ),
        travel=travel_of(tuple(at), matrix, scale),
        scale=scale,
        services={v: (patient, service) for v, (_, patient, service) in visits.items()},
        carers={w: c["id"] for w, c in workers.items()},
    )


def _client(patient: Json) -> Client:
    name = f"{patient['id']}"
    barred = patient.get("incompatible_caregivers") or ()
    return Client(
        client_id=name,
        place=Place(place_id=name),
        barred_workers=tuple(f"carer {c}" for c in barred),
    )


def _worker(worker_id: str, carer: Json) -> CareWorker:
    return CareWorker(
        worker_id=worker_id,
        home=Place(place_id=worker_id),
        skills=frozenset(carer["abilities"]),
        modes=(Mode.DRIVE,),
        contract=Contract(rate_p=1),
    )


def _shift(
    worker_id: str, carer: Json, offices: list[Json], end_s: int, scale: Scale
) -> Shift:
    """Return a carer's shift: from and to one office, and without an end."""
    office = carer.get("departing_point") or carer.get("starting_point_id")
    start, _ = carer.get("working_shift") or (0, 0)
    place = f"office {office or offices[0]['id']}"
    return Shift(
        shift_id=worker_id,
        worker_id=worker_id,
        day=0,
        start_s=scale.seconds(start),
        end_s=end_s,
        start_place=place,
        end_place=place,
    )


def travel_of(place_ids: tuple[str, ...], matrix: Any, scale: Scale) -> Travel:
    """Return travel by car from a matrix in units of the instance."""
    minutes = np.round(matrix * 10**scale.decimals).astype(np.int64)
    np.fill_diagonal(minutes, 0)
    seconds = (minutes * MINUTE_S).astype(np.int32)
    found = TravelMatrix(
        profile=Mode.DRIVE.value,
        period="all",
        place_ids=place_ids,
        times_s=seconds,
        metres=np.zeros_like(seconds),
        ltn_crossings=np.zeros(seconds.shape, dtype=np.int16),
        modes=np.full(seconds.shape, MODE_CODES.index(Mode.DRIVE), dtype=np.int8),
    )
    return Travel(matrices={found.profile: found})


def required(patient: Json) -> list[Json]:
    """Return the services that a patient needs, by either name of the field."""
    needed: list[Json] = (
        patient.get("required_caregivers") or patient["required_services"]
    )
    return needed


def duration(service: Json, services: list[Json]) -> float:
    """Return how long a service takes: its own length, or that of its kind."""
    length = service.get("duration")
    if length is None:
        length = next(
            s["default_duration"] for s in services if s["id"] == service["service"]
        )
    return float(length)


def _times(data: Json) -> Iterator[float]:
    for patient in data["patients"]:
        yield from patient["time_window"]
        for service in required(patient):
            yield duration(service, data["services"])
        yield from _gap(patient) if len(required(patient)) == 2 else ()


def _gap(patient: Json) -> tuple[float, float]:
    """Return least and most time from the first service's start to the second's."""
    synchronization = patient["synchronization"]
    if synchronization["type"] == "simultaneous":
        return 0.0, 0.0
    low, high = synchronization["distance"]
    return low, high


def _visits(
    patient: Json, services: list[Json], scale: Scale
) -> Iterator[tuple[Visit, str]]:
    """Yield visits and services: a patient's second is linked, by another carer."""
    window = TimeWindow(
        earliest_start_s=scale.seconds(patient["time_window"][0]),
        latest_start_s=scale.seconds(patient["time_window"][1]),
    )
    before: Visit | None = None
    for service in required(patient):
        visit = Visit(
            visit_id=f"{patient['id']}/{service['service']}",
            client_id=f"{patient['id']}",
            day=0,
            window=window,
            duration_s=scale.seconds(duration(service, services)),
            skills=frozenset([service["service"]]),
            priority=Priority.FLEXIBLE,
        )
        if before is not None:
            low, high = _gap(patient)
            visit = replace(
                visit,
                after_visit=before.visit_id,
                min_gap_s=scale.seconds(low),
                max_gap_s=scale.seconds(high),
                other_worker=True,
            )
        yield visit, service["service"]
        before = visit
