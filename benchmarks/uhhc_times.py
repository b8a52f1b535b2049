"""Times of finished routes under the whole objective of a UHHC instance, and its score.

Routes come from the search; waiting, idle time and lunches have no price there. For
given routes the best starts and lunches are a small integer program: who goes where,
and in what order, is not touched. No visit and no lunch is made longer than it must be,
though the form would allow to pass off waiting as service.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from hhcrsp_instances import INDEX, Json
from uhhc_instances import (
    Routes,
    Stop,
    at_end,
    gap_of,
    hard,
    lengths,
    terminals,
    weights_of,
)

LATEST = 24 * 60
"""Minutes after the last shift's or window's end by which everything is over."""

LEAVES_AT_START = ("bazirha", "bazirha-caie")
"""Origins whose carers leave when the shift starts."""

Terms = dict[str, float]

Lunch = tuple[int, list[tuple[int, int, bool]]]
"""Variable of a lunch's start, and its places: a variable, a stop, and whether the
lunch is after the service there or before."""


class _Program:
    """An integer program that is put together row by row."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float]] = []

    def variable(
        self, low: float, high: float, cost: float = 0, *, whole: bool = False
    ) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def at_least(self, least: float) -> dict[int, float]:
        """Begin a row: the sum of its entries is ``least`` or more."""
        row: dict[int, float] = {}
        self.rows.append((row, least))
        return row

    def solve(self, seconds: float) -> np.ndarray | None:
        """Return the best values found, None where there are none."""
        at = [(r, j, v) for r, (row, _) in enumerate(self.rows) for j, v in row.items()]
        r, j, v = zip(*at, strict=True) if at else ((), (), ())
        matrix = csr_array((v, (r, j)), shape=(len(self.rows), len(self.cost)))
        found = milp(
            self.cost,
            integrality=self.whole,
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, [low for _, low in self.rows]),
            options={"time_limit": seconds, "mip_rel_gap": 1e-4},
        )
        return None if found.x is None else np.asarray(found.x)


def retimed(
    data: Json, routes: Routes, near: Mapping[Stop, float], seconds: float
) -> Json | None:
    """Return the solution with the best times for given routes, in the published form.

    Parameters
    ----------
    near
        Starts in the plan. A lunch is tried only where it lies within two hours of
        when it may be there; all places are tried for stops that are not in it.
    seconds
        Limit; the best found by then is taken.

    Returns
    -------
    The solution; None where the routes allow none, or none was found in time.
    """
    if not routes:
        return {"routes": []}
    minutes, weights = lengths(data), weights_of(data)
    patients = {p["id"]: p for p in data["patients"]}
    program = _Program()
    shifts = [c["working_shift"]["end"] for c in data["caregivers"] if _shift(c)]
    ends = [w["end"] for p in data["patients"] for w in p["time_windows"]]
    big = max(shifts + ends) + LATEST

    most_late = 0.0 if hard(data, "total_tardiness") else big
    largest = program.variable(0, most_late, weights.get("highest_tardiness", 0))
    most_idle = program.variable(0, big, weights.get("max_idle_time", 0))
    start: dict[Stop, int] = {}
    for stop in (s for route in routes.values() for s in route):
        windows = patients[stop[0]]["time_windows"]
        early = minutes[stop] if at_end(data) else 0
        s = start[stop] = program.variable(windows[0]["start"], big)
        late = program.variable(0, most_late, weights.get("total_tardiness", 0))
        program.at_least(0).update({largest: 1, late: -1})
        # late after the last window, and after each other one unless a later is chosen
        program.at_least(early - windows[-1]["end"]).update({late: 1, s: -1})
        for before, after in itertools.pairwise(windows):
            second = program.variable(0, 1, whole=True)
            row = {s: 1.0, second: windows[0]["start"] - after["start"]}
            program.at_least(windows[0]["start"]).update(row)
            row = {late: 1.0, s: -1.0, second: big}
            program.at_least(early - before["end"]).update(row)
    for p in data["patients"]:
        gap = gap_of(p)
        a, b = (
            ((p["id"], s["service"]) for s in p["required_services"][:2])
            if gap is not None
            else (("", ""), ("", ""))
        )
        if gap is not None and a in start and b in start:
            program.at_least(gap[0]).update({start[b]: 1, start[a]: -1})
            program.at_least(-gap[1]).update({start[b]: -1, start[a]: 1})

    lunches: dict[str, Lunch] = {}
    for carer in data["caregivers"]:
        stops = routes.get(carer["id"], [])
        shift = _shift(carer)
        if not stops:
            if shift:
                program.low[most_idle] = max(
                    program.low[most_idle], shift["end"] - shift["start"]
                )
            continue
        lunches[carer["id"]] = _add_route(
            program, data, carer, stops, start, near, big, most_idle
        )
    found = program.solve(seconds)
    if found is None:
        return None
    return _solution(data, routes, start, lunches, np.round(found))


def _add_route(
    program: _Program,
    data: Json,
    carer: Json,
    stops: list[Stop],
    start: Mapping[Stop, int],
    near: Mapping[Stop, float],
    big: float,
    most_idle: int,
) -> Lunch:
    """Add a route's legs, waits, lunch, extra and idle time; return its lunch."""
    patients = {p["id"]: p for p in data["patients"]}
    minutes, weights = lengths(data), weights_of(data)
    index, shift = terminals(data), _shift(carer)
    rows = [
        index[carer["departing_point"]],
        *(patients[p][INDEX] for p, _ in stops),
        index[carer["arrival_point"]],
    ]
    legs = [data["distances"][a][b] for a, b in itertools.pairwise(rows)]
    opens = shift["start"] if shift else 0
    back = program.variable(0, big)
    options: list[tuple[int, int, bool]] = []
    if carer.get("lunch_break"):
        rule = data["lunch_breaks"]
        rest = rule["min_duration"]
        until = rule["end"] - (rest if at_end(data) else 0)
        lunch = program.variable(rule["start"], until)
        for k, stop in enumerate(stops):
            if not rule["start"] - 120 <= near.get(stop, until) <= until + 120:
                continue
            for after in (False, True):
                price = -weights.get("missed_lunch_break", 0)
                z = program.variable(0, 1, price, whole=True)
                options.append((z, k, after))
        program.at_least(-1).update({z: -1 for z, *_ in options})
    else:
        rest, lunch = 0, -1
    waiting = weights.get("total_waiting_time", 0)
    program.cost[back] += waiting
    program.cost[start[stops[0]]] -= waiting
    program.at_least(opens + legs[0]).update({start[stops[0]]: 1})
    work = sum(legs) + sum(minutes[s] for s in stops)
    for k, stop in enumerate(stops):
        after_it = start[stops[k + 1]] if k + 1 < len(stops) else back
        inside = [z for z, j, after in options if (j, after) in _gap(k)]
        row = {after_it: 1.0, start[stop]: -1.0} | dict.fromkeys(inside, -rest)
        program.at_least(minutes[stop] + legs[k + 1]).update(row)
    _add_lunches(
        program,
        options,
        lunch,
        rest,
        waiting,
        start,
        stops,
        minutes,
        legs,
        back,
        opens,
        big,
    )
    if shift:
        most = 0 if hard(data, "total_extra_time") else big
        extra = program.variable(0, most, weights.get("total_extra_time", 0))
        program.at_least(-shift["end"]).update({extra: 1, back: -1})
        # departure, waits and the rest of the shift: all but work and lunch
        rested = dict.fromkeys((z for z, *_ in options), float(rest))
        row = {most_idle: 1.0, back: -1.0} | rested
        program.at_least(-shift["start"] - work).update(row)
        row = {most_idle: 1.0} | rested
        program.at_least(shift["end"] - shift["start"] - work).update(row)
    if data["metadata"].get("origin") in LEAVES_AT_START:
        program.cost[start[stops[0]]] += waiting
    return lunch, options


def _add_lunches(
    program: _Program,
    options: list[tuple[int, int, bool]],
    lunch: int,
    rest: float,
    waiting: float,
    start: Mapping[Stop, int],
    stops: list[Stop],
    minutes: Mapping[Stop, float],
    legs: list[float],
    back: int,
    opens: float,
    big: float,
) -> None:
    """Add what holds if the lunch is at a place: after a stop, before the next."""
    for z, k, after in options:
        stop = stops[k]
        opening = k == 0 and not after
        # a lunch that opens the route moves no wait; any other is no waiting itself
        program.cost[z] -= 0 if opening else waiting * rest
        if after:
            row = {lunch: 1.0, start[stop]: -1.0, z: -big}
            program.at_least(minutes[stop] - big).update(row)
            then = start[stops[k + 1]] if k + 1 < len(stops) else back
            row = {then: 1.0, lunch: -1.0, z: -big}
            program.at_least(rest + legs[k + 1] - big).update(row)
            continue
        if opening:
            row = {lunch: 1.0, z: -big}
            program.at_least(opens + legs[0] - big).update(row)
        else:
            row = {lunch: 1.0, start[stops[k - 1]]: -1.0, z: -big}
            program.at_least(minutes[stops[k - 1]] + legs[k] - big).update(row)
        row = {start[stop]: 1.0, lunch: -1.0, z: -big}
        program.at_least(rest - big).update(row)


def _gap(k: int) -> tuple[tuple[int, bool], tuple[int, bool]]:
    """Return the places of a lunch between a stop and the next."""
    return (k, True), (k + 1, False)


def _shift(carer: Json) -> Json:
    return carer.get("working_shift") or {}


def _solution(
    data: Json,
    routes: Routes,
    start: Mapping[Stop, int],
    lunches: Mapping[str, Lunch],
    found: np.ndarray,
) -> Json:
    minutes = lengths(data)

    def stop(patient: str, service: str, begin: float, length: float) -> Json:
        return {
            "patient": patient,
            "service": service,
            "arrival_time": float(begin),
            "departure_time": float(begin + length),
        }

    made = []
    for carer, stops in routes.items():
        locations = [stop(*s, found[start[s]], minutes[s]) for s in stops]
        lunch, options = lunches.get(carer, (-1, []))
        for k in [k + after for z, k, after in options if found[z] > 0.5]:
            where = next(j for z, j, _ in options if found[z] > 0.5)
            rest = data["lunch_breaks"]["min_duration"]
            at = stop(stops[where][0], "lunch_break", found[lunch], rest)
            locations.insert(k, at)
        made.append({"caregiver_id": carer, "locations": locations})
    return {"routes": made}


def idle_times(data: Json, solution: Json) -> dict[str, float]:
    """Return the minutes of each shift that are neither service, travel nor lunch."""
    patients = {p["id"]: p for p in data["patients"]}
    index = terminals(data)
    stops = {r["caregiver_id"]: r["locations"] for r in solution["routes"]}
    found = {}
    for carer in data["caregivers"]:
        if not (shift := _shift(carer)):
            continue
        made = stops.get(carer["id"], [])
        rows = [patients[s["patient"]][INDEX] for s in made]
        if rows:
            ends = carer["departing_point"], carer["arrival_point"]
            rows = [index[ends[0]], *rows, index[ends[1]]]
        busy = sum(data["distances"][a][b] for a, b in itertools.pairwise(rows))
        busy += sum(s["departure_time"] - s["arrival_time"] for s in made)
        found[carer["id"]] = shift["end"] - shift["start"] - busy
    return found


def score(data: Json, solution: Json) -> tuple[float, Terms]:
    """Return the weighted objective and the components of a sound solution.

    It says nothing of faults; those are the judge's.
    """
    patients = {p["id"]: p for p in data["patients"]}
    index = terminals(data)
    work = {c["id"]: 0.0 for c in data["caregivers"]}
    terms: Terms = Counter()  # type: ignore[assignment]
    idle, late, served, ate = [0.0], [0.0], set(), set()
    routes = {r["caregiver_id"]: r["locations"] for r in solution["routes"]}
    for carer in data["caregivers"]:
        stops, shift, name = routes.get(carer["id"], []), _shift(carer), carer["id"]
        if not stops:
            idle.append(shift["end"] - shift["start"] if shift else 0)
            continue
        here = index[carer["departing_point"]]
        first = data["distances"][here][patients[stops[0]["patient"]][INDEX]]
        leaves = stops[0]["arrival_time"] - first
        if shift and data["metadata"].get("origin") in LEAVES_AT_START:
            leaves = shift["start"]
        free, waits = leaves, 0.0
        for k, stop in enumerate(stops):
            patient = patients[stop["patient"]]
            leg = data["distances"][here][patient[INDEX]]
            begin, end = stop["arrival_time"], stop["departure_time"]
            wait = max(0.0, begin - free - leg)
            waits += wait
            work[name] += leg
            here, free = patient[INDEX], end
            if stop["service"] == "lunch_break":
                ate.add(name)
                terms["total_waiting_time"] += wait
                continue
            if k != 1 or stops[0]["service"] != "lunch_break":
                terms["total_waiting_time"] += wait
            served.add(patient["id"])
            work[name] += end - begin
            terms["working_time"] += end - begin
            opens = [w["start"] for w in patient["time_windows"]]
            window = patient["time_windows"][bisect.bisect_right(opens, begin) - 1]
            late.append(max(0.0, (end if at_end(data) else begin) - window["end"]))
            wanted = patient.get("preferred_caregivers")
            terms["caregiver_preferences"] += wanted is not None and name not in wanted
        leg = data["distances"][here][index[carer["arrival_point"]]]
        work[name] += leg
        if shift:
            over = free + leg - shift["end"]
            terms["total_extra_time"] += max(0.0, over)
            idle.append(max(0.0, leaves - shift["start"]) + waits + max(0.0, -over))
    mean = sum(work.values()) / len(work)
    terms |= {
        "travel_time": sum(work.values()) - terms.pop("working_time", 0),
        "total_tardiness": sum(late),
        "highest_tardiness": max(late),
        "max_idle_time": max(idle),
        "optional_patients": len(patients) - len(served),
        "missed_lunch_break": sum(
            bool(c.get("lunch_break")) and c["id"] not in ate
            for c in data["caregivers"]
        ),
        "working_time": sum(work.values()),
        "workload_balance": sum(math.ceil(abs(w - mean) - 1e-9) for w in work.values()),
    }
    weights = weights_of(data)
    return sum(w * terms.get(k, 0) for k, w in weights.items()), dict(terms)
