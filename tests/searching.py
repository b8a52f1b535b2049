"""What tests of the search share: plans that are proved on the way, and how long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numba

import helpers as h
from roundplan.check import broken, check
from roundplan.cost import cost_of
from roundplan.domain import Override, Problem, Roster, Rule, Travel
from roundplan.solve import Result, plan

COMPILED = not numba.config.DISABLE_JIT
"""Whether the kernel is compiled; CI also runs tests/unit/solve as plain Python."""


def effort(iterations: int) -> int:
    """Iterations a test can afford: a tenth where the kernel is plain Python."""
    return iterations if COMPILED else max(1, iterations // 10)


def planned(
    problem: Problem, by: Travel | None = None, iterations: int = 300, **limits: Any
) -> Result:
    """A plan that keeps every rule and costs what the specification says.

    By search alone unless another method is asked for: it is what the tests are about.
    """
    by = by or h.travel(problem)
    limits.setdefault("method", "search")
    result = plan(problem, by, iterations=effort(iterations), **limits)
    assert_sound(problem, by, result)
    return result


def assert_sound(problem: Problem, by: Travel, result: Result) -> None:
    """Check a result against the checker and the cost, which know nothing of it."""
    assert broken(check(problem, by, result.roster)) == []
    assert result.cost == cost_of(problem, by, result.roster, result.previous)


def makers(roster: Roster) -> dict[str, tuple[str, ...]]:
    """Who makes each placed visit, in order of worker."""
    found: dict[str, list[str]] = {}
    for care_round in roster.rounds:
        for stop in care_round.visits:
            found.setdefault(stop.visit_id, []).append(care_round.worker_id)
    return {visit_id: tuple(sorted(found[visit_id])) for visit_id in sorted(found)}


def starts(roster: Roster) -> dict[str, set[int]]:
    """When each placed visit starts: one moment, unless two workers come apart."""
    found: dict[str, set[int]] = {}
    for care_round in roster.rounds:
        for stop in care_round.visits:
            found.setdefault(stop.visit_id, set()).add(stop.start_s)
    return found


def left_out(roster: Roster) -> dict[str, str]:
    """The code of each visit that is not placed."""
    return {u.visit_id: u.code for u in roster.unassigned}


def override(rule: Rule, **fields: Any) -> Override:
    """An override with a reason."""
    return Override(rule=rule, reason="agreed", approved_by="a manager", **fields)


def set_aside(problem: Problem, rule: Rule, **fields: Any) -> Problem:
    """The same problem with a rule set aside for a visit or a worker."""
    return replace(problem, overrides=(*problem.overrides, override(rule, **fields)))
