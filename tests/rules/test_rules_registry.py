"""A rule exists once: identifier, module, entry and rows in both documents."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest
from rule_helpers import change_stop, override, set_aside

import roundplan.check
import roundplan.check.violation as violation_module
from helpers import clock, problem, roster, travel, visit, worker
from roundplan.check import RULES, broken, check, overrides_used
from roundplan.cost import TERMS
from roundplan.domain import ALWAYS_HARD, Roster, Rule, Travel, named_policy
from roundplan.solve.exact.parts import IN_THE_ARRAYS, PARTS

ROOT = Path(__file__).parents[2]
MODULES = {rule: "break_" if rule is Rule.BREAK else rule.value for rule in Rule}


def _rows(document: str) -> set[str]:
    """The identifiers in the first column of a document's tables."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))


def test_every_rule_has_an_entry_in_the_order_of_the_identifiers() -> None:
    assert list(RULES) == list(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_a_module_of_its_name(rule: Rule) -> None:
    module = importlib.import_module(f"roundplan.check.{MODULES[rule]}")
    assert RULES[rule] is module.violations


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_tests(rule: Rule) -> None:
    assert (Path(__file__).parent / f"test_rule_{rule}.py").is_file()


@pytest.mark.parametrize("document", ["model.md", "rules.md", "exact.md"])
def test_every_rule_has_a_row_in_the_documents(document: str) -> None:
    assert {rule.value for rule in Rule} <= _rows(document)


def test_every_rule_is_in_the_exact_model_once() -> None:
    """In a part of it or kept by the arrays; travel in two: in rounds and between."""
    posted = Counter(rule for part in PARTS for rule in part.rules)
    assert set(posted) | set(IN_THE_ARRAYS) == set(Rule)
    assert not set(posted) & set(IN_THE_ARRAYS)
    assert posted.pop(Rule.TRAVEL) == 2
    assert set(posted.values()) == {1}


def test_every_price_is_in_one_part_of_the_exact_model() -> None:
    """And no part says that it has a price which the cost has not."""
    assert sorted(term for part in PARTS for term in part.terms) == sorted(TERMS)


def test_the_exact_page_names_each_part() -> None:
    text = (ROOT / "docs" / "exact.md").read_text(encoding="utf-8")
    for part in PARTS:
        assert f"`{part.__name__}`" in text
        assert f"`{part.__module__.rpartition('.')[2]}`" in text


def test_the_rules_page_names_each_module() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for name in MODULES.values():
        assert f"`check/{name}.py`" in text


def test_the_checker_shares_no_code_with_what_it_proves() -> None:
    """Also holds for imports inside functions, and for cost's clocks."""
    folder = Path(roundplan.check.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            package, layer = [*node.module.split("."), ""][:2]
            if package != "roundplan":
                continue
            assert layer in {"check", "cost", "domain", "errors", "units", ""}
            names = {alias.name for alias in node.names}
            assert "assemble_round" not in names
            if layer == "cost":
                assert names == {"hourly_rate_p", "pay_floor_p"}


def test_lengths_of_time_are_spelt_as_in_the_examples() -> None:
    assert doctest.testmod(violation_module).failed == 0


PROBLEM = problem(
    [
        visit("V1", skills=frozenset({"hoist"})),
        visit("V2", earliest="10:00"),
        visit("V3", earliest="08:00", day=1, minutes=15),
    ],
    workers=[worker("W1"), worker("W2")],
    days=2,
)
ROSTER = roster(
    PROBLEM,
    travel(PROBLEM),
    {
        "W1@0-07:00": [("V1", "08:00"), ("V2", "09:30")],
        "W2@1-07:00": [("V3", "08:00")],
    },
)


def test_violations_come_in_order_of_rule_day_and_ids() -> None:
    spoilt = change_stop(ROSTER, "V3", end_s=clock("08:10", 1))
    spoilt = change_stop(spoilt, "V2", end_s=clock("10:10"))
    violations = check(PROBLEM, travel(PROBLEM), spoilt)
    assert [(v.rule, v.day, v.visit_id) for v in violations] == [
        (Rule.DURATION, 0, "V2"),
        (Rule.DURATION, 1, "V3"),
        (Rule.SKILLS, 0, "V1"),
        (Rule.WINDOW, 0, "V2"),
        (Rule.SHORT_VISIT, 1, "V3"),
    ]


def test_days_go_before_ids_and_visits_before_workers() -> None:
    asks = frozenset({"hoist"})
    of = problem(
        [
            visit("V9", skills=asks),
            visit("V5", earliest="10:00", skills=asks, workers_required=2),
            visit("V1", day=1, skills=asks),
        ],
        workers=[worker("W1"), worker("W2")],
        days=2,
    )
    made = roster(
        of,
        travel(of),
        {
            "W2@0-07:00": [("V9", "08:00"), ("V5", "10:00")],
            "W1@0-07:00": [("V5", "10:00")],
            "W1@1-07:00": [("V1", "08:00")],
        },
    )
    violations = check(of, travel(of), made)
    assert [(v.day, v.visit_id, v.worker_id) for v in violations] == [
        (0, "V5", "W1"),
        (0, "V5", "W2"),
        (0, "V9", "W2"),
        (1, "V1", "W1"),
    ]


def test_overridden_violations_stay_in_the_list() -> None:
    rows = [
        override(Rule.SKILLS, worker_id="W1"),
        override(Rule.WINDOW, visit_id="V2", day=0),
        override(Rule.PINS, visit_id="V2"),  # sets nothing aside
    ]
    violations = check(set_aside(PROBLEM, *rows), travel(PROBLEM), ROSTER)
    assert [v.rule for v in violations] == [
        Rule.SKILLS,
        Rule.WINDOW,
        Rule.SHORT_VISIT,
    ]
    assert [v.rule for v in broken(violations)] == [Rule.SHORT_VISIT]
    assert overrides_used(violations) == (rows[0], rows[1])
    assert str(violations[0]).endswith("(set aside by an override)")
    assert "a manager" not in "".join(map(str, violations))


def test_only_the_policys_rules_are_tested() -> None:
    plain = named_policy("plain")
    assert Rule.SHORT_VISIT not in plain.hard
    of = problem(PROBLEM.visits, workers=PROBLEM.workers, days=2, policy=plain)
    found = {v.rule for v in check(of, travel(of), ROSTER)}
    assert found == {Rule.SKILLS, Rule.WINDOW} <= ALWAYS_HARD


def test_an_empty_roster_of_an_empty_problem_is_fine() -> None:
    of = problem([], workers=[], shifts=[], clients=[])
    assert check(of, Travel(matrices={}), Roster(rounds=())) == []
