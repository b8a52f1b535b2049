"""What the rules cost, in one call: plan what is missing, and compare.

The call behind ``roundplan charter``, for analysts and notebooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

from roundplan.charter.effects import (
    NONE,
    Denominators,
    Effect,
    Share,
    cash_p,
    denominators,
    effects,
    scenarios,
    shapley,
    subsets,
    trials_of,
)
from roundplan.charter.run import Area, run_trials
from roundplan.charter.switches import Pay, Planning, Switches, require_wages
from roundplan.charter.trials import Outcome, Trial, Work, together
from roundplan.cost import require_verified
from roundplan.errors import UsageError
from roundplan.formats import ProblemFolder

EVERY_RULE: tuple[Pay | Planning, ...] = (*Pay, *Planning)
"""All rules, those of pay first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePrices:
    """What each rule costs alone, all together, and each last.

    Parameters
    ----------
    effects
        In the order of `scenarios`.
    shares
        Shapley shares of the planning rules; empty unless asked for.
    none_p
        What the plans cost in money without any rule: the median over the seeds.
    of
        What money is divided by.
    outcomes
        Every plan, areas and weeks added up.
    """

    effects: tuple[Effect, ...]
    shares: tuple[Share, ...]
    none_p: Fraction
    of: Denominators
    outcomes: Mapping[Trial, Outcome]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the rules did to the folders, in sentences."""
        return tuple(dict.fromkeys(n for o in self.outcomes.values() for n in o.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlans:
    """The plans that prices of rules need: sets of planning rules, for each seed."""

    rules: tuple[Pay | Planning, ...] = EVERY_RULE
    seeds: tuple[int, ...] = (1, 2, 3)
    shares: bool = False

    def __post_init__(self) -> None:
        """Refuse no seeds and no rules."""
        if not self.seeds or not self.rules:
            msg = "give at least one rule and one seed"
            raise UsageError(msg)

    @property
    def planning(self) -> tuple[Planning, ...]:
        """The rules that change the plan."""
        return tuple(rule for rule in self.rules if isinstance(rule, Planning))

    @property
    def trials(self) -> list[Trial]:
        """One plan each, of every folder."""
        plans = [
            side.planning
            for scenario in scenarios(self.rules)
            for side in (scenario.before, scenario.after)
        ]
        if self.shares:
            plans += subsets(self.planning)
        return trials_of(plans, self.seeds)


def price_rules(
    folders: Sequence[ProblemFolder],
    out: Path,
    *,
    plans: RulePlans | None = None,
    switches: Switches | None = None,
    seconds: float | None = None,
    iterations: int | None = None,
    bound_seconds: float | None = None,
    cluster: str | int | None = None,
    unverified: bool = False,
    done: Callable[[Area, Outcome, bool], None] = lambda *_: None,
) -> RulePrices:
    """Plan folders with and without each rule, and return what the rules cost.

    Parameters
    ----------
    folders
        Areas, or weeks, that are added up.
    out
        Where each plan is kept, in a folder ``trials``; those that are there already
        are not planned again.
    plans
        Which rules, from which seeds, and whether shares are wanted; all rules from
        three seeds by default.
    seconds, iterations, bound_seconds
        Limits of each plan, as `roundplan.plan` has them.
    cluster, done
        See `run_trials`.
    unverified
        Whether to count with rates past the day to which they are verified.

    Raises
    ------
    UsageError
        E1002. Two folders have the same name; a cluster that cannot be had.
    RateError
        E1201. A rate is not vouched for on the days of a folder.
    """
    plans, switches = plans or RulePlans(), switches or Switches()
    names = [folder.folder.name for folder in folders]
    if not names or len({*names}) < len(names):
        msg = (
            f"folders need names of their own, or their trials mix: {', '.join(names)}"
        )
        raise UsageError(msg)
    if not unverified:
        for folder in folders:
            require_verified(folder.problem)
            require_wages(folder.problem)
    areas = [
        Area(
            work=Work(
                folder=str(folder.folder.absolute()),
                hashes=folder.hashes,
                switches=switches,
                seconds=seconds,
                iterations=iterations,
                bound_seconds=bound_seconds,
            ),
            out=out / "trials" / folder.folder.name,
        )
        for folder in folders
    ]
    trials, seeds = plans.trials, plans.seeds
    by_area = run_trials(areas, trials, cluster=cluster, done=done)
    outcomes = {trial: together([of[trial] for of in by_area]) for trial in trials}
    nothing = [Trial(on=NONE.planning, seed=seed) for seed in seeds]
    pay = frozenset(rule for rule in plans.rules if isinstance(rule, Pay))
    return RulePrices(
        effects=effects(outcomes, scenarios(plans.rules), seeds, switches),
        shares=shapley(outcomes, plans.planning, pay, seeds, switches)
        if plans.shares
        else (),
        none_p=median(cash_p(outcomes[c], NONE.pay, switches) for c in nothing),
        of=denominators(
            [of[nothing[0]] for of in by_area], [f.problem.horizon for f in folders]
        ),
        outcomes=outcomes,
    )
