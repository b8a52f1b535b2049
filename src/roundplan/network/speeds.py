"""Speeds and penalties of vehicles: one table, with its sources, to be overridden."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from roundplan.domain import Mode, Period
from roundplan.errors import NetworkError, TravelError
from roundplan.network.rules import Slope

_BOUNDS: Mapping[str, tuple[float, float]] = {
    "parking_min": (0, 60),
    "signal_s": (0, 300),
    "give_way_s": (0, 300),
    "limit_percent": (10, 100),
    "km_h": (1, 130),
    "up_km_h": (0, 10),
    "down_km_h": (0, 10),
    "least_km_h": (1, 130),
    "most_km_h": (1, 130),
    "percent": (25, 1000),
}
"""Least and most of each figure: beyond them it is a slip."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """The table of `speeds.toml`, whose comments give each figure's meaning and source.

    ``table`` is exactly what the file says, so that a network can carry it along.
    """

    table: Mapping[str, Any]

    @classmethod
    def standard(cls) -> Speeds:
        """Return the table that comes with roundplan."""
        return _standard()

    @staticmethod
    def standard_text() -> str:
        """Return that table as it is written, with the source of every figure."""
        return files("roundplan.network").joinpath("speeds.toml").read_text("utf-8")

    @classmethod
    def load(cls, path: Path | str) -> Speeds:
        """Return the standard table with the changes of a TOML file.

        Raises
        ------
        NetworkError
            E2001. It is missing, not TOML, or has a key or figure that it may not.
        """
        source = Path(path)
        try:
            changes = tomllib.loads(source.read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"the table of speeds {source.name} cannot be read"
            raise NetworkError(msg) from error
        except (ValueError, RecursionError) as error:
            msg = f"{source.name} is no table of speeds in TOML ({error})"
            raise NetworkError(msg) from error
        return cls.standard().changed(changes, source.name)

    def changed(self, changes: Mapping[str, Any], name: str) -> Speeds:
        """Return this table with changes; ``name`` is what the message calls them.

        A period of ``drive.percent`` may be new; every other key must exist. If any
        period is given, the table's own are dropped: two sets would overlap.

        Raises
        ------
        NetworkError
            E2001. All unknown keys and figures out of bounds, at once.
        """
        wrong: list[str] = []
        table = _merged(self.table, changes, "", wrong)
        _check_periods(table["drive"]["percent"], wrong)
        if wrong:
            msg = f"{name} is no table of speeds: {'; '.join(wrong)}"
            raise NetworkError(msg)
        return Speeds(table)

    def ms_per_m(self, mode: Mode) -> int:
        """Return the pace of a bicycle or e-bike, rounded to a whole millisecond."""
        return pace(self.table[mode.value]["km_h"])

    def slope(self, mode: Mode) -> Slope:
        """Return what gradients do to a bicycle's or an e-bike's speed."""
        of = self.table[mode.value]
        return Slope(
            up_km_h=of["up_km_h"],
            down_km_h=of["down_km_h"],
            least_km_h=of["least_km_h"],
            most_km_h=of["most_km_h"],
        )

    def road_ms_per_m(self, highway: str, limit_km_h: float | None) -> int:
        """Return a car's pace at midday on a class of road, with its posted limit."""
        drive = self.table["drive"]
        km_h = drive["km_h"].get(highway, drive["km_h"]["road"])
        if limit_km_h is not None:
            km_h = min(km_h, limit_km_h * drive["limit_percent"] / 100)
        return pace(km_h)

    @property
    def signal_ms(self) -> int:
        """Milliseconds at a signal."""
        return _milliseconds(self.table["drive"]["signal_s"])

    @property
    def give_way_ms(self) -> int:
        """Milliseconds to give way to a road of a higher class."""
        return _milliseconds(self.table["drive"]["give_way_s"])

    def end_ms(self, mode: Mode) -> int:
        """Return what each leg takes besides its way: parking a car."""
        if mode is not Mode.DRIVE:
            return 0
        return _milliseconds(60 * self.table["drive"]["parking_min"])

    def percent(self, mode: Mode, period: Period) -> int:
        """Return the time of a period in per cent of midday's.

        A period that meets several of the table's takes the slowest: a leg is planned
        once for all of it.
        """
        if mode is not Mode.DRIVE:
            return 100
        inside = [
            int(share)
            for name, share in self.table["drive"]["percent"].items()
            if _meet(Period.parse(name), period)
        ]
        return max([100, *inside]) if not _within_one(self, period) else max(inside)


@cache
def _standard() -> Speeds:
    return Speeds(tomllib.loads(Speeds.standard_text()))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def pace(km_h: float) -> int:
    """Return milliseconds per metre, at least 1."""
    return max(1, round(3600 / km_h))


def _merged(
    old: Mapping[str, Any], new: Mapping[str, Any], at: str, wrong: list[str]
) -> dict[str, Any]:
    merged = dict(old)
    if at == "drive.percent" and new:
        merged = {}
    for key, value in new.items():
        name = f"{at}.{key}" if at else str(key)
        if key not in old and at != "drive.percent":
            wrong.append(f"there is no {name[:60]}")
        elif isinstance(old.get(key), Mapping):
            if isinstance(value, Mapping):
                merged[key] = _merged(old[key], value, name, wrong)
            else:
                wrong.append(f"{name} is a table of figures")
        else:
            merged[key] = value
            # A figure's bounds go by its own name, or by that of its table.
            bounds = _BOUNDS.get(str(key)) or _BOUNDS[at.rpartition(".")[2]]
            _check_figure(name, value, bounds, wrong)
    return merged


def _check_figure(
    name: str, value: object, bounds: tuple[float, float], wrong: list[str]
) -> None:
    least, most = bounds
    if isinstance(value, bool) or not isinstance(value, int | float):
        wrong.append(f"{name[:60]} is no number")
    elif not math.isfinite(value) or not least <= value <= most:
        wrong.append(f"{name[:60]} is not between {least:g} and {most:g}")


def _check_periods(percent: Mapping[str, Any], wrong: list[str]) -> None:
    for name in percent:
        try:
            Period.parse(name)
        except TravelError as error:
            wrong.append(f"drive.percent: {error}")


def _meet(a: Period, b: Period) -> bool:
    return bool(a.days & b.days) and a.start_s < b.end_s and b.start_s < a.end_s


def _within_one(speeds: Speeds, period: Period) -> bool:
    """Return whether one of the table's periods holds the whole of a period."""
    return any(
        period.days <= of.days
        and of.start_s <= period.start_s
        and period.end_s <= of.end_s
        for of in map(Period.parse, speeds.table["drive"]["percent"])
    )
