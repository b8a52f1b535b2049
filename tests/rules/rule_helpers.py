"""What the tests of the rules share: one breach, its amount, and its overrides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpers import travel
from roundplan.check import Violation, broken, check, overrides_used
from roundplan.domain import Override, Problem, Roster, Rule, Travel


def override(rule: Rule, **fields: Any) -> Override:
    """An override with a reason."""
    return Override(rule=rule, reason="agreed", approved_by="a manager", **fields)


def set_aside(problem: Problem, *overrides: Override) -> Problem:
    """The same problem with these overrides."""
    return replace(problem, overrides=overrides)


def found(
    problem: Problem, roster: Roster, by: Travel | None = None
) -> list[tuple[Rule, int, str]]:
    """Rule, amount and unit of everything that no override sets aside."""
    violations = broken(check(problem, by or travel(problem), roster))
    return [(v.rule, v.amount, v.unit) for v in violations]


def only(
    problem: Problem,
    roster: Roster,
    rule: Rule,
    amount: int,
    unit: str = "s",
    by: Travel | None = None,
) -> Violation:
    """The one violation of a roster, which must be of this rule and amount."""
    violations = check(problem, by or travel(problem), roster)
    assert [(v.rule, v.amount, v.unit) for v in violations] == [(rule, amount, unit)], (
        "\n".join(map(str, violations))
    )
    assert violations[0].override is None
    assert violations[0].message.endswith(".")
    return violations[0]


def helps(
    problem: Problem, roster: Roster, by: Travel | None = None, **fields: Any
) -> bool:
    """Whether an override leaves nothing broken; the violation stays in the list."""
    its = override(**fields)
    allowed = set_aside(problem, its)
    violations = check(allowed, by or travel(problem), roster)
    assert violations, "an override does not hide what it sets aside"
    if broken(violations):
        return False
    assert overrides_used(violations) == (its,)
    assert all("set aside" in str(v) for v in violations)
    return True


def change_round(roster: Roster, round_id: str, /, **fields: Any) -> Roster:
    """The roster with some fields of a round replaced by hand."""
    return replace(
        roster,
        rounds=tuple(
            replace(r, **fields) if r.round_id == round_id else r for r in roster.rounds
        ),
    )


def change_stop(roster: Roster, visit_id: str, /, **fields: Any) -> Roster:
    """The roster with some fields of every attendance of a visit replaced by hand."""
    return replace(
        roster,
        rounds=tuple(
            replace(
                r,
                visits=tuple(
                    replace(v, **fields) if v.visit_id == visit_id else v
                    for v in r.visits
                ),
            )
            for r in roster.rounds
        ),
    )
