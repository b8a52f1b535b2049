"""What rounds.csv and roster.csv say of each round and each leg."""

from __future__ import annotations

from collections.abc import Iterable

from roundplan.cost.clocks import WorkedLeg, worked_rounds
from roundplan.cost.emissions import co2e_g
from roundplan.cost.pay import fare_p, mileage_p
from roundplan.domain import Mode, Problem, Roster, Travel
from roundplan.units import AMOUNT_PER_PENNY, mileage_amount


def leg_mileage(problem: Problem, leg: WorkedLeg) -> int:
    """Return the mileage of a leg as an amount; none is paid to and from home."""
    rate = 0 if leg.home else mileage_p(problem, leg.mode)
    return mileage_amount(leg.metres, rate) if rate else 0


def leg_fare(problem: Problem, leg: WorkedLeg) -> int:
    """Return the fare of a leg as an amount; none is paid to and from home.

    A single fare each, which Hopper fare and cap can only make less
    (`roundplan.cost.fares`).
    """
    if leg.home or leg.mode is not Mode.TRANSIT or not leg.travel_s:
        return 0
    return fare_p(problem) * AMOUNT_PER_PENNY


def round_figures(
    problem: Problem, travel: Travel, roster: Roster
) -> dict[str, dict[str, int]]:
    """Return what ``rounds.csv`` says of each round, by round_id.

    ``first_start`` and ``last_end`` are seconds of the horizon; ``travel_s`` and
    ``wait_s`` are those on the pay clock, so that with ``contact_s`` and any parking
    they add up to ``paid_s``; ``home_leg_s`` holds the home legs in and out together,
    ``last_leg_s`` the leg after the last visit, to home or to an office.
    ``ltn_crossings``, ``co2e_g`` and ``expenses``, an amount, are those of
    `leg_figures` for the legs between visits and from or to offices.
    """
    return {
        r.round_id: {
            "first_start": r.visits[0].start_s,
            "last_end": r.visits[-1].end_s,
            "paid_s": r.clock.paid_s,
            "contact_s": r.clock.contact_s,
            "travel_s": r.clock.travel_s,
            "wait_s": r.clock.waiting_s,
            "home_leg_s": r.clock.home_leg_s,
            "last_leg_s": r.clock.last_leg_s,
            **_summed(_figures(problem, leg) for leg in r.paid_legs),
        }
        for r in worked_rounds(problem, travel, roster)
    }


def leg_figures(
    problem: Problem, travel: Travel, roster: Roster
) -> dict[tuple[str, str], dict[str, int]]:
    """Return what ``roster.csv`` says of the leg into each visit besides its travel.

    By round_id and visit_id: ``ltn_crossings``, of cars alone; ``co2e_g``, grams;
    ``expenses``, the amount of its mileage or fare, 0 for a home leg.
    """
    return {
        (r.round_id, visit.visit_id): _figures(problem, leg)
        for r in worked_rounds(problem, travel, roster)
        for visit, leg in zip(r.visits, r.into, strict=True)
        if leg is not None
    }


def _figures(problem: Problem, leg: WorkedLeg) -> dict[str, int]:
    return {
        "ltn_crossings": leg.ltn_crossings if leg.mode is Mode.DRIVE else 0,
        "co2e_g": co2e_g(problem, leg.mode, leg.metres),
        "expenses": leg_mileage(problem, leg) + leg_fare(problem, leg),
    }


def _summed(legs: Iterable[dict[str, int]]) -> dict[str, int]:
    total = {"ltn_crossings": 0, "co2e_g": 0, "expenses": 0}
    for figures in legs:
        for name, value in figures.items():
            total[name] += value
    return total
