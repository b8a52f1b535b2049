"""``roundplan export``: a roster as files for people and other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def export_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    *,
    sheets: Annotated[
        Path | None,
        typer.Option("--sheets", help="Run sheets, *.html or *.pdf. With addresses."),
    ] = None,
    client_sheets: Annotated[
        Path | None,
        typer.Option(
            "--client-sheets", help="Who comes when, for each client, *.html or *.pdf."
        ),
    ] = None,
    excel: Annotated[
        Path | None, typer.Option("--excel", help="A workbook, *.xlsx.")
    ] = None,
    ical: Annotated[
        Path | None,
        typer.Option("--ical", help="Calendars: *.zip of all, *.ics of one worker."),
    ] = None,
    geojson: Annotated[
        Path | None, typer.Option("--geojson", help="Rounds for a map, *.geojson.")
    ] = None,
    date: Annotated[
        list[datetime] | None,
        typer.Option(
            "--date",
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help="Only this day; may be repeated.",
        ),
    ] = None,
    worker: Annotated[
        list[str] | None,
        typer.Option("--worker", help="Only this worker; may be repeated."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="ROSTER_FOLDER",
            help="The roster before: client sheets mark what has changed.",
        ),
    ] = None,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Write a roster as files for people and other programs.

    Give one output or several. Each file is written whole or not at all.
    """
    from roundplan.cli._exporting import export_roster

    outputs = {
        "--sheets": sheets,
        "--client-sheets": client_sheets,
        "--excel": excel,
        "--ical": ical,
        "--geojson": geojson,
    }
    export_roster(
        roster_folder,
        {option: path for option, path in outputs.items() if path is not None},
        previous=previous,
        problem=problem,
        dates=[moment.date() for moment in date or ()],
        workers=worker or [],
        screen=Screen(quiet=quiet),
    )
