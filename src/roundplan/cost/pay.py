"""The rates of one problem: hourly pay, the pay floor and mileage, in whole pence.

These are asked for every worker-day, by the cost, the checker and the arrays alike,
so the table of a problem is made once and remembers what it has looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from roundplan.cost.rates import HOW_TO_SUPPLY, LIVING_WAGES, RateTable
from roundplan.domain import CareWorker, LlwFrom, Mode, Problem, Travel, mode_of
from roundplan.errors import RateError

LIVING_WAGE = "london_living_wage"
"""What a worker without an hourly rate of their own is paid."""

MILEAGE_RATES = {
    Mode.DRIVE: "amap_car_first_10000_miles",
    Mode.CYCLE: "amap_bicycle",
    Mode.EBIKE: "amap_bicycle",
}
"""Approved mileage allowances by mode (DOMAIN R10); walking and transit have none."""

CAR_CO2E = "co2e_car"
"""Grams of CO2e per kilometre of an average car."""

FARE_RATE = "bus_single_fare"
"""What a leg by public transport costs, changes included."""

_tables: dict[int, RateTable] = {}
_MOST_TABLES = 16


def rate_table(problem: Problem) -> RateTable:
    """Return the problem's own rates with the shipped ones behind them.

    Tables are kept by the identity of ``problem.rates``: to hash a user's rows for
    every worker-day would cost more than the look-up.

    Raises
    ------
    RateError
        E1201. Two rows of one rate hold on the same day.
    """
    table = _tables.get(id(problem.rates))
    if table is None:
        if len(_tables) >= _MOST_TABLES:
            _tables.clear()
        # The table holds on to the tuple, so its id cannot be given to another.
        table = _tables[id(problem.rates)] = RateTable(user=problem.rates)
    return table


def hourly_rate_p(problem: Problem, worker: CareWorker, day: int) -> int:
    """Return a worker's pay on a day of the horizon, pence an hour.

    The worker's own rate, or the London Living Wage in force on the day.

    Raises
    ------
    RateError
        E1201. The worker has no rate and the tables have no living wage of the day.
    """
    if worker.contract.rate_p is not None:
        return worker.contract.rate_p
    return _pence(problem, LIVING_WAGE, day)


def costed_rate_p(problem: Problem, worker: CareWorker, day: int) -> int:
    """Return the part of the hourly rate that enters the cost, pence an hour.

    ``rate × pay_percent // 100``. A policy that leaves pay out needs no rate.
    """
    percent = problem.policy.pay_percent
    return hourly_rate_p(problem, worker, day) * percent // 100 if percent else 0


def pay_floor_p(problem: Problem, day: int) -> int | None:
    """Return the least lawful or promised pay on a day, pence an hour.

    None where the policy has no floor.

    Raises
    ------
    RateError
        E1201. The tables have no such rate for the day.
    """
    floor = problem.policy.pay_floor
    return None if floor is None else _pence(problem, floor, day)


def mileage_p(problem: Problem, mode: Mode) -> int:
    """Return the mileage paid on the horizon's first day, pence a mile.

    The car rate is that of the first 10,000 miles a year. 0 on foot, by transit, and
    where the policy pays none.

    Raises
    ------
    RateError
        E1201. The tables have no mileage rate for the day.
    """
    rate = MILEAGE_RATES.get(mode)
    if rate is None or not problem.policy.mileage:
        return 0
    return _pence(problem, rate, 0)


def fare_p(problem: Problem) -> int:
    """Return the fare of a leg by public transport on the horizon's first day, pence.

    A single bus fare, changes included. 0 where the policy pays none.

    Raises
    ------
    RateError
        E1201. The tables have no fare for the day.
    """
    return _pence(problem, FARE_RATE, 0) if problem.policy.fares else 0


def _pence(problem: Problem, rate: str, day: int) -> int:
    on = problem.horizon.date_of(day)
    return rate_table(problem).pence(rate, on, llw_from=problem.llw_from)


def rate_warnings(problem: Problem, travel: Travel | None = None) -> tuple[str, ...]:
    """Return a sentence for each rate used past the day it is verified to.

    Living wage and pay floor are asked for on every day of the horizon, mileage and
    fares on its first day and only for vehicles that a worker has: with ``travel``,
    only for those that a round can have.

    Raises
    ------
    RateError
        E1201. A rate that the problem needs is missing altogether.
    """
    table = rate_table(problem)
    sentences = []
    seen = set()
    for rate, on in _used(problem, travel):
        period = table.period(rate, on, llw_from=problem.llw_from)
        if on <= period.verified_to or period.rate in seen:
            continue
        seen.add(period.rate)
        sentences.append(
            f"The rate {period.rate.rate} of {period.rate.value} {period.rate.unit} is "
            f"verified to {period.verified_to} only, and the plan uses it on {on}. "
            f"{HOW_TO_SUPPLY}{_calendar(period.rate.rate, problem.llw_from)}."
        )
    return tuple(sentences)


def require_verified(problem: Problem) -> None:
    """Refuse to count with rates that nobody vouches for: audits, charter runs.

    Raises
    ------
    RateError
        E1201. A rate is used past its ``verified_to``, or is missing.
    """
    if warnings := rate_warnings(problem):
        raise RateError(" ".join(warnings))


def _calendar(rate: str, llw_from: LlwFrom) -> str:
    if rate in LIVING_WAGES and llw_from is not LlwFrom.DEADLINE:
        return f" (llw_from = {llw_from}: a new rate is due each year)"
    return ""


def _used(problem: Problem, travel: Travel | None) -> Iterator[tuple[str, date]]:
    """Yield each rate that enters a plan, with each day on which it does."""
    policy, horizon = problem.policy, problem.horizon
    daily = [] if policy.pay_floor is None else [policy.pay_floor]
    unpriced = any(w.contract.rate_p is None for w in problem.workers)
    if unpriced and policy.pay_percent and LIVING_WAGE not in daily:
        daily.append(LIVING_WAGE)
    for rate in daily:
        for day in range(horizon.days):
            yield rate, horizon.date_of(day)
    if travel is None:
        modes = {mode for w in problem.workers for mode in w.modes}
    else:
        profiles = {p for w in problem.workers for p in travel.profiles_of(w)}
        modes = {mode_of(profile) for profile in profiles}
    if policy.carbon_p_tonne and not policy.co2e_g_km_drive and Mode.DRIVE in modes:
        yield CAR_CO2E, horizon.start_date
    if policy.fares and Mode.TRANSIT in modes:
        yield FARE_RATE, horizon.start_date
    if policy.mileage:
        rates = {MILEAGE_RATES[mode] for mode in modes if mode in MILEAGE_RATES}
        for rate in sorted(rates):
            yield rate, horizon.start_date
