"""Text as a terminal may have it; figures are written by `roundplan.words`."""

from __future__ import annotations

from roundplan.units import HOUR_S, MINUTE_S
from roundplan.words import counted, duration, pounds

__all__ = ["counted", "duration", "pounds", "printable", "stopwatch"]


def printable(text: str) -> str:
    """Replace control characters, which a terminal could obey, by "?"."""
    return "".join(c if c.isprintable() else "?" for c in text)


def stopwatch(seconds: float) -> str:
    """Return elapsed time as a stopwatch shows it: "0:07", "12:30", "1:00:00"."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR_S)
    minutes, spare = divmod(rest, MINUTE_S)
    if hours:
        return f"{hours}:{minutes:02d}:{spare:02d}"
    return f"{minutes}:{spare:02d}"
