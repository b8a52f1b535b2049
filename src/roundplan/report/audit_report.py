"""An audit as a page, a workbook and a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import escape

from roundplan.charter.continuity import DEFINITIONS, WINDOWS, PanelRow
from roundplan.charter.findings import Audit, Breach, Finding, Status
from roundplan.report.page import page
from roundplan.report.workbook import Column, Sheets, new_book

MOST_ON_PAGE = 200
"""Breaches of one finding that a page lists; the workbook and the table have all."""

SIGNS = {
    Status.KEPT: "✓",
    Status.BROKEN: "✗",
    Status.REPORTED: "≈",
    Status.EVIDENCE: "…",
    Status.NOT_TESTABLE: "?",
    Status.NOT_IN_FORCE: "-",
}
"""Beside the word, for who looks at many."""

BREACHES = (
    Column("Criterion", width=10),
    Column("Name", width=44),
    Column("What", width=28),
    Column("Worker"),
    Column("Visit", width=22),
    Column("Date", "date", 16),
    Column("Amount", "figure", 10),
    Column("Unit", width=8),
)


def audit_html(audit: Audit, panel: tuple[PanelRow, ...]) -> str:
    """Return a page with findings, breaches and the continuity panel."""
    counts = ", ".join(f"{value:,} {name}" for name, value in audit.counts.items())
    findings = "".join(_finding(f) for f in audit.findings)
    notes = "".join(f"<li>{escape(note)}</li>" for note in audit.notes)
    body = f"""<main>
<h1>Charter audit</h1>
<p>{escape(audit.source)}: {audit.first} to {audit.last}, policy
{escape(audit.policy)}. {escape(counts)}.</p>
<div data-scrolls>
<table><caption>Findings</caption><thead><tr><th></th><th>Criterion or law</th>
<th>Found</th><th>On what grounds</th></tr></thead><tbody>{findings}</tbody></table>
</div>
{_panel(panel)}
<h2>Assumed</h2><ul>{notes or "<li>nothing</li>"}</ul>
</main>
<script>document.body.dataset.ready = "yes";</script>"""
    return page(
        f"Charter audit, {audit.first} to {audit.last}",
        body,
        {},
        scripts=[],
        styles=["audit_report.css"],
        leaflet=False,
    )


def _finding(f: Finding) -> str:
    found = f"{SIGNS[f.status]} {f.status.value}"
    breaches = ""
    if f.breaches:
        lines = "".join(
            f"<tr><td>{escape(b.what)}</td><td>{escape(b.worker_id or '')}</td>"
            f"<td>{escape(b.visit_id or '')}</td><td>{b.day or ''}</td>"
            f'<td class="number">{b.amount:,.4g} {b.unit}</td></tr>'
            for b in f.breaches[:MOST_ON_PAGE]
        )
        more = len(f.breaches) - MOST_ON_PAGE
        rest = f"<p>and {more:,} more: see the workbook</p>" if more > 0 else ""
        breaches = (
            f"<details><summary>{len(f.breaches):,} breaches</summary><table><thead>"
            "<tr><th>What</th><th>Worker</th><th>Visit</th><th>Date</th>"
            f'<th class="number">By</th></tr></thead><tbody>{lines}</tbody></table>'
            f"{rest}</details>"
        )
    return (
        f'<tr class="{f.status.name.lower()}"><td class="label">{f.label}</td>'
        f"<td>{escape(f.name)}</td><td>{found}</td>"
        f"<td>{escape(f.evidence)}{breaches}</td></tr>"
    )


def _panel(panel: tuple[PanelRow, ...]) -> str:
    if not panel:
        return "<h2>Continuity</h2><p>Not testable: needs client_id.</p>"
    heads = "".join(f'<th class="number">{h}</th>' for h in PANEL_HEADS[1:])
    lines = "".join(
        f"<tr><td>{row[0]}</td>"
        + "".join(f'<td class="number">{cell}</td>' for cell in row[1:])
        + "</tr>"
        for row in panel_rows(panel)
    )
    means = "".join(
        f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in DEFINITIONS.items()
    )
    return (
        '<div data-scrolls><table class="panel">'
        "<caption>Continuity, by visits a day</caption><thead><tr>"
        f"<th>{PANEL_HEADS[0]}</th>{heads}</tr></thead><tbody>{lines}</tbody></table>"
        f"</div><dl>{means}</dl>"
    )


PANEL_HEADS = (
    "Visits a day",
    "Clients",
    *(f"Workers {w} d" for w in WINDOWS),
    "UPC %",
    "COCI",
    "SECON",
    "Regular",
    "First ever",
    "Not known",
)


def panel_rows(panel: tuple[PanelRow, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the panel as text, under ``PANEL_HEADS``."""
    for row in panel:
        yield (
            row.group,
            f"{row.clients:,}",
            *(f"{row.workers[w]:.1f}" for w in WINDOWS),
            f"{row.upc_percent:.0f}",
            "" if row.coci is None else f"{row.coci:.2f}",
            "" if row.secon is None else f"{row.secon:.2f}",
            f"{row.regular:,}",
            f"{row.first_ever:,}",
            f"{row.not_known:,}",
        )


def audit_workbook(audit: Audit, panel: tuple[PanelRow, ...]) -> bytes:
    """Return a workbook: findings, breaches, continuity and definitions."""
    buffer = io.BytesIO()
    book = new_book(buffer, audit.first)
    sheets = Sheets(book)
    heads = (
        Column("Criterion", width=10),
        Column("Name", width=50),
        Column("Found", width=18),
        Column("Breaches", width=10),
        Column("On what grounds", width=100),
    )
    sheets.table("Findings", heads, audit.rows())
    sheets.table("Breaches", BREACHES, (_row(f, b) for f, b in _breaches(audit)))
    sheets.table("Continuity", [Column(h) for h in PANEL_HEADS], panel_rows(panel))
    meanings = (Column("Figure", width=30), Column("Meaning", width=110))
    sheets.table("Definitions", meanings, DEFINITIONS.items())
    about = (Column("About this audit", width=110),)
    said = (
        f"{audit.source}: {audit.first} to {audit.last}, policy {audit.policy}",
        *audit.notes,
    )
    sheets.table("About", about, ((line,) for line in said))
    book.close()
    return buffer.getvalue()


def audit_csv(audit: Audit) -> str:
    """Return a line for each breach, and one for each finding without any."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = "criterion,name,found,evidence,what,worker_id,visit_id,date,amount,unit"
    writer.writerow(heads.split(","))
    for f in audit.findings:
        head = [f.number or "law", f.name, f.status.value, f.evidence]
        for b in f.breaches:
            who = [b.what, b.worker_id or "", b.visit_id or "", b.day or ""]
            writer.writerow([*head, *who, f"{b.amount:.6g}", b.unit])
        if not f.breaches:
            writer.writerow([*head, "", "", "", "", "", ""])
    return out.getvalue()


def _breaches(audit: Audit) -> Iterator[tuple[Finding, Breach]]:
    for f in audit.findings:
        for b in f.breaches:
            yield f, b


def _row(f: Finding, b: Breach) -> tuple[object, ...]:
    return (f.label, f.name, b.what, b.worker_id, b.visit_id, b.day, b.amount, b.unit)
