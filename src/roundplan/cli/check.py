"""``roundplan check``: the independent checker on a roster folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._errors import FINE, VIOLATIONS
from roundplan.cli._options import Quiet
from roundplan.cli._text import counted
from roundplan.cli._violations import print_violations


def check_command(
    roster_folder: Annotated[
        Path, typer.Argument(metavar="ROSTER_FOLDER", help="A roster folder.")
    ],
    *,
    problem: Annotated[
        Path | None,
        typer.Option("--problem", help="The problem folder, if it has moved."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Check a roster against every rule; exit 1 when one is broken.

    The checker shares no code with the search. It works as well on a roster that
    was changed by hand.
    """
    screen = Screen(quiet=quiet)
    from roundplan.check import broken, check
    from roundplan.formats import load_roster

    loaded = load_roster(roster_folder, problem=problem)
    its_problem = loaded.problem_folder.problem
    screen.say(f"Checking {loaded.folder}")
    placed = {v.visit_id for r in loaded.roster.rounds for v in r.visits}
    screen.say(
        f"{counted(len(its_problem.visits), 'visit')}: {len(placed):,} placed, "
        f"{len(loaded.roster.unassigned):,} unassigned; "
        f"{counted(len(loaded.roster.rounds), 'round')}; "
        f"policy {its_problem.policy.name}"
    )
    violations = check(its_problem, loaded.travel, loaded.roster)
    print_violations(screen, violations)
    raise typer.Exit(VIOLATIONS if broken(violations) else FINE)
