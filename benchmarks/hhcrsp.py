"""Published home-care instances with synchronised visits, against every published cost.

    uv run python benchmarks/hhcrsp.py [FILE...] [--seconds S] [--seeds 3] [--out DIR]

Takes JSON files of the form of Mankowska et al. (2014): one depot, soft windows, some
patients who need two carers at once or one after the other. Without files: the 70 that
lie beside the project. The objective is Z = (travel + all lateness + largest lateness)
/ 3. Solutions are written in the published form, and judged by code that is not the
search's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from roundplan.domain import (
    BENCHMARK,
    CareWorker,
    Client,
    Contract,
    Horizon,
    Mode,
    Place,
    Priority,
    Problem,
    Shift,
    TimeWindow,
    Travel,
    TravelMatrix,
    Visit,
)
from roundplan.units import AMOUNT_PER_PENNY, MINUTE_S

MOST_DECIMALS = 3
DEPOT = "depot"
FOREVER = 20
"""Days that a round may last, in horizons of the instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An instance as a problem: its smallest unit of time is a minute there."""

    problem: Problem
    travel: Travel
    unit_s: int

    @property
    def z_per_amount(self) -> float:
        """The objective of one amount: a penny buys a minute of each term."""
        return MINUTE_S / (3 * AMOUNT_PER_PENNY * self.unit_s)


def load_instance(path: Path) -> Instance:
    data = json.loads(path.read_text(encoding="utf-8"))
    return instance_of(data)


def instance_of(data):
    lengths = {s["id"]: s.get("default_duration") for s in data["services"]}
    matrix = np.array(data["distances"], dtype=np.float64)
    numbers = [matrix.ravel()]
    decimals = 0
    while decimals < MOST_DECIMALS and any(
        np.abs(n * 10**decimals - np.round(n * 10**decimals)).max() > 1e-6
        for n in numbers
    ):
        decimals += 1
    unit = MINUTE_S * 10**decimals

    def sec(x):
        return round(x * 10**decimals) * MINUTE_S

    ids = (DEPOT, *(p["id"] for p in data["patients"]))
    seconds = np.round(matrix * 10**decimals).astype(np.int32) * MINUTE_S
    np.fill_diagonal(seconds, 0)
    tm = TravelMatrix(
        profile="drive",
        period="all",
        place_ids=ids,
        times_s=seconds,
        metres=np.zeros_like(seconds),
        ltn_crossings=np.zeros(seconds.shape, dtype=np.int16),
        modes=np.full(seconds.shape, 4, dtype=np.int8),
    )
    visits = []
    latest = 0
    for p in data["patients"]:
        services = p.get("required_caregivers") or p.get("required_services")
        low, high = p["time_window"]
        latest = max(latest, sec(high))
        for k, s in enumerate(services):
            d = s.get("duration")
            if d is None:
                d = lengths[s["service"]]
            extra = {}
            if k == 1:
                sync = p["synchronization"]
                a, b = (0, 0) if sync["type"] == "simultaneous" else sync["distance"]
                extra = dict(
                    after_visit=f"{p['id']}/{services[0]['service']}",
                    min_gap_s=sec(a),
                    max_gap_s=sec(b),
                    other_worker=True,
                )
            visits.append(
                Visit(
                    visit_id=f"{p['id']}/{s['service']}",
                    client_id=p["id"],
                    day=0,
                    window=TimeWindow(
                        earliest_start_s=sec(low), latest_start_s=sec(high)
                    ),
                    duration_s=sec(d),
                    skills=frozenset([s["service"]]),
                    priority=Priority.FLEXIBLE,
                    **extra,
                )
            )
    policy = replace(
        BENCHMARK,
        soft_lateness_s=FOREVER * latest,
        travel_p_min=1,
        lateness_p_min=1,
        largest_lateness_p_min=1,
        unassigned_flexible_p=10 * latest // 60,
    )
    workers = tuple(
        CareWorker(
            worker_id=c["id"],
            home=Place(place_id=c["id"]),
            skills=frozenset(c["abilities"]),
            modes=(Mode.DRIVE,),
            contract=Contract(rate_p=1),
        )
        for c in data["caregivers"]
    )
    problem = Problem(
        horizon=Horizon(start_date=date(2026, 6, 1), days=1),
        clients=tuple(Client(client_id=i, place=Place(place_id=i)) for i in ids[1:]),
        visits=tuple(visits),
        workers=workers,
        shifts=tuple(
            Shift(
                shift_id=w.worker_id,
                worker_id=w.worker_id,
                day=0,
                start_s=0,
                end_s=FOREVER * latest,
                start_place=DEPOT,
                end_place=DEPOT,
            )
            for w in workers
        ),
        places=(Place(place_id=DEPOT),),
        policy=policy,
    )
    return Instance(
        problem=problem, travel=Travel(matrices={"drive": tm}), unit_s=unit
    )
