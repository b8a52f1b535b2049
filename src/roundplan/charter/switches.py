"""The charter's rules as switches: a problem with some of them on and the others off.

Some change the plan (`Planning`), others only what the same plan costs (`Pay`). All
plans are made at the pay and prices of the problem's own policy, so a rule of pay alone
never plans again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from roundplan.charter.build_up import DatedRates
from roundplan.cost import hourly_rate_p, rate_table
from roundplan.cost.pay import LIVING_WAGE
from roundplan.domain import ContractKind, Problem, Rule, Visit
from roundplan.errors import UsageError
from roundplan.units import HOUR_S, MINUTE_S

MINIMUM_WAGE = "national_minimum_wage"

SHORT_S = 15 * MINUTE_S
"""A short call: 15 minutes or less (charter 1b)."""
FULL_S = 30 * MINUTE_S
"""What a short call becomes where the rule is on (NICE NG21 1.4.2)."""

LIVING_HOURS_S = 16 * HOUR_S
"""Hours a week guaranteed to who has none of their own (Living Hours standard)."""


class Planning(StrEnum):
    """Rules that change the plan."""

    NO_SHORT_CALLS = "no 15-minute calls"
    """Visits of 15 minutes or less, or of less than 30 without agreement, last 30."""
    SAME_WORKER = "same worker"
    """Unknown workers and workers beyond the team have their price."""
    TIME_TO_TRAVEL = "time to travel"
    """Each leg has the policy's minutes to spare (charter 1d)."""
    GUARANTEED_HOURS = "guaranteed hours"
    """Hours are guaranteed, and paid where they are not worked."""


class Pay(StrEnum):
    """Rules of pay alone: the same plan at another price."""

    LIVING_WAGE = "London Living Wage"
    PAID_TRAVEL = "paid travel"
    """Travel, parking and waiting between visits are paid."""
    SICK_PAY = "occupational sick pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What the rules do, where the folder does not say.

    Parameters
    ----------
    short_calls_percent
        Of visits of 30 minutes or less, how many are 15 where `NO_SHORT_CALLS` is off.
        0 leaves the folder's own.
    guaranteed_percent
        Workers who are guaranteed hours where `GUARANTEED_HOURS` is on: those with
        most hours on shift first, at their own guaranteed hours or `LIVING_HOURS_S`.
        None leaves the folder's contracts.
    sick_percent, occupational_percent
        Sick pay as a share of pay without and with the rule: what the published
        minimum price counted up to 2019-20 and from 2020-21 (DOMAIN 4.5).
    """

    short_calls_percent: int = 0
    guaranteed_percent: int | None = None
    sick_percent: str = "0.5"
    occupational_percent: str = "2.9"

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for name in ("short_calls_percent", "guaranteed_percent"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 100:
                msg = f"{name} is from 0 to 100, not {value}"
                raise UsageError(msg)


def switched(
    problem: Problem, on: frozenset[Planning], switches: Switches
) -> tuple[Problem, tuple[str, ...]]:
    """Return a problem with some rules of planning on and the others off, and notes."""
    policy, hard = problem.policy, problem.policy.hard
    visits, notes = _visits(
        problem.visits, switches, full=Planning.NO_SHORT_CALLS in on
    )
    if Planning.NO_SHORT_CALLS in on:
        policy = replace(policy, hard=hard | {Rule.SHORT_VISIT})
    else:
        policy = replace(policy, hard=hard - {Rule.SHORT_VISIT})
    if Planning.SAME_WORKER not in on:
        policy = replace(policy, unknown_worker_p=0, extra_worker_p=0)
    elif not (policy.unknown_worker_p or policy.extra_worker_p):
        notes += (f"policy {policy.name} has no price for who comes",)
    if Planning.TIME_TO_TRAVEL not in on:
        policy = replace(policy, buffer_s=0)
    elif not policy.buffer_s:
        notes += (f"policy {policy.name} has no minutes to spare on a leg",)
    workers = problem.workers
    if Planning.GUARANTEED_HOURS not in on:
        policy = replace(policy, guaranteed_hours=False)
    elif switches.guaranteed_percent is not None:
        chosen = _most_hours(problem, switches.guaranteed_percent)
        workers = tuple(
            replace(
                w,
                contract=replace(
                    w.contract,
                    kind=ContractKind.GUARANTEED
                    if w.worker_id in chosen
                    else ContractKind.ZERO_HOURS,
                    guaranteed_s=(w.contract.guaranteed_s or LIVING_HOURS_S)
                    if w.worker_id in chosen
                    else 0,
                ),
            )
            for w in workers
        )
        notes += (f"{len(chosen):,} of {len(workers):,} workers have guaranteed hours",)
    elif not any(w.contract.guaranteed_s for w in workers):
        notes += ("nobody in the folder has guaranteed hours: give --guaranteed",)
    made = replace(problem, policy=policy, visits=visits, workers=workers)
    return made, notes


def _visits(
    visits: tuple[Visit, ...], switches: Switches, *, full: bool
) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
    """Return the visits with short calls as commissioned, or made full."""
    cut = _cut(visits, switches.short_calls_percent)
    visits = tuple(
        replace(v, duration_s=min(v.duration_s, SHORT_S)) if v.visit_id in cut else v
        for v in visits
    )
    short = {v.visit_id for v in visits if _too_short(v)}
    if not short:
        return visits, ("no visit is short: the rule changes nothing here",)
    if not full:
        return visits, ()
    made = tuple(
        replace(v, duration_s=FULL_S) if v.visit_id in short else v for v in visits
    )
    return made, (f"{len(short):,} short visits last 30 minutes",)


def _too_short(visit: Visit) -> bool:
    return visit.duration_s <= SHORT_S or (
        visit.duration_s < FULL_S and not visit.short_visit_agreed
    )


def _cut(visits: tuple[Visit, ...], percent: int) -> set[str]:
    """Return visits to cut to a short call: a fixed draw, the same for every seed."""
    found = sorted(v.visit_id for v in visits if v.duration_s <= FULL_S)
    count = round(len(found) * percent / 100)
    return {found[i] for i in np.random.default_rng(0).permutation(len(found))[:count]}


def _most_hours(problem: Problem, percent: int) -> set[str]:
    hours = dict.fromkeys((w.worker_id for w in problem.workers), 0)
    for shift in problem.work_shifts:
        hours[shift.worker_id] += shift.end_s - shift.start_s
    ranked = sorted(hours, key=lambda worker_id: (-hours[worker_id], worker_id))
    return {*ranked[: round(len(ranked) * percent / 100)]}


def require_wages(problem: Problem) -> None:
    """Refuse wages that nobody vouches for on the horizon's first day.

    Raises
    ------
    RateError
        E1201. The living wage or the minimum wage is used past its ``verified_to``, or
        is missing.
    """
    rates = DatedRates(
        problem.horizon.start_date, rate_table(problem), problem.llw_from
    )
    for rate in (LIVING_WAGE, MINIMUM_WAGE):
        rates.value(rate)


def at_wage(problem: Problem, *, living: bool) -> Problem:
    """Return a problem whose workers are paid by the living wage, or by the minimum.

    With the rule nobody is paid less than the London Living Wage. Without it everybody
    is paid less by what the two differ, so that differences between workers stay, and
    nobody less than the minimum wage. Both are those of the horizon's first day.

    Raises
    ------
    RateError
        E1201. The tables lack one of the two.
    """
    on, table = problem.horizon.start_date, rate_table(problem)
    high = table.pence(LIVING_WAGE, on, llw_from=problem.llw_from)
    low = table.pence(MINIMUM_WAGE, on)
    workers = []
    for worker in problem.workers:
        rate = max(high, hourly_rate_p(problem, worker, 0))
        rate = rate if living else max(low, rate - (high - low))
        workers.append(replace(worker, contract=replace(worker.contract, rate_p=rate)))
    return replace(problem, workers=tuple(workers))
