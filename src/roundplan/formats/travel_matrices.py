"""The travel of a roster folder: matrices by rows, so that a week of a borough loads.

A row of ``travel.parquet`` there is one origin by one profile in one period, with lists
of seconds, metres, crossings and modes to all places, whose ids are in the file's
metadata. In the long form of a problem folder (a row for each pair) a week of 1,500
places has 55 million rows, and takes half a minute and 6 GB to read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import ALL_DAY, MODE_CODES, PROFILES, Travel, TravelMatrix
from roundplan.errors import TravelError

PLACES_KEY = b"roundplan.places"
"""Metadata of the file: a JSON list of place ids."""
CELLS_KEY = b"roundplan.cells"
"""Metadata: a JSON object of place ids and neighbourhoods."""

_FIGURES: Mapping[str, Any] = {
    "seconds": np.int32,
    "metres": np.int32,
    "ltn_crossings": np.int16,
    "mode": np.int8,
}

Array = npt.NDArray[Any]


def matrices_bytes(
    travel: Travel, place_ids: Sequence[str], profiles: Iterable[str]
) -> bytes:
    """Return a parquet file with all matrices of some profiles, for some places."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    ids = tuple(place_ids)
    metadata = {PLACES_KEY: json.dumps(ids)}
    if travel.cells:
        cells = {p: travel.cells[p] for p in ids if p in travel.cells}
        metadata[CELLS_KEY] = json.dumps(cells)
    fields = [("profile", pa.string()), ("period", pa.string())]
    fields += [
        (name, pa.list_(pa.from_numpy_dtype(type_), len(ids)))
        for name, type_ in _FIGURES.items()
    ]
    schema = pa.schema(fields, metadata=metadata)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, schema, compression="zstd") as writer:
        for profile in profiles:
            whole = travel.matrices[profile]
            for given in (whole, *travel.periods.get(profile, ())):
                matrix = given.reindex(ids)
                period = ALL_DAY if given is whole else given.period
                arrays = (
                    matrix.times_s,
                    matrix.metres,
                    matrix.ltn_crossings,
                    matrix.modes,
                )
                columns: list[Any] = [
                    pa.array([profile] * len(ids), pa.string()),
                    pa.array([period] * len(ids), pa.string()),
                ]
                columns += [
                    pa.FixedSizeListArray.from_arrays(
                        pa.array(np.ascontiguousarray(array).reshape(-1)), len(ids)
                    )
                    for array in arrays
                ]
                if ids:
                    writer.write_table(pa.table(columns, schema=schema))
    return buffer.getvalue()


def read_matrices(content: bytes) -> Travel | None:
    """Return the travel of such a file; None where it has another form.

    Raises
    ------
    TravelError
        E2201. The file is damaged, or its figures contradict each other.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        metadata = file.schema_arrow.metadata or {}
        if PLACES_KEY not in metadata:
            return None
        ids = tuple(map(str, json.loads(metadata[PLACES_KEY])))
        cells = json.loads(metadata.get(CELLS_KEY, b"{}"))
        found = [
            matrix
            for group in range(file.num_row_groups)
            for matrix in _matrices(file.read_row_group(group), ids)
        ]
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, TravelError):
            raise
        msg = "it is not a parquet file, or is damaged"
        raise TravelError(msg) from error
    return _travel(found, cells)


def at_places(travel: Travel, ids: tuple[str, ...]) -> Travel:
    """Return travel for some places in that order; the same where it has just those."""
    if all(m.place_ids == ids for m in travel.matrices.values()):
        return travel
    return Travel(
        matrices={p: m.reindex(ids) for p, m in travel.matrices.items()},
        periods={
            profile: tuple(m.reindex(ids) for m in several)
            for profile, several in travel.periods.items()
        },
        cells={p: travel.cells[p] for p in ids if p in travel.cells},
    )


def _matrices(table: Any, ids: tuple[str, ...]) -> Iterable[TravelMatrix]:
    """Yield the matrices of a row group, in which those of one are all together."""
    n = len(ids)
    names = table.column("profile").to_pylist()
    periods = table.column("period").to_pylist()
    if n == 0 or len(names) % n:
        msg = "a matrix of its travel is not square"
        raise TravelError(msg)
    arrays = {
        name: np.asarray(table.column(name).combine_chunks().flatten()).astype(
            type_, copy=False
        )
        for name, type_ in _FIGURES.items()
    }
    if any(len(array) != n * len(names) for array in arrays.values()):
        msg = "a matrix of its travel is not square"
        raise TravelError(msg)
    for first in range(0, len(names), n):
        if (
            len(
                {
                    *zip(
                        names[first : first + n],
                        periods[first : first + n],
                        strict=True,
                    )
                }
            )
            > 1
        ):
            msg = "rows of two matrices of its travel are mixed"
            raise TravelError(msg)
        square = {
            name: array[first * n : (first + n) * n].reshape(n, n)
            for name, array in arrays.items()
        }
        _check(square)
        yield TravelMatrix(
            profile=names[first],
            period=periods[first],
            place_ids=ids,
            times_s=square["seconds"],
            metres=square["metres"],
            ltn_crossings=square["ltn_crossings"],
            modes=square["mode"],
        )


def _check(square: Mapping[str, Array]) -> None:
    modes = square["mode"]
    sound = (
        (square["seconds"] >= -1).all()
        and (square["metres"] >= 0).all()
        and (square["ltn_crossings"] >= 0).all()
        and ((modes >= 0) & (modes < len(MODE_CODES))).all()
    )
    if not sound:
        msg = "its travel has impossible figures"
        raise TravelError(msg)


def _travel(found: Sequence[TravelMatrix], cells: object) -> Travel:
    known = {profile.name for profile in PROFILES}
    matrices: dict[str, TravelMatrix] = {}
    periods: dict[str, list[TravelMatrix]] = {}
    for matrix in found:
        if matrix.profile not in known:
            msg = f"its travel is by {matrix.profile!r}, which there is not"
            raise TravelError(msg)
        if matrix.period == ALL_DAY:
            matrices[matrix.profile] = matrix
        else:
            periods.setdefault(matrix.profile, []).append(matrix)
    if not isinstance(cells, dict) or not all(
        isinstance(c, str) for c in cells.values()
    ):
        msg = "its neighbourhoods are no texts by place"
        raise TravelError(msg)
    if not matrices:
        msg = "it has no travel at all"
        raise TravelError(msg)
    return Travel(
        matrices=matrices,
        periods={profile: tuple(several) for profile, several in periods.items()},
        cells=cells,
    )
