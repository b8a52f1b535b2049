"""Parts of the week in which travel takes its own time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from roundplan.errors import TravelError
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
"""As OpenStreetMap abbreviates them, Monday first."""

ALL_DAY = "all"
"""The period that holds at any time."""

_NAME = re.compile(
    r"(?:([A-Z][a-z])(?:-([A-Z][a-z]))? )?(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Some days of the week, and a part of each.

    Parameters
    ----------
    days
        0 for Monday to 6 for Sunday.
    start_s, end_s
        Seconds after midnight on the clock on the wall; ``end_s``, up to 24:00, is out.
    """

    days: frozenset[int] = frozenset(range(7))
    start_s: int = 0
    end_s: int = DAY_S

    def __post_init__(self) -> None:
        """Refuse a period without any time in it."""
        if not self.days or not 0 <= self.start_s < self.end_s <= DAY_S:
            msg = "a period of travel needs a day of the week and ends after it starts"
            raise TravelError(msg)

    @classmethod
    def parse(cls, name: str) -> Period:
        """Return the period that a name means: ``all`` or ``Mo-Fr 07:00-10:00``.

        Without days it holds on each; ``Sa-Mo`` is Saturday, Sunday and Monday.

        Raises
        ------
        TravelError
            E2201. The name is of another form, or has no time in it.
        """
        if name == ALL_DAY:
            return cls()
        found = _NAME.fullmatch(name)
        known = found and all(d is None or d in WEEKDAYS for d in found.groups()[:2])
        if not found or not known:
            msg = f"{name[:40]!r} is no period: write it as Mo-Fr 07:00-10:00, or all"
            raise TravelError(msg)
        first, last, *clock = found.groups()
        days = frozenset(range(7))
        if first is not None:
            at = WEEKDAYS.index(first)
            count = (WEEKDAYS.index(last or first) - at) % 7 + 1
            days = frozenset((at + k) % 7 for k in range(count))
        hours = [int(part) for part in clock]
        return cls(
            days=days,
            start_s=hours[0] * HOUR_S + hours[1] * MINUTE_S,
            end_s=hours[2] * HOUR_S + hours[3] * MINUTE_S,
        )

    def holds(self, weekday: int, second: int) -> bool:
        """Return whether a moment is in it: day of the week, seconds after midnight."""
        return weekday in self.days and self.start_s <= second < self.end_s
