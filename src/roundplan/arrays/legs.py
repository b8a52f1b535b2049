"""Travel as arrays: the seconds and the amount of every leg between distinct points."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from roundplan.arrays.layout import NO_WAY_S, Int32, Int64
from roundplan.cost import co2e_g_km, fare_p, mileage_p
from roundplan.domain import MODE_CODES, UNREACHABLE, Mode, Problem, Travel
from roundplan.domain.timed import Point, TimedLegs, timed_legs
from roundplan.errors import UsageError
from roundplan.units import AMOUNT_PER_PENNY, MINUTE_S, mileage_amount

PER_MINUTE = AMOUNT_PER_PENNY // MINUTE_S
"""Amount per second of one penny a minute."""

DEAREST = (1 << 31) - 1
"""Largest amount of a leg apart from pay, and pence of one attendance of a worker at a
client: these are the largest arrays, and the search is faster with half their size."""


def compile_legs(
    problem: Problem,
    travel: Travel,
    profiles: tuple[str, ...],
    points: tuple[Point, ...],
) -> tuple[Int32, Int32, dict[Point, int]]:
    """Return the legs between the points that a plan can use.

    Points with the same legs to and from everywhere, as several clients in one house
    have, share a row: the search reads legs all the time, and the fewer there are the
    more of them stay in the processor's cache. Where legs take longer at some times,
    a client has a row for each of those in which a visit begins or ends.

    Returns
    -------
    tuple
        ``leg_s`` and ``leg_p`` of `ProblemArrays`, (Y, M, M), and the row, 0 to
        M - 1, of each point.

    Raises
    ------
    UsageError
        E1002. The policy's prices make a leg too dear for the search's integers.
    """
    by = [timed_legs(problem.horizon, travel, profile) for profile in profiles]
    # those at one place whose legs are the same at any time, by the first of them
    unlike: dict[tuple[object, ...], Point] = {}
    like = {
        p: unlike.setdefault((p.place_id, *(legs.pattern(p) for legs in by)), p)
        for p in points
    }
    distinct_points = tuple(unlike.values())
    seconds, amounts = _all_legs(problem, travel, by, distinct_points)
    turned = [legs.transpose(0, 2, 1) for legs in (seconds, amounts)]
    tables = [np.ascontiguousarray(legs) for legs in (seconds, amounts, *turned)]
    rows: dict[bytes, int] = {}
    firsts: list[int] = []
    at: dict[Point, int] = {}
    for row, point in enumerate(distinct_points):
        digest = blake2b()
        for table in tables:
            for layer in table:
                digest.update(layer[row].tobytes())
        key = digest.digest()
        if key not in rows:
            rows[key] = len(firsts)
            firsts.append(row)
        at[point] = rows[key]
    distinct = np.ix_(range(len(seconds)), firsts, firsts)
    return seconds[distinct], amounts[distinct], {p: at[like[p]] for p in points}


def _all_legs(
    problem: Problem, travel: Travel, by: list[TimedLegs], points: tuple[Point, ...]
) -> tuple[Int32, Int32]:
    """Return the seconds and the amounts of every leg, by profile."""
    policy = problem.policy
    m = len(points)
    homes = {w.worker_id for w in problem.workers}
    is_home = np.array([p.place_id in homes for p in points], dtype=np.bool_).reshape(m)
    at_home = is_home[:, None] | is_home[None, :]
    new_cell = _cell_changes(travel, points) * policy.cell_change_p * AMOUNT_PER_PENNY
    carbon_p = 0
    if policy.carbon_p_tonne:
        carbon_p = co2e_g_km(problem, Mode.DRIVE) * policy.carbon_p_tonne
    seconds = np.zeros((max(1, len(by)), m, m), dtype=np.int32)
    amounts = np.zeros_like(seconds)
    for y, legs in enumerate(by):
        matrix = legs.table(points)
        no_way = matrix.times_s == UNREACHABLE
        step = policy.travel_rounding_s
        time = -(-matrix.times_s.astype(np.int64) // step) * step
        metres = matrix.metres.astype(np.int64)
        price = time * policy.travel_p_min * PER_MINUTE + new_cell
        driven = matrix.modes == MODE_CODES.index(Mode.DRIVE)
        for code, mode in enumerate(MODE_CODES):
            by_mode = matrix.modes == code
            if (rate := mileage_p(problem, mode)) and by_mode.any():
                price += np.where(by_mode, mileage_amount(metres, rate), 0)
        rides = (matrix.modes == MODE_CODES.index(Mode.TRANSIT)) & (matrix.times_s > 0)
        if rides.any():
            price += np.where(rides, fare_p(problem) * AMOUNT_PER_PENNY, 0)
        crossed = matrix.ltn_crossings.astype(np.int64)
        crossed = crossed * policy.ltn_crossing_p * AMOUNT_PER_PENNY
        carbon = metres * carbon_p * AMOUNT_PER_PENNY // 10**9
        price += np.where(driven, crossed + carbon, 0)
        # home legs are the worker's own time, parking and all
        time += np.where(driven & (time > 0) & ~at_home, policy.parking_s, 0)
        np.fill_diagonal(time, 0)
        np.fill_diagonal(price, 0)
        seconds[y] = np.where(no_way, NO_WAY_S, time)
        price = np.where(no_way, 0, price)
        if price.size and price.max() > DEAREST:
            pounds = DEAREST // (100 * AMOUNT_PER_PENNY)
            msg = f"the policy's prices make a leg cost more than {pounds:,} pounds"
            raise UsageError(msg)
        amounts[y] = price
    return seconds, amounts


def _cell_changes(travel: Travel, points: tuple[Point, ...]) -> Int64:
    """Return int64 (m, m), 1 where `Travel.changes_cell` holds."""
    number = {name: i for i, name in enumerate(dict.fromkeys(travel.cells.values()))}
    cells = [travel.cells.get(p.place_id) for p in points]
    cell = np.array([-1 if c is None else number[c] for c in cells], dtype=np.int64)
    known = cell >= 0
    different = cell[:, None] != cell[None, :]
    changes: Int64 = (different & known[:, None] & known[None, :]).astype(np.int64)
    return changes
