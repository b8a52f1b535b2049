"""What a contact hour costs a provider, component by component, by length of visit.

Councils pay for contact hours; travel, waiting, training and everything else is spread
over them, so an hour in short visits costs more than an hour in long ones (DOMAIN R12,
4.5). The components are those of the published minimum price for homecare. Money is
exact (fractions of a penny) until `PriceBuildUp.pence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from roundplan.cost import RateTable
from roundplan.domain import LlwFrom
from roundplan.errors import RateError, UsageError
from roundplan.units import PENCE_PER_POUND

MINUTES_PER_HOUR = 60
WEEKS_PER_YEAR = Fraction(365, 7)
PERCENT = Fraction(1, 100)

NIC_RATE = "employer_nic_rate"
NIC_THRESHOLD = "employer_nic_secondary_threshold"
PENSION = "employer_pension_minimum"
PENSION_LOWER = "pension_qualifying_earnings_lower"
SICK_PAY = "statutory_sick_pay"

SICK_REFORM = date(2026, 4, 6)
"""From this day sick pay is due from the first day, at most 80% of earnings (R9)."""
WAITING_DAYS = 3
"""Days of a spell without statutory sick pay before `SICK_REFORM`."""
SICK_SHARE = Fraction(80, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildUpInputs:
    """What a provider's costs rest on; money in pence, shares in percent.

    Parameters
    ----------
    on
        The day whose pay, tax and pension rates hold.
    pay_p_hour
        Basic pay of contact, travel, waiting and training.
    visit_min
        Lengths of visit to price, in minutes.
    contact_hours_week
        Contact hours a week of one worker. Several stand for groups of as many
        workers each: National Insurance and pension have thresholds by worker, so
        twenty hours by one and by two workers do not cost the same.
    travel_min, waiting_min
        Paid minutes for each visit, beside its length.
    miles, mileage_p_mile, fares_p
        For each visit.
    training_percent
        Paid training and meetings, of the paid time of visits.
    holiday_percent
        Of paid time, training included: 12.07 is 5.6 weeks of 46.4.
    sick_percent
        Sick pay as a share of pay, instead of the days below.
    sick_days_year, sick_spells_year, work_days_week
        Working days lost to sickness by a worker in a year, in how many spells, and
        working days in a week: statutory sick pay at the rate in force.
    occupational_percent
        Share of sick days on which the provider makes pay up to the normal.
    other_percent
        Other pay on-costs, of the pay of visits.
    pension_percent, pension_share_percent
        The employer's contribution to earnings above the lower limit, and the share of
        workers who are enrolled.
    pension_lower_p_week
        That limit.
    nic_percent, nic_threshold_p_week
        The employer's National Insurance. The Employment Allowance is not counted.
    running_p_hour
        Running the business, for each contact hour.
    surplus_percent
        Profit or surplus, of all costs.
    """

    on: date
    pay_p_hour: Fraction
    visit_min: tuple[Fraction, ...]
    contact_hours_week: tuple[Fraction, ...]
    nic_percent: Fraction
    nic_threshold_p_week: Fraction
    pension_percent: Fraction
    pension_lower_p_week: Fraction
    sick_pay_p_week: Fraction
    travel_min: Fraction = Fraction(0)
    waiting_min: Fraction = Fraction(0)
    miles: Fraction = Fraction(0)
    mileage_p_mile: Fraction = Fraction(0)
    fares_p: Fraction = Fraction(0)
    training_percent: Fraction = Fraction(0)
    holiday_percent: Fraction = Fraction("12.07")
    sick_percent: Fraction | None = None
    sick_days_year: Fraction = Fraction(0)
    sick_spells_year: Fraction = Fraction(0)
    work_days_week: Fraction = Fraction(5)
    occupational_percent: Fraction = Fraction(0)
    other_percent: Fraction = Fraction(0)
    pension_share_percent: Fraction = Fraction(100)
    running_p_hour: Fraction = Fraction(0)
    surplus_percent: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Refuse lengths and hours that are nothing, and anything below nothing."""
        for name in ("visit_min", "contact_hours_week"):
            values = getattr(self, name)
            if not values or min(values) <= 0:
                msg = f"{name} must list numbers above 0"
                raise UsageError(msg)
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, Fraction) and value < 0:
                msg = f"{name} must not be below 0"
                raise UsageError(msg)
        if not self.pay_p_hour or not self.work_days_week:
            msg = "pay and work_days_week must be above 0"
            raise UsageError(msg)
        for name in ("occupational_percent", "pension_share_percent"):
            if getattr(self, name) > 100:
                msg = f"{name} is a share: at most 100"
                raise UsageError(msg)


@dataclass(frozen=True, slots=True)
class DatedRates:
    """Rates of one day as exact numbers, refused past their ``verified_to``."""

    on: date
    table: RateTable = field(default_factory=RateTable)
    llw_from: LlwFrom = LlwFrom.DEADLINE

    def value(self, rate: str) -> Fraction:
        """Return a rate in the unit of its row.

        Raises
        ------
        RateError
            E1201. The tables have no such rate for the day, or none that is vouched
            for: a cost of compliance on a guessed rate helps nobody.
        """
        value = self.table.value(rate, self.on, llw_from=self.llw_from)
        period = self.table.period(rate, self.on, llw_from=self.llw_from)
        if self.on > period.verified_to:
            msg = (
                f"{rate} of {period.rate.value} {period.rate.unit} is verified to "
                f"{period.verified_to} only, and {self.on} is asked for. Supply the "
                "rate in force: in a file of rates, or among the inputs"
            )
            raise RateError(msg)
        return Fraction(value)

    def pence(self, rate: str) -> Fraction:
        """Return a rate in pounds as pence; `value` says what it raises."""
        return self.value(rate) * PENCE_PER_POUND


COMPONENTS = (
    "contact",
    "travel",
    "waiting",
    "training",
    "holiday",
    "statutory_sick_pay",
    "occupational_sick_pay",
    "other_oncosts",
    "national_insurance",
    "pension",
    "mileage_and_fares",
    "running",
    "surplus",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBuildUp:
    """The price of a contact hour in visits of one length, exact, in pence."""

    visit_min: Fraction
    parts: Mapping[str, Fraction]

    @property
    def price(self) -> Fraction:
        """The price of a contact hour: the sum of all parts."""
        return sum(self.parts.values(), Fraction(0))

    @property
    def price_p(self) -> int:
        """The price in whole pence, halves up."""
        return int(self.price + Fraction(1, 2))

    def pence(self) -> dict[str, int]:
        """Return the parts in whole pence, which add up to ``price_p``."""
        return rounded_to(self.parts, self.price_p)


def rounded_to(parts: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Round parts down, and give what is missing of a total to the largest remainders.

    Of equal remainders the earlier part is served first.
    """
    whole = {name: int(part) for name, part in parts.items()}
    missing = total - sum(whole.values())
    by_remainder = sorted(parts, key=lambda name: whole[name] - parts[name])
    for name in by_remainder[:missing]:
        whole[name] += 1
    return whole


def build_up(inputs: BuildUpInputs) -> tuple[PriceBuildUp, ...]:
    """Return the price of a contact hour for each length of visit."""
    return tuple(
        PriceBuildUp(visit_min=length, parts=_parts(inputs, length))
        for length in inputs.visit_min
    )


def _parts(inputs: BuildUpInputs, length: Fraction) -> dict[str, Fraction]:
    """Return all parts of a contact hour in visits of ``length`` minutes, in pence."""
    pay = inputs.pay_p_hour
    visits = MINUTES_PER_HOUR / length
    travel = pay * inputs.travel_min * visits / MINUTES_PER_HOUR
    waiting = pay * inputs.waiting_min * visits / MINUTES_PER_HOUR
    visit_pay = pay + travel + waiting
    training = visit_pay * inputs.training_percent * PERCENT
    worked = visit_pay + training
    holiday = worked * inputs.holiday_percent * PERCENT
    other = visit_pay * inputs.other_percent * PERCENT
    statutory, occupational = _sick_pay(inputs, visit_pay, worked)
    gross = worked + holiday + statutory + occupational + other
    parts = {
        "contact": pay,
        "travel": travel,
        "waiting": waiting,
        "training": training,
        "holiday": holiday,
        "statutory_sick_pay": statutory,
        "occupational_sick_pay": occupational,
        "other_oncosts": other,
        "national_insurance": _national_insurance(inputs, gross),
        "pension": _pension(inputs, gross),
        "mileage_and_fares": visits
        * (inputs.miles * inputs.mileage_p_mile + inputs.fares_p),
        "running": inputs.running_p_hour,
    }
    cost = sum(parts.values(), Fraction(0))
    return {**parts, "surplus": cost * inputs.surplus_percent * PERCENT}


def _above(inputs: BuildUpInputs, gross: Fraction, threshold: Fraction) -> Fraction:
    """Return pay above a weekly threshold of each worker, per contact hour."""
    hours = inputs.contact_hours_week
    above = (max(Fraction(0), gross * h - threshold) for h in hours)
    return sum(above, Fraction(0)) / sum(hours)


def _national_insurance(inputs: BuildUpInputs, gross: Fraction) -> Fraction:
    return (
        _above(inputs, gross, inputs.nic_threshold_p_week)
        * inputs.nic_percent
        * PERCENT
    )


def _pension(inputs: BuildUpInputs, gross: Fraction) -> Fraction:
    """Return pension contributions; the upper earnings limit is far above care pay."""
    share = inputs.pension_percent * inputs.pension_share_percent * PERCENT**2
    return _above(inputs, gross, inputs.pension_lower_p_week) * share


def _sick_pay(
    inputs: BuildUpInputs, visit_pay: Fraction, worked: Fraction
) -> tuple[Fraction, Fraction]:
    """Return statutory sick pay, and what makes it up to normal pay, per contact hour.

    The earnings below which nothing was due before April 2026 are not looked at.
    """
    if inputs.sick_percent is not None:
        return visit_pay * inputs.sick_percent * PERCENT, Fraction(0)
    reformed = inputs.on >= SICK_REFORM
    days = inputs.sick_days_year
    if not reformed:
        days = max(Fraction(0), days - WAITING_DAYS * inputs.sick_spells_year)
    statutory_year = occupational_year = Fraction(0)
    for hours in inputs.contact_hours_week:
        normal_week = worked * hours
        paid_week = inputs.sick_pay_p_week
        if reformed:
            paid_week = min(paid_week, SICK_SHARE * normal_week)
        statutory = days * paid_week / inputs.work_days_week
        normal = inputs.sick_days_year * normal_week / inputs.work_days_week
        made_up = max(Fraction(0), normal - statutory)
        statutory_year += statutory
        occupational_year += made_up * inputs.occupational_percent * PERCENT
    hours_year = sum(inputs.contact_hours_week) * WEEKS_PER_YEAR
    return statutory_year / hours_year, occupational_year / hours_year


PUBLISHED = "homecare_minimum_price_2020_21_component_"
"""The rows of rates.csv with the seven components of the published price."""

PUBLISHED_PARTS: Mapping[str, Sequence[str]] = {
    "contact_time": ("contact",),
    "travel_time": ("travel", "waiting"),
    "ni_and_pension": ("national_insurance", "pension"),
    "other_wage_oncosts": (
        "training",
        "holiday",
        "statutory_sick_pay",
        "occupational_sick_pay",
        "other_oncosts",
    ),
    "mileage": ("mileage_and_fares",),
    "running_the_business": ("running",),
    "profit_or_surplus": ("surplus",),
}
"""Which of our parts each published component holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """One published component beside ours, in pence of a contact hour."""

    component: str
    published_p: int
    ours_p: int


def reconcile(built: PriceBuildUp, rates: RateTable | None = None) -> list[Reconciled]:
    """Return each component of the published price of 2020-21 beside ours.

    Raises
    ------
    RateError
        E1201. The tables do not hold the published components.
    """
    table, day = rates or RateTable(), date(2020, 4, 1)
    grouped = {
        name: sum((built.parts[part] for part in parts), Fraction(0))
        for name, parts in PUBLISHED_PARTS.items()
    }
    ours = rounded_to(grouped, built.price_p)
    return [
        Reconciled(
            component=name,
            published_p=table.pence(PUBLISHED + name, day),
            ours_p=ours[name],
        )
        for name in PUBLISHED_PARTS
    ]
