"""How long a proof may take: seconds, or labels where runs have to be repeatable."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Budget:
    """What is left of some seconds, or of some labels; the first to run out counts.

    Labels take about a microsecond each, on any machine the same number of them.
    """

    seconds: float | None = None
    labels: int | None = None
    _begun: float = field(default_factory=time.perf_counter)
    _spent: int = 0

    def spend(self, labels: int) -> None:
        """Count labels."""
        self._spent += labels

    @property
    def used(self) -> float:
        """The share that is used up."""
        shares = [0.0]
        if self.seconds is not None:
            passed = time.perf_counter() - self._begun
            shares.append(passed / max(self.seconds, 1e-9))
        if self.labels is not None:
            shares.append(self._spent / max(1, self.labels))
        return max(shares)

    @property
    def over(self) -> bool:
        """Whether there is nothing left."""
        return self.used >= 1

    def rest_s(self, share: float) -> float | None:
        """Return a share of the seconds, at most those left; None without seconds."""
        if self.seconds is None:
            return None
        left = self.seconds - (time.perf_counter() - self._begun)
        return max(0.0, min(share * self.seconds, left))
