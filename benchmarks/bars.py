"""What a week's plan must reach, and whether it does."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recording import Measures


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure, how good it must be, how good it should be; None: no such bar."""

    what: str
    measure: str
    must: float | None
    aim: float | None
    more_is_better: bool = False

    def verdict(self, value: float) -> str:
        """Return "aim", "met", "missed", or "-" where only an aim was missed."""

        def good(limit: float) -> bool:
            return value >= limit if self.more_is_better else value <= limit

        if self.aim is not None and good(self.aim):
            return "aim"
        if self.must is None:
            return "-"
        return "met" if good(self.must) else "missed"

    def limits(self) -> str:
        """Return the bar and the aim in words."""
        limits = [("bar", self.must), ("aim", self.aim)]
        return ", ".join(
            f"{name} {value:g}" for name, value in limits if value is not None
        )


BARS = (
    Bar("visits left out with a wrong reason", "unassigned_refuted", 0, None),
    Bar("violations", "violations", 0, None),
    Bar("cost differences", "cost_differences", 0, None),
    Bar(
        "clients whose three workers make 70%, %",
        "three_workers_cover_70_per_client_percent",
        95,
        99,
        more_is_better=True,
    ),
    Bar("workers a week at two visits a day", "distinct_workers_at_2_a_day", 4, 3),
    Bar("travel per contact, %", "travel_per_contact_percent", None, 7),
    Bar("peak memory, MB", "peak_mb", 4000, None),
    Bar("start to first complete roster, s", "to_first_s", 60, 10),
)
"""Set for a week of Southwark's size, 10 minutes and 2 threads, medians of 3 seeds."""


def print_bars(measured: Mapping[str, Sequence[Measures]]) -> None:
    """Print for each problem which bars its median plan meets."""
    print("Bars, set for southwark with 10 minutes and 2 threads")
    print(f"  {'':<42}{'median':>10}{'bar':>8}{'aim':>8}")
    for problem, rows in measured.items():
        print(problem)
        for bar in BARS:
            values = [row.get(bar.measure, "") for row in rows]
            numbers = [v for v in values if not isinstance(v, str)]
            if not numbers:
                continue
            value = statistics.median(numbers)
            print(
                f"  {bar.what:<42}{value:>10,.1f}{_limit(bar.must):>8}"
                f"{_limit(bar.aim):>8}  {bar.verdict(value)}"
            )


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
