"""What a roster costs: the slow, readable specification of the objective."""

from roundplan.cost.breakdown import TERMS, CostBreakdown
from roundplan.cost.clocks import (
    RoundClock,
    WorkedLeg,
    WorkedRound,
    round_figures,
    worked_rounds,
)
from roundplan.cost.continuity import KnownBefore, team_sizes
from roundplan.cost.kpi_continuity import ClientContinuity, client_continuity
from roundplan.cost.kpis import kpis
from roundplan.cost.objective import changed_visits, cost_of, unassigned_prices_p
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
    "TERMS",
    "ClientContinuity",
    "CostBreakdown",
    "KnownBefore",
    "RateTable",
    "RoundClock",
    "WorkedLeg",
    "WorkedRound",
    "changed_visits",
    "client_continuity",
    "cost_of",
    "costed_rate_p",
    "hourly_rate_p",
    "kpis",
    "mileage_p",
    "overlapping",
    "pay_floor_p",
    "rate_table",
    "rate_warnings",
    "require_verified",
    "round_figures",
    "shipped_rates",
    "team_sizes",
    "unassigned_prices_p",
    "worked_rounds",
]
