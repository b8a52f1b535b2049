"""The figures that generated demand rests on, each with its source.

``assumptions.csv`` has them all; a file of ``shapes`` replaces some and adds its own.
A value is a number or text as the CSV has it; lists stand apart by semicolons, a weight
or share follows its item after a space, spans of time have a hyphen.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

from roundplan.errors import UsageError

BANDS = ("morning", "late_morning", "lunch", "tea", "evening")
"""The time bands of a day, as the rows ``band_...`` name them."""

Span = tuple[int, int]
"""Start and end, minutes after midnight."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure: its value as written, who says so, and what it is for."""

    name: str
    value: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a shape, in the order of the files.

    Parameters
    ----------
    rows
        The figures by name.
    shape
        The name of the shape; "" for a town like no other.
    """

    rows: Mapping[str, Assumption]
    shape: str = ""

    def text(self, name: str) -> str:
        """Return a figure as written."""
        return self.rows[name].value

    def number(self, name: str) -> float:
        """Return a figure as a number."""
        return float(self.text(name))

    def items(self, name: str) -> list[str]:
        """Return the items of a list; an empty cell has none."""
        return [item.strip() for item in self.text(name).split(";") if item.strip()]

    def numbers(self, name: str) -> list[float]:
        """Return a list of numbers."""
        return [float(item) for item in self.items(name)]

    def shares(self, name: str) -> list[tuple[str, float]]:
        """Return the items of a list with their weights."""
        split = (item.rsplit(" ", 1) for item in self.items(name))
        return [(item, float(share)) for item, share in split]

    def span(self, name: str) -> Span:
        """Return the start and end of a span of clock times."""
        return span(self.text(name))

    def bounds(self, name: str) -> tuple[float, float]:
        """Return the least and greatest value of a range of numbers."""
        low, high = self.text(name).split("-")
        return float(low), float(high)

    def band(self, name: str) -> Span:
        """Return the start and end of a time band."""
        return self.span(f"band_{name}")

    def given(self, **values: object) -> Figures:
        """Return the figures with the values that the user gave instead."""
        rows = dict(self.rows)
        for name, value in values.items():
            if str(value) != rows[name].value:
                rows[name] = replace(rows[name], value=str(value), source="as asked")
        return replace(self, rows=MappingProxyType(rows))


@lru_cache(maxsize=8)
def figures(shape: str = "") -> Figures:
    """Return the figures of a shape, or of a town like no other.

    Raises
    ------
    UsageError
        E1002. There is no such shape.
    """
    here = resources.files("roundplan.datasets")
    rows = _read(here / "assumptions.csv")
    if shape:
        if shape not in shapes():
            msg = f"there is no shape {shape!r}: choose from {', '.join(shapes())}"
            raise UsageError(msg)
        rows |= _read(here / "shapes" / f"{shape}.csv")
    return Figures(rows=MappingProxyType(rows), shape=shape)


@lru_cache(maxsize=1)
def shapes() -> tuple[str, ...]:
    """Return the names of all shapes, in alphabetical order."""
    folder = resources.files("roundplan.datasets") / "shapes"
    files = (file.name for file in folder.iterdir())
    return tuple(sorted(n.removesuffix(".csv") for n in files if n.endswith(".csv")))


def clock(text: str) -> int:
    """Return the minutes after midnight of a time HH:MM."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def span(text: str) -> Span:
    """Return the start and end of HH:MM-HH:MM, minutes after midnight."""
    start, end = text.split("-")
    return clock(start), clock(end)


def _read(file: Traversable) -> dict[str, Assumption]:
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {row["name"]: Assumption(**row) for row in rows}
