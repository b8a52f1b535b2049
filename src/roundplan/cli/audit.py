"""``roundplan audit``: the charter and the law, on our rosters or anybody's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, refuse_bad_file
from roundplan.errors import UsageError

DEFAULT_POLICY = "southwark-2014"


def audit_command(
    rosters: Annotated[
        list[Path],
        typer.Argument(
            metavar="ROSTER...",
            help="Roster folders, or tables of attendances (CSV, Excel).",
        ),
    ],
    *,
    policy: Annotated[
        str,
        typer.Option(
            "--policy",
            metavar="NAME",
            help="unison-stage-1 to -3, southwark-2014, islington-2024 or none.",
        ),
    ] = DEFAULT_POLICY,
    columns: Annotated[
        Path | None,
        typer.Option(
            "--columns", metavar="FILE", help="What the columns of a table are called."
        ),
    ] = None,
    problem: Annotated[
        Path | None,
        typer.Option(
            "--problem",
            metavar="FOLDER",
            help="The problem that a table is of: clients, lengths, contracts.",
        ),
    ] = None,
    rates: Annotated[
        Path | None,
        typer.Option(
            "--rates", metavar="FILE", help="Your own rates, before the shipped ones."
        ),
    ] = None,
    llw_from: Annotated[
        str,
        typer.Option(
            "--llw-from",
            metavar="WHEN",
            help="A living wage counts when announced, from the deadline or april.",
        ),
    ] = "deadline",
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified", help="Count with rates past the day they are verified to."
        ),
    ] = False,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FILE", help="What the provider shows, TOML."
        ),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every breach.")
    ] = None,
    excel: Annotated[
        Path | None,
        typer.Option("--excel", metavar="FILE", help="Write a workbook, *.xlsx."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Audit rosters against a care charter and the law.

    For each of the charter's 14 criteria, and for the law on minimum wage, rest, breaks
    and hours: kept or not, on what grounds, and every breach with its amount. What the
    data cannot show is said to be not testable, with what it needs. Several rosters,
    such as the weeks of a quarter, are audited together.

    The exit code is 1 where something is broken.
    """
    for path in (csv, excel, html):
        if path is not None:
            refuse_bad_file(path)
    from roundplan.cli._auditing import audit_rosters
    from roundplan.domain import LlwFrom

    if llw_from not in list(LlwFrom):
        msg = f"--llw-from is {', '.join(LlwFrom)}, not {llw_from}"
        raise UsageError(msg)
    code = audit_rosters(
        rosters,
        policy=policy,
        columns=columns,
        problem=problem,
        rates=rates,
        llw_from=LlwFrom(llw_from),
        unverified=unverified,
        evidence=evidence,
        csv=csv,
        excel=excel,
        html=html,
        screen=Screen(quiet=quiet),
    )
    raise typer.Exit(code)
