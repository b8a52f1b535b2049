"""Errors a user can meet: each has a code, a cause and an action.

``E1xxx`` is about data, ``E2xxx`` about the network and travel, ``E3xxx`` about
planning. Messages never hold values of personal columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class RoundplanError(Exception):
    """Base of every error raised on purpose; ``code`` names it in the docs."""

    code = "E0000"

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class DomainError(RoundplanError, ValueError):
    """An object of the domain model that cannot be what it says it is."""

    code = "E1001"


class UsageError(RoundplanError, ValueError):
    """A command or call that asks for something that does not exist."""

    code = "E1002"


class RateError(RoundplanError, LookupError):
    """A dated rate that the tables do not hold, or hold twice."""

    code = "E1201"


class NetworkError(RoundplanError, ValueError):
    """A street network that cannot be read or built."""

    code = "E2001"


class SnapError(RoundplanError, ValueError):
    """Places too far from the network to be reached."""

    code = "E2103"


class TravelError(RoundplanError, ValueError):
    """Travel times that do not cover the problem."""

    code = "E2201"


class SearchDefectError(RoundplanError, RuntimeError):
    """The search and the cost disagree on a roster: a fault in roundplan."""

    code = "E3001"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataProblem:
    """One thing wrong in one cell, row or file of the input.

    ``line`` counts as an editor does, header first; 0 means the whole file.
    ``value`` is None for personal columns.
    """

    code: str
    file: str
    line: int
    column: str
    value: str | None
    what: str
    action: str

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "")
        column = f" {self.column}" if self.column else ""
        value = "" if self.value is None else f" {_short(self.value)!r}"
        return f"{self.code} {where}{column}{value}: {self.what}. {self.action}"


class DataError(RoundplanError, ValueError):
    """Everything wrong with the input, all files at once."""

    code = "E1000"

    def __init__(self, problems: Iterable[DataProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(
            f"{count} problem{'' if count == 1 else 's'} in the input\n"
            + "\n".join(map(str, self.problems))
        )


def _short(value: str, limit: int = 60) -> str:
    """Cut a cell for display, so that one bad cell cannot fill the screen."""
    return value if len(value) <= limit else f"{value[:limit]}… ({len(value):,} chars)"
