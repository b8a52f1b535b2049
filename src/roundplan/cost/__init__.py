"""What a roster costs: the slow, readable specification of the objective."""

from roundplan.cost.pay import (
    costed_rate_p,
    hourly_rate_p,
    mileage_p,
    pay_floor_p,
    rate_table,
    rate_warnings,
    require_verified,
)
from roundplan.cost.rates import RateTable, overlapping, shipped_rates

__all__ = [
    "RateTable",
    "costed_rate_p",
    "hourly_rate_p",
    "mileage_p",
    "overlapping",
    "pay_floor_p",
    "rate_table",
    "rate_warnings",
    "require_verified",
    "shipped_rates",
]
