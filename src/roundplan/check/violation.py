"""What a rule says about a roster that breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roundplan.domain import Override, Rule
from roundplan.units import HOUR_S, MINUTE_S

SECONDS = "s"
COUNT = "count"
PENCE_PER_HOUR = "pence per hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One breach of one hard rule, by a known amount.

    Parameters
    ----------
    amount
        By how much, above 0, in ``unit``: ``s``, ``count`` or ``pence per hour``.
    visit_id, client_id, worker_id
        Whom it concerns; None where the rule is not about one.
    day
        Day of the horizon: the visit's for a rule about visits, the round's for a
        rule about rounds, the first of the week for a weekly rule. None for the
        whole horizon.
    message
        One sentence with ids and the quantity in minutes or hours.
    override
        What sets the rule aside here; None for a roster that is wrong.
    """

    rule: Rule
    amount: int
    unit: str
    visit_id: str | None = None
    client_id: str | None = None
    worker_id: str | None = None
    day: int | None = None
    message: str
    override: Override | None = None

    def __str__(self) -> str:
        """Return the sentence, with its rule; the reason of an override is not in it.

        Reasons are free text and may name people.
        """
        set_aside = "" if self.override is None else " (set aside by an override)"
        return f"{self.rule}: {self.message}{set_aside}"


def broken(violations: Iterable[Violation]) -> list[Violation]:
    """Return the violations that no override sets aside: they make a roster wrong."""
    return [v for v in violations if v.override is None]


def overrides_used(violations: Iterable[Violation]) -> tuple[Override, ...]:
    """Return the overrides that set something aside, each once, in order of use."""
    used = (v.override for v in violations if v.override is not None)
    return tuple(dict.fromkeys(used))


def spell_time(seconds: int) -> str:
    """Say a length of time in words: seconds, minutes below two hours, or hours.

    Examples
    --------
    >>> spell_time(60), spell_time(4500), spell_time(39_600), spell_time(90)
    ('1 minute', '75 minutes', '11 hours', '1 minute 30 seconds')
    """
    parts: list[tuple[int, str]] = []
    if seconds >= 2 * HOUR_S:
        hours, seconds = divmod(seconds, HOUR_S)
        parts.append((hours, "hour"))
    minutes, seconds = divmod(seconds, MINUTE_S)
    parts += [(minutes, "minute"), (seconds, "second")]
    said = [count_of(count, unit) for count, unit in parts if count]
    return " ".join(said) or "0 minutes"


def count_of(count: int, noun: str) -> str:
    """Return ``1 worker`` or ``2 workers``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
