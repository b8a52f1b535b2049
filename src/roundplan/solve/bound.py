"""A lower bound: what no roster of a problem can cost less than, and why."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.units import AMOUNT_PER_PENNY

COLUMNS = "columns"
"""A proof by column generation (docs/bounds.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """No roster that keeps the rules costs less than ``amount`` (1/3600 penny).

    Parameters
    ----------
    proof
        How it was found: ``exact model`` or ``columns``.
    leaves_out
        Rules and prices of the objective that the proof does without, in words, each
        relaxed so that the bound stays valid; empty where it does without none.
    runtime_s
        Seconds that finding it took.
    """

    amount: int
    proof: str
    leaves_out: tuple[str, ...] = ()
    runtime_s: float = 0.0

    @property
    def pence(self) -> int:
        """The bound in whole pence, rounded down so that it stays one."""
        return self.amount // AMOUNT_PER_PENNY

    def gap(self, total: int) -> float:
        """Return the share of a cost that a better roster might save.

        (cost - bound) / cost, for a cost ``total`` in amounts: 0 when proved optimal.
        """
        return (total - self.amount) / total if total else 0.0


def tighter(one: Bound | None, other: Bound | None) -> Bound | None:
    """Return the higher of two bounds, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda bound: bound.amount)
