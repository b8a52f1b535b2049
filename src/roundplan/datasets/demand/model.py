"""What a generated week consists of, before it is written. Times are minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from roundplan.datasets.town import Address

ALL_WEEK = "MTWTFSS"
OFFICE = "OFFICE"


@dataclass(slots=True, kw_only=True)
class VisitPattern:
    """A visit that comes back on the days of a weekly pattern.

    ``earliest``, ``preferred``, ``latest`` are starts, minutes after midnight. From
    ``first_day`` to ``last_day`` it takes place; ``runs`` is the share of the horizon's
    visits of the pattern that do.
    """

    visit_id: str
    days: str
    slot: str
    preferred: int
    earliest: int
    latest: int
    minutes: int
    workers: int = 1
    skills: tuple[str, ...] = ()
    priority: str = "standard"
    time_critical: bool = False
    after_visit: str = ""
    min_gap: int = 0
    max_gap: int = 0
    pinned: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    runs: float = 1.0

    def on(self, weekday: int) -> bool:
        """Return whether the visit takes place on a weekday, Monday 0."""
        return self.days[weekday] != "-"

    def fits(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Return whether the visit can be made within one of some shifts."""
        for start, end in spans:
            if self.earliest <= end - self.minutes and start <= self.latest:
                first, last = max(self.earliest, start), end - self.minutes
                if first <= min(self.latest, last):
                    return True
        return False

    @property
    def a_week(self) -> int:
        """How many days a week."""
        return 7 - self.days.count("-")


@dataclass(slots=True, kw_only=True)
class ClientPlan:
    """A client with the visits of a week."""

    client_id: str
    address: Address
    often: str
    double: bool = False
    provider: str = ""
    package: str = "homecare"
    start_date: date | None = None
    end_date: date | None = None
    language: str = ""
    gender: str = "any"
    skills: tuple[str, ...] = ()
    visits: list[VisitPattern] = field(default_factory=list)
    preferred: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)
    introduced: list[str] = field(default_factory=list)

    def due(self, visit: VisitPattern, on: date) -> bool:
        """Return whether one of the visits takes place on a day."""
        first = max(filter(None, (self.start_date, visit.first_day)), default=on)
        last = min(filter(None, (self.end_date, visit.last_day)), default=on)
        return first <= on <= last and visit.on(on.weekday())

    @property
    def attendances(self) -> int:
        """Attendances a week, a double-handed visit counted twice."""
        return sum(v.a_week * v.workers for v in self.visits)


@dataclass(slots=True, kw_only=True)
class WorkerShift:
    """A block of a worker's day of the horizon, minutes after that day's midnight."""

    day: int
    start: int
    end: int
    kind: str = "work"
    start_place: str = "home"
    end_place: str = "home"


@dataclass(slots=True, kw_only=True)
class WorkerPlan:
    """A care worker with the shifts of the horizon; hours are a week's."""

    worker_id: str
    address: Address
    style: str
    week: dict[int, list[tuple[int, int]]]
    hours_kind: str
    gender: str = "female"
    skills: set[str] = field(default_factory=set)
    languages: tuple[str, ...] = ("English",)
    provider: str = ""
    modes: tuple[str, ...] = ("walk",)
    ltn_exempt: bool = False
    zero_hours: bool = False
    guaranteed: int = 0
    contracted: int | None = None
    most: int = 48
    rate_p: int | None = None
    fixed_base: bool = False
    hours_16_weeks: int = 0
    shifts: list[WorkerShift] = field(default_factory=list)

    @property
    def shift_hours(self) -> float:
        """Hours of work shifts in a week."""
        return sum(e - s for spans in self.week.values() for s, e in spans) / 60

    def covers(self, weekday: int, visit: VisitPattern) -> bool:
        """Return whether a visit can be made within one shift of a weekday."""
        spans = self.week.get(weekday)
        return spans is not None and visit.fits(spans)

    def may_visit(self, client: ClientPlan, visit: VisitPattern) -> bool:
        """Return whether skills, gender and bars allow a visit."""
        return (
            self.skills.issuperset(visit.skills)
            and client.gender in ("any", self.gender)
            and self.worker_id not in client.barred
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisits:
    """How often a worker has visited a client before the start."""

    client_id: str
    worker_id: str
    visits: int
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPlan:
    """A provider with its patches and contact hours a week."""

    provider: str
    tier: str
    patches: tuple[str, ...]
    min_hours: int
    max_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name and how to reach it; invented."""

    name: str
    address: str
    phone: str
    access: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Everything of a generated problem but its streets."""

    start_date: date
    days: int
    clients: list[ClientPlan]
    workers: list[WorkerPlan]
    office: Address
    history: list[PastVisits]
    providers: list[ProviderPlan]
    people: dict[str, Person]
