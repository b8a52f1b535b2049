"""What a cell may hold: one small parser for each type of the field tables.

Every cell of every file goes through here, the values of ``problem.toml`` too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from roundplan.errors import DomainError
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

MAX_WORD = 200
"""Characters of an id or word; more is a cell that went wrong, not a name."""

YES = frozenset({"y", "yes", "true", "1"})
NO = frozenset({"n", "no", "false", "0"})

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OTHER_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:([+-])(\d{2}):([0-5]\d))?", re.ASCII
)
_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII | re.I)
_DASHES = "-–—"
_DAY_LETTERS = "mtwtfss"
_DAY_MARKS = frozenset("x1y")


class CellError(ValueError):
    """A cell that does not hold what its column should; ``action`` says what to do."""

    def __init__(self, what: str, action: str) -> None:
        super().__init__(what)
        self.what = what
        self.action = action


class WallTime(NamedTuple):
    """A time of day as written: seconds after midnight, and the UTC offset if given."""

    seconds: int
    offset_s: int | None = None


Parser = Callable[[str, bool], Any]
"""From the text of a cell, and whether its file is separated by semicolons."""


def closest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that suggests the nearest known name, or nothing.

    Capital letters do not count.
    """
    by_low = {word.lower(): word for word in known}
    found = get_close_matches(name.lower(), list(by_low), n=1)
    return f"Did you mean {by_low[found[0]]}?" if found else ""


def counted(count: int, one: str, many: str) -> str:
    """Return a count with the words that follow it, such as ``1 row is``."""
    return f"{count:,} {one if count == 1 else many}"


@cache
def parser_of(field_type: str) -> Parser:
    """Return the parser of a type of the field tables, such as ``whole 1..28``."""
    kind, _, argument = field_type.partition(" ")
    return _PARSERS[kind](argument)


def _word(_: str) -> Parser:
    def parse(text: str, semicolons: bool) -> str:  # noqa: ARG001
        if len(text) > MAX_WORD:
            what = f"this is {len(text):,} characters long, and may have {MAX_WORD}"
            raise CellError(what, "Shorten it.")
        if not text.isprintable() or ";" in text:
            what = "line breaks, control characters and semicolons are not allowed here"
            raise CellError(what, "Take them out.")
        return text

    return parse


def _text(_: str) -> Parser:
    return lambda text, _semicolons: text


def _words(argument: str) -> Parser:
    word = _word(argument)

    def parse(text: str, semicolons: bool) -> tuple[str, ...]:
        parts = re.split(r"[;|]", text) if semicolons else text.split(";")
        found = (part.strip() for part in parts)
        return tuple(dict.fromkeys(word(part, semicolons) for part in found if part))

    return parse


def _date(_: str) -> Parser:
    action = "Write it as YYYY-MM-DD, such as 2026-03-02 for 2 March 2026."

    def parse(text: str, semicolons: bool) -> date:  # noqa: ARG001
        if not _DATE.fullmatch(text):
            if _OTHER_DATE.fullmatch(text):
                what = "day and month could be mistaken for each other in this date"
                raise CellError(what, action)
            what = "this is not a date"
            raise CellError(what, action)
        try:
            found = date.fromisoformat(text)
        except ValueError:
            what = "there is no such day"
            raise CellError(what, action) from None
        if not 1900 <= found.year <= 2200:
            what = "the year is not between 1900 and 2200"
            raise CellError(what, action)
        return found

    return parse


def _time(argument: str) -> Parser:
    last_hour = int(argument)
    action = "Write it as HH:MM, past midnight as 24:30."

    def parse(text: str, semicolons: bool) -> WallTime:  # noqa: ARG001
        found = _TIME.fullmatch(text)
        if not found:
            what = "this is not a time of day"
            raise CellError(what, action)
        hours, minutes, seconds, sign, off_hours, off_minutes = found.groups()
        since = int(hours) * HOUR_S + int(minutes) * MINUTE_S + int(seconds or 0)
        if since > last_hour * HOUR_S:
            what = f"a time goes up to {last_hour}:00"
            raise CellError(what, action)
        if sign is None:
            return WallTime(since)
        offset = int(off_hours) * HOUR_S + int(off_minutes) * MINUTE_S
        return WallTime(since, -offset if sign == "-" else offset)

    return parse


def _days(_: str) -> Parser:
    action = (
        "Write seven characters from Monday to Sunday, a dash for a day off, such as "
        "MTWTF-- or xxxxx--."
    )

    def parse(text: str, semicolons: bool) -> tuple[bool, ...]:  # noqa: ARG001
        if len(text) != 7:
            what = "a weekly pattern has seven characters"
            raise CellError(what, action)
        marks = ["-" if c in _DASHES else c for c in text.lower()]
        on = tuple(mark != "-" for mark in marks)
        lettered = all(
            m in ("-", day) for m, day in zip(marks, _DAY_LETTERS, strict=True)
        )
        used = set(marks) - {"-"}
        if not lettered and not (len(used) == 1 and used <= _DAY_MARKS):
            what = "this is not a weekly pattern: each day on is its own letter, or x"
            raise CellError(what, action)
        if not any(on):
            what = "this weekly pattern has no day"
            raise CellError(what, action)
        return on

    return parse


def _bounds(argument: str) -> tuple[float, float]:
    low, _, high = argument.partition("..")
    return float(low or "-inf"), float(high or "inf")


def _between(argument: str, value: float) -> None:
    low, high = _bounds(argument)
    if not low <= value <= high:
        limits = " and ".join(
            f"{side} {bound:,.15g}"
            for side, bound in (("at least", low), ("at most", high))
            if math.isfinite(bound)
        )
        what = f"this must be {limits}"
        raise CellError(what, "Correct it.")


def _whole(argument: str) -> Parser:
    def parse(text: str, semicolons: bool) -> int:
        text = _with_point(text, semicolons)
        if not _WHOLE.fullmatch(text):
            what = "this is not a whole number"
            raise CellError(what, "Write digits only.")
        value = int(text.partition(".")[0])
        _between(argument, value)
        return value

    return parse


def _number(argument: str) -> Parser:
    def parse(text: str, semicolons: bool) -> float:
        text = _with_point(text, semicolons)
        if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
            what = "this is not a number"
            raise CellError(what, "Write it such as 37.5.")
        _between(argument, value)
        return value

    return parse


def _in_seconds(unit_s: int) -> Callable[[str], Parser]:
    def make(argument: str) -> Parser:
        number = _number(argument)
        return lambda text, semicolons: round(number(text, semicolons) * unit_s)

    return make


def _pounds(_: str) -> Parser:
    action = "Write pounds and pence, such as 14.80."

    def parse(text: str, semicolons: bool) -> int:
        try:
            pence = Decimal(_with_point(text, semicolons)) * 100
        except InvalidOperation:
            what = "this is not an amount of money"
            raise CellError(what, action) from None
        if not pence.is_finite() or not 0 < pence <= 100_000:
            what = "this must be above 0 and at most 1,000 pounds"
            raise CellError(what, action)
        if pence != int(pence):
            what = "this has fractions of a penny"
            raise CellError(what, action)
        return int(pence)

    return parse


def _yes_no(_: str) -> Parser:
    def parse(text: str, semicolons: bool) -> bool:  # noqa: ARG001
        if (low := text.lower()) not in YES | NO:
            what = "this is neither yes nor no"
            raise CellError(what, "Write y or n.")
        return low in YES

    return parse


def _choice(argument: str) -> Parser:
    known = argument.split("|")

    def parse(text: str, semicolons: bool) -> str:  # noqa: ARG001
        if (low := text.lower()) not in known:
            action = f"Use one of: {', '.join(known)}. {closest(low[:MAX_WORD], known)}"
            what = "there is no such choice"
            raise CellError(what, action.strip())
        return low

    return parse


def _choices(argument: str) -> Parser:
    choice, words = _choice(argument), _words("")

    def parse(text: str, semicolons: bool) -> tuple[str, ...]:
        found = [choice(word, semicolons) for word in words(text, semicolons)]
        return tuple(dict.fromkeys(found))

    return parse


def _with_point(text: str, semicolons: bool) -> str:
    """Accept a decimal comma where the comma does not separate cells."""
    return text.replace(",", ".") if semicolons and text.count(",") == 1 else text


_PARSERS: dict[str, Callable[[str], Parser]] = {
    "id": _word,
    "ids": _words,
    "word": _word,
    "words": _words,
    "text": _text,
    "date": _date,
    "time": _time,
    "days": _days,
    "whole": _whole,
    "number": _number,
    "minutes": _in_seconds(MINUTE_S),
    "hours": _in_seconds(HOUR_S),
    "pounds": _pounds,
    "y/n": _yes_no,
    "choice": _choice,
    "choices": _choices,
}


def in_units(seconds: int | None, unit_s: int) -> str:
    """Write seconds in minutes or hours, so that they read back to the second."""
    if seconds is None:
        return ""
    return str(seconds // unit_s) if seconds % unit_s == 0 else repr(seconds / unit_s)


def pounds(pence: int | None) -> str:
    """Write pence as pounds."""
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


def yes_no(value: bool) -> str:
    """Write a truth value."""
    return "y" if value else "n"


def joined(words: Iterable[str]) -> str:
    """Write a list inside a cell.

    Raises
    ------
    DomainError
        E1001. A word holds the separator, and would not read back.
    """
    found = list(words)
    if any(";" in word for word in found):
        msg = "a word or id with a semicolon cannot be written inside a list"
        raise DomainError(msg)
    return ";".join(found)


def clock_text(since_midnight_s: int) -> str:
    """Write seconds after midnight as HH:MM, with seconds only when not whole minutes.

    Hours go on past midnight.
    """
    minutes, seconds = divmod(since_midnight_s, MINUTE_S)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def whole_days(wall: WallTime) -> tuple[int, int]:
    """Split a time into days after its row's date, and seconds of that day."""
    return divmod(wall.seconds, DAY_S)
