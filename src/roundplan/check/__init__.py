"""The independent checker: every hard rule, one module each.

It shares no code with ``solve``, ``arrays`` or ``network``, nor clocks with ``cost``:
it proves what they make.
"""

from roundplan.check.checker import RULES, CheckFunction, check
from roundplan.check.violation import (
    COUNT,
    PENCE_PER_HOUR,
    SECONDS,
    Violation,
    broken,
    overrides_used,
)

__all__ = [
    "COUNT",
    "PENCE_PER_HOUR",
    "RULES",
    "SECONDS",
    "CheckFunction",
    "Violation",
    "broken",
    "check",
    "overrides_used",
]
