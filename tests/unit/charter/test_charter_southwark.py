"""Southwark 2014: the derived figures of the report, and the case by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from roundplan.charter.southwark import (
    ALTERNATIVES,
    CONTACT_HOURS,
    ESTIMATE_P,
    PEOPLE,
    PROVISION_P,
    PUBLISHED_P,
    REASONS,
    VISITS,
    WEEKS,
    Case,
    alternatives,
    assumptions,
    case_at_rates,
    case_cost,
    travel_min_for,
)


def test_what_follows_from_the_published_activity() -> None:
    """DOMAIN 1, derived checks: the unit figures of the cabinet report."""
    assert pytest.approx(55.8, abs=0.05) == 60 * CONTACT_HOURS / VISITS
    assert VISITS / PEOPLE / float(WEEKS) == pytest.approx(9.4, abs=0.05)
    assert CONTACT_HOURS / PEOPLE / float(WEEKS) == pytest.approx(8.8, abs=0.05)
    assert pytest.approx(10_385, abs=0.5) == VISITS / 52
    assert round(PUBLISHED_P / CONTACT_HOURS) == 333
    assert round(PUBLISHED_P / VISITS) == 309
    assert round(100 * (PROVISION_P / ESTIMATE_P - 1), 1) == 26.8
    assert round(PROVISION_P / CONTACT_HOURS) == 1036  # and no unit cost
    bare = replace(
        Case(), holiday_percent=Fraction(0), nic_percent=Fraction(0),
        pension_percent=Fraction(0), accepted_percent=Fraction(0),
    )  # fmt: skip
    assert float(travel_min_for(PUBLISHED_P, bare)) == pytest.approx(21.1, abs=0.05)


def test_the_case_by_hand() -> None:
    """108,000 hours of travel at 8.80, plus holiday, then NIC and pension."""
    cost = case_cost()
    assert cost.travel_hours == 108_000
    hour = 8.80 * 1.1207 * 1.148
    assert float(cost.travel_p) / 100 == pytest.approx(108_000 * hour)
    unused = 610_000 * 0.5 * 0.8 * 0.1
    assert float(cost.guaranteed_p) / 100 == pytest.approx(unused * hour)
    assert float(cost.workers) == pytest.approx(610_000 / 30 / (365 / 7))
    assert 0.5 * PUBLISHED_P < cost.total_p < 1.5 * PUBLISHED_P, "the same magnitude"


def test_rates_are_those_of_2013_14() -> None:
    assert case_at_rates() == Case()


def test_minutes_for_the_published_cost_give_it() -> None:
    minutes = travel_min_for(PUBLISHED_P)
    assert case_cost(replace(Case(), travel_min=minutes)).total_p == PUBLISHED_P


def test_every_assumption_has_a_reason_and_all_that_matter_an_alternative() -> None:
    assert {reason for reason, _ in assumptions(Case())} == {*REASONS.values()}
    base = case_cost().total_p
    found = alternatives()
    assert (
        {a.name for a in found} == {*ALTERNATIVES} == {*REASONS} - {"worker_hours_week"}
    )
    assert all(a.total_p != base for a in found)
    idle = replace(Case(), worker_hours_week=Fraction(20))
    assert case_cost(idle).total_p == base
