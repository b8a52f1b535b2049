"""One worker's stops in one round, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roundplan.check._legs import PlannedLeg
from roundplan.check.violation import Violation
from roundplan.domain import (
    Break,
    CareWorker,
    Round,
    Rule,
    ScheduledVisit,
    Shift,
    Visit,
)
from roundplan.domain.timed import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One worker at one visit.

    ``visit`` and ``worker`` are None when the problem does not know them, ``shift``
    when the round is not in a work shift of its worker. ``client_id`` is the
    problem's for a known visit, whatever the roster says; ``day`` is the visit's.
    ``point`` is where and when legs begin and end.
    """

    scheduled: ScheduledVisit
    visit: Visit | None
    client_id: str
    worker_id: str
    worker: CareWorker | None
    shift: Shift | None
    day: int
    point: Point

    @property
    def visit_id(self) -> str:
        """The visit's id."""
        return self.scheduled.visit_id

    @property
    def start_s(self) -> int:
        """When the visit starts."""
        return self.scheduled.start_s

    @property
    def end_s(self) -> int:
        """When the visit ends."""
        return self.scheduled.end_s

    @property
    def length_s(self) -> int:
        """The rostered length, never below 0."""
        return max(0, self.end_s - self.start_s)

    def violation(self, rule: Rule, amount: int, unit: str, message: str) -> Violation:
        """Return a breach by this worker at this visit."""
        return Violation(
            rule=rule,
            amount=amount,
            unit=unit,
            visit_id=self.visit_id,
            client_id=self.client_id,
            worker_id=self.worker_id,
            day=self.day,
            message=message,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The time between two consecutive stops; below 0 when they overlap.

    ``leg`` is None when one of the places is unknown. ``breaks`` are the break rows
    that lie wholly inside.
    """

    before: Attendance
    after: Attendance
    leg: PlannedLeg | None
    breaks: tuple[Break, ...]

    @property
    def length_s(self) -> int:
        """From the end of the one to the start of the other."""
        return self.after.start_s - self.before.end_s

    @property
    def need_s(self) -> int:
        """What the leg needs: travel, parking and buffer."""
        return 0 if self.leg is None else self.leg.need_s

    @property
    def resting_s(self) -> int:
        """Time in breaks, where they overlap only once."""
        resting, until = 0, self.before.end_s
        for rest in sorted(self.breaks, key=lambda b: (b.start_s, b.end_s)):
            resting += max(0, rest.end_s - max(until, rest.start_s))
            until = max(until, rest.end_s)
        return resting

    @property
    def wait_s(self) -> int:
        """Neither travel, parking nor break; never below 0."""
        moving = 0 if self.leg is None else self.leg.travel_s + self.leg.parking_s
        return max(0, self.length_s - moving - self.resting_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round with its stops in order and its legs as they should be.

    ``shift`` is None unless the round is in a work shift of its worker; ``day`` is
    then the one recorded. ``profile`` is the one recorded if it is the
    worker's, else the first of the worker's.
    ``first_leg`` and ``last_leg`` are None when the shift starts or ends anywhere.
    """

    care_round: Round
    worker: CareWorker | None
    shift: Shift | None
    day: int
    profile: str | None
    stops: tuple[Attendance, ...]
    first_leg: PlannedLeg | None
    legs: tuple[PlannedLeg | None, ...]
    last_leg: PlannedLeg | None

    @property
    def round_id(self) -> str:
        """The round's id, which is its shift's."""
        return self.care_round.round_id

    @property
    def worker_id(self) -> str:
        """The worker's id."""
        return self.care_round.worker_id

    @property
    def first_start_s(self) -> int:
        """Start of the first stop; the recorded start of an empty round's shift."""
        return self.stops[0].start_s if self.stops else self.care_round.shift_start_s

    @property
    def last_end_s(self) -> int:
        """The latest end of a stop; the recorded end of an empty round's shift."""
        ends = (stop.end_s for stop in self.stops)
        return max(ends, default=self.care_round.shift_end_s)

    @property
    def starts_at(self) -> Point:
        """Where a round with stops starts: its first leg's origin, else a client."""
        leg = self.first_leg
        return self.stops[0].point if leg is None else Point(leg.origin)

    @property
    def ends_at(self) -> Point:
        """Where a round with stops ends: its last leg's end, else a client."""
        leg = self.last_leg
        return self.stops[-1].point if leg is None else Point(leg.destination)

    def gaps(self) -> Iterator[Gap]:
        """Yield the gaps between consecutive stops."""
        rests = self.care_round.breaks
        for i, leg in enumerate(self.legs):
            before, after = self.stops[i], self.stops[i + 1]
            yield Gap(
                before=before,
                after=after,
                leg=leg,
                breaks=tuple(
                    b
                    for b in rests
                    if before.end_s <= b.start_s <= b.end_s <= after.start_s
                ),
            )

    def is_home(self, place_id: str | None) -> bool:
        """Return whether a place is the worker's own home."""
        return self.worker is not None and place_id == self.worker.home.place_id

    def violation(
        self,
        rule: Rule,
        amount: int,
        unit: str,
        message: str,
        *,
        at: Attendance | None = None,
    ) -> Violation:
        """Return a breach in this round, at one of its stops where one is named."""
        return Violation(
            rule=rule,
            amount=amount,
            unit=unit,
            visit_id=None if at is None else at.visit_id,
            client_id=None if at is None else at.client_id,
            worker_id=self.worker_id,
            day=self.day,
            message=message,
        )
