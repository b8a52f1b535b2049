"""Wages by day for an audit: refused, or said, where nobody vouches for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from roundplan.cost import RateTable
from roundplan.domain import LlwFrom
from roundplan.errors import RateError


@dataclass(slots=True, kw_only=True)
class Wages:
    """A rate table as an audit may use it.

    Parameters
    ----------
    llw_from
        From when a newly announced living wage counts.
    unverified
        Count with rates past the day to which they are verified, and note it, instead
        of refusing: a pass at a wage that may have risen is no pass.
    """

    table: RateTable
    llw_from: LlwFrom = LlwFrom.DEADLINE
    unverified: bool = False
    notes: dict[str, None] = field(default_factory=dict)
    _known: dict[tuple[str, date], int] = field(default_factory=dict)

    def pence(self, rate: str, on: date) -> int:
        """Return a rate of a day, pence an hour.

        Raises
        ------
        RateError
            E1201. There is none for the day, or nobody vouches for it.
        """
        key = (rate, on)
        if key not in self._known:
            self._known[key] = self._look_up(rate, on)
        return self._known[key]

    def _look_up(self, rate: str, on: date) -> int:
        period = self.table.period(rate, on, llw_from=self.llw_from)
        if on > period.verified_to:
            said = (
                f"{rate} of {period.rate.value} {period.rate.unit} is verified to "
                f"{period.verified_to} only, and there is work after it"
            )
            if not self.unverified:
                msg = (
                    f"{said}. Give the rate in force, with its dates, in a file of "
                    "rates (--rates), or allow unverified rates (--unverified)"
                )
                raise RateError(msg)
            self.notes[said] = None
        return self.table.pence(rate, on, llw_from=self.llw_from)
