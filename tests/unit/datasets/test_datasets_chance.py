"""Repeatable chance."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.datasets.chance import Dice
from roundplan.errors import UsageError


def test_the_stream_of_a_seed_is_the_one_recorded():
    """Another NumPy or platform that draws otherwise would change every data set."""
    dice = Dice(1, 3)
    drawn = [dice.whole(0, 99) for _ in range(8)]
    assert drawn == [1, 13, 45, 91, 83, 9, 50, 59]


def test_streams_of_one_seed_differ():
    assert Dice(1, 1).fraction() != Dice(1, 2).fraction()


def test_a_negative_seed_is_refused():
    with pytest.raises(UsageError, match="seed"):
        Dice(-1)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(0.01, 10), min_size=1, max_size=6),
    st.integers(0, 200),
    st.integers(0, 1000),
)
def test_dealt_items_follow_their_shares(shares, count, seed):
    """Every item comes up as often as its share says, to within one."""
    pairs = list(enumerate(shares))
    dealt = Counter(Dice(seed).dealt(pairs, count))
    assert sum(dealt.values()) == count
    for item, share in pairs:
        assert abs(dealt[item] - count * share / sum(shares)) < 1


def test_weights_of_zero_are_never_drawn():
    dice = Dice(5)
    drawn = {dice.weighted((("a", 0.0), ("b", 1.0), ("c", 0.0))) for _ in range(50)}
    assert drawn == {"b"}


def test_a_sample_holds_different_items():
    assert sorted(Dice(2).sample(range(6), 9)) == list(range(6))
