"""The whole rule of where a cyclist may go, and how fast.

A cyclist rides where a bicycle may be ridden, and else pushes it where a walker may go:
on a footway, against a one-way street, where it says ``bicycle=dismount``. Pushing has
the pace of walking. Steps are closed, unless ``ramp`` or ``bicycle`` says otherwise.

Riding: ways open to cars but motorways and motor roads, and cycleways, paths,
bridleways and tracks; footways and pedestrian streets where ``bicycle`` says so.
Permission is the first of ``bicycle``, ``vehicle``, ``access`` that says anything, so
``motor_vehicle=no`` stops no cyclist. One-way as tagged; ``oneway:bicycle=no`` and
``cycleway=opposite*`` let cyclists ride against it.

Barriers on nodes: ``bicycle``, ``vehicle`` and ``access`` decide on gates, and
``bicycle`` on all; else a bicycle is got past everything that a walker passes, but for
stiles, turnstiles and kissing gates.

A ferry takes a bicycle unless it says not. Gradients count where the source has heights
(a graph from OSMnx with elevations); extracts of OpenStreetMap have none.

Not looked at: surface, traffic.
"""

from __future__ import annotations

from dataclasses import replace

from roundplan.domain import Mode
from roundplan.network.rules import (
    Access,
    ModeRules,
    WayUse,
    condition,
    deciding_key,
    oneway,
    permission,
)
from roundplan.network.source import FERRY, Tags
from roundplan.network.speeds import Speeds
from roundplan.network.walk import GATES, walk_barrier, walk_way

CYCLE_KEYS = ("bicycle", "vehicle", "access")
"""Access tags that speak of a bicycle, the most specific first."""

_RIDDEN = frozenset(
    [
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "road",
        "track",
        "path",
        "cycleway",
        "bridleway",
    ]
)
_MARKED = frozenset(["footway", "pedestrian", "platform", "busway"])
_TOO_NARROW = frozenset(["stile", "turnstile", "full-height_turnstile", "kissing_gate"])
_YES = frozenset({"yes", "true", "1"})
_LANES = ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right")


def cycle_rules(mode: Mode, speeds: Speeds) -> ModeRules:
    """Return the rules of a bicycle, or of an e-bike, with a table of speeds."""
    ms_m = speeds.ms_per_m(mode)
    slope = speeds.slope(mode)

    def way(tags: Tags) -> WayUse | None:
        if tags.get("highway") == FERRY:
            return _on_ferry(tags)
        ridden, pushed = _ridden(tags, ms_m), _pushed(tags)
        if ridden is None or (pushed is not None and ridden.access < pushed.access):
            return pushed
        if pushed is None or pushed.access < ridden.access:
            return ridden
        return replace(
            ridden,
            forward_ms_m=ridden.forward_ms_m or pushed.forward_ms_m,
            backward_ms_m=ridden.backward_ms_m or pushed.backward_ms_m,
        )

    return ModeRules(mode=mode, way=way, barrier=cycle_barrier, slope=slope)


def cycle_barrier(tags: Tags) -> Access:
    """Return whether a bicycle gets past a node tagged ``barrier``."""
    kind = tags.get("barrier", "")
    if kind in _TOO_NARROW:
        return permission(tags, "bicycle") or Access.CLOSED
    on_foot = walk_barrier(tags)
    key = deciding_key(tags, CYCLE_KEYS if kind in GATES else CYCLE_KEYS[:1])
    ridden = None if key is None else permission(tags, key)
    return on_foot if ridden is None else max(ridden, on_foot)


def _on_ferry(tags: Tags) -> WayUse | None:
    """Return how a bicycle goes on a ferry: as its rider, unless it is refused."""
    said = permission(tags, "bicycle")
    return None if said is Access.CLOSED else walk_way(tags)


def _ridden(tags: Tags, ms_m: int) -> WayUse | None:
    """Return how a way may be ridden, None when it may not."""
    road = tags.get("highway", "")
    marked = road in _MARKED or tags.get("indoor", "no") != "no"
    if road not in _RIDDEN | _MARKED or tags.get("motorroad") in _YES:
        return None
    if tags.get("bicycle", "") == "dismount":
        return None
    key = deciding_key(tags, CYCLE_KEYS[:1] if marked else CYCLE_KEYS)
    access = Access.CLOSED if marked else Access.OPEN
    if key is not None:
        access = permission(tags, key) or Access.CLOSED
    forward, backward = oneway(tags, CYCLE_KEYS[:-1])
    against = any(tags.get(lane, "").startswith("opposite") for lane in _LANES)
    if against and "oneway:bicycle" not in tags:
        forward = backward = True
    if access is Access.CLOSED or not (forward or backward):
        return None
    return WayUse(
        access=access,
        forward_ms_m=ms_m if forward else 0,
        backward_ms_m=ms_m if backward else 0,
        condition=condition(tags, CYCLE_KEYS),
    )


def _pushed(tags: Tags) -> WayUse | None:
    """Return how a bicycle is pushed along a way, None where it cannot be."""
    if tags.get("highway") == "steps" and not (
        tags.get("ramp") in _YES
        or tags.get("ramp:bicycle") in _YES
        or tags.get("bicycle") in ("yes", "dismount", "designated", "permissive")
    ):
        return None
    if "conveying" in tags:
        return None
    return walk_way(tags)
