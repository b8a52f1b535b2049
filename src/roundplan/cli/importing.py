"""``roundplan import``: a problem folder from a workbook or exports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Excel workbooks, or CSV files."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The new problem folder to write.")
    ],
    *,
    columns: Annotated[
        Path | None,
        typer.Option(
            "--columns",
            metavar="FILE",
            help="What sheets and columns are called there (TOML).",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Make a problem folder from a workbook or from exports.

    A workbook has a sheet for each table (clients, visits, workers, shifts and so on),
    and a sheet `problem` with keys and values. Exports with other names are told by
    --columns. The folder is checked before it is written; bad input writes nothing.
    """
    from roundplan.formats.workbooks import import_problem, load_mapping

    screen = Screen(quiet=quiet)
    mapping = None if columns is None else load_mapping(columns)
    notes = import_problem(files, out, mapping)
    screen.bullets(notes)
    screen.say(f"Wrote {out}")
    screen.say(f"Plan it: roundplan plan {out} --out {out}/roster")
