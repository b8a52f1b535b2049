"""What a roster costs, term by term."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from roundplan.units import AMOUNT_PER_PENNY, to_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBreakdown:
    """Every term of the objective, as an integer amount (1/3600 penny).

    The terms, their order and their formulas are the table "Prices" of
    docs/model.md. Pay is cash; so are mileage and fares; the others are prices of
    the named policy, put in pence so that they can be weighed against cash.

    Parameters
    ----------
    contact, travel, waiting, parking
        Time on the pay clock of rounds, at the worker's rate.
    paid_blocks
        Training and meetings, at the worker's rate.
    travel_price
        A price on paid travel time on top of pay.
    mileage, fares, ltn, co2e
        By leg between visits and from or to an office.
    cell_changes
        By leg between clients in different low-traffic neighbourhoods.
    guaranteed_hours
        Guaranteed hours paid but not worked.
    overtime
        The premium on hours above those contracted.
    unknown_worker, extra_workers
        Continuity: first visits by workers not known; workers beyond the team size.
    preferred_start, lateness, largest_lateness
        Starts away from the preferred one; starts after the window; the worst of them.
    other_patch, other_language, not_preferred, provider_tier
        By attendance.
    home_legs
        The worker's own time from and to home.
    change
        Attendances by a worker who did not make that visit in the previous roster.
    unassigned
        Visits that nobody makes.
    """

    policy: str = ""
    contact: int = 0
    travel: int = 0
    waiting: int = 0
    parking: int = 0
    paid_blocks: int = 0
    travel_price: int = 0
    mileage: int = 0
    fares: int = 0
    ltn: int = 0
    cell_changes: int = 0
    co2e: int = 0
    guaranteed_hours: int = 0
    overtime: int = 0
    unknown_worker: int = 0
    extra_workers: int = 0
    preferred_start: int = 0
    lateness: int = 0
    largest_lateness: int = 0
    other_patch: int = 0
    other_language: int = 0
    not_preferred: int = 0
    provider_tier: int = 0
    home_legs: int = 0
    change: int = 0
    unassigned: int = 0

    @property
    def amounts(self) -> dict[str, int]:
        """The amount of each term, in the order of docs/model.md."""
        return {name: getattr(self, name) for name in TERMS}

    @property
    def total(self) -> int:
        """The objective: the sum of all terms, as an amount."""
        return sum(self.amounts.values())

    @property
    def total_p(self) -> int:
        """The total in pence, rounded once, halves up."""
        return to_pence(self.total)

    def pence(self) -> dict[str, int]:
        """Return the terms in whole pence that add up to ``total_p``.

        Rounded by largest remainder: each term is rounded down, and the pennies that
        are missing from the total go to the largest remainders, earlier terms first.
        """
        amounts = self.amounts
        pence = {name: amount // AMOUNT_PER_PENNY for name, amount in amounts.items()}
        missing = self.total_p - sum(pence.values())
        by_remainder = sorted(
            TERMS, key=lambda name: -(amounts[name] % AMOUNT_PER_PENNY)
        )
        for name in by_remainder[:missing]:
            pence[name] += 1
        return pence

    def to_dict(self) -> dict[str, Any]:
        """Return what ``cost.json`` holds: amounts and pence of terms and total."""
        pence = self.pence()
        return {
            "policy": self.policy,
            "currency": "GBP",
            "unit": "amount: 1/3600 penny; pence: whole pence, rounded once",
            "total": {"amount": self.total, "pence": self.total_p},
            "terms": {
                name: {"amount": amount, "pence": pence[name]}
                for name, amount in self.amounts.items()
            },
        }


TERMS = tuple(f.name for f in fields(CostBreakdown) if f.name != "policy")
"""Names of the terms, in the order of docs/model.md."""
