"""Starts within one round against every start on a grid of five minutes.

Times, windows and travel are multiples of the grid, so the best starts are on it: all
costs are piecewise linear between times that are.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import helpers as h
import searching as s
from roundplan.cost import cost_of
from roundplan.domain import (
    Policy,
    Priority,
    Problem,
    Roster,
    Shift,
    TimeWindow,
    Visit,
    named_policy,
)

GRID = 300
ALL_PAID = 10**6
"""A longest paid wait that no wait reaches."""


def one_round(seed: int, policy: Policy) -> Problem:
    """Two to four visits whose windows follow each other: the order is forced."""
    rng = np.random.default_rng(seed)
    opens = 7 * 3600 + GRID * int(rng.integers(0, 12))
    visits: list[Visit] = []
    for k in range(int(rng.integers(2, 5))):
        width = GRID * int(rng.choice([0, 1, 3, 6, 8]))
        visits.append(
            Visit(
                visit_id=f"V{k}",
                client_id=f"C{rng.integers(3)}",
                day=0,
                window=TimeWindow(earliest_start_s=opens, latest_start_s=opens + width),
                duration_s=GRID * int(rng.integers(6, 13)),
                # also before the window, and after it
                preferred_start_s=opens + GRID * int(rng.integers(-3, 12))
                if rng.random() < 0.7
                else None,
                priority=tuple(Priority)[rng.integers(3)],
                time_critical=bool(rng.random() < 0.3),
            )
        )
        # after this one's last start, lateness included; before its end or long after
        opens += (
            width + policy.soft_lateness_s + GRID * int(rng.choice([1, 2, 5, 9, 20]))
        )
    clients = [
        h.client(f"C{c}", x=300.0 * int(rng.integers(0, 9)), introduced_workers=("W1",))
        for c in range(3)
    ]
    rate = h.contract(rate_p=int(rng.choice([1480, 1600, 2400])))
    shift = h.shift(start="06:30", end="23:00")
    return h.problem(visits, [h.worker(contract=rate)], [shift], clients, policy=policy)


def every_start(problem: Problem) -> list[np.ndarray]:
    """Starts of each visit, one array a visit, over all combinations on the grid."""
    policy = problem.policy
    ranges = []
    for visit in problem.visits:
        hard = visit.time_critical or visit.priority is Priority.ESSENTIAL
        late = 0 if hard else policy.soft_lateness_s
        window = visit.window
        ranges.append(
            np.arange(window.earliest_start_s, window.latest_start_s + late + 1, GRID)
        )
    return np.meshgrid(*ranges, indexing="ij", sparse=True)


def legs(problem: Problem) -> list[int]:
    by = h.travel(problem)
    found = [
        by.leg("walk", a.client_id, b.client_id) for a, b in pairwise(problem.visits)
    ]
    return [leg.seconds for leg in found if leg is not None]


def dearness(problem: Problem, starts: list[np.ndarray], paid_gap: int) -> np.ndarray:
    """Amounts that depend on the starts, infinite where the order cannot be kept."""
    policy = problem.policy
    rate = problem.workers[0].contract.rate_p or 0
    amount = np.zeros(np.broadcast_shapes(*(x.shape for x in starts)))
    for (visit, x), (_, y), leg in zip(
        zip(problem.visits, starts, strict=True),
        list(zip(problem.visits, starts, strict=True))[1:],
        legs(problem),
        strict=False,
    ):
        wait = y - x - visit.duration_s - leg
        buffer = policy.buffer_s if leg else 0
        amount = amount + np.where(wait <= paid_gap, wait * rate, 0)
        amount = np.where(wait < buffer, np.inf, amount)
    for visit, x in zip(problem.visits, starts, strict=True):
        if visit.preferred_start_s is not None:
            away = np.abs(x - visit.preferred_start_s)
            amount = amount + away * 60 * policy.preferred_start_p_min
        late = np.maximum(0, x - visit.window.latest_start_s)
        amount = amount + late * 60 * policy.lateness_p_min
    return amount


def best_on_grid(problem: Problem, amount: np.ndarray) -> Roster:
    """The cheapest of the grid as a roster."""
    at = np.unravel_index(np.argmin(amount), amount.shape)
    stops = [
        (v.visit_id, int(x.flat[i]))
        for v, x, i in zip(problem.visits, every_start(problem), at, strict=True)
    ]
    its_shift: Shift = problem.shifts[0]
    return h.roster(problem, h.travel(problem), {its_shift.shift_id: stops})


def policy_of(preferred_p_min: int, lateness_p_min: int, paid_gap_s: int) -> Policy:
    # no break, which would be one more choice, and no visit worth leaving out
    return named_policy(
        "charter",
        preferred_start_p_min=preferred_p_min,
        lateness_p_min=lateness_p_min,
        paid_gap_max_s=paid_gap_s,
        buffer_s=GRID,
        break_after_s=86_400,
        unassigned_standard_p=1_000_000,
        unassigned_flexible_p=1_000_000,
    )


@settings(deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 10**6),
    preferred=st.sampled_from([0, 2, 20, 50]),
    lateness=st.sampled_from([0, 5, 20, 100]),
)
@example(seed=417, preferred=2, lateness=0)
def test_starts_of_a_round_are_the_cheapest_there_are(
    seed: int, preferred: int, lateness: int
) -> None:
    """With every wait paid, no combination of starts is cheaper than the plan's."""
    problem = one_round(seed, policy_of(preferred, lateness, ALL_PAID))
    starts = every_start(problem)
    amount = dearness(problem, starts, ALL_PAID)
    result = s.planned(problem, iterations=30)
    if not np.isfinite(amount.min()):
        assert result.roster.unassigned
        return
    assert s.left_out(result.roster) == {}
    best = best_on_grid(problem, amount)
    assert result.cost.total == cost_of(problem, h.travel(problem), best).total


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    preferred=st.sampled_from([0, 2, 20]),
    paid_gap=st.sampled_from([0, 900, 1800]),
)
@example(seed=501, preferred=2, paid_gap=900)
def test_unpaid_gaps_stay_where_the_earliest_starts_have_them(
    seed: int, preferred: int, paid_gap: int
) -> None:
    """No cheaper starts among those with the unpaid gaps of the earliest schedule.

    A visit before an unpaid gap keeps clear of the next one's earliest start.
    """
    problem = one_round(seed, policy_of(preferred, 20, paid_gap))
    starts = every_start(problem)
    amount = dearness(problem, starts, paid_gap)
    result = s.planned(problem, iterations=30)
    if not np.isfinite(amount.min()):
        return
    earliest: list[int] = []
    for k, visit in enumerate(problem.visits):
        ready = visit.window.earliest_start_s
        if k:
            before, leg = problem.visits[k - 1], legs(problem)[k - 1]
            need = leg + problem.policy.buffer_s if leg else 0
            ready = max(ready, earliest[-1] + before.duration_s + need)
        earliest.append(ready)
    for k, leg in enumerate(legs(problem)):
        length = problem.visits[k].duration_s + leg
        x, y = starts[k], starts[k + 1]
        if earliest[k + 1] - earliest[k] - length > paid_gap:
            allowed = x <= max(earliest[k], earliest[k + 1] - length - paid_gap - 60)
        else:
            allowed = y - x - length <= paid_gap
        amount = np.where(allowed, amount, np.inf)
    assert s.left_out(result.roster) == {}
    if np.isfinite(amount.min()):
        best = best_on_grid(problem, amount)
        assert result.cost.total <= cost_of(problem, h.travel(problem), best).total


def test_the_grid_would_notice_a_start_five_minutes_off() -> None:
    """The oracle itself: moving a visit away from its best start costs more."""
    policy = policy_of(2, 20, ALL_PAID)
    problem = h.problem(
        [h.visit("V0", preferred_start_s=h.clock("08:30"))],
        clients=[h.client(introduced_workers=("W1",))],
        policy=policy,
    )
    amount = dearness(problem, every_start(problem), ALL_PAID)
    assert s.starts(best_on_grid(problem, amount)) == {"V0": {h.clock("08:30")}}
    by = h.travel(problem)
    best = s.planned(problem)
    for start in ("08:25", "08:35"):
        moved = h.roster(problem, by, {"W1@0-07:00": [("V0", start)]})
        assert cost_of(problem, by, moved).total == pytest.approx(
            best.cost.total + 5 * 2 * 3600
        )
