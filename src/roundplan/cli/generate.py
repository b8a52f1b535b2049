"""``roundplan generate``: a made-up town and a week of demand in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, Seed, refuse_bad_folder
from roundplan.errors import UsageError

DEFAULT_DAYS = 7


def _print_shapes(wanted: bool) -> None:
    if wanted:
        from roundplan.datasets.assumptions import figures, shapes

        screen = Screen(quiet=False)
        for name in shapes():
            screen.say(name)
            screen.say(f"    {figures(name).text('about')}")
        raise typer.Exit


def generate_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="The new problem folder.")],
    *,
    like: Annotated[
        str, typer.Option("--like", help="A named shape, as --list has them.")
    ] = "",
    clients: Annotated[
        int | None,
        typer.Option(
            "--clients",
            min=1,
            max=5000,
            help="How many clients: 120, or as many as the shape has. With fewer a "
            "shape keeps its density.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--start",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="First day; the shape's own unless given.",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, max=28, help="How many days: 7 unless given."),
    ] = None,
    weeks: Annotated[
        int | None, typer.Option("--weeks", min=1, max=4, help="The same in weeks.")
    ] = None,
    seed: Seed = 1,
    shapes: Annotated[
        bool,
        typer.Option(
            "--list",
            callback=_print_shapes,
            is_eager=True,
            help="Print the named shapes and stop.",
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """
    Invent a town with its streets and a week of home care.

    The same arguments give the same folder. Its README lists every figure that it
    rests on, with the source.
    """
    del shapes
    if days is not None and weeks is not None:
        msg = "give --days or --weeks, not both"
        raise UsageError(msg)
    from roundplan.datasets import generate

    screen = Screen(quiet=quiet)
    refuse_bad_folder(out)
    generate(
        out,
        like=like,
        clients=clients,
        seed=seed,
        start_date=None if start is None else start.date(),
        days=7 * weeks if weeks else days or DEFAULT_DAYS,
    )
    what = f"like {like}" if like else "of a made-up town"
    screen.say(f"Wrote a problem {what} (seed {seed}) to {out}")
    screen.say(f"Plan it: roundplan plan {out} --out {out}-roster")
