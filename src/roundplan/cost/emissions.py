"""Greenhouse gases of travel, in grams of CO2e per kilometre of one person.

What a kilometre emits where it is used, the vehicle's making left out; the factors are
dated rows of ``travel_rates.csv`` (docs/travel-costs.md).
"""

from __future__ import annotations

from roundplan.cost.pay import CAR_CO2E, rate_table
from roundplan.domain import Mode, Problem
from roundplan.units import METRES_PER_KM

CO2E_RATES = {
    Mode.EBIKE: "co2e_ebike",
    Mode.TRANSIT: "co2e_bus",
    Mode.DRIVE: CAR_CO2E,
}
"""Names of the factors; walking and cycling emit nothing."""


def co2e_g_km(problem: Problem, mode: Mode) -> int:
    """Return grams of CO2e per kilometre on the horizon's first day, to the gram.

    The policy's own factor for cars (``co2e_g_km_drive``) goes before the table's.

    Raises
    ------
    RateError
        E1201. The tables have no factor for the day.
    """
    if mode is Mode.DRIVE and problem.policy.co2e_g_km_drive:
        return problem.policy.co2e_g_km_drive
    if mode not in CO2E_RATES:
        return 0
    table = rate_table(problem)
    return round(table.value(CO2E_RATES[mode], problem.horizon.start_date))


def co2e_g(problem: Problem, mode: Mode, metres: int) -> int:
    """Return grams of CO2e of a distance, to the nearest gram.

    Raises
    ------
    RateError
        E1201. The tables have no factor for the day.
    """
    per_km = co2e_g_km(problem, mode)
    return (metres * per_km + METRES_PER_KM // 2) // METRES_PER_KM
