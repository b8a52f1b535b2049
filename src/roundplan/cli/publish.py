"""``roundplan publish``: record what workers are told, and with how much notice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def publish_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    *,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at",
            metavar="TIME",
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="When workers are told, as 2026-05-22T16:00: now unless given.",
        ),
    ] = None,
    hours: Annotated[
        Path | None,
        typer.Option("--hours", help="Average weeks of workers, a CSV file."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is new, and record nothing.")
    ] = False,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Record that workers are given a roster, and the notice they get.

    What is new to whom, with how much notice, and the time added and cancelled since
    they were last told go to published.csv beside the rosters. A roster that breaks a
    rule is not published: exit 1.
    """
    from roundplan.cli._publishing import publish_roster

    raise typer.Exit(
        publish_roster(
            roster_folder,
            at=at,
            hours=hours,
            dry_run=dry_run,
            problem=problem,
            screen=Screen(quiet=quiet),
        )
    )
