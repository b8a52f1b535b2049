"""Greenhouse gases of travel, in grams of CO2e per kilometre of one person."""

from __future__ import annotations

from roundplan.domain import Mode, Policy
from roundplan.units import METRES_PER_KM

G_PER_KM = {
    Mode.WALK: 0,
    Mode.CYCLE: 0,
    Mode.EBIKE: 2,
    Mode.TRANSIT: 69,
    Mode.DRIVE: 167,
}
"""What a kilometre emits where it is used, the vehicle's making left out.

Car: average of sizes, unknown fuel. Public transport: a local London bus. Both are from
the United Kingdom's conversion factors for company reporting of 2024 [1]_, as
remembered and not looked up again: confidence medium for the car, low for the bus,
whose factor falls each year as the fleet goes electric. E-bike: 10 Wh a kilometre (an
assumption) of the grid's 207 g/kWh in the same tables.

References
----------
.. [1] Department for Energy Security and Net Zero (2024). *Greenhouse gas reporting:
   conversion factors 2024*. Tables *Business travel, land* and *UK electricity*.
"""


def co2e_g(policy: Policy, mode: Mode, metres: int) -> int:
    """Return grams of CO2e of a distance, to the nearest gram.

    The policy's own factor for cars goes before the table's.
    """
    per_km = G_PER_KM[mode]
    if mode is Mode.DRIVE and policy.co2e_g_km_drive:
        per_km = policy.co2e_g_km_drive
    return (metres * per_km + METRES_PER_KM // 2) // METRES_PER_KM
