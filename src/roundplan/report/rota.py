"""A roster as people read it: days, local times, names, who goes with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from roundplan.cost import unknown_pairs, worked_rounds
from roundplan.domain import (
    PAID_BLOCKS,
    Leg,
    Mode,
    Problem,
    Roster,
    Round,
    ScheduledVisit,
    Shift,
    Travel,
    mode_of,
)
from roundplan.errors import UsageError
from roundplan.formats import Person, RosterFolder, WallClock, load_people

MODE_WORDS = {
    Mode.WALK: "on foot",
    Mode.TRANSIT: "by bus or train",
    Mode.CYCLE: "by bicycle",
    Mode.EBIKE: "by e-bike",
    Mode.DRIVE: "by car",
}


class EventKind(StrEnum):
    """What a worker does for a while."""

    VISIT = "visit"
    TRAVEL = "travel"
    BREAK = "break"
    TRAINING = "training"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something in a worker's day; times are seconds of the horizon.

    Travel ends when the visit starts, any parking included: it says when to leave at
    the latest. ``leg`` and ``visit`` are None where the event is no such thing.
    """

    kind: EventKind
    start_s: int
    end_s: int
    round_id: str
    visit: ScheduledVisit | None = None
    leg: Leg | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDay:
    """All that one worker does on one day of the horizon, in order of time."""

    worker_id: str
    day: int
    rounds: tuple[Round, ...]
    blocks: tuple[Shift, ...]
    events: tuple[Event, ...]

    @property
    def visits(self) -> tuple[ScheduledVisit, ...]:
        """The visits of the day."""
        return tuple(e.visit for e in self.events if e.visit is not None)


class Rota:
    """A roster with what people want to know of it.

    A roster that was changed by hand may name visits and workers that the problem does
    not have: they are shown by their ids.

    Parameters
    ----------
    people
        Names and addresses by client_id and worker_id; empty to show ids alone.
    """

    def __init__(
        self,
        problem: Problem,
        travel: Travel,
        roster: Roster,
        people: Mapping[str, Person] | None = None,
    ) -> None:
        self.problem, self.travel, self.roster = problem, travel, roster
        self.people = people or {}
        horizon = problem.horizon
        self.clock = WallClock(horizon.start_date, horizon.timezone)
        self._at: dict[str, list[str]] = defaultdict(list)
        for r in roster.rounds:
            for visit in r.visits:
                self._at[visit.visit_id].append(r.worker_id)

    @classmethod
    def of(cls, loaded: RosterFolder, *, names: bool) -> Rota:
        """Return the rota of a roster folder; ``names`` reads people.csv."""
        folder = loaded.problem_folder
        people = load_people(folder.folder) if names else None
        return cls(folder.problem, loaded.travel, loaded.roster, people)

    def days(
        self, dates: Collection[date] = (), workers: Collection[str] = ()
    ) -> tuple[WorkerDay, ...]:
        """Return the days of workers who have something to do, by day and worker.

        Parameters
        ----------
        dates, workers
            Those wanted; all where none are given.

        Raises
        ------
        UsageError
            E1002. A date outside the roster, or a worker whom nobody knows.
        """
        wanted = {self.day(on) for on in dates}
        known = {r.worker_id for r in self.roster.rounds}
        known |= {w.worker_id for w in self.problem.workers}
        if strangers := sorted(set(workers) - known):
            msg = f"there is no worker {strangers[0]} in the roster or its problem"
            raise UsageError(msg)
        rounds: dict[tuple[int, str], list[Round]] = defaultdict(list)
        blocks: dict[tuple[int, str], list[Shift]] = defaultdict(list)
        for r in self.roster.rounds:
            rounds[r.day, r.worker_id].append(r)
        for shift in self.problem.shifts:
            if shift.kind in PAID_BLOCKS:
                blocks[shift.day, shift.worker_id].append(shift)
        return tuple(
            self._day(worker_id, day, rounds[day, worker_id], blocks[day, worker_id])
            for day, worker_id in sorted({*rounds, *blocks})
            if (not wanted or day in wanted) and (not workers or worker_id in workers)
        )

    def _day(
        self, worker_id: str, day: int, rounds: list[Round], blocks: list[Shift]
    ) -> WorkerDay:
        events = [event for r in rounds for event in self._events(r)]
        events += [
            Event(
                kind=EventKind(s.kind.value),
                start_s=s.start_s,
                end_s=s.end_s,
                round_id=s.shift_id,
            )
            for s in blocks
        ]
        return WorkerDay(
            worker_id=worker_id,
            day=day,
            rounds=tuple(sorted(rounds, key=lambda r: r.shift_start_s)),
            blocks=tuple(blocks),
            events=tuple(sorted(events, key=lambda e: (e.start_s, e.end_s))),
        )

    def _events(self, care_round: Round) -> Iterator[Event]:
        at = care_round.round_id
        for visit in care_round.visits:
            if visit.leg is not None and visit.leg.travel_s:
                yield Event(
                    kind=EventKind.TRAVEL,
                    start_s=visit.start_s - self._on_the_way_s(visit.leg),
                    end_s=visit.start_s,
                    round_id=at,
                    leg=visit.leg,
                )
            yield Event(
                kind=EventKind.VISIT,
                start_s=visit.start_s,
                end_s=visit.end_s,
                round_id=at,
                visit=visit,
            )
        for rest in care_round.breaks:
            yield Event(
                kind=EventKind.BREAK,
                start_s=rest.start_s,
                end_s=rest.end_s,
                round_id=at,
            )
        last = care_round.last_leg
        if last is not None and last.travel_s and care_round.visits:
            begins = care_round.visits[-1].end_s
            yield Event(
                kind=EventKind.TRAVEL,
                start_s=begins,
                end_s=begins + self._on_the_way_s(last),
                round_id=at,
                leg=last,
            )

    def _on_the_way_s(self, leg: Leg) -> int:
        parking = self.problem.policy.parking_s if leg.mode is Mode.DRIVE else 0
        return leg.travel_s + parking

    def day(self, on: date) -> int:
        """Return the day of the horizon of a date.

        Raises
        ------
        UsageError
            E1002. The date is outside the roster.
        """
        horizon = self.problem.horizon
        day = (on - horizon.start_date).days
        if not 0 <= day < horizon.days:
            last = horizon.date_of(horizon.days - 1)
            msg = f"{on} is outside the roster: {horizon.start_date} to {last}"
            raise UsageError(msg)
        return day

    def date(self, day: int) -> date:
        """Return the date of a day of the horizon."""
        return self.problem.horizon.date_of(day)

    def moment(self, second: int) -> datetime:
        """Return the local date and time, with its zone."""
        return self.clock.moment(second)

    def time(self, second: int, day: int | None = None) -> str:
        """Return the local time, "08:05"; seconds only where they are not 0.

        With a day, a time on another one says so: "00:30 next day".
        """
        local = self.moment(second)
        text = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        off = 0 if day is None else (local.date() - self.date(day)).days
        if not off:
            return text
        return f"{text} next day" if off == 1 else f"{text} on {local:%Y-%m-%d}"

    def name(self, id_: str) -> str:
        """Return a person's name, or the id of one without."""
        person = self.people.get(id_)
        return (person.name if person else "") or id_

    def others(self, visit_id: str, worker_id: str) -> tuple[str, ...]:
        """Return who else is at a visit."""
        return tuple(w for w in self._at[visit_id] if w != worker_id)

    @cached_property
    def introductions(self) -> frozenset[tuple[str, str]]:
        """The visits at which a client sees a worker they do not know.

        By worker_id and visit_id: the first of each such worker, as the key figure
        "visits by a worker not known" counts them.
        """
        rounds = worked_rounds(self.problem, self.travel, self.roster)
        wanted = unknown_pairs(self.problem, rounds)
        first: dict[tuple[str, str], tuple[int, str, str]] = {}
        for r in rounds:
            for visit in r.visits:
                client = self.problem.visit(visit.visit_id).client_id
                pair = (client, r.worker.worker_id)
                met = (visit.start_s, r.worker.worker_id, visit.visit_id)
                first[pair] = min(met, first.get(pair, met))
        return frozenset(first[pair][1:] for pair in wanted)

    def vehicle(self, care_round: Round) -> str:
        """Return how a round is made: "by bicycle"; who takes buses walks too."""
        mode = mode_of(care_round.profile)
        walks = f"{MODE_WORDS[Mode.WALK]}, " if mode is Mode.TRANSIT else ""
        return walks + MODE_WORDS[mode]


def long_date(on: date) -> str:
    """Return a date in words: "Monday 1 June 2026"."""
    return f"{on:%A} {on.day} {on:%B} {on.year}"
