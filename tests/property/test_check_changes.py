"""Every hand-made change to a good roster is found, wherever it is made."""

from __future__ import annotations

import random

import pytest
from check_cases import CHANGES, UNFIT, Case, Change, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.check import broken, check


@settings(deadline=None, max_examples=25)
@given(cases())
def test_the_roster_before_the_change_breaks_nothing(case: Case) -> None:
    violations = check(case.problem, case.travel, case.roster)
    assert violations == [], "\n".join(map(str, violations))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@settings(deadline=None, max_examples=25)
@given(case=cases(), rng=st.randoms(use_true_random=False))
def test_a_change_breaks_the_rule_it_is_about(
    change: Change, case: Case, rng: random.Random
) -> None:
    spoilt, rule = change(case, rng)
    found = {v.rule for v in broken(check(case.problem, case.travel, spoilt))}
    assert rule in found
    if change in UNFIT:
        assert found == {rule}
