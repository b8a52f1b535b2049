"""Short visits: no 15-minute calls; under 30 minutes only agreed and known.

Charter stage 1(b) rules 15-minute visits out in general; NICE NG21 1.4.2 allows less
than half an hour only for an agreed task by a worker whom the client knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from roundplan.check._stops import Attendance
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Rule, Visit
from roundplan.units import MINUTE_S


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield visits too short, by what is missing to an allowed length.

    The rostered length counts: it is what the client gets.
    """
    policy = view.problem.policy
    known = _Acquaintance(view)
    for stop in view.attendances:
        visit = stop.visit
        if visit is None or stop.length_s >= policy.short_agreed_s:
            continue
        if stop.length_s <= policy.short_refused_s:
            # The shortest length that is not refused is one minute more.
            missing = policy.short_refused_s + MINUTE_S - stop.length_s
            why = "which is refused at any time"
        elif not visit.short_visit_agreed:
            missing, why = policy.short_agreed_s - stop.length_s, "which is not agreed"
        elif not known.at(stop, visit):
            missing = policy.short_agreed_s - stop.length_s
            why = "and the client does not know the worker"
        else:
            continue
        yield stop.violation(
            Rule.SHORT_VISIT,
            missing,
            SECONDS,
            f"Visit {stop.visit_id} by worker {stop.worker_id} has "
            f"{spell_time(stop.length_s)}, {why}; it is {spell_time(missing)} short.",
        )


class _Acquaintance:
    """Who knows whom: introduced, visited lately, or met earlier in this roster."""

    def __init__(self, view: RosterView) -> None:
        self._view = view
        self._last: dict[tuple[str, str], date] = {}
        for entry in view.problem.history:
            pair = (entry.client_id, entry.worker_id)
            self._last[pair] = max(entry.last_visit, self._last.get(pair, date.min))
        self._met_s: dict[tuple[str, str], int] = {}
        for stop in view.attendances:
            pair = (stop.client_id, stop.worker_id)
            earliest = self._met_s.get(pair, stop.start_s)
            self._met_s[pair] = min(earliest, stop.start_s)

    def at(self, stop: Attendance, visit: Visit) -> bool:
        """Return whether the worker is known to the client when the visit starts."""
        problem, pair = self._view.problem, (visit.client_id, stop.worker_id)
        if stop.worker_id in problem.client(visit.client_id).introduced_workers:
            return True
        if self._met_s[pair] < stop.start_s:
            return True
        last = self._last.get(pair)
        if last is None:
            return False
        days = (problem.horizon.date_of(visit.day) - last).days
        return days <= problem.policy.known_days
