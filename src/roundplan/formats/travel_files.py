"""Travel times from travel.csv or travel.parquet, and back to parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import (
    ALL_DAY,
    MODE_CODES,
    PROFILES,
    UNREACHABLE,
    Period,
    Travel,
    TravelMatrix,
    mode_of,
)
from roundplan.errors import TravelError
from roundplan.formats.cells import counted
from roundplan.formats.codes import Code
from roundplan.formats.field_tables import field_table
from roundplan.formats.source import Source
from roundplan.formats.travel_matrices import CELLS_KEY, at_places, read_matrices
from roundplan.units import DAY_S

if TYPE_CHECKING:
    import pyarrow as pa

_CODED = ("profile", "period", "from_place", "to_place", "mode")
_COUNTED = ("seconds", "metres", "ltn_crossings")
_MODES = tuple(mode.value for mode in MODE_CODES)
_PROFILES = tuple(profile.name for profile in PROFILES)
_NEEDS = np.array([MODE_CODES.index(profile.needs) for profile in PROFILES])
_WALK, _TRANSIT = _MODES.index("walk"), _MODES.index("transit")

_MAX = {"seconds": DAY_S, "metres": 10_000_000, "ltn_crossings": 32_767}

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Columns:
    """A travel file by columns: words as codes into ``words``, and where rows stand.

    A code of -1 is an empty cell. ``lines`` is None for parquet, whose rows count
    from 1.
    """

    file: str
    words: Mapping[str, Sequence[str]]
    codes: Mapping[str, Codes]
    numbers: Mapping[str, Codes]
    lines: Codes | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    def line(self, row: int) -> int:
        return row + 1 if self.lines is None else int(self.lines[row])


def read_travel(
    path: Path, name: str, known: Sequence[str], needed: Sequence[str], source: Source
) -> Travel | None:
    """Read the travel of a problem.

    Parameters
    ----------
    known
        Ids of all places of the problem; rows of other places are ignored with a note.
    needed
        Those that legs can touch: one that no row mentions is a fault.
    """
    if path.suffix.lower() != ".parquet":
        columns = _from_csv(path, name, source)
    else:
        content = source.read(path, name)
        if content is None:
            return None
        try:
            whole = read_matrices(content)
        except TravelError as error:
            source.fault(
                Code.NO_TABLE, name, str(error).partition(": ")[2], "Write it again."
            )
            return None
        if whole is not None:
            return _of_places(whole, known, needed, name, source)
        columns = _from_parquet(content, name, source)
    if columns is None:
        return None
    return _travel(columns, known, needed, source)


def _of_places(
    travel: Travel,
    known: Sequence[str],
    needed: Sequence[str],
    name: str,
    source: Source,
) -> Travel | None:
    """Return the matrices of a file for the places of a problem."""
    there = set(next(iter(travel.matrices.values())).place_ids)
    if len(needed) > 1:
        before = len(source.faults)
        _check_mentioned(there, needed, name, source)
        if len(source.faults) > before:
            return None
    return at_places(travel, tuple(p for p in known if p in there))


def travel_bytes(
    travel: Travel, place_ids: Sequence[str], profiles: Iterable[str]
) -> bytes:
    """Return a parquet file with all reachable pairs of some places.

    Every place has the row to itself too, so that one without neighbours is mentioned.
    The neighbourhoods of places go into the file's metadata, as ``CELLS_KEY``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    ids = tuple(place_ids)
    tables = []
    matrices = [
        matrix
        for profile in profiles
        for matrix in (travel.matrices[profile], *travel.periods.get(profile, ()))
    ]
    for given in matrices:
        matrix = given.reindex(ids)
        whole_week = given is travel.matrices[given.profile]
        origin, destination = np.nonzero(matrix.times_s != UNREACHABLE)
        at = (origin, destination)
        here = np.zeros(len(origin), dtype=np.int8)
        columns = {
            "profile": _dictionary(here, [given.profile]),
            "period": _dictionary(here, [ALL_DAY if whole_week else given.period]),
            "from_place": _dictionary(origin.astype(np.int32), ids),
            "to_place": _dictionary(destination.astype(np.int32), ids),
            "seconds": pa.array(matrix.times_s[at]),
            "metres": pa.array(matrix.metres[at]),
            "ltn_crossings": pa.array(matrix.ltn_crossings[at]),
            "mode": _dictionary(matrix.modes[at], _MODES),
        }
        tables.append(pa.table(columns))
    if not tables:
        empty: dict[str, Any] = {c: pa.array([], pa.string()) for c in _CODED}
        empty |= {c: pa.array([], pa.int32()) for c in _COUNTED}
        tables = [pa.table({f.name: empty[f.name] for f in field_table("travel")})]
    buffer = io.BytesIO()
    whole = pa.concat_tables(tables).unify_dictionaries()
    if travel.cells:
        cells = {p: travel.cells[p] for p in ids if p in travel.cells}
        whole = whole.replace_schema_metadata({CELLS_KEY: json.dumps(cells)})
    pq.write_table(whole, buffer, compression="zstd")
    return buffer.getvalue()


def _dictionary(codes: npt.NDArray[Any], words: Sequence[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))


def _from_csv(path: Path, name: str, source: Source) -> _Columns | None:
    before = len(source.faults)
    words: dict[str, dict[str, int]] = {column: {} for column in _CODED}
    codes: dict[str, list[int]] = {column: [] for column in _CODED}
    numbers: dict[str, list[int]] = {column: [] for column in _COUNTED}
    lines = []
    for row in source.rows(path, "travel", name):
        if not row.ok:
            continue
        lines.append(row.line)
        for column, found in words.items():
            word = row[column]
            codes[column].append(
                -1 if word is None else found.setdefault(word, len(found))
            )
        for column, values in numbers.items():
            values.append(row[column])
    if len(source.faults) > before:
        return None
    return _Columns(
        file=name,
        words={column: list(found) for column, found in words.items()},
        codes={c: np.array(v, dtype=np.int64) for c, v in codes.items()},
        numbers={c: np.array(v, dtype=np.int64) for c, v in numbers.items()},
        lines=np.array(lines, dtype=np.int64),
    )


def _from_parquet(content: bytes, name: str, source: Source) -> _Columns | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(io.BytesIO(content))
        fields = field_table("travel")
        there = [f.name for f in fields if f.name in parquet.schema_arrow.names]
        absent = [f for f in fields if f.required and f.name not in there]
        for f in absent:
            what = "the column is missing"
            source.fault(Code.NO_COLUMN, name, what, "Add it.", column=f.name)
        if absent:
            return None
        table = parquet.read(columns=there)
        cells = _cells(parquet.schema_arrow.metadata)
    except (pa.ArrowException, OSError):
        what = "it is not a parquet file, or is damaged"
        source.fault(Code.NO_TABLE, name, what, "Write it again.")
        return None
    words: dict[str, Sequence[str]] = {}
    codes: dict[str, Codes] = {}
    numbers: dict[str, Codes] = {}
    column = ""
    try:
        for column in _CODED:
            default = next(f for f in fields if f.name == column).default
            if column in there:
                codes[column], words[column] = _coded(table[column])
            else:
                words[column] = [default] if default else []
                code = 0 if default else -1
                codes[column] = np.full(table.num_rows, code, dtype=np.int64)
        for column in _COUNTED:
            if column in there:
                numbers[column] = _whole(table[column].combine_chunks())
            else:
                numbers[column] = np.zeros(table.num_rows, dtype=np.int64)
    except (pa.ArrowException, ValueError):
        kind = "short texts" if column in _CODED else "whole numbers without gaps"
        source.fault(
            Code.WRONG_CELL,
            name,
            f"the column does not hold {kind}",
            "Correct the type of the column, and fill in its empty cells.",
            column=column,
        )
        return None
    columns = _Columns(name, words, codes, numbers, cells=cells)
    return columns if _parquet_fits(columns, source) else None


def _cells(metadata: Mapping[bytes, bytes] | None) -> dict[str, str]:
    """Return the neighbourhoods of places; a file of others may have none.

    Raises
    ------
    OSError
        They are not what ``travel_bytes`` writes: the file is damaged.
    """
    try:
        cells = json.loads((metadata or {}).get(CELLS_KEY, b"{}"))
    except ValueError as error:
        msg = "neighbourhoods that are no JSON"
        raise OSError(msg) from error
    if not isinstance(cells, dict) or not all(map(_is_text, cells.values())):
        msg = "neighbourhoods that are no texts by place"
        raise OSError(msg)
    return cells


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _whole(column: pa.Array) -> Codes:
    """Return a column of whole numbers; fractions and empty cells are refused.

    By DLPack: ``to_numpy`` and ``fill_null`` take a second to import pandas.
    """
    import pyarrow as pa

    if column.null_count:
        msg = "empty cells"
        raise ValueError(msg)
    return np.from_dlpack(column.cast(pa.int64())).astype(np.int64)


def _coded(column: pa.ChunkedArray) -> tuple[Codes, list[str]]:
    """Return the codes and words of a text column, -1 where empty."""
    import pyarrow as pa
    import pyarrow.types as types

    if not types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # no rows at all, in some versions
        return np.zeros(0, dtype=np.int64), []
    codes = array.indices.fill_null(-1) if array.null_count else array.indices
    return _whole(codes), array.dictionary.cast(pa.string()).to_pylist()


def _parquet_fits(columns: _Columns, source: Source) -> bool:
    """Hold the columns of a parquet file to what travel.csv would be held to."""
    before = len(source.faults)
    for column in ("profile", "period", "from_place", "to_place"):
        _each(columns, columns.codes[column] < 0, column, "the cell is empty", source)
    for column, names in (("profile", _PROFILES), ("mode", _MODES)):
        wrong = [i for i, w in enumerate(columns.words[column]) if w not in names]
        bad = np.isin(columns.codes[column], wrong)
        what = f"there is no such {column}; use {', '.join(names)}"
        _each(columns, bad, column, what, source)
    for column, most in _MAX.items():
        values = columns.numbers[column]
        what = f"this must be at least 0 and at most {most:,}"
        _each(columns, (values < 0) | (values > most), column, what, source)
    return len(source.faults) == before


def _each(
    columns: _Columns,
    bad: npt.NDArray[np.bool_],
    column: str,
    what: str,
    source: Source,
    code: Code = Code.TRAVEL,
) -> None:
    """Report the first row of a fault that many rows may have, and how many."""
    rows = np.flatnonzero(bad)
    if len(rows):
        others = counted(len(rows) - 1, "more row", "more rows")
        more = f" (and in {others})" if len(rows) > 1 else ""
        source.fault(
            code,
            columns.file,
            what + more,
            "Correct the file.",
            line=columns.line(int(rows[0])),
            column=column,
        )


def _travel(
    columns: _Columns, known: Sequence[str], needed: Sequence[str], source: Source
) -> Travel | None:
    before = len(source.faults)
    origin, destination = (
        _renumbered(columns, column, known) for column in ("from_place", "to_place")
    )
    ours = (origin >= 0) & (destination >= 0)
    mentioned = np.zeros(len(known), dtype=bool)
    for places in (origin, destination):
        mentioned[places[places >= 0]] = True
    place_ids = [p for p, there in zip(known, mentioned, strict=True) if there]
    if len(needed) > 1:
        _check_mentioned(set(place_ids), needed, columns.file, source)
    else:  # no leg is needed, and so perhaps no row
        place_ids += [p for p in needed if p not in place_ids]
    profiles = _renumbered(columns, "profile", _PROFILES)
    needs = _NEEDS[np.maximum(profiles, 0)]
    modes = _renumbered(columns, "mode", _MODES)
    modes = np.where(modes < 0, needs, modes)
    on_foot = (needs == _TRANSIT) & (modes == _WALK)
    what = "the mode does not belong to the profile"
    _each(columns, (modes != needs) & ~on_foot, "mode", what, source)

    notes: list[str] = []
    if skipped := len(ours) - int(ours.sum()):
        which = counted(skipped, "row is of a place", "rows are of places")
        notes.append(f"{columns.file}: {which} not in the problem.")
    at = {place_id: i for i, place_id in enumerate(place_ids)}
    to_row = np.array([at.get(p, 0) for p in known], dtype=np.int64)
    flat = to_row[origin] * len(place_ids) + to_row[destination] if known else origin
    _check_periods(columns, source)
    periods = columns.codes["period"]
    matrices: dict[str, TravelMatrix] = {}
    timed: dict[str, tuple[TravelMatrix, ...]] = {}
    arrays = (*columns.numbers.values(), modes)
    for profile in np.unique(profiles[ours]):
        word = _PROFILES[profile]
        rows = np.flatnonzero(ours & (profiles == profile))
        by_name = {
            columns.words["period"][period]: rows[periods[rows] == period]
            for period in np.unique(periods[rows])
        }
        for same in by_name.values():
            _check_pairs(columns, same, flat, len(place_ids) ** 2, source)
        several = sorted(name for name in by_name if name != ALL_DAY)
        if ALL_DAY in by_name:
            rows = by_name[ALL_DAY]
        elif len(several) > 1:
            rows = rows[np.argsort(columns.numbers["seconds"][rows], kind="stable")]
            notes.append(
                f"{word}: outside its {len(several)} periods the slowest time of each "
                "pair is used."
            )
        else:
            notes.append(f"{word}: its times of {several[0]} are used at any time.")
            several = []

        def matrix(rows: Codes, name: str, word: str = word) -> TravelMatrix:
            values = [array[rows] for array in arrays]
            return replace(_matrix(word, place_ids, flat[rows], values), period=name)

        matrices[word] = matrix(rows, ALL_DAY)
        if several:
            timed[word] = tuple(matrix(by_name[name], name) for name in several)
    if len(source.faults) > before:
        return None
    if not matrices:
        nothing = np.zeros(0, dtype=np.int64)
        matrices["walk"] = _matrix("walk", place_ids, nothing, [nothing] * 4)
    ordered = {name: matrices[name] for name in _PROFILES if name in matrices}
    cells = {p: columns.cells[p] for p in place_ids if p in columns.cells}
    return Travel(matrices=ordered, notes=tuple(notes), periods=timed, cells=cells)


def _check_periods(columns: _Columns, source: Source) -> None:
    """Refuse periods whose names mean nothing."""
    unknown = []
    for i, name in enumerate(columns.words["period"]):
        try:
            Period.parse(name)
        except TravelError:
            unknown.append(i)
    bad = np.isin(columns.codes["period"], unknown)
    what = "there is no such period; write it as Mo-Fr 07:00-10:00, or all"
    _each(columns, bad, "period", what, source)


def _renumbered(columns: _Columns, column: str, words: Sequence[str]) -> Codes:
    """Return a column's codes as places in ``words``, -1 for others."""
    place = {word: i for i, word in enumerate(words)}
    table = [place.get(word, -1) for word in columns.words[column]]
    return np.array([*table, -1], dtype=np.int64)[columns.codes[column]]


def _check_mentioned(
    mentioned: set[str], needed: Sequence[str], file: str, source: Source
) -> None:
    missing = [p for p in needed if p not in mentioned]
    if missing:
        shown = ", ".join(missing[:10]) + (", …" if len(missing) > 10 else "")
        source.fault(
            Code.TRAVEL,
            file,
            f"no row mentions {counted(len(missing), 'place', 'places')} of the "
            f"problem: {shown}",
            "Add the travel times. A place is a client_id, worker_id or place_id.",
        )


def _check_pairs(
    columns: _Columns, rows: Codes, flat: Codes, pairs: int, source: Source
) -> None:
    """Refuse two rows of the same profile, period, origin and destination."""
    if np.bincount(flat[rows], minlength=pairs).max(initial=0) <= 1:
        return
    _, first = np.unique(flat[rows], return_index=True)
    again = np.ones(len(rows), dtype=bool)
    again[first] = False
    bad = np.zeros(len(flat), dtype=bool)
    bad[rows[again]] = True
    what = "a row of the same profile, period and places comes before"
    _each(columns, bad, "from_place", what, source, Code.DUPLICATE)


def _matrix(
    profile: str, place_ids: Sequence[str], flat: Codes, values: Sequence[Codes]
) -> TravelMatrix:
    """Fill a matrix; where a pair comes twice, the last row counts (the slowest)."""
    n = len(place_ids)
    makers: tuple[Callable[[], npt.NDArray[Any]], ...] = (
        lambda: np.full(n * n, UNREACHABLE, dtype=np.int32),
        lambda: np.zeros(n * n, dtype=np.int32),
        lambda: np.zeros(n * n, dtype=np.int16),
        lambda: np.full(n * n, _own_mode(profile), dtype=np.int8),
    )
    filled = []
    for make, given, at_home in zip(
        makers, values, (0, 0, 0, _own_mode(profile)), strict=True
    ):
        array = make()
        array[flat] = given
        square = array.reshape(n, n)
        np.fill_diagonal(square, at_home)
        filled.append(square)
    times, metres, crossings, modes = filled
    return TravelMatrix(
        profile=profile,
        period=ALL_DAY,
        place_ids=tuple(place_ids),
        times_s=times,
        metres=metres,
        ltn_crossings=crossings,
        modes=modes,
    )


def _own_mode(profile: str) -> int:
    return _WALK if profile == "transit" else MODE_CODES.index(mode_of(profile))
