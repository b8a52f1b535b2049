"""What ``trace`` does: read, draw, write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.errors import UsageError
from roundplan.formats import write_whole
from roundplan.report import Trace, read_trace, trace_html, trace_svg

DRAWN: dict[str, Callable[[Trace], str]] = {".html": trace_html, ".svg": trace_svg}


def draw_trace(file: Path, out: Path, *, screen: Screen) -> None:
    """Draw the trace of a search.

    Raises
    ------
    UsageError
        E1002. The file is no trace, or the picture's name does not end in .html or
        .svg, or cannot be written.
    """
    draw = DRAWN.get(out.suffix.lower())
    if draw is None:
        msg = f"{out.name}: a picture ends in {' or '.join(DRAWN)}"
        raise UsageError(msg)
    write_whole(out, draw(read_trace(file)))
    screen.say(f"Wrote {out}")
