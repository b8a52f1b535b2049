"""A long search does not grow: the kernel allocates nothing, traces are thinned out.

Twenty seconds by default. ``ROUNDPLAN_SOAK_S=300 uv run pytest tests/integration/
test_soak.py`` runs the five minutes that a change of the search must pass.
"""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from roundplan.formats import load_problem
from roundplan.solve import plan, travel_for
from roundplan.solve.progress import Callbacks, Progress

DEMO = Path(__file__).parents[2] / "data" / "demo"
SOAK_S = float(os.environ.get("ROUNDPLAN_SOAK_S", "20"))
GROWTH_MB = 8.0
"""Room for the trace of at most 2,000 entries, and for Python's own caches."""


class Watch(Callbacks):
    """Reads the memory in use at every progress report."""

    def __init__(self) -> None:
        self.resident_mb: list[float] = []
        self.python_mb: list[float] = []

    def on_progress(self, progress: Progress) -> None:
        """Note both kinds of memory; the first tenth is for warming up."""
        if progress.fraction > 0.1:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
            self.resident_mb.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
            self.python_mb.append(tracemalloc.get_traced_memory()[0] / 1e6)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
@pytest.mark.parametrize("threads", [1, 2])
def test_memory_does_not_grow(threads: int) -> None:
    """Neither the process nor what Python has allocated."""
    folder = load_problem(DEMO)
    travel = travel_for(folder)
    watch = Watch()
    tracemalloc.start()
    try:
        plan(
            folder.problem,
            travel,
            seconds=SOAK_S / 2,
            threads=threads,
            trace=True,
            callbacks=watch,
        )
    finally:
        tracemalloc.stop()
    assert watch.resident_mb, "no progress was reported"
    assert max(watch.resident_mb) - watch.resident_mb[0] < GROWTH_MB
    assert max(watch.python_mb) - watch.python_mb[0] < GROWTH_MB
