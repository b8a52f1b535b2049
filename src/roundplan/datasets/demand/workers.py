"""The care workers: contracts, pay, skills, and the shifts of the horizon."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.cost import RateTable
from roundplan.datasets.assumptions import figure
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.clients import LANGUAGES, LOCALITY, SECONDARY
from roundplan.datasets.demand.model import (
    OFFICE,
    ClientPlan,
    WorkerPlan,
    WorkerShift,
)
from roundplan.datasets.demand.skills import cover_needs
from roundplan.datasets.demand.staffing import hire
from roundplan.datasets.town import Town
from roundplan.errors import RateError

SKILLS = (
    ("medication", 0.90),
    ("hoist", 0.75),
    ("dementia", 0.60),
    ("catheter", 0.25),
    ("peg", 0.10),
)
"""Shares of workers with a skill before gaps are filled (assumption)."""

SECONDARY_WORKERS = 0.15
OFFICE_STARTS = 0.08
"""Share of workers who start and end at the office (assumption)."""

RATE_STEPS = ((0, 0.5), (25, 0.3), (60, 0.15), (120, 0.05))
"""Pence an hour above the living wage, with shares (assumption)."""

GUARANTEED_SHARE = (0.60, 0.75)
"""Guaranteed hours as a share of shift hours: demand is not certain (assumption)."""

LEAVE_EVERY, TRAINING_EVERY = 18, 8
MEETING = (2, 15 * 60 + 30, 16 * 60 + 30)
"""Team meeting: weekday (Wednesday), start and end."""

TRAINING = (10 * 60, 13 * 60)


def make_workers(
    clients: list[ClientPlan], town: Town, start_date: date, days: int, dice: Dice
) -> list[WorkerPlan]:
    """Hire workers for the clients' visits, and give them everything they need."""
    workers = hire(clients, town, dice)
    count = len(workers)
    women = figure("female_workers")
    genders = dice.dealt((("female", women), ("male", 1 - women)), count)
    zero = figure("zero_hours_workers")
    contracts = _contracts(workers, round(zero * count), dice)
    living_wage_p = _living_wage_p(start_date, days)
    steps = dice.dealt(RATE_STEPS, count)
    has = {
        skill: dice.dealt(((True, share), (False, 1 - share)), count)
        for skill, share in SKILLS
    }
    for i, worker in enumerate(workers):
        worker.gender = genders[i]
        worker.skills = {skill for skill, _ in SKILLS if has[skill][i]}
        worker.zero_hours = contracts[i]
        if living_wage_p is not None:
            worker.rate_p = living_wage_p + steps[i]
        worker.provider = (
            SECONDARY
            if dice.happens(SECONDARY_WORKERS)
            else LOCALITY[worker.address.patch]
        )
        if dice.happens(figure("cycling_workers")):
            worker.modes = ("walk", "cycle")
        if dice.happens(0.35):
            worker.languages = ("English", dice.weighted(LANGUAGES))
        worker.fixed_base = dice.happens(OFFICE_STARTS) and worker.style != "split"
        _hours(worker, dice)
    cover_needs(clients, workers)
    for worker in workers:
        worker.shifts = _shifts(worker, start_date, days)
    _blocks(workers, start_date, days, dice)
    return workers


def _contracts(workers: list[WorkerPlan], zero: int, dice: Dice) -> list[bool]:
    """Return who has zero hours: those without fixed hours first, full time last."""
    order = {"flexible": 0, "part": 1, "full": 2}
    ranked = sorted(
        dice.shuffled(range(len(workers))),
        key=lambda i: order[workers[i].hours_kind] + dice.between(0, 1.2),
    )
    chosen = set(ranked[:zero])
    return [i in chosen for i in range(len(workers))]


def _living_wage_p(start_date: date, days: int) -> int | None:
    """Return the London Living Wage that holds on all days; None if not known."""
    ends = (start_date, start_date + timedelta(days=days - 1))
    try:
        return max(RateTable().pence("london_living_wage", day) for day in ends)
    except RateError:
        return None  # an empty cell: the living wage in force, if the user has one


def _hours(worker: WorkerPlan, dice: Dice) -> None:
    """Set guaranteed, contracted and greatest hours, and hours already worked."""
    hours = worker.shift_hours
    if not worker.zero_hours:
        worker.guaranteed = int(hours * dice.between(*GUARANTEED_SHARE) / 2) * 2
        worker.contracted = max(worker.guaranteed, round(hours * 0.9))
    worker.most = min(48, max(16, round(hours * 1.2) + 3))
    worker.hours_16_weeks = round(16 * hours * dice.between(0.7, 0.95))


def _shifts(worker: WorkerPlan, start_date: date, days: int) -> list[WorkerShift]:
    place = OFFICE if worker.fixed_base else "home"
    return [
        WorkerShift(day=day, start=start, end=end, start_place=place, end_place=place)
        for day in range(days)
        for start, end in worker.week.get(_weekday(start_date, day), ())
    ]


def _blocks(workers: list[WorkerPlan], start_date: date, days: int, dice: Dice) -> None:
    """Add leave, training and a team meeting; none of them takes a shift away."""
    weekday, start, end = MEETING
    for day in range(days):
        if _weekday(start_date, day) != weekday:
            continue
        for worker in workers:
            mine = [s for s in worker.shifts if s.day == day]
            if mine and max(s.end for s in mine) <= start and dice.happens(0.5):
                _block(worker, day, start, end, "meeting")
    early = [w for w in workers if w.style == "early"]
    for worker in dice.sample(early, max(1, len(workers) // TRAINING_EVERY)):
        free = _free_days(worker, days)
        weekdays = [day for day in free if _weekday(start_date, day) < 5]
        if weekdays and len(free) > 1:  # a day off remains, for the week's rest
            _block(worker, weekdays[0], *TRAINING, "training")
    others = [w for w in workers if all(s.kind == "work" for s in w.shifts)]
    for worker in dice.sample(others, max(1, len(workers) // LEAVE_EVERY)):
        free = _free_days(worker, days)
        if free:
            _block(worker, dice.pick(free), 7 * 60, 22 * 60, "leave")


def _block(worker: WorkerPlan, day: int, start: int, end: int, kind: str) -> None:
    worker.shifts.append(
        WorkerShift(
            day=day,
            start=start,
            end=end,
            kind=kind,
            start_place="anywhere",
            end_place="anywhere",
        )
    )
    worker.shifts.sort(key=lambda s: (s.day, s.start))


def _free_days(worker: WorkerPlan, days: int) -> list[int]:
    busy = {s.day for s in worker.shifts}
    return [day for day in range(days) if day not in busy]


def _weekday(start_date: date, day: int) -> int:
    return (start_date.weekday() + day) % 7
