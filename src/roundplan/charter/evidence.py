"""What a provider shows for the criteria that a roster cannot show."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from roundplan.charter.criteria import criteria
from roundplan.formats import Code
from roundplan.formats.cells import closest
from roundplan.formats.source import Source

BY_ROSTER = frozenset({1, 3, 5, 7, 8, 14})
"""Criteria that visits, pay and contracts show: no paper stands against them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Whether a criterion is kept, as somebody says, and where that stands.

    ``reference`` is printed, and not judged.
    """

    kept: bool
    reference: str


def read_evidence(path: Path) -> dict[str, Evidence]:
    """Read a TOML file: under a criterion's id, ``kept`` and ``reference``.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with the file.
    """
    source = Source()
    text = source.read_text(path, path.name)
    content: dict[str, object] = {}
    try:
        content = tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what = f"it is not valid TOML: {error}"
        action = 'Write [criterion-id], kept = true, reference = "...".'
        source.fault(Code.SETTING, path.name, what, action)
    found = dict(_evidence(content, path.name, source))
    source.raise_faults()
    return found


def _evidence(
    content: Mapping[str, object], name: str, source: Source
) -> Iterator[tuple[str, Evidence]]:
    shown = [c.id for c in criteria() if c.number not in BY_ROSTER]
    for key, row in content.items():
        if key not in shown:
            what = "no criterion of that id is shown by evidence"
            action = closest(key, shown) or f"They are: {', '.join(shown)}."
            source.fault(Code.SETTING, name, what, action, column=key)
            continue
        kept = row.get("kept") if isinstance(row, dict) else None
        reference = row.get("reference") if isinstance(row, dict) else None
        if not isinstance(kept, bool) or not isinstance(reference, str):
            what = "kept (true or false) and reference (a text) are needed"
            source.fault(Code.SETTING, name, what, "Write both.", column=key)
            continue
        yield key, Evidence(kept=kept, reference=reference)
