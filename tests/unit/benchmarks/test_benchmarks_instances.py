"""Drawn instances: the same for everybody, and possible."""

from __future__ import annotations

import numpy as np
import pytest

from days import problem_of
from instances import draw
from roundplan.errors import UsageError
from roundplan.solve import plan
from searching import effort


def test_an_instance_depends_on_size_and_seed_alone():
    assert (draw(60, 1).travel_s == draw(60, 1).travel_s).all()
    assert draw(60, 1).travel_s.sum() != draw(60, 2).travel_s.sum()


@pytest.mark.parametrize("visits", [1, 2, 7, 100, 1000])
def test_every_visit_can_be_made_in_some_shift(visits):
    day = draw(visits, 3)
    assert day.visits == visits
    begin = np.maximum(day.early_s[:, None], day.shift_start_s[None, :])
    ends = begin + day.duration_s[:, None] <= day.shift_end_s[None, :]
    assert ((begin <= day.late_s[:, None]) & ends).any(axis=1).all()
    assert (day.early_s <= day.late_s).all()
    assert (day.travel_s >= 0).all()


def test_places_are_shared_and_matrices_small():
    day = draw(1000, 1)
    assert len(day.travel_s) < 500
    assert day.travel_s.dtype == np.int32
    assert set(day.location.tolist()) == set(range(len(day.travel_s)))


def test_a_hundred_visits_leave_nobody_out():
    """The shifts are enough: a short search places everything."""
    result = plan(*problem_of(draw(100, 1)), iterations=effort(2000))
    assert result.roster.unassigned == ()


def test_no_visits_are_refused():
    with pytest.raises(UsageError):
        draw(0, 1)
