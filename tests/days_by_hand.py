"""Tiny one-day instances, and their optimum by trying everything."""

from __future__ import annotations

from functools import cache
from itertools import combinations, permutations

import numpy as np

import day_file
from day_file import UNSERVED_S, Day, Stops
from instances import draw


def tight(visits: int, shifts: int, seed: int) -> Day:
    """A drawn instance with so few shifts that the choice is hard."""
    day = draw(visits, seed)
    chance = np.random.default_rng(seed)
    kept = np.sort(chance.choice(day.shifts, min(shifts, day.shifts), replace=False))
    return Day(
        day.name,
        day.travel_s,
        day.location,
        day.early_s,
        day.late_s,
        day.duration_s,
        day.shift_start_s[kept],
        day.shift_end_s[kept],
    )


def optimum(day: Day) -> int:
    """Least cost of any rounds, by trying each order of each set for each shift."""
    everybody = frozenset(range(day.visits))

    @cache
    def one_round(shift: int, chosen: frozenset[int]) -> float:
        verdicts = (
            day_file.judge(day, [Stops(shift, order)]) for order in permutations(chosen)
        )
        return min((v.travel_s for v in verdicts if not v.faults), default=float("inf"))

    @cache
    def rest(shift: int, left: frozenset[int]) -> float:
        if shift == day.shifts:
            return UNSERVED_S * len(left)
        return min(
            one_round(shift, frozenset(chosen)) + rest(shift + 1, left - set(chosen))
            for size in range(len(left) + 1)
            for chosen in combinations(sorted(left), size)
        )

    return int(rest(0, everybody))
