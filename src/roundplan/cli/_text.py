"""Figures and names as people read them."""

from __future__ import annotations

from roundplan.units import HOUR_S, MINUTE_S


def printable(text: str) -> str:
    """Replace control characters, which a terminal could obey, by "?"."""
    return "".join(c if c.isprintable() else "?" for c in text)


def pounds(pence: int) -> str:
    """Return pence as pounds: 123456 is "£1,234.56"."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a number and its noun: "1 visit", "1,200 visits"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def duration(seconds: int) -> str:
    """Return a length of time: "45 s", "12 min", "1 h 05 min", "12 min 30 s"."""
    hours, rest = divmod(abs(seconds), HOUR_S)
    minutes, spare = divmod(rest, MINUTE_S)
    parts = []
    if hours:
        parts.append(f"{hours:,} h")
    if minutes:
        parts.append(f"{minutes:02d} min" if hours else f"{minutes} min")
    if spare or not parts:
        parts.append(f"{spare} s")
    return ("-" if seconds < 0 else "") + " ".join(parts)


def stopwatch(seconds: float) -> str:
    """Return elapsed time as a stopwatch shows it: "0:07", "12:30", "1:00:00"."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR_S)
    minutes, spare = divmod(rest, MINUTE_S)
    if hours:
        return f"{hours}:{minutes:02d}:{spare:02d}"
    return f"{minutes}:{spare:02d}"
