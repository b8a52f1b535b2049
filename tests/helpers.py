"""Small problems for tests, built with as few words as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from roundplan.domain import (
    CHARTER,
    MODE_CODES,
    Break,
    CareWorker,
    Client,
    Contract,
    ContractKind,
    Gender,
    Horizon,
    Mode,
    Place,
    Policy,
    Problem,
    Roster,
    Shift,
    TimeWindow,
    Travel,
    TravelMatrix,
    Unassigned,
    Visit,
    assemble_round,
)

MONDAY = date(2026, 6, 1)
"""A Monday on which every shipped rate is verified."""


def clock(text: str, day: int = 0) -> int:
    """Seconds of the horizon of a wall-clock time on a plain day."""
    hours, minutes = text.split(":")
    return day * 86_400 + int(hours) * 3600 + int(minutes) * 60


def client(client_id: str = "C1", x: float = 0.0, **fields: Any) -> Client:
    """A client at ``x`` metres along a straight street."""
    return Client(
        client_id=client_id, place=Place(place_id=client_id, x=x, y=0.0), **fields
    )


def worker(worker_id: str = "W1", x: float = 0.0, **fields: Any) -> CareWorker:
    """A worker on foot, zero-hours at 14.80 pounds an hour unless said otherwise."""
    fields.setdefault("gender", Gender.FEMALE)
    fields.setdefault("contract", contract())
    return CareWorker(
        worker_id=worker_id, home=Place(place_id=worker_id, x=x, y=0.0), **fields
    )


def contract(**fields: Any) -> Contract:
    """A zero-hours contract, or guaranteed when ``guaranteed_s`` is given."""
    fields.setdefault("rate_p", 1480)
    if fields.get("guaranteed_s"):
        fields.setdefault("kind", ContractKind.GUARANTEED)
    return Contract(**fields)


def visit(
    visit_id: str = "V1",
    client_id: str = "C1",
    earliest: str = "08:00",
    latest: str | None = None,
    minutes: int = 30,
    day: int = 0,
    **fields: Any,
) -> Visit:
    """A visit; ``latest`` None means an hour after ``earliest``."""
    opens = clock(earliest, day)
    closes = opens + 3600 if latest is None else clock(latest, day)
    return Visit(
        visit_id=visit_id,
        client_id=client_id,
        day=day,
        window=TimeWindow(earliest_start_s=opens, latest_start_s=closes),
        duration_s=minutes * 60,
        **fields,
    )


def shift(
    worker_id: str = "W1",
    start: str = "07:00",
    end: str = "15:00",
    day: int = 0,
    shift_id: str | None = None,
    **fields: Any,
) -> Shift:
    """A work shift that starts and ends anywhere."""
    return Shift(
        shift_id=shift_id or f"{worker_id}@{day}-{start}",
        worker_id=worker_id,
        day=day,
        start_s=clock(start, day),
        end_s=clock(end, day),
        **fields,
    )


def problem(
    visits: Sequence[Visit],
    workers: Sequence[CareWorker] | None = None,
    shifts: Sequence[Shift] | None = None,
    clients: Sequence[Client] | None = None,
    days: int = 1,
    policy: Policy = CHARTER,
    **fields: Any,
) -> Problem:
    """A problem; clients 600 m apart, a worker and shifts on all days by default."""
    if clients is None:
        ids = sorted({v.client_id for v in visits})
        clients = [client(c, x=600.0 * i) for i, c in enumerate(ids)]
    if workers is None:
        workers = [worker()]
    if shifts is None:
        shifts = [shift(w.worker_id, day=d) for w in workers for d in range(days)]
    fields.setdefault("horizon", Horizon(start_date=MONDAY, days=days))
    return Problem(
        clients=tuple(clients),
        visits=tuple(visits),
        workers=tuple(workers),
        shifts=tuple(shifts),
        policy=policy,
        **fields,
    )


def travel(
    for_problem: Problem,
    metres_per_s: float = 1.0,
    mode: Mode = Mode.WALK,
    crossings: Mapping[tuple[str, str], int] | None = None,
) -> Travel:
    """Straight-line travel between every place of a problem (600 m: 10 minutes)."""
    places = [
        *(c.place for c in for_problem.clients),
        *(w.home for w in for_problem.workers),
        *for_problem.places,
    ]
    x = np.array([(p.x or 0.0, p.y or 0.0) for p in places])
    metres = np.hypot(*(x[:, None, :] - x[None, :, :]).transpose(2, 0, 1))
    ids = tuple(p.place_id for p in places)
    ltn = np.zeros(metres.shape, dtype=np.int16)
    for (a, b), count in (crossings or {}).items():
        ltn[ids.index(a), ids.index(b)] = count
    matrix = TravelMatrix(
        profile=mode.value,
        period="all",
        place_ids=ids,
        times_s=np.round(metres / metres_per_s).astype(np.int32),
        metres=np.round(metres).astype(np.int32),
        ltn_crossings=ltn,
        modes=np.full(metres.shape, MODE_CODES.index(mode), dtype=np.int8),
    )
    return Travel(matrices={mode.value: matrix})


def roster(
    of: Problem,
    by: Travel,
    rounds: Mapping[str, Sequence[tuple[str, str | int]]],
    breaks: Mapping[str, Sequence[Break]] | None = None,
    unassigned: Sequence[str] = (),
) -> Roster:
    """A roster of ``{shift_id: [(visit_id, start), ...]}``; ``start`` as "HH:MM"."""
    made = []
    for shift_id, stops in rounds.items():
        its_shift = of.shift(shift_id)
        starts = [
            (v, clock(s, its_shift.day) if isinstance(s, str) else s) for v, s in stops
        ]
        made.append(
            assemble_round(of, by, its_shift, starts, (breaks or {}).get(shift_id, ()))
        )
    left = tuple(
        Unassigned(visit_id=v, code="no_room", reason="left out by the test")
        for v in unassigned
    )
    return Roster(rounds=tuple(made), unassigned=left)
