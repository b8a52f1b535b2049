"""Whole tiny problems against every roster on a coarse grid (`grid_rosters`).

Each is costed by `cost` and, where it would be cheaper than the plan, tested by
`check`: it must break a rule. Seeds are fixed, since a heuristic may miss the best
roster now and then.
"""

from __future__ import annotations

import pytest

import helpers as h
import searching as s
from grid_rosters import every_roster, tiny_problem
from roundplan.check import broken, check
from roundplan.cost import cost_of


@pytest.mark.parametrize("seed", range(40))
def test_no_roster_on_the_grid_is_cheaper_and_sound(seed: int) -> None:
    """Each cheaper roster breaks a rule."""
    problem = tiny_problem(seed)
    by = h.travel(problem)
    plans = [s.planned(problem, by, iterations=300, seed=k) for k in (1, 2)]
    best = min(plan.cost.total for plan in plans)
    for other in every_roster(problem, by):
        if cost_of(problem, by, other).total < best:
            assert broken(check(problem, by, other)), other


def test_the_grid_holds_sound_rosters() -> None:
    """The oracle itself: on some problems the grid places as much as the plan does."""
    sound = 0
    for seed in range(6):
        problem = tiny_problem(seed)
        by = h.travel(problem)
        plan = s.planned(problem, by)
        costs = [
            cost_of(problem, by, other).total
            for other in every_roster(problem, by)
            if len(other.unassigned) <= len(plan.roster.unassigned)
            and not broken(check(problem, by, other))
        ]
        sound += bool(costs)
        assert all(cost >= plan.cost.total for cost in costs)
    assert sound >= 3
