"""Printed shares beside what their counts give: which of them do not follow.

A share follows from its counts if they give it within half a unit of its last decimal.
Where the whole is not printed, a count and its share leave a range of wholes; figures
said to be of one whole must leave one in common. A sum may differ from its printed
parts by the rounding of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from importlib import resources
from math import ceil, floor
from pathlib import Path

from roundplan.formats import Code
from roundplan.formats.cells import closest
from roundplan.formats.source import Row, Source

SHIPPED_RETURNS = ("islington-2024-25",)
"""Printed returns that come with the package, by name."""

HUNDRED = 100


class Outcome(StrEnum):
    """Whether a printed share follows."""

    FOLLOWS = "follows"
    DIFFERS = "does not follow"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A share as printed, with the counts that were printed beside it.

    ``percent`` is exact, ``half`` half a unit of its last decimal.
    """

    figure: str
    percent: Fraction
    half: Fraction
    count: int | None = None
    of: int | None = None
    of_what: str | None = None
    parts: tuple[str, ...] = ()

    @property
    def low(self) -> Fraction:
        """The least share that rounds to it."""
        return max(Fraction(0), self.percent - self.half)

    @property
    def high(self) -> Fraction:
        """The largest share that rounds to it."""
        return self.percent + self.half

    def wholes(self) -> tuple[int, int] | None:
        """Return the least and largest whole that its count may be of."""
        if self.count is None or not self.low:
            return None
        low, high = HUNDRED * self.count / self.high, HUNDRED * self.count / self.low
        return ceil(low), floor(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A printed share, what its counts give, and what is said of it."""

    printed: Printed
    outcome: Outcome
    recomputed: Fraction | None
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole that is not printed, and the range that all its figures leave.

    ``low`` above ``high``: there is none.
    """

    name: str
    figures: tuple[str, ...]
    low: int
    high: int

    @property
    def exists(self) -> bool:
        """Whether one whole gives all of its figures."""
        return self.low <= self.high


def reconcile(
    figures: Sequence[Printed],
) -> tuple[tuple[Checked, ...], tuple[Whole, ...]]:
    """Recompute each share, and look for the wholes that were not printed."""
    known = {p.figure: p for p in figures}
    return tuple(_checked(p, known) for p in figures), tuple(_wholes(figures))


def _checked(p: Printed, known: dict[str, Printed]) -> Checked:
    said: list[str] = []
    follows: list[bool] = []
    recomputed = None
    if p.count is not None and p.of is not None:
        recomputed = Fraction(HUNDRED * p.count, p.of)
        follows.append(p.low <= recomputed <= p.high)
        if not follows[-1]:
            said += _would_follow(p, p.count, p.of)
    elif p.count is not None and (wholes := p.wholes()) is not None:
        said.append(f"of {_range(*wholes)}, if the share is right")
    if p.parts:
        parts = [known[name] for name in p.parts]
        total = sum((part.percent for part in parts), Fraction(0))
        room = p.half + sum((part.half for part in parts), Fraction(0))
        follows.append(abs(total - p.percent) <= room)
        rounding = " within rounding" if follows[-1] and total != p.percent else ""
        said.append(f"its parts add up to {_percent(total)}{rounding}")
    if not follows:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.FOLLOWS if all(follows) else Outcome.DIFFERS
    return Checked(printed=p, outcome=outcome, recomputed=recomputed, said=tuple(said))


def _would_follow(p: Printed, count: int, of: int) -> Iterable[str]:
    """Say which count, or which whole, the printed share would need."""
    low, high = ceil(p.low * of / HUNDRED), floor(p.high * of / HUNDRED)
    if low <= high:
        yield f"would need {_range(low, high)} of {of:,}"
    wholes = p.wholes()
    if wholes is not None and wholes[0] <= wholes[1]:
        yield f"or {count:,} of {_range(*wholes)}"


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _percent(value: Fraction) -> str:
    return f"{float(value):g}%"


def _wholes(figures: Sequence[Printed]) -> Iterable[Whole]:
    groups: dict[str, list[Printed]] = defaultdict(list)
    for p in figures:
        if p.of_what is not None and p.count is not None:
            groups[p.of_what].append(p)
    for name, of in groups.items():
        ranges = [(p.of, p.of) if p.of is not None else p.wholes() for p in of]
        told = [r for r in ranges if r is not None]
        if len(told) < 2 or all(p.of is not None for p in of):
            continue
        yield Whole(
            name=name,
            figures=tuple(p.figure for p in of),
            low=max(low for low, _ in told),
            high=min(high for _, high in told),
        )


def read_printed(path: Path | str) -> tuple[Printed, ...]:
    """Read printed figures: a CSV file, or the name of one that is shipped.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with the file.
    """
    if str(path) in SHIPPED_RETURNS:
        folder = resources.files("roundplan.charter") / "inputs"
        with resources.as_file(folder / f"{path}.csv") as shipped:
            return _read(shipped)
    return _read(Path(path))


def _read(path: Path) -> tuple[Printed, ...]:
    source = Source()
    rows = [row for row in source.table(path, "printed", path.name) if row.ok]
    names: dict[str, Row] = {}
    for row in rows:
        if row["figure"] in names:
            what = f"line {names[row['figure']].line} has this name"
            source.row_fault(row, Code.DUPLICATE, "figure", what, "Rename one.")
        names.setdefault(row["figure"], row)
    for row in rows:
        for part in set(row["parts"]) - names.keys():
            what = f"there is no figure {part!r} in this file"
            action = closest(part, names) or "Correct the name, or add the row."
            source.row_fault(row, Code.UNKNOWN_ID, "parts", what, action)
        count, of = row["count"], row["of"]
        if count is not None and of is not None and count > of:
            what = f"{count:,} of {of:,}: a part is larger than its whole"
            source.row_fault(row, Code.CONTRADICTION, "count", what, "Correct one.")
    if not rows and not source.faults:
        source.fault(Code.NO_TABLE, path.name, "it has no row", "Add the figures.")
    source.raise_faults()
    return tuple(_printed(row) for row in rows)


def _printed(row: Row) -> Printed:
    text = row.raw["printed"].replace(",", ".")
    decimals = len(text.partition(".")[2])
    return Printed(
        figure=row["figure"],
        percent=Fraction(text),
        half=Fraction(1, 2 * 10**decimals),
        count=row["count"],
        of=row["of"],
        of_what=row["of_what"],
        parts=row["parts"],
    )
