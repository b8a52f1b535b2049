"""The objective, written to be read: each function is one block of docs/model.md.

The search has its own, compiled form of it; a property test holds the two equal to
the unit. Change neither without docs/model.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from roundplan.cost.breakdown import CostBreakdown
from roundplan.cost.clocks import WorkedRound, paid_blocks, worked_rounds
from roundplan.cost.continuity import KnownBefore, team_sizes
from roundplan.cost.emissions import co2e_g_km
from roundplan.cost.figures import leg_fare, leg_mileage
from roundplan.cost.pay import costed_rate_p
from roundplan.domain import (
    Mode,
    Policy,
    Previous,
    Priority,
    Problem,
    Roster,
    Tier,
    Travel,
)
from roundplan.units import (
    AMOUNT_PER_PENNY,
    GRAMS_PER_TONNE,
    METRES_PER_KM,
    pence_per_minute,
)

CLOCK_TERMS = (
    "contact",
    "travel",
    "waiting",
    "parking",
    "paid_blocks",
    "travel_price",
    "home_legs",
)


def cost_of(
    problem: Problem, travel: Travel, roster: Roster, previous: Previous | None = None
) -> CostBreakdown:
    """Return what a roster costs under the problem's policy.

    Any roster has a cost, also one that breaks rules. Legs are those of ``travel``,
    not those that the roster recorded; a leg that cannot be travelled, an unknown
    visit and an unknown worker cost nothing, and the checker reports them. A visit
    that no known worker makes counts as unassigned, listed or not.

    Parameters
    ----------
    previous
        Who made each visit before, and the price of a change; None for no such price.

    Raises
    ------
    RateError
        E1201. No rate is known for a day on which one is needed.
    """
    rounds = worked_rounds(problem, travel, roster)
    return CostBreakdown(
        policy=problem.policy.name,
        **_clock_terms(problem, rounds),
        **_leg_terms(problem, rounds),
        **_week_terms(problem, rounds),
        **_continuity_terms(problem, rounds),
        **_start_terms(problem, rounds),
        **_match_terms(problem, rounds),
        change=_change(rounds, previous),
        unassigned=_unassigned(problem, rounds),
    )


def paid_by_week(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> dict[tuple[str, int], int]:
    """Return the pay clock by worker and ISO week of the horizon, in seconds.

    Rounds, training and meetings count in the week of the day on which they open.
    """
    paid: Counter[tuple[str, int]] = Counter()
    for r in rounds:
        paid[r.worker.worker_id, problem.horizon.week_of(r.day)] += r.clock.paid_s
    for block in paid_blocks(problem):
        week = problem.horizon.week_of(block.day)
        paid[block.worker_id, week] += block.end_s - block.start_s
    return dict(paid)


def _clock_terms(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return pay by what it is for, and the prices of travel and home legs."""
    terms = dict.fromkeys(CLOCK_TERMS, 0)
    policy = problem.policy
    for r in rounds:
        rate = costed_rate_p(problem, r.worker, r.day)
        terms["contact"] += r.clock.contact_s * rate
        terms["travel"] += r.clock.travel_s * rate
        terms["waiting"] += r.clock.waiting_s * rate
        terms["parking"] += r.clock.parking_s * rate
        terms["travel_price"] += pence_per_minute(policy.travel_p_min, r.clock.travel_s)
        terms["home_legs"] += pence_per_minute(
            policy.home_leg_p_min, r.clock.home_leg_s
        )
    for block in paid_blocks(problem):
        rate = costed_rate_p(problem, problem.worker(block.worker_id), block.day)
        terms["paid_blocks"] += (block.end_s - block.start_s) * rate
    return terms


def _leg_terms(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return the terms of legs on the pay clock, each rounded down leg by leg."""
    policy = problem.policy
    mileage = fares = ltn = cell_changes = co2e = 0
    carbon_p = 0
    if policy.carbon_p_tonne:
        carbon_p = co2e_g_km(problem, Mode.DRIVE) * policy.carbon_p_tonne
    for leg in (leg for r in rounds for leg in r.paid_legs):
        mileage += leg_mileage(problem, leg)
        fares += leg_fare(problem, leg)
        cell_changes += leg.new_cell * policy.cell_change_p * AMOUNT_PER_PENNY
        if leg.mode is Mode.DRIVE:
            ltn += leg.ltn_crossings * policy.ltn_crossing_p * AMOUNT_PER_PENNY
            co2e += (
                leg.metres
                * carbon_p
                * AMOUNT_PER_PENNY
                // (METRES_PER_KM * GRAMS_PER_TONNE)
            )
    return {
        "mileage": mileage,
        "fares": fares,
        "ltn": ltn,
        "cell_changes": cell_changes,
        "co2e": co2e,
    }


def _week_terms(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return guaranteed hours not worked and overtime, by worker and ISO week.

    A week that is only partly in the horizon has its share of the hours, and the
    rate of its first day in the horizon.
    """
    policy, horizon = problem.policy, problem.horizon
    paid = paid_by_week(problem, rounds)
    guaranteed_hours = overtime = 0
    for worker in problem.workers:
        contract = worker.contract
        for week in range(horizon.weeks):
            days = horizon.days_of_week(week)
            paid_s = paid.get((worker.worker_id, week), 0)
            short_s = over_s = 0
            if policy.guaranteed_hours:
                short_s = max(0, contract.guaranteed_s * len(days) // 7 - paid_s)
            if contract.contracted_s is not None:
                over_s = max(0, paid_s - contract.contracted_s * len(days) // 7)
            if short_s or over_s:
                rate = costed_rate_p(problem, worker, days[0])
                guaranteed_hours += short_s * rate
                overtime += over_s * rate * policy.overtime_percent // 100
    return {"guaranteed_hours": guaranteed_hours, "overtime": overtime}


def _continuity_terms(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> dict[str, int]:
    """Return the prices of unknown workers and of workers beyond the team."""
    policy = problem.policy
    seen: dict[tuple[str, int], set[str]] = defaultdict(set)
    for r in rounds:
        for scheduled in r.visits:
            visit = problem.visit(scheduled.visit_id)
            block = visit.day // policy.continuity_days
            seen[visit.client_id, block].add(r.worker.worker_id)
    sizes = team_sizes(problem)
    extra = sum(
        max(0, len(workers) - sizes[client_id])
        for (client_id, _), workers in seen.items()
    )
    unknown = len(unknown_pairs(problem, rounds))
    return {
        "unknown_worker": unknown * policy.unknown_worker_p * AMOUNT_PER_PENNY,
        "extra_workers": extra * policy.extra_worker_p * AMOUNT_PER_PENNY,
    }


def unknown_pairs(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> set[tuple[str, str]]:
    """Return (client, worker) where the worker's first visit is not by one known.

    Later visits of the roster are by a worker whom the first has made known.
    """
    first: dict[tuple[str, str], int] = {}
    for r in rounds:
        for scheduled in r.visits:
            visit = problem.visit(scheduled.visit_id)
            pair = (visit.client_id, r.worker.worker_id)
            first[pair] = min(visit.day, first.get(pair, visit.day))
    known = KnownBefore(problem)
    return {
        (client_id, worker_id)
        for (client_id, worker_id), day in first.items()
        if not known.on(day, client_id=client_id, worker_id=worker_id)
    }


def _start_terms(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return the prices of starts, once a visit however many workers it has."""
    policy = problem.policy
    away_s = late_s = largest_s = 0
    for visit_id, start_s in first_starts(rounds).items():
        visit = problem.visit(visit_id)
        if visit.preferred_start_s is not None:
            away_s += abs(start_s - visit.preferred_start_s)
        visit_late_s = max(0, start_s - visit.window.latest_start_s)
        late_s += visit_late_s
        largest_s = max(largest_s, visit_late_s)
    return {
        "preferred_start": pence_per_minute(policy.preferred_start_p_min, away_s),
        "lateness": pence_per_minute(policy.lateness_p_min, late_s),
        "largest_lateness": pence_per_minute(policy.largest_lateness_p_min, largest_s),
    }


def first_starts(rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return when each placed visit starts: the earlier of two starts that differ."""
    starts: dict[str, int] = {}
    for scheduled in (v for r in rounds for v in r.visits):
        known = starts.get(scheduled.visit_id, scheduled.start_s)
        starts[scheduled.visit_id] = min(known, scheduled.start_s)
    return starts


def _match_terms(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, int]:
    """Return the prices of who attends whom, by attendance."""
    policy = problem.policy
    tiers = {p.provider: p.tier for p in problem.providers}
    by_tier = {
        Tier.LOCALITY: 0,
        Tier.SECONDARY: policy.secondary_tier_p,
        Tier.SPOT: policy.spot_tier_p,
    }
    pence = dict.fromkeys(
        ("other_patch", "other_language", "not_preferred", "provider_tier"), 0
    )
    for r in rounds:
        worker = r.worker
        tier = tiers.get(worker.provider or "", Tier.LOCALITY)
        for scheduled in r.visits:
            client = problem.client(problem.visit(scheduled.visit_id).client_id)
            if client.patch and worker.patch and client.patch != worker.patch:
                pence["other_patch"] += policy.other_patch_p
            if client.language and client.language not in worker.languages:
                pence["other_language"] += policy.other_language_p
            preferred = client.preferred_workers
            if preferred and worker.worker_id not in preferred:
                pence["not_preferred"] += policy.not_preferred_p
            pence["provider_tier"] += by_tier[tier]
    return {name: p * AMOUNT_PER_PENNY for name, p in pence.items()}


def _change(rounds: Sequence[WorkedRound], previous: Previous | None) -> int:
    """Return the price of attendances by somebody else than before."""
    if previous is None:
        return 0
    changed = sum(
        previous.is_change(scheduled.visit_id, r.worker.worker_id)
        for r in rounds
        for scheduled in r.visits
    )
    return changed * previous.change_p * AMOUNT_PER_PENNY


def changed_visits(previous: Previous, roster: Roster) -> tuple[int, int]:
    """Return how many visits have another worker than before, and of how many.

    Of those that are placed and that the previous roster has. A double-handed visit
    with one worker of before is changed.
    """
    now: dict[str, bool] = {}
    for r in roster.rounds:
        for scheduled in r.visits:
            if (v := scheduled.visit_id) in previous.made:
                now[v] = now.get(v, False) or previous.is_change(v, r.worker_id)
    return sum(now.values()), len(now)


def _unassigned(problem: Problem, rounds: Sequence[WorkedRound]) -> int:
    """Return the price of visits in no round."""
    prices = unassigned_prices_p(problem.policy)
    placed = first_starts(rounds)
    pence = sum(prices[v.priority] for v in problem.visits if v.visit_id not in placed)
    return pence * AMOUNT_PER_PENNY


def unassigned_prices_p(policy: Policy) -> dict[Priority, int]:
    """Return the price of leaving a visit out, in pence by priority."""
    return {
        Priority.ESSENTIAL: policy.unassigned_essential_p,
        Priority.STANDARD: policy.unassigned_standard_p,
        Priority.FLEXIBLE: policy.unassigned_flexible_p,
    }
