"""Choosing rounds from a pool, against all choices there are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from roundplan.solve.columns.partition import choose, relax
from roundplan.solve.columns.pool import Rounds


def tiny(seed: int) -> tuple[Rounds, np.ndarray, np.ndarray]:
    """At most nine rounds over five visits, in two groups of one and two spans."""
    rng = np.random.default_rng(seed)
    sets = [
        rng.choice(5, size=rng.integers(1, 4), replace=False)
        for _ in range(rng.integers(1, 10))
    ]
    rounds = Rounds(
        amount=3600 * rng.integers(1, 60, size=len(sets)),
        group=rng.integers(0, 2, size=len(sets)),
        at=np.concatenate(([0], np.cumsum([len(s) for s in sets]))),
        node=np.concatenate(sets),
    )
    return rounds, 3600 * rng.integers(1, 80, size=5), np.array([1, 2])


def cost_of_choice(
    rounds: Rounds, penalty: np.ndarray, spans: np.ndarray, chosen: tuple[int, ...]
) -> int | None:
    """What a choice costs, None where it takes more spans than there are."""
    used = np.bincount(rounds.group[list(chosen)], minlength=len(spans))
    if (used > spans).any():
        return None
    made = {
        int(i) for k in chosen for i in rounds.node[rounds.at[k] : rounds.at[k + 1]]
    }
    left = [i for i in range(len(penalty)) if i not in made]
    return int(rounds.amount[list(chosen)].sum() + penalty[left].sum())


@pytest.mark.parametrize("seed", range(60))
def test_the_choice_is_the_cheapest_of_all(seed: int) -> None:
    """Every subset of the rounds, each visit made at least once or paid for."""
    rounds, penalty, spans = tiny(seed)
    count = len(rounds.amount)
    costs = [
        cost
        for size in range(count + 1)
        for chosen in combinations(range(count), size)
        if (cost := cost_of_choice(rounds, penalty, spans, chosen)) is not None
    ]
    everything = np.ones(count, dtype=np.bool_)
    found = choose(rounds, penalty, spans, everything)
    assert found is not None
    assert cost_of_choice(rounds, penalty, spans, tuple(found.rounds)) == min(costs)
    assert min(costs) - 3600 < found.bound <= min(costs)
    relaxed = relax(rounds, penalty, spans)
    assert relaxed is not None
    assert relaxed.value <= min(costs) + 1
    # the rounds that the gap leaves hold a best choice too
    for incumbent in (min(costs) + 3600, max(costs) + 3600):
        among = relaxed.reduced < incumbent - relaxed.value
        found = choose(rounds, penalty, spans, among)
        assert found is not None
        assert cost_of_choice(rounds, penalty, spans, tuple(found.rounds)) == min(costs)
