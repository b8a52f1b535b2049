"""``roundplan network``: streets from OpenStreetMap, built once and stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet
from roundplan.units import METRES_PER_KM

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
    speeds: Annotated[
        Path | None,
        typer.Option(
            "--speeds",
            help="Your own speeds and penalties, as `network speeds` prints them.",
        ),
    ] = None,
    around: Annotated[
        Path | None,
        typer.Option(
            "--around",
            metavar="FOLDER",
            help="Take only the area that the places of this problem folder need.",
        ),
    ] = None,
    margin_km: Annotated[
        float,
        typer.Option(
            "--margin-km", min=0, max=100, help="How far around those places."
        ),
    ] = 2.0,
    *,
    quiet: Quiet = False,
) -> None:
    """
    Build a street network and store it, to be loaded in an instant.

    A place name, such as "Southwark, London", is downloaded by OSMnx and needs an
    internet connection; files do not.
    """
    from roundplan.cli._streets import build_streets

    build_streets(
        file,
        out,
        speeds=speeds,
        around=around,
        margin_m=margin_km * METRES_PER_KM,
        screen=Screen(quiet=quiet),
    )


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


@network_app.command("map")
def map_command(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A network file, a map file, or a problem folder."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The page to write, *.html.")
    ],
    transit: Annotated[
        Path | None,
        typer.Option("--transit", metavar="FILE", help="Stops: GTFS, or lines."),
    ] = None,
    cells: Annotated[
        Path | None,
        typer.Option(
            "--cells", metavar="FILE", help="Low-traffic neighbourhoods as polygons."
        ),
    ] = None,
    *,
    quiet: Quiet = False,
) -> None:
    """
    Draw a street network as a page that opens offline.

    Streets, low-traffic neighbourhoods, filters against cars, stops, and how far one
    gets from a place that is clicked. A problem folder's own stops and neighbourhoods
    are taken; without --cells they are found in the streets.
    """
    from roundplan.cli._mapping import draw_network

    draw_network(source, out, transit=transit, cells=cells, screen=Screen(quiet=quiet))


@network_app.command("speeds")
def speeds_command() -> None:
    """
    Print the table of speeds and penalties, with their sources.

    Save it, change what you know better, and give it to `network build --speeds`.
    """
    from roundplan.cli._streets import print_speeds

    print_speeds(screen=Screen(quiet=False))
