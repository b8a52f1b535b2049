"""``roundplan plan``: a problem folder in, a checked roster folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._errors import report_error
from roundplan.cli._options import (
    Iterations,
    Method,
    Quiet,
    Seconds,
    Seed,
    Threads,
    refuse_bad_file,
    refuse_bad_folder,
    refuse_bad_page,
)
from roundplan.errors import RoundplanError, UsageError

DEFAULT_SECONDS = 60.0


def plan_command(
    folder: Annotated[
        Path, typer.Argument(help="The problem folder.", metavar="FOLDER")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The roster folder.")],
    *,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="ROSTER_FOLDER",
            help="Start from this roster, of this period or an earlier one.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on from the checkpoint of a plan that was killed."
        ),
    ] = False,
    change_price: Annotated[
        int | None,
        typer.Option(
            "--change-price",
            min=0,
            metavar="PENCE",
            help="Price of a visit by another worker than before.",
        ),
    ] = None,
    seconds: Seconds = None,
    iterations: Iterations = None,
    seed: Seed = 1,
    threads: Threads = 1,
    method: Annotated[
        Method,
        typer.Option(
            "--method", help="Search, prove a small problem, or both where it is quick."
        ),
    ] = Method.AUTO,
    bound: Annotated[
        float,
        typer.Option(
            "--bound",
            min=0,
            metavar="SECONDS",
            help="Time after the search to prove how far from the best it can be.",
        ),
    ] = 0.0,
    trace: Annotated[
        Path | None,
        typer.Option(
            "--trace", metavar="FILE", help="Write costs over time to this CSV file."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="PAGE", help="Show the roster as a page too, *.html."
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log", metavar="FILE", help="Add a line to this file: outcome, timings."
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Plan again whenever files of the folder change."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """
    Plan the rounds of a problem folder.

    Without --seconds and --iterations it plans for 60 seconds; with both, the first
    reached stops. Ctrl-C stops early and keeps the best roster so far. The result is
    checked, and written into a new numbered folder under --out.

    With --method exact the search is short, and then the exact model goes on until
    its roster is proved to cost least, or the time is up: for a dozen visits or two.

    Every 15 seconds the best roster so far is kept in --out as a checkpoint; --resume
    goes on from it after a kill or a power cut.

    With --previous, visits stay with the workers who made them, as far as the rules
    allow and the price on change makes it worth while.
    """
    screen = Screen(quiet=quiet)
    if resume and previous is not None:
        msg = "--resume goes on without a previous roster: leave one of them out"
        raise UsageError(msg)
    refuse_bad_folder(out, problem=folder)
    for path in (trace, log):
        if path is not None:
            refuse_bad_file(path)
    if report is not None:
        refuse_bad_page(report)
    screen.say(f"Reading {folder}")
    from roundplan.cli._batch import RunLog, changes
    from roundplan.cli._planning import make_roster
    from roundplan.formats import load_figures

    # now: when the plan is made, ``current`` may name it and no longer the previous
    before = None
    if report is not None and previous is not None:
        before = load_figures(previous)
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS

    def once() -> int:
        run = RunLog(log, f"plan {folder.name}")
        try:
            code = make_roster(
                folder,
                out,
                previous=previous,
                resume=resume,
                change_p=change_price,
                trace=trace,
                seconds=seconds,
                iterations=iterations,
                seed=seed,
                threads=threads,
                method=method.value,
                bound_seconds=bound,
                log=run,
                screen=screen,
            )
        except BaseException as error:
            run.failed(error)
            raise
        if report is not None:
            from roundplan.cli._reporting import report_roster

            report_roster(out, report, before=before, problem=folder, screen=screen)
        return code

    if not watch:
        raise typer.Exit(once())
    for _ in changes(folder):
        try:
            once()
        except RoundplanError as error:
            # bad input is said, and the folder watched for better
            report_error(error, all_problems=False)
        screen.say(f"Watching {folder} for changes; Ctrl-C ends")
