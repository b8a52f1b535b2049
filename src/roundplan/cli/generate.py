"""``roundplan generate``: a made-up town and a week of demand in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, Seed, refuse_bad_folder

DEFAULT_CLIENTS = 120


def generate_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="The new problem folder.")],
    *,
    clients: Annotated[
        int, typer.Option("--clients", min=1, max=5000, help="How many clients.")
    ] = DEFAULT_CLIENTS,
    seed: Seed = 1,
    quiet: Quiet = False,
) -> None:
    """
    Invent a town with its streets and a week of home care.

    The same number of clients and seed give the same folder.
    """
    from roundplan.datasets import generate

    screen = Screen(quiet=quiet)
    refuse_bad_folder(out)
    generate(out, clients=clients, seed=seed)
    screen.say(f"Wrote a problem of {clients:,} clients (seed {seed}) to {out}")
    screen.say(f"Plan it: roundplan plan {out} --out {out}-roster")
