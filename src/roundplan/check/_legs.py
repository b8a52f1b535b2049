"""Legs as the travel times say they are, whatever a roster has recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from roundplan.domain import Mode, Problem, Travel
from roundplan.domain.timed import Point, timed_legs
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


LegFinder = Callable[[str | None, Point | None, Point | None], PlannedLeg | None]
"""From profile, origin and destination to a leg; None when one is not known."""


def leg_finder(
    problem: Problem, travel: Travel, places: frozenset[str], homes: frozenset[str]
) -> LegFinder:
    """Return a function that finds legs, each worked out once.

    A leg from or to a place that the problem does not know is nobody's leg: None.
    """
    known: dict[tuple[str, Point, Point], PlannedLeg] = {}

    def find(
        profile: str | None, origin: Point | None, destination: Point | None
    ) -> PlannedLeg | None:
        if profile is None or origin is None or destination is None:
            return None
        ends = {origin.place_id, destination.place_id}
        if not ends <= places:
            return None
        if profile not in travel.periods:  # any time will do: each leg once
            origin, destination = Point(origin.place_id), Point(destination.place_id)
        key = (profile, origin, destination)
        if key not in known:
            at_home = bool(ends & homes)
            known[key] = _planned(problem, travel, *key, at_home=at_home)
        return known[key]

    return find


def _planned(
    problem: Problem,
    travel: Travel,
    profile: str,
    start: Point,
    end: Point,
    *,
    at_home: bool,
) -> PlannedLeg:
    policy = problem.policy
    origin, destination = start.place_id, end.place_id
    found = timed_legs(problem.horizon, travel, profile).leg(start, end)
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
