"""``problem.toml``: the horizon, where travel comes from, the policy and the rates."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from roundplan.domain import CHARTER, LlwFrom, Policy, named_policy
from roundplan.errors import RoundplanError
from roundplan.formats.cells import CellError, closest, parser_of
from roundplan.formats.codes import Code
from roundplan.formats.field_tables import field_table
from roundplan.formats.source import Source

PROBLEM_FILE = "problem.toml"

_SOME_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What problem.toml says, with paths resolved against the folder.

    ``dated`` is False when it could not be read: then the dates of other files can
    not be judged, but the rest of them still is.
    """

    start_date: date = _SOME_MONDAY
    days: int = 28
    dated: bool = False
    timezone: str = "Europe/London"
    crs: str | None = None
    postcodes: Path | None = None
    network: Path | None = None
    travel: Path | None = None
    max_snap_m: float = 100.0
    transit: Path | None = None
    cells: Path | None = None
    school_holidays: Path | None = None
    policy: Policy = CHARTER
    rates: Path | None = None
    llw_from: LlwFrom = LlwFrom.DEADLINE


@lru_cache(maxsize=64)
def is_crs(text: str) -> bool:
    """Return whether a text names a coordinate reference system."""
    from pyproj import CRS  # slow to import, and seldom needed
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(text)
    except CRSError:
        return False
    return True


def read_settings(folder: Path, source: Source) -> Settings:
    """Read problem.toml; what is wrong with it goes on the list of ``source``."""
    text = source.read_text(folder / PROBLEM_FILE, PROBLEM_FILE)
    if text is None:
        return Settings()
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 0
        what = f"it is not valid TOML: {error}"
        action = 'Write key = value lines; texts and file names in "quotes".'
        source.fault(Code.SETTING, PROBLEM_FILE, what, action, line=line)
        return Settings()
    return _Reader(folder, source, text).settings(content)


class _Reader:
    """Checks keys and values against the field table, one by one."""

    def __init__(self, folder: Path, source: Source, text: str) -> None:
        self._folder = folder
        self._source = source
        self._text = text
        self._known = {f.name: f for f in field_table("problem")}

    def settings(self, content: Mapping[str, Any]) -> Settings:
        flat, policy = self._flatten(content)
        values: dict[str, Any] = {}
        before = len(self._source.faults)
        for key, known in self._known.items():
            if key in flat:
                values[key] = self._parsed(key, known.type, flat[key])
            elif known.required:
                self._fault(Code.EMPTY_CELL, key, "the key is missing", "Add it.", None)
            if values.get(key) is None:
                values[key] = known.empty
        dated = values["start_date"] is not None and values["days"] is not None
        settings = Settings(
            start_date=values["start_date"] or _SOME_MONDAY,
            days=values["days"] or 28,
            dated=dated and len(self._source.faults) == before,
            timezone=self._timezone(values["timezone"]),
            crs=self._crs(values["crs"]),
            postcodes=self._path(values["postcodes"]),
            network=self._path(values["network.file"]),
            travel=self._path(values["network.travel"]),
            max_snap_m=values["network.max_snap_m"],
            transit=self._path(values["network.transit"]),
            cells=self._path(values["network.cells"]),
            school_holidays=self._path(values["network.school_holidays"]),
            policy=self._policy(values["policy.name"], policy),
            rates=self._path(values["rates.file"]),
            llw_from=LlwFrom(values["rates.llw_from"]),
        )
        if settings.network and settings.travel:
            what = "a network and a travel file are both given"
            self._fault(
                Code.CONTRADICTION, "network.file", what, "Choose one of them.", None
            )
        for key in ("transit", "cells", "school_holidays"):
            if getattr(settings, key) is not None and settings.network is None:
                what = "it needs the streets of a network"
                action = "Give [network] file too, or take this key out."
                self._fault(Code.CONTRADICTION, f"network.{key}", what, action, None)
        return settings

    def _flatten(
        self, content: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the known keys as ``section.key``, and the overrides of the policy."""
        flat: dict[str, Any] = {}
        policy: dict[str, Any] = {}
        sections = {k.partition(".")[0] for k in self._known if "." in k}
        for key, value in content.items():
            if key not in sections:
                flat[key] = value
            elif isinstance(value, dict):
                flat |= {f"{key}.{inner}": v for inner, v in value.items()}
            else:
                what, action = "this is a section", f"Write [{key}] on its own line."
                self._fault(Code.SETTING, key, what, action, None)
        overrides = {f.name for f in fields(Policy)} - {"name", "hard"}
        every = [*self._known, *sections, *(f"policy.{name}" for name in overrides)]
        for key in list(flat):
            section, _, inner = key.partition(".")
            if key in self._known:
                continue
            value = flat.pop(key)
            if section == "policy" and inner in overrides:
                policy[inner] = value
            else:
                hint = closest(key, every) or "See docs/formats.md for the keys."
                self._fault(Code.SETTING, key, "there is no such key", hint, None)
        return flat, policy

    def _parsed(self, key: str, field_type: str, value: object) -> Any:
        """Read a TOML value as the cell of that type that says the same."""
        if isinstance(value, bool):
            text = "y" if value else "n"
        elif isinstance(value, date) and not isinstance(value, datetime):
            text = value.isoformat()
        elif isinstance(value, (str, int, float)):
            text = str(value).strip()
        else:
            text = ""
        try:
            if not text:
                what = "this is not a value for this key"
                raise CellError(what, "Correct it.")
            return parser_of(field_type)(text, False)
        except CellError as error:
            self._fault(Code.SETTING, key, error.what, error.action, text or None)
            return None

    def _timezone(self, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (LookupError, ValueError, OSError):
            action = "Use an IANA name, such as Europe/London."
            self._fault(Code.SETTING, "timezone", "no such time zone", action, name)
            return "Europe/London"

    def _crs(self, name: str | None) -> str | None:
        if name is not None and not is_crs(name):
            action = "Use a name such as EPSG:27700 (British National Grid)."
            what = "there is no such coordinate reference system"
            self._fault(Code.SETTING, "crs", what, action, name)
        return name

    def _path(self, name: str | None) -> Path | None:
        """Resolve a path against the folder; the user may point anywhere."""
        return None if name is None else self._folder / name

    def _policy(self, name: str, overrides: Mapping[str, Any]) -> Policy:
        values = {}
        for key, value in overrides.items():
            parsed = self._policy_value(key, value)
            if parsed is not None:
                values[key] = None if parsed == "none" else parsed
        try:
            return named_policy(name, **values)
        except RoundplanError as error:
            what = str(error).partition(": ")[2]
            self._fault(Code.SETTING, "policy.name", what, "Correct it.", None)
            return CHARTER

    def _policy_value(self, key: str, value: object) -> Any:
        default = getattr(CHARTER, key)
        name = f"policy.{key}"
        if isinstance(default, bool):
            return self._parsed(name, "y/n", value)
        if isinstance(default, int):
            return self._parsed(name, "whole 0..1000000000", value)
        if isinstance(default, str):
            return self._parsed(name, "word", value)
        pairs = value if isinstance(value, list) else []
        if pairs and all(
            isinstance(pair, list) and [type(n) for n in pair] == [int, int]
            for pair in pairs
        ):
            sizes = tuple((up_to, size) for up_to, size in pairs)
            ups = [up_to for up_to, _ in sizes]
            if ups == sorted(set(ups)) and all(size > 0 for _, size in sizes):
                return sizes
        what = "these are not team sizes"
        action = "Write [[3, 1], [7, 2], [9999, 4]]: up to 3 visits a week 1 worker, …"
        self._fault(Code.SETTING, name, what, action, None)
        return None

    def _fault(
        self, code: Code, key: str, what: str, action: str, value: str | None
    ) -> None:
        inner = re.escape(key.rpartition(".")[2])
        found = re.search(rf"^[ \t\[\"']*{inner}\b", self._text, re.MULTILINE)
        line = self._text.count("\n", 0, found.start()) + 1 if found else 0
        self._source.fault(
            code, PROBLEM_FILE, what, action, line=line, column=key, value=value
        )
