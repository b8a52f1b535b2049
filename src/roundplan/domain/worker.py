"""Care workers, their contracts and shifts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from roundplan.domain.place import Place
from roundplan.domain.visit import Extra, Gender
from roundplan.errors import DomainError


class Mode(StrEnum):
    """A way to travel."""

    WALK = "walk"
    TRANSIT = "transit"
    CYCLE = "cycle"
    EBIKE = "ebike"
    DRIVE = "drive"


class ContractKind(StrEnum):
    """Whether hours are promised."""

    GUARANTEED = "guaranteed"
    ZERO_HOURS = "zero_hours"


class ShiftKind(StrEnum):
    """What a shift is for. Training and meetings are paid and block time."""

    WORK = "work"
    TRAINING = "training"
    MEETING = "meeting"
    LEAVE = "leave"


PAID_BLOCKS = frozenset({ShiftKind.TRAINING, ShiftKind.MEETING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What worker and employer have agreed.

    Hours are seconds a week. ``rate_p`` is pence an hour, None for the living wage
    in force. ``contracted_s`` None means that no overtime premium is due,
    ``max_s`` None that the worker has no maximum of their own.
    ``worked_16_weeks_s`` is the working time of the 16 weeks before the horizon.
    """

    kind: ContractKind = ContractKind.ZERO_HOURS
    guaranteed_s: int = 0
    contracted_s: int | None = None
    max_s: int | None = None
    rate_p: int | None = None
    has_fixed_base: bool = False
    wtr_opt_out: bool = False
    worked_16_weeks_s: int | None = None

    def __post_init__(self) -> None:
        """Check that the hours make sense together."""
        if self.kind is ContractKind.ZERO_HOURS and self.guaranteed_s:
            msg = "a zero-hours contract cannot guarantee hours"
            raise DomainError(msg)
        if self.guaranteed_s < 0 or (self.rate_p is not None and self.rate_p <= 0):
            msg = "hours and pay must not be negative"
            raise DomainError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareWorker:
    """A paid person who makes visits. ``home`` has the worker_id as its place_id."""

    worker_id: str
    home: Place
    patch: str | None = None
    provider: str | None = None
    modes: tuple[Mode, ...] = (Mode.WALK,)
    ltn_exempt: bool = False
    skills: frozenset[str] = frozenset()
    gender: Gender | None = None
    languages: tuple[str, ...] = ()
    contract: Contract = Contract()
    extra: Extra = ()

    def __post_init__(self) -> None:
        """Refuse a worker who cannot move."""
        if not self.modes:
            msg = f"worker {self.worker_id} has no mode of travel"
            raise DomainError(msg)
        if self.gender is Gender.ANY:
            msg = f"worker {self.worker_id}: 'any' is not a worker's gender"
            raise DomainError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """When a worker is available (work), or is paid but blocked, or is away.

    A work shift holds at most one round, whose ``round_id`` is the ``shift_id``.
    ``day`` is the day on which the shift opens; ``start_s`` and ``end_s`` are
    seconds of the horizon. ``start_place`` and ``end_place`` are place ids, the
    worker's own id for home; None for anywhere (the leg is nobody's business).
    """

    shift_id: str
    worker_id: str
    day: int
    start_s: int
    end_s: int
    kind: ShiftKind = ShiftKind.WORK
    start_place: str | None = None
    end_place: str | None = None
    extra: Extra = ()

    def __post_init__(self) -> None:
        """Refuse a shift that ends before it starts."""
        if self.end_s <= self.start_s:
            msg = f"shift {self.shift_id} ends before it starts"
            raise DomainError(msg)
