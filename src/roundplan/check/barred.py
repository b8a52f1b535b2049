"""Barred: the worker is not barred from the client."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, Violation
from roundplan.domain import Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield attendances by a worker whom the client must not be sent."""
    for stop in view.attendances:
        if stop.visit is None:
            continue
        if stop.worker_id in view.problem.client(stop.client_id).barred_workers:
            yield stop.violation(
                Rule.BARRED,
                1,
                COUNT,
                f"Worker {stop.worker_id} is barred from client {stop.client_id} "
                f"but makes visit {stop.visit_id}.",
            )
