"""``roundplan diff``: how two rosters differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, refuse_bad_file


def diff_command(
    before: Annotated[
        Path, typer.Argument(metavar="ROSTER_BEFORE", help="The earlier roster folder.")
    ],
    now: Annotated[
        Path, typer.Argument(metavar="ROSTER_NOW", help="The later roster folder.")
    ],
    *,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write every visit that changed."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Say how two rosters of one period differ, and for whom.

    Visits with another worker or another time, clients who see somebody else,
    workers with their paid hours before and now, and what it costs, term by term.
    """
    if csv is not None:
        refuse_bad_file(csv)
    screen = Screen(quiet=quiet)
    screen.say(f"Reading {before} and {now}")
    from roundplan.cli._differing import compare_rosters

    compare_rosters(before, now, csv=csv, screen=screen)
