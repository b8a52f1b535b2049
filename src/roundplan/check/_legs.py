"""Legs as the travel times say they are, whatever a roster has recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from roundplan.domain import Mode, Policy, Travel
from roundplan.units import round_up


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLeg:
    """A leg between two known places, with the time that it needs.

    ``travel_s`` is rounded up as the policy says; ``need_s`` adds parking (not at a
    worker's home) and buffer when the leg moves at all. Where there is no way, ``mode``
    is None and all times are 0.
    """

    origin: str
    destination: str
    mode: Mode | None
    travel_s: int = 0
    parking_s: int = 0
    need_s: int = 0

    @property
    def reachable(self) -> bool:
        """Whether there is a way at all."""
        return self.mode is not None


LegFinder = Callable[[str | None, str | None, str | None], PlannedLeg | None]
"""From profile, origin and destination to a leg; None when one is not known."""


def leg_finder(
    policy: Policy, travel: Travel, places: frozenset[str], homes: frozenset[str]
) -> LegFinder:
    """Return a function that finds legs, each worked out once.

    A leg from or to a place that the problem does not know is nobody's leg: None.
    """
    known: dict[tuple[str, str, str], PlannedLeg] = {}

    def find(
        profile: str | None, origin: str | None, destination: str | None
    ) -> PlannedLeg | None:
        if profile is None or origin not in places or destination not in places:
            return None
        key = (profile, origin, destination)
        if key not in known:
            at_home = origin in homes or destination in homes
            known[key] = _planned(policy, travel, *key, at_home=at_home)
        return known[key]

    return find


def _planned(
    policy: Policy,
    travel: Travel,
    profile: str,
    origin: str,
    destination: str,
    *,
    at_home: bool,
) -> PlannedLeg:
    found = travel.leg(profile, origin, destination)
    if found is None:
        return PlannedLeg(origin=origin, destination=destination, mode=None)
    travel_s = round_up(found.seconds, policy.travel_rounding_s)
    parks = found.mode is Mode.DRIVE and travel_s > 0 and not at_home
    parking_s = policy.parking_s if parks else 0
    return PlannedLeg(
        origin=origin,
        destination=destination,
        mode=found.mode,
        travel_s=travel_s,
        parking_s=parking_s,
        need_s=travel_s + parking_s + policy.buffer_s if travel_s else 0,
    )
