"""``roundplan return``: the council's quarterly return, made or recomputed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, refuse_bad_file
from roundplan.errors import UsageError


def return_command(
    rosters: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="ROSTER",
            help="Roster folders, or tables of attendances (CSV, Excel).",
        ),
    ] = None,
    *,
    last: Annotated[
        Path | None,
        typer.Option("--last", metavar="FILE", help="The return before, as --csv."),
    ] = None,
    reconcile: Annotated[
        str | None,
        typer.Option(
            "--reconcile",
            metavar="FILE",
            help="Recompute the shares of a printed return instead: a CSV, or "
            "islington-2024-25.",
        ),
    ] = None,
    known_days: Annotated[
        int,
        typer.Option(
            "--known-days", min=1, metavar="N", help="Known: came within N days before."
        ),
    ] = 90,
    regular: Annotated[
        int,
        typer.Option(
            "--regular",
            min=1,
            max=100,
            metavar="PERCENT",
            help="Of a resident's visits, what a regular team makes.",
        ),
    ] = 70,
    columns: Annotated[
        Path | None,
        typer.Option(
            "--columns", metavar="FILE", help="What the columns of a table are called."
        ),
    ] = None,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", metavar="FOLDER", help="The problem of a table."),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write it, for --last next time."),
    ] = None,
    excel: Annotated[
        Path | None,
        typer.Option("--excel", metavar="FILE", help="Write it as a workbook, *.xlsx."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Make the council's quarterly return, or recompute one.

    From the rosters of a quarter: each figure is a count with its denominator and its
    definition, and the change on the return before. With --reconcile, the shares of a
    printed one are recomputed; exit 1 when one does not follow from its counts.
    """
    if (reconcile is None) == (not rosters):
        msg = "give rosters, or --reconcile with a printed return"
        raise UsageError(msg)
    if reconcile is not None and (last or csv or excel):
        msg = "--reconcile goes without --last, --csv and --excel"
        raise UsageError(msg)
    for path in (csv, excel):
        if path is not None:
            refuse_bad_file(path)
    screen = Screen(quiet=quiet)
    if reconcile is not None:
        from roundplan.cli._reconciling import print_reconciled

        raise typer.Exit(print_reconciled(reconcile, screen))
    from roundplan.cli._returning import make_return

    make_return(
        rosters or [],
        columns=columns,
        problem=problem,
        last=last,
        known_days=known_days,
        regular=regular,
        csv=csv,
        excel=excel,
        screen=screen,
    )
