"""Repeatable chance: the same seed draws the same things on every platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from roundplan.errors import UsageError

T = TypeVar("T")


class Dice:
    """Draws from one stream of a seed.

    Everything is derived from uniform numbers of NumPy's PCG64, whose raw stream is
    promised to stay the same between versions and machines; ``Generator.choice`` and
    the distributions are not. Each part of a data set has a stream of its own, so
    that a change in one part leaves the others as they were.

    Parameters
    ----------
    seed
        At least 0.
    stream
        Numbers that tell the streams of one seed apart.

    Raises
    ------
    UsageError
        E1002. A negative seed.
    """

    def __init__(self, seed: int, *stream: int) -> None:
        if seed < 0:
            msg = f"a seed is a whole number from 0 up, not {seed}"
            raise UsageError(msg)
        sequence = np.random.SeedSequence([seed, *stream])
        self._uniform = np.random.Generator(np.random.PCG64(sequence))

    def fraction(self) -> float:
        """Draw from [0, 1)."""
        return float(self._uniform.random())

    def between(self, low: float, high: float) -> float:
        """Draw a real number from [low, high)."""
        return low + (high - low) * self.fraction()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def happens(self, probability: float) -> bool:
        """Return True with a probability."""
        return self.fraction() < probability

    def pick(self, items: Sequence[T]) -> T:
        """Draw one item, all alike."""
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """Draw one item of (item, weight) pairs."""
        left = self.fraction() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a drawn order."""
        order = list(items)
        for i in range(len(order) - 1, 0, -1):
            j = self.whole(0, i)
            order[i], order[j] = order[j], order[i]
        return order

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Draw different items, at most as many as there are."""
        return self.shuffled(items)[:count]

    def dealt(self, shares: Sequence[tuple[T, float]], count: int) -> list[T]:
        """Return ``count`` items in a drawn order, in proportion to their shares.

        Counts follow the shares by largest remainder, so that even a small data set
        has the mix that was asked for.
        """
        total = sum(share for _, share in shares)
        exact = [share * count / total for _, share in shares]
        counts = [int(e) for e in exact]
        by_remainder = sorted(
            range(len(shares)), key=lambda i: (counts[i] - exact[i], i)
        )
        for i in by_remainder[: count - sum(counts)]:
            counts[i] += 1
        items = [
            item for (item, _), n in zip(shares, counts, strict=True) for _ in range(n)
        ]
        return self.shuffled(items)
