"""Travel files, CSV and parquet: periods, unknown places, impossible times."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from roundplan.domain import UNREACHABLE, Horizon, Mode
from roundplan.domain.timed import Point, TimedLegs
from roundplan.errors import DataError
from roundplan.formats import load_problem, save_problem
from roundplan.formats.travel_files import CELLS_KEY, travel_bytes

GOOD = pd.DataFrame(
    {
        "profile": "walk",
        "period": "all",
        "from_place": ["C1", "C2", "XX", "C1"],
        "to_place": ["C2", "C1", "C1", "C1"],
        "seconds": [600, 620, 5, 99],
        "metres": [720, 730, 5, 9],
        "ltn_crossings": [0, 2, 0, 0],
        "mode": "walk",
    }
)


def changed(row: int = 0, **cells: object) -> pd.DataFrame:
    table = GOOD.astype(dict.fromkeys(cells, object))
    for name, value in cells.items():
        table.loc[row, name] = value
    return table.infer_objects()


def as_files(table: pd.DataFrame, kind: str) -> dict[str, str | bytes | None]:
    if kind == "csv":
        return {"travel.csv": table.to_csv(index=False)}
    mixed = [c for c in table if table[c].dtype == object and c == "seconds"]
    buffer = io.BytesIO()
    table = table.astype(dict.fromkeys(mixed, "str"))
    table.to_parquet(buffer, index=False)
    return {"travel.csv": None, "travel.parquet": buffer.getvalue()}


both_kinds = pytest.mark.parametrize("kind", ["csv", "parquet"])


@both_kinds
def test_travel_is_read(write, kind):
    loaded = load_problem(write(as_files(GOOD, kind)))
    matrix = loaded.travel.matrices["walk"]
    assert matrix.place_ids == ("C1", "C2")
    assert matrix.times_s.tolist() == [[0, 600], [620, 0]]
    assert matrix.metres.tolist() == [[0, 720], [730, 0]]
    assert matrix.ltn_crossings.tolist() == [[0, 0], [2, 0]]
    assert matrix.times_s.dtype == np.int32
    assert matrix.ltn_crossings.dtype == np.int16
    assert matrix.modes.dtype == np.int8
    assert any("1 row is of a place not in" in note for note in loaded.travel.notes)


def test_neighbourhoods_go_with_a_parquet_file(write):
    loaded = load_problem(write(as_files(GOOD, "csv")))
    assert loaded.travel.cells == {}
    known = replace(loaded.travel, cells={"C1": "Fox Lane", "C9": ""})
    written = travel_bytes(known, ("C1", "C2"), ["walk"])
    again = load_problem(write({"travel.csv": None, "travel.parquet": written}))
    assert again.travel.cells == {"C1": "Fox Lane"}


@pytest.mark.parametrize("cells", [b"[1]", b"{", b'{"C1": 1}'])
def test_damaged_neighbourhoods_are_refused(cells, write):
    table = pa.Table.from_pandas(
        GOOD.astype({"seconds": "int64"}), preserve_index=False
    )
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({CELLS_KEY: cells}), buffer)
    with pytest.raises(DataError, match="damaged"):
        load_problem(write({"travel.csv": None, "travel.parquet": buffer.getvalue()}))


@both_kinds
def test_optional_columns_have_defaults(write, kind):
    table = GOOD.drop(columns=["period", "ltn_crossings", "mode"])
    matrix = load_problem(write(as_files(table, kind))).travel.matrices["walk"]
    assert matrix.period == "all"
    assert not matrix.ltn_crossings.any()
    assert not matrix.modes.any()


@both_kinds
def test_absent_pair_is_unreachable(write, kind):
    travel = load_problem(write(as_files(GOOD.iloc[:1], kind))).travel
    assert travel.matrices["walk"].times_s[1, 0] == UNREACHABLE
    assert travel.leg("walk", "C2", "C1") is None


PEAK, NIGHT = "Mo-Fr 07:00-10:00", "22:00-24:00"


@both_kinds
def test_each_period_has_its_times(write, kind):
    """Those of ``all`` hold for the rest of the week, and for pairs without a row."""
    peak = GOOD.assign(period=PEAK, seconds=[900, 100, 5, 0], metres=1).iloc[:1]
    travel = load_problem(write(as_files(pd.concat([GOOD, peak]), kind))).travel
    assert travel.matrices["walk"].times_s.tolist() == [[0, 600], [620, 0]]
    (matrix,) = travel.periods["walk"]
    assert matrix.period == PEAK
    assert matrix.times_s[0, 1] == 900
    assert not any("period" in note for note in travel.notes)
    horizon = Horizon(start_date=date(2026, 1, 5), days=7)
    legs = TimedLegs(horizon, travel, "walk")

    def seconds(a, b, hour, day=0):
        at = day * 86_400 + hour * 3600
        return legs.leg(Point(a, at, at), Point(b, at, at)).seconds

    assert seconds("C1", "C2", 8) == 900
    assert seconds("C1", "C2", 11) == 600
    assert seconds("C1", "C2", 8, day=5) == 600
    assert seconds("C2", "C1", 8) == 620


@both_kinds
def test_outside_its_periods_a_pair_has_the_slowest_time(write, kind):
    table = GOOD.assign(period=PEAK)
    night = GOOD.assign(period=NIGHT, seconds=[900, 100, 5, 0], metres=1)
    travel = load_problem(write(as_files(pd.concat([table, night]), kind))).travel
    matrix = travel.matrices["walk"]
    assert matrix.times_s.tolist() == [[0, 900], [620, 0]]
    assert matrix.metres.tolist() == [[0, 1], [730, 0]]
    assert {m.period for m in travel.periods["walk"]} == {PEAK, NIGHT}
    assert "walk: outside its 2 periods the slowest time" in travel.notes[-1]


@both_kinds
def test_a_single_period_holds_at_any_time(write, kind):
    travel = load_problem(write(as_files(GOOD.assign(period=PEAK), kind))).travel
    assert travel.periods == {}
    assert travel.matrices["walk"].times_s.tolist() == [[0, 600], [620, 0]]
    assert f"walk: its times of {PEAK} are used at any time." in travel.notes


def test_periods_read_back_as_they_were_written(write, tmp_path):
    both = pd.concat([GOOD, GOOD.assign(period=PEAK, seconds=[900, 100, 0, 0])])
    folder = load_problem(write(as_files(both, "csv")))
    save_problem(folder.problem, tmp_path / "again", travel=folder.travel)
    again = load_problem(tmp_path / "again").travel
    assert again.matrices == folder.travel.matrices
    assert again.periods == folder.travel.periods


@both_kinds
def test_transit_legs_may_be_walked(write, kind):
    table = GOOD.assign(profile="transit", mode=["walk", "transit", "walk", "walk"])
    travel = load_problem(write(as_files(table, kind))).travel
    assert travel.leg("transit", "C1", "C2").mode is Mode.WALK
    assert travel.leg("transit", "C2", "C1").mode is Mode.TRANSIT


@both_kinds
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"seconds": -1}, "seconds"),
        ({"seconds": 86_401}, "seconds"),
        ({"metres": -1}, "metres"),
        ({"ltn_crossings": 40_000}, "ltn_crossings"),
        ({"profile": "fly"}, "profile"),
        ({"period": "peak"}, "period"),
        ({"period": "10:00-07:00"}, "period"),
        ({"mode": "drive"}, "mode"),
        ({"mode": "fly"}, "mode"),
        ({"seconds": 1.5}, "seconds"),
        ({"seconds": None}, "seconds"),
        ({"seconds": "soon"}, "seconds"),
        ({"from_place": None}, "from_place"),
    ],
)
def test_impossible_travel_is_refused(write, kind, cells, column):
    with pytest.raises(DataError) as caught:
        load_problem(write(as_files(changed(**cells), kind)))
    assert {p.column for p in caught.value.problems} == {column}
    assert caught.value.problems[0].line in (0, 1, 2)


@both_kinds
def test_pair_given_twice_is_refused_with_the_count(write, kind):
    with pytest.raises(DataError) as caught:
        load_problem(write(as_files(pd.concat([GOOD, GOOD, GOOD]), kind)))
    (fault,) = caught.value.problems
    assert fault.code == "E1106"
    assert fault.line == (6 if kind == "csv" else 5)
    assert "(and in 5 more rows)" in fault.what


@both_kinds
def test_place_that_no_row_mentions_is_refused(write, kind):
    table = GOOD[GOOD.from_place.eq("C1") & GOOD.to_place.eq("C1")]
    with pytest.raises(DataError, match="no row mentions 1 place of the problem: C2"):
        load_problem(write(as_files(table, kind)))


@both_kinds
def test_missing_column_is_one_fault(write, kind):
    with pytest.raises(DataError) as caught:
        load_problem(write(as_files(GOOD.drop(columns="seconds"), kind)))
    assert [p.code for p in caught.value.problems] == ["E1102"]


@both_kinds
def test_single_client_needs_no_rows(write, kind):
    changes = as_files(GOOD.iloc[:0], kind) | {
        "clients.csv": "client_id\nC1\n",
        "visits.csv": (
            "visit_id,client_id,date,earliest_start,latest_start,duration_min\n"
            "V1,C1,2026-06-01,08:00,09:00,30\n"
        ),
    }
    matrix = load_problem(write(changes)).travel.matrices["walk"]
    assert matrix.place_ids == ("C1",)


@pytest.mark.parametrize("cut", [0, 4, 200, -20])
def test_damaged_parquet_is_refused(write, cut):
    data = as_files(GOOD, "parquet")["travel.parquet"]
    assert isinstance(data, bytes)
    with pytest.raises(DataError, match="E1103"):
        load_problem(write({"travel.csv": None, "travel.parquet": data[:cut]}))


def test_written_travel_reads_back(write):
    travel = load_problem(write()).travel
    data = travel_bytes(travel, ["C1", "C2"], ["walk"])
    again = load_problem(write({"travel.parquet": data})).travel
    assert again == travel


def test_place_without_neighbours_is_still_mentioned(write):
    only = (
        "profile,from_place,to_place,seconds,metres\nwalk,C1,C1,0,0\nwalk,C2,C2,0,0\n"
    )
    travel = load_problem(write({"travel.csv": only})).travel
    data = travel_bytes(travel, ["C1", "C2"], ["walk"])
    assert load_problem(write({"travel.parquet": data})).travel == travel
