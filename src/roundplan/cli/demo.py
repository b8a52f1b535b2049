"""``roundplan demo``: from nothing to a finished roster in a minute or so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, Seconds, refuse_bad_folder

DEMO_SECONDS = 10.0
PROBLEM = "problem"
ROSTER = "roster"


def demo_command(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Where to put the problem and the roster."),
    ] = Path("roundplan-demo"),
    *,
    seconds: Seconds = DEMO_SECONDS,
    quiet: Quiet = False,
) -> None:
    """
    Plan a week in a made-up town: 120 clients, 33 workers.

    The town and its people are invented. Run again, it keeps the problem folder,
    with your changes, and adds a new numbered roster.
    """
    screen = Screen(quiet=quiet)
    refuse_bad_folder(out)
    problem, roster = out / PROBLEM, out / ROSTER
    if problem.exists():
        screen.say(f"Using the demo problem that is in {problem} already.")
    else:
        from roundplan.datasets import copy_demo

        copy_demo(problem)
        screen.say(f"Copied the demo problem to {problem}.")
    from roundplan.cli._planning import make_roster

    code = make_roster(
        problem, roster, seconds=seconds, iterations=None, seed=1, screen=screen
    )
    screen.heading("What next")
    screen.bullets(
        [
            f"look at the rounds: roundplan report {roster} --out report.html",
            f"print them: roundplan export {roster} --sheets sheets.html",
            f"check them: roundplan check {roster}",
            f"change {problem / 'visits.csv'} in a spreadsheet, and plan again:",
        ]
    )
    screen.say(f"    roundplan plan {problem} --out {roster}")
    screen.say("(Started with uv? Then put `uv run` before each command.)")
    raise typer.Exit(code)
