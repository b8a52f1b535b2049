"""The desk: why a visit has whom it has, and what another worker would cost."""

from __future__ import annotations

from roundplan.desk.explain import Explanation, Hand, explain
from roundplan.desk.trial import Trial

__all__ = ["Explanation", "Hand", "Trial", "explain"]
