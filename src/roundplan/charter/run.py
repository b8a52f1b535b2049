"""Planning many cells: one after the other, or on Dask with the extra ``cluster``.

Whoever plans a cell, this process writes its file, so a worker that is killed loses
its cell at most, and Dask plans that again elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roundplan.charter.cells import (
    Cell,
    Outcome,
    Work,
    inputs_digest,
    load_cell,
    plan_cell,
    save_cell,
)
from roundplan.errors import UsageError

EXTRA = "pip install 'roundplan[cluster]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One problem folder of a run, and where its cells are kept."""

    work: Work
    out: Path


def run_cells(
    areas: Sequence[Area],
    cells: Sequence[Cell],
    *,
    cluster: str | int | None = None,
    done: Callable[[Area, Outcome, bool], None] = lambda *_: None,
) -> list[dict[Cell, Outcome]]:
    """Return the outcomes of every cell by area, planning those that have no file.

    Parameters
    ----------
    cluster
        None to plan here, one after the other; a number of processes to start on this
        machine; or the address of a Dask scheduler, whose workers must see the folders
        under the same paths. The outcomes are the same with ``iterations``.
    done
        Told of each outcome, and whether it was there already.

    Raises
    ------
    UsageError
        E1002. ``cluster`` is given and Dask is not installed, or nobody answers.
    """
    digests = [inputs_digest(area.work) for area in areas]
    found: list[dict[Cell, Outcome]] = [{} for _ in areas]
    missing: list[Task] = []
    for index, area in enumerate(areas):
        area.out.mkdir(parents=True, exist_ok=True)
        for cell in dict.fromkeys(cells):
            old = load_cell(area.out, cell, digests[index])
            if old is None:
                missing.append((index, area.work, cell))
            else:
                found[index][cell] = old
                done(area, old, True)
    for index, outcome in _planned(missing, cluster):
        save_cell(areas[index].out, outcome, digests[index])
        found[index][outcome.cell] = outcome
        done(areas[index], outcome, False)
    return found


Task = tuple[int, Work, Cell]
"""The number of an area, and a cell of it."""


def _planned(
    tasks: Sequence[Task], cluster: str | int | None
) -> Iterator[tuple[int, Outcome]]:
    """Yield outcomes as they are finished, each with the number of its area."""
    if cluster is None:
        for index, work, cell in tasks:
            yield index, plan_cell(work, cell)
    elif tasks:
        with _client(cluster) as client:
            from distributed import as_completed

            futures = {
                client.submit(plan_cell, work, cell, pure=False): index
                for index, work, cell in tasks
            }
            for future in as_completed(futures):
                yield futures[future], future.result()


@contextmanager
def _client(cluster: str | int) -> Iterator[Any]:
    """Give a Dask client of a cluster of one's own, or of one by its address."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        msg = f"planning on several processes needs Dask: {EXTRA}"
        raise UsageError(msg) from error
    if isinstance(cluster, int):
        # A thread each: the search has its own; no dashboard: nothing listens outside.
        with (
            LocalCluster(
                n_workers=cluster,
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
            ) as local,
            Client(local) as client,
        ):
            yield client
        return
    try:
        client = Client(cluster, timeout="10s")
    except (OSError, ValueError, TypeError) as error:
        msg = f"no Dask scheduler answers at {cluster}"
        raise UsageError(msg) from error
    with client:
        yield client
