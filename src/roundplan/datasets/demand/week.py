"""Puts a week of demand together."""

from __future__ import annotations

from datetime import date

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.clients import make_clients
from roundplan.datasets.demand.history import make_history
from roundplan.datasets.demand.model import Week
from roundplan.datasets.demand.packages import packages_running
from roundplan.datasets.demand.people import make_people
from roundplan.datasets.demand.providers import provider_plans
from roundplan.datasets.demand.workers import give_vehicles, make_workers
from roundplan.datasets.town import Town


def make_week(
    town: Town,
    *,
    clients: int,
    seed: int,
    start_date: date,
    days: int,
    figures: Figures,
) -> Week:
    """Make the clients, workers and history of a generated problem.

    Each part has its own stream of the seed. Where packages are short, more clients
    than ``clients`` come and go in a horizon longer than a week.
    """
    count = packages_running(clients, days, figures)
    people_of_care = make_clients(town, count, start_date, days, figures, Dice(seed, 3))
    workers = make_workers(
        people_of_care, town, start_date, days, figures, Dice(seed, 4)
    )
    give_vehicles(workers, figures, Dice(seed, 9))
    history = make_history(people_of_care, workers, start_date, figures, Dice(seed, 5))
    return Week(
        start_date=start_date,
        days=days,
        clients=people_of_care,
        workers=workers,
        office=town.address(Dice(seed, 6)),
        history=history,
        providers=provider_plans(people_of_care, figures),
        people=make_people(people_of_care, workers, Dice(seed, 7)),
    )
