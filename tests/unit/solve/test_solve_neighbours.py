"""Which visits are near which."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import travel
from problems import random_problem
from roundplan.arrays import compile_arrays
from roundplan.solve.lns import neighbours


@pytest.mark.parametrize("values", [3, 40, 10**6])
def test_the_least_are_those_of_a_stable_sort(values):
    """With many equal values, some and none."""
    chance = np.random.default_rng(values)
    key = chance.integers(0, values, (50, 90)).astype(np.float64)
    for count in (0, 1, 7, 44, 45, 89):
        expected = np.argsort(key, axis=1, kind="stable")[:, :count]
        assert (neighbours._least(key, count) == expected).all()


def test_a_few_rows_at_a_time_give_what_all_at_once_give(monkeypatch):
    problem = random_problem(5, size=3)
    arrays = compile_arrays(problem, travel(problem)).arrays
    at_once = neighbours.nearest_visits(arrays)
    monkeypatch.setattr(neighbours, "AT_ONCE", 1)
    assert (neighbours.nearest_visits(arrays) == at_once).all()
    monkeypatch.setattr(neighbours, "AT_ONCE", 3 * len(at_once[0]))
    assert (neighbours.nearest_visits(arrays) == at_once).all()
    assert len(np.unique(at_once[0, :, 0])) > 2
