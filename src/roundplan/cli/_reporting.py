"""What ``report`` does: load a roster and its streets, and draw the page."""

from __future__ import annotations

from pathlib import Path

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_file
from roundplan.cli._text import counted
from roundplan.errors import UsageError
from roundplan.formats import load_figures, load_roster, write_whole
from roundplan.network import load_or_build
from roundplan.report import Rota, roster_page
from roundplan.units import BYTES_PER_MB


def report_roster(
    folder: Path,
    out: Path,
    *,
    previous: Path | None,
    problem: Path | None,
    screen: Screen,
) -> None:
    """Write the page of a roster.

    Raises
    ------
    UsageError
        E1002. The page's name or folder will not do.
    """
    if out.suffix.lower() != ".html":
        msg = f"{out.name}: a page ends in .html"
        raise UsageError(msg)
    refuse_bad_file(out)
    loaded = load_roster(folder, problem=problem)
    streets = loaded.problem_folder.network
    text = roster_page(
        Rota.of(loaded, names=False),
        network=None if streets is None else load_or_build(streets),
        previous=loaded.previous,
        before=None if previous is None else load_figures(previous),
        title=f"Roster {loaded.folder.name}",
    )
    write_whole(out, text)
    if streets is None:
        screen.say("The problem has a travel file and no streets to draw.")
    rounds = counted(len(loaded.roster.rounds), "round")
    screen.say(f"Wrote {out}: {rounds}, {len(text.encode()) / BYTES_PER_MB:.1f} MB")
