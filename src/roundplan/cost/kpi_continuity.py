"""Continuity of care by client, and averaged (DOMAIN 5).

With n_i the attendances of worker i at a client in the horizon, N their sum and M
the number of workers (both workers of a double-handed visit attend):

- ``distinct_workers``: M.
- ``upc``, usual provider of care: max(n_i) / N.
- ``coci``, Bice-Boxerman: (Σ n_i² − N) / (N (N − 1)); undefined below two attendances.
- ``secon``, sequential continuity: over visits in order of time, the share of a
  visit's workers who also made the visit before; undefined below two visits.
- ``best_three``: the share of attendances by the three workers who come most.

An average is over clients with a placed visit for whom the figure is defined, each
client counting once however many visits they have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from roundplan.cost.clocks import WorkedRound
from roundplan.domain import Problem

TEAM = 3
TEAM_SHARE_PERCENT = 70
"""A team of three is said to carry a client's care when it makes 70% of it."""

MOST_VISITS_A_DAY = 4
"""Clients with so many visits a day or more are reported together."""

VISITS_A_WEEK = ((3, "1-3"), (7, "4-7"), (14, "8-14"), (21, "15-21"), (None, "22+"))
"""Groups of clients by visits a week: the most of each, None for no limit, and its
name. Their ends are one, two and three visits a day; 22 and more are four a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientContinuity:
    """The continuity of one client; see the module for the formulas."""

    client_id: str
    visits_a_day: int
    visits_a_week: str
    attendances: int
    distinct_workers: int
    upc: float
    coci: float | None
    secon: float | None
    best_three: float
    team_of_three: bool


def client_continuity(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> tuple[ClientContinuity, ...]:
    """Return the continuity of each client with a placed visit, in problem order.

    ``visits_a_day`` is the mean over the days on which the problem has a visit for
    the client, rounded half up, 4 standing for all above. ``visits_a_week`` is the
    group of ``VISITS_A_WEEK`` of the problem's visits for the client in seven days.
    """
    visits: dict[str, dict[str, tuple[int, set[str]]]] = defaultdict(dict)
    for r in rounds:
        for scheduled in r.visits:
            mine = visits[problem.visit(scheduled.visit_id).client_id]
            start, workers = mine.get(scheduled.visit_id, (scheduled.start_s, set()))
            workers.add(r.worker.worker_id)
            mine[scheduled.visit_id] = (min(start, scheduled.start_s), workers)
    a_day, a_week = _visits_a_day(problem), _visits_a_week(problem)
    return tuple(
        _continuity(
            c.client_id, a_day[c.client_id], a_week[c.client_id], visits[c.client_id]
        )
        for c in problem.clients
        if c.client_id in visits
    )


def continuity_figures(
    problem: Problem, rounds: Sequence[WorkedRound]
) -> dict[str, Any]:
    """Return averages over clients, by visits a day and a week, and each client's."""
    clients = client_continuity(problem, rounds)
    groups: dict[str, dict[str, float | int | None]] = {}
    for size in range(1, MOST_VISITS_A_DAY + 1):
        label = f"{size}+" if size == MOST_VISITS_A_DAY else str(size)
        groups[label] = _averages([c for c in clients if c.visits_a_day == size])
    weekly = {
        name: _averages([c for c in clients if c.visits_a_week == name])
        for _, name in VISITS_A_WEEK
    }
    averages = _averages(clients)
    averages["clients_visited"] = averages.pop("clients")
    return {
        **averages,
        "continuity_by_visits_a_day": groups,
        "continuity_by_visits_a_week": weekly,
        "clients": {
            c.client_id: {
                "attendances": c.attendances,
                "distinct_workers": c.distinct_workers,
                "upc": _index(c.upc),
                "coci": _index(c.coci),
                "secon": _index(c.secon),
                "best_three": _index(c.best_three),
            }
            for c in clients
        },
    }


def _visits_a_day(problem: Problem) -> dict[str, int]:
    visits: Counter[str] = Counter()
    days: dict[str, set[int]] = defaultdict(set)
    for visit in problem.visits:
        visits[visit.client_id] += 1
        days[visit.client_id].add(visit.day)
    return {
        client_id: min(
            MOST_VISITS_A_DAY,
            (2 * count + len(days[client_id])) // (2 * len(days[client_id])),
        )
        for client_id, count in visits.items()
    }


def _visits_a_week(problem: Problem) -> dict[str, str]:
    """Return the group of each client's visits in the horizon, for seven days."""
    counts = Counter(visit.client_id for visit in problem.visits)
    days = problem.horizon.days
    return {
        client_id: next(
            name for most, name in VISITS_A_WEEK if most is None or 7 * n <= most * days
        )
        for client_id, n in counts.items()
    }


def _continuity(
    client_id: str,
    visits_a_day: int,
    visits_a_week: str,
    visits: dict[str, tuple[int, set[str]]],
) -> ClientContinuity:
    teams = [
        workers
        for _, workers in sorted(visits.values(), key=lambda at: (at[0], sorted(at[1])))
    ]
    counts = Counter(w for workers in teams for w in workers)
    total = counts.total()
    top = sum(n for _, n in counts.most_common(TEAM))
    coci = secon = None
    if total > 1:
        squares = sum(n * n for n in counts.values())
        coci = (squares - total) / (total * (total - 1))
    if len(teams) > 1:
        again = [len(now & before) / len(now) for before, now in pairwise(teams)]
        secon = sum(again) / len(again)
    return ClientContinuity(
        client_id=client_id,
        visits_a_day=visits_a_day,
        visits_a_week=visits_a_week,
        attendances=total,
        distinct_workers=len(counts),
        upc=max(counts.values()) / total,
        coci=coci,
        secon=secon,
        best_three=top / total,
        team_of_three=100 * top >= TEAM_SHARE_PERCENT * total,
    )


def _averages(clients: Sequence[ClientContinuity]) -> dict[str, float | int | None]:
    team = [c.team_of_three for c in clients]
    return {
        "clients": len(clients),
        "distinct_workers_mean": _mean([c.distinct_workers for c in clients], 2),
        "upc_mean": _mean([c.upc for c in clients]),
        "coci_mean": _mean([c.coci for c in clients]),
        "secon_mean": _mean([c.secon for c in clients]),
        "three_workers_cover_70_per_client_percent": (
            round(100 * sum(team) / len(team), 1) if team else None
        ),
    }


def _mean(values: Sequence[float | None], decimals: int = 3) -> float | None:
    defined = [v for v in values if v is not None]
    return round(sum(defined) / len(defined), decimals) if defined else None


def _index(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
