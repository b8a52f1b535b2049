"""The travel of a roster folder: matrices in and out, and how they may be damaged."""

from __future__ import annotations

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.domain import MODE_CODES, Mode, Travel, TravelMatrix
from roundplan.errors import TravelError
from roundplan.formats.travel_matrices import PLACES_KEY, matrices_bytes, read_matrices


def drawn(seed: int, n: int, profile: str, period: str) -> TravelMatrix:
    rng = np.random.default_rng(seed)
    shape = (n, n)
    return TravelMatrix(
        profile=profile,
        period=period,
        place_ids=tuple(f"P{i}" for i in range(n)),
        times_s=rng.integers(-1, 9000, shape).astype(np.int32),
        metres=rng.integers(0, 90_000, shape).astype(np.int32),
        ltn_crossings=rng.integers(0, 9, shape).astype(np.int16),
        modes=np.full(shape, MODE_CODES.index(Mode(profile)), dtype=np.int8),
    )


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), n=st.integers(1, 7))
def test_what_is_written_is_read(seed, n):
    """But for a place to itself, which is no leg; `reindex` sets its time to 0."""
    travel = Travel(
        matrices={
            "walk": drawn(seed, n, "walk", "all"),
            "drive": drawn(seed + 1, n, "drive", "all"),
        },
        periods={"drive": (drawn(seed + 2, n, "drive", "Mo-Fr 07:00-10:00"),)},
        cells={"P0": "Fox Lane"},
    )
    ids = tuple(f"P{i}" for i in range(n))
    again = read_matrices(matrices_bytes(travel, ids, ["walk", "drive"]))
    for profile in ("walk", "drive"):
        assert again.matrices[profile] == travel.matrices[profile].reindex(ids)
    assert again.periods["drive"][0] == travel.periods["drive"][0].reindex(ids)
    assert again.cells == {"P0": "Fox Lane"}
    some = read_matrices(matrices_bytes(travel, ids[::-1][:3], ["walk"]))
    assert some.matrices["walk"] == travel.matrices["walk"].reindex(ids[::-1][:3])


def spoilt(change) -> bytes:
    travel = Travel(matrices={"walk": drawn(1, 3, "walk", "all")})
    table = pq.read_table(
        io.BytesIO(matrices_bytes(travel, ("P0", "P1", "P2"), ["walk"]))
    )
    buffer = io.BytesIO()
    pq.write_table(change(table), buffer)
    return buffer.getvalue()


def numbers(name, value):
    def change(table):
        at = table.schema.get_field_index(name)
        kind = table.schema.field(name).type
        flat = np.asarray(table.column(name).combine_chunks().flatten()).copy()
        flat[4] = value
        array = pa.FixedSizeListArray.from_arrays(pa.array(flat), kind.list_size)
        return table.set_column(at, table.schema.field(name), array)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (numbers("seconds", -2), "impossible figures"),
        (numbers("metres", -1), "impossible figures"),
        (numbers("mode", 77), "impossible figures"),
        (lambda t: t.slice(0, 2), "not square"),
        (lambda t: t.slice(0, 0), "no travel at all"),
        (lambda t: t.drop_columns(["metres"]), "damaged"),
        (
            lambda t: t.set_column(0, "profile", pa.array(["walk", "walk", "drive"])),
            "are mixed",
        ),
        (lambda t: t.set_column(0, "profile", pa.array(["fly"] * 3)), "'fly'"),
        (
            lambda t: t.replace_schema_metadata({PLACES_KEY: json.dumps(["P0", "P1"])}),
            "not square",
        ),
        (
            lambda t: t.replace_schema_metadata({PLACES_KEY: json.dumps(["A"] * 3)}),
            "names a place twice",
        ),
        (lambda t: t.replace_schema_metadata({PLACES_KEY: b"{"}), "damaged"),
    ],
)
def test_what_is_damaged_is_refused(change, told):
    with pytest.raises(TravelError, match=told):
        read_matrices(spoilt(change))


def test_bytes_that_are_no_parquet_are_refused_and_the_long_form_is_not_this():
    with pytest.raises(TravelError, match="damaged"):
        read_matrices(b"PAR1 nothing")
    buffer = io.BytesIO()
    pq.write_table(pa.table({"profile": ["walk"]}), buffer)
    assert read_matrices(buffer.getvalue()) is None
