"""``roundplan explain``: why a visit has no worker, or why it has this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def explain_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    visit_id: Annotated[
        str | None,
        typer.Argument(
            metavar="VISIT",
            help="The visit's id, as in roster.csv; none: all without a worker.",
        ),
    ] = None,
    *,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Say why a visit has no worker, or why it has this one.

    The visit is put with every worker in turn, all else staying as it is, and the
    checker says which rule that breaks and by how much. Nothing is written. Without
    a visit, every one that has no worker is explained in brief.
    """
    screen = Screen(quiet=quiet)
    screen.say(f"Reading {roster_folder}")
    from roundplan.cli._explaining import explain_unassigned, explain_visit

    if visit_id is None:
        explain_unassigned(roster_folder, problem=problem, screen=screen)
    else:
        explain_visit(roster_folder, visit_id, problem=problem, screen=screen)
