"""Names and telephone numbers: invented, and recognisable as such."""

from __future__ import annotations

from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ClientPlan, Person, WorkerPlan

GIVEN_NAMES = (
    "Abla Bryony Cassius Dilys Emrys Fenella Gideon Hesper Idris Juno Kester Linnea "
    "Magnus Nerys Orla Piers Quilla Rhoda Seth Tamsin Ursula Verity Wilf Xanthe Yusra "
    "Zeno Anwen Bashir Calla Desmond Elowen Farida Gwenda Hollis Imani Jarek Keziah"
)
FAMILY_NAMES = (
    "Applewhistle Brackenbury-Moss Candlethwaite Dapplemere Eiderwick Fernshaw-Pike "
    "Gooseberry Hattersnap Inglenook Jollifant Kettlewell-Oak Larkspurling Mossgrove "
    "Nettlefold-Finch Oatenshaw Plumtree Quillfeather Rushlight Sparrowhythe "
    "Thistledown Umberfield Velvetine Wickerby Yellowhammer Zestwick"
)

ACCESS = (
    "ring and wait, slow to the door",
    "key safe by the door; code from the office",
    "neighbour on the ground floor has a key",
    "side gate, then back door",
    "entry phone",
    "lift out of order at times; stairs on the left",
)

LAST_NUMBERS = 1000
"""020 7946 0000 to 0999 is set aside by Ofcom for drama: nobody answers."""


def make_people(
    clients: list[ClientPlan], workers: list[WorkerPlan], dice: Dice
) -> dict[str, Person]:
    """Invent a person for every client and worker id."""
    people = {}
    given, family = GIVEN_NAMES.split(), FAMILY_NAMES.split()
    holders: list[ClientPlan | WorkerPlan] = [*clients, *workers]
    for i, holder in enumerate(holders):
        is_client = isinstance(holder, ClientPlan)
        id_ = holder.client_id if isinstance(holder, ClientPlan) else holder.worker_id
        people[id_] = Person(
            name=f"{dice.pick(given)} {dice.pick(family)}",
            address=f"{holder.address.number} {holder.address.street}",
            phone=f"020 7946 0{i % LAST_NUMBERS:03}",
            access=dice.pick(ACCESS) if is_client and dice.happens(0.6) else "",
        )
    return people
