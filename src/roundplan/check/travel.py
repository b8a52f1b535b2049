"""Travel: every leg has time for its travel and the buffer (NICE NG21 1.4.1).

Times come from the travel matrix, never from the roster; what the roster has recorded
is compared with them, since it is what run sheets print and what is paid.
"""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._legs import PlannedLeg
from roundplan.check._stops import Attendance, RoundView
from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, SECONDS, Violation, spell_time
from roundplan.domain import Leg, Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield gaps too short, legs wrongly recorded, and profiles not the plan's."""
    for care_round in view.rounds:
        if care_round.worker is None or not care_round.stops:
            continue
        yield from _profile(care_round)
        yield from _gaps(care_round)
        yield from _recorded(care_round)
    for rounds in view.rounds_of.values():
        before = rounds[0]
        for after in rounds[1:]:
            yield from _between(view, before, after)
            before = max(before, after, key=lambda r: r.last_end_s)


def _profile(care_round: RoundView) -> Iterator[Violation]:
    recorded, planned = care_round.care_round.profile, care_round.profile
    if planned is None:
        message = f"There are no travel times for worker {care_round.worker_id}"
    elif recorded != planned:
        message = f"Worker {care_round.worker_id} travels by {planned}, not {recorded}"
    else:
        return
    yield care_round.violation(
        Rule.TRAVEL, 1, COUNT, f"{message}, in round {care_round.round_id}."
    )


def _gaps(care_round: RoundView) -> Iterator[Violation]:
    """Yield gaps shorter than leg and breaks, and overlaps with any stop before."""
    free_from = care_round.stops[0].end_s
    for gap in care_round.gaps():
        need = gap.need_s + gap.resting_s
        short = max(need - gap.length_s, free_from - gap.after.start_s)
        free_from = max(free_from, gap.after.end_s)
        if short > 0:
            has = max(0, gap.length_s)
            yield care_round.violation(
                Rule.TRAVEL,
                short,
                SECONDS,
                f"Worker {care_round.worker_id} has {spell_time(has)} between visits "
                f"{gap.before.visit_id} and {gap.after.visit_id}, "
                f"{spell_time(short)} too little.",
                at=gap.after,
            )


def _recorded(care_round: RoundView) -> Iterator[Violation]:
    """Yield legs that cannot be, and those recorded otherwise than they are."""
    stops, shift = care_round.stops, care_round.shift
    for planned, stop in zip(care_round.legs, stops[1:], strict=True):
        yield from _compare(care_round, planned, stop.scheduled.leg, stop)
    if shift is None:
        return
    last_leg = care_round.care_round.last_leg
    ends = (
        (shift.start_place, care_round.first_leg, stops[0].scheduled.leg, stops[0]),
        (shift.end_place, care_round.last_leg, last_leg, stops[-1]),
    )
    for place, planned, recorded, stop in ends:
        if place is not None:
            yield from _compare(care_round, planned, recorded, stop)
        elif recorded is not None:
            yield care_round.violation(
                Rule.TRAVEL,
                1,
                COUNT,
                f"Round {care_round.round_id} has a leg from {recorded.from_place} to "
                f"{recorded.to_place}, but its shift starts or ends anywhere.",
                at=stop,
            )


def _compare(
    care_round: RoundView,
    planned: PlannedLeg | None,
    recorded: Leg | None,
    stop: Attendance,
) -> Iterator[Violation]:
    if planned is None:  # from or to a place that the problem does not know
        return
    ends = (planned.origin, planned.destination)
    leg = f"the leg from {planned.origin} to {planned.destination}"
    amount, unit = 1, COUNT
    if not planned.reachable:
        fault = f"cannot make {leg}: there is no way"
    elif recorded is None:
        fault = f"has no record of {leg}"
    elif (recorded.from_place, recorded.to_place) != ends:
        fault = (
            f"records a leg from {recorded.from_place} to {recorded.to_place} "
            f"instead of {leg}"
        )
    elif recorded.mode is not planned.mode:
        fault = f"records {leg} by {recorded.mode} instead of {planned.mode}"
    elif recorded.travel_s < planned.travel_s:
        amount, unit = planned.travel_s - recorded.travel_s, SECONDS
        fault = f"records {leg} as {spell_time(amount)} shorter than it is"
    else:
        return
    yield care_round.violation(
        Rule.TRAVEL,
        amount,
        unit,
        f"Worker {care_round.worker_id} in round {care_round.round_id} {fault}.",
        at=stop,
    )


def _between(
    view: RosterView, before: RoundView, after: RoundView
) -> Iterator[Violation]:
    """Yield what is missing between two rounds of a worker.

    On one day there must be time for the last leg, the way to where the second round
    starts, and its first leg. On two days the rounds must not overlap; the rest
    between them is the daily rest's affair.
    """
    need = 0
    if before.day == after.day:
        way = view.find_leg(after.profile, before.ends_at, after.starts_at)
        if way is not None and not way.reachable:
            yield after.violation(
                Rule.TRAVEL,
                1,
                COUNT,
                f"Worker {after.worker_id} cannot get from round {before.round_id} to "
                f"round {after.round_id}: there is no way.",
                at=after.stops[0],
            )
        need = sum(leg.need_s for leg in (before.last_leg, way, after.first_leg) if leg)
    short = need - (after.first_start_s - before.last_end_s)
    if short > 0:
        yield after.violation(
            Rule.TRAVEL,
            short,
            SECONDS,
            f"Worker {after.worker_id} is {spell_time(short)} short between rounds "
            f"{before.round_id} and {after.round_id}.",
            at=after.stops[0],
        )
