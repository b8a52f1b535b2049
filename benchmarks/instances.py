"""Made-up one-day instances of any size, for scaling, tuning and tests.

A town grows with its visits, at a fixed density. Clients live in clusters around
high streets; streets run askew to the grid, legs are walked along them (Manhattan
distance, some of it longer, each way a little different), so that travel is no plain
geometry. Care follows the day: a morning call, lunch, tea and bed for some clients,
fewer for others; windows of half an hour to two hours, visits of half an hour to an
hour; early, late and middle shifts of eight hours, of which contact fills about two
fifths. The figures are assumptions of the order that home care has, drawn here; no
instance that is reported is copied.
"""

from __future__ import annotations

import numpy as np

from day_file import Day
from roundplan.errors import UsageError
from roundplan.units import HOUR_S, MINUTE_S

VISITS_PER_KM2 = 45.0
WALK_M_S = 1.25
VISITS_PER_CLIENT = 2.2
CLIENTS_PER_CLUSTER = 25
LARGEST_TOWN_KM = 4.5
"""Side of the largest town: a bigger provider is denser, not wider, and nobody walks
from one end to the other."""

MOMENTS = np.array([7, 8, 9, 11, 12, 13, 15, 16, 17, 18, 19, 20], dtype=np.int64)
WEIGHTS = np.array([15, 14, 7, 9, 10, 3, 5, 10, 5, 6, 9, 7], dtype=np.float64)
"""Hours in which a call is due, and how common each is: three peaks a day."""

WIDTHS_MIN = ((60, 0.50), (30, 0.32), (120, 0.18))
LENGTHS_MIN = ((30, 0.48), (45, 0.40), (60, 0.12))
SHIFTS_H = ((6.5, 14.5, 0.50), (14.5, 22.5, 0.40), (9.0, 17.0, 0.10))
"""Start, end and share of each kind of shift."""

VISITS_PER_SHIFT = 4.9


def draw(visits: int, seed: int) -> Day:
    """Return an instance of so many visits.

    Raises
    ------
    UsageError
        E1002. Fewer than one visit.
    """
    if visits < 1:
        msg = "an instance needs at least one visit"
        raise UsageError(msg)
    chance = np.random.default_rng((visits, seed))
    clients = max(1, round(visits / VISITS_PER_CLIENT))
    travel = _streets(clients, visits, chance)
    # everybody has a visit; who has more of them is drawn
    location = np.arange(visits, dtype=np.int64)
    location[clients:] = chance.integers(0, clients, max(0, visits - clients))
    location = np.sort(location)
    due = chance.choice(MOMENTS, visits, p=WEIGHTS / WEIGHTS.sum()) * HOUR_S
    due += chance.integers(0, 12, visits) * 5 * MINUTE_S
    width = _drawn(WIDTHS_MIN, visits, chance)
    length = _drawn(LENGTHS_MIN, visits, chance)
    first = round(min(s[0] for s in SHIFTS_H) * HOUR_S)
    last = round(max(s[1] for s in SHIFTS_H) * HOUR_S)
    early = np.clip(due - width // 2, first, last - length - width)
    start, end = _shifts(visits)
    return Day(
        f"drawn_{visits}_{seed}",
        travel,
        location,
        early,
        early + width,
        length,
        start,
        end,
    )


def _streets(
    clients: int, visits: int, chance: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return seconds between clients, in int32 from the first: towns are large."""
    side = 1000 * min(LARGEST_TOWN_KM, (visits / VISITS_PER_KM2) ** 0.5)
    count = max(1, clients // CLIENTS_PER_CLUSTER)
    streets = chance.uniform(0, side, (count, 2))
    at = streets[chance.integers(0, count, clients)]
    at = np.clip(at + chance.normal(0, side / 12 + 60, (clients, 2)), 0, side)
    lone = chance.random(clients) < 0.3
    at[lone] = chance.uniform(0, side, (int(lone.sum()), 2))
    angle = 0.4
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    x, y = (at @ turn).astype(np.float32).T
    travel = np.empty((clients, clients), dtype=np.int32)
    slow = chance.uniform(0.92, 1.08, clients).astype(np.float32)
    for i in range(clients):
        metres = np.abs(x - x[i]) + np.abs(y - y[i])
        detour = slow * chance.uniform(1.0, 1.04, clients).astype(np.float32)
        travel[i] = np.rint((metres * slow[i] * detour + 20) / WALK_M_S)
    np.fill_diagonal(travel, 0)
    return travel


def _drawn(
    table: tuple[tuple[int, float], ...], count: int, chance: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    minutes, share = (np.array(column) for column in zip(*table, strict=True))
    return (chance.choice(minutes, count, p=share) * MINUTE_S).astype(np.int64)


def _shifts(
    visits: int,
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.int64]],
    np.ndarray[tuple[int], np.dtype[np.int64]],
]:
    """Return start and end of the shifts: enough to serve everybody."""
    rows = [
        (round(start * HOUR_S), round(end * HOUR_S))
        for start, end, share in SHIFTS_H
        for _ in range(max(1, round(share * visits / VISITS_PER_SHIFT)))
    ]
    table = np.array(rows, dtype=np.int64)
    return table[:, 0].copy(), table[:, 1].copy()
