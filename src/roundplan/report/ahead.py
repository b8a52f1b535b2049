"""What is known of the days ahead: who is away, and what packages that end free."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from html import escape

from roundplan.domain import Problem, ShiftKind
from roundplan.report.page import table
from roundplan.report.rota import Rota, long_date
from roundplan.units import HOUR_S
from roundplan.words import counted

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """A day's absence: workers with leave, its hours, and workers on shift."""

    day: int
    workers: int
    leave_s: int
    on_shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """Packages that end in a week, and the contact time that they took a week.

    ``week`` counts from the first day of the horizon; ``package`` is the kind, empty
    where it has none.
    """

    week: int
    package: str
    clients: int
    contact_s_week: int


def absence(problem: Problem) -> tuple[Away, ...]:
    """Return each day of the horizon with the workers who are on leave."""
    away: dict[int, set[str]] = defaultdict(set)
    leave_s: Counter[int] = Counter()
    working: dict[int, set[str]] = defaultdict(set)
    for shift in problem.shifts:
        if shift.kind is ShiftKind.LEAVE:
            away[shift.day].add(shift.worker_id)
            leave_s[shift.day] += shift.end_s - shift.start_s
        elif shift.kind is ShiftKind.WORK:
            working[shift.day].add(shift.worker_id)
    return tuple(
        Away(
            day=day,
            workers=len(away[day]),
            leave_s=leave_s[day],
            on_shift=len(working[day]),
        )
        for day in range(problem.horizon.days)
    )


def freed_capacity(problem: Problem) -> tuple[Freed, ...]:
    """Return the contact time that is free once packages have ended, by week.

    Only packages with an end date on or after the first day count. A client's week is
    what their visits in the horizon come to over the days on which the package runs,
    made a week of; a double-handed visit counts for both workers. So a package that
    tapers off frees less than this.
    """
    contact_s: Counter[str] = Counter()
    for visit in problem.visits:
        contact_s[visit.client_id] += visit.duration_s * visit.workers_required
    clients: Counter[tuple[int, str]] = Counter()
    weekly_s: Counter[tuple[int, str]] = Counter()
    for client in problem.clients:
        if client.end_day is None or client.end_day < 0:
            continue
        first = max(0, client.start_day or 0)
        days = min(client.end_day, problem.horizon.days - 1) - first + 1
        if days <= 0:
            continue
        key = (client.end_day // WEEK, client.package or "")
        clients[key] += 1
        weekly_s[key] += round(WEEK * contact_s[client.client_id] / days)
    return tuple(
        Freed(week=key[0], package=key[1], clients=count, contact_s_week=weekly_s[key])
        for key, count in sorted(clients.items())
    )


def ahead_section(rota: Rota) -> str:
    """Return absence and freed capacity as HTML."""
    return (
        '<section aria-labelledby="ahead"><h2 id="ahead">Absence, and capacity ahead'
        f"</h2><h3>Workers on leave</h3>{_absence(rota)}"
        f"<h3>Packages that end</h3>{_capacity(rota)}</section>"
    )


def _absence(rota: Rota) -> str:
    days = absence(rota.problem)
    if not any(day.workers for day in days):
        return "<p>Nobody has leave in shifts.csv.</p>"
    rows = [
        (
            long_date(rota.date(day.day)),
            f"{day.workers:,}",
            f"{day.leave_s / HOUR_S:,.1f}",
            f"{day.on_shift:,}",
        )
        for day in days
    ]
    return table(
        ("Day", "On leave", "Hours of it", "On shift"),
        rows,
        numbers=(1, 2, 3),
    )


def _capacity(rota: Rota) -> str:
    freed = freed_capacity(rota.problem)
    if not freed:
        return "<p>No package has an end date.</p>"
    rows, total_s = [], 0
    for of in freed:
        total_s += of.contact_s_week
        rows.append(
            (
                long_date(rota.date(WEEK * of.week)),
                of.package or "not said",
                f"{of.clients:,}",
                f"{of.contact_s_week / HOUR_S:,.1f}",
                f"{total_s / HOUR_S:,.1f}",
            )
        )
    heads = ("In the week from", "Package", "Clients", "Hours a week", "Free in all")
    unsaid = sum(c.end_day is None for c in rota.problem.clients)
    return (
        f"{table(heads, rows, numbers=(2, 3, 4))}"
        '<p class="quiet">Contact hours a week of the packages that end in the week: '
        "their visits in this roster's days, over the days on which they run. "
        f"{escape(counted(unsaid, 'package has', 'packages have'))} no end date. New "
        "packages are not in it.</p>"
    )
