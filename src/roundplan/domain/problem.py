"""The problem: everything that is known before a roster is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from roundplan.domain.place import Place
from roundplan.domain.policy import CHARTER, Policy
from roundplan.domain.rule import Rule
from roundplan.domain.visit import Client, Extra, Visit
from roundplan.domain.worker import CareWorker, Shift, ShiftKind
from roundplan.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The days to plan. Seconds count from the first midnight, as time elapses.

    ``midnights_s`` holds the seconds at which each day starts, the day after the
    last included, so that a day of a clock change has 23 or 25 hours.
    """

    start_date: date
    days: int
    timezone: str = "Europe/London"
    midnights_s: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Fill in midnights 24 hours apart where none are given."""
        if self.days < 1:
            msg = "a horizon has at least one day"
            raise DomainError(msg)
        if not self.midnights_s:
            plain = tuple(day * 86_400 for day in range(self.days + 1))
            object.__setattr__(self, "midnights_s", plain)
        if len(self.midnights_s) != self.days + 1:
            msg = "a horizon needs the midnight of each day and of the day after"
            raise DomainError(msg)

    def date_of(self, day: int) -> date:
        """Return the date of a day of the horizon."""
        return self.start_date + timedelta(days=day)

    def week_of(self, day: int) -> int:
        """Return the ISO week of a day, counted from the horizon's first week (0)."""
        return (day + self.start_date.weekday()) // 7

    @property
    def weeks(self) -> int:
        """Number of ISO weeks that the horizon touches."""
        return self.week_of(self.days - 1) + 1

    def days_of_week(self, week: int) -> range:
        """Return the days of the horizon in one of its ISO weeks."""
        first = max(0, week * 7 - self.start_date.weekday())
        return range(first, min(self.days, (week + 1) * 7 - self.start_date.weekday()))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """How often a worker has visited a client before the horizon."""

    client_id: str
    worker_id: str
    visits: int
    first_visit: date
    last_visit: date


class Tier(StrEnum):
    """Where a provider stands in the order of fallback."""

    LOCALITY = "locality"
    SECONDARY = "secondary"
    SPOT = "spot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An organisation that employs care workers."""

    provider: str
    tier: Tier = Tier.LOCALITY
    patches: tuple[str, ...] = ()
    min_s_week: int | None = None
    max_s_week: int | None = None
    extra: Extra = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A rule set aside for one visit or one worker, with a reason.

    ``day`` limits it to one day of the horizon; None means all of them.
    """

    rule: Rule
    visit_id: str | None = None
    worker_id: str | None = None
    reason: str
    approved_by: str
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse an override of nothing, of both, or without a reason."""
        if (self.visit_id is None) == (self.worker_id is None):
            msg = "an override names one visit or one worker"
            raise DomainError(msg)
        if not self.reason.strip() or not self.approved_by.strip():
            msg = "an override needs a reason and who approved it"
            raise DomainError(msg)


class LlwFrom(StrEnum):
    """From when a newly announced living wage counts."""

    ANNOUNCED = "announced"
    DEADLINE = "deadline"
    APRIL = "april"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One dated rate with its provenance.

    ``value`` is in ``unit``; open ends are None. Past ``verified_to`` nobody has
    looked whether the value still holds.
    """

    rate: str
    region: str
    value: str
    unit: str
    announced: date | None
    effective_from: date
    effective_to: date | None
    verified_to: date
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Clients, visits, workers, shifts and the policy, checked against each other.

    Parameters
    ----------
    rates
        The user's own rates, which go before the shipped ones.
    notes
        What the reader assumed or changed, in sentences for the user.
    """

    horizon: Horizon
    clients: tuple[Client, ...]
    visits: tuple[Visit, ...]
    workers: tuple[CareWorker, ...]
    shifts: tuple[Shift, ...]
    places: tuple[Place, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    providers: tuple[Provider, ...] = ()
    overrides: tuple[Override, ...] = ()
    policy: Policy = CHARTER
    rates: tuple[Rate, ...] = ()
    llw_from: LlwFrom = LlwFrom.DEADLINE
    notes: tuple[str, ...] = ()
    _clients: dict[str, Client] = field(init=False, repr=False, compare=False)
    _visits: dict[str, Visit] = field(init=False, repr=False, compare=False)
    _workers: dict[str, CareWorker] = field(init=False, repr=False, compare=False)
    _shifts: dict[str, Shift] = field(init=False, repr=False, compare=False)
    _overrides: dict[tuple[Rule, str, str], tuple[Override, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Index by id, and validate."""
        set_ = object.__setattr__
        set_(self, "_clients", {c.client_id: c for c in self.clients})
        set_(self, "_visits", {v.visit_id: v for v in self.visits})
        set_(self, "_workers", {w.worker_id: w for w in self.workers})
        set_(self, "_shifts", {s.shift_id: s for s in self.shifts})
        overrides: dict[tuple[Rule, str, str], tuple[Override, ...]] = {}
        for o in self.overrides:
            key = (o.rule, o.visit_id or "", o.worker_id or "")
            overrides[key] = (*overrides.get(key, ()), o)
        set_(self, "_overrides", overrides)
        self.validate()

    def client(self, client_id: str) -> Client:
        """Return a client by id."""
        return self._clients[client_id]

    def visit(self, visit_id: str) -> Visit:
        """Return a visit by id."""
        return self._visits[visit_id]

    def worker(self, worker_id: str) -> CareWorker:
        """Return a worker by id."""
        return self._workers[worker_id]

    def shift(self, shift_id: str) -> Shift:
        """Return a shift by id."""
        return self._shifts[shift_id]

    def has_client(self, client_id: str) -> bool:
        """Return whether there is a client of that id."""
        return client_id in self._clients

    def has_visit(self, visit_id: str) -> bool:
        """Return whether there is a visit of that id."""
        return visit_id in self._visits

    def has_worker(self, worker_id: str) -> bool:
        """Return whether there is a worker of that id."""
        return worker_id in self._workers

    def has_shift(self, shift_id: str) -> bool:
        """Return whether there is a shift of that id."""
        return shift_id in self._shifts

    @property
    def work_shifts(self) -> tuple[Shift, ...]:
        """The shifts in which visits can be made."""
        return tuple(s for s in self.shifts if s.kind is ShiftKind.WORK)

    def override(
        self, rule: Rule, *, visit_id: str = "", worker_id: str = "", day: int
    ) -> Override | None:
        """Return what sets a rule aside for a visit or a worker on a day."""
        found = (
            *self._overrides.get((rule, visit_id, ""), ()),
            *self._overrides.get((rule, "", worker_id), ()),
        )
        return next((o for o in found if o.day is None or o.day == day), None)

    def all_places(self) -> tuple[Place, ...]:
        """Return every place a leg can touch: clients, homes that are used, offices."""
        ends = {s.start_place for s in self.work_shifts}
        ends |= {s.end_place for s in self.work_shifts}
        return (
            *(c.place for c in self.clients),
            *(w.home for w in self.workers if w.worker_id in ends),
            *(p for p in self.places if p.place_id in ends),
        )

    def validate(self) -> None:
        """Check references between objects.

        The reader of problem folders reports the same faults by file and line, all
        at once; this guards problems built in Python.

        Raises
        ------
        DomainError
            E1001. An id that is unknown or used twice, a visit outside the horizon,
            shifts of one worker that overlap, or linked visits in a circle.
        """
        place_ids = [
            *(c.client_id for c in self.clients),
            *(w.worker_id for w in self.workers),
            *(p.place_id for p in self.places),
        ]
        _unique("place, client or worker", place_ids)
        _unique("visit", [v.visit_id for v in self.visits])
        _unique("shift", [s.shift_id for s in self.shifts])
        places = set(place_ids)
        for visit in self.visits:
            self._validate_visit(visit)
        for shift in self.shifts:
            if shift.worker_id not in self._workers:
                msg = f"shift {shift.shift_id} is of an unknown worker"
                raise DomainError(msg)
            for end in (shift.start_place, shift.end_place):
                if end is not None and end not in places:
                    msg = f"shift {shift.shift_id} starts or ends at an unknown place"
                    raise DomainError(msg)
                if end in self._workers and end != shift.worker_id:
                    msg = f"shift {shift.shift_id} starts or ends at another's home"
                    raise DomainError(msg)
            if not 0 <= shift.day < self.horizon.days:
                msg = f"shift {shift.shift_id} is outside the horizon"
                raise DomainError(msg)
        self._validate_overlaps()
        self._validate_links()

    def _validate_visit(self, visit: Visit) -> None:
        if visit.client_id not in self._clients:
            msg = f"visit {visit.visit_id} is of an unknown client"
            raise DomainError(msg)
        if not 0 <= visit.day < self.horizon.days:
            msg = f"visit {visit.visit_id} is outside the horizon"
            raise DomainError(msg)
        if unknown := [w for w in visit.pinned_workers if w not in self._workers]:
            msg = f"visit {visit.visit_id} is pinned to unknown worker {unknown[0]}"
            raise DomainError(msg)
        if visit.after_visit is not None and visit.after_visit not in self._visits:
            msg = f"visit {visit.visit_id} follows an unknown visit"
            raise DomainError(msg)

    def _validate_overlaps(self) -> None:
        last: dict[str, Shift] = {}
        for shift in sorted(self.shifts, key=lambda s: (s.worker_id, s.start_s)):
            before = last.get(shift.worker_id)
            if before is not None and shift.start_s < before.end_s:
                msg = f"shifts {before.shift_id} and {shift.shift_id} overlap"
                raise DomainError(msg)
            last[shift.worker_id] = shift

    def _validate_links(self) -> None:
        for visit in self.visits:
            seen = {visit.visit_id}
            after = visit.after_visit
            while after is not None:
                if after in seen:
                    msg = f"visit {visit.visit_id} follows itself through its links"
                    raise DomainError(msg)
                seen.add(after)
                after = self._visits[after].after_visit


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            msg = f"two {what} rows have the id {id_}"
            raise DomainError(msg)
        seen.add(id_)
