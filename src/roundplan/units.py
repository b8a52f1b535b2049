"""Units of the whole library: integer seconds, metres and amounts of money.

An *amount* is an integer number of 1/3600 penny, the unit in which a rate in pence
per hour times a time in seconds needs no rounding (DESIGN 4). Amounts are added up
as they are and rounded once, half up, when a total is reported in pence.
"""

from __future__ import annotations

from typing import Any, TypeVar

Metres = TypeVar("Metres", int, Any)

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400
METRES_PER_KM = 1000
PENCE_PER_POUND = 100
GRAMS_PER_KG = 1000
BYTES_PER_MB = 10**6
GRAMS_PER_TONNE = 10**6

AMOUNT_PER_PENNY = 3600
"""Amount units in one penny."""

MILE_MM = 1_609_344
"""Millimetres in one statute mile (international mile, 1959)."""


def to_pence(amount: int) -> int:
    """Round an amount to whole pence, halves up: the one rounding of a total."""
    return (2 * amount + AMOUNT_PER_PENNY) // (2 * AMOUNT_PER_PENNY)


def pence_per_minute(pence: int, seconds: int) -> int:
    """Return the amount of ``seconds`` at a price in whole pence per minute."""
    return pence * seconds * (AMOUNT_PER_PENNY // MINUTE_S)


def mileage_amount(metres: Metres, pence_per_mile: int) -> Metres:
    """Return the amount of a leg of ``metres`` at a dated rate, rounded down.

    ``metres`` is an integer or an int64 array.

    A mile is not a whole number of metres, so this is the only term that is rounded
    leg by leg (to 1/3600 penny), the same way in cost, arrays and kernel.
    """
    return metres * 1000 * pence_per_mile * AMOUNT_PER_PENNY // MILE_MM


def round_up(seconds: int, step: int) -> int:
    """Round a time up to a whole multiple of ``step`` seconds."""
    return -(-seconds // step) * step
