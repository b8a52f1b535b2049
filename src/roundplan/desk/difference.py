"""How two rosters differ: for whom, and what it costs.

Rosters of one period are compared visit by visit. Their problems may differ too: a
visit that only one of them has is new, or gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from roundplan.cost import CostBreakdown, cost_of, round_figures
from roundplan.domain import Problem, Roster, Travel
from roundplan.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


class ChangeKind(StrEnum):
    """What has changed about a visit; the first that holds."""

    NEW = "new visit"
    """Only the later problem has it."""
    GONE = "visit gone"
    """Only the earlier problem has it."""
    PLACED = "now has a worker"
    LEFT_OUT = "no worker any more"
    WORKER = "other worker"
    """At least one worker is another; the start may be too."""
    TIME = "other time"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosteredVisit:
    """A visit as a roster has it: no workers and no start when it is unassigned."""

    workers: tuple[str, ...] = ()
    start_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """One visit that is not as it was. Starts are seconds of the horizon."""

    visit_id: str
    client_id: str
    kind: ChangeKind
    before: RosteredVisit
    now: RosteredVisit

    @property
    def moved_s(self) -> int:
        """By how many seconds the start moves, later above 0; 0 without two starts."""
        if self.before.start_s is None or self.now.start_s is None:
            return 0
        return self.now.start_s - self.before.start_s

    @property
    def first_s(self) -> int:
        """The earlier of its starts; -1 where it has none."""
        starts = (self.before.start_s, self.now.start_s)
        return min((s for s in starts if s is not None), default=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerChange:
    """One worker whose visits are not as they were.

    ``first_s`` is the earliest start that is affected, seconds of the horizon: what
    notice is counted to.
    """

    worker_id: str
    gained: int
    lost: int
    moved: int
    paid_before_s: int
    paid_now_s: int
    first_s: int

    def notice_s(self, told_s: int) -> int:
        """Return the seconds between being told and the first start that changes."""
        return self.first_s - told_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything in which a roster differs from an earlier one.

    Parameters
    ----------
    visits
        The visits that changed, by their first start.
    workers
        The workers who are affected, by worker_id.
    of
        Visits that are in either problem.
    cost_before, cost_now
        What each roster costs under its own problem's policy.
    """

    visits: tuple[VisitChange, ...]
    workers: tuple[WorkerChange, ...]
    of: int
    cost_before: CostBreakdown
    cost_now: CostBreakdown

    @property
    def by_kind(self) -> Counter[ChangeKind]:
        """How many visits changed in which way."""
        return Counter(change.kind for change in self.visits)

    @property
    def clients_with_others(self) -> tuple[str, ...]:
        """Clients who see another worker than before at some visit, sorted."""
        others = {c.client_id for c in self.visits if c.kind is ChangeKind.WORKER}
        return tuple(sorted(others))

    @property
    def added_p(self) -> int:
        """What the later roster costs more, in pence."""
        return self.cost_now.total_p - self.cost_before.total_p

    def to_frame(self) -> pd.DataFrame:
        """Return the changed visits as a DataFrame; times in seconds of the horizon."""
        import pandas as pd

        columns = "visit_id client_id change workers_before start_before_s workers_now"
        return pd.DataFrame(
            [
                (
                    c.visit_id,
                    c.client_id,
                    c.kind.value,
                    ";".join(c.before.workers),
                    c.before.start_s,
                    ";".join(c.now.workers),
                    c.now.start_s,
                )
                for c in self.visits
            ],
            columns=[*columns.split(), "start_now_s"],
        )

    def _repr_html_(self) -> str:
        """Return the changed visits as a table, for notebooks."""
        return str(self.to_frame().to_html(index=False))


def difference(
    before: tuple[Problem, Travel, Roster], now: tuple[Problem, Travel, Roster]
) -> Difference:
    """Compare a roster with an earlier one of the same period.

    Parameters
    ----------
    before, now
        Each with its problem and travel, which may be the same.

    Raises
    ------
    UsageError
        E1002. The two begin on different days, or in different time zones.
    """
    periods = [(p.horizon.start_date, p.horizon.timezone) for p, _, _ in (before, now)]
    if periods[0] != periods[1]:
        msg = (
            f"the rosters begin on {periods[0][0]} ({periods[0][1]}) and "
            f"{periods[1][0]} ({periods[1][1]}): compare two of one period"
        )
        raise UsageError(msg)
    visits = tuple(_visit_changes(before[0], before[2], now[0], now[2]))
    return Difference(
        visits=visits,
        workers=tuple(_worker_changes(visits, _paid(*before), _paid(*now))),
        of=len(
            {v.visit_id for v in before[0].visits} | {v.visit_id for v in now[0].visits}
        ),
        cost_before=cost_of(*before),
        cost_now=cost_of(*now),
    )


def _visit_changes(
    problem_before: Problem, before: Roster, problem_now: Problem, now: Roster
) -> list[VisitChange]:
    was, is_now = _rostered(before), _rostered(now)
    ids = [v.visit_id for v in problem_before.visits]
    ids += [
        v.visit_id
        for v in problem_now.visits
        if not problem_before.has_visit(v.visit_id)
    ]
    nobody = RosteredVisit()
    changes = []
    for visit_id in ids:
        old, new = was.get(visit_id, nobody), is_now.get(visit_id, nobody)
        kind = _kind(
            old,
            new,
            had=problem_before.has_visit(visit_id),
            has=problem_now.has_visit(visit_id),
        )
        if kind is not None:
            of = problem_now if problem_now.has_visit(visit_id) else problem_before
            changes.append(
                VisitChange(
                    visit_id=visit_id,
                    client_id=of.visit(visit_id).client_id,
                    kind=kind,
                    before=old,
                    now=new,
                )
            )
    return sorted(changes, key=lambda c: (c.first_s, c.visit_id))


def _kind(
    before: RosteredVisit, now: RosteredVisit, *, had: bool, has: bool
) -> ChangeKind | None:
    if not had:
        return ChangeKind.NEW
    if not has:
        return ChangeKind.GONE
    if before == now:
        return None
    if not before.workers:
        return ChangeKind.PLACED
    if not now.workers:
        return ChangeKind.LEFT_OUT
    if before.workers != now.workers:
        return ChangeKind.WORKER
    return ChangeKind.TIME


def _rostered(roster: Roster) -> dict[str, RosteredVisit]:
    workers: dict[str, list[str]] = defaultdict(list)
    starts: dict[str, int] = {}
    for r in roster.rounds:
        for stop in r.visits:
            workers[stop.visit_id].append(r.worker_id)
            earlier = starts.get(stop.visit_id, stop.start_s)
            starts[stop.visit_id] = min(stop.start_s, earlier)
    return {
        v: RosteredVisit(workers=tuple(sorted(made_by)), start_s=starts[v])
        for v, made_by in workers.items()
    }


def _paid(problem: Problem, travel: Travel, roster: Roster) -> Counter[str]:
    """Return the pay clock of each worker's rounds, seconds."""
    figures = round_figures(problem, travel, roster)
    paid: Counter[str] = Counter()
    for r in roster.rounds:
        paid[r.worker_id] += figures.get(r.round_id, {}).get("paid_s", 0)
    return paid


def _worker_changes(
    visits: Iterable[VisitChange], before: Counter[str], now: Counter[str]
) -> list[WorkerChange]:
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    first: dict[str, int] = {}
    for change in visits:
        was, stays = set(change.before.workers), set(change.now.workers)
        for worker_id in was | stays:
            if worker_id in was and worker_id in stays:
                if not change.moved_s:
                    continue
                moved[worker_id] += 1
                at_s = change.first_s
            else:
                side = change.now if worker_id in stays else change.before
                (gained if worker_id in stays else lost)[worker_id] += 1
                at_s = side.start_s if side.start_s is not None else change.first_s
            first[worker_id] = min(at_s, first.get(worker_id, at_s))
    return [
        WorkerChange(
            worker_id=w,
            gained=gained[w],
            lost=lost[w],
            moved=moved[w],
            paid_before_s=before[w],
            paid_now_s=now[w],
            first_s=first[w],
        )
        for w in sorted(first)
    ]
