"""The two clocks of a round: what is paid, and what is working time.

They differ, and neither can be had from the other (docs/clocks.md):

- The *pay clock* runs during contact, travel between visits and from or to an office,
  parking and counted waits: what the National Minimum Wage regards as work (DOMAIN
  R3), and what the charter wants paid at the living wage.
- The *working-time clock* also runs on the way from and to home, for workers without
  a fixed base (Tyco, C-266/14; DOMAIN R6). It is for breaks, rests and the 48 hours.

Nobody's clock runs during a break or a wait longer than the policy pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from roundplan.domain import (
    PAID_BLOCKS,
    Break,
    CareWorker,
    Mode,
    Policy,
    Problem,
    Roster,
    Round,
    ScheduledVisit,
    Shift,
    Travel,
)
from roundplan.domain.timed import Point, TimedLegs, point_of, timed_legs
from roundplan.units import round_up


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedLeg:
    """A leg of a round as the travel matrix has it, whatever the roster recorded.

    ``travel_s`` is rounded up as the policy says; ``parking_s`` is 0 unless the leg
    is driven and moves; ``home`` tells a leg from or to the worker's own home,
    ``new_cell`` one between clients in different low-traffic neighbourhoods.
    """

    mode: Mode
    travel_s: int
    metres: int
    ltn_crossings: int
    parking_s: int
    home: bool
    new_cell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundClock:
    """Where the time of one round goes, in seconds.

    Parameters
    ----------
    contact_s
        With clients, as rostered.
    travel_s, parking_s
        On legs between visits, and from or to an office.
    waiting_s
        Waits that are paid: up to the policy's ``paid_gap_max_s`` each.
    unpaid_s
        Longer waits, in which the worker is free.
    break_s
        Breaks between visits.
    home_leg_s
        Travel from and to home, in and out together.
    last_leg_s
        Travel after the last visit, to home or an office.
    paid_s
        The pay clock: contact, travel, parking and paid waiting.
    work_s
        The working-time clock: the pay clock, and home legs without a fixed base.
    clock_on_s, clock_off_s
        Seconds of the horizon between which the worker is at work.
    """

    contact_s: int
    travel_s: int
    parking_s: int
    waiting_s: int
    unpaid_s: int
    break_s: int
    home_leg_s: int
    last_leg_s: int
    paid_s: int
    work_s: int
    clock_on_s: int
    clock_off_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedRound:
    """A round with what the problem knows of it.

    ``visits`` leaves out visits that the problem does not have; ``into`` has the leg
    into each, ``last_leg`` is the one after the last: None where there is none or it
    cannot be travelled.
    """

    round_id: str
    day: int
    worker: CareWorker
    visits: tuple[ScheduledVisit, ...]
    into: tuple[WorkedLeg | None, ...]
    last_leg: WorkedLeg | None
    clock: RoundClock

    @property
    def legs(self) -> tuple[WorkedLeg, ...]:
        """All legs that can be travelled: first, between visits, last."""
        return tuple(leg for leg in (*self.into, self.last_leg) if leg is not None)

    @property
    def departures(self) -> tuple[tuple[int, WorkedLeg], ...]:
        """All legs with the seconds at which they begin: the first just in time."""
        begins = [v.end_s for v in self.visits]
        first = self.into[0]
        start_s = self.visits[0].start_s
        if first is not None:
            start_s -= first.travel_s + first.parking_s
        timed = zip((start_s, *begins), (*self.into, self.last_leg), strict=True)
        return tuple((at_s, leg) for at_s, leg in timed if leg is not None)

    @property
    def paid_legs(self) -> tuple[WorkedLeg, ...]:
        """The legs on the pay clock: between visits, from and to offices."""
        return tuple(leg for leg in self.legs if not leg.home)


def worked_rounds(
    problem: Problem, travel: Travel, roster: Roster
) -> tuple[WorkedRound, ...]:
    """Return the rounds of a roster with their legs and clocks.

    A roster edited by hand may hold anything: rounds of unknown workers and rounds
    without a known visit are left out, a leg that cannot be travelled counts nothing.
    The checker reports them.
    """
    worked = (_worked(problem, travel, r) for r in roster.rounds)
    return tuple(r for r in worked if r is not None)


def paid_blocks(problem: Problem) -> tuple[Shift, ...]:
    """Return training and meetings, which count in full on both clocks."""
    return tuple(s for s in problem.shifts if s.kind in PAID_BLOCKS)


def _worked(problem: Problem, travel: Travel, care_round: Round) -> WorkedRound | None:
    visits = tuple(v for v in care_round.visits if problem.has_visit(v.visit_id))
    if not visits or not problem.has_worker(care_round.worker_id):
        return None
    worker = problem.worker(care_round.worker_id)
    stops = [
        point_of(problem.policy, problem.visit(v.visit_id), v.start_s) for v in visits
    ]
    start = end = None
    if problem.has_shift(care_round.round_id):
        shift = problem.shift(care_round.round_id)
        start, end = shift.start_place, shift.end_place
    profile = travel.profile_of_round(worker, care_round.profile)
    legs = None if profile is None else timed_legs(problem.horizon, travel, profile)
    finder = _LegFinder(problem.policy, worker, travel, legs)
    first = finder.leg(_place(start), stops[0], end=start)
    between = [finder.leg(a, b) for a, b in pairwise(stops)]
    last = finder.leg(stops[-1], _place(end), end=end)
    return WorkedRound(
        round_id=care_round.round_id,
        day=care_round.day,
        worker=worker,
        visits=visits,
        into=(first, *between),
        last_leg=last,
        clock=_clock(
            problem.policy, worker, visits, care_round.breaks, first, between, last
        ),
    )


def _place(place_id: str | None) -> Point | None:
    return None if place_id is None else Point(place_id)


@dataclass(frozen=True, slots=True)
class _LegFinder:
    """Legs by the vehicle of one round."""

    policy: Policy
    worker: CareWorker
    travel: Travel
    legs: TimedLegs | None

    def leg(
        self, origin: Point | None, destination: Point | None, end: str | None = None
    ) -> WorkedLeg | None:
        """Return a leg; None from anywhere, to anywhere and where there is no way.

        ``end`` is the place at which a round starts or ends, if the leg touches it.
        """
        if self.legs is None or origin is None or destination is None:
            return None
        found = self.legs.leg(origin, destination)
        if found is None:
            return None
        travel_s = round_up(found.seconds, self.policy.travel_rounding_s)
        parks = found.mode is Mode.DRIVE and travel_s > 0
        return WorkedLeg(
            mode=found.mode,
            travel_s=travel_s,
            metres=found.metres,
            ltn_crossings=found.ltn_crossings,
            parking_s=self.policy.parking_s if parks else 0,
            home=end == self.worker.worker_id,
            new_cell=self.travel.changes_cell(origin.place_id, destination.place_id),
        )


def _clock(
    policy: Policy,
    worker: CareWorker,
    visits: tuple[ScheduledVisit, ...],
    breaks: tuple[Break, ...],
    first: WorkedLeg | None,
    between: list[WorkedLeg | None],
    last: WorkedLeg | None,
) -> RoundClock:
    waiting_s = unpaid_s = break_s = 0
    for (before, after), leg in zip(pairwise(visits), between, strict=True):
        resting = sum(
            b.end_s - b.start_s
            for b in breaks
            if before.end_s <= b.start_s and b.end_s <= after.start_s
        )
        moving = 0 if leg is None else leg.travel_s + leg.parking_s
        # Below 0 only where a roster breaks the travel rule: nobody waits then.
        wait = max(0, after.start_s - before.end_s - moving - resting)
        break_s += resting
        if wait <= policy.paid_gap_max_s:
            waiting_s += wait
        else:
            unpaid_s += wait

    ends = [leg for leg in (first, last) if leg is not None]
    home_leg_s = sum(leg.travel_s for leg in ends if leg.home)
    paid_legs = [
        *(leg for leg in between if leg is not None),
        *(leg for leg in ends if not leg.home),
    ]
    contact_s = sum(v.end_s - v.start_s for v in visits)
    travel_s = sum(leg.travel_s for leg in paid_legs)
    parking_s = sum(leg.parking_s for leg in paid_legs)
    paid_s = contact_s + travel_s + parking_s + waiting_s

    def on_the_clock(leg: WorkedLeg | None) -> int:
        if leg is None or (leg.home and worker.contract.has_fixed_base):
            return 0
        return leg.travel_s

    homeward = 0 if worker.contract.has_fixed_base else home_leg_s
    return RoundClock(
        contact_s=contact_s,
        travel_s=travel_s,
        parking_s=parking_s,
        waiting_s=waiting_s,
        unpaid_s=unpaid_s,
        break_s=break_s,
        home_leg_s=home_leg_s,
        last_leg_s=0 if last is None else last.travel_s,
        paid_s=paid_s,
        work_s=paid_s + homeward,
        clock_on_s=visits[0].start_s - on_the_clock(first),
        clock_off_s=visits[-1].end_s + on_the_clock(last),
    )
