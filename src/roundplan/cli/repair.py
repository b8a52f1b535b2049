"""``roundplan repair``: change a roster as little as what has happened asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Iterations, Quiet, Seconds, Seed


def repair_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="The roster there is.")
    ],
    changes: Annotated[
        Path,
        typer.Option(
            "--changes", metavar="FILE", help="What has happened, a CSV file."
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A new folder for problem and roster."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change.")
    ] = False,
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar='"DATE TIME"',
            help="What has started by then stays; notice is counted from then.",
        ),
    ] = None,
    most_visits: Annotated[
        int | None,
        typer.Option(
            "--most-visits", min=0, metavar="N", help="Change at most N other visits."
        ),
    ] = None,
    most_clients: Annotated[
        int | None,
        typer.Option(
            "--most-clients",
            min=0,
            metavar="N",
            help="Another worker for at most N other clients.",
        ),
    ] = None,
    change_price: Annotated[
        int | None,
        typer.Option(
            "--change-price", min=0, metavar="PENCE", help="Price of each change."
        ),
    ] = None,
    seconds: Seconds = None,
    iterations: Iterations = None,
    seed: Seed = 1,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Repair a roster after absences, cancellations and new visits.

    First nobody is disturbed but those who have to be; then other start times may
    change; then other workers, at a price. The old roster stays as it is; problem
    and roster as they are now go to --out. See docs/commands.md for the file.
    """
    screen = Screen(quiet=quiet)
    screen.say(f"Reading {roster_folder}")
    from roundplan.cli._repairing import repair_roster

    code = repair_roster(
        roster_folder,
        changes,
        out=out,
        dry_run=dry_run,
        now=now,
        most_visits=most_visits,
        most_clients=most_clients,
        change_p=change_price,
        seconds=seconds,
        iterations=iterations,
        seed=seed,
        problem=problem,
        screen=screen,
    )
    raise typer.Exit(code)
