"""Hires care workers until every stretch of the week has enough of them on shift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from roundplan.datasets.assumptions import Figures, span
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.load import (
    BIN_MIN,
    Grid,
    empty_grid,
    half_hours,
    staff_needed,
)
from roundplan.datasets.demand.model import ClientPlan, WorkerPlan
from roundplan.datasets.town import Town

Spans = tuple[tuple[int, int], ...]
STYLES = ("early", "late", "split", "long", "evening")
"""Styles of shifts, as the rows ``shifts_...`` name them."""

CONTRACTS = {
    "full": "full_time",
    "part": "part_time",
    "flexible": "no_fixed_hours",
}
"""Kinds of hours, as the rows ``..._workers`` and ``days_...`` name them."""

PARTS = ((360, 690), (690, 870), (870, 1050), (1050, 1320))
"""Parts of a day, minutes after midnight: morning, lunch, tea, evening."""

HIRED_FOR = (
    (420, 570),
    (570, 690),
    (690, 870),
    (870, 1050),
    (1050, 1200),
    (1200, 1320),
)
"""Stretches of a day that are each staffed: those above, peaks cut in two."""


def hire(
    clients: list[ClientPlan], town: Town, figures: Figures, dice: Dice
) -> list[WorkerPlan]:
    """Hire workers with shifts of a week, each in the style that is missed most.

    First until every part of every day has enough staff, then until every visit has
    a choice of workers.
    """
    contracts, weekends = _deck(figures, dice), _weekends(figures, dice)
    styles = {name: _shifts(figures, name) for name in STYLES}
    days_a_week = {
        kind: [int(n) for n in figures.numbers(f"days_{name}")]
        for kind, name in CONTRACTS.items()
    }
    may_lack = figures.number("staff_short")
    workers: list[WorkerPlan] = []

    def take_on(need: Grid, *, anyday: bool) -> WorkerPlan:
        """Hire the worker who fills most of what is needed."""
        hours_kind = next(contracts)
        days = dice.pick(days_a_week[hours_kind])
        allowed = range(7) if next(weekends) or anyday else range(5)
        offers = {
            style: _best_week(need, dice.pick(options), allowed, days)
            for style, options in styles.items()
        }
        style = max(offers, key=lambda name: offers[name][0])
        _, spans, chosen = offers[style]
        workers.append(
            WorkerPlan(
                worker_id="",
                address=town.address(dice),
                style=style,
                week={day: list(spans) for day in sorted(chosen)},
                hours_kind=hours_kind,
            )
        )
        return workers[-1]

    need = staff_needed(clients, figures)
    on = empty_grid()
    while (short := _short(need, on, may_lack)) is not None or not workers:
        chosen = take_on(need if short is None else short, anyday=False)
        on = _changed(on, chosen, 1)
    workers[:] = _without_spare(workers, need, on, may_lack)
    few = len(clients) < figures.number("spare_from_clients")
    spare = 0 if few else int(figures.number("spare_workers"))
    while (without := _without_choice(clients, workers, spare)) is not None:
        take_on(without, anyday=True)
    workers = dice.shuffled(workers)
    width = max(2, len(str(len(workers))))
    for i, worker in enumerate(workers):
        worker.worker_id = f"W{i + 1:0{width}}"
    return workers


def _short(need: Grid, on: Grid, may_lack: float) -> Grid | None:
    """Return what lacks in the stretches that lack more than they may, if any."""
    short, any_short = empty_grid(), False
    for day in range(7):
        for start, end in HIRED_FOR:
            bins = range(start // BIN_MIN, end // BIN_MIN)
            left = {i: max(0.0, need[day][i] - on[day][i]) for i in bins}
            if sum(left.values()) > may_lack * sum(need[day][i] for i in bins):
                any_short = True
                for i, value in left.items():
                    short[day][i] = value
    return short if any_short else None


def _without_spare(
    workers: list[WorkerPlan], need: Grid, on: Grid, may_lack: float
) -> list[WorkerPlan]:
    """Return the workers without those whom nobody would miss, last hired first."""
    kept = []
    for worker in reversed(workers):
        without = _changed(on, worker, -1)
        if len(workers) > 1 and _short(need, without, may_lack) is None:
            on = without
        else:
            kept.append(worker)
    return kept[::-1] or workers[:1]


def _changed(on: Grid, worker: WorkerPlan, sign: int) -> Grid:
    """Return workers on shift with one more, or one fewer."""
    grid = [list(row) for row in on]
    for day, spans in worker.week.items():
        for i, share in _bins(tuple(spans)):
            grid[day][i] += sign * share
    return grid


def _without_choice(
    clients: list[ClientPlan], workers: list[WorkerPlan], spare: int
) -> Grid | None:
    """Return when visits lack workers to choose from, None when none do."""
    on_shift = [
        Counter(tuple(w.week[day]) for w in workers if day in w.week)
        for day in range(7)
    ]
    grid, any_short = empty_grid(), False
    for client in clients:
        for visit in client.visits:
            for day in range(7):
                if not visit.on(day):
                    continue
                able = sum(n for spans, n in on_shift[day].items() if visit.fits(spans))
                missing = visit.workers + spare - able
                if missing > 0:
                    any_short = True
                    for i, _ in half_hours(
                        visit.preferred, visit.preferred + visit.minutes
                    ):
                        grid[day][i] = max(grid[day][i], missing)
    return grid if any_short else None


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


def _shifts(figures: Figures, style: str) -> list[Spans]:
    """Return the shifts of a style, each of one or two spans."""
    return [
        tuple(span(text) for text in shift.split("+"))
        for shift in figures.items(f"shifts_{style}")
    ]


def _deck(figures: Figures, dice: Dice) -> Iterator[str]:
    """Yield full time, part time or flexible hours in the shares of the source."""
    shares = [
        (kind, figures.number(f"{name}_workers")) for kind, name in CONTRACTS.items()
    ]
    while True:
        yield from dice.dealt(shares, 20)


def _weekends(figures: Figures, dice: Dice) -> Iterator[bool]:
    """Yield whether a worker works this weekend."""
    share = figures.number("weekend_workers")
    while True:
        yield from dice.dealt(((True, share), (False, 1 - share)), 10)
