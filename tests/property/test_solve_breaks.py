"""No break is planned that no rule asks for: it is time without pay."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
from problems import random_problem
from roundplan.check import broken, check
from roundplan.domain import Rule
from roundplan.solve import plan


@pytest.mark.parametrize("seed", range(30))
def test_removing_any_break_breaks_the_rule(seed: int) -> None:
    """Each break of a plan is the only rest of its day."""
    problem = random_problem(seed, size=2)
    travel = h.travel(problem)
    roster = plan(problem, travel, iterations=60).roster
    for i, care_round in enumerate(roster.rounds):
        for gone in care_round.breaks:
            left = tuple(b for b in care_round.breaks if b is not gone)
            rounds = (
                *roster.rounds[:i],
                replace(care_round, breaks=left),
                *roster.rounds[i + 1 :],
            )
            found = broken(check(problem, travel, replace(roster, rounds=rounds)))
            # its time is then waited and paid, which may be too many hours besides
            assert Rule.BREAK in {v.rule for v in found}
