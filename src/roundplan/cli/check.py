"""``roundplan check``: the independent checker on a roster folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def check_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    *,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Check a roster against every rule; exit 1 when one is broken.

    The checker shares no code with the search. It works as well on a roster that
    was changed by hand.
    """
    screen = Screen(quiet=quiet)
    screen.say(f"Checking {roster_folder}")
    from roundplan.cli._checking import check_roster

    raise typer.Exit(check_roster(roster_folder, problem=problem, screen=screen))
