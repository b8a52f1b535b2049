"""Adding up, rounding and writing of the terms."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.cost import TERMS, CostBreakdown

MODEL = Path(__file__).parents[3] / "docs" / "model.md"


def test_the_terms_are_those_of_the_model_in_its_order() -> None:
    prices = MODEL.read_text(encoding="utf-8").split("## Prices")[1]
    first_cells = re.findall(r"^\| (`.+?`) \|", prices, flags=re.MULTILINE)
    assert tuple(re.findall(r"`(\w+)`", " ".join(first_cells))) == TERMS


def test_the_total_is_rounded_once() -> None:
    """Three thirds of a penny are one penny, not none."""
    cost = CostBreakdown(contact=1200, travel=1200, waiting=1200)
    assert cost.total == 3600
    assert cost.total_p == 1
    assert sum(cost.pence().values()) == 1


def test_half_a_penny_is_rounded_up() -> None:
    assert CostBreakdown(contact=1799).total_p == 0
    assert CostBreakdown(contact=1800).total_p == 1


def test_missing_pennies_go_to_the_largest_remainders() -> None:
    cost = CostBreakdown(contact=3600 + 1000, travel=3000, waiting=2900)
    assert cost.total_p == 3
    assert {n: p for n, p in cost.pence().items() if p} == {
        "contact": 1,
        "travel": 1,
        "waiting": 1,
    }


def test_equal_remainders_go_to_the_earlier_term() -> None:
    pence = CostBreakdown(travel=1800, contact=1800).pence()
    assert (pence["contact"], pence["travel"]) == (1, 0)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10**12), min_size=len(TERMS), max_size=len(TERMS)))
def test_pence_add_up_to_the_total_and_are_within_a_penny(amounts) -> None:
    cost = CostBreakdown(**dict(zip(TERMS, amounts, strict=True)))
    assert cost.total == sum(amounts)
    assert abs(cost.total - 3600 * cost.total_p) <= 1800
    assert sum(cost.pence().values()) == cost.total_p
    for name, pence in cost.pence().items():
        assert abs(cost.amounts[name] - 3600 * pence) < 3600


def test_what_cost_json_holds() -> None:
    held = CostBreakdown(policy="charter", contact=5400, unassigned=1800).to_dict()
    assert held["policy"] == "charter"
    assert held["currency"] == "GBP"
    assert "1/3600 penny" in held["unit"]
    assert held["total"] == {"amount": 7200, "pence": 2}
    assert list(held["terms"]) == list(TERMS)
    assert held["terms"]["contact"] == {"amount": 5400, "pence": 2}
    assert held["terms"]["unassigned"] == {"amount": 1800, "pence": 0}
    assert json.loads(json.dumps(held)) == held
