"""The figures that generated demand rests on, each with its source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

BANDS = ("morning", "late_morning", "lunch", "tea", "evening")
"""The time bands of a day, as the rows ``band_...`` name them."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure: its value as written, who says so, and what it is for."""

    name: str
    value: str
    source: str
    note: str


@lru_cache(maxsize=1)
def assumptions() -> dict[str, Assumption]:
    """Return the rows of ``assumptions.csv`` by name, in the order of the file."""
    file = resources.files("roundplan.datasets") / "assumptions.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {row["name"]: Assumption(**row) for row in rows}


def figure(name: str) -> float:
    """Return a figure as a number."""
    return float(assumptions()[name].value)


def band(name: str) -> tuple[int, int]:
    """Return the start and end of a time band, minutes after midnight."""
    start, end = (
        int(clock[:2]) * 60 + int(clock[3:])
        for clock in assumptions()[f"band_{name}"].value.split("-")
    )
    return start, end
