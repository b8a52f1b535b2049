"""Dated rates: the shipped table, the user's rows before it, and what they vouch for.

The shipped tables are ``rates.csv`` beside this module, and ``travel_rates.csv`` for
fares and greenhouse gases; docs/rates.md and docs/travel-costs.md say where their
figures come from and how ``verified_to`` was set. Values are exact decimals in the unit
of their row; `RateTable.pence` turns pounds into whole pence.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources

from roundplan.domain import LlwFrom, Rate
from roundplan.errors import RateError

LIVING_WAGES = frozenset({"london_living_wage", "uk_living_wage"})
"""The rates that are announced in autumn and become mandatory in spring."""

SERIES = {
    "national_minimum_wage": (
        "national_minimum_wage",
        "nlw_21plus",
        "nlw_23plus",
        "nlw_25plus",
        "nmw_adult_21plus",
    )
}
"""Names that stand for several rates of which one is in force at any time.

The adult minimum wage: from age 21 to March 2016, the National Living Wage from 25
since then, from 23 since April 2021 and from 21 since April 2024.
"""

HOW_TO_SUPPLY = (
    "Put the rate in force, with its dates, in the file that `[rates] file` "
    "in problem.toml names"
)
"""The action of every message about a rate."""

_DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def shipped_rates() -> tuple[Rate, ...]:
    """Return the rows of ``rates.csv`` and ``travel_rates.csv``, in their order."""
    return (*_rows("rates.csv"), *_rows("travel_rates.csv"))


def shipped_text(name: str) -> str:
    """Return a shipped table as its file has it."""
    file = resources.files("roundplan.cost") / name
    return file.read_text(encoding="utf-8")


def _rows(name: str) -> tuple[Rate, ...]:
    rows = csv.DictReader(shipped_text(name).splitlines())
    return tuple(
        Rate(
            rate=row["rate"],
            region=row["region"],
            value=row["value"],
            unit=row["unit"],
            announced=_date(row["announced"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_date(row["effective_to"]),
            verified_to=date.fromisoformat(row["verified_to"]),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in rows
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """The days on which a row of the table holds, both ends included.

    ``last`` None is an open end. ``verified_to`` may lie before ``first``: a value
    that is only assumed.
    """

    rate: Rate
    first: date
    last: date | None
    verified_to: date

    def holds(self, on: date) -> bool:
        """Return whether the row holds on a day."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateTable:
    """The user's rates, and the shipped ones where the user has none for a day.

    Parameters
    ----------
    user
        Rows of the user's own file. Where one of them holds on a day, the shipped
        rows of that rate are not looked at.
    shipped
        Rows of the package.

    Raises
    ------
    RateError
        E1201. Two rows of one rate and region hold on the same day.
    """

    user: tuple[Rate, ...] = ()
    shipped: tuple[Rate, ...] = field(default_factory=shipped_rates)
    _found: dict[tuple[str, date, str | None, LlwFrom], RatePeriod] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Refuse rows that contradict each other, or hold no number."""
        for rows in (self.user, self.shipped):
            for first, second in overlapping(rows):
                msg = (
                    f"two rows of {first.rate} hold on {second.effective_from}, those "
                    f"from {first.effective_from} and from {second.effective_from}. "
                    "Give the earlier one an effective_to (`[rates] file` in "
                    "problem.toml names the file)"
                )
                raise RateError(msg)

    def value(
        self,
        rate: str,
        on: date,
        region: str | None = None,
        llw_from: LlwFrom = LlwFrom.DEADLINE,
    ) -> Decimal:
        """Return the value in force on a day, in the unit of its row.

        Parameters
        ----------
        rate
            A name of the table, or ``national_minimum_wage`` for the adult minimum
            of the day.
        region
            Only rows of this region, or of none; None for whatever region there is.
        llw_from
            From when a living wage counts: ``announced`` from the announcement,
            ``deadline`` from the last day by which accredited employers must pay,
            ``april`` from the 1 April after the announcement. Other rates have no
            such choice.

        Raises
        ------
        RateError
            E1201. No row holds on that day, or more than one.
        """
        row = self.period(rate, on, region, llw_from).rate
        try:
            value = Decimal(row.value)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            msg = f"{rate} from {row.effective_from} is not a number. {HOW_TO_SUPPLY}"
            raise RateError(msg)
        return value

    def pence(
        self,
        rate: str,
        on: date,
        region: str | None = None,
        llw_from: LlwFrom = LlwFrom.DEADLINE,
    ) -> int:
        """Return a rate in whole pence, per whatever its unit says after GBP.

        Raises
        ------
        RateError
            E1201. As for `value`; or the rate is not money, or not whole pence.
        """
        unit = self.period(rate, on, region, llw_from).rate.unit
        pence = self.value(rate, on, region, llw_from) * 100
        if not unit.startswith("GBP") or pence != int(pence):
            msg = f"{rate} on {on} is not in pounds and whole pence. {HOW_TO_SUPPLY}"
            raise RateError(msg)
        return int(pence)

    def verified(
        self,
        rate: str,
        on: date,
        region: str | None = None,
        llw_from: LlwFrom = LlwFrom.DEADLINE,
    ) -> bool:
        """Return whether the row in force on a day is vouched for on that day."""
        return on <= self.period(rate, on, region, llw_from).verified_to

    def period(
        self,
        rate: str,
        on: date,
        region: str | None = None,
        llw_from: LlwFrom = LlwFrom.DEADLINE,
    ) -> RatePeriod:
        """Return the row in force on a day, with the days on which it holds.

        Raises
        ------
        RateError
            E1201. No row holds on that day, or more than one.
        """
        key = (rate, on, region, llw_from)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(*key)
        return found

    def in_force(
        self, on: date, llw_from: LlwFrom = LlwFrom.DEADLINE
    ) -> tuple[list[RatePeriod], list[str]]:
        """Return all rows in force on a day, and the names of rates without any.

        The user's rows go before the shipped ones, as in `period`. Of a series that
        has one, the others are not missing.
        """
        known = dict.fromkeys((r.rate, r.region) for r in (*self.shipped, *self.user))
        held, missing = [], []
        for rate, region in known:
            try:
                held.append(self.period(rate, on, region, llw_from))
            except RateError:
                missing.append(rate)
        names = {p.rate.rate for p in held}
        followed = {
            old for series in SERIES.values() if names & {*series} for old in series
        }
        return held, [name for name in missing if name not in followed]

    def _look_up(
        self, rate: str, on: date, region: str | None, llw_from: LlwFrom
    ) -> RatePeriod:
        names = SERIES.get(rate, (rate,))
        for rows in (self.user, self.shipped):
            mine = [
                r
                for r in rows
                if r.rate in names and (region is None or r.region in (region, ""))
            ]
            periods = [
                p
                for p in periods_of(mine, llw_from, annual=rows is self.shipped)
                if p.holds(on)
            ]
            if len(periods) > 1:
                msg = (
                    f"{len(periods)} rows of {rate} hold on {on}: give them effective "
                    "dates that do not overlap, or ask for one region. The file is "
                    "named by `[rates] file` in problem.toml"
                )
                raise RateError(msg)
            if periods:
                return periods[0]
        msg = f"there is no {rate} for {on}. {HOW_TO_SUPPLY}"
        raise RateError(msg)


def periods_of(
    rows: list[Rate], llw_from: LlwFrom = LlwFrom.DEADLINE, *, annual: bool = True
) -> list[RatePeriod]:
    """Return the days on which each row of one rate holds.

    By the deadline, and for every rate that is not a living wage, the row's own
    effective dates count. From the announcement or from April, a row holds until the
    day before the next one of its region starts, whatever its effective dates say, so
    the latest announcement wins; two that start on the same day both hold.

    Parameters
    ----------
    annual
        Whether the last living wage is vouched for only until the next one may
        start, a year later, under ``announced`` and ``april``: ``verified_to`` of
        the shipped table speaks of the deadline. A user's own word stands.
    """
    if llw_from is LlwFrom.DEADLINE or not any(r.rate in LIVING_WAGES for r in rows):
        return [
            RatePeriod(r, r.effective_from, r.effective_to, r.verified_to) for r in rows
        ]
    starts = {row: _start(row, llw_from) for row in rows}
    periods = []
    for row, first in starts.items():
        later = [
            start
            for other, start in starts.items()
            if start > first and other.region == row.region
        ]
        if later:
            last = min(later) - _DAY
            periods.append(RatePeriod(row, first, last, last))
            continue
        verified_to = row.verified_to
        if annual:
            verified_to = min(verified_to, _year_later(first) - _DAY)
        periods.append(RatePeriod(row, first, row.effective_to, verified_to))
    return periods


def _start(row: Rate, llw_from: LlwFrom) -> date:
    """Return the first day of a living wage; rows never announced start as dated."""
    if row.announced is None:
        return row.effective_from
    if llw_from is LlwFrom.ANNOUNCED:
        return row.announced
    same_year = date(row.announced.year, 4, 1)
    return same_year if row.announced < same_year else _year_later(same_year)


def _year_later(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def overlapping(rows: tuple[Rate, ...]) -> list[tuple[Rate, Rate]]:
    """Return pairs of rows of one rate and region with days in common.

    Each pair is in order of ``effective_from``; the second starts inside the first.
    """
    found: list[tuple[Rate, Rate]] = []
    longest: dict[tuple[str, str], Rate] = {}
    for row in sorted(rows, key=lambda r: (r.effective_from, r.rate, r.region)):
        key = (row.rate, row.region)
        before = longest.get(key)
        if before is not None and row.effective_from <= _end(before):
            found.append((before, row))
        if before is None or _end(row) > _end(before):
            longest[key] = row
    return found


def _end(row: Rate) -> date:
    return date.max if row.effective_to is None else row.effective_to
