"""The charter as data: fourteen criteria, and policies that ask for some from a day on.

The table is ``criteria.toml`` beside this module; docs/charter.md shows it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from roundplan.errors import UsageError


class Kind(StrEnum):
    """Who can tell whether a criterion is kept."""

    SCHEDULER = "scheduler"
    """The roster: its visits and their times."""
    PAY = "pay"
    """Pay, contracts and the two clocks, with the roster."""
    EVIDENCE = "evidence"
    """The provider or the council, by a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One sentence of the charter, in which charters it stands, and who can tell.

    ``number`` is Southwark's. ``unison_text`` names UNISON's sentence ("2b"; its stage
    is the digit), None where the table gives UNISON the criterion and no sentence of
    the stages says it, or where UNISON has it not.
    """

    id: str
    number: int
    text: str
    short: str
    kind: Kind
    kingsmill: bool
    unison: bool
    unison_text: str | None = None
    southwark: bool = True

    @property
    def stage(self) -> int | None:
        """The stage of UNISON's charter, 1 to 3."""
        return None if self.unison_text is None else int(self.unison_text[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterPolicy:
    """The criteria that somebody has signed, each from a day on.

    ``since`` None for a criterion that holds on every day.
    """

    name: str
    about: str
    source: str
    since: Mapping[str, date | None]

    def asks(self, criterion: str, on: date) -> bool:
        """Return whether a criterion is asked for on a day."""
        if criterion not in self.since:
            return False
        first = self.since[criterion]
        return first is None or first <= on

    def first_day(self, criterion: str, first: date, last: date) -> date | None:
        """Return the first day of a period that it is asked for, None for none."""
        if not self.asks(criterion, last):
            return None
        return max(first, self.since[criterion] or first)


@cache
def _table() -> dict[str, Any]:
    file = resources.files("roundplan.charter") / "criteria.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def criteria() -> tuple[Criterion, ...]:
    """Return the fourteen criteria in the order of Southwark's table."""
    return tuple(
        Criterion(**{**row, "kind": Kind(row["kind"])}) for row in _table()["criterion"]
    )


@cache
def charter_policies() -> Mapping[str, CharterPolicy]:
    """Return the policies by name."""
    return {name: _policy(name, row) for name, row in _table()["policy"].items()}


def charter_policy(name: str) -> CharterPolicy:
    """Return a policy by its name.

    Raises
    ------
    UsageError
        E1002. There is no such policy.
    """
    known = charter_policies()
    if name not in known:
        msg = f"there is no charter policy {name!r}; there are {', '.join(known)}"
        raise UsageError(msg)
    return known[name]


def _policy(name: str, row: Mapping[str, Any]) -> CharterPolicy:
    since: dict[str, date | None] = {}
    for criterion in criteria():
        if str(criterion.stage) in row.get("stages", ()):
            since[criterion.id] = None
        if "all_from" in row:
            since[criterion.id] = row["all_from"]
    since |= row.get("from", {})
    return CharterPolicy(
        name=name, about=row["about"], source=row["source"], since=since
    )
