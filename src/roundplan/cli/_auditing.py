"""What ``audit`` does: read rosters of any kind, audit them together, say and write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from roundplan.charter.audit import audit
from roundplan.charter.auditing import read_records
from roundplan.charter.continuity import client_figures, panel
from roundplan.charter.criteria import charter_policy
from roundplan.charter.evidence import read_evidence
from roundplan.charter.findings import Audit, Status
from roundplan.charter.read_attendances import Columns
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._text import counted
from roundplan.cost import RateTable
from roundplan.domain import LlwFrom
from roundplan.formats import load_problem, load_rates, write_whole
from roundplan.report.audit_report import (
    SIGNS,
    audit_csv,
    audit_html,
    audit_workbook,
    panel_rows,
)

MOST_BREACHES = 5
"""Breaches of one finding that are printed."""


def audit_rosters(
    rosters: Sequence[Path],
    *,
    policy: str,
    columns: Path | None,
    problem: Path | None,
    rates: Path | None,
    llw_from: LlwFrom,
    unverified: bool,
    evidence: Path | None,
    csv: Path | None,
    excel: Path | None,
    html: Path | None,
    screen: Screen,
) -> int:
    """Audit rosters together; returns the exit code, 1 where something is broken."""
    charter = charter_policy(policy)
    mapping = None if columns is None else Columns.read(columns)
    of = None if problem is None else load_problem(problem).problem
    table = RateTable(user=() if rates is None else load_rates(rates))
    shown = {} if evidence is None else read_evidence(evidence)
    record = read_records(rosters, mapping, of)
    found = audit(
        record,
        charter,
        rates=table,
        llw_from=llw_from,
        unverified=unverified,
        evidence=shown,
    )
    rows = panel(client_figures(record))
    _print(screen, found)
    if rows:
        screen.heading("Continuity by visits a day, means over clients")
        heads = ["A day", *(f"{RIGHT}{h}" for h in SHORT_HEADS)]
        screen.table(heads, [(r[0], *r[1:2], *r[3:]) for r in panel_rows(rows)])
        screen.say("What each figure means: --html or --excel, and docs/audit.md.")
    if csv is not None:
        write_whole(csv, audit_csv(found))
    if excel is not None:
        write_whole(excel, audit_workbook(found, rows))
    if html is not None:
        write_whole(html, audit_html(found, rows))
    for path in (csv, excel, html):
        if path is not None:
            screen.say(f"Wrote {path}")
    return 1 if found.broken else 0


SHORT_HEADS = (
    *("Clients", "14 d", "28 d", "UPC%", "COCI", "SECON"),
    *("Regular", "First", "New"),
)
"""The heads of the panel where there are 80 columns; it has 7 days elsewhere."""


def _print(screen: Screen, found: Audit) -> None:
    counts = found.counts
    screen.say(f"{found.first} to {found.last}, policy {found.policy}")
    screen.say(
        f"{counted(int(counts['attendances']), 'attendance')} of "
        f"{counted(int(counts['visits']), 'visit')}, "
        f"{counted(int(counts['workers']), 'worker')}, "
        f"{counts['contact hours']:,.1f} h with clients"
    )
    screen.bullets(found.notes)
    screen.heading("Findings")
    for f in found.findings:
        breaches = f", {counted(len(f.breaches), 'breach', 'breaches')}"
        more = breaches if f.breaches else ""
        style = "red" if f.status is Status.BROKEN else None
        sign = SIGNS[f.status]
        screen.say(f"{sign} {f.label} {f.name}: {f.status.value}{more}", style=style)
        screen.bullets([f.evidence])
        if f.status is not Status.BROKEN:
            continue
        screen.bullets(
            f"{b.what}: {' '.join(filter(None, (b.worker_id, b.visit_id)))} "
            f"{b.day or ''} by {b.amount:,.4g} {b.unit}"
            for b in f.breaches[:MOST_BREACHES]
        )
        if len(f.breaches) > MOST_BREACHES:
            screen.say(f"    and {len(f.breaches) - MOST_BREACHES:,} more: --csv FILE")
