"""What rides on buses cost a worker: singles, the Hopper fare and the caps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from roundplan.cost.clocks import WorkedRound
from roundplan.cost.pay import rate_table
from roundplan.domain import Mode, Problem
from roundplan.errors import RateError
from roundplan.units import MINUTE_S


def day_fare_p(
    boarded_s: Iterable[int], single_p: int, hopper_s: int, cap_p: int
) -> int:
    """Return the fares of one person's rides on a day, in pence.

    A single fare buys every ride that begins within ``hopper_s`` of the first; the day
    costs at most ``cap_p`` (Transport for London's Hopper fare and bus cap).

    Parameters
    ----------
    boarded_s
        When each ride begins, in seconds.
    """
    paid_p = 0
    free_until_s: int | None = None
    for at_s in sorted(boarded_s):
        if free_until_s is None or at_s > free_until_s:
            paid_p += single_p
            free_until_s = at_s + hopper_s
    return min(paid_p, cap_p)


def capped_fares_p(problem: Problem, rounds: Sequence[WorkedRound]) -> int | None:
    """Return what the rides of all rounds cost with Hopper fare and caps, in pence.

    Rides between visits and from or to offices; a ride begins when the leg does, walk
    to the stop and all. A day is capped, and so is a worker's week from Monday to
    Sunday. None where the tables have no such fares on the first day.
    """
    on = problem.horizon.start_date
    table = rate_table(problem)
    try:
        single_p = table.pence("bus_single_fare", on)
        cap_p = table.pence("bus_daily_cap", on)
        week_cap_p = table.pence("bus_weekly_cap", on)
        hopper_s = int(table.value("bus_hopper_minutes", on)) * MINUTE_S
    except RateError:
        return None
    rides: dict[tuple[str, int], list[int]] = {}
    for r in rounds:
        for departs_s, leg in r.departures:
            if leg.mode is Mode.TRANSIT and leg.travel_s and not leg.home:
                rides.setdefault((r.worker.worker_id, r.day), []).append(departs_s)
    weeks: Counter[tuple[str, int]] = Counter()
    for (worker_id, day), at in rides.items():
        week = problem.horizon.week_of(day)
        weeks[worker_id, week] += day_fare_p(at, single_p, hopper_s, cap_p)
    return sum(min(fares_p, week_cap_p) for fares_p in weeks.values())
