"""Restrictions by opening hours: who may pass a way on a date, and when.

A ``*:conditional`` tag is a list of clauses ``value @ condition``, of which the last
whose condition holds decides [1]_. The hours in a condition are OpenStreetMap's opening
hours, read by a library; what is ours is which clauses speak of a care worker, and what
school holidays (``SH``) do. Public holidays (``PH``) are those of Great Britain.

References
----------
.. [1] OpenStreetMap Wiki, *Conditional restrictions*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from roundplan.domain import WEEKDAYS, Period
from roundplan.network.rules import PERMISSIONS, Access
from roundplan.network.school_holidays import SchoolHolidays
from roundplan.units import DAY_S, MINUTE_S

COUNTRY = "GB"
"""Whose public holidays ``PH`` means."""

_CLAUSE = re.compile(
    r"([^@;()]+)@\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\)|([^;()\s][^;()]*))"
)
_OTHERS = re.compile(
    r"weight|height|width|length|axle|wheels|load|stay|hgv|bus|coach|trailer|disabled"
    r"|speed|fuel|occupants|emission",
    re.IGNORECASE,
)
"""Conditions of vehicles and people that a care worker's is not."""

_COMMENT = re.compile(r'"[^"]*"')
"""Words for people in opening hours: ``"except buses"`` is no condition."""

_SH_RULE = re.compile(r"(?<=\d)\s*,\s*SH\b(?!\s*,).*?(?=,\s*PH\b|$)")
"""A rule for school holidays that a comma, not a semicolon, adds to hours."""


class Spell(NamedTuple):
    """A part of a day, in seconds after midnight, and who may pass in it."""

    start_s: int
    end_s: int
    access: Access


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: who may pass while its hours last.

    ``hours`` is None where they cannot be read: then it always holds, unless it opens.
    """

    access: Access
    hours: str | None


def clauses(text: str) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Return the clauses of a value that concern a care worker, and notes.

    Left out: clauses of other vehicles (``no @ (weight>7.5)``), and those whose value
    is no permission, with a note.
    """
    found: list[Clause] = []
    notes: list[str] = []
    rest = _CLAUSE.sub("", text).strip(" ;")
    if rest:
        notes.append(f"part of its hours cannot be read ({rest}): {text}")
    for value, inside, bare in _CLAUSE.findall(text):
        access = PERMISSIONS.get(value.strip())
        condition = (inside or bare).strip()
        if access is None:
            notes.append(
                f"{value.strip()!r} is no permission, so it is left out: {text}"
            )
        elif not _OTHERS.search(_COMMENT.sub("", condition)):
            found.append(Clause(access, _readable(condition)))
            if found[-1].hours is None:
                held = "left out" if access is Access.OPEN else "kept at all hours"
                notes.append(f"its hours cannot be read, so it is {held}: {text}")
    if rest and not found:
        found.append(Clause(Access.ENDS, None))
    return tuple(c for c in found if c != Clause(Access.OPEN, None)), tuple(notes)


class Hours:
    """What opening hours mean on the dates of a plan.

    Parameters
    ----------
    dates
        Days on which somebody travels.
    holidays
        The school holidays of the area.
    """

    def __init__(
        self, dates: Iterable[date], holidays: SchoolHolidays | None = None
    ) -> None:
        self.dates = tuple(sorted(set(dates)))
        self.holidays = holidays or SchoolHolidays.standard()
        self._spells: dict[tuple[str, date], tuple[Spell, ...]] = {}

    def spells(self, text: str, day: date) -> tuple[Spell, ...]:
        """Return when on a date a ``*:conditional`` value changes who may pass."""
        key = text, day
        if key not in self._spells:
            school = self.holidays.holds(day)
            self._spells[key] = tuple(_spells(clauses(text)[0], day, school))
        return self._spells[key]

    def of_weekday(self, text: str, weekday: int) -> tuple[Spell, ...]:
        """Return the spells of all dates on a day of the week, closed before open."""
        days = [d for d in self.dates if d.weekday() == weekday]
        whole = [self.spells(text, d) for d in days]
        cuts = sorted({0, DAY_S, *(s for w in whole for t in w for s in t[:2])})
        found: list[Spell] = []
        for low, high in pairwise(cuts):
            access = _strictest([access_at(spells, low) for spells in whole])
            if access is not None:
                found.append(Spell(low, high, access))
        return tuple(found)

    def closure(
        self, text: str, period: Period
    ) -> tuple[Access | None, tuple[str, ...]]:
        """Return who may pass in all of a period, None for no change, and notes.

        What is closed at any of its hours on any of the dates is closed in all of it.
        """
        during: list[Access | None] = []
        for weekday in sorted(period.days):
            spells = self.of_weekday(text, weekday)
            cuts = {period.start_s, *(s for t in spells for s in t[:2])}
            inside = [c for c in cuts if period.start_s <= c < period.end_s]
            during += [access_at(spells, c) for c in inside]
        return _strictest(during), clauses(text)[1] + self._on_some_dates(text, period)

    def _on_some_dates(self, text: str, period: Period) -> tuple[str, ...]:
        """Return a note where the dates on one day of the week differ."""
        for weekday in period.days:
            days = [d for d in self.dates if d.weekday() == weekday]
            if len({self._within(text, d, period) for d in days}) > 1:
                return (
                    "on some dates only, such as outside of school holidays, and so "
                    f"taken to hold on all: {text}",
                )
        if re.search(r"\bSH\b", text) and not all(
            map(self.holidays.covers, self.dates)
        ):
            return (f"no school holidays are known for some of the dates: {text}",)
        return ()

    def _within(self, text: str, day: date, period: Period) -> tuple[Spell, ...]:
        return tuple(
            s
            for s in self.spells(text, day)
            if s.start_s < period.end_s and period.start_s < s.end_s
        )


def access_at(spells: Sequence[Spell], second: int) -> Access | None:
    """Return who may pass at a second of the day, None where nothing changes."""
    return next((s.access for s in spells if s.start_s <= second < s.end_s), None)


def _strictest(during: Sequence[Access | None]) -> Access | None:
    """Return what holds where several do: the most closed; open only if all are."""
    closing = [a for a in during if a is not None and a is not Access.OPEN]
    if closing:
        return min(closing)
    return Access.OPEN if during and None not in during else None


def _spells(of: Sequence[Clause], day: date, school_holiday: bool) -> list[Spell]:
    """Return the spells of a date; the last clause that holds decides."""
    whole = [(c.access, _open_seconds(c.hours, day, school_holiday)) for c in of]
    cuts = sorted(
        {0, DAY_S, *(s for _, spans in whole for span in spans for s in span)}
    )
    found: list[Spell] = []
    for low, high in pairwise(cuts):
        access = next(
            (a for a, spans in reversed(whole) if any(s <= low < e for s, e in spans)),
            None,
        )
        if access is None:
            continue
        if found and found[-1].end_s == low and found[-1].access is access:
            found[-1] = Spell(found[-1].start_s, high, access)
        else:
            found.append(Spell(low, high, access))
    return found


def _open_seconds(
    hours: str | None, day: date, school_holiday: bool
) -> list[tuple[int, int]]:
    """Return the parts of a date in which hours hold; all of it where unreadable."""
    if hours is None:
        return [(0, DAY_S)]
    text = _on_date(hours, day, school_holiday)
    if not text:
        return []
    midnight = datetime.combine(day, time())
    after = midnight + timedelta(days=1)
    spans = []
    read = _parsed(text)
    for start, end, state, _ in read.intervals(midnight, after) if read else ():
        if str(state).upper().endswith("CLOSED"):
            continue
        low = max(0, round((start - midnight).total_seconds()))
        high = DAY_S if end is None else round((end - midnight).total_seconds())
        # a plan's periods begin and end on the minute
        low, high = low // MINUTE_S * MINUTE_S, -(-high // MINUTE_S) * MINUTE_S
        if low < min(high, DAY_S):
            spans.append((low, min(high, DAY_S)))
    return spans


def _on_date(hours: str, day: date, school_holiday: bool) -> str:
    """Return hours for one date, in which ``SH`` is a day of the week or nothing.

    The library has no calendar of school holidays. On one of them a rule for ``SH`` is
    one for that day of the week; on other days it does not exist.
    """
    rules = []
    for rule in hours.split(";"):
        if not re.search(r"\bSH\b", rule):
            rules.append(rule)
        elif school_holiday:
            today = WEEKDAYS[day.weekday()]
            only = re.sub(r"\bSH\s+(?=(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\b)", "", rule)
            rules.append(re.sub(r"\bSH\b", today, only))
        else:
            without = _SH_RULE.sub("", rule)
            without = re.sub(r"\bSH\s*,\s*|\s*,\s*SH\b", "", without)
            if not re.search(r"\bSH\b", without):
                rules.append(without)
    return ";".join(rules).strip("; ")


def _readable(condition: str) -> str | None:
    """Return hours that can be read on a school day and in the holidays, else None."""
    if not condition:
        return None
    monday = date(2026, 6, 1)
    for school_holiday in (False, True):
        text = _on_date(condition, monday, school_holiday)
        if text and _parsed(text) is None:
            return None
    return condition


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    """Return the library's reading, None where it has none."""
    import opening_hours

    try:
        return opening_hours.OpeningHours(text, country=COUNTRY)
    except opening_hours.ParserError:  # type: ignore[attr-defined]
        return None
