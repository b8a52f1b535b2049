"""What a mode of travel says about ways and barriers: the form of its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from roundplan.domain import Mode
from roundplan.network.source import Tags


class Access(IntEnum):
    """Who may pass."""

    CLOSED = 0
    """Nobody."""
    ENDS = 1
    """Visitors: at the start or the end of a leg, never as a short cut."""
    OPEN = 2
    """Everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayUse:
    """How a mode may use a way.

    The pace is in milliseconds per metre along the way and against it; 0 is closed.
    ``condition`` is the raw value of the ``*:conditional`` tag that changes ``access``
    at some hours, "" for none. ``whole_ms``, where it is not 0, is what all of the
    way takes, however long it is: a ferry's timetable.
    """

    access: Access
    forward_ms_m: int
    backward_ms_m: int
    condition: str = ""
    whole_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JunctionDelay:
    """What a vehicle waits at the end of an edge.

    ``signal_ms`` at each traffic signal; ``give_way_ms`` where the edge's street, by
    ``rank`` of its ``highway``, is below another at a junction without signals.
    """

    signal_ms: int
    give_way_ms: int
    rank: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """What a gradient does to a cyclist's speed.

    ``up_km_h`` less for each per cent of climb, ``down_km_h`` more for each of fall;
    never slower than ``least_km_h``, where one gets off and pushes, nor faster than
    ``most_km_h``.
    """

    up_km_h: float
    down_km_h: float
    least_km_h: float
    most_km_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRules:
    """The rules of one mode: ``way`` gives None for a way it may not use at all.

    Without ``slope``, and where the source has no heights, speed does not depend on
    the gradient.
    """

    mode: Mode
    way: Callable[[Tags], WayUse | None]
    barrier: Callable[[Tags], Access]
    delay: JunctionDelay = field(
        default_factory=lambda: JunctionDelay(signal_ms=0, give_way_ms=0, rank={})
    )
    slope: Slope | None = None


FERRY_MS_PER_M = 720
"""Pace of a ferry without a ``duration``: 5 km/h, its wait included, as OSRM has it."""

_HOURS = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")


def ferry_use(tags: Tags, access: Access, ms_m: int) -> WayUse:
    """Return how a ferry is used: by its ``duration``, else at a pace that waits too.

    ``interval`` adds its half, the mean wait of somebody who comes at any time.
    """
    crossing = _minutes_or_clock(tags.get("duration", ""))
    wait = _minutes_or_clock(tags.get("interval", "")) // 2
    forward, backward = oneway(tags, ())
    return WayUse(
        access=access,
        forward_ms_m=ms_m if forward else 0,
        backward_ms_m=ms_m if backward else 0,
        whole_ms=crossing + wait if crossing else 0,
    )


def _minutes_or_clock(value: str) -> int:
    """Return milliseconds of ``25``, ``00:25`` or ``00:25:30``; 0 of anything else."""
    value = value.strip()
    if value.isdecimal() and len(value) <= 3:
        return int(value) * 60_000
    found = _HOURS.fullmatch(value)
    if found is None:
        return 0
    parts = [int(part) for part in found.groups() if part is not None]
    hours, minutes, seconds = parts if len(parts) == 3 else (*parts, 0)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


PERMISSIONS: Mapping[str, Access] = {
    **dict.fromkeys(
        [
            "yes",
            "designated",
            "permissive",
            "official",
            "public",
            "discouraged",
            "use_sidepath",
        ],
        Access.OPEN,
    ),
    **dict.fromkeys(
        ["destination", "private", "permit", "residents", "delivery", "customers"],
        Access.ENDS,
    ),
    **dict.fromkeys(
        [
            "no",
            "agricultural",
            "forestry",
            "military",
            "emergency",
            "bus",
            "psv",
            "taxi",
            "hgv",
        ],
        Access.CLOSED,
    ),
}
"""What a value of an access tag means to a vehicle on the street."""


def deciding_key(tags: Tags, keys: Sequence[str], suffix: str = "") -> str | None:
    """Return the first key, most specific first, whose value says who may pass.

    A value that is no permission (``unknown``) is passed over. Of several values
    (``destination;delivery``) the first counts.
    """
    return next((k for k in keys if permission(tags, k + suffix) is not None), None)


def permission(tags: Tags, key: str) -> Access | None:
    """Return what a vehicle's key permits, None when absent or not a permission."""
    return PERMISSIONS.get(tags.get(key, "").split(";")[0].strip())


def condition(tags: Tags, keys: Sequence[str]) -> str:
    """Return the value of the ``*:conditional`` that counts, "" for none.

    The most specific; one that is less so than a key that says who may pass at any hour
    does not: ``access:conditional`` changes nothing for ``motor_vehicle=yes``.
    """
    for key in keys:
        if text := tags.get(f"{key}:conditional", "").strip():
            return text
        if permission(tags, key) is not None:
            return ""
    return ""


def oneway(tags: Tags, keys: Sequence[str]) -> tuple[bool, bool]:
    """Return whether vehicles may go along the way and against it.

    The first of ``oneway:<key>`` that is there decides, then ``oneway``; without one,
    a motorway and a roundabout are one-way. A reversible way is closed both ways, since
    nobody knows when it goes which way. ``<key>:forward`` or ``:backward`` close too.
    """
    implied = tags.get("highway") == "motorway" or tags.get("junction") in (
        "roundabout",
        "circular",
    )
    names = [*(f"oneway:{key}" for key in keys), "oneway"]
    value = next((tags[n] for n in names if n in tags), "yes" if implied else "no")
    forward = value not in ("-1", "reverse", "reversible")
    backward = value not in ("yes", "true", "1", "reversible")
    for_way = deciding_key(tags, keys, ":forward")
    against = deciding_key(tags, keys, ":backward")
    if for_way and permission(tags, f"{for_way}:forward") is Access.CLOSED:
        forward = False
    if against and permission(tags, f"{against}:backward") is Access.CLOSED:
        backward = False
    return forward, backward
