"""Lower bounds: below every optimum, near it where they should be."""

from __future__ import annotations

import numpy as np
import pytest

import day_bound
from day_bound import UNIT, Pricing, path_cover
from days_by_hand import optimum, tight

SMALL = [(5, 2), (6, 2), (6, 3), (7, 3)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("visits", "shifts"), SMALL)
def test_no_bound_is_above_the_optimum(visits, shifts, seed):
    """Path cover, and prices of any kind: high, low, none, random."""
    day = tight(visits, shifts, seed)
    best = optimum(day)
    assert path_cover(day) <= best
    pricing = Pricing(day)
    none = np.zeros(len(day.groups()), dtype=np.int64)
    chance = np.random.default_rng(seed)
    for highest in (0, 300, 1000, 3000, 90_000):
        price = chance.integers(0, highest * UNIT + 1, visits)
        bound, _ = pricing(price, price, none)
        assert bound is not None
        assert bound <= best * UNIT


def test_prices_that_pay_exactly_for_a_round_reach_the_optimum():
    """One visit alone in each round costs nothing: the bound is 0, not below."""
    day = tight(5, 2, 1)
    none = np.zeros(len(day.groups()), dtype=np.int64)
    zero = np.zeros(5, dtype=np.int64)
    assert Pricing(day)(zero, zero, none) == (0, [])


def test_columns_are_rounds_that_can_be_made():
    """What the pricing hands over is worth it, and the judge finds nothing wrong."""
    from day_file import Stops, judge

    day = tight(12, 4, 3)
    price = np.full(12, 3000 * UNIT, dtype=np.int64)
    none = np.zeros(len(day.groups()), dtype=np.int64)
    _, found = Pricing(day)(price, price, none)
    assert found
    shifts = list(day.groups().values())
    for column in found:
        assert column.travel_s < 3000 * len(column.visits)
        if len(set(column.visits)) == len(column.visits):
            verdict = judge(day, [Stops(shifts[column.group][0], column.visits)])
            assert (verdict.faults, verdict.travel_s) == ((), column.travel_s)


def test_too_many_labels_give_up_rather_than_lie(monkeypatch):
    monkeypatch.setattr(day_bound, "LABELS", 0)
    monkeypatch.setattr(day_bound, "ROOM", 4)
    day = tight(12, 4, 3)
    price = np.full(12, 3000 * UNIT, dtype=np.int64)
    assert Pricing(day)(price, price, np.zeros(9, dtype=np.int64)) == (None, [])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("visits", "shifts"), SMALL)
def test_columns_are_below_the_optimum_and_above_the_path_cover(visits, shifts, seed):
    pytest.importorskip("ortools", reason="the bench group is not installed")
    day = tight(visits, shifts, seed)
    found, done = day_bound.columns(day, 10)
    assert done
    assert found <= optimum(day)
    assert day_bound.best_bound(day, 10).travel_s >= path_cover(day)
