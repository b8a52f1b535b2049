"""Random small problems in which only lateness has a price, to test that search."""

from __future__ import annotations

import numpy as np

import helpers as h
from roundplan.domain import (
    Client,
    Place,
    Policy,
    Priority,
    Problem,
    Shift,
    TimeWindow,
    Visit,
    named_policy,
)

HOUR = 3600


def regular_policy(rng: np.random.Generator) -> Policy:
    """The benchmark's policy with prices of lateness and of who comes to whom."""
    return named_policy(
        "benchmark",
        soft_lateness_s=int(rng.choice([900, HOUR, 100 * HOUR])),
        lateness_p_min=int(rng.choice([0, 20, 90])),
        largest_lateness_p_min=int(rng.choice([0, 30])),
        buffer_s=int(rng.choice([0, 180])),
        travel_rounding_s=int(rng.choice([1, 60])),
        home_leg_p_min=int(rng.choice([0, 5])),
        not_preferred_p=int(rng.choice([0, 400])),
        other_patch_p=int(rng.choice([0, 200])),
        unassigned_flexible_p=int(rng.choice([200, 5_000])),
    )


def regular_problem(seed: int, *, size: int = 1) -> Problem:
    """One day, or two, with pairs, chains, double-handed visits and soft windows."""
    rng = np.random.default_rng(seed)
    days = 1 + int(rng.random() < 0.3)
    clients = [
        Client(
            client_id=f"C{c}",
            place=Place(
                place_id=f"C{c}",
                x=float(rng.integers(0, 2500)),
                y=float(rng.integers(0, 800)),
            ),
            patch=str(rng.choice(["N", "S"])) if rng.random() < 0.5 else None,
            preferred_workers=("W0",) if rng.random() < 0.3 else (),
            barred_workers=("W1",) if rng.random() < 0.2 else (),
        )
        for c in range(int(rng.integers(2, 6)) * size)
    ]
    workers = [
        h.worker(
            f"W{w}",
            x=float(rng.integers(0, 2500)),
            patch=str(rng.choice(["N", "S"])) if rng.random() < 0.5 else None,
            skills=frozenset(s for s in ("a", "b", "c") if rng.random() < 0.8),
        )
        for w in range(int(rng.integers(2, 5)) * size)
    ]
    office = Place(place_id="OFFICE", x=500.0, y=300.0)
    visits = [
        visit
        for client in clients
        for day in range(days)
        for visit in _visits(rng, client.client_id, day)
    ]
    ends = (None, "OFFICE", "home")
    shifts = []
    for worker in workers:
        for day in range(days):
            first, last = ends[rng.integers(3)], ends[rng.integers(3)]
            opens = day * 86_400 + int(rng.integers(5, 9)) * HOUR
            shifts.append(
                Shift(
                    shift_id=f"{worker.worker_id}@{day}",
                    worker_id=worker.worker_id,
                    day=day,
                    start_s=opens,
                    end_s=opens + int(rng.choice([6, 9, 14])) * HOUR,
                    start_place=worker.worker_id if first == "home" else first,
                    end_place=worker.worker_id if last == "home" else last,
                )
            )
    return h.problem(
        visits,
        workers,
        shifts,
        clients,
        days=days,
        policy=regular_policy(rng),
        places=(office,),
    )


def _visits(rng: np.random.Generator, client_id: str, day: int) -> list[Visit]:
    """Return up to three visits of a client; the later ones are often linked."""
    made: list[Visit] = []
    for k in range(int(rng.integers(1, 4))):
        opens = day * 86_400 + int(rng.integers(7 * 12, 15 * 12)) * 300
        width = int(rng.choice([0, 900, HOUR]))
        after = made[-1].visit_id if made and rng.random() < 0.7 else None
        low = int(rng.choice([0, 0, 600, HOUR])) if after else 0
        high = low + int(rng.choice([0, 0, 1800])) if rng.random() < 0.8 else None
        if after and rng.random() < 0.6:
            opens = made[-1].window.earliest_start_s
        made.append(
            Visit(
                visit_id=f"{client_id}-{day}-{k}",
                client_id=client_id,
                day=day,
                window=TimeWindow(earliest_start_s=opens, latest_start_s=opens + width),
                duration_s=int(rng.choice([10, 20, 45, 60])) * 60,
                workers_required=2 if rng.random() < 0.15 else 1,
                skills=frozenset(s for s in ("a", "b", "c") if rng.random() < 0.2),
                priority=Priority.FLEXIBLE if rng.random() < 0.8 else Priority.STANDARD,
                time_critical=bool(rng.random() < 0.1),
                after_visit=after,
                min_gap_s=low,
                max_gap_s=high if after else None,
                other_worker=bool(after and rng.random() < 0.6),
            )
        )
    return made
