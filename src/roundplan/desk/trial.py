"""Trying a visit with a worker: put it into the roster, and let the checker judge.

Nothing is deduced. A rule blocks a worker when the roster with the visit in it breaks
that rule and the roster without it does not; a price is the difference in cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from roundplan.check import Violation, broken, check
from roundplan.cost import cost_of
from roundplan.desk.part import part_of
from roundplan.desk.slots import Legs, Slot, Stop, slots, squeezed
from roundplan.domain import (
    Break,
    Problem,
    Roster,
    Round,
    Rule,
    Shift,
    Travel,
    Visit,
    assemble_round,
)
from roundplan.domain.timed import point_of
from roundplan.errors import TravelError
from roundplan.units import HOUR_S, to_pence

BEYOND_S = 3 * HOUR_S
"""How far outside its window, or outside a shift, a visit is tried."""

MOST_CHECKED = 4
"""Places of one kind in a round that go to the checker, the most promising first."""

TRIED = "tried"
"""The id of a shift that there is not, for a worker who has none on the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One visit with one worker, as it was tried.

    Parameters
    ----------
    care_round
        The worker's round with the visit in it; None where there is no way there.
    violations
        What the visit breaks that held without it, each with its quantity; empty when
        the worker can make the visit.
    added_p
        What the roster costs more, in pence, the price of leaving the visit out aside.
    moved
        Other visits of the round whose start changes: ``(visit_id, before_s, now_s)``.
    """

    worker_id: str
    care_round: Round | None
    start_s: int
    violations: tuple[Violation, ...]
    added_p: int
    moved: tuple[tuple[str, int, int], ...] = ()

    @property
    def fits(self) -> bool:
        """Whether every rule holds."""
        return self.care_round is not None and not self.violations

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are broken, each once."""
        return tuple(dict.fromkeys(v.rule for v in self.violations))


class Tries:
    """Tries visits in a roster, which stays as it is."""

    def __init__(self, problem: Problem, travel: Travel, roster: Roster) -> None:
        self.problem, self.travel, self.roster = problem, travel, roster
        self._rounds = {r.round_id: r for r in roster.rounds}
        self._shifts: dict[str, list[Shift]] = defaultdict(list)
        for shift in problem.work_shifts:
            self._shifts[shift.worker_id].append(shift)
        self._makers: dict[str, list[str]] = defaultdict(list)
        for r in roster.rounds:
            for stop in r.visits:
                self._makers[stop.visit_id].append(r.worker_id)
        self._linked: dict[str, set[str]] = defaultdict(set)
        for visit in problem.visits:
            if visit.after_visit is not None:
                self._linked[visit.visit_id].add(visit.after_visit)
                self._linked[visit.after_visit].add(visit.visit_id)
        self._of_client: dict[str, list[str]] = defaultdict(list)
        for visit in problem.visits:
            self._of_client[visit.client_id].append(visit.visit_id)

    def makers(self, visit_id: str) -> tuple[str, ...]:
        """Return the workers who make a visit."""
        return tuple(self._makers.get(visit_id, ()))

    def best(self, visit: Visit, worker_id: str, at_s: int | None = None) -> Trial:
        """Return the trial that fits and costs least, else the one that breaks least.

        Parameters
        ----------
        at_s
            The only start allowed, as beside another worker; None for the window.
        """
        return min(self.all(visit, worker_id, at_s), key=_order)

    def all(self, visit: Visit, worker_id: str, at_s: int | None = None) -> list[Trial]:
        """Return what was tried with a worker; always at least one trial.

        First within window and shift. Where nothing fits, outside the window, outside
        the shift, and where there is no room at all: so that what is missing shows.
        """
        here = self._part(visit, worker_id, at_s)
        found = list(here.trials())
        if any(t.fits for t in found):
            return found
        return [*found, *here.trials_beyond()] or [self._no_way(visit, worker_id)]

    def fitting(self, visit: Visit, worker_id: str) -> Trial | None:
        """Return the cheapest trial that breaks nothing, None where there is none."""
        if not self.shifts_of(worker_id, visit.day):
            return None
        found = [t for t in self._part(visit, worker_id).trials() if t.fits]
        return min(found, key=_order, default=None)

    def _part(self, visit: Visit, worker_id: str, at_s: int | None = None) -> _Part:
        """Return the part with the worker, and all who see the client or are linked."""
        near = set(self._of_client[visit.client_id]) | self._linked[visit.visit_id]
        near.add(visit.visit_id)
        workers = {worker_id, *(w for v in near for w in self._makers.get(v, ()))}
        problem, roster = part_of(
            self.problem, self.roster, workers=workers, visits=near
        )
        return _Part(self, problem, roster, visit, worker_id, at_s)

    def is_fixed(self, visit: Visit) -> bool:
        """Return whether others depend on when a visit starts."""
        return (
            visit.workers_required > 1
            or visit.pinned_start_s is not None
            or bool(self._linked.get(visit.visit_id))
        )

    def shifts_of(self, worker_id: str, day: int) -> list[Shift]:
        """Return a worker's work shifts that open on a day."""
        return [s for s in self._shifts.get(worker_id, ()) if s.day == day]

    def round_of(self, shift: Shift) -> Round | None:
        """Return the round in a shift, None for an empty one."""
        return self._rounds.get(shift.shift_id)

    def _no_way(self, visit: Visit, worker_id: str) -> Trial:
        lost = Violation(
            rule=Rule.TRAVEL,
            amount=1,
            unit="count",
            visit_id=visit.visit_id,
            worker_id=worker_id,
            day=visit.day,
            message=f"Worker {worker_id} has no way to client {visit.client_id}.",
        )
        return Trial(
            worker_id=worker_id,
            care_round=None,
            start_s=visit.window.earliest_start_s,
            violations=(lost,),
            added_p=0,
        )


def _order(trial: Trial) -> tuple[bool, int, int, int, int]:
    """Return what ranks trials: rules broken, by how much, cost, then time."""
    return (
        trial.care_round is None,
        len(trial.violations),
        sum(v.amount for v in trial.violations),
        trial.added_p,
        trial.start_s,
    )


class _Part:
    """The trials of one visit with one worker, in the part of the problem around them.

    What the part breaks or costs without the visit is worked out once, and taken off.
    """

    def __init__(
        self,
        tries: Tries,
        problem: Problem,
        roster: Roster,
        visit: Visit,
        worker_id: str,
        at_s: int | None,
    ) -> None:
        self._tries, self._problem, self._roster = tries, problem, roster
        self._travel = tries.travel
        self._visit, self._worker_id = visit, worker_id
        self._at_s = visit.pinned_start_s if at_s is None else at_s
        self._before = _amounts(check(problem, self._travel, roster))
        self._cost = self._costs(roster)
        worker = problem.worker(worker_id)
        self._profiles = self._travel.profiles_of(worker)

    def trials(self) -> Iterator[Trial]:
        """Yield what is in time, in window and shift."""
        yield from self._in_time(0, 0)

    def trials_beyond(self) -> Iterator[Trial]:
        """Yield what is in time outside the window or the shift, or out of time."""
        if self._at_s is None:
            yield from self._in_time(BEYOND_S, 0)
        yield from self._in_time(0, BEYOND_S)
        shifts = self._tries.shifts_of(self._worker_id, self._visit.day)
        for shift in shifts or [self._no_shift()]:
            stops = self._stops(shift)
            for start_s in squeezed(shift, stops, self._new(0)):
                starts = [(s.visit.visit_id, s.start_s) for s in stops]
                starts.append((self._visit.visit_id, start_s))
                for profile in self._vehicles(shift)[:1]:
                    yield from self._try(shift, starts, self._breaks(shift), profile)

    def _in_time(self, window_s: int, beyond_s: int) -> Iterator[Trial]:
        for shift in self._tries.shifts_of(self._worker_id, self._visit.day):
            for profile in self._vehicles(shift):
                legs = Legs(self._problem, self._travel, self._worker_id, profile)
                found = slots(
                    self._problem.policy,
                    legs,
                    shift,
                    self._stops(shift),
                    self._new(window_s),
                    self._breaks(shift),
                    beyond_s=beyond_s,
                )
                tried: list[Trial] = []
                ranked = sorted(found, key=self._promise)
                as_it_is = [slot for slot in ranked if not slot.rested]
                for slot in as_it_is[:MOST_CHECKED]:
                    tried += self._try(shift, slot.starts, slot.breaks, profile)
                # a break nobody needs would only save its pay
                if any(Rule.BREAK in t.rules for t in tried):
                    rested = [slot for slot in ranked if slot.rested]
                    for slot in rested[:MOST_CHECKED]:
                        tried += self._try(shift, slot.starts, slot.breaks, profile)
                yield from tried

    def _promise(self, slot: Slot) -> tuple[int, int]:
        """Return what ranks slots before they are checked: the best first."""
        start_s = dict(slot.starts)[self._visit.visit_id]
        window = self._visit.window
        early_s = window.earliest_start_s - start_s
        late_s = start_s - window.latest_start_s
        return max(early_s, late_s, 0), slot.moved_s + slot.travel_s

    def _try(
        self,
        shift: Shift,
        starts: Sequence[tuple[str, int]],
        breaks: Sequence[Break],
        profile: str,
    ) -> Iterator[Trial]:
        """Yield the trial of a round; nothing where it has a leg without a way."""
        old = self._tries.round_of(shift)
        try:
            care_round = assemble_round(
                self._problem,
                self._travel,
                shift,
                starts,
                breaks,
                profile,
            )
        except TravelError:
            return
        others = tuple(r for r in self._roster.rounds if r.round_id != shift.shift_id)
        left = tuple(
            u for u in self._roster.unassigned if u.visit_id != self._visit.visit_id
        )
        roster = Roster(rounds=(*others, care_round), unassigned=left)
        after = broken(check(self._problem, self._travel, roster))
        was = {v.visit_id: v.start_s for v in old.visits} if old else {}
        now = {v.visit_id: v.start_s for v in care_round.visits}
        yield Trial(
            worker_id=self._worker_id,
            care_round=care_round,
            start_s=now[self._visit.visit_id],
            violations=tuple(
                v
                for v in after
                if v.rule is not Rule.COVERAGE
                and v.amount > self._before.get(_key(v), 0)
            ),
            added_p=to_pence(self._costs(roster) - self._cost),
            moved=tuple(
                (visit_id, before_s, now[visit_id])
                for visit_id, before_s in was.items()
                if now[visit_id] != before_s
            ),
        )

    def _costs(self, roster: Roster) -> int:
        cost = cost_of(self._problem, self._travel, roster)
        return cost.total - cost.unassigned

    def _stops(self, shift: Shift) -> list[Stop]:
        care_round = self._tries.round_of(shift)
        stops = []
        for scheduled in care_round.visits if care_round else ():
            visit = self._tries.problem.visit(scheduled.visit_id)
            low = high = scheduled.start_s
            if not self._tries.is_fixed(visit):
                low = min(low, visit.window.earliest_start_s)
                high = max(high, visit.window.latest_start_s)
            stops.append(
                Stop(visit=visit, start_s=scheduled.start_s, low_s=low, high_s=high)
            )
        return stops

    def _breaks(self, shift: Shift) -> tuple[Break, ...]:
        care_round = self._tries.round_of(shift)
        return care_round.breaks if care_round else ()

    def _vehicles(self, shift: Shift) -> tuple[str, ...]:
        """Return the vehicle of the round; any of the worker's for an empty one."""
        care_round = self._tries.round_of(shift)
        return (care_round.profile,) if care_round else self._profiles

    def _new(self, window_s: int) -> Stop:
        visit, at_s = self._visit, self._at_s
        window = visit.window
        if at_s is not None:
            return Stop(visit=visit, start_s=at_s, low_s=at_s, high_s=at_s)
        wanted = visit.preferred_start_s
        if wanted is None:
            wanted = (window.earliest_start_s + window.latest_start_s) // 2 // 60 * 60
        soft = point_of(self._problem.policy, visit)
        return Stop(
            visit=visit,
            start_s=wanted,
            low_s=window.earliest_start_s - window_s,
            high_s=soft.high + window_s,
        )

    def _no_shift(self) -> Shift:
        """Return a shift just for the visit, which the problem does not have."""
        new = self._new(0)
        return Shift(
            shift_id=TRIED,
            worker_id=self._worker_id,
            day=self._visit.day,
            start_s=new.start_s,
            end_s=new.start_s + self._visit.duration_s,
        )


def _key(violation: Violation) -> tuple[Rule, str | None, str | None, int | None]:
    return violation.rule, violation.visit_id, violation.worker_id, violation.day


def _amounts(
    violations: Iterable[Violation],
) -> dict[tuple[Rule, str | None, str | None, int | None], int]:
    """Return by how much each rule is broken already."""
    found: dict[tuple[Rule, str | None, str | None, int | None], int] = {}
    for v in broken(violations):
        found[_key(v)] = max(v.amount, found.get(_key(v), 0))
    return found
