"""The clients: where they live, how often they are visited, what they ask for."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ClientPlan
from roundplan.datasets.demand.packages import make_packages, taper
from roundplan.datasets.demand.providers import Providers
from roundplan.datasets.demand.visits import (
    OFTEN,
    add_respite,
    add_visits,
    link_doses,
)
from roundplan.datasets.town import Town


def make_clients(
    town: Town,
    count: int,
    start_date: date,
    days: int,
    figures: Figures,
    dice: Dice,
) -> list[ClientPlan]:
    """Make clients with their visits of a week."""
    addresses = town.addresses(
        count,
        dice,
        figures.number("sheltered_clients"),
        int(figures.number("sheltered_house")),
    )
    often = dice.dealt(
        [(name, figures.number(f"clients_{name}")) for name in OFTEN], count
    )
    width = max(3, len(str(count)))
    clients = [
        ClientPlan(client_id=f"C{i + 1:0{width}}", address=addresses[i], often=often[i])
        for i in range(count)
    ]
    for client in clients:
        client.package = figures.text("package")
    _domestic(clients, figures, dice)
    _double_handed(clients, figures, dice)
    _needs(clients, figures, dice)
    providers = Providers(figures, "clients")
    for client in clients:
        client.provider = providers.draw(client.address.patch, dice)
    add_visits(clients, figures, dice)
    link_doses(clients, figures, dice)
    _respite(clients, figures, dice)
    if figures.items("package_lengths"):
        make_packages(clients, start_date, days, figures, dice)
        taper(clients, start_date, days, figures, dice)
    _reablement(clients, start_date, days, figures, dice)
    return clients


def _domestic(clients: list[ClientPlan], figures: Figures, dice: Dice) -> None:
    """Give some of the clients of the fewest visits shopping and cleaning only."""
    pool = [client for client in clients if client.often == "part_week"]
    count = round(figures.number("domestic_clients") * len(clients))
    for client in dice.sample(pool, count):
        client.often = "domestic"


def _double_handed(clients: list[ClientPlan], figures: Figures, dice: Dice) -> None:
    """Make some clients double-handed: half of them with four visits a day."""
    count = round(figures.number("double_handed_clients") * len(clients))
    for often, most in (("four_a_day", count // 2), ("three_a_day", count // 4)):
        pool = [client for client in clients if client.often == often]
        for client in dice.sample(pool, most):
            client.double = True
    pool = [client for client in clients if client.often == "two_a_day"]
    for client in dice.sample(pool, count - sum(c.double for c in clients)):
        client.double = True


def _needs(clients: list[ClientPlan], figures: Figures, dice: Dice) -> None:
    """Give clients skills they need, a gender they ask for, a language."""
    needing = [client for client in clients if client.often != "domestic"]
    count = len(clients)
    skills: dict[str, list[str]] = {client.client_id: [] for client in clients}
    for skill in ("medication", "dementia", "catheter", "peg"):
        share = round(figures.number(f"{skill}_clients") * count)
        # Two workers with every skill at once are more than a small team has.
        able = [c for c in needing if skill == "medication" or not c.double]
        for client in dice.sample(able, share):
            skills[client.client_id].append(skill)
    for client in needing:
        if client.double:
            skills[client.client_id].insert(0, "hoist")
        client.skills = tuple(skills[client.client_id])
    asking = dice.shuffled(clients)
    women = round(figures.number("female_worker_clients") * count)
    men = round(figures.number("male_worker_clients") * count)
    for client in asking[:women]:
        client.gender = "female"
    # Two men at once, four times a day, is more than most teams could promise.
    single = [client for client in asking[women:] if not client.double]
    for client in single[:men]:
        client.gender = "male"
    speaking = round(figures.number("language_clients") * count)
    for client in dice.sample(clients, speaking):
        client.language = dice.weighted(figures.shares("languages"))


def _respite(clients: list[ClientPlan], figures: Figures, dice: Dice) -> None:
    """Turn some part-week clients into families with respite."""
    pool = [c for c in clients if c.often == "part_week" and c.gender == "any"]
    every = figures.number("respite_every_clients")
    count = round(len(clients) / every) if every else 0
    for client in dice.sample(pool, count):
        client.often = "respite"
        add_respite(client, figures)


def _reablement(
    clients: list[ClientPlan],
    start_date: date,
    days: int,
    figures: Figures,
    dice: Dice,
) -> None:
    """Let some packages of some weeks start or end within the horizon."""
    pool = [
        client
        for client in clients
        if client.often in ("one_a_day", "two_a_day") and not client.double
    ]
    chosen = dice.sample(
        pool, round(figures.number("reablement_clients") * len(clients))
    )
    length = timedelta(weeks=figures.number("reablement_weeks"))
    for i, client in enumerate(chosen):
        client.package = "reablement"
        turn = start_date + timedelta(days=dice.whole(1, max(1, days - 2)))
        if i % 2:
            client.start_date, client.end_date = turn - length, turn
        else:
            client.start_date, client.end_date = turn, turn + length
