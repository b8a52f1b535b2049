"""Home-care rostering that keeps the Ethical Care Charter, on real streets.

The names here are the Python API of rostering staff; they are loaded when first used,
so that importing the package costs nothing.

>>> import roundplan
>>> "plan" in dir(roundplan)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roundplan.charter.auditing import audit
    from roundplan.check import Violation, broken, check
    from roundplan.cost import CostBreakdown, cost_of, kpis
    from roundplan.desk import difference, explain, how_many, place, repair
    from roundplan.formats import (
        load_changes,
        load_previous,
        load_problem,
        load_roster,
        save_problem,
        save_roster,
    )
    from roundplan.network import build_network, load_network, save_network
    from roundplan.solve import (
        Callbacks,
        Result,
        SearchParams,
        match_previous,
        plan,
        travel_for,
        what_if,
    )

_HOMES = {
    "audit": "charter.auditing",
    "Callbacks": "solve",
    "CostBreakdown": "cost",
    "Result": "solve",
    "SearchParams": "solve",
    "Violation": "check",
    "broken": "check",
    "build_network": "network",
    "check": "check",
    "cost_of": "cost",
    "difference": "desk",
    "explain": "desk",
    "how_many": "desk",
    "kpis": "cost",
    "load_changes": "formats",
    "load_network": "network",
    "load_previous": "formats",
    "load_problem": "formats",
    "load_roster": "formats",
    "match_previous": "solve",
    "place": "desk",
    "plan": "solve",
    "repair": "desk",
    "save_network": "network",
    "save_problem": "formats",
    "save_roster": "formats",
    "travel_for": "solve",
    "what_if": "solve",
}

__all__ = [
    "Callbacks",
    "CostBreakdown",
    "Result",
    "SearchParams",
    "Violation",
    "audit",
    "broken",
    "build_network",
    "check",
    "cost_of",
    "difference",
    "explain",
    "how_many",
    "kpis",
    "load_changes",
    "load_network",
    "load_previous",
    "load_problem",
    "load_roster",
    "match_previous",
    "place",
    "plan",
    "repair",
    "save_network",
    "save_problem",
    "save_roster",
    "travel_for",
    "what_if",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'roundplan' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"roundplan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
