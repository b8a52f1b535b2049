"""``roundplan network``: streets from OpenStreetMap, built once and stored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._options import Quiet

network_app = typer.Typer(
    help="Build the street network that times come from.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@network_app.command("build")
def build_command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="An .osm, .osm.pbf or .graphml file, or a place name."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The network file to write.")
    ],
    *,
    quiet: Quiet = False,
) -> None:
    """
    Build a street network and store it, to be loaded in an instant.

    A place name, such as "Southwark, London", is downloaded by OSMnx and needs an
    internet connection; files do not.
    """
    from roundplan.network import build_network, network_info, save_network

    screen = Screen(quiet=quiet)
    network = build_network(file)
    save_network(network, out)
    _print_info(screen, network_info(network))
    screen.say(f"Wrote {out}")


@network_app.command("info")
def info_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A network file, or an OSM file.")
    ],
    *,
    quiet: Quiet = False,
) -> None:
    """Say what a network file holds."""
    from roundplan.network import load_or_build, network_info

    _print_info(Screen(quiet=quiet), network_info(load_or_build(file)))


def _print_info(screen: Screen, info: Mapping[str, Any]) -> None:
    """Print a network's figures, one a line."""
    rows = [(key.replace("_", " "), _shown(value)) for key, value in info.items()]
    screen.table(["Network", RIGHT], rows)


def _shown(value: Any) -> str:
    """Return a figure as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, list | tuple):
        return "; ".join(map(_shown, value)) or "none"
    return str(value)
