"""Which visit of an earlier roster each visit of a problem stands for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from roundplan.domain import (
    DEFAULT_CHANGE_P,
    Horizon,
    Made,
    Mode,
    PastRoster,
    PastVisit,
    Previous,
    Problem,
    Roster,
    Visit,
    mode_of,
)
from roundplan.domain.previous import MOST_WORKERS
from roundplan.errors import UsageError
from roundplan.units import DAY_S, HOUR_S

WEEK_S = 7 * DAY_S

NEAR_S = 2 * HOUR_S
"""How far outside a visit's window a start of another week may be and still be its."""


class LocalTime:
    """Wall-clock seconds since the midnight on which a horizon begins.

    In these every day has 24 hours, so that Tuesday at eight is a whole number of weeks
    after another Tuesday at eight, whatever clock change lies between.
    """

    def __init__(self, horizon: Horizon) -> None:
        self._zone = ZoneInfo(horizon.timezone)
        self._start = datetime.combine(horizon.start_date, time())
        self._epoch = self._start.replace(tzinfo=self._zone).timestamp()

    def local(self, second: int) -> int:
        """Return the wall-clock seconds of a second of the horizon."""
        there = datetime.fromtimestamp(self._epoch + second, self._zone)
        return int((there.replace(tzinfo=None) - self._start).total_seconds())

    def elapsed(self, local: int) -> int:
        """Return the second of the horizon of wall-clock seconds."""
        there = (self._start + timedelta(seconds=local)).replace(tzinfo=self._zone)
        return int(there.timestamp() - self._epoch)


def past_roster(problem: Problem, roster: Roster) -> PastRoster:
    """Return the visits of a roster of a problem, as another period can use them."""
    clock = LocalTime(problem.horizon)
    workers: dict[tuple[str, str], list[tuple[str, Mode]]] = defaultdict(list)
    starts: dict[tuple[str, str], int] = {}
    for r in roster.rounds:
        for stop in r.visits:
            key = (stop.visit_id, stop.client_id)
            workers[key].append((r.worker_id, mode_of(r.profile)))
            starts[key] = min(stop.start_s, starts.get(key, stop.start_s))
    visits = []
    for (visit_id, client_id), made_by in workers.items():
        day, start_s = divmod(clock.local(starts[visit_id, client_id]), DAY_S)
        visits.append(
            PastVisit(
                visit_id=visit_id,
                client_id=client_id,
                on=problem.horizon.date_of(day),
                start_s=start_s,
                workers=tuple(w for w, _ in made_by),
                modes=tuple(mode for _, mode in made_by),
            )
        )
    return PastRoster(visits=tuple(visits))


def match_previous(
    problem: Problem,
    past: PastRoster,
    *,
    change_p: int | None = None,
    runs: bool = False,
) -> Previous:
    """Find for each visit of a problem the one of an earlier roster it stands for.

    First by id, where the start is less than a day from the visit's window. The others
    by client, time of the week and nearness: starts of the client, moved by whole
    weeks, at most NEAR_S outside the window. What is nearest in weeks (an earlier one
    before a later one) is matched first; then what has the same id but for the date
    after the ``@``; then what is least outside the window; then what is nearest to the
    preferred start, or to the middle of the window. A visit is matched once; a past
    visit once for each week to which it is moved.

    Parameters
    ----------
    change_p
        Price of an attendance by somebody else, pence; None for the policy's, or
        DEFAULT_CHANGE_P where the policy has none.
    runs
        Whether it is the roster of one week of this very problem.

    Raises
    ------
    UsageError
        E1002. A price below 0.
    """
    if change_p is None:
        change_p = problem.policy.change_p or DEFAULT_CHANGE_P
    if change_p < 0:
        msg = "the price on change must be 0 or more"
        raise UsageError(msg)
    clock = LocalTime(problem.horizon)
    of_client: dict[str, list[_Past]] = defaultdict(list)
    for earlier in past.visits:
        of_client[earlier.client_id].append(_Past(earlier, problem.horizon))
    made: dict[str, Made] = {}
    used: set[int] = set()
    by_client: dict[str, list[_Wanted]] = defaultdict(list)
    for visit in problem.visits:
        by_client[visit.client_id].append(_Wanted(visit, clock))
    for client_id, wanted in by_client.items():
        for want, found, weeks in _pairs(wanted, of_client.get(client_id, [])):
            made[want.visit.visit_id] = Made(
                workers=tuple(sorted(set(found.visit.workers)))[:MOST_WORKERS],
                start_s=clock.elapsed(found.at + weeks * WEEK_S),
                repeats=id(found) in used,
                modes={
                    worker: mode
                    for worker, mode in zip(
                        found.visit.workers, found.visit.modes, strict=False
                    )
                    if mode is not None
                },
            )
            used.add(id(found))
    return Previous(
        made={
            v.visit_id: made[v.visit_id] for v in problem.visits if v.visit_id in made
        },
        change_p=change_p,
        visits=len(past.visits),
        unmatched=len(past.visits) - len(used),
        sha256=past.sha256,
        runs=runs,
    )


class _Past:
    """A past visit with its start on the wall clock of the horizon."""

    __slots__ = ("at", "stem", "visit")

    def __init__(self, visit: PastVisit, horizon: Horizon) -> None:
        self.visit = visit
        self.at = (visit.on - horizon.start_date).days * DAY_S + visit.start_s
        self.stem = _stem(visit.visit_id)


class _Wanted:
    """A visit to be matched with its window on the wall clock."""

    __slots__ = ("early", "late", "stem", "target", "visit")

    def __init__(self, visit: Visit, clock: LocalTime) -> None:
        self.visit = visit
        self.early = clock.local(visit.window.earliest_start_s)
        self.late = clock.local(visit.window.latest_start_s)
        preferred = visit.preferred_start_s
        middle = (self.early + self.late) // 2
        self.target = middle if preferred is None else clock.local(preferred)
        self.stem = _stem(visit.visit_id)

    def outside(self, at: int) -> int:
        """Return the seconds between a start and the window."""
        return max(0, self.early - at, at - self.late)


def _stem(visit_id: str) -> str:
    """Return what the ids of one weekly visit have in common."""
    return visit_id.partition("@")[0]


def _pairs(
    wanted: Sequence[_Wanted], past: Sequence[_Past]
) -> list[tuple[_Wanted, _Past, int]]:
    """Return who stands for whom among a client's visits, moved by how many weeks."""
    pairs = []
    taken: set[tuple[int, int]] = set()
    by_id = {p.visit.visit_id: p for p in past}
    left = []
    for want in wanted:
        same = by_id.get(want.visit.visit_id)
        if same is not None and want.outside(same.at) < DAY_S:
            pairs.append((want, same, 0))
            taken.add((id(same), 0))
        else:
            left.append(want)
    # starts by time of the week, so that only those nearby are looked at
    weekly = sorted((p.at % WEEK_S, n) for n, p in enumerate(past))
    near = []
    for n, want in enumerate(left):
        low = want.early - NEAR_S
        high = want.late + NEAR_S
        base = low % WEEK_S
        for turn in (0, WEEK_S):
            begin = bisect_left(weekly, (base - turn, -1))
            end = bisect_right(weekly, (base - turn + high - low, len(past)))
            for _, j in weekly[begin:end]:
                found = past[j]
                weeks = -((found.at - low) // WEEK_S)
                at = found.at + weeks * WEEK_S
                near.append(
                    (
                        # this week, then earlier ones, then later ones
                        (weeks < 0, abs(weeks)),
                        want.stem != found.stem,
                        want.outside(at),
                        abs(at - want.target),
                        n,
                        j,
                        weeks,
                    )
                )
    matched: set[int] = set()
    for *_, n, j, weeks in sorted(near):
        key = (id(past[j]), weeks)
        if n not in matched and key not in taken:
            matched.add(n)
            taken.add(key)
            pairs.append((left[n], past[j], weeks))
    return pairs
