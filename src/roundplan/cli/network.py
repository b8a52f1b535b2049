"""``roundplan network``: streets from OpenStreetMap, built once and stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet

network_app = typer.Typer(
    help="Build the street network that times come from.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@network_app.command("build")
def build_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="An .osm, .osm.pbf or .graphml file, or a place name."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="The network file to write, *.roundplan."),
    ],
    *,
    quiet: Quiet = False,
) -> None:
    """
    Build a street network and store it, to be loaded in an instant.

    A place name, such as "Southwark, London", is downloaded by OSMnx and needs an
    internet connection; files do not.
    """
    from roundplan.cli._streets import build_streets

    build_streets(file, out, screen=Screen(quiet=quiet))


@network_app.command("info")
def info_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A network file, or a map file.")
    ],
    *,
    quiet: Quiet = False,
) -> None:
    """Say what a network file holds."""
    from roundplan.cli._streets import describe_streets

    describe_streets(file, screen=Screen(quiet=quiet))
