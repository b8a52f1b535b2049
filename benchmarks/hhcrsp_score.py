"""A small judge of HHCRSP solutions that shares nothing with the search or the model.

    uv run python benchmarks/hhcrsp_score.py INSTANCE.json SOLUTION.json

Prints the objective and every violation; ends with 1 where there is one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TOLERANCE = 1e-3


def judge(instance: Any, solution: Any) -> tuple[float, list[str]]:
    """Return Z and what is wrong, from instance and solution alone."""
    offices = instance.get("central_offices") or instance["departing_points"]
    row = {o["id"]: o.get("distance_matrix_index", k) for k, o in enumerate(offices)}
    patients = {p["id"]: p for p in instance["patients"]}
    for k, p in enumerate(instance["patients"]):
        row[p["id"]] = p.get("distance_matrix_index", len(offices) + k)
    usual = {s["id"]: s.get("default_duration") for s in instance["services"]}
    carers = {c["id"]: c for c in instance["caregivers"]}
    wanted = {}
    for p in instance["patients"]:
        for s in p.get("required_caregivers") or p["required_services"]:
            length = s.get("duration")
            wanted[p["id"], s["service"]] = (
                usual[s["service"]] if length is None else length
            )
    wrong: list[str] = []
    done: dict[tuple[Any, Any], tuple[float, Any]] = {}
    travel = 0.0
    late = [0.0]
    for route in solution["routes"]:
        carer = carers[route["caregiver_id"]]
        home = carer.get("departing_point") or carer.get("starting_point_id")
        home = row[home or offices[0]["id"]]
        here, free = home, (carer.get("working_shift") or [0])[0]
        for stop in route["locations"]:
            key = (stop["patient"], stop["service"])
            patient = patients[key[0]]
            start, end = stop["arrival_time"], stop["departure_time"]
            leg = instance["distances"][here][row[key[0]]]
            opens, closes = patient["time_window"]
            faults = {
                "not wanted": key not in wanted,
                "made twice": key in done,
                "cut short": end - start < wanted.get(key, 0) - TOLERANCE,
                "reached too late": start < free + leg - TOLERANCE,
                "before its window": start < opens - TOLERANCE,
                "by an unable carer": key[1] not in carer["abilities"],
                "by a barred carer": carer["id"]
                in (patient.get("incompatible_caregivers") or ()),
            }
            wrong += [f"{key} {what}" for what, found in faults.items() if found]
            late.append(max(0.0, start - closes))
            done[key] = (start, carer["id"])
            travel += leg
            here, free = row[key[0]], end
        travel += instance["distances"][here][home]
    wrong += [f"{key} not made" for key in wanted if key not in done]
    for p in instance["patients"]:
        keys = [k for k in wanted if k[0] == p["id"] and k in done]
        if len(keys) < 2:
            continue
        (first, a), (second, b) = (done[k] for k in keys)
        how = p["synchronization"]
        low, high = (0, 0) if how["type"] == "simultaneous" else how["distance"]
        if not low - TOLERANCE <= second - first <= high + TOLERANCE:
            wrong.append(f"{p['id']} services {second - first} apart")
        if a == b:
            wrong.append(f"{p['id']} has one carer twice")
    return (travel + sum(late) + max(late)) / 3, wrong


def main() -> int:
    """Judge the two files named."""
    instance, solution = (
        json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3]
    )
    objective, wrong = judge(instance, solution)
    for line in wrong:
        print("VIOLATION", line)
    print(f"objective {objective:.3f} violations {len(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
