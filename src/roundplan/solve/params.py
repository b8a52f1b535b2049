"""Parameters of the search, with defaults that an empty configuration gives."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from roundplan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """How the search works; none of them changes what a roster costs.

    Parameters
    ----------
    mean_removed
        Mean number of visits that removing strings takes out.
    blink
        One span in so many is passed over by chance when inserting, so that greedy
        insertion does not always do the same.
    bank_tried
        Absent visits tried in each iteration besides those it removed. Trying
        thousands of unplaceable visits each time would bring the search to a halt.
    moments
        Starts tried for a double-handed visit at each insertion.
    runs_share
        Share of the limits in which a plan of at least two weeks makes weekly runs
        first; 0 for none (`roundplan.solve.runs`).
    hot, cold
        Temperatures at the start and the end, as shares of what one visit's travel
        costs on average in the first roster.
    strings, client_worker, two_rounds, client_week, make_room, worker_days, vehicle
        Weights of the ruins (`roundplan.solve.lns.ruin`).
    """

    mean_removed: int = 10
    blink: int = 100
    bank_tried: int = 6
    moments: int = 4
    runs_share: float = 0.4
    hot: float = 1.0
    cold: float = 0.03
    strings: int = 70
    client_worker: int = 100
    two_rounds: int = 3
    client_week: int = 3
    make_room: int = 3
    worker_days: int = 1
    vehicle: int = 5

    def __post_init__(self) -> None:
        """Refuse values that stop the search from working."""
        whole = ("mean_removed", "moments", "strings")
        if any(getattr(self, name) < 1 for name in whole):
            msg = f"{', '.join(whole)} must be at least 1"
            raise UsageError(msg)
        if not 0 < self.cold <= self.hot < math.inf:
            msg = "temperatures must be above 0, and not rise"
            raise UsageError(msg)
        if not 0 <= self.runs_share < 1:
            msg = "runs_share must be at least 0 and below 1"
            raise UsageError(msg)
        ruins = (self.client_worker, self.two_rounds, self.client_week)
        if (
            min(*ruins, self.make_room, self.worker_days, self.vehicle) < 0
            or min(self.blink, self.bank_tried) < 0
        ):
            msg = "weights of ruins, blink and bank_tried must not be negative"
            raise UsageError(msg)

    def as_text(self) -> tuple[tuple[str, str], ...]:
        """Return names and values for a roster's provenance."""
        return tuple((name, str(value)) for name, value in asdict(self).items())
