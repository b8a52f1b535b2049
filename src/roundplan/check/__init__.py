"""The independent checker: every hard rule, one module each.

It shares no code with ``solve``, ``arrays`` or ``network``, nor clocks with ``cost``:
it proves what they make.
"""

import sys
from types import ModuleType
from typing import Any

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


class _CallablePackage(ModuleType):
    """Lets ``roundplan.check(...)`` be the check, though this package has its name."""

    def __call__(self, *args: Any, **kwargs: Any) -> list[Violation]:
        return check(*args, **kwargs)


sys.modules[__name__].__class__ = _CallablePackage
