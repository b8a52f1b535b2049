"""An earlier roster as the start of the next plan, and what a roster keeps of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from roundplan.domain import Made, Mode, PastRoster, PastVisit, Previous, Provenance
from roundplan.errors import DomainError
from roundplan.formats.codes import Code
from roundplan.formats.current import current_folder
from roundplan.formats.source import Row, Source
from roundplan.formats.tables import Cells

PREVIOUS = "previous.csv"
"""The file of a roster folder; only where a plan began from an earlier roster."""

CHANGE_P = "change_p"
"""The parameter of a provenance that holds the price on change."""

RUNS_VISITS = "runs_visits"
"""The one that only a plan with weekly runs of its own has."""


def load_previous(folder: Path | str) -> PastRoster:
    """Read who made which visit when from a roster folder, to plan from it.

    Only its ``roster.csv`` is read, so it may be a roster of another week, of a problem
    folder that has changed since or is not there any more, or one changed by hand.

    Parameters
    ----------
    folder
        A numbered roster folder, or the output folder whose ``current`` file names one.

    Raises
    ------
    DataError
        E1000. It is not a roster folder, or its table has faults.
    """
    source = Source()
    folder = current_folder(Path(folder), source)
    rows = source.table(folder / "roster.csv", "roster")
    source.raise_faults()
    of_visit: dict[tuple[str, str, date], list[Row]] = defaultdict(list)
    for row in rows:
        of_visit[row["visit_id"], row["client_id"], row["date"]].append(row)
    return PastRoster(
        visits=tuple(
            PastVisit(
                visit_id=visit_id,
                client_id=client_id,
                on=on,
                start_s=min(row["start"].seconds for row in its_rows),
                workers=tuple(row["worker_id"] for row in its_rows),
                modes=tuple(
                    Mode(row["travel_mode"]) if row["travel_mode"] else None
                    for row in its_rows
                ),
            )
            for (visit_id, client_id, on), its_rows in of_visit.items()
        ),
        sha256=source.hashes["roster.csv"],
    )


def previous_rows(previous: Previous) -> list[Cells]:
    """Return the rows of ``previous.csv``: what the cost must know to be worked out."""
    return [
        {"visit_id": visit_id, "workers": ";".join(made.workers)}
        for visit_id, made in previous.made.items()
    ]


def read_previous(
    folder: Path, provenance: Provenance | None, source: Source
) -> Previous | None:
    """Return what a roster was planned from; None for nothing, or with a fault."""
    if not (folder / PREVIOUS).is_file():
        return None
    rows: Iterable[Row] = source.table(folder / PREVIOUS, "previous")
    parameters = dict(provenance.parameters) if provenance else {}
    price = parameters.get(CHANGE_P, "")
    if not price.isdecimal():
        what = f"it has no {CHANGE_P}, which {PREVIOUS} needs"
        source.fault(Code.NO_ROSTER, "provenance.json", what, "Plan again.")
        return None
    made = {}
    for row in rows:
        if not row.ok:
            continue
        try:
            made[row["visit_id"]] = Made(workers=row["workers"])
        except DomainError:
            what = "a visit has one or two workers"
            source.row_fault(row, Code.WRONG_CELL, "workers", what, "Plan again.")
    runs = RUNS_VISITS in parameters

    def count(name: str) -> int:
        text = parameters.get(f"{'runs' if runs else 'previous'}_{name}", "")
        return int(text) if text.isdecimal() else 0

    return Previous(
        made=made,
        change_p=int(price),
        sha256=parameters.get("previous_sha256", ""),
        visits=count("visits"),
        unmatched=count("unmatched"),
        runs=runs,
    )
