"""Planning: the search, its limits, what it returns, and where travel comes from."""

from roundplan.solve.params import SearchParams
from roundplan.solve.planner import plan
from roundplan.solve.previous import match_previous, past_roster
from roundplan.solve.progress import Callbacks, Progress
from roundplan.solve.result import Result
from roundplan.solve.stop import Stop
from roundplan.solve.travel import travel_for
from roundplan.solve.what_if import Change, Comparison, Figure, what_if

__all__ = [
    "Callbacks",
    "Change",
    "Comparison",
    "Figure",
    "Progress",
    "Result",
    "SearchParams",
    "Stop",
    "match_previous",
    "past_roster",
    "plan",
    "travel_for",
    "what_if",
]
