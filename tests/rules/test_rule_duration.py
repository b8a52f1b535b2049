"""Duration: the rostered length is the commissioned length."""

from __future__ import annotations

import pytest
from rule_helpers import change_stop, found, helps, only

from helpers import clock, problem, roster, travel, visit
from roundplan.domain import Rule

PROBLEM = problem([visit("V1", minutes=60)])
KEPT = roster(PROBLEM, travel(PROBLEM), {"W1@0-07:00": [("V1", "08:00")]})


def test_the_commissioned_length_is_kept() -> None:
    assert found(PROBLEM, KEPT) == []


@pytest.mark.parametrize(
    ("end", "amount", "how"),
    [
        ("08:59", 60, "1 minute shorter"),
        ("09:01", 60, "1 minute longer"),
        ("08:35", 1500, "25 minutes shorter"),
    ],
)
def test_a_changed_length_differs_by_as_much(end: str, amount: int, how: str) -> None:
    changed = change_stop(KEPT, "V1", end_s=clock(end))
    breach = only(PROBLEM, changed, Rule.DURATION, amount)
    assert how in breach.message
    assert (breach.visit_id, breach.client_id, breach.worker_id) == ("V1", "C1", "W1")


def test_one_second_counts() -> None:
    only(PROBLEM, change_stop(KEPT, "V1", end_s=clock("09:00") + 1), Rule.DURATION, 1)


def test_overrides() -> None:
    changed = change_stop(KEPT, "V1", end_s=clock("08:40"))
    assert helps(PROBLEM, changed, rule=Rule.DURATION, visit_id="V1")
    assert helps(PROBLEM, changed, rule=Rule.DURATION, worker_id="W1", day=0)
    assert not helps(PROBLEM, changed, rule=Rule.DURATION, worker_id="W1", day=1)
