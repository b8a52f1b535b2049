"""Southwark 2014 as a worked case: paid travel and guaranteed hours beside GBP 1.67m.

The cabinet report of 22 July 2014 (paragraphs 38 and 46) puts the cost of paying home
care workers for travel, and of offering them guaranteed hours, at 1.67 million pounds a
year for two providers, and does not say how. Here the same activity is priced from
assumptions that are all named, with what another value of each would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction

from roundplan.charter.build_up import DatedRates
from roundplan.cost import RateTable
from roundplan.domain import LlwFrom
from roundplan.units import PENCE_PER_POUND

PUBLISHED_P = 1_670_000 * PENCE_PER_POUND
"""Additional cost of travel time and guaranteed hours (para 46)."""

PROVISION_P = 5_200_000 * PENCE_PER_POUND
"""Provision for the charter and more care, and wider services (para 4, 43): no price of
these hours, though it is easily divided by them."""

ESTIMATE_P = 4_100_000 * PENCE_PER_POUND
"""The estimate of November 2013 (para 43)."""

VISITS = 540_000
CONTACT_HOURS = 502_000
PEOPLE = 1_100
"""A year's visits and hours of care, and the people in it (para 38)."""

PRICED_ON = date(2014, 3, 31)
"""The last day of 2013-14, the year of the activity base."""

MINUTES_PER_HOUR = 60
WEEKS = Fraction(365, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The assumptions, each with its reason in `REASONS`."""

    travel_min: Fraction = Fraction(12)
    paid_before_percent: Fraction = Fraction(0)
    pay_p_hour: Fraction = Fraction(880)
    holiday_percent: Fraction = Fraction("12.07")
    nic_percent: Fraction = Fraction("13.8")
    pension_percent: Fraction = Fraction(1)
    worker_hours_week: Fraction = Fraction(30)
    accepted_percent: Fraction = Fraction(50)
    guaranteed_percent: Fraction = Fraction(80)
    unused_percent: Fraction = Fraction(10)


@dataclass(frozen=True, slots=True)
class Reason:
    """What an assumption is, in which unit, and why it has its value."""

    label: str
    unit: str
    why: str


REASONS = {
    "travel_min": Reason(
        "paid travel a visit",
        "min",
        "the minimum price of February 2014 has 11.4 an hour of contact; visits are "
        "56 minutes in the mean",
    ),
    "paid_before_percent": Reason(
        "travel paid already", "%", "not published; the measure is new for both"
    ),
    "pay_p_hour": Reason(
        "pay an hour",
        "p",
        "the London Living Wage announced in November 2013, the charter's; before it "
        "855, the minimum wage 631",
    ),
    "holiday_percent": Reason("holiday", "% of pay", "5.6 weeks of 46.4"),
    "nic_percent": Reason(
        "National Insurance",
        "% of pay",
        "the employer's, on what is paid on top; 0 for workers below 148 pounds a week",
    ),
    "pension_percent": Reason("pension", "% of pay", "the employer's minimum"),
    "worker_hours_week": Reason(
        "paid hours a worker", "a week", "only for the number of workers"
    ),
    "accepted_percent": Reason(
        "workers who accept guaranteed hours",
        "%",
        "half of those offered accepted in Islington, 2024",
    ),
    "guaranteed_percent": Reason(
        "guaranteed", "% of hours", "of the mean hours of those who accept"
    ),
    "unused_percent": Reason(
        "guaranteed and not worked",
        "%",
        "how much depends on demand: docs/build-up.md, guaranteed hours",
    ),
}
"""Every assumption of `Case`: the report gives none."""

ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "travel_min": ("8", "16", "20"),
    "paid_before_percent": ("50",),
    "pay_p_hour": ("631", "855"),
    "holiday_percent": ("0",),
    "nic_percent": ("0",),
    "pension_percent": ("0",),
    "accepted_percent": ("25", "100"),
    "guaranteed_percent": ("50", "100"),
    "unused_percent": ("2", "20"),
}
"""Other values that somebody could defend. The hours of a worker change nothing but
the number of workers: what is guaranteed is a share of all hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCost:
    """What the two measures cost in a year, exact, in pence."""

    travel_hours: Fraction
    workers: Fraction
    travel_p: Fraction
    guaranteed_p: Fraction

    @property
    def total_p(self) -> Fraction:
        """Both measures."""
        return self.travel_p + self.guaranteed_p


def case_cost(case: Case | None = None) -> CaseCost:
    """Return the cost of a year's travel pay and guaranteed hours.

    An hour costs pay with holiday, and National Insurance and pension on both.
    Travel: visits times minutes, less what was paid already. Guaranteed hours: of all
    paid hours, the share of workers who accept, of that what is guaranteed, of that
    what is not worked.
    """
    case = case or Case()
    hour_p = case.pay_p_hour * (1 + case.holiday_percent / 100)
    hour_p *= 1 + (case.nic_percent + case.pension_percent) / 100
    travel_hours = VISITS * case.travel_min / MINUTES_PER_HOUR
    paid_hours = CONTACT_HOURS + travel_hours
    newly_paid = travel_hours * (1 - case.paid_before_percent / 100)
    unused = paid_hours * case.accepted_percent / 100
    unused *= case.guaranteed_percent / 100 * case.unused_percent / 100
    return CaseCost(
        travel_hours=travel_hours,
        workers=paid_hours / (WEEKS * case.worker_hours_week),
        travel_p=newly_paid * hour_p,
        guaranteed_p=unused * hour_p,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """What another value of one assumption gives."""

    name: str
    value: Fraction
    total_p: Fraction


def alternatives(case: Case | None = None) -> Sequence[Alternative]:
    """Return the total for every other value of `ALTERNATIVES`, one at a time."""
    case = case or Case()
    return [
        Alternative(
            name=name,
            value=Fraction(text),
            total_p=case_cost(replace(case, **{name: Fraction(text)})).total_p,
        )
        for name, texts in ALTERNATIVES.items()
        for text in texts
    ]


def travel_min_for(total_p: int, case: Case | None = None) -> Fraction:
    """Return the minutes of travel a visit at which the cost is a given total.

    The cost is linear in the minutes, so two points give the line.
    """
    case = case or Case()
    at_0 = case_cost(replace(case, travel_min=Fraction(0))).total_p
    at_1 = case_cost(replace(case, travel_min=Fraction(1))).total_p
    return (total_p - at_0) / (at_1 - at_0)


def case_at_rates(rates: RateTable | None = None) -> Case:
    """Return the case with pay, National Insurance and pension of the tables.

    Raises
    ------
    RateError
        E1201. A user's own table has no such rate in 2013-14.
    """
    dated = DatedRates(PRICED_ON, rates or RateTable(), LlwFrom.ANNOUNCED)
    return Case(
        pay_p_hour=dated.pence("london_living_wage"),
        nic_percent=dated.value("employer_nic_rate"),
        pension_percent=dated.value("employer_pension_minimum"),
    )


def assumptions(case: Case) -> list[tuple[Reason, Fraction]]:
    """Return every assumption with its value."""
    return [(REASONS[f.name], getattr(case, f.name)) for f in fields(case)]
