"""The whole rule of where a car may go, and how fast.

Which ways, by ``highway`` (see `docs/network.md` for the same as a table):

===========  ===============================================================
open         motorway to residential and their links, living street, unclassified,
             service, road
visitors     ``track``
marked       ``pedestrian``, ``busway``, paths and ferries: only where ``motorcar`` or
             ``motor_vehicle`` lets cars in
all others   closed
===========  ===============================================================

Permission: the first of ``motorcar``, ``motor_vehicle``, ``vehicle``, ``access`` that
says anything; so ``access=no`` with ``bus=yes`` is a bus gate and closed, and
``vehicle=no`` with ``motor_vehicle=yes`` is open. ``destination``, ``private``,
``permit``, ``residents``, ``delivery`` and ``customers`` are for visitors: a leg may
start or end there, since a worker calls at a home, but no leg passes through.

One-way as tagged; motorways and roundabouts imply it. Barriers on nodes go by the same
keys; without one, bollards, blocks, planters and the like are closed, gates are for
visitors, and cattle grids, toll booths, kerbs and height restrictors are open.

Speed: see `speeds.toml`. Between junctions the class's speed, or a share of the posted
limit where that is less; then signals and giving way.

Opening hours are in `roundplan.network.opening`, turn restrictions in
`roundplan.network.turns`. Not looked at:
widths and heights, lanes, speed bumps, and ``access:conditional`` on barriers.
"""

from __future__ import annotations

import re

from roundplan.domain import Mode
from roundplan.network.rules import (
    FERRY_MS_PER_M,
    Access,
    JunctionDelay,
    ModeRules,
    WayUse,
    condition,
    deciding_key,
    ferry_use,
    oneway,
    permission,
)
from roundplan.network.source import FERRY, Tags
from roundplan.network.speeds import Speeds

CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Access tags that speak of a car, the most specific first."""

RANK = {
    name: rank
    for rank, names in enumerate(
        [
            ("service", "living_street", "track", "road", "pedestrian"),
            ("residential", "unclassified"),
            ("tertiary", "tertiary_link"),
            ("secondary", "secondary_link"),
            ("primary", "primary_link"),
            ("trunk", "trunk_link"),
            ("motorway", "motorway_link"),
        ]
    )
    for name in names
}
"""Classes of road by who gives way to whom, the lowest first."""

STREETS = frozenset(RANK) - {"service", "track", "pedestrian"}
"""Classes of road that a car expects to go through."""

_OPEN_WAYS = frozenset(RANK) - {"pedestrian"}
_MARKED_WAYS = frozenset(
    ["pedestrian", "busway", "footway", "path", "cycleway", "bridleway"]
)
_GATES = frozenset(
    ["gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "chain", "yes"]
)
_OPEN_BARRIERS = frozenset(
    [
        "border_control",
        "cattle_grid",
        "entrance",
        "height_restrictor",
        "kerb",
        "no",
        "toll_booth",
    ]
)
_LIMIT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(mph|km/h|)")
_KM_PER_MILE = 1.609344


def drive_rules(speeds: Speeds) -> ModeRules:
    """Return the rules of driving with a table of speeds."""

    def way(tags: Tags) -> WayUse | None:
        access = car_access(tags)
        if tags.get("highway") == FERRY:
            closed = access is Access.CLOSED
            return None if closed else ferry_use(tags, access, FERRY_MS_PER_M)
        forward, backward = oneway(tags, CAR_KEYS[:-1])
        if access is Access.CLOSED or not (forward or backward):
            return None
        road = tags.get("highway", "")
        ms_m = speeds.road_ms_per_m(road, limit_km_h(tags))
        return WayUse(
            access=access,
            forward_ms_m=ms_m if forward else 0,
            backward_ms_m=ms_m if backward else 0,
            condition=condition(tags, CAR_KEYS),
        )

    return ModeRules(
        mode=Mode.DRIVE,
        way=way,
        barrier=car_barrier,
        delay=JunctionDelay(
            signal_ms=speeds.signal_ms, give_way_ms=speeds.give_way_ms, rank=RANK
        ),
    )


def car_access(tags: Tags) -> Access:
    """Return who may drive on a way, at hours without a condition."""
    road = tags.get("highway", "")
    if road not in _OPEN_WAYS | _MARKED_WAYS | {FERRY}:
        return Access.CLOSED
    marked = (
        road in _MARKED_WAYS
        or road == FERRY
        or tags.get("indoor", "no") != "no"
        or tags.get("service") == "emergency_access"
    )
    key = deciding_key(tags, CAR_KEYS[:2] if marked else CAR_KEYS)
    said = None if key is None else permission(tags, key)
    if said is not None:
        return said
    if marked:
        return Access.CLOSED
    return Access.ENDS if road == "track" else Access.OPEN


def car_barrier(tags: Tags) -> Access:
    """Return whether a car passes a node tagged ``barrier``."""
    key = deciding_key(tags, CAR_KEYS)
    said = None if key is None else permission(tags, key)
    if said is not None:
        return said
    kind = tags.get("barrier", "")
    if kind in _OPEN_BARRIERS:
        return Access.OPEN
    return Access.ENDS if kind in _GATES else Access.CLOSED


def limit_km_h(tags: Tags) -> float | None:
    """Return the posted limit, None when there is none to read (``national``)."""
    found = _LIMIT.fullmatch(tags.get("maxspeed", "").strip())
    if found is None or float(found[1]) == 0:
        return None
    return float(found[1]) * (_KM_PER_MILE if found[2] == "mph" else 1)
