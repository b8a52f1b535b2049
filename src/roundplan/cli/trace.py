"""``roundplan trace``: a picture of how a search went."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet


def trace_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What plan --trace wrote.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The picture: *.html or *.svg.")
    ],
    *,
    quiet: Quiet = False,
) -> None:
    """
    Draw how a search went: cost by term over time.

    An .html page has the figures as a table too. Both open without an internet
    connection.
    """
    from roundplan.cli._tracing import draw_trace

    draw_trace(file, out, screen=Screen(quiet=quiet))
