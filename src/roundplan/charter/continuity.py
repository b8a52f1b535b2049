"""The continuity panel: who comes to whom, each figure with its definition.

With n_i the attendances of worker i at a client, N their sum and M the workers (DOMAIN
5): UPC = max(n_i) / N; Bice-Boxerman COCI = (sum n_i^2 - N) / (N (N - 1)), undefined
for N < 2; SECON = the share of visits by a worker who made the visit before. "Regular"
and "known" have no definition in any document that we have, so both are parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import mean

from roundplan.charter.attendances import Attendance, Record

WINDOWS = (7, 14, 28)
"""Days over which different workers are counted."""

TEAMS = ((7, 1), (14, 2), (21, 3), (None, 4))
"""Visits a week up to which a regular team is so large."""

TEAMS_IN_WORDS = "1 worker for up to 7 visits a week, 2 to 14, 3 to 21, else 4"

REGULAR_PERCENT = 70
"""Of a client's visits that the regular team makes: a proposal of ours."""

KNOWN_DAYS = 90
"""A worker is known who came within so many days before."""

DEFINITIONS: Mapping[str, str] = {
    "workers in 7, 14, 28 days": "different workers, the most in any window of so many "
    "days that lies within the record, or in all of it where it is shorter",
    "usual worker's share (UPC)": "visits by the worker who comes most, of all",
    "Bice-Boxerman (COCI)": "(sum of squares of visits by worker - visits) / (visits x "
    "(visits - 1)); 1 for one worker, 0 for another each time",
    "same as before (SECON)": "visits by a worker who made the visit before, of all "
    "but the first",
    "regular team": f"{REGULAR_PERCENT}% of visits or more are by the smallest named "
    f"team: {TEAMS_IN_WORDS}",
    "first-ever visits": "visits by a worker who had not been there before, in the "
    "record or the history that goes with it",
    "not known": f"visits by a worker who had not been there in the {KNOWN_DAYS} days "
    "before, in the record or the history, and was not introduced",
}
"""What each figure means; printed beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFigures:
    """The continuity of one client.

    ``workers`` is by window of days. ``coci`` and ``secon`` are None where undefined.
    ``first_ever`` and ``not_known`` count attendances; a double-handed visit has two.
    """

    client_id: str
    visits_a_day: float
    attendances: int
    workers: Mapping[int, int]
    upc: float
    coci: float | None
    secon: float | None
    has_regular: bool
    first_ever: int
    not_known: int


def client_figures(
    record: Record,
    *,
    known_days: int = KNOWN_DAYS,
    regular_percent: int = REGULAR_PERCENT,
) -> tuple[ClientFigures, ...]:
    """Return the continuity of each client, by id; empty without client ids."""
    days = (record.last - record.first).days + 1
    known = record.known_before or frozenset()
    return tuple(
        _client(client_id, mine, days, known, known_days, regular_percent)
        for client_id, mine in sorted(record.by_client().items())
    )


def _client(
    client_id: str,
    mine: Sequence[Attendance],
    days: int,
    known: frozenset[tuple[str, str]],
    known_days: int,
    regular_percent: int,
) -> ClientFigures:
    by_worker = Counter(a.worker_id for a in mine)
    total = by_worker.total()
    visits: dict[str, set[str]] = {}
    for a in mine:
        visits.setdefault(a.visit_id, set()).add(a.worker_id)
    pairs = list(pairwise(visits.values()))
    same = sum(len(before & after) for before, after in pairs)
    after_first = sum(len(after) for _, after in pairs)
    a_week = 7 * len(visits) / days
    size = next(size for most, size in TEAMS if most is None or a_week <= most)
    team = sum(count for _, count in by_worker.most_common(size))
    first_ever = not_known = 0
    last: dict[str, date] = {}
    for a in mine:
        before = last.get(a.worker_id)
        met = (client_id, a.worker_id) in known
        if before is None:
            first_ever += not met
            not_known += not met
        else:
            not_known += (a.day - before).days > known_days and not met
        last[a.worker_id] = a.day
    return ClientFigures(
        client_id=client_id,
        visits_a_day=len(visits) / len({a.day for a in mine}),
        attendances=total,
        workers={window: _most_workers(mine, window) for window in WINDOWS},
        upc=max(by_worker.values()) / total,
        coci=None
        if total < 2
        else (sum(n * n for n in by_worker.values()) - total) / (total * (total - 1)),
        secon=same / after_first if after_first else None,
        has_regular=100 * team >= regular_percent * total,
        first_ever=first_ever,
        not_known=not_known,
    )


def _most_workers(mine: Sequence[Attendance], window: int) -> int:
    """Return the most different workers in so many days in a row."""
    most, begin = 0, 0
    inside: Counter[str] = Counter()
    for a in mine:
        inside[a.worker_id] += 1
        while (a.day - mine[begin].day).days >= window:
            leaving = mine[begin].worker_id
            inside[leaving] -= 1
            if not inside[leaving]:
                del inside[leaving]
            begin += 1
        most = max(most, len(inside))
    return most


GROUPS = ("1", "2", "3", "4+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """Means over the clients of a group, by visits a day; ``all`` is everybody."""

    group: str
    clients: int
    attendances: int
    workers: Mapping[int, float]
    upc_percent: float
    coci: float | None
    secon: float | None
    regular: int
    first_ever: int
    not_known: int


def panel(figures: Sequence[ClientFigures]) -> tuple[PanelRow, ...]:
    """Return the figures by number of visits a day, and of all clients."""
    groups: dict[str, list[ClientFigures]] = {g: [] for g in GROUPS}
    for f in figures:
        groups[GROUPS[min(4, max(1, round(f.visits_a_day))) - 1]].append(f)
    groups["all"] = list(figures)
    return tuple(_row(name, of) for name, of in groups.items() if of)


def _row(name: str, of: Sequence[ClientFigures]) -> PanelRow:
    coci = [f.coci for f in of if f.coci is not None]
    secon = [f.secon for f in of if f.secon is not None]
    return PanelRow(
        group=name,
        clients=len(of),
        attendances=sum(f.attendances for f in of),
        workers={w: round(mean(f.workers[w] for f in of), 2) for w in WINDOWS},
        upc_percent=round(100 * mean(f.upc for f in of), 1),
        coci=round(mean(coci), 3) if coci else None,
        secon=round(mean(secon), 3) if secon else None,
        regular=sum(f.has_regular for f in of),
        first_ever=sum(f.first_ever for f in of),
        not_known=sum(f.not_known for f in of),
    )
