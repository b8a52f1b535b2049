"""Hires care workers until every half hour of the week has enough of them on shift."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.datasets.assumptions import figure
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.load import Grid, half_hours, staff_needed
from roundplan.datasets.demand.model import ClientPlan, WorkerPlan
from roundplan.datasets.town import Town

Spans = tuple[tuple[int, int], ...]
STYLES: dict[str, tuple[Spans, ...]] = {
    "early": (((405, 840),), ((420, 870),), ((420, 900),), ((420, 930),)),
    "late": (((870, 1320),), ((870, 1320),), ((930, 1320),), ((870, 1350),)),
    "split": (((450, 720), (1050, 1200)), ((450, 720), (1035, 1200))),
    "long": (((450, 870), (1050, 1200)), ((450, 840), (1035, 1200))),
    "evening": (((1050, 1320),), ((1065, 1350),)),
}
"""Shifts by style, minutes after midnight. Split and long days leave more than the 11
hours of rest to the next day's start, the walk home included; a worker keeps one style
for the week, so that no late shift comes before an early one."""

DAYS_A_WEEK = {"full": (5,), "part": (4,), "flexible": (3, 4, 5)}
MOST_SHORT = 0.012
"""Share of the staff needed that may be missing before hiring ends."""


def hire(clients: list[ClientPlan], town: Town, dice: Dice) -> list[WorkerPlan]:
    """Hire workers with shifts of a week, each in the style that is missed most."""
    need = staff_needed(clients)
    enough = MOST_SHORT * sum(map(sum, need))
    contracts, weekends = _deck(dice), _weekends(dice)
    workers: list[WorkerPlan] = []
    least = 2 if any(client.double for client in clients) else 1
    while sum(map(sum, need)) > enough or len(workers) < least:
        hours_kind = next(contracts)
        days = dice.pick(DAYS_A_WEEK[hours_kind])
        allowed = range(7) if next(weekends) else range(5)
        offers = [
            _best_week(need, dice.pick(spans), allowed, days)
            for spans in STYLES.values()
        ]
        gains = [gain for gain, _, _ in offers]
        best = gains.index(max(gains))
        gain, spans, chosen = offers[best]
        if gain == 0 and workers:
            break
        for day in chosen:
            for i, share in _bins(spans):
                need[day][i] = max(0.0, need[day][i] - share)
        workers.append(
            WorkerPlan(
                worker_id="",
                address=town.address(dice),
                style=list(STYLES)[best],
                week={day: list(spans) for day in sorted(chosen)},
                hours_kind=hours_kind,
            )
        )
    workers = dice.shuffled(workers)
    width = max(2, len(str(len(workers))))
    for i, worker in enumerate(workers):
        worker.worker_id = f"W{i + 1:0{width}}"
    return workers


def _best_week(
    need: Grid, spans: Spans, allowed: range, days: int
) -> tuple[float, Spans, list[int]]:
    """Return what a shift is worth on its best days: (half hours filled an hour)."""
    gains = []
    for day in allowed:
        filled = sum(min(share, need[day][i]) for i, share in _bins(spans))
        gains.append((filled, -day))
    gains.sort(reverse=True)
    chosen = gains[:days]
    hours = sum(end - start for start, end in spans) / 60
    worth = sum(gain for gain, _ in chosen) / (hours**0.5 * len(chosen))
    return worth, spans, [-day for _, day in chosen]


def _bins(spans: Spans) -> list[tuple[int, float]]:
    return [part for start, end in spans for part in half_hours(start, end)]


def _deck(dice: Dice) -> Iterator[str]:
    """Yield full time, part time or flexible hours in the shares of the source."""
    shares = [
        ("full", figure("full_time_workers")),
        ("part", figure("part_time_workers")),
        ("flexible", figure("no_fixed_hours_workers")),
    ]
    while True:
        yield from dice.dealt(shares, 20)


def _weekends(dice: Dice) -> Iterator[bool]:
    """Yield whether a worker works this weekend."""
    share = figure("weekend_workers")
    while True:
        yield from dice.dealt(((True, share), (False, 1 - share)), 10)
