"""What a mode of travel says about ways and barriers: the form of its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from roundplan.domain import Mode
from roundplan.network.source import Tags


class Access(IntEnum):
    """Who may pass."""

    CLOSED = 0
    """Nobody."""
    ENDS = 1
    """Visitors: at the start or the end of a leg, never as a short cut."""
    OPEN = 2
    """Everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayUse:
    """How a mode may use a way.

    The pace is in milliseconds per metre along the way and against it; 0 is closed.
    """

    access: Access
    forward_ms_m: int
    backward_ms_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRules:
    """The rules of one mode: ``way`` gives None for a way it may not use at all."""

    mode: Mode
    way: Callable[[Tags], WayUse | None]
    barrier: Callable[[Tags], Access]
