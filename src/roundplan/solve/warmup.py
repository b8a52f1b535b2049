"""Compiling the kernel before the clock starts, and knowing whether that takes long."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from roundplan.arrays import compile_arrays
from roundplan.domain import (
    BENCHMARK,
    CareWorker,
    Client,
    Contract,
    Horizon,
    Place,
    Problem,
    Shift,
    TimeWindow,
    Travel,
    TravelMatrix,
    Visit,
)
from roundplan.solve.engine import Engine
from roundplan.solve.params import SearchParams
from roundplan.units import HOUR_S


def is_compiled(engine: Engine) -> bool:
    """Return whether a kernel is in memory or in numba's cache on disk."""
    return all(_is_compiled(entry) for entry in engine.entries)


def _is_compiled(entry: Any) -> bool:
    if getattr(entry, "signatures", (0,)):
        return True
    cache = getattr(entry, "_cache", None)
    index = getattr(getattr(cache, "_cache_file", None), "_index_path", None)
    return index is not None and Path(index).exists()


def warm_up(engine: Engine) -> None:
    """Compile every function of a kernel, or load it, by searching a tiny problem.

    Types do not depend on sizes, so that no search compiles anything later.
    """
    engine.session(compile_arrays(*_tiny()), SearchParams(), 1).warm_up()


def _tiny() -> tuple[Problem, Travel]:
    def place(place_id: str) -> Place:
        return Place(place_id=place_id)

    problem = Problem(
        horizon=Horizon(start_date=date(2026, 6, 1), days=1),
        clients=(Client(client_id="C", place=place("C")),),
        workers=(
            CareWorker(worker_id="W", home=place("W"), contract=Contract(rate_p=1)),
        ),
        visits=(
            Visit(
                visit_id="V",
                client_id="C",
                day=0,
                window=TimeWindow(earliest_start_s=0, latest_start_s=HOUR_S),
                duration_s=HOUR_S,
            ),
        ),
        shifts=(
            Shift(shift_id="S", worker_id="W", day=0, start_s=0, end_s=4 * HOUR_S),
        ),
        policy=BENCHMARK,
    )
    zeros = np.zeros((1, 1), dtype=np.int32)
    matrix = TravelMatrix(
        profile="walk",
        period="all",
        place_ids=("C",),
        times_s=zeros,
        metres=zeros,
        ltn_crossings=zeros.astype(np.int16),
        modes=zeros.astype(np.int8),
    )
    return problem, Travel(matrices={"walk": matrix})
