"""Planning many trials: one after the other, or on Dask with the extra ``cluster``.

Whoever plans a trial, this process writes its file, so a worker that is killed loses
its trial at most, and Dask plans that again elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roundplan.charter.trials import (
    Outcome,
    Trial,
    Work,
    inputs_digest,
    load_trial,
    plan_trial,
    save_trial,
)
from roundplan.errors import UsageError

EXTRA = "pip install 'roundplan[cluster]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One problem folder of a run, and where its trials are kept."""

    work: Work
    out: Path


def run_trials(
    areas: Sequence[Area],
    trials: Sequence[Trial],
    *,
    cluster: str | int | None = None,
    done: Callable[[Area, Outcome, bool], None] = lambda *_: None,
) -> list[dict[Trial, Outcome]]:
    """Return the outcomes of every trial by area, planning those that have no file.

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
    found: list[dict[Trial, Outcome]] = [{} for _ in areas]
    missing: list[Task] = []
    for index, area in enumerate(areas):
        area.out.mkdir(parents=True, exist_ok=True)
        for trial in dict.fromkeys(trials):
            old = load_trial(area.out, trial, digests[index])
            if old is None:
                missing.append((index, area.work, trial))
            else:
                found[index][trial] = old
                done(area, old, True)
    for index, outcome in _planned(missing, cluster):
        save_trial(areas[index].out, outcome, digests[index])
        found[index][outcome.trial] = outcome
        done(areas[index], outcome, False)
    return found


Task = tuple[int, Work, Trial]
"""The number of an area, and a trial of it."""


def _planned(
    tasks: Sequence[Task], cluster: str | int | None
) -> Iterator[tuple[int, Outcome]]:
    """Yield outcomes as they are finished, each with the number of its area."""
    if cluster is None:
        for index, work, trial in tasks:
            yield index, plan_trial(work, trial)
    elif tasks:
        with _client(cluster) as client:
            from distributed import as_completed

            futures = {
                client.submit(plan_trial, work, trial, pure=False): index
                for index, work, trial in tasks
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
