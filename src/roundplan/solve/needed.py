"""Which periods of travel a problem needs."""

from __future__ import annotations

from collections.abc import Sequence

from roundplan.domain import CareWorker, Period, Problem
from roundplan.domain.timed import stretches


def needed_periods(
    problem: Problem, riders: Sequence[CareWorker], names: Sequence[str]
) -> list[str]:
    """Return those of some periods that a shift of these workers meets."""
    whose = {w.worker_id for w in riders}
    spans = [(s.start_s, s.end_s) for s in problem.work_shifts if s.worker_id in whose]
    periods = [Period.parse(name) for name in names]
    met = {
        stretch.matrix - 1
        for stretch in stretches(problem.horizon, periods)
        if any(stretch.start_s < end and start < stretch.end_s for start, end in spans)
    }
    return [name for i, name in enumerate(names) if i in met]
