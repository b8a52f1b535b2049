"""What ``check`` does: load, check, compare the cost, say.

Imported by the command when it runs: it imports everything heavy.
"""

from __future__ import annotations

from pathlib import Path

from roundplan.check import check
from roundplan.cli._console import Screen
from roundplan.cli._text import counted, pounds
from roundplan.cli._verdict import print_verdict
from roundplan.cost import cost_of, rate_warnings
from roundplan.formats import RosterFolder, load_roster


def check_roster(folder: Path, *, problem: Path | None, screen: Screen) -> int:
    """Check a roster folder, and print what breaks which rule by how much.

    Returns
    -------
    int
        The exit code: 1 when a rule is broken or an essential visit has no worker.
    """
    loaded = load_roster(folder, problem=problem)
    of = loaded.problem_folder.problem
    placed = {v.visit_id for r in loaded.roster.rounds for v in r.visits}
    screen.say(
        f"{counted(len(of.visits), 'visit')}: {len(placed):,} placed, "
        f"{len(loaded.roster.unassigned):,} unassigned; "
        f"{counted(len(loaded.roster.rounds), 'round')}; policy {of.policy.name}"
    )
    screen.bullets(rate_warnings(of, loaded.travel), style="yellow")
    screen.bullets(_cost_notes(loaded))
    violations = check(of, loaded.travel, loaded.roster)
    return print_verdict(screen, of, loaded.roster, violations)


def _cost_notes(loaded: RosterFolder) -> list[str]:
    """Say when the roster does not cost what its ``cost.json`` says.

    That is no violation: it is what a change by hand does.
    """
    problem, previous = loaded.problem_folder.problem, loaded.previous
    now_p = cost_of(problem, loaded.travel, loaded.roster, previous).total_p
    total = loaded.cost.get("total")
    then_p = total.get("pence") if isinstance(total, dict) else None
    if then_p == now_p:
        return []
    if not isinstance(then_p, int):
        return [f"Note: the roster costs {pounds(now_p)}; cost.json has no total."]
    return [
        f"Note: the roster costs {pounds(now_p)}, and cost.json says {pounds(then_p)}. "
        "Was it changed by hand?"
    ]
