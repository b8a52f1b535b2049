"""A roster grouped once, for all rules: by visit, by worker, round by round.

Nothing here trusts the roster: visits, workers and shifts that the problem does not
know are None, visits are put in order of time, and legs come from the travel times.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from roundplan.check._clocks import WorkSpan, block_span, round_span
from roundplan.check._legs import LegFinder, PlannedLeg, leg_finder
from roundplan.check._stops import Attendance, RoundView
from roundplan.domain import (
    PAID_BLOCKS,
    Problem,
    Roster,
    Round,
    ScheduledVisit,
    Shift,
    ShiftKind,
    Travel,
    Visit,
)
from roundplan.domain.timed import Point, point_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """Everything a rule needs to look at, in a stated order.

    Parameters
    ----------
    rounds
        All rounds, in order of worker and time; empty ones included.
    attendances
        One per worker and visit, in order of round and time.
    by_visit
        The attendances of each visit of the problem that has any, in order of
        start and worker.
    rounds_of
        The rounds with visits of each known worker, in order of first start.
    shifts_of
        All shifts of each worker, in order of time.
    spans_of
        Work intervals of each worker who has a round: rounds, training and
        meetings, in order of clock-on.
    unassigned
        How often each visit is listed as unassigned.
    """

    problem: Problem
    travel: Travel
    roster: Roster
    rounds: tuple[RoundView, ...]
    attendances: tuple[Attendance, ...]
    by_visit: dict[str, tuple[Attendance, ...]]
    rounds_of: dict[str, tuple[RoundView, ...]]
    shifts_of: dict[str, tuple[Shift, ...]]
    spans_of: dict[str, tuple[WorkSpan, ...]]
    unassigned: Counter[str]
    find_leg: LegFinder

    def attended(self) -> list[tuple[Visit, tuple[Attendance, ...]]]:
        """Return each visit of the problem that is in a round, in problem order."""
        return [
            (visit, self.by_visit[visit.visit_id])
            for visit in self.problem.visits
            if visit.visit_id in self.by_visit
        ]

    def date(self, day: int) -> str:
        """Return a day as a date; by its number where the horizon does not have it."""
        horizon = self.problem.horizon
        if 0 <= day < horizon.days:
            return horizon.date_of(day).isoformat()
        return f"day {day}, outside the horizon"


def view_of(problem: Problem, travel: Travel, roster: Roster) -> RosterView:
    """Group a roster by visit and by worker; fast, and sure not to fail."""
    places = frozenset(
        [c.client_id for c in problem.clients]
        + [w.worker_id for w in problem.workers]
        + [p.place_id for p in problem.places]
    )
    homes = frozenset(w.worker_id for w in problem.workers)
    find_leg = leg_finder(problem, travel, places, homes)
    rounds = sorted(
        (_round_view(problem, travel, find_leg, r) for r in roster.rounds),
        key=lambda r: (r.worker_id, r.first_start_s, r.last_end_s, r.round_id),
    )
    attendances = tuple(stop for r in rounds for stop in r.stops)

    by_visit: dict[str, list[Attendance]] = defaultdict(list)
    for stop in attendances:
        if stop.visit is not None:
            by_visit[stop.visit_id].append(stop)
    rounds_of: dict[str, list[RoundView]] = defaultdict(list)
    for r in rounds:
        if r.worker is not None and r.stops:
            rounds_of[r.worker_id].append(r)
    shifts_of: dict[str, list[Shift]] = defaultdict(list)
    for shift in sorted(problem.shifts, key=lambda s: (s.start_s, s.shift_id)):
        shifts_of[shift.worker_id].append(shift)

    return RosterView(
        problem=problem,
        travel=travel,
        roster=roster,
        rounds=tuple(rounds),
        attendances=attendances,
        by_visit={
            visit_id: tuple(sorted(stops, key=lambda a: (a.start_s, a.worker_id)))
            for visit_id, stops in by_visit.items()
        },
        rounds_of={w: tuple(its) for w, its in rounds_of.items()},
        shifts_of={w: tuple(its) for w, its in shifts_of.items()},
        spans_of={
            w: _spans(problem, its, shifts_of[w]) for w, its in rounds_of.items()
        },
        unassigned=Counter(u.visit_id for u in roster.unassigned),
        find_leg=find_leg,
    )


def _spans(
    problem: Problem, rounds: list[RoundView], shifts: list[Shift]
) -> tuple[WorkSpan, ...]:
    spans = [round_span(problem.policy, r) for r in rounds]
    spans += [block_span(s) for s in shifts if s.kind in PAID_BLOCKS]
    return tuple(sorted(spans, key=lambda s: (s.on_s, s.off_s, s.day)))


def _round_view(
    problem: Problem, travel: Travel, find_leg: LegFinder, care_round: Round
) -> RoundView:
    worker_id = care_round.worker_id
    worker = problem.worker(worker_id) if problem.has_worker(worker_id) else None
    shift = _own_shift(problem, care_round)
    profile = (
        None if worker is None else travel.profile_of_round(worker, care_round.profile)
    )
    day = care_round.day if shift is None else shift.day

    def attendance(stop: ScheduledVisit) -> Attendance:
        known = problem.has_visit(stop.visit_id)
        visit = problem.visit(stop.visit_id) if known else None
        return Attendance(
            scheduled=stop,
            visit=visit,
            client_id=stop.client_id if visit is None else visit.client_id,
            worker_id=worker_id,
            worker=worker,
            shift=shift,
            day=day if visit is None else visit.day,
            point=Point(stop.client_id)
            if visit is None
            else point_of(problem.policy, visit, stop.start_s),
        )

    stops = tuple(
        attendance(stop)
        for stop in sorted(
            care_round.visits, key=lambda s: (s.start_s, s.end_s, s.visit_id)
        )
    )
    legs: list[PlannedLeg | None] = [
        find_leg(profile, before.point, after.point)
        for before, after in pairwise(stops)
    ]
    start = None if shift is None else shift.start_place
    end = None if shift is None else shift.end_place
    start_point = None if start is None else Point(start)
    end_point = None if end is None else Point(end)
    return RoundView(
        care_round=care_round,
        worker=worker,
        shift=shift,
        day=day,
        profile=profile,
        stops=stops,
        first_leg=find_leg(profile, start_point, stops[0].point) if stops else None,
        legs=tuple(legs),
        last_leg=find_leg(profile, stops[-1].point, end_point) if stops else None,
    )


def _own_shift(problem: Problem, care_round: Round) -> Shift | None:
    """Return the work shift a round is in, None unless it is its own worker's."""
    if not problem.has_shift(care_round.round_id):
        return None
    shift = problem.shift(care_round.round_id)
    if shift.worker_id != care_round.worker_id or shift.kind is not ShiftKind.WORK:
        return None
    return shift
