"""Whole tiny problems, and every roster of them on a coarse grid, nothing shared.

Every choice of workers and starts is a roster. Breaks are left out of the grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

import helpers as h
from roundplan.domain import (
    Gender,
    Override,
    Priority,
    Problem,
    Roster,
    Rule,
    TimeWindow,
    Travel,
    Visit,
    named_policy,
)

QUARTER = 900
HOUR = 3600

# Every wait is paid, and no visit worth leaving out: the search opens no unpaid gap by
# waiting. Nor does it move starts for a rest or for guaranteed hours, so that days here
# end eleven hours before the next begins, and nobody has such hours.
POLICY = named_policy(
    "charter",
    paid_gap_max_s=10**6,
    soft_lateness_s=QUARTER,
    unassigned_essential_p=3_000_000,
    unassigned_standard_p=2_000_000,
    unassigned_flexible_p=1_000_000,
)


def tiny_problem(seed: int) -> Problem:
    """Up to four visits of two clients, two workers, one or two days."""
    rng = np.random.default_rng(seed)
    days = int(rng.integers(1, 3))
    visits: list[Visit] = []
    for k in range(int(rng.integers(2, 5))):
        day = int(rng.integers(days))
        opens = day * 86_400 + QUARTER * int(rng.integers(7 * 4, 10 * 4))
        if rng.random() < 0.2:
            opens += 8 * HOUR
        width = QUARTER * int(rng.integers(0, 3))
        linked = k > 0 and visits[-1].day == day and rng.random() < 0.25
        visits.append(
            Visit(
                visit_id=f"V{k}",
                client_id=f"C{rng.integers(2)}",
                day=day,
                window=TimeWindow(earliest_start_s=opens, latest_start_s=opens + width),
                duration_s=QUARTER * int(rng.integers(2, 6)),
                preferred_start_s=opens + QUARTER * int(rng.integers(3))
                if rng.random() < 0.6
                else None,
                workers_required=2 if rng.random() < 0.2 else 1,
                skills=frozenset({"hoist"}) if rng.random() < 0.2 else frozenset(),
                priority=tuple(Priority)[rng.integers(3)],
                after_visit=visits[-1].visit_id if linked else None,
                min_gap_s=HOUR if linked else 0,
                pinned_workers=("W1",) if rng.random() < 0.1 else (),
            )
        )
    clients = [
        h.client(
            f"C{c}",
            x=600.0 * c,
            patch="N",
            introduced_workers=("W1",) if rng.random() < 0.5 else (),
            team_size=int(rng.integers(1, 3)),
            worker_gender=Gender.FEMALE if rng.random() < 0.15 else Gender.ANY,
        )
        for c in range(2)
    ]
    workers = [
        h.worker(
            f"W{w}",
            x=900.0 * w,
            patch=("N", "S")[rng.integers(2)],
            skills=frozenset({"hoist"}) if rng.random() < 0.6 else frozenset(),
            gender=(Gender.FEMALE, Gender.MALE)[rng.integers(2)],
            contract=h.contract(
                rate_p=int(rng.choice([1480, 1700])),
                max_s=2 * HOUR if rng.random() < 0.2 else None,
            ),
        )
        for w in (1, 2)
    ]
    shifts = [
        h.shift(
            w.worker_id,
            "07:00",
            "23:00",
            day=day,
            start_place=(None, w.worker_id)[rng.integers(2)],
            end_place=(None, w.worker_id)[rng.integers(2)],
        )
        for w in workers
        for day in range(days)
        if rng.random() < 0.85
    ]
    overrides = [
        Override(rule=Rule.SKILLS, visit_id=v.visit_id, reason="r", approved_by="a")
        for v in visits
        if v.skills and rng.random() < 0.3
    ]
    return h.problem(
        visits,
        workers,
        shifts,
        clients,
        days=days,
        policy=POLICY,
        overrides=tuple(overrides),
    )


def choices(problem: Problem, visit: Visit) -> list[tuple[tuple[str, ...], int]]:
    """The shifts and the start a visit may have on the grid; no shifts: left out."""
    window = visit.window
    last = window.latest_start_s + QUARTER * (visit.priority is not Priority.ESSENTIAL)
    own = [x.shift_id for x in problem.shifts if x.day == visit.day]
    return [((), 0)] + [
        (shifts, start)
        for shifts in combinations(own, visit.workers_required)
        for start in range(window.earliest_start_s, last + 1, QUARTER)
    ]


def every_roster(problem: Problem, by: Travel) -> Iterator[Roster]:
    """Every assignment and start on the grid, whatever rules it breaks."""
    for chosen in product(*(choices(problem, v) for v in problem.visits)):
        rounds: dict[str, list[tuple[str, int]]] = {}
        left = []
        for visit, (shifts, start) in zip(problem.visits, chosen, strict=True):
            for shift_id in shifts:
                rounds.setdefault(shift_id, []).append((visit.visit_id, start))
            if not shifts:
                left.append(visit.visit_id)
        yield h.roster(problem, by, rounds, unassigned=left)
