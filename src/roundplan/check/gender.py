"""Gender: the worker's gender is the one the client asked for."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._view import RosterView
from roundplan.check.violation import COUNT, Violation
from roundplan.domain import Gender, Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield attendances by a worker of another gender, or of one not recorded."""
    for stop in view.attendances:
        if stop.visit is None or stop.worker is None:
            continue
        asked = view.problem.client(stop.client_id).worker_gender
        if asked is not Gender.ANY and stop.worker.gender is not asked:
            yield stop.violation(
                Rule.GENDER,
                1,
                COUNT,
                f"Client {stop.client_id} asked for a {asked} worker, which worker "
                f"{stop.worker_id} at visit {stop.visit_id} is not recorded to be.",
            )
