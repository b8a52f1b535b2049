"""A roster between the search and the exact model."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.arrays.layout import Int64


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A roster as the search has it, with its amount.

    ``spot`` (N, 2): span of each node, -1 when absent, and start. ``breaks`` (R,): the
    place in the round after which its break is taken, -1 for none.
    """

    spot: Int64
    breaks: Int64
    amount: int
