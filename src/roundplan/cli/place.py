"""``roundplan place``: whether a discharge can be taken, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Iterations, Quiet, Seconds


def place_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="The roster there is.")
    ],
    package: Annotated[
        Path,
        typer.Option(
            "--package", metavar="FILE", help="The visits, as new_visit rows of a CSV."
        ),
    ],
    *,
    count: Annotated[
        bool,
        typer.Option("--how-many", help="How many such packages fit, one by one."),
    ] = False,
    seconds: Seconds = None,
    iterations: Iterations = None,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Say whether a new package fits, and with whom, cheapest first.

    Each offer is led by one worker. Where none has room for all visits, a repair
    looks whether others can move, and else the reasons are given. Nothing is
    written: give the same file to `repair --changes` to take the package.
    """
    screen = Screen(quiet=quiet)
    screen.say(f"Reading {roster_folder}")
    from roundplan.cli._placing import place_package

    code = place_package(
        roster_folder,
        package,
        count=count,
        seconds=seconds,
        iterations=iterations,
        problem=problem,
        screen=screen,
    )
    raise typer.Exit(code)
