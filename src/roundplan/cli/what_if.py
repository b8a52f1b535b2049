"""``roundplan what-if``: what a change of streets or vehicles would do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Iterations, Quiet, Seconds, refuse_bad_file

DEFAULT_SECONDS = 20.0
MOST_SEEDS = 50


def what_if_command(
    folder: Annotated[
        Path, typer.Argument(help="The problem folder.", metavar="FOLDER")
    ],
    *,
    without_filters: Annotated[
        bool,
        typer.Option(
            "--without-filters", help="Cars pass bollards, gates and cameras."
        ),
    ] = False,
    ebikes: Annotated[
        int | None,
        typer.Option(
            "--ebikes", min=1, metavar="N", help="N more workers have an e-bike."
        ),
    ] = None,
    walk_only: Annotated[
        bool,
        typer.Option("--walk-only", help="Everybody walks: no vehicle, no bus."),
    ] = False,
    neighbourhoods: Annotated[
        bool,
        typer.Option(
            "--neighbourhoods",
            help="Workers stay in their patch, beside a plan without patches.",
        ),
    ] = False,
    seconds: Seconds = None,
    iterations: Iterations = None,
    seeds: Annotated[
        int,
        typer.Option(
            "--seeds",
            min=1,
            max=MOST_SEEDS,
            metavar="K",
            help="Plan each side K times: what differs by chance shows.",
        ),
    ] = 3,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write the figures of each seed."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Plan a problem as it is and changed, and compare.

    Give one of the first four options. Each side is planned
    --seeds times, by default 3 times for 20 seconds each; a difference within what
    the seeds differ by is printed as not distinguishable. No roster is written.
    """
    if csv is not None:
        refuse_bad_file(csv)
    from roundplan.cli._comparing import compare

    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    compare(
        folder,
        without_filters=without_filters,
        ebikes=ebikes,
        walk_only=walk_only,
        neighbourhoods=neighbourhoods,
        seconds=seconds,
        iterations=iterations,
        seeds=seeds,
        csv=csv,
        screen=Screen(quiet=quiet),
    )
