"""Repair: change a roster as little as what has happened asks for.

Three plans of growing freedom, each from the roster there is: nobody else is touched;
other visits may start at other times; other visits may change hands, at a price. The
first that places every visit that had a worker, or is new, is taken, so that nobody is
disturbed without need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from roundplan.check import broken, check
from roundplan.cost import CostBreakdown, cost_of
from roundplan.desk.changes import changed, pinned_started
from roundplan.desk.clients import with_new_clients
from roundplan.desk.difference import ChangeKind, Difference, difference
from roundplan.desk.part import refuse_unknown
from roundplan.domain import (
    DEFAULT_CHANGE_P,
    Event,
    Problem,
    Roster,
    TimeWindow,
    Travel,
    Visit,
    assemble_round,
)
from roundplan.solve import match_previous, plan
from roundplan.solve.previous import past_roster

if TYPE_CHECKING:
    import pandas as pd


class Freedom(StrEnum):
    """What may change besides the visits that have to."""

    NOBODY = "nobody else"
    TIMES = "start times"
    WORKERS = "workers and times"


DEFAULT_SECONDS = 6.0

SHARE = {Freedom.NOBODY: 0.2, Freedom.TIMES: 0.3, Freedom.WORKERS: 0.5}
"""The part of the time limit that each plan has: more freedom, more to look at."""


MOVED_P_MIN = 10
"""Price in pence of each minute by which a start moves: 20 minutes weigh as much as
another worker (DEFAULT_CHANGE_P). It steers the plan and is not part of any cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One plan of a repair.

    Parameters
    ----------
    visits_changed
        Visits that differ though nothing that happened asks for it.
    clients_changed
        Clients who see another worker though nothing asks for it.
    within
        Whether both are within the limits.
    violations
        What the checker finds broken in the roster: 0, unless what has started, or was
        pinned, cannot be kept.
    """

    freedom: Freedom
    roster: Roster
    cost: CostBreakdown
    difference: Difference
    visits_changed: int
    clients_changed: int
    within: bool
    violations: int

    @property
    def unassigned(self) -> int:
        """How many visits have no worker."""
        return len(self.roster.unassigned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A roster after something has happened.

    Parameters
    ----------
    problem
        The problem as it is now; what has started is pinned in it.
    displaced
        Visits that cannot stay as they were, or are new, by id.
    attempts
        The plans that were made, in order of freedom.
    chosen
        The one to use.
    """

    problem: Problem
    travel: Travel
    displaced: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    chosen: Attempt

    @property
    def roster(self) -> Roster:
        """The repaired roster."""
        return self.chosen.roster

    @property
    def difference(self) -> Difference:
        """What changes, against the roster there was."""
        return self.chosen.difference

    def to_frame(self) -> pd.DataFrame:
        """Return the changed visits as a DataFrame (`Difference.to_frame`)."""
        return self.difference.to_frame()

    def _repr_html_(self) -> str:
        """Return the changed visits as a table, for notebooks."""
        return str(self.to_frame().to_html(index=False))


def repair(
    problem: Problem,
    travel: Travel,
    roster: Roster,
    events: Iterable[Event],
    *,
    now_s: int | None = None,
    change_p: int = DEFAULT_CHANGE_P,
    most_visits: int | None = None,
    most_clients: int | None = None,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
) -> Repair:
    """Repair a roster after some events.

    Parameters
    ----------
    now_s
        What has started by then stays, seconds of the horizon; None for nothing.
    change_p
        Price in pence of each attendance by another worker than before, where workers
        may change.
    most_visits, most_clients
        The most visits that may differ, and the most clients who may see another
        worker, besides those that what happened affects; None for no limit.
    seconds, iterations
        Limits: seconds for all plans together (6 when neither is given), iterations
        for each. With iterations alone the same seed gives the same repair.

    Raises
    ------
    UsageError
        E1002. An event cannot be, or the roster has what the problem does not.
    """
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    refuse_unknown(problem, roster)
    events = tuple(events)
    asked, travel = with_new_clients(problem, travel, events)
    now = changed(asked, events)
    displaced = displaced_visits(problem, now, roster)
    if now_s is not None:
        now = pinned_started(now, roster, now_s)
    kept = _rostered(roster)
    before = match_previous(now, past_roster(problem, roster), change_p=change_p)
    left_before = {v.visit_id for v in problem.visits} - set(kept)
    attempts: list[Attempt] = []
    for freedom in Freedom:
        held = _held(now, kept, set(displaced), freedom)
        made = plan(
            held,
            travel,
            previous=before,
            seconds=None if seconds is None else SHARE[freedom] * seconds,
            iterations=iterations,
            seed=seed,
            method="search",
        )
        made_roster = _freed(now, travel, made.roster)
        attempts.append(
            _attempt(
                (problem, travel, roster),
                (now, travel, made_roster),
                freedom,
                set(displaced),
                most_visits,
                most_clients,
            )
        )
        if {u.visit_id for u in made_roster.unassigned} <= left_before:
            break
    allowed = [a for a in attempts if a.within] or attempts[:1]
    # with one price for a change, so that a small gain never disturbs many
    chosen = min(
        allowed,
        key=lambda a: (a.violations, a.cost.total_p + change_p * a.visits_changed),
    )
    return Repair(
        problem=now,
        travel=travel,
        displaced=displaced,
        attempts=tuple(attempts),
        chosen=chosen,
    )


def displaced_visits(before: Problem, now: Problem, roster: Roster) -> tuple[str, ...]:
    """Return the visits that are new, changed, without a worker, or out of a shift."""
    shifts: dict[str, list[tuple[int, int]]] = {}
    for shift in now.work_shifts:
        shifts.setdefault(shift.worker_id, []).append((shift.start_s, shift.end_s))
    safe: dict[str, bool] = {}
    for r in roster.rounds:
        for stop in r.visits:
            inside = any(
                a <= stop.start_s and stop.end_s <= b
                for a, b in shifts.get(r.worker_id, ())
            )
            safe[stop.visit_id] = safe.get(stop.visit_id, True) and inside
    return tuple(
        v.visit_id
        for v in now.visits
        if not safe.get(v.visit_id, False)
        or not before.has_visit(v.visit_id)
        or before.visit(v.visit_id) != v
    )


def _rostered(roster: Roster) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return start and workers of each visit that has them."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for r in roster.rounds:
        for stop in r.visits:
            start_s, workers = found.get(stop.visit_id, (stop.start_s, ()))
            found[stop.visit_id] = (start_s, (*workers, r.worker_id))
    return found


def _held(
    problem: Problem,
    kept: Mapping[str, tuple[int, tuple[str, ...]]],
    displaced: set[str],
    freedom: Freedom,
) -> Problem:
    """Return the problem that a plan of some freedom is made for.

    Days without a displaced visit are pinned. What may move on the others would like
    to start when it did, at a price: without one, starts drift for pennies.
    """
    days = {v.day for v in problem.visits if v.visit_id in displaced}

    def hold(visit: Visit) -> Visit:
        if visit.visit_id in displaced or visit.visit_id not in kept:
            return visit
        start_s, workers = kept[visit.visit_id]
        elsewhere = visit.day not in days
        pins_start = elsewhere or freedom is Freedom.NOBODY
        pins_workers = elsewhere or freedom is not Freedom.WORKERS
        window = visit.window
        if pins_start:  # a start that is late already may stay so
            window = TimeWindow(
                earliest_start_s=min(start_s, window.earliest_start_s),
                latest_start_s=max(start_s, window.latest_start_s),
            )
        return replace(
            visit,
            window=window,
            preferred_start_s=start_s,
            pinned_workers=workers if pins_workers else visit.pinned_workers,
            pinned_start_s=start_s if pins_start else visit.pinned_start_s,
        )

    dearer = max(MOVED_P_MIN, problem.policy.preferred_start_p_min)
    return replace(
        problem,
        visits=tuple(map(hold, problem.visits)),
        policy=replace(problem.policy, preferred_start_p_min=dearer),
    )


def _freed(problem: Problem, travel: Travel, roster: Roster) -> Roster:
    """Return a roster as one of the problem without the pins of a plan."""
    return replace(
        roster,
        rounds=tuple(
            assemble_round(
                problem,
                travel,
                problem.shift(r.round_id),
                [(v.visit_id, v.start_s) for v in r.visits],
                r.breaks,
                r.profile,
            )
            for r in roster.rounds
        ),
    )


def _attempt(
    before: tuple[Problem, Travel, Roster],
    now: tuple[Problem, Travel, Roster],
    freedom: Freedom,
    displaced: set[str],
    most_visits: int | None,
    most_clients: int | None,
) -> Attempt:
    found = difference(before, now)
    others = [
        c
        for c in found.visits
        if c.visit_id not in displaced and c.kind is not ChangeKind.GONE
    ]
    clients = {c.client_id for c in others if c.kind is ChangeKind.WORKER}
    within = (most_visits is None or len(others) <= most_visits) and (
        most_clients is None or len(clients) <= most_clients
    )
    return Attempt(
        freedom=freedom,
        roster=now[2],
        cost=cost_of(*now),
        difference=found,
        visits_changed=len(others),
        clients_changed=len(clients),
        within=within,
        violations=len(broken(check(*now))),
    )
