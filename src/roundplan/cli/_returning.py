"""What ``return`` does: read the rosters of a quarter, count, print and write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from roundplan.charter.attendances import joined
from roundplan.charter.auditing import read_sources
from roundplan.charter.read_attendances import Columns
from roundplan.charter.returns import (
    Change,
    CouncilReturn,
    Figure,
    changes,
    council_return,
    read_return,
    return_csv,
)
from roundplan.cli._console import RIGHT, Screen
from roundplan.formats import load_problem, write_whole
from roundplan.report.return_workbook import return_workbook


def make_return(
    rosters: Sequence[Path],
    *,
    columns: Path | None,
    problem: Path | None,
    last: Path | None,
    known_days: int,
    regular: int,
    csv: Path | None,
    excel: Path | None,
    screen: Screen,
) -> None:
    """Count the figures of some rosters together, print them and write them."""
    before = None if last is None else read_return(last)
    mapping = None if columns is None else Columns.read(columns)
    of = None if problem is None else load_problem(problem).problem
    sources = read_sources(rosters, mapping, of)
    sources.sort(key=lambda source: source[0].first)
    made = council_return(
        joined([record for record, _ in sources]),
        [p for _, p in sources if p is not None],
        known_days=known_days,
        regular_percent=regular,
    )
    _print(screen, made, before)
    outputs: dict[Path, str | bytes] = {}
    if csv is not None:
        outputs[csv] = return_csv(made)
    if excel is not None:
        outputs[excel] = return_workbook(made, before)
    for path, content in outputs.items():
        write_whole(path, content)
        screen.say(f"Wrote {path}")


def _print(screen: Screen, made: CouncilReturn, before: CouncilReturn | None) -> None:
    screen.say(f"The council's return, {made.first} to {made.last}")
    beside: dict[str, Change] = {}
    if before is not None:
        screen.say(f"Last: {before.first} to {before.last}")
        beside = {c.figure.figure: c for c in changes(made, before)}
    screen.say()
    heads = ["Figure", f"{RIGHT}Count", f"{RIGHT}Of", f"{RIGHT}Share"]
    if before is not None:
        heads += [f"{RIGHT}Last", f"{RIGHT}Change"]
    known = [f for f in made.figures if f.count is not None]
    screen.table(
        heads,
        [(*_row(f), *_beside(beside.get(f.figure))) for f in known],
    )
    if lacking := [f for f in made.figures if f.count is None]:
        screen.heading("Not in the data")
        needs: dict[str, list[str]] = {}
        for f in lacking:
            needs.setdefault(f.needs, []).append(f.figure)
        screen.bullets(f"{'; '.join(names)}: needs {n}" for n, names in needs.items())
    screen.heading("Definitions")
    screen.bullets(f"{f.figure}: {f.definition}" for f in known)
    other = [c for c in beside.values() if c.before is not None and not c.comparable]
    if other:
        screen.heading("Not compared: the definition has changed")
        screen.bullets(f"{c.figure.figure}, was: {_defined(c)}" for c in other)
    if made.notes:
        screen.heading("Assumed")
        screen.bullets(made.notes)


def _defined(change: Change) -> str:
    return "" if change.before is None else change.before.definition


def _row(f: Figure) -> tuple[str, ...]:
    decimals = 1 if f.unit == "hours" else 0
    return (
        f.figure,
        f"{f.count:,.{decimals}f}",
        "" if f.of is None else f"{f.of:,.{decimals}f}",
        "" if f.percent is None else f"{f.percent:.1f}%",
    )


def _beside(change: Change | None) -> tuple[str, ...]:
    """Return last time's share, and the change of count and of share with an arrow."""
    if change is None:
        return ()
    before = change.before
    if before is None or before.count is None or not change.comparable:
        return ("", "not comparable" if before is not None else "new")
    share = f"{before.count:,g}" if before.percent is None else f"{before.percent:.1f}%"
    count = change.count or 0
    arrow = "↑" if count > 0 else "↓" if count < 0 else "="
    points = "" if change.points is None else f" {change.points:+.1f}"
    return share, f"{arrow} {count:+,g}{points}"
