"""``roundplan report``: a roster as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def report_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The page to write, *.html.")
    ],
    *,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="ROSTER_FOLDER",
            help="A roster to compare key figures with, such as last week's.",
        ),
    ] = None,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Show a roster as one page that opens offline.

    A map and a chart of the rounds, key figures with their definitions, visits
    without a worker and why, rules, cost and ways of travel. It has ids, no names.
    """
    from roundplan.cli._reporting import report_roster
    from roundplan.formats import load_figures

    report_roster(
        roster_folder,
        out,
        before=None if previous is None else load_figures(previous),
        problem=problem,
        screen=Screen(quiet=quiet),
    )
