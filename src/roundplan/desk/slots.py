"""Where a visit could go into a round: position, start, and who moves for it.

Times are found by the field's two passes: the earliest start of every stop forwards,
the latest backwards; a stop fits where the one is not after the other [1]_. Stops keep
their start where they can, and otherwise move as little as the order allows.

References
----------
.. [1] Savelsbergh, M. W. P. (1992). The vehicle routing problem with time windows:
   minimizing route duration. *ORSA Journal on Computing*, 4(2): 146-154.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from roundplan.domain import Break, Mode, Policy, Problem, Shift, Travel, Visit
from roundplan.domain.timed import Point, point_of, timed_legs
from roundplan.units import round_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A visit in a round with the times at which it may start now.

    ``start_s`` is the start it has, or for the one to be put in the start it would
    like. A stop that must not move has ``low_s`` equal to ``high_s``.
    """

    visit: Visit
    start_s: int
    low_s: int
    high_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A round with the new visit in it.

    ``moved_s`` sums by how much the other stops move, ``travel_s`` the round's legs,
    both in seconds. ``rested`` tells that it has a new break.
    """

    starts: tuple[tuple[str, int], ...]
    breaks: tuple[Break, ...]
    moved_s: int
    travel_s: int
    rested: bool


class Legs:
    """The time that legs of one vehicle need between stops, buffer included."""

    def __init__(
        self, problem: Problem, travel: Travel, worker_id: str, profile: str
    ) -> None:
        self._policy: Policy = problem.policy
        self._home = worker_id
        self._legs = timed_legs(problem.horizon, travel, profile)

    def need_s(self, origin: Point, destination: Point) -> int | None:
        """Return travel, parking and buffer in seconds, None where there is no way."""
        found = self._legs.leg(origin, destination)
        if found is None:
            return None
        moving_s = round_up(found.seconds, self._policy.travel_rounding_s)
        if not moving_s:
            return 0
        at_home = self._home in (origin.place_id, destination.place_id)
        parks = found.mode is Mode.DRIVE and not at_home
        return (
            moving_s + self._policy.buffer_s + (self._policy.parking_s if parks else 0)
        )

    def between(self, stops: Sequence[Stop]) -> list[int] | None:
        """Return the need of each leg between stops, None where one has no way."""
        points = [self._point(stop) for stop in stops]
        found = [self.need_s(a, b) for a, b in pairwise(points)]
        needs = [need for need in found if need is not None]
        return needs if len(needs) == len(found) else None

    def office_s(self, place_id: str | None, stop: Stop) -> int:
        """Return the shift time of a leg from or to an office; home takes none."""
        if place_id is None or place_id == self._home:
            return 0
        return self.need_s(Point(place_id), self._point(stop)) or 0

    def _point(self, stop: Stop) -> Point:
        return point_of(self._policy, stop.visit, stop.start_s)


def slots(
    policy: Policy,
    legs: Legs,
    shift: Shift,
    stops: Sequence[Stop],
    new: Stop,
    breaks: Sequence[Break],
    *,
    beyond_s: int = 0,
) -> Iterator[Slot]:
    """Yield every way to put a visit into a round in time.

    For each position, once with the round's breaks where they still lie between
    visits, and once with a new break in each gap that can hold one.

    Parameters
    ----------
    beyond_s
        By how much the shift may be longer at both ends, in seconds.
    """
    for k in range(len(stops) + 1):
        order = [*stops[:k], new, *stops[k:]]
        needs = legs.between(order)
        if needs is None:
            continue
        opens = shift.start_s - beyond_s + legs.office_s(shift.start_place, order[0])
        closes = shift.end_s + beyond_s - legs.office_s(shift.end_place, order[-1])
        for rest_at in range(-1, len(needs)):
            lags = [
                stop.visit.duration_s + need + (policy.break_s if rest_at == i else 0)
                for i, (stop, need) in enumerate(zip(order, needs, strict=False))
            ]
            times = _times(order, lags, k, opens, closes)
            if times is None:
                continue
            if rest_at < 0:
                rests = _kept(order, needs, times, breaks)
            else:
                end_s = times[rest_at + 1]
                rests = (Break(start_s=end_s - policy.break_s, end_s=end_s),)
            yield Slot(
                starts=tuple(
                    (stop.visit.visit_id, t)
                    for stop, t in zip(order, times, strict=True)
                ),
                breaks=rests,
                moved_s=sum(
                    abs(t - stop.start_s)
                    for i, (stop, t) in enumerate(zip(order, times, strict=True))
                    if i != k
                ),
                travel_s=sum(needs),
                rested=rest_at >= 0,
            )


def squeezed(shift: Shift, stops: Sequence[Stop], new: Stop) -> tuple[int, ...]:
    """Return starts for a visit that nothing else makes room for, best first.

    Those at which it is wanted, and right before or after each stop, inside its window
    and the shift where these meet: what is missing then shows as a broken rule.
    """
    low_s = max(new.low_s, min(shift.start_s, new.high_s))
    lasts_s = new.visit.duration_s
    high_s = max(low_s, min(new.high_s, shift.end_s - lasts_s))
    wanted = [new.start_s]
    for stop in stops:
        wanted += [stop.start_s - lasts_s, stop.start_s + stop.visit.duration_s]
    return tuple(dict.fromkeys(min(max(t, low_s), high_s) for t in wanted))


def _times(
    order: Sequence[Stop], lags: Sequence[int], k: int, opens: int, closes: int
) -> list[int] | None:
    """Return a start for each stop, None where they do not fit."""
    early: list[int] = []
    for i, stop in enumerate(order):
        first = max(stop.low_s, opens)
        early.append(max(first, early[-1] + lags[i - 1]) if early else first)
    late = [min(stop.high_s, closes - stop.visit.duration_s) for stop in order]
    for i in range(len(order) - 2, -1, -1):
        late[i] = min(late[i], late[i + 1] - lags[i])
    if any(e > la for e, la in zip(early, late, strict=True)):
        return None
    # where nobody else has to move, near the start that it would like
    low, high = early[k], late[k]
    if k > 0:
        low = max(low, order[k - 1].start_s + lags[k - 1])
    if k + 1 < len(order):
        high = min(high, order[k + 1].start_s - lags[k])
    if low > high:
        low, high = sorted((min(max(low, early[k]), late[k]), max(high, early[k])))
    times = [stop.start_s for stop in order]
    times[k] = min(max(order[k].start_s, low), high)
    for i in range(k + 1, len(order)):
        times[i] = max(min(times[i], late[i]), early[i], times[i - 1] + lags[i - 1])
    for i in range(k - 1, -1, -1):
        times[i] = min(max(times[i], early[i]), late[i], times[i + 1] - lags[i])
    return times


def _kept(
    order: Sequence[Stop],
    needs: Sequence[int],
    times: Sequence[int],
    breaks: Sequence[Break],
) -> tuple[Break, ...]:
    """Return the breaks that still lie in a gap with time for its leg."""
    kept = []
    for rest in breaks:
        for i, need in enumerate(needs):
            free = times[i] + order[i].visit.duration_s
            room_s = times[i + 1] - free - need
            lasts_s = rest.end_s - rest.start_s
            inside = free <= rest.start_s and rest.end_s <= times[i + 1]
            if inside and room_s >= lasts_s:
                kept.append(rest)
                break
    return tuple(kept)
