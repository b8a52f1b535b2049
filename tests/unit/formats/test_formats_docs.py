"""The reference page and the field tables say the same."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from roundplan.domain import (
    PROFILES,
    ContractKind,
    Gender,
    LlwFrom,
    Mode,
    Priority,
    Rule,
    ShiftKind,
    Tier,
)
from roundplan.formats import (
    Code,
    docs_tables,
    field_table,
    load_problem,
    refreshed_docs,
)
from roundplan.formats.field_tables import (
    PROBLEM_TABLES,
    RETURN_TABLES,
    ROSTER_TABLES,
)

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
TABLES = (*PROBLEM_TABLES, *ROSTER_TABLES, *RETURN_TABLES)


TravelProfileName = StrEnum("TravelProfileName", [(p.name, p.name) for p in PROFILES])


def test_docs_are_up_to_date():
    """If this fails: write ``refreshed_docs`` of the page's text back to it."""
    text = PAGE.read_text(encoding="utf-8")
    assert refreshed_docs(text) == text


@pytest.mark.parametrize("name", [*docs_tables()])
def test_every_table_is_in_the_docs(name):
    assert f"<!-- table {name} -->" in PAGE.read_text(encoding="utf-8")


def test_smallest_folder_of_the_docs_loads(tmp_path):
    """The example is what a reader will copy."""
    blocks = PAGE.read_text(encoding="utf-8").split("```")[1::2]
    names = ("problem.toml", "clients.csv", "visits.csv", "workers.csv", "shifts.csv")
    for name, block in zip((*names, "travel.csv"), blocks, strict=False):
        (tmp_path / name).write_text(block.partition("\n")[2], encoding="utf-8")
    loaded = load_problem(tmp_path)
    assert len(loaded.problem.visits) == 12
    assert loaded.problem.notes == ()


def test_every_code_is_in_the_docs():
    text = PAGE.read_text(encoding="utf-8")
    assert all(code.value in text for code in Code)


@pytest.mark.parametrize("table", TABLES)
def test_field_table_makes_sense(table):
    """Names are unique, types parse, defaults are of the type, columns have a text."""
    fields = field_table(table)
    assert len({f.name for f in fields}) == len(fields)
    for field in fields:
        assert field.meaning
        assert not (field.required and field.default)
        assert field.empty is None or field.default or field.empty == ()


@pytest.mark.parametrize(
    ("table", "column", "enum"),
    [
        ("clients", "worker_gender", Gender),
        ("visits", "priority", Priority),
        ("workers", "modes", Mode),
        ("workers", "contract", ContractKind),
        ("shifts", "kind", ShiftKind),
        ("providers", "tier", Tier),
        ("overrides", "rule", Rule),
        ("travel", "profile", TravelProfileName),
        ("travel", "mode", Mode),
        ("roster", "travel_mode", Mode),
        ("rounds", "profile", TravelProfileName),
        ("problem", "rates.llw_from", LlwFrom),
    ],
)
def test_choices_are_those_of_the_domain(table, column, enum):
    (field,) = (f for f in field_table(table) if f.name == column)
    assert field.type.partition(" ")[2].split("|") == [member.value for member in enum]
