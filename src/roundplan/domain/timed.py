"""Legs by the time of departure: which period a leg falls in, made FIFO.

A worker leaves a client when the visit ends, and a visit ends between its earliest
start and its latest, each with its length on top. A leg takes the longest that any of
these departures does, so that it is long enough whenever the visit is made, and is the
same wherever the visit stands in a round. Most windows lie in one period, and then this
is the time of the actual departure. A leg to a first visit leaves a place without a
visit: its departures are those that arrive while the visit may start. Between two
places without visits it is the slowest of all periods.

A pair of places without a way in a period has there the way of when no period holds.
Within a departure, leaving later never arrives earlier (first in, first out): where it
is quicker to wait for the next period, the leg is the wait and the quicker way [1]_.

References
----------
.. [1] Ichoua, S., Gendreau, M., Potvin, J.-Y. (2003). Vehicle dispatching with
   time-dependent travel times. *European Journal of Operational Research*, 144(2):
   379-396.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from roundplan.domain.period import Period
from roundplan.domain.policy import Policy
from roundplan.domain.problem import Horizon
from roundplan.domain.travel import (
    MODE_CODES,
    UNREACHABLE,
    Travel,
    TravelLeg,
    TravelMatrix,
)
from roundplan.domain.visit import Priority, Visit
from roundplan.errors import TravelError
from roundplan.units import DAY_S, HOUR_S

NO_WAY = 1 << 40
"""Seconds of a leg without a way, while times are compared."""

CLOCKS_CHANGE_S = 3 * HOUR_S
"""By when on the day of a clock change the clocks have changed."""

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Point:
    """A place, and the times at which a visit there may start, if it is a visit's.

    ``low`` and ``high`` are the earliest and the latest start, ``lasts`` the length;
    ``low`` is None for a place without a visit: a home, an office.
    """

    place_id: str
    low: int | None = None
    high: int = 0
    lasts: int = 0


def point_of(policy: Policy, visit: Visit, start_s: int | None = None) -> Point:
    """Return the point of a visit: its window, with the lateness that may have a price.

    A pinned start, or one that a roster has, counts even outside the window.
    """
    hard = visit.time_critical or visit.priority is Priority.ESSENTIAL
    window = visit.window
    low = window.earliest_start_s
    high = window.latest_start_s + (0 if hard else policy.soft_lateness_s)
    for also in (visit.pinned_start_s, start_s):
        if also is not None:
            low, high = min(low, also), max(high, also)
    return Point(visit.client_id, low, high, visit.duration_s)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the horizon in one period; ``matrix`` is its number in `layers`."""

    start_s: int
    end_s: int
    matrix: int


def layers(travel: Travel, profile: str) -> tuple[TravelMatrix, ...]:
    """Return a profile's matrices: the one for when no period holds, then the others.

    Raises
    ------
    TravelError
        E2201. The travel has no such profile.
    """
    if profile not in travel.matrices:
        msg = f"there is no travel by {profile}"
        raise TravelError(msg)
    return (travel.matrices[profile], *travel.periods.get(profile, ()))


def stretches(horizon: Horizon, periods: Sequence[Period]) -> list[Stretch]:
    """Return in which period each moment of the horizon lies, a day around it included.

    Matrix 0 is that of when none holds, 1 that of the first period, and so on.

    Where several periods hold, the shortest, counted over a week, goes before the
    others; of equal ones the first.
    """
    length = [len(p.days) * (p.end_s - p.start_s) for p in periods]
    found: list[Stretch] = []
    for day in range(-1, horizon.days + 2):
        inside = 0 <= day < horizon.days
        midnight = horizon.midnights_s[min(max(day, 0), horizon.days)]
        midnight += DAY_S * (min(day, 0) + max(day - horizon.days, 0))
        changed = horizon.midnights_s[day + 1] - midnight - DAY_S if inside else 0
        weekday = horizon.date_of(day).weekday()
        cuts = {0, DAY_S, *(s for p in periods for s in (p.start_s, p.end_s))}
        for low, high in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
            holding = [k for k, p in enumerate(periods) if p.holds(weekday, low)]
            matrix = 1 + min(holding, key=lambda k: length[k]) if holding else 0
            start, end = (
                midnight + s + (changed if s >= CLOCKS_CHANGE_S else 0)
                for s in (low, high)
            )
            if found and found[-1].matrix == matrix:
                found[-1] = Stretch(found[-1].start_s, end, matrix)
            else:
                found.append(Stretch(start, end, matrix))
    return found


class TimedLegs:
    """The legs of one profile by where the worker comes from and goes to.

    Raises
    ------
    TravelError
        E2201. The travel has no such profile.
    """

    def __init__(self, horizon: Horizon, travel: Travel, profile: str) -> None:
        self.matrices = tuple(_filled(layers(travel, profile)))
        self._travel = travel
        self._profile = profile
        self._stretches = (
            stretches(horizon, [m.when for m in self.matrices[1:]])
            if len(self.matrices) > 1
            else []
        )

    def leg(self, origin: Point, destination: Point) -> TravelLeg | None:
        """Return a leg, None where there is no way at some of its departures."""
        ends = (origin.place_id, destination.place_id)
        plain = self._travel.leg(self._profile, *ends)
        if not self._stretches or ends[0] == ends[1]:
            return plain
        legs = [_look_up(m, *ends) for m in self.matrices]
        times = [NO_WAY if leg is None else leg.seconds for leg in legs]
        slowest = max(times)
        if origin.low is None and destination.low is None:
            seconds, which = slowest, times.index(slowest)
        elif slowest >= NO_WAY and origin.low is None:
            return None
        else:
            if origin.low is not None:
                low, high = origin.low + origin.lasts, origin.high + origin.lasts
            else:
                assert destination.low is not None
                low, high = destination.low - slowest, destination.high
            seconds, which = -1, 0
            for moment in self._moments(low, high):
                took, by = self._leaving(moment, times)
                if took > seconds:
                    seconds, which = took, by
        found = legs[which]
        if seconds >= NO_WAY or found is None:
            return None
        return TravelLeg(
            seconds=seconds,
            metres=found.metres,
            ltn_crossings=found.ltn_crossings,
            mode=found.mode,
        )

    def _moments(self, low: int, high: int) -> list[int]:
        """Return the departures of an interval that take longest.

        Within a period that is its first: from then on a leg takes the same or, with
        the wait for the next period, less.
        """
        return [low, *(s.start_s for s in self._stretches if low < s.start_s <= high)]

    def _leaving(self, moment: int, times: Sequence[int]) -> tuple[int, int]:
        """Return the seconds from a departure to the arrival, and by which matrix."""
        best, which = NO_WAY, 0
        for s in self._stretches:
            wait = max(0, s.start_s - moment)
            if s.end_s <= moment or wait > DAY_S:
                continue
            if times[s.matrix] + wait < best:
                best, which = times[s.matrix] + wait, s.matrix
        return best, which

    def pattern(self, point: Point) -> tuple[object, ...]:
        """Return what tells the legs of two points at one place apart.

        The periods around its departures, and around the arrivals there, as far from
        them as a wait can pay.
        """
        if not self._stretches:
            return ()
        if point.low is None:
            return (None,)
        low, high = point.low + point.lasts, point.high + point.lasts
        return (
            self._around(low, high),
            self._around(point.low - self._slowest, point.high),
        )

    def _around(self, low: int, high: int) -> tuple[object, ...]:
        near = [
            (max(0, s.start_s - low), s.matrix)
            for s in self._stretches
            if s.end_s > low and s.start_s <= high + self._reach
        ]
        # in one period it makes no difference when
        return (near[0][1],) if len(near) == 1 else (high - low, *near)

    @cached_property
    def _slowest(self) -> int:
        """The longest time of any leg, a day at most."""
        return min(DAY_S, max(int(m.times_s.max(initial=0)) for m in self.matrices))

    @cached_property
    def _reach(self) -> int:
        """By how much a leg can be quicker in another period, a day at most."""
        ids = self.matrices[0].place_ids
        times = np.stack([m.reindex(ids).times_s for m in self.matrices])
        if ((times == UNREACHABLE).any(axis=0) & (times >= 0).any(axis=0)).any():
            return DAY_S
        apart = times.max(axis=0) - times.min(axis=0)
        return min(DAY_S, int(apart.max(initial=0)))

    def table(self, points: Sequence[Point]) -> TravelMatrix:
        """Return `leg` between all pairs of points, whose place ids are numbers."""
        ids = tuple(dict.fromkeys(p.place_id for p in points))
        at = {place_id: i for i, place_id in enumerate(ids)}
        place = np.array([at[p.place_id] for p in points], dtype=np.int64)
        matrices = [m.reindex(ids) for m in self.matrices]
        times = np.stack([m.times_s.astype(np.int64) for m in matrices])
        times[times == UNREACHABLE] = NO_WAY
        which = np.zeros((len(points), len(points)), dtype=np.int64)
        if not self._stretches:
            seconds = times[0][np.ix_(place, place)]
        else:
            seconds = times.max(axis=0)[np.ix_(place, place)]
            which[:] = times.argmax(axis=0)[np.ix_(place, place)]
            self._fill(points, place, times, seconds, which)
        same = place[:, None] == place[None, :]
        ends = (which, place[:, None], place[None, :])
        return TravelMatrix(
            profile=self._profile,
            period="all",
            place_ids=tuple(str(k) for k in range(len(points))),
            times_s=np.where(
                same, 0, np.where(seconds >= NO_WAY, UNREACHABLE, seconds)
            ).astype(np.int32),
            metres=np.where(same, 0, np.stack([m.metres for m in matrices])[ends]),
            ltn_crossings=np.where(
                same, 0, np.stack([m.ltn_crossings for m in matrices])[ends]
            ),
            modes=np.stack([m.modes for m in matrices])[ends],
        )

    def _fill(
        self,
        points: Sequence[Point],
        place: Int64,
        times: Int64,
        seconds: Int64,
        which: Int64,
    ) -> None:
        """Write the legs from visits, and from places without one to visits."""
        bare = np.flatnonzero([p.low is None for p in points])
        slowest = times.max(axis=0)
        for j, point in enumerate(points):
            if point.low is None:
                continue
            low, high = point.low + point.lasts, point.high + point.lasts
            row = times[:, place[j], :]
            moments = [np.full(row.shape[1], m) for m in self._moments(low, high)]
            seconds[j], which[j] = (part[place] for part in self._longest(moments, row))
            if not len(bare):
                continue
            column = times[:, place[bare], place[j]]
            least = slowest[place[bare], place[j]]
            first = point.low - np.minimum(least, DAY_S)
            moments = [first]
            moments += [
                np.maximum(first, s.start_s)
                for s in self._stretches
                if s.start_s <= point.high
            ]
            took, by = self._longest(moments, column)
            seconds[bare, j] = np.where(least >= NO_WAY, NO_WAY, took)
            which[bare, j] = by

    def _longest(self, moments: Sequence[Int64], times: Int64) -> tuple[Int64, Int64]:
        """Return the longest of some departures, and by which matrix, for each leg.

        ``times`` (matrices, legs), each of ``moments`` (legs,).
        """
        longest = np.full(times.shape[1], -1, dtype=np.int64)
        which = np.zeros(times.shape[1], dtype=np.int64)
        for moment in moments:
            best = np.full(times.shape[1], NO_WAY, dtype=np.int64)
            by = np.zeros(times.shape[1], dtype=np.int64)
            soonest, latest = int(moment.min()), int(moment.max())
            for s in self._stretches:
                if s.end_s <= soonest or s.start_s > latest + DAY_S:
                    continue
                wait = np.maximum(0, s.start_s - moment)
                took = times[s.matrix] + wait
                better = (s.end_s > moment) & (wait <= DAY_S) & (took < best)
                best[better], by[better] = took[better], s.matrix
            longer = best > longest
            longest[longer], which[longer] = best[longer], by[longer]
        return longest, which


_known: dict[tuple[int, str], tuple[Travel, Horizon, TimedLegs]] = {}
_MOST_KNOWN = 16


def timed_legs(horizon: Horizon, travel: Travel, profile: str) -> TimedLegs:
    """Return the legs of a profile; of the last few travels they are made once."""
    key = (id(travel), profile)
    kept = _known.get(key)
    if kept is None or kept[0] is not travel or kept[1] != horizon:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        # what is kept holds on to the travel, so its id cannot be given to another
        kept = _known[key] = (travel, horizon, TimedLegs(horizon, travel, profile))
    return kept[2]


def _filled(matrices: Sequence[TravelMatrix]) -> Iterator[TravelMatrix]:
    """Yield matrices of the same places; the first has what the others lack."""
    first, *others = matrices
    yield first
    for matrix in others:
        mine = matrix.reindex(first.place_ids)
        lacks = mine.times_s == UNREACHABLE
        yield replace(
            mine,
            **{
                name: np.where(lacks, getattr(first, name), getattr(mine, name))
                for name in ("times_s", "metres", "ltn_crossings", "modes")
            },
        )


def _look_up(matrix: TravelMatrix, origin: str, destination: str) -> TravelLeg | None:
    i, j = matrix.index(origin), matrix.index(destination)
    if i is None or j is None or matrix.times_s[i, j] == UNREACHABLE:
        return None
    return TravelLeg(
        seconds=int(matrix.times_s[i, j]),
        metres=int(matrix.metres[i, j]),
        ltn_crossings=int(matrix.ltn_crossings[i, j]),
        mode=MODE_CODES[matrix.modes[i, j]],
    )
