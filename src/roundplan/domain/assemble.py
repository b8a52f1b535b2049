"""From who goes where and when to a round with its legs, waits and pins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from roundplan.domain.problem import Problem
from roundplan.domain.roster import Break, Leg, Round, ScheduledVisit
from roundplan.domain.timed import Point, point_of, timed_legs
from roundplan.domain.travel import Travel
from roundplan.domain.worker import Mode, Shift
from roundplan.errors import TravelError
from roundplan.units import round_up


def assemble_round(
    problem: Problem,
    travel: Travel,
    shift: Shift,
    starts: Iterable[tuple[str, int]],
    breaks: Sequence[Break] = (),
    profile: str | None = None,
) -> Round:
    """Make a round of visits and their starts, in order of start.

    Nothing is checked: a roster that breaks rules can be assembled, and the checker
    says so. A visit lasts as long as it was commissioned.

    Parameters
    ----------
    starts
        ``(visit_id, start_s)`` pairs.
    breaks
        Breaks of the round; they shorten the waits they lie in.
    profile
        The vehicle; None for the first of the worker's.

    Raises
    ------
    TravelError
        E2201. The worker has no travel profile, or a leg cannot be reached.
    """
    worker = problem.worker(shift.worker_id)
    vehicle = profile or travel.profile_of(worker)
    if vehicle is None:
        msg = f"there is no travel for any mode of worker {worker.worker_id}"
        raise TravelError(msg)

    legs = timed_legs(problem.horizon, travel, vehicle)

    def leg(origin: Point, destination: Point) -> Leg:
        found = legs.leg(origin, destination)
        if found is None:
            msg = (
                f"there is no way by {vehicle} from {origin.place_id} to "
                f"{destination.place_id}"
            )
            raise TravelError(msg)
        return Leg(
            from_place=origin.place_id,
            to_place=destination.place_id,
            mode=found.mode,
            travel_s=round_up(found.seconds, problem.policy.travel_rounding_s),
            travel_m=found.metres,
        )

    scheduled: list[ScheduledVisit] = []
    here = None if shift.start_place is None else Point(shift.start_place)
    free_from = None
    for visit_id, start_s in sorted(starts, key=lambda pair: (pair[1], pair[0])):
        visit = problem.visit(visit_id)
        there = point_of(problem.policy, visit, start_s)
        into = None if here is None else leg(here, there)
        wait_s = 0
        if into is not None and free_from is not None:
            resting = sum(
                b.end_s - b.start_s
                for b in breaks
                if free_from <= b.start_s and b.end_s <= start_s
            )
            parking = (
                problem.policy.parking_s
                if into.mode is Mode.DRIVE and into.travel_s
                else 0
            )
            wait_s = start_s - free_from - into.travel_s - parking - resting
        scheduled.append(
            ScheduledVisit(
                visit_id=visit_id,
                client_id=visit.client_id,
                start_s=start_s,
                end_s=start_s + visit.duration_s,
                leg=into,
                wait_s=wait_s,
                pinned=bool(visit.pinned_workers) or visit.pinned_start_s is not None,
            )
        )
        here, free_from = there, start_s + visit.duration_s
    last_leg = None
    if shift.end_place is not None and here is not None and scheduled:
        last_leg = leg(here, Point(shift.end_place))
    return Round(
        round_id=shift.shift_id,
        worker_id=shift.worker_id,
        day=shift.day,
        shift_start_s=shift.start_s,
        shift_end_s=shift.end_s,
        profile=vehicle,
        visits=tuple(scheduled),
        breaks=tuple(breaks),
        last_leg=last_leg,
    )
