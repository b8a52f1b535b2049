"""What a roster costs: the slow, readable specification of the objective."""

from roundplan.cost.breakdown import TERMS, CostBreakdown
from roundplan.cost.clocks import (
    RoundClock,
    WorkedLeg,
    WorkedRound,
    worked_rounds,
)
from roundplan.cost.continuity import KnownBefore, team_sizes
from roundplan.cost.emissions import co2e_g_km
from roundplan.cost.figures import leg_figures, round_figures
from roundplan.cost.kpi_continuity import ClientContinuity, client_continuity
from roundplan.cost.kpis import kpis
from roundplan.cost.objective import (
    changed_visits,
    cost_of,
    unassigned_prices_p,
    unknown_pairs,
)
from roundplan.cost.pay import (
    costed_rate_p,
    fare_p,
    hourly_rate_p,
    mileage_p,
    pay_floor_p,
    rate_table,
    rate_warnings,
    require_verified,
)
from roundplan.cost.rates import (
    RatePeriod,
    RateTable,
    overlapping,
    shipped_rates,
    shipped_text,
)

__all__ = [
    "TERMS",
    "ClientContinuity",
    "CostBreakdown",
    "KnownBefore",
    "RatePeriod",
    "RateTable",
    "RoundClock",
    "WorkedLeg",
    "WorkedRound",
    "changed_visits",
    "client_continuity",
    "co2e_g_km",
    "cost_of",
    "costed_rate_p",
    "fare_p",
    "hourly_rate_p",
    "kpis",
    "leg_figures",
    "mileage_p",
    "overlapping",
    "pay_floor_p",
    "rate_table",
    "rate_warnings",
    "require_verified",
    "round_figures",
    "shipped_rates",
    "shipped_text",
    "team_sizes",
    "unassigned_prices_p",
    "unknown_pairs",
    "worked_rounds",
]
