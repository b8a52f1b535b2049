"""The care workers: contracts, pay, skills, and the shifts of the horizon."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.cost import RateTable
from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import (
    OFFICE,
    ClientPlan,
    WorkerPlan,
    WorkerShift,
)
from roundplan.datasets.demand.providers import Providers
from roundplan.datasets.demand.skills import cover_needs
from roundplan.datasets.demand.staffing import hire
from roundplan.datasets.town import Town
from roundplan.errors import RateError


def make_workers(
    clients: list[ClientPlan],
    town: Town,
    start_date: date,
    days: int,
    figures: Figures,
    dice: Dice,
) -> list[WorkerPlan]:
    """Hire workers for the clients' visits, and give them everything they need."""
    workers = hire(clients, town, figures, dice)
    count = len(workers)
    women = figures.number("female_workers")
    genders = dice.dealt((("female", women), ("male", 1 - women)), count)
    zero = figures.number("zero_hours_workers")
    contracts = _contracts(workers, round(zero * count), dice)
    living_wage_p = _living_wage_p(start_date, days)
    steps = [int(p) for p in dice.dealt(figures.shares("pay_steps"), count)]
    skills = figures.shares("skills")
    has = {
        skill: dice.dealt(((True, share), (False, 1 - share)), count)
        for skill, share in skills
    }
    providers = Providers(figures, "workers")
    for i, worker in enumerate(workers):
        worker.gender = genders[i]
        worker.skills = {skill for skill, _ in skills if has[skill][i]}
        worker.zero_hours = contracts[i]
        if living_wage_p is not None:
            worker.rate_p = living_wage_p + steps[i]
        worker.provider = providers.draw(worker.address.patch, dice)
        if dice.happens(figures.number("cycling_workers")):
            worker.modes = ("walk", "cycle")
        if dice.happens(figures.number("other_language_workers")):
            worker.languages = ("English", dice.weighted(figures.shares("languages")))
        at_office = dice.happens(figures.number("office_starts"))
        worker.fixed_base = at_office and worker.style != "split"
        _hours(worker, figures, dice)
    cover_needs(clients, workers, figures)
    for worker in workers:
        worker.shifts = _shifts(worker, start_date, days)
    _blocks(workers, start_date, days, figures, dice)
    return workers


def give_vehicles(workers: list[WorkerPlan], figures: Figures, dice: Dice) -> None:
    """Give workers the bus, and some of those without a bicycle an e-bike or a car."""
    vehicles = figures.shares("vehicles")
    none = 1 - sum(share for _, share in vehicles)
    owned = dice.dealt((*vehicles, ("", none)), len(workers))
    for worker, vehicle in zip(workers, owned, strict=True):
        by_bus = dice.happens(figures.number("bus_workers"))
        exempt = dice.happens(figures.number("ltn_exempt_drivers"))
        modes = ["walk"]
        if by_bus:
            modes.append("transit")
        if worker.modes[1:]:
            modes += worker.modes[1:]
        elif vehicle:
            modes.append(vehicle)
        worker.modes = tuple(modes)
        worker.ltn_exempt = exempt and "drive" in modes


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


def _hours(worker: WorkerPlan, figures: Figures, dice: Dice) -> None:
    """Set guaranteed, contracted and greatest hours, and hours already worked."""
    hours = worker.shift_hours
    if not worker.zero_hours:
        share = dice.between(*figures.bounds("guaranteed_share"))
        worker.guaranteed = int(hours * share / 2) * 2
        contracted = round(hours * figures.number("contracted_share"))
        worker.contracted = max(worker.guaranteed, contracted)
    worker.most = min(48, max(16, round(hours * figures.number("most_hours")) + 3))
    past = dice.between(*figures.bounds("past_hours"))
    worker.hours_16_weeks = round(16 * hours * past)


def _shifts(worker: WorkerPlan, start_date: date, days: int) -> list[WorkerShift]:
    place = OFFICE if worker.fixed_base else "home"
    return [
        WorkerShift(day=day, start=start, end=end, start_place=place, end_place=place)
        for day in range(days)
        for start, end in worker.week.get(_weekday(start_date, day), ())
    ]


def _blocks(
    workers: list[WorkerPlan],
    start_date: date,
    days: int,
    figures: Figures,
    dice: Dice,
) -> None:
    """Add leave, training and a team meeting; none of them takes a shift away."""
    start, end = figures.span("meeting_hours")
    going = figures.number("meeting_workers")
    for day in range(days):
        if figures.text("meeting_days")[_weekday(start_date, day)] == "-":
            continue
        for worker in workers:
            mine = [s for s in worker.shifts if s.day == day]
            if mine and max(s.end for s in mine) <= start and dice.happens(going):
                _block(worker, day, start, end, "meeting")
    training = int(figures.number("training_every_workers"))
    early = [w for w in workers if w.style == "early"]
    for worker in dice.sample(early, max(1, len(workers) // training)):
        free = _free_days(worker, days)
        weekdays = [day for day in free if _weekday(start_date, day) < 5]
        if weekdays and len(free) > 1:  # a day off remains, for the week's rest
            _block(worker, weekdays[0], *figures.span("training_hours"), "training")
    leave = int(figures.number("leave_every_workers"))
    others = [w for w in workers if all(s.kind == "work" for s in w.shifts)]
    for worker in dice.sample(others, max(1, len(workers) // leave)):
        free = _free_days(worker, days)
        if free:
            _block(worker, dice.pick(free), *figures.span("leave_hours"), "leave")


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
