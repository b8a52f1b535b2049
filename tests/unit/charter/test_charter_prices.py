"""What the rules cost, in one call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers import contract, problem, shift, travel, visit, worker
from roundplan.charter.effects import Kind
from roundplan.charter.prices import EVERY_RULE, RulePlans, price_rules
from roundplan.charter.switches import Pay, Planning
from roundplan.domain import Horizon
from roundplan.errors import RateError, UsageError
from roundplan.formats import load_problem, save_problem


@pytest.fixture
def folder(tmp_path: Path):
    """One worker at the living wage, two visits of an hour, ten minutes apart."""
    of = problem(
        [visit("V1", "C1", minutes=60), visit("V2", "C2", "10:00", minutes=60)],
        workers=[worker("W1", contract=contract(rate_p=1480))],
        shifts=[shift()],
    )
    return load_problem(save_problem(of, tmp_path / "week", travel=travel(of)))


def test_plans_are_none_each_alone_each_last_and_all() -> None:
    assert len(RulePlans().trials) == 3 * 10
    assert len(RulePlans(shares=True).trials) == 3 * 16
    assert len(RulePlans(rules=tuple(Pay), seeds=(4, 5)).trials) == 2
    two = (Planning.SAME_WORKER, Planning.TIME_TO_TRAVEL, Pay.SICK_PAY)
    assert len(RulePlans(rules=two, seeds=(1,)).trials) == 4
    for nothing in ({"rules": ()}, {"seeds": ()}):
        with pytest.raises(UsageError, match="at least one"):
            RulePlans(**nothing)


def test_the_money_of_a_day_by_hand(folder, tmp_path) -> None:
    """Two hours at 12.71 or 14.80; ten minutes of travel, and fifty of waiting."""
    made = price_rules(
        [folder],
        tmp_path / "out",
        plans=RulePlans(rules=(Pay.LIVING_WAGE, Pay.PAID_TRAVEL), seeds=(1, 2)),
        iterations=20,
    )
    assert float(made.none_p) == pytest.approx(2 * 1271 * 1.005)
    found = {(e.scenario.name, e.scenario.kind): e for e in made.effects}
    wage = found["London Living Wage", Kind.ALONE].cash.difference
    assert wage == pytest.approx(2 * 209 * 1.005)
    alone = found["paid travel", Kind.ALONE].cash.difference
    last = found["paid travel", Kind.LAST].cash.difference
    assert last / alone == pytest.approx(1480 / 1271)
    together = found["all together", Kind.TOGETHER].cash.difference
    assert together == pytest.approx(wage + last), "the wage first, then travel at it"
    assert (made.of.visits, made.of.contact_hours, made.of.days) == (2, 2, 1)
    assert made.shares == ()


def test_rates_past_their_day_are_refused_unless_wanted(folder, tmp_path) -> None:
    later = Horizon(start_date=date(2028, 6, 5), days=1)
    moved = replace(folder, problem=replace(folder.problem, horizon=later))
    with pytest.raises(RateError, match="E1201"):
        price_rules([moved], tmp_path / "out", iterations=5)
    assert not (tmp_path / "out").exists()


def test_folders_need_names_of_their_own(folder, tmp_path) -> None:
    for folders in ([], [folder, folder]):
        with pytest.raises(UsageError, match="names of their own"):
            price_rules(folders, tmp_path / "out", iterations=5)


def test_every_rule_is_listed_once() -> None:
    assert len({rule.value for rule in EVERY_RULE}) == len(EVERY_RULE) == 7
