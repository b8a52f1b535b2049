"""Planning many cells: one after the other, or on Dask with the extra ``cluster``.

Whoever plans a cell, this process writes its file, so a worker that is killed loses
its cell at most, and Dask plans that again elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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


def run_cells(
    work: Work,
    cells: Sequence[Cell],
    out: Path,
    hashes: tuple[tuple[str, str], ...],
    *,
    cluster: str | int | None = None,
    done: Callable[[Outcome, bool], None] = lambda *_: None,
) -> dict[Cell, Outcome]:
    """Return the outcome of every cell, planning those that have no file in ``out``.

    Parameters
    ----------
    hashes
        Of the folder's files (`ProblemFolder.hashes`): a cell of other inputs is
        planned again.
    cluster
        None to plan here, one after the other; a number of processes to start on this
        machine; or the address of a Dask scheduler, whose workers must see the folder
        under the same path. The outcomes are the same with ``iterations``.
    done
        Told of each outcome, and whether it was there already.

    Raises
    ------
    UsageError
        E1002. ``cluster`` is given and Dask is not installed, or nobody answers.
    """
    out.mkdir(parents=True, exist_ok=True)
    digest = inputs_digest(work, hashes)
    found: dict[Cell, Outcome] = {}
    for cell in cells:
        old = load_cell(out, cell, digest)
        if old is not None:
            found[cell] = old
            done(old, True)
    missing = [cell for cell in dict.fromkeys(cells) if cell not in found]
    for outcome in _planned(work, missing, cluster):
        save_cell(out, outcome, digest)
        found[outcome.cell] = outcome
        done(outcome, False)
    return {cell: found[cell] for cell in cells}


def _planned(
    work: Work, cells: Sequence[Cell], cluster: str | int | None
) -> Iterator[Outcome]:
    """Yield outcomes as they are finished."""
    if cluster is None:
        for cell in cells:
            yield plan_cell(work, cell)
    elif cells:
        with _client(cluster) as client:
            from distributed import as_completed

            futures = [
                client.submit(plan_cell, work, cell, key=f"{cell.name}", pure=False)
                for cell in cells
            ]
            for future in as_completed(futures):
                yield future.result()


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
