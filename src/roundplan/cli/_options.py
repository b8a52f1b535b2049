"""Options that several commands share, and what they accept."""

from __future__ import annotations

import math
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from roundplan.errors import UsageError

HIGHEST_SEED = 2**32 - 1


def _finite(value: float | None) -> float | None:
    """Refuse what is a number by name only: nan and inf."""
    if value is not None and not math.isfinite(value):
        msg = f"{value} is not a number of seconds"
        raise typer.BadParameter(msg)
    return value


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Seconds = Annotated[
    float | None,
    typer.Option(
        "--seconds", "-s", min=0, callback=_finite, help="Stop after so many seconds."
    ),
]
Iterations = Annotated[
    int | None,
    typer.Option(
        "--iterations", min=0, help="Stop after so many iterations: repeatable."
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=HIGHEST_SEED,
        help="The same seed and iterations give the same roster.",
    ),
]

Threads = Annotated[
    int,
    typer.Option(
        "--threads",
        min=1,
        max=64,
        help="Searches side by side, on a core each; --iterations is of each.",
    ),
]


class Method(StrEnum):
    """How ``plan`` finds its roster (`roundplan.solve.exact.limits.Method`)."""

    AUTO = "auto"
    SEARCH = "search"
    EXACT = "exact"


def refuse_bad_folder(out: Path, *, problem: Path | None = None) -> None:
    """Refuse a folder that cannot be written, before a minute is spent on planning.

    Raises
    ------
    UsageError
        E1002. It is a file, lies under a file, may not be written, or is the problem
        folder itself.
    """
    if problem is not None and out.resolve() == problem.resolve():
        msg = f"{out} is the problem folder: give --out another folder, or one in it"
        raise UsageError(msg)
    nearest = out.absolute()
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        msg = f"{nearest} is a file: give --out a folder"
        raise UsageError(msg)
    if not os.access(nearest, os.W_OK):
        msg = f"{nearest} may not be written: give --out another folder"
        raise UsageError(msg)


def refuse_bad_file(path: Path) -> None:
    """Refuse a file that cannot be written, before a minute is spent on planning.

    Raises
    ------
    UsageError
        E1002. It is a folder, or its folder is missing or may not be written.
    """
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        msg = f"{path} cannot be written: give a file in a folder that is there"
        raise UsageError(msg)


def refuse_bad_page(path: Path) -> None:
    """Refuse a page that cannot be written, or has another ending than ``.html``.

    Raises
    ------
    UsageError
        E1002. As it says.
    """
    if path.suffix.lower() != ".html":
        msg = f"{path.name}: a page ends in .html"
        raise UsageError(msg)
    refuse_bad_file(path)
