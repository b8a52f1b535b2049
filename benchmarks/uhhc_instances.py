"""Instances of the UHHC form as problems of the public API, rosters as routes.

What a policy can price is told to the search: travel, lateness, the largest lateness,
carers who are not preferred, and patients left out. The rest is the adapter's
(`uhhc_times`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from hhcrsp_instances import INDEX, Json, Scale, duration, travel_of
from roundplan.domain import (
    BENCHMARK,
    CareWorker,
    Client,
    Contract,
    ContractKind,
    Horizon,
    Mode,
    Place,
    Priority,
    Problem,
    Roster,
    Shift,
    TimeWindow,
    Travel,
    Visit,
)

MINUTES = Scale(decimals=0)

PENCE = 10
"""Pence that one unit of the objective is worth to the search."""

PRICED = (
    "travel_time",
    "total_tardiness",
    "highest_tardiness",
    "caregiver_preferences",
    "optional_patients",
)
"""Components that the search knows."""

ALWAYS_HARD = ("qualification", "incompabilities", "total_extra_time")
"""Components that the search keeps at nothing, whatever they weigh."""

Stop = tuple[str, str]
"""A patient and one of the services."""

Routes = dict[str, list[Stop]]
"""Stops in order, by the id of the carer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one plan is told beyond the instance.

    Parameters
    ----------
    windows
        By patient, which of the windows; the whole span of all where none is named.
    later
        Minutes by which shifts end later (or earlier, below 0) than they do: room for
        extra time, or for lunch.
    work
        By carer, minutes of service and travel that are paid for in any case, as
        guaranteed hours: more work costs ``work_price`` a minute, so that it goes to
        those who have less. It is how the largest idle time is told to the search.
    work_price
        In units of the objective.
    """

    windows: Mapping[str, int]
    later: int = 0
    work: Mapping[str, float] = field(default_factory=dict)
    work_price: float = 0


def weights_of(data: Json) -> dict[str, float]:
    """Return the weights of the components, without those that must be nothing."""
    found = data["metadata"]["cost_components"]
    return {k: float(w) for k, w in found.items() if w is not None and w != "HARD"}


def not_priced(data: Json) -> list[str]:
    """Return the components with a weight that the search does not know of."""
    free = (*PRICED, *ALWAYS_HARD)
    return [k for k, w in weights_of(data).items() if w and k not in free]


def hard(data: Json, component: str) -> bool:
    """Return whether a component must be nothing."""
    return bool(data["metadata"]["cost_components"].get(component) == "HARD")


def at_end(data: Json) -> bool:
    """Return whether a window is kept by the end of the service, not its start."""
    return bool(data["metadata"].get("time_window_met") == "at_service_end")


def lengths(data: Json) -> dict[Stop, float]:
    """Return the minutes of each service of each patient."""
    return {
        (p["id"], s["service"]): duration(s, data["services"])
        for p in data["patients"]
        for s in p["required_services"]
    }


def gap_of(patient: Json) -> tuple[float, float] | None:
    """Return least and most minutes from the first start to the second, if linked."""
    found = patient.get("synchronization")
    if found is None or len(patient["required_services"]) != 2:
        return None
    if found["type"] == "independent":
        return None
    if found["type"] == "simultaneous":
        return 0.0, 0.0
    return found["distance"]["min"], found["distance"]["max"]


def terminals(data: Json) -> dict[str, int]:
    """Return the row of each terminal in the matrix."""
    return {t["id"]: t.get(INDEX, k) for k, t in enumerate(data["terminal_points"])}


def problem_of(data: Json, told: Told) -> tuple[Problem, Travel]:
    """Return an instance as a problem, with what this plan is told.

    Mandatory patients are left out only at a price above everything else; an optional
    patient's price is shared among the services.
    """
    weights = weights_of(data)
    patients, carers = data["patients"], data["caregivers"]
    offices = terminals(data)
    at = {f"terminal {t}": row for t, row in offices.items()}
    at |= {p["id"]: p[INDEX] for p in patients}
    index = list(at.values())
    matrix = np.array(data["distances"], dtype=np.float64)[np.ix_(index, index)]
    optional = [p for p in patients if p.get("optional")]
    shared = sum(len(p["required_services"]) for p in optional) or 1
    left_out = weights.get("optional_patients", 0) * len(optional) / shared
    price = told.work_price
    travel = max(0.0, weights.get("travel_time", 0) - price)
    # a visit left out is work that need not be paid
    spared = price * max(lengths(data).values())

    def pence(weight: float) -> int:
        return round(PENCE * weight)

    late = weights.get("total_tardiness", 0), weights.get("highest_tardiness", 0)
    soft = not hard(data, "total_tardiness")
    problem = Problem(
        horizon=Horizon(start_date=date(2026, 6, 1), days=1),
        clients=tuple(_client(p, carers) for p in patients),
        visits=tuple(v for p in patients for v in _visits(data, p, told.windows)),
        workers=tuple(_worker(c, told) for c in carers),
        shifts=tuple(_shift(data, c, told.later) for c in carers),
        places=tuple(Place(place_id=t) for t in list(at)[: len(offices)]),
        policy=replace(
            BENCHMARK,
            soft_lateness_s=MINUTES.seconds(_horizon(data)) if soft else 0,
            travel_p_min=pence(travel),
            lateness_p_min=pence(late[0]) if soft else 0,
            largest_lateness_p_min=pence(late[1]) if soft else 0,
            not_preferred_p=pence(weights.get("caregiver_preferences", 0)),
            guaranteed_hours=bool(told.work),
            pay_percent=100 if told.work else 0,
            paid_gap_max_s=0,
            unassigned_flexible_p=pence(left_out + spared),
            unassigned_standard_p=pence(10 * _horizon(data) * (1 + max(late))),
        ),
    )
    return problem, travel_of(tuple(at), matrix, MINUTES)


def routes_of(data: Json, roster: Roster) -> tuple[Routes, dict[Stop, float]]:
    """Return the stops of each carer and their starts in minutes.

    An optional patient of whom the roster makes a part only is left out whole: the form
    knows no half of a patient.
    """
    stops = {f"{p}/{s}": (p, s) for p, s in lengths(data)}
    made = {stops[v.visit_id]: v.start_s for r in roster.rounds for v in r.visits}
    served = Counter(p for p, _ in made)
    half = {
        p["id"]
        for p in data["patients"]
        if p.get("optional") and served[p["id"]] < len(p["required_services"])
    }
    routes = {
        r.worker_id.removeprefix("carer "): [
            stops[v.visit_id] for v in r.visits if stops[v.visit_id][0] not in half
        ]
        for r in roster.rounds
    }
    starts = {k: MINUTES.units(s) for k, s in made.items() if k[0] not in half}
    return {c: route for c, route in routes.items() if route}, starts


def _horizon(data: Json) -> int:
    """Return a time by which everything can have ended, however late it begins."""
    ends = [w["end"] for p in data["patients"] for w in p["time_windows"]]
    ends += [c["working_shift"]["end"] for c in _with_shift(data)]
    return int(max(ends)) + 24 * 60


def _with_shift(data: Json) -> list[Json]:
    return [c for c in data["caregivers"] if c.get("working_shift")]


def _client(patient: Json, carers: list[Json]) -> Client:
    wanted = patient.get("preferred_caregivers")
    barred = patient.get("incompatible_caregivers") or ()
    known = {c["id"] for c in carers}
    return Client(
        client_id=patient["id"],
        place=Place(place_id=patient["id"]),
        preferred_workers=tuple(f"carer {c}" for c in wanted or () if c in known),
        barred_workers=tuple(f"carer {c}" for c in barred if c in known),
    )


def _worker(carer: Json, told: Told) -> CareWorker:
    name = f"carer {carer['id']}"
    contract = Contract(rate_p=1)
    if told.work:
        contract = Contract(
            kind=ContractKind.GUARANTEED,
            # a week's, of which one day is planned
            guaranteed_s=7 * MINUTES.seconds(max(0, told.work[carer["id"]])),
            rate_p=max(1, round(60 * PENCE * told.work_price)),
        )
    return CareWorker(
        worker_id=name,
        home=Place(place_id=name),
        skills=frozenset(carer["abilities"]),
        modes=(Mode.DRIVE,),
        contract=contract,
    )


def _shift(data: Json, carer: Json, later: int) -> Shift:
    name = f"carer {carer['id']}"
    times: dict[str, Any] = carer.get("working_shift") or {
        "start": 0,
        "end": _horizon(data),
    }
    return Shift(
        shift_id=name,
        worker_id=name,
        day=0,
        start_s=MINUTES.seconds(times["start"]),
        end_s=MINUTES.seconds(max(times["start"] + 1, times["end"] + later)),
        start_place=f"terminal {carer['departing_point']}",
        end_place=f"terminal {carer['arrival_point']}",
    )


def _visits(data: Json, patient: Json, windows: Mapping[str, int]) -> list[Visit]:
    """Return a patient's visits; the second is linked, by another carer, if it is."""
    spans = patient["time_windows"]
    first, last = spans[0], spans[-1]
    if patient["id"] in windows:
        first = last = spans[windows[patient["id"]]]
    gap = gap_of(patient)
    found: list[Visit] = []
    for service in patient["required_services"]:
        length = duration(service, data["services"])
        due = last["end"] - (length if at_end(data) else 0)
        visit = Visit(
            visit_id=f"{patient['id']}/{service['service']}",
            client_id=patient["id"],
            day=0,
            window=TimeWindow(
                earliest_start_s=MINUTES.seconds(first["start"]),
                latest_start_s=MINUTES.seconds(max(due, first["start"])),
            ),
            duration_s=MINUTES.seconds(length),
            skills=frozenset([service["service"]]),
            priority=Priority.FLEXIBLE
            if patient.get("optional")
            else Priority.STANDARD,
        )
        if found and gap is not None:
            visit = replace(
                visit,
                after_visit=found[0].visit_id,
                min_gap_s=MINUTES.seconds(gap[0]),
                max_gap_s=MINUTES.seconds(gap[1]),
                other_worker=True,
            )
        found.append(visit)
    return found
