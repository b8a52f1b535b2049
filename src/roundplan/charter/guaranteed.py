"""How many hours can be guaranteed when demand varies from week to week.

"Level of demand impacts the extent to which providers can implement guaranteed hour
contracts" (Islington, December 2024; DOMAIN S8). A guaranteed hour that nobody needs is
paid all the same, so what can be offered is what nearly every week needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roundplan.domain import Problem
from roundplan.errors import UsageError
from roundplan.units import HOUR_S

DAYS_PER_WEEK = 7

MOST_DRAWS = 50_000_000
"""Clients times weeks that are drawn at most: a few seconds and 400 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How the hours of a week vary.

    Parameters
    ----------
    client_hours
        Paid hours a week that each client needs.
    absent_percent
        Share of weeks in which a client needs none: hospital, respite, family.
    turnover_percent
        Share of clients whose package has ended before a week and whom, on average,
        as many new ones replace, with the hours of a client drawn from the list.
    change_percent
        What happens to demand as a whole: -10 is a tenth fewer clients.
    """

    client_hours: Sequence[float]
    absent_percent: float = 5.0
    turnover_percent: float = 3.0
    change_percent: float = 0.0

    def __post_init__(self) -> None:
        """Refuse hours and shares that cannot be."""
        if not self.client_hours or min(self.client_hours) <= 0:
            msg = "client_hours must list hours above 0"
            raise UsageError(msg)
        for name in ("absent_percent", "turnover_percent"):
            if not 0 <= getattr(self, name) < 100:
                msg = f"{name} must be at least 0 and below 100"
                raise UsageError(msg)
        if not -100 < self.change_percent <= 1000:
            msg = "change_percent must be above -100 and at most 1000"
            raise UsageError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedOffer:
    """The hours a week that can be offered, and what offering them costs.

    ``offered_hours`` are needed in at least ``confidence_percent`` of weeks;
    ``unused_hours`` of them are paid but not worked in the mean week. Of all hours
    worked, ``share_percent`` can be guaranteed.
    """

    confidence_percent: float
    mean_hours: float
    offered_hours: float
    share_percent: float
    unused_hours: float


def weekly_hours(
    demand: Demand, *, weeks: int = 4_000, seed: int = 1
) -> npt.NDArray[np.float64]:
    """Return the hours of many independent weeks, in no order.

    Each client is there and needs care by chance alone; new ones are Poisson, as many
    on average as have left, each with the hours of a client of the list. Absences do
    not come together, as they would in an epidemic or at Christmas: what is offered
    is then too much, and a higher ``absent_percent`` shows by how much.

    Raises
    ------
    UsageError
        E1002. No weeks, or more draws than `MOST_DRAWS`.
    """
    hours = _scaled(demand)
    if not 1 <= weeks <= MOST_DRAWS // len(hours):
        msg = f"{weeks} weeks of {len(hours)} clients are none or too many to draw"
        raise UsageError(msg)
    rng = np.random.default_rng(seed)
    left = demand.turnover_percent / 100
    here = 1 - demand.absent_percent / 100
    new = rng.poisson(len(hours) * left * here, weeks)
    of_new = rng.choice(hours, int(new.sum()))
    totals = np.zeros(weeks)
    np.add.at(totals, np.repeat(np.arange(weeks), new), of_new)
    for week in range(weeks):
        totals[week] += hours[rng.random(len(hours)) < (1 - left) * here].sum()
    return totals


def _scaled(demand: Demand) -> npt.NDArray[np.float64]:
    """Return the hours of the clients after the change: the same mix, more or fewer."""
    hours = np.sort(np.asarray(demand.client_hours, dtype=np.float64))
    count = max(1, round(len(hours) * (1 + demand.change_percent / 100)))
    middles = (np.arange(count) + 0.5) * len(hours) / count
    return hours[middles.astype(np.int64)]


def offer(
    totals: npt.NDArray[np.float64], confidence_percent: float
) -> GuaranteedOffer:
    """Return the hours that at least ``confidence_percent`` of weeks need.

    Raises
    ------
    UsageError
        E1002. A confidence that is not between 0 and 100.
    """
    if not 0 < confidence_percent < 100:
        msg = f"a confidence is above 0 and below 100 percent, not {confidence_percent}"
        raise UsageError(msg)
    offered = float(
        np.quantile(totals, 1 - confidence_percent / 100, method="inverted_cdf")
    )
    mean = float(totals.mean())
    return GuaranteedOffer(
        confidence_percent=confidence_percent,
        mean_hours=mean,
        offered_hours=offered,
        share_percent=100 * offered / mean if mean else 0.0,
        unused_hours=float(np.maximum(0.0, offered - totals).mean()),
    )


def client_hours(problem: Problem) -> list[float]:
    """Return the contact hours a week of each client with a visit.

    A double-handed visit counts for both workers.
    """
    seconds: Counter[str] = Counter()
    for visit in problem.visits:
        seconds[visit.client_id] += visit.duration_s * visit.workers_required
    weeks = problem.horizon.days / DAYS_PER_WEEK
    return [s / HOUR_S / weeks for s in seconds.values()]
