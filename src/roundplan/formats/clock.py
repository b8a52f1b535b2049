"""Wall-clock times of a zone to seconds elapsed since the first midnight, and back.

A day of a clock change has 23 or 25 hours. A time that the spring change skips moves
by the hour (01:30 becomes 02:30); a time that the autumn change brings twice is the
first one, unless it says its UTC offset (``01:30+00:00``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roundplan.domain import Horizon
from roundplan.errors import DomainError
from roundplan.formats.cells import CellError, WallTime, clock_text, whole_days
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

LAST_INPUT_S = 36 * HOUR_S
"""The latest time of day that the columns of a problem folder take."""

LAST_ROSTER_S = 60 * HOUR_S
"""The latest in a roster folder: a visit of 24 hours may start at 36:00."""


class WallClock:
    """The clock on the wall in one zone, counted from the first day's midnight."""

    def __init__(self, start_date: date, timezone: str) -> None:
        self.start_date = start_date
        self.zone = ZoneInfo(timezone)
        self._seen: dict[tuple[date, WallTime], int] = {}
        self._midnight = 0
        self._midnight = self.seconds(start_date, WallTime(0))
        self._seen.clear()  # that one counted from 1970

    def day(self, on: date) -> int:
        """Return the day of the horizon of a date; outside the horizon too."""
        return (on - self.start_date).days

    def date_of(self, day: int) -> date:
        """Return the date of a day."""
        return self.start_date + timedelta(days=day)

    def seconds(self, on: date, wall: WallTime) -> int:
        """Return seconds of the horizon of a time in a row of date ``on``.

        Raises
        ------
        CellError
            The UTC offset given is not one that the zone has at that time.
        """
        if (known := self._seen.get((on, wall))) is not None:
            return known
        days, since = whole_days(wall)
        moment = datetime.combine(on + timedelta(days=days), time.min, tzinfo=UTC)
        moment += timedelta(seconds=since)
        local = moment.replace(tzinfo=self.zone)
        offset = local.utcoffset()
        if wall.offset_s is not None:
            given = timedelta(seconds=wall.offset_s)
            if given not in (offset, local.replace(fold=1).utcoffset()):
                what = "the zone does not have this UTC offset at that time"
                raise CellError(what, "Leave the offset out.")
            offset = given
        if offset is None:  # pragma: no cover - a ZoneInfo always knows
            offset = timedelta(0)
        second = int((moment - offset).timestamp()) - self._midnight
        self._seen[on, wall] = second
        return second

    def text(self, second: int, on: date, limit_s: int = LAST_INPUT_S) -> str:
        """Write a second of the horizon as a time in a row of date ``on``.

        Raises
        ------
        DomainError
            E1001. It lies before that date or after ``limit_s`` of it.
        """
        local = self.moment(second)
        since = (local.date() - on).days * DAY_S
        since += local.hour * HOUR_S + local.minute * MINUTE_S + local.second
        if not 0 <= since <= limit_s:
            msg = f"a time of {clock_text(since)} cannot be written in a row of {on}"
            raise DomainError(msg)
        if not local.fold:
            return clock_text(since)
        offset = int((local.utcoffset() or timedelta(0)).total_seconds())
        sign = "-" if offset < 0 else "+"
        return f"{clock_text(since)}{sign}{clock_text(abs(offset))}"

    def row_date(self, day: int, *seconds: int) -> date:
        """Return the date of a roster row: its day's, or the first of its times'.

        Only a roster that breaks rules has times off its own day.
        """
        on = self.date_of(day)
        local = [self.moment(second).date() for second in seconds]
        if all(0 <= (d - on).days < LAST_ROSTER_S // DAY_S for d in local):
            return on
        return min(local)

    def horizon(self, days: int) -> Horizon:
        """Return the horizon of so many days, with the midnight of each."""
        midnights = tuple(
            self.seconds(self.date_of(day), WallTime(0)) for day in range(days + 1)
        )
        return Horizon(
            start_date=self.start_date,
            days=days,
            timezone=self.zone.key,
            midnights_s=midnights,
        )

    def moment(self, second: int) -> datetime:
        """Return the local date and time of a second of the horizon."""
        return datetime.fromtimestamp(self._midnight + second, self.zone)


def local_horizon(
    start_date: date, days: int, timezone: str = "Europe/London"
) -> Horizon:
    """Return a horizon whose midnights follow the clock changes of its zone."""
    return WallClock(start_date, timezone).horizon(days)
