"""Which provider cares for a client, and which employs a worker."""

from __future__ import annotations

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ClientPlan, ProviderPlan

HOURS_ON_TOP = 10
"""Contact hours a week that a provider can always take beyond its share."""


class Providers:
    """Draws a locality provider of the patch, or a back-up or spot provider.

    Parameters
    ----------
    figures
        With the providers of each tier, and the shares of those not locality ones.
    whose
        "clients" or "workers": whose shares count.
    """

    def __init__(self, figures: Figures, whose: str) -> None:
        self._local = locality(figures)
        self._back_up = figures.items("secondary_providers")
        self._spot = figures.items("spot_providers")
        self._back_up_share = figures.number(f"secondary_{whose}")
        self._spot_share = figures.number(f"spot_{whose}")

    def draw(self, patch: str, dice: Dice) -> str:
        """Return the provider of someone who lives in a patch."""
        chance = dice.fraction()
        if chance < self._back_up_share:
            pool = self._back_up
        elif chance < self._back_up_share + self._spot_share:
            pool = self._spot
        else:
            pool = [name for name, patches in self._local.items() if patch in patches]
        return pool[0] if len(pool) == 1 else dice.pick(pool)


def locality(figures: Figures) -> dict[str, tuple[str, ...]]:
    """Return the locality providers with their patches."""
    found = {}
    for item in figures.items("locality_providers"):
        name, patches = item.split(": ")
        found[name] = tuple(patches.split(", "))
    return found


def provider_plans(clients: list[ClientPlan], figures: Figures) -> list[ProviderPlan]:
    """Return the providers with the hours a week that their clients take, or so."""
    local = locality(figures)
    everywhere = tuple(dict.fromkeys(p for patches in local.values() for p in patches))
    least = figures.number("provider_least_hours")
    most = figures.number("provider_most_hours")
    tiers = [
        *((name, "locality", patches) for name, patches in local.items()),
        *((n, "secondary", everywhere) for n in figures.items("secondary_providers")),
        *((name, "spot", everywhere) for name in figures.items("spot_providers")),
    ]
    found = []
    for name, tier, patches in tiers:
        hours = sum(
            visit.a_week * visit.minutes / 60
            for client in clients
            if client.provider == name
            for visit in client.visits
        )
        found.append(
            ProviderPlan(
                provider=name,
                tier=tier,
                patches=patches,
                min_hours=int(hours * least) if tier == "locality" else 0,
                max_hours=int(hours * most) + HOURS_ON_TOP,
            )
        )
    return found
