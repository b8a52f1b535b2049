"""A client who is new, with the travel times of one nearby."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from roundplan.domain import Client, Event, Problem, Travel, TravelMatrix
from roundplan.errors import UsageError


def with_new_clients(
    problem: Problem, travel: Travel, events: Iterable[Event]
) -> tuple[Problem, Travel]:
    """Return problem and travel with the clients that events bring (``beside``).

    Raises
    ------
    UsageError
        E1002. A client is there already, or is beside two, or beside nobody known.
    """
    new: dict[str, str] = {}
    for event in events:
        if event.beside is None or event.client_id is None:
            continue
        if new.setdefault(event.client_id, event.beside) != event.beside:
            msg = f"the new client {event.client_id} is beside two clients"
            raise UsageError(msg)
    for client_id, beside in new.items():
        problem, travel = with_client(problem, travel, client_id, beside=beside)
    return problem, travel


def with_client(
    problem: Problem, travel: Travel, client_id: str, *, beside: str
) -> tuple[Problem, Travel]:
    """Return problem and travel with a new client next door to a known one.

    The new client has the patch and the provider of the known one, and their travel
    times; nothing else of them.

    Raises
    ------
    UsageError
        E1002. There is no such client to be beside, or there is the new one already.
    """
    if not problem.has_client(beside):
        msg = f"the problem has no client {beside}"
        raise UsageError(msg)
    if problem.has_client(client_id):
        msg = f"the problem has a client {client_id} already"
        raise UsageError(msg)
    near = problem.client(beside)
    client = Client(
        client_id=client_id,
        place=replace(near.place, place_id=client_id),
        patch=near.patch,
        provider=near.provider,
    )
    cells = dict(travel.cells)
    if beside in cells:
        cells[client_id] = cells[beside]
    return (
        replace(problem, clients=(*problem.clients, client)),
        replace(
            travel,
            matrices={
                name: _doubled(matrix, beside, client_id)
                for name, matrix in travel.matrices.items()
            },
            periods={
                name: tuple(_doubled(m, beside, client_id) for m in matrices)
                for name, matrices in travel.periods.items()
            },
            cells=cells,
        ),
    )


def _doubled(matrix: TravelMatrix, place_id: str, new_id: str) -> TravelMatrix:
    """Return a matrix in which a place stands twice, under two ids."""
    at = matrix.index(place_id)
    if at is None:
        return matrix
    rows = [*range(len(matrix.place_ids)), at]

    def both(values: object) -> object:
        return values[rows][:, rows]  # type: ignore[index]

    names = ("times_s", "metres", "ltn_crossings", "modes")
    return replace(
        matrix,
        place_ids=(*matrix.place_ids, new_id),
        **{name: both(getattr(matrix, name)) for name in names},  # type: ignore[arg-type]
    )
