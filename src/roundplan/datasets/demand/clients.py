"""The clients: where they live, how often they are visited, what they ask for."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.datasets.assumptions import figure
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ClientPlan
from roundplan.datasets.demand.visits import add_respite, add_visits, link_doses
from roundplan.datasets.town import Town

OFTEN = ("part_week", "one_a_day", "two_a_day", "three_a_day", "four_a_day")

LANGUAGES = (
    ("Bengali", 3.0),
    ("Turkish", 3.0),
    ("Somali", 2.0),
    ("Portuguese", 2.0),
    ("Spanish", 2.0),
    ("Greek", 1.0),
    ("Yoruba", 1.0),
)
"""Languages other than English, with weights (assumption)."""

LOCALITY = {
    "North": "Lantern Care",
    "West": "Kestrel Homecare",
    "East": "Kestrel Homecare",
}
SECONDARY = "Marlow Relief"
SECONDARY_CLIENTS = 0.08


def make_clients(
    town: Town, count: int, start_date: date, days: int, dice: Dice
) -> list[ClientPlan]:
    """Make clients with their visits of a week."""
    addresses = town.addresses(count, dice, figure("sheltered_clients"))
    often = dice.dealt([(name, figure(f"clients_{name}")) for name in OFTEN], count)
    width = max(3, len(str(count)))
    clients = [
        ClientPlan(client_id=f"C{i + 1:0{width}}", address=addresses[i], often=often[i])
        for i in range(count)
    ]
    _choose(clients, "part_week", "domestic_clients", dice)
    _double_handed(clients, dice)
    _needs(clients, dice)
    for client in clients:
        locality = LOCALITY[client.address.patch]
        client.provider = SECONDARY if dice.happens(SECONDARY_CLIENTS) else locality
    add_visits(clients, dice)
    link_doses(clients, round(figure("linked_clients") * count), dice)
    _respite(clients, dice)
    _reablement(clients, start_date, days, dice)
    return clients


def _choose(clients: list[ClientPlan], often: str, share: str, dice: Dice) -> None:
    """Make some of the clients of one frequency domestic ones."""
    pool = [client for client in clients if client.often == often]
    for client in dice.sample(pool, round(figure(share) * len(clients))):
        client.often = "domestic"


def _double_handed(clients: list[ClientPlan], dice: Dice) -> None:
    """Make some clients double-handed: half of them with four visits a day."""
    count = round(figure("double_handed_clients") * len(clients))
    for often, most in (("four_a_day", count // 2), ("three_a_day", count // 4)):
        pool = [client for client in clients if client.often == often]
        for client in dice.sample(pool, most):
            client.double = True
    pool = [client for client in clients if client.often == "two_a_day"]
    for client in dice.sample(pool, count - sum(c.double for c in clients)):
        client.double = True


def _needs(clients: list[ClientPlan], dice: Dice) -> None:
    """Give clients skills they need, a gender they ask for, a language."""
    needing = [client for client in clients if client.often != "domestic"]
    count = len(clients)
    skills: dict[str, list[str]] = {client.client_id: [] for client in clients}
    for skill in ("medication", "dementia", "catheter", "peg"):
        share = round(figure(f"{skill}_clients") * count)
        # Two workers with every skill at once are more than a small team has.
        able = [c for c in needing if skill == "medication" or not c.double]
        for client in dice.sample(able, share):
            skills[client.client_id].append(skill)
    for client in needing:
        if client.double:
            skills[client.client_id].insert(0, "hoist")
        client.skills = tuple(skills[client.client_id])
    asking = dice.shuffled(clients)
    women = round(figure("female_worker_clients") * count)
    men = round(figure("male_worker_clients") * count)
    for client in asking[:women]:
        client.gender = "female"
    # Two men at once, four times a day, is more than most teams could promise.
    single = [client for client in asking[women:] if not client.double]
    for client in single[:men]:
        client.gender = "male"
    for client in dice.sample(clients, round(figure("language_clients") * count)):
        client.language = dice.weighted(LANGUAGES)


def _respite(clients: list[ClientPlan], dice: Dice) -> None:
    """Turn some part-week clients into families with respite."""
    pool = [c for c in clients if c.often == "part_week" and c.gender == "any"]
    count = round(len(clients) / figure("respite_every_clients"))
    for client in dice.sample(pool, count):
        client.often = "respite"
        add_respite(client)


def _reablement(
    clients: list[ClientPlan], start_date: date, days: int, dice: Dice
) -> None:
    """Let some packages of six weeks start or end within the horizon."""
    pool = [
        client
        for client in clients
        if client.often in ("one_a_day", "two_a_day") and not client.double
    ]
    chosen = dice.sample(pool, round(figure("reablement_clients") * len(clients)))
    for i, client in enumerate(chosen):
        client.package = "reablement"
        turn = start_date + timedelta(days=dice.whole(1, max(1, days - 2)))
        six_weeks = timedelta(weeks=6)
        if i % 2:
            client.start_date, client.end_date = turn - six_weeks, turn
        else:
            client.start_date, client.end_date = turn, turn + six_weeks
