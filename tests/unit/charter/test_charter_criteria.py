"""The criteria as data, against the table of Southwark's cabinet (paragraph 20)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from roundplan.charter.criteria import (
    Kind,
    charter_policies,
    charter_policy,
    criteria,
)
from roundplan.errors import UsageError


def numbers(policy, on):
    return [c.number for c in criteria() if charter_policy(policy).asks(c.id, on)]


def test_fourteen_criteria_of_which_unison_has_thirteen_and_kingsmill_seven():
    assert [c.number for c in criteria()] == list(range(1, 15))
    assert all(c.southwark for c in criteria())
    assert [c.number for c in criteria() if not c.unison] == [4]
    assert [c.number for c in criteria() if c.kingsmill] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("policy", "asked"),
    [
        ("none", []),
        ("unison-stage-1", [1, 2, 3, 8, 9]),
        ("unison-stage-2", [1, 2, 3, 5, 7, 8, 9, 11, 12, 13]),
        ("unison-stage-3", [1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14]),
        ("southwark-2014", [*range(1, 15)]),
        ("islington-2024", [1, 3, 5, 7, 14]),
    ],
)
def test_what_each_policy_asks_today(policy, asked):
    assert numbers(policy, date(2026, 11, 28)) == asked


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        (date(2014, 7, 21), {*range(1, 15)}),
        (date(2014, 7, 31), {3, 5}),
        (date(2014, 8, 1), {5}),
        (date(2014, 10, 31), set()),
    ],
)
def test_southwark_switched_its_rules_on_one_after_the_other(on, missing):
    assert {*range(1, 15)} - {*numbers("southwark-2014", on)} == missing


def test_a_rule_switches_on_inside_a_period():
    policy = charter_policy("southwark-2014")
    week = date(2014, 7, 28), date(2014, 8, 3)
    assert policy.first_day("travel-paid", *week) == date(2014, 8, 1)
    assert policy.first_day("living-wage", *week) == week[0]
    assert policy.first_day("no-zero-hours", *week) is None


def test_policies_name_only_criteria_that_there_are():
    known = {c.id for c in criteria()}
    for policy in charter_policies().values():
        assert set(policy.since) <= known
        assert policy.about
        assert policy.source


def test_a_policy_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="unison-stage-1"):
        charter_policy("unison")


def test_the_page_shows_the_table_as_it_is():
    page = Path(__file__).parents[3] / "docs" / "charter.md"
    if not page.is_file():
        pytest.skip("the tests run without the documentation")
    rows = re.findall(r"^\| (\d+) \| (.*?) \|$", page.read_text("utf-8"), re.MULTILINE)
    yes = {True: "yes", False: ""}
    told = {Kind.SCHEDULER: "roster", Kind.PAY: "pay", Kind.EVIDENCE: "evidence"}
    assert rows == [
        (
            str(c.number),
            f"{c.text} | `{c.id}` | {yes[c.kingsmill]} | "
            f"{c.unison_text or yes[c.unison]} | {told[c.kind]}",
        )
        for c in criteria()
    ]
