"""Figures as people read them, in the terminal and on paper."""

from __future__ import annotations

from roundplan.units import HOUR_S, MINUTE_S


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
