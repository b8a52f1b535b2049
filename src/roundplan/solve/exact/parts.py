"""The parts of the model, in the order in which they are posted."""

from __future__ import annotations

from roundplan.domain import Rule
from roundplan.solve.exact.breaks import Breaks
from roundplan.solve.exact.continuity import Teams, UnknownWorkers
from roundplan.solve.exact.hours import Limits, Weeks
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.rests import DaysOff, Nights, WaysBetween
from roundplan.solve.exact.rounds import Clocks, Gaps, Orders, Shifts
from roundplan.solve.exact.visits import (
    Attendances,
    Coverage,
    Links,
    Starts,
    TwoWorkers,
)

PARTS: tuple[type[Part], ...] = (
    Coverage,
    Orders,
    Shifts,
    Gaps,
    TwoWorkers,
    Links,
    WaysBetween,
    Nights,
    DaysOff,
    Breaks,
    Limits,
    Clocks,
    Weeks,
    UnknownWorkers,
    Teams,
    Starts,
    Attendances,
)

IN_THE_ARRAYS: dict[Rule, str] = {
    Rule.SKILLS: "fit",
    Rule.GENDER: "fit",
    Rule.BARRED: "fit",
    Rule.SHORT_VISIT: "fit",
    Rule.PAY: "fit",
    Rule.PINS: "fit, EARLY and LATE",
}
"""Rules between a visit and a worker or a moment, and which of `ProblemArrays` keep
them: what they forbid has no variable."""
