"""How many visits are under way in each half hour of a week."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.demand.model import ClientPlan, VisitPattern, WorkerPlan

BIN_MIN = 30
BINS = 48

Grid = list[list[float]]
"""Seven days, Monday first, by half hours."""


def empty_grid() -> Grid:
    """Return a week with nothing in it."""
    return [[0.0] * BINS for _ in range(7)]


def add_visit(grid: Grid, visit: VisitPattern) -> None:
    """Spread a visit's attendances over its window, as if each start were as likely."""
    profile = profile_of(visit)
    for day in range(7):
        if visit.on(day):
            for i, value in profile:
                grid[day][i] += value * visit.runs


def profile_of(visit: VisitPattern) -> list[tuple[int, float]]:
    """Return workers busy with a visit by half hour, on average over its window."""
    starts = range(visit.earliest, visit.latest + 1, 5)
    weight = visit.workers / len(starts)
    profile = [0.0] * BINS
    for start in starts:
        for i, share in half_hours(start, start + visit.minutes):
            profile[i] += weight * share
    return [(i, value) for i, value in enumerate(profile) if value]


def half_hours(start: int, end: int) -> Iterator[tuple[int, float]]:
    """Yield the half hours of a span of minutes, with the share of each."""
    for i in range(start // BIN_MIN, (end - 1) // BIN_MIN + 1):
        low, high = max(start, i * BIN_MIN), min(end, (i + 1) * BIN_MIN)
        yield i, (high - low) / BIN_MIN


def load(clients: list[ClientPlan]) -> Grid:
    """Return the attendances under way."""
    grid = empty_grid()
    for client in clients:
        for visit in client.visits:
            add_visit(grid, visit)
    return grid


def cover(workers: list[WorkerPlan]) -> Grid:
    """Return the workers on shift."""
    grid = empty_grid()
    for worker in workers:
        for day, spans in worker.week.items():
            for start, end in spans:
                for i, share in half_hours(start, end):
                    grid[day][i] += share
    return grid


def staff_needed(clients: list[ClientPlan], figures: Figures) -> Grid:
    """Return the workers needed on shift: the load, levelled a little, and more."""
    factor = figures.number("staff_per_attendance")
    reserve = figures.number("staff_reserve")
    level = int(figures.number("staff_levelled"))
    need = empty_grid()
    for day, profile in enumerate(load(clients)):
        for i, value in enumerate(profile):
            near = profile[max(0, i - level) : i + level + 1]
            if value:  # nobody is needed where there is nothing to do
                mean = sum(near) / len(near)
                need[day][i] = factor * mean + reserve * sqrt(mean)
    return need
