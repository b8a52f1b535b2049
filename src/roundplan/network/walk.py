"""The whole rule of where a care worker on foot may go, and how fast.

Which ways are walkable, by ``highway`` (see `docs/network.md` for the same as a table):

===========  ===============================================================
open         walkable unless a tag forbids it: ``OPEN_WAYS``. ``oneway`` is for
             vehicles and is ignored; ``sidewalk`` is ignored too, so that a
             carriageway with ``sidewalk=separate`` stays walkable and nothing is
             cut off where its footway is not joined up
trunk        the same, but closed where it says that there is no sidewalk on either
             side, or ``motorroad=yes``
marked       ``MARKED_WAYS``: walkable only with a sidewalk or a ``foot`` tag
indoor       ``highway=corridor``, or any way with ``indoor``: only with a ``foot`` tag
ferry        open unless ``foot`` or ``access`` says no; by its ``duration``
all others   closed: construction, proposed, abandoned, raceway...
===========  ===============================================================

Permission: ``foot`` decides; without it ``access`` does; without both the table
above. In the United Kingdom a walker may use a cycleway and a bridleway.
``private`` (and ``permit``) ways and gates are for visitors: a leg may start or end
in them, since a worker is let in, but no leg passes through.

Barriers on nodes: bollards, kerbs, lift gates and the like stop vehicles, so only
``foot`` on the node counts. A gate or turnstile goes by ``foot``, then ``access``,
then ``locked=yes`` (visitors only); else it opens. Walls and fences are closed
unless ``foot`` or ``access`` opens them.

Not looked at: opening hours and ``foot:conditional`` (a park closed at night is open
here), lifts, slopes, lighting, and fences that cross a way without a shared node.
"""

from __future__ import annotations

from roundplan.domain import Mode
from roundplan.network.rules import (
    FERRY_MS_PER_M,
    Access,
    ModeRules,
    WayUse,
    condition,
    ferry_use,
)
from roundplan.network.source import FERRY, Tags

WALK_KEYS = ("foot", "access")
"""Access tags that speak of a walker, the most specific first."""

WALK_MS_PER_M = 750
"""Pace on the flat: 4.8 km/h (1.33 m/s).

80 m a minute, the walking speed of London's own accessibility measure [1]_.

References
----------
.. [1] Transport for London (2010). *Measuring Public Transport Accessibility Levels:
   PTALs summary*.
"""

STEPS_MS_PER_M = 3 * WALK_MS_PER_M
"""Pace on steps, per metre of their length on the map: 1.6 km/h.

A flight takes about three times as long as the same length on the flat, the factor
that OpenTripPlanner uses by default, from measurements up and down [1]_.

References
----------
.. [1] Fujiyama, T. and Tyler, N. (2010). Predicting the walking speed of pedestrians
   on stairs. *Transportation Planning and Technology*, 33(2): 177-202.
"""

OPEN_WAYS = frozenset(
    [
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
        "pedestrian",
        "footway",
        "path",
        "steps",
        "track",
        "cycleway",
        "bridleway",
        "platform",
    ]
)
MARKED_WAYS = frozenset(["motorway", "motorway_link", "trunk_link", "busway"])

SOLID_BARRIERS = frozenset(
    ["wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch", "guard_rail"]
)
GATES = frozenset(
    [
        "gate",
        "kissing_gate",
        "wicket_gate",
        "hampshire_gate",
        "sliding_gate",
        "sally_port",
        "door",
        "stile",
        "turnstile",
        "full-height_turnstile",
        "toll_booth",
        "border_control",
        "yes",
    ]
)

_PERMISSIONS = {
    **dict.fromkeys(
        [
            "yes",
            "designated",
            "permissive",
            "destination",
            "customers",
            "delivery",
            "official",
            "public",
            "discouraged",
            "use_sidepath",
        ],
        Access.OPEN,
    ),
    **dict.fromkeys(["private", "permit", "residents"], Access.ENDS),
    **dict.fromkeys(
        ["no", "agricultural", "forestry", "military", "emergency"], Access.CLOSED
    ),
}
_SIDEWALK_SIDES = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
_YES = frozenset({"yes", "true", "1"})
_NONE = frozenset({"no", "none"})


def walk_way(tags: Tags) -> WayUse | None:
    """Return how a walker uses a way, None when it is closed."""
    kind = tags.get("highway", "")
    foot = _permission(tags, "foot")
    if kind == FERRY:
        return _on_ferry(tags)
    if kind == "corridor" or tags.get("indoor", "no") != "no":
        by_default = False
    elif kind == "trunk":
        by_default = tags.get("motorroad") not in _YES and not _lacks_sidewalk(tags)
    elif kind in MARKED_WAYS:
        by_default = _has_sidewalk(tags)
    elif kind in OPEN_WAYS:
        by_default = True
    else:
        return None
    if foot is None and not by_default:
        return None
    access = foot if foot is not None else _permission(tags, "access")
    if access is None:
        access = Access.OPEN
    pace = STEPS_MS_PER_M if kind == "steps" else WALK_MS_PER_M
    forward, backward = _directions(tags)
    if access is Access.CLOSED or not (forward or backward):
        return None
    return WayUse(
        access=access,
        forward_ms_m=pace if forward else 0,
        backward_ms_m=pace if backward else 0,
        condition=condition(tags, WALK_KEYS),
    )


def _on_ferry(tags: Tags) -> WayUse | None:
    """Return how a foot passenger uses a ferry."""
    foot = _permission(tags, "foot")
    access = foot if foot is not None else _permission(tags, "access")
    if access is Access.CLOSED:
        return None
    return ferry_use(tags, Access.OPEN if access is None else access, FERRY_MS_PER_M)


def walk_barrier(tags: Tags) -> Access:
    """Return who passes a node tagged ``barrier`` on foot."""
    foot = _permission(tags, "foot")
    if foot is not None:
        return foot
    kind = tags.get("barrier", "")
    access = _permission(tags, "access")
    if kind in SOLID_BARRIERS:
        return access if access is not None else Access.CLOSED
    if kind in GATES:
        if access is not None:
            return access
        return Access.ENDS if tags.get("locked") in _YES else Access.OPEN
    return Access.OPEN


def walk_ms(length_mm: int) -> int:
    """Return the milliseconds of a walk off the network, rounded up."""
    return -(-length_mm * WALK_MS_PER_M // 1000)


WALK = ModeRules(mode=Mode.WALK, way=walk_way, barrier=walk_barrier)


def _permission(tags: Tags, key: str) -> Access | None:
    """Return what a key permits; None when absent or not about walking."""
    return _PERMISSIONS.get(tags.get(key, "").split(";")[0].strip())


def _directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether a walker may go along the way and against it.

    Only tags about walking count, and escalators.
    """
    oneway = tags.get("oneway:foot", "no")
    conveying = tags.get("conveying")
    forward = (
        tags.get("foot:forward") != "no" and oneway != "-1" and conveying != "backward"
    )
    backward = (
        tags.get("foot:backward") != "no"
        and oneway not in _YES
        and conveying != "forward"
    )
    return forward, backward


def _has_sidewalk(tags: Tags) -> bool:
    return any(tags.get(side, "no") not in _NONE for side in _SIDEWALK_SIDES)


def _lacks_sidewalk(tags: Tags) -> bool:
    """Return whether the way says that neither side has a sidewalk."""
    if _has_sidewalk(tags):
        return False
    whole = {tags.get("sidewalk"), tags.get("sidewalk:both")}
    halves = {tags.get("sidewalk:left"), tags.get("sidewalk:right")}
    return bool(whole & _NONE) or halves <= _NONE
