"""Who was with whom, when: what an audit reads of our rosters and of anybody's.

Times are seconds since 1970 in UTC, so that lengths are right on the days on which the
clocks change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from roundplan.cost import WorkedRound, hourly_rate_p, worked_rounds
from roundplan.domain import Break, ContractKind, Problem, Roster, ShiftKind, Travel
from roundplan.domain.visit import Extra
from roundplan.errors import UsageError
from roundplan.formats.cells import NO, YES
from roundplan.units import HOUR_S

GAP_S = HOUR_S
"""Gaps up to an hour count as working time on the minimum-wage clock (DOMAIN R3)."""


OFFERED = "guaranteed_offered"
"""A column of workers.csv, y or n, that the planner has no use for."""


def said_yes(extra: Extra, column: str) -> bool | None:
    """Read y or n from a column that is not the planner's; None where it is neither."""
    text = dict(extra).get(column, "").lower()
    return True if text in YES else False if text in NO else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One worker at one visit.

    Parameters
    ----------
    day
        The day of the roster on which the worker's round is.
    start_s, end_s
        As it was made, where that is known, else as planned.
    planned_s
        Planned start and end where both planned and actual times are known.
    travel_s, paid_travel_s
        The leg into it, and how much of it is paid; None where nothing is known.
    from_home, to_home_s
        Whether that leg comes from the worker's home, and the leg home after it.
    commissioned_s
        Length that was commissioned, None where nobody said.
    break_s
        A break that is stated, in the gap before it.
    agreed
        Whether a short visit was agreed for good reason, None where nobody said.
    """

    visit_id: str
    worker_id: str
    client_id: str | None
    day: date
    start_s: int
    end_s: int
    planned_s: tuple[int, int] | None = None
    travel_s: int | None = None
    paid_travel_s: int | None = None
    from_home: bool = False
    to_home_s: int = 0
    break_s: int = 0
    commissioned_s: int | None = None
    agreed: bool | None = None

    @property
    def length_s(self) -> int:
        """How long it lasted."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a worker's contract; None for what is not.

    ``rate_p`` is pence an hour by day; a worker without one in a problem folder has
    the living wage of the day.
    """

    zero_hours: bool | None = None
    guaranteed_s: int | None = None
    offered: bool | None = None
    """Whether guaranteed hours were offered."""
    rate_p: Mapping[date, int] | int | None = None
    has_fixed_base: bool = False
    opted_out: bool = False
    hours_before_s: int | None = None
    """Working time of the 16 weeks before."""

    def rate_on(self, day: date) -> int | None:
        """Return pence an hour on a day."""
        if isinstance(self.rate_p, Mapping):
            return self.rate_p.get(day)
        return self.rate_p


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBlock:
    """Paid training or a meeting."""

    worker_id: str
    kind: ShiftKind
    day: date
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that is audited together.

    Parameters
    ----------
    attendances
        By worker and start.
    people
        By worker; a worker may be missing.
    blocks
        None where nothing is known of training and meetings.
    known_before
        (client, worker) pairs known before the first day; None where nobody said.
    notes
        What was assumed.
    """

    source: str
    attendances: tuple[Attendance, ...]
    people: Mapping[str, Person] = field(default_factory=dict)
    blocks: tuple[PaidBlock, ...] | None = None
    known_before: frozenset[tuple[str, str]] | None = None
    unassigned: int | None = None
    timezone: str = "Europe/London"
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> date:
        """The first day with an attendance."""
        return min(a.day for a in self.attendances)

    @property
    def last(self) -> date:
        """The last day with an attendance."""
        return max(a.day for a in self.attendances)

    def midnight_s(self, day: date) -> int:
        """Return when a day begins."""
        zone = ZoneInfo(self.timezone)
        return int(datetime.combine(day, datetime.min.time(), zone).timestamp())

    def by_worker(self) -> dict[str, list[Attendance]]:
        """Return the attendances of each worker, in order."""
        found: dict[str, list[Attendance]] = defaultdict(list)
        for a in self.attendances:
            found[a.worker_id].append(a)
        return dict(found)

    def by_client(self) -> dict[str, list[Attendance]]:
        """Return the attendances at each known client, in order of time."""
        found: dict[str, list[Attendance]] = defaultdict(list)
        for a in sorted(self.attendances, key=lambda a: (a.start_s, a.worker_id)):
            if a.client_id is not None:
                found[a.client_id].append(a)
        return dict(found)


def joined(records: Sequence[Record]) -> Record:
    """Return several records, such as the weeks of a quarter, as one.

    Attendances that two of them have count once. Of a person the latest record stands.

    Raises
    ------
    UsageError
        E1002. There are none.
    """
    if not records:
        msg = "give at least one roster"
        raise UsageError(msg)
    records = sorted(records, key=lambda record: record.first)
    seen: dict[tuple[str, str, int], Attendance] = {}
    people: dict[str, Person] = {}
    blocks: dict[PaidBlock, None] | None = {}
    known = records[0].known_before
    left: int | None = 0
    notes: dict[str, None] = {}
    twice = 0
    for record in records:
        for a in record.attendances:
            key = (a.visit_id, a.worker_id, a.start_s)
            twice += key in seen
            seen[key] = a
        people |= record.people
        if record.blocks is None or blocks is None:
            blocks = None
        else:
            blocks |= dict.fromkeys(record.blocks)
        if record.unassigned is None or left is None:
            left = None
        else:
            left += record.unassigned
        notes |= dict.fromkeys(record.notes)
    if twice:
        notes[f"{twice:,} attendances are in more than one: counted once"] = None
    order = sorted(seen.values(), key=lambda a: (a.worker_id, a.start_s, a.visit_id))
    return Record(
        source=", ".join(dict.fromkeys(r.source for r in records)),
        attendances=tuple(order),
        people=people,
        blocks=None if blocks is None else tuple(blocks),
        known_before=known,
        unassigned=left,
        timezone=records[0].timezone,
        notes=tuple(notes),
    )


def record_of(problem: Problem, travel: Travel, roster: Roster, source: str) -> Record:
    """Return what an audit reads of one of our rosters.

    Travel between visits is paid, as the pay clock has it; home legs are not.

    Raises
    ------
    RateError
        E1201. A worker has the living wage of a day for which there is none.
    """
    zone = ZoneInfo(problem.horizon.timezone)
    opening = datetime.combine(problem.horizon.start_date, datetime.min.time(), zone)
    zero = int(opening.timestamp())
    worked = worked_rounds(problem, travel, roster)
    breaks = {r.round_id: r.breaks for r in roster.rounds}
    attendances = [
        a for r in worked for a in _of_round(problem, r, zero, breaks[r.round_id])
    ]
    attendances.sort(key=lambda a: (a.worker_id, a.start_s, a.visit_id))
    days = range(problem.horizon.days)
    people = {}
    for worker in problem.workers:
        contract = worker.contract
        people[worker.worker_id] = Person(
            zero_hours=contract.kind is ContractKind.ZERO_HOURS,
            guaranteed_s=contract.guaranteed_s,
            offered=said_yes(worker.extra, OFFERED),
            rate_p={
                problem.horizon.date_of(d): hourly_rate_p(problem, worker, d)
                for d in days
            },
            has_fixed_base=contract.has_fixed_base,
            opted_out=contract.wtr_opt_out,
            hours_before_s=contract.worked_16_weeks_s,
        )
    start = problem.horizon.start_date
    recent = start - timedelta(days=problem.policy.known_days)
    known = {
        (h.client_id, h.worker_id) for h in problem.history if h.last_visit >= recent
    }
    known |= {(c.client_id, w) for c in problem.clients for w in c.introduced_workers}
    blocks = tuple(
        PaidBlock(
            worker_id=s.worker_id,
            kind=s.kind,
            day=problem.horizon.date_of(s.day),
            start_s=zero + s.start_s,
            end_s=zero + s.end_s,
        )
        for s in problem.shifts
        if s.kind in (ShiftKind.TRAINING, ShiftKind.MEETING)
    )
    return Record(
        source=source,
        attendances=tuple(attendances),
        people=people,
        blocks=blocks,
        known_before=frozenset(known),
        unassigned=len(roster.unassigned),
        timezone=problem.horizon.timezone,
        notes=(
            "planned times: a roster does not know what happened",
            "all travel between visits is paid at the worker's rate, home legs are not",
        ),
    )


def _of_round(
    problem: Problem, r: WorkedRound, zero: int, breaks: Sequence[Break]
) -> list[Attendance]:
    found: list[Attendance] = []
    free_s = 0
    for scheduled, leg in zip(r.visits, r.into, strict=True):
        visit = problem.visit(scheduled.visit_id)
        travel_s = None if leg is None else leg.travel_s + leg.parking_s
        from_home = leg is not None and leg.home
        found.append(
            Attendance(
                visit_id=visit.visit_id,
                worker_id=r.worker.worker_id,
                client_id=visit.client_id,
                day=problem.horizon.date_of(r.day),
                start_s=zero + scheduled.start_s,
                end_s=zero + scheduled.end_s,
                travel_s=travel_s,
                paid_travel_s=0 if from_home else travel_s,
                from_home=from_home,
                break_s=sum(
                    b.end_s - b.start_s
                    for b in breaks
                    if free_s <= b.start_s and b.end_s <= scheduled.start_s
                ),
                commissioned_s=visit.duration_s,
                agreed=visit.short_visit_agreed,
            )
        )
        free_s = scheduled.end_s
    if found and r.last_leg is not None and r.last_leg.home:
        found[-1] = replace(found[-1], to_home_s=r.last_leg.travel_s)
    return found
