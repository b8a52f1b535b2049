"""What each rule costs: scenarios beside none of the rules, over the same seeds.

Money is what is paid: wages, guaranteed hours, overtime, mileage and fares, in pence of
the horizon. Prices of the objective (continuity, lateness) are no money and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import factorial

from roundplan.charter.switches import Pay, Planning, Switches
from roundplan.charter.trials import Outcome, Trial, together
from roundplan.domain import Horizon
from roundplan.errors import UsageError
from roundplan.solve import Figure
from roundplan.units import AMOUNT_PER_PENNY, HOUR_S, MINUTE_S

MOST_SHARED = 4
"""Planning rules over which shares are computed at most: 2⁴ plans for each seed."""

DAYS_PER_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Rules that are on; all others are off."""

    planning: frozenset[Planning] = frozenset()
    pay: frozenset[Pay] = frozenset()

    def but(self, rule: Planning | Pay) -> Rules:
        """Return all of these but one."""
        return Rules(planning=self.planning - {rule}, pay=self.pay - {rule})


NONE = Rules()


class Kind(StrEnum):
    """What a scenario asks."""

    ALONE = "alone"
    """One rule, beside none."""
    TOGETHER = "all together"
    """All rules, beside none."""
    LAST = "last"
    """All rules, beside all but one: what that one adds at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Two sets of rules side by side, named after what makes the difference."""

    name: str
    kind: Kind
    before: Rules
    after: Rules


def scenarios(rules: Iterable[Planning | Pay]) -> tuple[Scenario, ...]:
    """Return each rule alone, all together, and each rule last."""
    chosen = tuple(rules)
    every = Rules(
        planning=frozenset(r for r in chosen if isinstance(r, Planning)),
        pay=frozenset(r for r in chosen if isinstance(r, Pay)),
    )

    def only(rule: Planning | Pay) -> Rules:
        if isinstance(rule, Pay):
            return Rules(pay=frozenset({rule}))
        return Rules(planning=frozenset({rule}))

    return (
        *(
            Scenario(name=r.value, kind=Kind.ALONE, before=NONE, after=only(r))
            for r in chosen
        ),
        Scenario(
            name=Kind.TOGETHER.value, kind=Kind.TOGETHER, before=NONE, after=every
        ),
        *(
            Scenario(name=r.value, kind=Kind.LAST, before=every.but(r), after=every)
            for r in chosen
        ),
    )


def subsets(rules: Sequence[Planning]) -> list[frozenset[Planning]]:
    """Return all sets of planning rules, as shares need them.

    Raises
    ------
    UsageError
        E1002. More than `MOST_SHARED` rules.
    """
    if len(rules) > MOST_SHARED:
        msg = f"shares are computed over at most {MOST_SHARED} planning rules"
        raise UsageError(msg)
    return [
        frozenset(chosen)
        for size in range(len(rules) + 1)
        for chosen in combinations(rules, size)
    ]


def trials_of(
    plans: Iterable[frozenset[Planning]], seeds: Iterable[int]
) -> list[Trial]:
    """Return the trials of sets of planning rules, each set once, by seed."""
    return [Trial(on=on, seed=seed) for seed in seeds for on in dict.fromkeys(plans)]


def cash_p(outcome: Outcome, pay: frozenset[Pay], switches: Switches) -> Fraction:
    """Return what a trial's roster costs in money under some rules of pay, in pence.

    Wages with sick pay on top, mileage and fares without. Unpaid travel is unpaid
    travel, waiting and parking.
    """
    terms = outcome.cash["llw" if Pay.LIVING_WAGE in pay else "nmw"]
    wages = sum(
        terms[t] for t in ("contact", "paid_blocks", "guaranteed_hours", "overtime")
    )
    if Pay.PAID_TRAVEL in pay:
        wages += sum(terms[t] for t in ("travel", "waiting", "parking"))
    sick = (
        switches.occupational_percent if Pay.SICK_PAY in pay else switches.sick_percent
    )
    amount = wages * (1 + Fraction(sick) / 100) + terms["mileage"] + terms["fares"]
    return amount / AMOUNT_PER_PENNY


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a scenario's rules change."""

    scenario: Scenario
    figures: tuple[Figure, ...]

    @property
    def exact(self) -> bool:
        """Whether both sides have the same rosters: no difference is chance then."""
        return self.scenario.before.planning == self.scenario.after.planning

    @property
    def cash(self) -> Figure:
        """Money, in pence of the horizon."""
        return self.figures[0]

    def tells(self, figure: Figure) -> bool:
        """Whether a difference is more than chance."""
        return self.exact or figure.distinct

    @staticmethod
    def unchanged(figure: Figure) -> bool:
        """Whether both sides are the same, seed by seed."""
        return figure.before == figure.after


def effects(
    outcomes: Mapping[Trial, Outcome],
    wanted: Sequence[Scenario],
    seeds: Sequence[int],
    switches: Switches,
) -> tuple[Effect, ...]:
    """Return the effect of each scenario, in their order."""
    return tuple(
        Effect(scenario=scenario, figures=_figures(outcomes, scenario, seeds, switches))
        for scenario in wanted
    )


def _figures(
    outcomes: Mapping[Trial, Outcome],
    scenario: Scenario,
    seeds: Sequence[int],
    switches: Switches,
) -> tuple[Figure, ...]:
    first, second = scenario.before, scenario.after
    before = [outcomes[Trial(on=first.planning, seed=seed)] for seed in seeds]
    after = [outcomes[Trial(on=second.planning, seed=seed)] for seed in seeds]

    def figure(name: str, unit: str, of: Callable[[Outcome], float]) -> Figure:
        return Figure(
            name=name,
            unit=unit,
            before=tuple(of(o) for o in before),
            after=tuple(of(o) for o in after),
        )

    money = Figure(
        name="Money",
        unit="p",
        before=tuple(float(cash_p(o, first.pay, switches)) for o in before),
        after=tuple(float(cash_p(o, second.pay, switches)) for o in after),
    )
    return (
        money,
        figure("Contact", "h", lambda o: o.figures["contact_s"] / HOUR_S),
        figure("Travel", "min", lambda o: o.figures["travel_s"] / MINUTE_S),
        figure("Waiting", "min", lambda o: o.figures["waiting_s"] / MINUTE_S),
        figure("Workers a client", "", _workers_a_client),
        figure("Visits by unknown", "", lambda o: o.figures["unknown_worker_visits"]),
        figure("By car", "km", lambda o: o.figures["drive_m"] / 1000),
        figure("CO2e", "kg", lambda o: o.figures["co2e_g"] / 1000),
        figure("Unassigned", "visits", lambda o: o.figures["visits_unassigned"]),
    )


def _workers_a_client(outcome: Outcome) -> float:
    of = outcome.figures
    return of["client_workers"] / max(1, of["clients_visited"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A planning rule's share of what all of them cost, by seed, in pence."""

    rule: Planning
    by_seed: tuple[Fraction, ...]


def shapley(
    outcomes: Mapping[Trial, Outcome],
    rules: Sequence[Planning],
    pay: frozenset[Pay],
    seeds: Sequence[int],
    switches: Switches,
) -> tuple[Share, ...]:
    """Return the Shapley share of each planning rule [1]_.

    The mean, over all orders in which the rules could be switched on, of what a rule
    adds when its turn comes. The shares of a seed add up to what all rules cost
    together, whatever they do to each other.

    References
    ----------
    .. [1] Shapley, L. S. (1953). A value for n-person games. *Contributions to the
       Theory of Games II*, 307-317.
    """
    count = len(rules)

    def worth(on: frozenset[Planning], seed: int) -> Fraction:
        return cash_p(outcomes[Trial(on=on, seed=seed)], pay, switches)

    shares = []
    for rule in rules:
        others = [r for r in rules if r != rule]
        by_seed = []
        for seed in seeds:
            total = Fraction(0)
            for on in subsets(others):
                orders = factorial(len(on)) * factorial(count - len(on) - 1)
                adds = worth(on | {rule}, seed) - worth(on, seed)
                total += Fraction(orders, factorial(count)) * adds
            by_seed.append(total)
        shares.append(Share(rule=rule, by_seed=tuple(by_seed)))
    return tuple(shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominators:
    """What money is divided by; from the baseline, so that all rules share them."""

    visits: int
    contact_hours: Fraction
    clients: int
    days: int

    def a_year(self, pence: Fraction) -> Fraction:
        """Return the horizon's money as a year of 365 days."""
        return pence * DAYS_PER_YEAR / self.days


def denominators(
    baselines: Sequence[Outcome], horizons: Sequence[Horizon]
) -> Denominators:
    """Return the placed visits, contact hours, clients and days of baseline trials.

    Folders that start on the same day are areas: their clients add up. Those that
    start on different days are weeks: their days do.
    """
    clients: Counter[date] = Counter()
    days: dict[date, int] = {}
    for outcome, horizon in zip(baselines, horizons, strict=True):
        clients[horizon.start_date] += outcome.figures["clients_visited"]
        longest = max(horizon.days, days.get(horizon.start_date, 0))
        days[horizon.start_date] = longest
    of = together(baselines).figures
    return Denominators(
        visits=of["visits"] - of["visits_unassigned"],
        contact_hours=Fraction(of["contact_s"], HOUR_S),
        clients=max(clients.values()),
        days=sum(days.values()),
    )
