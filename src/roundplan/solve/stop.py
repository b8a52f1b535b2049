"""When a search ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

from roundplan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Limits of a search; the one reached first ends it.

    Parameters
    ----------
    seconds
        Of search, on the wall clock; reading files and compiling are not counted.
    iterations
        Of ruin and recreate. With the same seed and this limit alone, the same roster
        comes out on any machine.
    """

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that are no limits."""
        if self.seconds is None and self.iterations is None:
            msg = "a search needs a limit in seconds or in iterations"
            raise UsageError(msg)
        if self.seconds is not None and not (
            math.isfinite(self.seconds) and self.seconds >= 0
        ):
            msg = "seconds must be a number, 0 or more"
            raise UsageError(msg)
        if self.iterations is not None and self.iterations < 0:
            msg = "iterations must be 0 or more"
            raise UsageError(msg)

    def reason(self, elapsed_s: float, iterations: int) -> str | None:
        """Return why the search ends now, None when it goes on."""
        if self.iterations is not None and iterations >= self.iterations:
            return "iterations"
        if self.seconds is not None and elapsed_s >= self.seconds:
            return "seconds"
        return None

    def fraction(self, elapsed_s: float, iterations: int) -> float:
        """Return which share of the search is over, 0 to 1."""
        shares = [0.0]
        if self.seconds:
            shares.append(elapsed_s / self.seconds)
        if self.iterations:
            shares.append(iterations / self.iterations)
        return min(1.0, max(shares))
