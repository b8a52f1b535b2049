"""The verdict on a roster: broken rules, grouped and with their quantities."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from roundplan.check import Violation, broken
from roundplan.cli._console import Screen
from roundplan.cli._errors import FINE, VIOLATIONS
from roundplan.cli._text import counted, duration
from roundplan.domain import RULE_SUMMARY, Priority, Problem, Roster, Rule


def print_verdict(
    screen: Screen, problem: Problem, roster: Roster, violations: Sequence[Violation]
) -> int:
    """Print rules overridden and broken; the last line counts the broken ones.

    Returns
    -------
    int
        The exit code: 1 when a rule is broken or an essential visit has no worker.
    """
    overridden = [v for v in violations if v.override is not None]
    wrong = broken(violations)
    essential = _essential_unassigned(problem, roster)
    _print_groups(screen, wrong)
    if overridden:
        screen.heading(f"{len(overridden):,} overridden")
        screen.bullets(
            f"{v.rule.value}: {v.message} Set aside by {v.override.approved_by}: "
            f"{v.override.reason}"
            for v in overridden
            if v.override is not None
        )
    screen.say()
    if essential:
        be = "is" if essential == 1 else "are"
        screen.say(
            f"{counted(essential, 'essential visit')} {be} unassigned", style="bold red"
        )
    screen.say(
        counted(len(wrong), "violation"), style="bold red" if wrong else "bold green"
    )
    return VIOLATIONS if wrong or essential else FINE


def _essential_unassigned(problem: Problem, roster: Roster) -> int:
    """Count the essential visits of the problem that have no worker."""
    return sum(
        problem.visit(u.visit_id).priority is Priority.ESSENTIAL
        for u in roster.unassigned
        if problem.has_visit(u.visit_id)
    )


def _print_groups(screen: Screen, violations: Sequence[Violation]) -> None:
    """Print violations under their rules, the rules in order of the model."""
    order = list(Rule)
    by_rule = sorted(violations, key=lambda v: order.index(v.rule))
    for rule, group in groupby(by_rule, key=lambda v: v.rule):
        found = list(group)
        by_how_much = _in_all(found)
        screen.heading(f"{rule.value}: {counted(len(found), 'violation')}{by_how_much}")
        screen.say(f"(the rule: {RULE_SUMMARY[rule]})")
        screen.bullets(v.message for v in found)


def _in_all(violations: Sequence[Violation]) -> str:
    """Return ", 27 min in all" for rules that are broken by a time, else nothing."""
    if any(v.unit != "s" for v in violations):
        return ""
    return f", {duration(sum(v.amount for v in violations))} in all"
