"""Broken rules, grouped and with their quantities, printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from roundplan.cli._console import Screen
from roundplan.cli._text import counted, duration

if TYPE_CHECKING:
    from roundplan.check import Violation
    from roundplan.domain import Problem, Roster


def essential_unassigned(problem: Problem, roster: Roster) -> int:
    """Count the essential visits of the problem that have no worker."""
    from roundplan.domain import Priority

    return sum(
        problem.visit(u.visit_id).priority is Priority.ESSENTIAL
        for u in roster.unassigned
        if problem.has_visit(u.visit_id)
    )


def print_violations(screen: Screen, violations: Sequence[Violation]) -> None:
    """Print overridden and broken rules; the last line counts the broken ones."""
    overridden = [v for v in violations if v.override is not None]
    broken = [v for v in violations if v.override is None]
    _print_groups(screen, broken)
    if overridden:
        screen.heading(f"{len(overridden):,} overridden")
        screen.bullets(
            f"{v.rule.value}: {v.message}. {v.override.reason}"
            f" (approved by {v.override.approved_by})"
            for v in overridden
            if v.override is not None
        )
    screen.say()
    screen.say(
        counted(len(broken), "violation"), style="bold red" if broken else "bold green"
    )


def _print_groups(screen: Screen, violations: Sequence[Violation]) -> None:
    """Print violations under their rules, the rules in order of the model."""
    from roundplan.domain import RULE_SUMMARY, Rule

    order = list(Rule)
    by_rule = sorted(violations, key=lambda v: order.index(v.rule))
    for rule, group in groupby(by_rule, key=lambda v: v.rule):
        found = list(group)
        by_how_much = in_all(found)
        screen.heading(f"{rule.value}: {counted(len(found), 'violation')}{by_how_much}")
        screen.say(f"(the rule: {RULE_SUMMARY[rule]})")
        screen.bullets(v.message for v in found)


def in_all(violations: Sequence[Violation]) -> str:
    """Return ", 27 min in all" for rules that are broken by a time, else nothing."""
    if any(v.unit != "s" for v in violations):
        return ""
    return f", {duration(sum(v.amount for v in violations))} in all"
