"""A minimal rule of where a car may go, enough for drawn towns and one extract."""

from __future__ import annotations

from roundplan.domain import Mode
from roundplan.network.rules import Access, ModeRules, WayUse
from roundplan.network.source import Tags

MS_PER_M = 120
"""30 km/h. Cells look at lengths, not times."""

KINDS = frozenset(
    ["unclassified", "residential", "living_street", "road", "service"]
    + [
        kind + link
        for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")
        for link in ("", "_link")
    ]
)
STOPS = frozenset(["bollard", "block", "planter", "jersey_barrier", "cycle_barrier"])


def motor_way(tags: Tags) -> WayUse | None:
    """Return how a car uses a way."""
    if tags["highway"] not in KINDS:
        return None
    keys = ("motor_vehicle", "vehicle", "access")
    value = next((tags[key] for key in keys if key in tags), "yes")
    if value == "no":
        return None
    private = value in ("private", "permit", "destination", "customers", "delivery")
    oneway = tags.get("oneway", "no")
    if tags.get("junction") == "roundabout":
        oneway = "yes"
    return WayUse(
        access=Access.ENDS if private else Access.OPEN,
        forward_ms_m=0 if oneway == "-1" else MS_PER_M,
        backward_ms_m=0 if oneway == "yes" else MS_PER_M,
    )


def motor_barrier(tags: Tags) -> Access:
    """Return who passes a barrier by car."""
    if tags.get("barrier") in STOPS:
        return Access.CLOSED
    if tags.get("access") in ("private", "no") or tags.get("motor_vehicle") == "no":
        return Access.ENDS
    return Access.OPEN


MOTOR = ModeRules(mode=Mode.DRIVE, way=motor_way, barrier=motor_barrier)
