"""Puts a week of demand together."""

from __future__ import annotations

from datetime import date

from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.clients import LOCALITY, SECONDARY, make_clients
from roundplan.datasets.demand.history import make_history
from roundplan.datasets.demand.model import ClientPlan, ProviderPlan, Week
from roundplan.datasets.demand.people import make_people
from roundplan.datasets.demand.workers import make_workers
from roundplan.datasets.town import Town


def make_week(
    town: Town, *, clients: int, seed: int, start_date: date, days: int
) -> Week:
    """Make the clients, workers and history of a generated problem.

    Each part has its own stream of the seed.
    """
    people_of_care = make_clients(town, clients, start_date, days, Dice(seed, 3))
    workers = make_workers(people_of_care, town, start_date, days, Dice(seed, 4))
    history = make_history(people_of_care, workers, start_date, Dice(seed, 5))
    return Week(
        start_date=start_date,
        days=days,
        clients=people_of_care,
        workers=workers,
        office=town.address(Dice(seed, 6)),
        history=history,
        providers=_providers(people_of_care),
        people=make_people(people_of_care, workers, Dice(seed, 7)),
    )


def _providers(clients: list[ClientPlan]) -> list[ProviderPlan]:
    """Return the providers with the hours a week that their clients take, or so."""
    found = []
    for name in dict.fromkeys([*LOCALITY.values(), SECONDARY]):
        hours = sum(
            visit.a_week * visit.minutes / 60
            for client in clients
            if client.provider == name
            for visit in client.visits
        )
        locality = name != SECONDARY
        patches = [p for p in LOCALITY if not locality or LOCALITY[p] == name]
        found.append(
            ProviderPlan(
                provider=name,
                tier="locality" if locality else "secondary",
                patches=tuple(patches),
                min_hours=int(hours * 0.8) if locality else 0,
                max_hours=int(hours * 1.4) + 10,
            )
        )
    return found
