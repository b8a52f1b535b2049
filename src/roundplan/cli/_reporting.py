"""What ``report`` does: load a roster and its streets, and draw the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roundplan.cli._console import Screen
from roundplan.cli._options import refuse_bad_page
from roundplan.cli._text import counted
from roundplan.formats import load_roster, write_whole
from roundplan.network import load_or_build
from roundplan.report import Rota, roster_page
from roundplan.units import BYTES_PER_MB


def report_roster(
    folder: Path,
    out: Path,
    *,
    before: tuple[Mapping[str, Any], int | None] | None,
    problem: Path | None,
    screen: Screen,
) -> None:
    """Write the page of a roster; ``before`` as `load_figures` gives it.

    Raises
    ------
    UsageError
        E1002. The page's name or folder will not do.
    """
    refuse_bad_page(out)
    loaded = load_roster(folder, problem=problem)
    streets = loaded.problem_folder.network
    text = roster_page(
        Rota.of(loaded, names=False),
        network=None if streets is None else load_or_build(streets),
        previous=loaded.previous,
        before=before,
        title=f"Roster {loaded.folder.name}",
    )
    write_whole(out, text)
    if streets is None:
        screen.say("The problem has a travel file and no streets to draw.")
    rounds = counted(len(loaded.roster.rounds), "round")
    screen.say(f"Wrote {out}: {rounds}, {len(text.encode()) / BYTES_PER_MB:.1f} MB")
