"""The field tables: one CSV for each table of the two folders.

The readers, the writers and ``docs/formats.md`` all go by them, so that none of the
three can say something else than the others.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from roundplan.domain import POLICIES, Policy
from roundplan.formats.cells import parser_of
from roundplan.formats.codes import CODE_SUMMARY

PROBLEM_TABLES = (
    "problem",
    "clients",
    "visits",
    "workers",
    "shifts",
    "places",
    "history",
    "providers",
    "overrides",
    "people",
    "travel",
    "rates",
    "postcodes",
)
"""The tables of a problem folder; ``problem`` holds the keys of problem.toml."""

DESK_TABLES = ("changes",)
"""The tables that commands take besides a folder."""

ROSTER_TABLES = ("roster", "rounds", "breaks", "unassigned", "previous", "published")
"""Those of a roster folder, besides ``overrides`` and ``travel``."""

RETURN_TABLES = ("printed", "return")
"""The council's return: as somebody printed it, and as roundplan writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: what it is called, what its cells hold and what they mean.

    ``default`` is what an empty cell means, written as a cell would be; None where
    an empty cell is None.
    """

    name: str
    type: str
    unit: str
    required: bool
    default: str
    personal: bool
    meaning: str

    def parse(self, text: str, semicolons: bool = False) -> Any:
        """Read a cell; raises ``CellError``."""
        return parser_of(self.type)(text, semicolons)

    @property
    def empty(self) -> Any:
        """Return what an empty cell means."""
        if self.default:
            return self.parse(self.default)
        lists = self.type.partition(" ")[0] in {"ids", "words", "choices"}
        return () if lists else None


@cache
def field_table(table: str) -> tuple[Field, ...]:
    """Return the columns of a table, in the order in which they are written."""
    source = files("roundplan.formats").joinpath("fields", f"{table}.csv")
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return tuple(
        Field(
            name=row["name"],
            type=row["type"],
            unit=row["unit"],
            required=row["required"] == "yes",
            default=row["default"],
            personal=row["personal"] == "y",
            meaning=row["meaning"],
        )
        for row in rows
    )


def docs_tables() -> dict[str, str]:
    """Return the generated parts of ``docs/formats.md``: every table as Markdown.

    Besides the field tables, ``policy`` (the keys of ``[policy]``, with what each
    named policy has) and ``codes``.
    """
    names = (*PROBLEM_TABLES, *ROSTER_TABLES, *RETURN_TABLES, *DESK_TABLES)
    tables = {name: _columns(name) for name in names}
    tables["policy"] = _policies()
    tables["codes"] = _markdown(
        ("code", "what is wrong"), [(c.value, text) for c, text in CODE_SUMMARY.items()]
    )
    return tables


def refreshed_docs(text: str) -> str:
    """Return a Markdown page with the generated tables between their markers renewed.

    A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``.
    """
    for name, table in docs_tables().items():
        start = f"<!-- table {name} -->"
        before, found, rest = text.partition(start)
        if found:
            _, end, after = rest.partition("<!-- end -->")
            text = f"{before}{start}\n{table}\n{end}{after}"
    return text


def _columns(table: str) -> str:
    first = "key" if table == "problem" else "column"
    return _markdown(
        (first, "type", "unit", "default", "meaning"),
        [
            (
                f"**`{f.name}`**" if f.required else f"`{f.name}`",
                _type_in_words(f.type) + (" (personal)" if f.personal else ""),
                f.unit,
                f"`{f.default}`" if f.default else "",
                f.meaning,
            )
            for f in field_table(table)
        ],
    )


def _policies() -> str:
    shown = [f.name for f in fields(Policy) if f.name not in ("name", "hard")]
    return _markdown(
        ("key", *POLICIES),
        [
            (f"`{key}`", *(_policy_value(getattr(p, key)) for p in POLICIES.values()))
            for key in shown
        ],
    )


def _policy_value(value: object) -> str:
    if isinstance(value, tuple):
        return str([list(pair) for pair in value])
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)


_WORDS = {
    "id": "id",
    "ids": "list of ids",
    "word": "short text",
    "words": "list of short texts",
    "text": "text",
    "date": "YYYY-MM-DD",
    "days": "weekly pattern",
    "whole": "whole number",
    "number": "number",
    "minutes": "number",
    "hours": "number",
    "pounds": "amount",
    "y/n": "y / n",
}


def _type_in_words(field_type: str) -> str:
    kind, _, argument = field_type.partition(" ")
    if kind == "choice":
        return argument.replace("|", " / ")
    if kind == "choices":
        return "list of " + argument.replace("|", " / ")
    if kind == "time":
        return f"HH:MM up to {argument}:00"
    low, _, high = argument.partition("..")
    bounds = f", {low} to {high}" if high else f", from {low}" if low else ""
    return _WORDS[kind] + bounds


def _markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
