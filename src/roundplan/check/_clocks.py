"""The pay clock and the working-time clock of docs/model.md, for the checker alone.

Written apart from ``roundplan.cost`` on purpose: an error in one shows in the other.
The pay clock follows National Minimum Wage practice (DOMAIN R3); the working-time
clock adds the home legs of workers without a fixed base (Tyco, C-266/14; DOMAIN R6).
"""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.check._legs import PlannedLeg
from roundplan.check._stops import RoundView
from roundplan.domain import Policy, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSpan:
    """A work interval from clock-on to clock-off, and the clocks' time in it.

    Parameters
    ----------
    day
        Day of the horizon on which the round's shift, or the block, opens.
    on_s, off_s
        Clock-on and clock-off, seconds of the horizon.
    paid_s, work_s
        Time on the pay clock and on the working-time clock.
    rest_s
        The longest rest inside: a break row or an unpaid gap; 0 for none.
    care
        Whether it is a round, not training or a meeting.
    """

    day: int
    on_s: int
    off_s: int
    paid_s: int
    work_s: int
    rest_s: int
    care: bool


def block_span(shift: Shift) -> WorkSpan:
    """Return the interval of training or a meeting: it counts in full."""
    length = shift.end_s - shift.start_s
    return WorkSpan(
        day=shift.day,
        on_s=shift.start_s,
        off_s=shift.end_s,
        paid_s=length,
        work_s=length,
        rest_s=0,
        care=False,
    )


def round_span(policy: Policy, care_round: RoundView) -> WorkSpan:
    """Return the interval of a round that has at least one stop."""
    paid = sum(stop.length_s for stop in care_round.stops)
    rest = 0
    for gap in care_round.gaps():
        if gap.leg is not None:
            paid += gap.leg.travel_s + gap.leg.parking_s
        wait = gap.wait_s
        if wait <= policy.paid_gap_max_s:
            paid += wait
        else:
            rest = max(rest, wait)
        rest = max(rest, *(b.end_s - b.start_s for b in gap.breaks), 0)

    first, last = care_round.first_leg, care_round.last_leg
    first_is_home = first is not None and care_round.is_home(first.origin)
    last_is_home = last is not None and care_round.is_home(last.destination)
    paid += _office(first, is_home=first_is_home)
    paid += _office(last, is_home=last_is_home)

    # A home leg is work only for those who have no fixed base (DOMAIN R6).
    fixed = care_round.worker is not None and care_round.worker.contract.has_fixed_base
    before = 0 if first is None or (first_is_home and fixed) else first.travel_s
    after = 0 if last is None or (last_is_home and fixed) else last.travel_s
    return WorkSpan(
        day=care_round.day,
        on_s=care_round.first_start_s - before,
        off_s=care_round.last_end_s + after,
        paid_s=paid,
        work_s=paid + before * first_is_home + after * last_is_home,
        rest_s=rest,
        care=True,
    )


def _office(leg: PlannedLeg | None, *, is_home: bool) -> int:
    """Return the paid time of a first or last leg: an office leg's, or none."""
    return 0 if leg is None or is_home else leg.travel_s + leg.parking_s
