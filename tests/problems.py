"""Random small problems that touch every rule and price, for property tests."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

import helpers as h
from roundplan.domain import (
    CHARTER,
    Client,
    Gender,
    HistoryEntry,
    Horizon,
    Mode,
    Override,
    Place,
    Policy,
    Priority,
    Problem,
    Provider,
    Rule,
    Shift,
    ShiftKind,
    Tier,
    TimeWindow,
    Visit,
    named_policy,
)

SKILLS = ("medication", "hoist", "dementia")
HOUR = 3600


def random_problem(seed: int, *, policy: Policy = CHARTER, size: int = 1) -> Problem:
    """A problem of 1 to 9 days with a few clients and workers, drawn from a seed."""
    rng = np.random.default_rng(seed)
    days = int(rng.integers(1, 10))
    start = h.MONDAY + timedelta(days=int(rng.integers(0, 7)))
    clients = [_client(rng, c) for c in range(int(rng.integers(1, 5)) * size)]
    workers = [_worker(rng, w) for w in range(int(rng.integers(1, 5)) * size)]
    office = Place(place_id="OFFICE", x=500.0, y=300.0)
    visits: list[Visit] = []
    for client in clients:
        for day in range(days):
            visits += _day_of_visits(rng, client.client_id, day, len(workers))
    shifts: list[Shift] = []
    for worker in workers:
        for day in range(days):
            shifts += _day_of_shifts(rng, worker.worker_id, day)
    history = [
        HistoryEntry(
            client_id=client.client_id,
            worker_id=worker.worker_id,
            visits=5,
            first_visit=start - timedelta(days=200),
            last_visit=start - timedelta(days=int(rng.integers(1, 100))),
        )
        for client in clients
        for worker in workers
        if rng.random() < 0.3
    ]
    overrides = [
        Override(
            rule=Rule.SKILLS,
            visit_id=v.visit_id,
            reason="shadowing",
            approved_by="manager",
        )
        for v in visits
        if v.skills and rng.random() < 0.2
    ]
    for worker in workers:
        if rng.random() < 0.2:
            rule = (Rule.DAILY_REST, Rule.BREAK, Rule.MAX_HOURS)[rng.integers(3)]
            overrides.append(
                Override(
                    rule=rule,
                    worker_id=worker.worker_id,
                    reason="compensatory rest",
                    approved_by="manager",
                )
            )
    return h.problem(
        visits,
        workers,
        shifts,
        clients,
        days=days,
        policy=policy,
        horizon=Horizon(start_date=start, days=days),
        places=(office,),
        history=tuple(history),
        overrides=tuple(overrides),
        providers=(
            Provider(provider="local", tier=Tier.LOCALITY),
            Provider(provider="second", tier=Tier.SECONDARY),
        ),
    )


def random_policy(seed: int) -> Policy:
    """The charter with some of its prices and thresholds drawn anew."""
    rng = np.random.default_rng(seed)
    if rng.random() < 0.3:
        return CHARTER
    return named_policy(
        ("charter", "plain", "benchmark")[rng.integers(3)],
        buffer_s=int(rng.choice([0, 180])),
        travel_rounding_s=int(rng.choice([1, 60])),
        paid_gap_max_s=int(rng.choice([0, 1200, 3600])),
        preferred_start_p_min=int(rng.choice([0, 2, 30])),
        home_leg_p_min=int(rng.choice([0, 5])),
        travel_p_min=int(rng.choice([0, 3])),
        other_language_p=int(rng.choice([0, 70])),
        not_preferred_p=int(rng.choice([0, 40])),
        break_after_s=int(rng.choice([2, 6])) * HOUR,
        largest_lateness_p_min=int(rng.choice([0, 0, 50])),
    )


def _client(rng: np.random.Generator, c: int) -> Client:
    return Client(
        client_id=f"C{c}",
        place=Place(
            place_id=f"C{c}",
            x=float(rng.integers(0, 2500)),
            y=float(rng.integers(0, 800)),
        ),
        patch=str(rng.choice(["N", "S"])) if rng.random() < 0.7 else None,
        language="Bengali" if rng.random() < 0.2 else None,
        worker_gender=Gender.FEMALE if rng.random() < 0.3 else Gender.ANY,
        team_size=int(rng.integers(1, 3)) if rng.random() < 0.3 else None,
        preferred_workers=("W0",) if rng.random() < 0.3 else (),
        barred_workers=("W1",) if rng.random() < 0.2 else (),
        introduced_workers=("W0",) if rng.random() < 0.3 else (),
    )


def _worker(rng: np.random.Generator, w: int):
    guaranteed = int(rng.choice([0, 5, 16])) * HOUR
    return h.worker(
        f"W{w}",
        x=float(rng.integers(0, 2500)),
        patch=str(rng.choice(["N", "S"])) if rng.random() < 0.7 else None,
        provider=("local", "second", None)[rng.integers(3)],
        modes=(Mode.WALK,),
        skills=frozenset(s for s in SKILLS if rng.random() < 0.8),
        gender=Gender.FEMALE if rng.random() < 0.7 else Gender.MALE,
        languages=("Bengali",) if rng.random() < 0.3 else (),
        contract=h.contract(
            guaranteed_s=guaranteed,
            contracted_s=int(rng.choice([2, 10, 30])) * HOUR
            if rng.random() < 0.5
            else None,
            max_s=int(rng.choice([6, 20, 48])) * HOUR if rng.random() < 0.5 else None,
            rate_p=int(rng.choice([1480, 1523, 1600])),
            has_fixed_base=bool(rng.random() < 0.3),
            wtr_opt_out=bool(rng.random() < 0.3),
            worked_16_weeks_s=int(rng.choice([700, 760, 800])) * HOUR
            if rng.random() < 0.3
            else None,
        ),
    )


def _day_of_visits(
    rng: np.random.Generator, client_id: str, day: int, workers: int
) -> list[Visit]:
    made: list[Visit] = []
    for k in range(int(rng.integers(0, 4))):
        opens = int(rng.integers(7 * 12, 21 * 12)) * 300 + day * 86_400
        width = int(rng.choice([0, 900, 3600, 7200]))
        priority = tuple(Priority)[rng.integers(3)]
        duration = int(rng.choice([20, 30, 45, 60, 90, 15])) * 60
        after = made[-1].visit_id if made and rng.random() < 0.25 else None
        pinned_start = opens + width // 2 if rng.random() < 0.1 else None
        pins = (f"W{rng.integers(workers)}",) if rng.random() < 0.1 else ()
        made.append(
            Visit(
                visit_id=f"{client_id}-{day}-{k}",
                client_id=client_id,
                day=day,
                window=TimeWindow(earliest_start_s=opens, latest_start_s=opens + width),
                duration_s=duration,
                preferred_start_s=opens + width // 3 if rng.random() < 0.6 else None,
                workers_required=2 if rng.random() < 0.25 else 1,
                skills=frozenset(s for s in SKILLS if rng.random() < 0.15),
                priority=priority,
                time_critical=bool(rng.random() < 0.2),
                after_visit=after,
                min_gap_s=int(rng.choice([0, 2, 4])) * HOUR if after else 0,
                max_gap_s=6 * HOUR if after and rng.random() < 0.5 else None,
                other_worker=bool(after and rng.random() < 0.3),
                short_visit_agreed=bool(rng.random() < 0.5),
                pinned_workers=pins,
                pinned_start_s=pinned_start,
            )
        )
    return made


def _day_of_shifts(rng: np.random.Generator, worker_id: str, day: int) -> list[Shift]:
    ends = (None, worker_id, "OFFICE")
    pattern = rng.integers(6)
    if pattern == 0:
        return []
    times = {
        1: [("06:30", "14:30", "work")],
        2: [("07:00", "13:00", "work"), ("16:00", "22:30", "work")],
        3: [("08:00", "10:00", "training"), ("10:00", "19:00", "work")],
        4: [("14:00", "23:30", "work")],
        5: [("07:00", "11:00", "work"), ("11:00", "15:00", "work")],
    }[int(pattern)]
    return [
        h.shift(
            worker_id,
            begin,
            end,
            day=day,
            kind=ShiftKind(kind),
            start_place=ends[rng.integers(3)] if kind == "work" else None,
            end_place=ends[rng.integers(3)] if kind == "work" else None,
        )
        for begin, end, kind in times
    ]
