"""Rounds as GeoJSON, for maps and geographic information systems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from roundplan.domain import LAT_LON, Place, Round
from roundplan.errors import UsageError
from roundplan.network.projection import transform
from roundplan.report.rota import Rota, WorkerDay

DEGREES = 6
"""Decimals of a degree: a tenth of a metre, as RFC 7946 advises."""

Position = tuple[float, float]


def rounds_geojson(rota: Rota, days: Sequence[WorkerDay]) -> str:
    """Return rounds and visits as GeoJSON (RFC 7946), with ids and no names.

    Each round is a line through its stops in order, home or office included, which
    does not follow the streets; each attendance is a point; so is each visit without
    a worker, on the days asked for. ``kind`` says which. Times have their UTC offset.

    Raises
    ------
    UsageError
        E1002. Nothing has a position in a known coordinate system.
    """
    problem = rota.problem
    places = [
        *(c.place for c in problem.clients),
        *(w.home for w in problem.workers),
        *problem.places,
    ]
    at = _degrees(places)
    if not at:
        msg = "nothing has a position with a known coordinate system"
        raise UsageError(msg)
    features = [
        *(f for of in days for r in of.rounds for f in _round(rota, of, r, at)),
        *_unassigned(rota, {of.day for of in days}, at),
    ]
    content = {"type": "FeatureCollection", "features": features}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _degrees(places: Sequence[Place]) -> dict[str, Position]:
    """Return longitude and latitude of the places whose system is known."""
    found: dict[str, Position] = {}
    for crs in dict.fromkeys(p.crs for p in places if p.located and p.crs):
        of = [p for p in places if p.located and p.crs == crs]
        xy = np.array([(p.x, p.y) for p in of], dtype=np.float64)
        for place, (lon, lat) in zip(of, transform(xy, crs, LAT_LON), strict=True):
            if np.isfinite(lon) and np.isfinite(lat):
                position = (round(float(lon), DEGREES), round(float(lat), DEGREES))
                found[place.place_id] = position
    return found


def _round(
    rota: Rota, of: WorkerDay, r: Round, at: dict[str, Position]
) -> Iterable[dict[str, Any]]:
    about = {"round_id": r.round_id, "worker_id": r.worker_id}
    first = r.visits[0].leg if r.visits else None
    stops = [first.from_place] if first is not None else []
    stops += [v.client_id for v in r.visits]
    stops += [r.last_leg.to_place] if r.last_leg is not None else []
    line = [at[stop] for stop in stops if stop in at]
    if len(line) > 1:
        properties = {
            "kind": "round",
            **about,
            "date": str(rota.date(of.day)),
            "travels": rota.vehicle(r),
            "visits": len(r.visits),
        }
        yield _feature("LineString", line, properties)
    for order, visit in enumerate(r.visits, start=1):
        if visit.client_id in at:
            properties = {
                "kind": "visit",
                "visit_id": visit.visit_id,
                "client_id": visit.client_id,
                **about,
                "order": order,
                "start": rota.moment(visit.start_s).isoformat(),
                "end": rota.moment(visit.end_s).isoformat(),
            }
            yield _feature("Point", at[visit.client_id], properties)


def _unassigned(
    rota: Rota, days: set[int], at: dict[str, Position]
) -> Iterable[dict[str, Any]]:
    problem = rota.problem
    for item in rota.roster.unassigned:
        if not problem.has_visit(item.visit_id):
            continue
        visit = problem.visit(item.visit_id)
        if visit.day in days and visit.client_id in at:
            properties = {
                "kind": "unassigned",
                "visit_id": visit.visit_id,
                "client_id": visit.client_id,
                "date": str(rota.date(visit.day)),
                "priority": visit.priority.value,
                "reason": item.reason,
            }
            yield _feature("Point", at[visit.client_id], properties)


def _feature(kind: str, at: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": at}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
