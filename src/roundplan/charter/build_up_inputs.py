"""The inputs of a price build-up from a TOML file; what is not given has its rate.

A key is a field of `BuildUpInputs`. Pay is given as ``pay_p_hour``, or as ``pay_rate``:
the name of a dated rate. National Insurance, pension and statutory sick pay have the
rates in force on ``on`` unless the file has its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

from roundplan.charter.build_up import (
    NIC_RATE,
    NIC_THRESHOLD,
    PENSION,
    PENSION_LOWER,
    SICK_PAY,
    BuildUpInputs,
    DatedRates,
)
from roundplan.cost import RateTable
from roundplan.domain import LlwFrom
from roundplan.errors import DataError, UsageError
from roundplan.formats import Code
from roundplan.formats.cells import closest
from roundplan.formats.source import Source

SHIPPED_INPUTS = ("ukhca-2020-21",)
"""Inputs that come with the package, by name."""

LISTS = ("visit_min", "contact_hours_week")

WEEKS_OF_LIMIT = 52
"""The weekly earnings limit is a 52nd of the yearly one (The Pensions Regulator)."""

DATED: Mapping[str, Callable[[DatedRates], Fraction]] = {
    "nic_percent": lambda rates: rates.value(NIC_RATE),
    "nic_threshold_p_week": lambda rates: rates.pence(NIC_THRESHOLD),
    "pension_percent": lambda rates: rates.value(PENSION),
    "pension_lower_p_week": lambda rates: rates.pence(PENSION_LOWER) / WEEKS_OF_LIMIT,
    "sick_pay_p_week": lambda rates: rates.pence(SICK_PAY),
}
"""Where a field comes from that the file does not have."""


def shipped_inputs(name: str) -> str:
    """Return the text of inputs that come with the package."""
    file = resources.files("roundplan.charter") / "inputs" / f"{name}.toml"
    return file.read_text(encoding="utf-8")


def load_build_up(
    path: Path | str,
    rates: RateTable | None = None,
    llw_from: LlwFrom = LlwFrom.DEADLINE,
) -> BuildUpInputs:
    """Read the inputs of a build-up: a file, or the name of `SHIPPED_INPUTS`.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with the file.
    RateError
        E1201. A rate is needed that no table holds, or vouches for, on the day.
    """
    source = Source()
    name = str(path)
    if name in SHIPPED_INPUTS:
        text: str | None = shipped_inputs(name)
        name = f"{name}.toml"
    else:
        name = Path(path).name
        text = source.read_text(Path(path), name)
    source.raise_faults()
    return parse_build_up(text or "", name, rates or RateTable(), llw_from, source)


def parse_build_up(
    text: str, name: str, table: RateTable, llw_from: LlwFrom, source: Source
) -> BuildUpInputs:
    """Return the inputs that a text holds; what is wrong is raised at once."""

    def fault(key: str, what: str, action: str) -> None:
        at = next(
            (i for i, row in enumerate(text.splitlines(), 1) if row.startswith(key)), 0
        )
        source.fault(
            Code.SETTING, name, what, action, line=at if key else 0, column=key
        )

    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault("", f"it is not valid TOML: {error}", "Write key = value lines.")
        content = {}
    else:
        _check_keys(content, fault)
    source.raise_faults()
    rates = DatedRates(content.pop("on"), table, llw_from)
    values: dict[str, Any] = {
        key: tuple(map(Fraction, value)) if key in LISTS else Fraction(value)
        for key, value in content.items()
        if key != "pay_rate"
    }
    if "pay_rate" in content:
        values["pay_p_hour"] = rates.pence(content["pay_rate"])
    for key, look_up in DATED.items():
        # With a share of sick pay given, the statutory rate does not matter.
        if key == "sick_pay_p_week" and "sick_percent" in values:
            values.setdefault(key, Fraction(0))
        elif key not in values:
            values[key] = look_up(rates)
    try:
        return BuildUpInputs(on=rates.on, **values)
    except UsageError as error:
        fault("", str(error).partition(": ")[2], "Correct it.")
        raise DataError(source.faults) from error


def _check_keys(
    content: Mapping[str, Any], fault: Callable[[str, str, str], None]
) -> None:
    known = {f.name for f in fields(BuildUpInputs)} | {"pay_rate"}
    needed = {
        f.name for f in fields(BuildUpInputs) if f.default is MISSING
    } - {*DATED, "pay_p_hour"}  # fmt: skip
    for key in sorted(needed - {*content}):
        fault(key, "the key is missing", "Add it.")
    if ("pay_rate" in content) == ("pay_p_hour" in content):
        what = "pay_rate or pay_p_hour is needed, and not both"
        fault("pay", what, "Name a rate, or give pence an hour.")
    for key, value in content.items():
        if key not in known:
            hint = closest(key, known) or "See docs/build-up.md for the keys."
            fault(key, "there is no such key", hint)
        elif key == "on":
            if not isinstance(value, date) or isinstance(value, datetime):
                fault(key, "this is not a date", "Write 2026-04-06, without quotes.")
        elif key == "pay_rate":
            if not isinstance(value, str):
                fault(key, "this is not a name", "Write the name of a rate.")
        elif key in LISTS:
            if not isinstance(value, list) or not all(map(_is_number, value)):
                fault(key, "this is not a list of numbers", "Write [15, 30, 60].")
        elif not _is_number(value):
            fault(key, "this is not a number", "Write a number without quotes.")


def _is_number(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)
