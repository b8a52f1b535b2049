"""The audit in one call, for notebooks and rostering staff."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from roundplan.charter.attendances import Record, joined, record_of
from roundplan.charter.audit import audit as audit_record
from roundplan.charter.criteria import charter_policy
from roundplan.charter.findings import Audit
from roundplan.charter.read_attendances import Columns, read_attendances
from roundplan.cost import RateTable
from roundplan.domain import Problem, Rate
from roundplan.formats import load_roster

DEFAULT_POLICY = "southwark-2014"


def audit(
    *rosters: Path | str,
    policy: str = DEFAULT_POLICY,
    columns: Columns | None = None,
    problem: Problem | None = None,
    rates: Sequence[Rate] = (),
    unverified: bool = False,
) -> Audit:
    """Audit rosters, ours or anybody's, together.

    Parameters
    ----------
    rosters
        Roster folders, or tables of attendances (CSV, Excel).
    policy
        A name of ``charter_policies``.
    columns, problem
        Of tables: what their columns are called, and the problem that they are of.
    rates
        The user's, before the shipped ones.
    unverified
        Count with wages past the day to which they are verified, and note it.

    Returns
    -------
    Audit
        Shows as a table in a notebook; ``to_frame()`` has every breach.

    Raises
    ------
    DataError
        E1000. All that is wrong with a roster or table.
    RateError
        E1201. There is no wage for a day, or nobody vouches for it.
    UsageError
        E1002. No such policy, or nothing to audit.

    Examples
    --------
    >>> import roundplan as rp
    >>> rp.audit("roundplan-demo/roster", policy="unison-stage-1")  # doctest: +SKIP
    """
    charter = charter_policy(policy)
    record = read_records(rosters, columns, problem)
    table = RateTable(user=tuple(rates))
    return audit_record(record, charter, rates=table, unverified=unverified)


def read_records(
    rosters: Sequence[Path | str], columns: Columns | None, problem: Problem | None
) -> Record:
    """Read roster folders and tables, as one record."""
    records = [record for record, _ in read_sources(rosters, columns, problem)]
    return joined(records) if len(records) != 1 else records[0]


def read_sources(
    rosters: Sequence[Path | str], columns: Columns | None, problem: Problem | None
) -> list[tuple[Record, Problem | None]]:
    """Read roster folders and tables, each with the problem that it is of."""
    return [_read(Path(path), columns, problem) for path in rosters]


def _read(
    path: Path, columns: Columns | None, problem: Problem | None
) -> tuple[Record, Problem | None]:
    if path.is_dir():
        loaded = load_roster(path)
        of = loaded.problem_folder.problem
        return record_of(of, loaded.travel, loaded.roster, path.name), of
    return read_attendances(path, columns, problem), problem
