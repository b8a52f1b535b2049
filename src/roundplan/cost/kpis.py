"""Key figures of a roster, each with its denominator in its name.

Two "19% travel" figures in circulation divide by different things (DOMAIN 4.5), so a
share here is called ``<what>_per_<of what>_percent``. Nothing is rounded before the
end; a figure without a denominator is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from roundplan.cost.clocks import WorkedRound, paid_blocks, worked_rounds
from roundplan.cost.emissions import co2e_g
from roundplan.cost.fares import capped_fares_p
from roundplan.cost.figures import leg_fare, leg_mileage
from roundplan.cost.kpi_continuity import continuity_figures
from roundplan.cost.objective import first_starts, paid_by_week, unknown_pairs
from roundplan.domain import (
    Mode,
    Priority,
    Problem,
    Roster,
    ScheduledVisit,
    Tier,
    Travel,
)
from roundplan.units import GRAMS_PER_KG, HOUR_S, MINUTE_S, to_pence

ACTIVE_MODES = frozenset({Mode.WALK, Mode.CYCLE, Mode.EBIKE})
"""Modes that count as active travel."""

NO_TIER = "unknown"
"""The tier of workers whose provider the problem does not describe."""


def kpis(problem: Problem, travel: Travel, roster: Roster) -> dict[str, Any]:
    """Return the key figures of a roster, ready for ``kpis.json``.

    Figures of the whole roster are numbers at the top; splits are dictionaries.
    Seconds are exact, hours have two decimals, percentages and minutes one, and the
    indices between 0 and 1 three. Legs are those of ``travel``; what the problem does
    not know is left out.

    Returns
    -------
    dict
        *Delivery*: ``visits``, ``attendances`` (a double-handed visit has two),
        ``visits_placed``, ``attendances_placed``, ``visits_unassigned``,
        ``unassigned_by_priority``, ``double_handed_visits``,
        ``other_patch_attendances`` (by a worker of another patch).

        *Time*: seconds and hours of ``contact``, ``travel``, ``waiting``,
        ``parking``, ``paid_blocks`` (training and meetings), whose sum is ``paid``
        (the pay clock); ``working`` (the working-time clock), ``unpaid_wait``,
        ``home_leg``. ``paid_per_shift_percent`` divides the pay clock of rounds by
        the length of all work shifts.

        *Guaranteed hours*, in this horizon: ``guaranteed_hours``,
        ``guaranteed_unused_hours``, and ``used_per_guaranteed_percent``: of each
        worker and ISO week at most what is guaranteed counts as used.

        *Travel* between visits and from or to offices: ``metres_by_mode``,
        ``metres``, ``legs_by_mode`` and ``travel_hours_by_mode`` of the legs that
        move, ``active_per_leg_percent`` and ``active_per_metre_percent`` (on foot and
        by bicycle), ``ltn_crossings`` of car legs, ``co2e_kg`` and ``co2e_kg_by_mode``
        (`roundplan.cost.emissions`), ``mileage_p``, ``fares_p`` as the objective has
        them (a single each) and ``fares_capped_p`` with Hopper fare and daily cap, in
        pence. Home legs: ``home_leg_metres``.

        *Neighbourhoods*, where they are known (``Travel.cells``):
        ``attendances_by_cell``, with ``""`` for those in none, ``cell_changes`` (legs
        from a client to one in another) and ``cells_per_round_mean``, of rounds that
        have a visit in any.

        *Starts*: distance from the preferred start over placed visits that have
        one, its mean and the share within 15 and 30 minutes; visits after their
        window, minutes in all and at most.

        *Continuity*: see `roundplan.cost.kpi_continuity`, and
        ``unknown_worker_visits``: attendances by a worker not known at that time.

        ``provider_tiers``: residents and contact hours by tier, counts and shares.
        ``provider_hours``: contact hours a week of each provider, against the band
        of its contract: ``short_hours`` below it, ``over_hours`` above.
    """
    rounds = worked_rounds(problem, travel, roster)
    return {
        **_delivery(problem, rounds),
        **_time(problem, rounds),
        **_guaranteed(problem, rounds),
        **_travel(problem, rounds),
        **_cells(problem, travel, rounds),
        **_starts(problem, rounds),
        **_unknown(problem, rounds),
        **continuity_figures(problem, rounds),
        "provider_tiers": _provider_tiers(problem, rounds),
        "provider_hours": _provider_hours(problem, rounds),
    }


def percent(part: float, whole: float) -> float | None:
    """Return a share in percent to one decimal, None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def _delivery(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    placed = first_starts(rounds)
    left = [v for v in problem.visits if v.visit_id not in placed]
    by_priority = Counter(v.priority for v in left)
    return {
        "visits": len(problem.visits),
        "attendances": sum(v.workers_required for v in problem.visits),
        "visits_placed": len(placed),
        "attendances_placed": sum(len(r.visits) for r in rounds),
        "visits_unassigned": len(left),
        "unassigned_by_priority": {p.value: by_priority[p] for p in Priority},
        "double_handed_visits": sum(v.workers_required > 1 for v in problem.visits),
        "other_patch_attendances": sum(
            _elsewhere(r.worker.patch, problem, v) for r in rounds for v in r.visits
        ),
    }


def _elsewhere(patch: str | None, problem: Problem, scheduled: ScheduledVisit) -> bool:
    """Return whether a visit is to a client of another patch."""
    client = problem.client(problem.visit(scheduled.visit_id).client_id)
    return bool(client.patch and patch and client.patch != patch)


def _time(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    clocks = [r.clock for r in rounds]
    blocks_s = sum(b.end_s - b.start_s for b in paid_blocks(problem))
    shifts_s = sum(s.end_s - s.start_s for s in problem.work_shifts)
    contact_s = sum(c.contact_s for c in clocks)
    travel_s = sum(c.travel_s for c in clocks)
    waiting_s = sum(c.waiting_s for c in clocks)
    rounds_s = sum(c.paid_s for c in clocks)
    paid_s = rounds_s + blocks_s
    seconds = {
        "contact": contact_s,
        "travel": travel_s,
        "waiting": waiting_s,
        "parking": sum(c.parking_s for c in clocks),
        "paid_blocks": blocks_s,
        "paid": paid_s,
        "working": sum(c.work_s for c in clocks) + blocks_s,
        "unpaid_wait": sum(c.unpaid_s for c in clocks),
        "home_leg": sum(c.home_leg_s for c in clocks),
    }
    return {
        **{f"{name}_s": s for name, s in seconds.items()},
        **{f"{name}_hours": _hours(s) for name, s in seconds.items()},
        "travel_per_contact_percent": percent(travel_s, contact_s),
        "travel_per_paid_percent": percent(travel_s, paid_s),
        "waiting_per_paid_percent": percent(waiting_s, paid_s),
        "contact_per_paid_percent": percent(contact_s, paid_s),
        "paid_per_shift_percent": percent(rounds_s, shifts_s),
    }


def _guaranteed(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    paid = paid_by_week(problem, rounds)
    guaranteed_s = used_s = 0
    for worker in problem.workers:
        for week in range(problem.horizon.weeks):
            days = len(problem.horizon.days_of_week(week))
            promised_s = worker.contract.guaranteed_s * days // 7
            guaranteed_s += promised_s
            used_s += min(promised_s, paid.get((worker.worker_id, week), 0))
    return {
        "guaranteed_hours": _hours(guaranteed_s),
        "guaranteed_unused_hours": _hours(guaranteed_s - used_s),
        "used_per_guaranteed_percent": percent(used_s, guaranteed_s),
    }


def _travel(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    metres: Counter[Mode] = Counter()
    seconds: Counter[Mode] = Counter()
    legs: Counter[Mode] = Counter()
    grams: Counter[Mode] = Counter()
    expenses: Counter[str] = Counter()
    crossings = home_m = 0
    for leg in (leg for r in rounds for leg in r.legs):
        if leg.home:
            home_m += leg.metres
            continue
        metres[leg.mode] += leg.metres
        seconds[leg.mode] += leg.travel_s
        grams[leg.mode] += co2e_g(problem, leg.mode, leg.metres)
        expenses["mileage"] += leg_mileage(problem, leg)
        expenses["fares"] += leg_fare(problem, leg)
        legs[leg.mode] += leg.travel_s > 0
        if leg.mode is Mode.DRIVE:
            crossings += leg.ltn_crossings

    def active(by_mode: Counter[Mode]) -> float | None:
        return percent(sum(by_mode[m] for m in ACTIVE_MODES), by_mode.total())

    return {
        "metres": metres.total(),
        "metres_by_mode": {m.value: metres[m] for m in Mode},
        "legs_by_mode": {m.value: legs[m] for m in Mode},
        "travel_hours_by_mode": {m.value: _hours(seconds[m]) for m in Mode},
        "home_leg_metres": home_m,
        "active_per_leg_percent": active(legs),
        "active_per_metre_percent": active(metres),
        "ltn_crossings": crossings,
        "co2e_kg": _kilograms(grams.total()),
        "co2e_kg_by_mode": {m.value: _kilograms(grams[m]) for m in Mode},
        "mileage_p": to_pence(expenses["mileage"]),
        "fares_p": to_pence(expenses["fares"]),
        "fares_capped_p": capped_fares_p(problem, rounds),
    }


def _cells(
    problem: Problem, travel: Travel, rounds: Sequence[WorkedRound]
) -> dict[str, Any]:
    if not travel.cells:
        return {}
    attendances: Counter[str] = Counter()
    in_round: list[int] = []
    for r in rounds:
        clients = (
            problem.client(problem.visit(v.visit_id).client_id) for v in r.visits
        )
        cells = [travel.cells.get(c.place.place_id, "") for c in clients]
        attendances.update(cells)
        if inside := {*cells} - {""}:
            in_round.append(len(inside))
    return {
        "attendances_by_cell": dict(sorted(attendances.items())),
        "cell_changes": sum(leg.new_cell for r in rounds for leg in r.legs),
        "cells_per_round_mean": round(sum(in_round) / len(in_round), 2)
        if in_round
        else None,
    }


def _starts(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    away, late = [], []
    for visit_id, start_s in first_starts(rounds).items():
        visit = problem.visit(visit_id)
        if visit.preferred_start_s is not None:
            away.append(abs(start_s - visit.preferred_start_s))
        if start_s > visit.window.latest_start_s:
            late.append(start_s - visit.window.latest_start_s)
    return {
        "preferred_start_mean_minutes": _minutes(sum(away) / len(away))
        if away
        else None,
        "preferred_start_within_15_percent": _within(away, 15),
        "preferred_start_within_30_percent": _within(away, 30),
        "late_visits": len(late),
        "late_minutes": _minutes(sum(late)),
        "largest_late_minutes": _minutes(max(late, default=0)),
    }


def _unknown(problem: Problem, rounds: Sequence[WorkedRound]) -> dict[str, Any]:
    unknown = len(unknown_pairs(problem, rounds))
    attendances = sum(len(r.visits) for r in rounds)
    return {
        "unknown_worker_visits": unknown,
        "unknown_per_attendance_percent": percent(unknown, attendances),
    }


def _provider_tiers(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> dict[str, dict[str, float | None]]:
    """Return residents and contact hours by provider tier (DOMAIN S4).

    A resident counts in the tier that gives most of their contact time, the higher
    tier where two give the same. Empty where the problem has no providers.
    """
    if not problem.providers:
        return {}
    tiers = {p.provider: p.tier.value for p in problem.providers}
    order = [*(t.value for t in Tier), NO_TIER]
    contact: dict[str, Counter[str]] = {}
    for r in rounds:
        tier = tiers.get(r.worker.provider or "", NO_TIER)
        for scheduled in r.visits:
            client_id = problem.visit(scheduled.visit_id).client_id
            seconds = contact.setdefault(client_id, Counter())
            seconds[tier] += scheduled.end_s - scheduled.start_s
    residents = Counter(max(order, key=s.__getitem__) for s in contact.values())
    total_s = sum(s.total() for s in contact.values())
    figures = {}
    for tier in order:
        tier_s = sum(s[tier] for s in contact.values())
        figures[tier] = {
            "residents": residents[tier],
            "per_resident_percent": percent(residents[tier], len(contact)),
            "contact_hours": _hours(tier_s),
            "per_contact_percent": percent(tier_s, total_s),
        }
    return figures


def _provider_hours(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> dict[str, dict[str, float | None]]:
    """Return each provider's contact hours a week and its band (DOMAIN S3).

    The hours of the horizon as those of seven days; None where a band is open.
    """
    contact: Counter[str] = Counter()
    for r in rounds:
        contact[r.worker.provider or ""] += r.clock.contact_s
    figures = {}
    for provider in problem.providers:
        week_s = contact[provider.provider] * 7 / problem.horizon.days
        low, high = provider.min_s_week, provider.max_s_week
        figures[provider.provider] = {
            "contact_hours_week": _hours(week_s),
            "min_hours_week": None if low is None else _hours(low),
            "max_hours_week": None if high is None else _hours(high),
            "short_hours": _hours(max(0, (low or 0) - week_s)),
            "over_hours": 0.0 if high is None else _hours(max(0, week_s - high)),
        }
    return figures


def _within(seconds: Iterable[int], minutes: int) -> float | None:
    values = list(seconds)
    return percent(sum(s <= minutes * MINUTE_S for s in values), len(values))


def _hours(seconds: float) -> float:
    return round(seconds / HOUR_S, 2)


def _kilograms(grams: int) -> float:
    return round(grams / GRAMS_PER_KG, 3)


def _minutes(seconds: float) -> float:
    return round(seconds / MINUTE_S, 1)
