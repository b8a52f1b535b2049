"""The desk: who else could make a visit, at what cost, and what a change changes."""

from __future__ import annotations

from roundplan.desk.clients import with_client
from roundplan.desk.difference import (
    ChangeKind,
    Difference,
    RosteredVisit,
    VisitChange,
    WorkerChange,
    difference,
)
from roundplan.desk.explain import Explanation, Hand, explain
from roundplan.desk.place import Offer, Placement, how_many, place
from roundplan.desk.repair import Attempt, Freedom, Repair, repair
from roundplan.desk.trial import Trial

__all__ = [
    "Attempt",
    "ChangeKind",
    "Difference",
    "Explanation",
    "Freedom",
    "Hand",
    "Offer",
    "Placement",
    "Repair",
    "RosteredVisit",
    "Trial",
    "VisitChange",
    "WorkerChange",
    "difference",
    "explain",
    "how_many",
    "place",
    "repair",
    "with_client",
]
