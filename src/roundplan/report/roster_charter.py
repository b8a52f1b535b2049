"""The charter's criteria on a roster's page, as the audit finds them."""

from __future__ import annotations

from html import escape

from roundplan.charter.attendances import record_of
from roundplan.charter.audit import audit
from roundplan.charter.auditing import DEFAULT_POLICY
from roundplan.charter.criteria import charter_policy
from roundplan.cost import rate_table
from roundplan.errors import RoundplanError
from roundplan.report.audit_report import SIGNS
from roundplan.report.page import table
from roundplan.report.rota import Rota
from roundplan.words import counted


def charter_section(rota: Rota, policy: str = DEFAULT_POLICY) -> str:
    """Return what an audit finds of each criterion and law, as HTML.

    An audit that cannot be made, for want of a wage of the day or of any attendance,
    leaves its reason in the place of its findings.
    """
    problem = rota.problem
    heading = (
        '<section aria-labelledby="charter"><h2 id="charter">Ethical Care Charter and '
        "law</h2>"
    )
    try:
        record = record_of(problem, rota.travel, rota.roster, "roster")
        found = audit(
            record,
            charter_policy(policy),
            rates=rate_table(problem),
            known_days=problem.policy.known_days,
            llw_from=problem.llw_from,
        )
    except RoundplanError as error:
        return f"{heading}<p>Not audited. {escape(str(error))}</p></section>"
    rows = []
    for f in found.findings:
        count = counted(len(f.breaches), "breach", "breaches")
        state = f"{SIGNS[f.status]} {f.status.value}"
        state += f", {count}" if f.breaches else ""
        rows.append((f"{f.label} {f.name}", state, f.evidence))
    heads = ("Criterion or law", "Found", "On what grounds")
    notes = "".join(f"<li>{escape(note)}</li>" for note in found.notes)
    return (
        f"{heading}<p>The audit under the policy {escape(found.policy)}; "
        "<code>roundplan audit</code> lists every breach, and has other policies.</p>"
        f"{table(heads, rows)}{f'<ul>{notes}</ul>' if notes else ''}</section>"
    )
