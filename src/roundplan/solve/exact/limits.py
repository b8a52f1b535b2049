"""When the exact model is used; read before every plan, so it imports nothing heavy."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from roundplan.arrays.layout import ProblemArrays
from roundplan.errors import UsageError
from roundplan.solve.stop import Stop

Method = Literal["auto", "search", "exact"]
"""How a plan is made: the search and, where that takes no time, a proof; the search
alone; or a short search and then the exact model until it is proved."""

METHODS: tuple[Method, ...] = get_args(Method)

MOST_ARCS = 20_000
"""Legs to choose from above which the model is refused: far more than can be proved,
and where the solver needs half a gigabyte."""

SMALL = 8
"""Attendances up to which ``auto`` asks for a proof: docs/exact.md has the times."""

SMALL_EFFORT = 0.3
"""What such a proof may take, in the solver's own measure, which is the same on every
machine: about a second."""

HINT_SHARE, HINT_S = 0.1, 5.0
"""The search before ``exact`` in seconds: its share of the limit, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLimits:
    """When the solver gives up; None for no such limit.

    Parameters
    ----------
    seconds
        On the clock, from when the limits are made: loading the solver and building the
        model count.
    effort
        In the solver's own measure, which is the same on every machine.
    threads
        With more than one the roster is not repeatable, if there are several best.
    seed
        Of its random numbers.
    begun
        When the limits were made.
    """

    seconds: float | None = None
    effort: float | None = None
    threads: int = 1
    seed: int = 1
    begun: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float | None:
        """Seconds that are left."""
        if self.seconds is None:
            return None
        return max(0.0, self.seconds - (time.perf_counter() - self.begun))


def count_arcs(p: ProblemArrays) -> int:
    """Return how many legs the model can choose from, by span: what decides its size.

    Every two nodes of a span, whether there is time for the leg or not.
    """
    sizes: dict[int, int] = {}
    for low, high in p.fit_at:
        for r in p.fit[low:high]:
            sizes[int(r)] = sizes.get(int(r), 0) + 1
    return sum(n * n for n in sizes.values())


def refuse_too_large(p: ProblemArrays) -> None:
    """Refuse a problem that the exact model is too small for.

    Raises
    ------
    UsageError
        E1002. It has more than `MOST_ARCS`.
    """
    arcs = count_arcs(p)
    if arcs > MOST_ARCS:
        msg = (
            f"the exact model would have {arcs:,} legs to choose from, and it takes "
            f"{MOST_ARCS:,} at most: plan fewer days or visits, or plan by search"
        )
        raise UsageError(msg)


def known_method(method: str) -> Method:
    """Return a method by its name.

    Raises
    ------
    UsageError
        E1002. There is none of that name.
    """
    for known in METHODS:
        if method == known:
            return known
    msg = f"there is no method {method!r}; there are {', '.join(METHODS)}"
    raise UsageError(msg)


def wants_proof(method: Method, p: ProblemArrays) -> bool:
    """Return whether a plan ends with the exact model.

    Raises
    ------
    UsageError
        E1002. It is asked for, and the problem is too large.
    """
    if method == "exact":
        refuse_too_large(p)
        return True
    return method == "auto" and 0 < len(p.node) <= SMALL and count_arcs(p) <= MOST_ARCS


def hint_stop(stop: Stop) -> Stop:
    """Return the limits of the short search before ``exact``."""
    if stop.seconds is None:
        return stop
    return replace(stop, seconds=min(HINT_SHARE * stop.seconds, HINT_S))
