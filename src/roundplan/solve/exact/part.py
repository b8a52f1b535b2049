"""What every part of the model is: some rules, some prices, one function."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from roundplan.domain import Rule
from roundplan.solve.exact.variables import Linear, Variables


class Part(ABC):
    """Rules and prices that are posted together.

    Attributes
    ----------
    rules
        Those that the part keeps.
    terms
        Those of `roundplan.cost.CostBreakdown` that ``post`` returns the sum of.
    """

    rules: ClassVar[frozenset[Rule]] = frozenset()
    terms: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def post(self, x: Variables) -> Linear:
        """Post the constraints; return the amount, exact in every solution."""
