"""What an audit finds: one finding for each criterion and law, with its breaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Status(StrEnum):
    """What is found of a criterion or law."""

    KEPT = "kept"
    BROKEN = "broken"
    REPORTED = "see figures"
    """A matter of degree: figures without a threshold that the charter gives."""
    EVIDENCE = "evidence needed"
    """The provider shows it by papers."""
    NOT_TESTABLE = "not testable"
    """The data lack a column that it needs."""
    NOT_IN_FORCE = "not in force"
    """The policy does not have it, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One breach by a known amount, in ``unit``: ``min``, ``h``, ``p/h``."""

    what: str
    amount: float
    unit: str
    worker_id: str | None = None
    visit_id: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A criterion (by number) or a law, what was found, and on what grounds.

    Parameters
    ----------
    number
        1 to 14, None for a law.
    evidence
        In a sentence, with its denominator; what is needed where it is not testable.
    """

    number: int | None
    name: str
    status: Status
    evidence: str
    breaches: tuple[Breach, ...] = ()

    @property
    def label(self) -> str:
        """Its number in brackets, or ``law``."""
        return f"({self.number})" if self.number else "law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The findings on a record, under a charter policy.

    Parameters
    ----------
    first, last
        Days with an attendance.
    counts
        Attendances, visits, clients, workers and hours of contact.
    notes
        What was assumed.
    """

    source: str
    policy: str
    first: date
    last: date
    counts: dict[str, float]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The findings that are broken."""
        return tuple(f for f in self.findings if f.status is Status.BROKEN)

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each breach, and one for each finding without any."""
        import pandas as pd

        rows = []
        for f in self.findings:
            head = {
                "criterion": f.number,
                "name": f.name,
                "found": f.status.value,
                "evidence": f.evidence,
            }
            rows += [{**head, **asdict(b)} for b in f.breaches] or [head]
        columns = ["criterion", "name", "found", "evidence"]
        columns += [field.name for field in fields(Breach)]
        return pd.DataFrame(rows, columns=columns).astype({"criterion": "Int64"})

    def _repr_html_(self) -> str:
        """Return a table of the findings, for notebooks."""
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        heads = ("", "criterion or law", "found", "breaches", "on what grounds")
        top = "".join(f"<th>{head}</th>" for head in heads)
        return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a line for each finding: label, name, status, breaches, evidence."""
        for f in self.findings:
            count = f"{len(f.breaches):,}" if f.breaches else ""
            yield (f.label, f.name, f.status.value, count, f.evidence)
