"""The table of dated rates: periods, overlaps, what is vouched for."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from roundplan.cost import RateTable, overlapping, shipped_rates
from roundplan.domain import LlwFrom, Rate
from roundplan.errors import RateError

LLW = "london_living_wage"
SHARED = Path(__file__).parents[3].parent / "shared" / "rates.csv"


def row(
    value: str = "15.30",
    start: str = "2027-05-01",
    end: str | None = None,
    rate: str = LLW,
    announced: str | None = None,
    verified_to: str = "2028-04-30",
    region: str = "London",
    unit: str = "GBP/hour",
) -> Rate:
    return Rate(
        rate=rate,
        region=region,
        value=value,
        unit=unit,
        announced=None if announced is None else date.fromisoformat(announced),
        effective_from=date.fromisoformat(start),
        effective_to=None if end is None else date.fromisoformat(end),
        verified_to=date.fromisoformat(verified_to),
        source="a test",
        confidence="high",
    )


def llw(on: str, llw_from: LlwFrom, table: RateTable | None = None) -> str:
    table = table or RateTable()
    return str(table.value(LLW, date.fromisoformat(on), llw_from=llw_from))


def test_all_rows_are_shipped_with_source_and_confidence() -> None:
    rates = shipped_rates()
    assert len(rates) == 147 + 30
    assert all(r.source and r.confidence and r.unit and r.region for r in rates)
    assert all(Decimal(r.value) > 0 for r in rates)


def test_shipped_rows_equal_the_reference_they_were_taken_from() -> None:
    """Every column but ``verified_to`` is as in the shared file, row by row."""
    if not SHARED.exists():
        pytest.skip("../shared/rates.csv is not beside the project")
    with SHARED.open(encoding="utf-8", newline="") as file:
        reference = list(csv.DictReader(file))
    ours = shipped_rates()[: len(reference)]  # those of travel come after them
    for mine, theirs in zip(ours, reference, strict=True):
        for column, text in theirs.items():
            value = getattr(mine, column)
            assert ("" if value is None else str(value)) == text


def test_shipped_rows_neither_overlap_nor_leave_gaps_but_one() -> None:
    """The one gap is in a price that no rate of the objective reads."""
    assert overlapping(shipped_rates()) == []
    series = defaultdict(list)
    for r in shipped_rates():
        series[r.rate, r.region].append(r)
    gaps = []
    for rows in series.values():
        rows.sort(key=lambda r: r.effective_from)
        for before, after in pairwise(rows):
            if before.effective_to + timedelta(days=1) != after.effective_from:
                gaps.append((before.rate, str(after.effective_from)))
    assert gaps == [("homecare_minimum_price_nlw", "2016-04-01")]


def test_a_closed_row_is_verified_to_its_end_and_an_open_one_to_some_day() -> None:
    for r in shipped_rates():
        if r.effective_to is not None:
            assert r.verified_to == r.effective_to
        elif r.confidence == "low":
            assert r.verified_to < r.effective_from, "assumed values are not verified"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2015-10-01", "6.70"),
        ("2016-03-31", "6.70"),
        ("2016-04-01", "7.20"),
        ("2021-03-31", "8.72"),
        ("2021-04-01", "8.91"),
        ("2023-06-01", "10.42"),
        ("2024-04-01", "11.44"),
        ("2026-04-01", "12.71"),
    ],
)
def test_national_minimum_wage_is_the_adult_rate_of_the_day(on, expected) -> None:
    found = RateTable().value("national_minimum_wage", date.fromisoformat(on))
    assert str(found) == expected


def test_the_minimum_wage_is_known_on_every_day_from_october_2010() -> None:
    day, table = date(2010, 10, 1), RateTable()
    while day < date(2027, 4, 1):
        assert table.pence("national_minimum_wage", day) > 0
        day += timedelta(days=1)


@pytest.mark.parametrize("llw_from", list(LlwFrom))
def test_the_living_wage_never_falls_and_has_no_gap(llw_from) -> None:
    day, before, table = date(2011, 4, 1), 0, RateTable()
    while day < date(2027, 5, 1):
        now = table.pence(LLW, day, llw_from=llw_from)
        assert now >= before
        before = now
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("llw_from", "last_old", "first_new"),
    [
        (LlwFrom.ANNOUNCED, "2025-10-21", "2025-10-22"),
        (LlwFrom.APRIL, "2026-03-31", "2026-04-01"),
        (LlwFrom.DEADLINE, "2026-04-30", "2026-05-01"),
    ],
)
def test_a_new_living_wage_starts_when_llw_from_says(
    llw_from, last_old, first_new
) -> None:
    assert llw(last_old, llw_from) == "13.85"
    assert llw(first_new, llw_from) == "14.80"


def test_from_april_is_the_first_of_april_after_the_announcement() -> None:
    """May 2011's rate waits until April 2012, past its own deadline."""
    assert llw("2012-03-31", LlwFrom.APRIL) == "7.85"
    assert llw("2012-04-01", LlwFrom.APRIL) == "8.30"
    assert llw("2011-12-01", LlwFrom.DEADLINE) == "8.30"


def test_announced_and_april_do_not_move_other_rates() -> None:
    table, on = RateTable(), date(2026, 4, 6)
    for llw_from in LlwFrom:
        pence = table.pence("amap_car_first_10000_miles", on, llw_from=llw_from)
        assert pence == 55, "backdated to 6 April, announced in May"


@pytest.mark.parametrize(
    ("llw_from", "last"),
    [
        (LlwFrom.ANNOUNCED, "2026-10-21"),
        (LlwFrom.APRIL, "2027-03-31"),
        (LlwFrom.DEADLINE, "2027-04-30"),
    ],
)
def test_the_last_living_wage_is_verified_until_the_next_may_start(
    llw_from, last
) -> None:
    table, day = RateTable(), date.fromisoformat(last)
    assert table.verified(LLW, day, llw_from=llw_from)
    assert not table.verified(LLW, day + timedelta(days=1), llw_from=llw_from)


@pytest.mark.parametrize("llw_from", list(LlwFrom))
def test_an_earlier_living_wage_is_verified_until_the_next_one_starts(llw_from) -> None:
    """Thirteen months passed between the announcements of 2022 and 2023."""
    assert RateTable().verified(LLW, date(2023, 10, 23), llw_from=llw_from)


def test_a_user_row_goes_before_the_shipped_ones_on_its_own_days() -> None:
    mine = row("15.00", "2026-06-01", "2026-06-30")
    table = RateTable(user=(mine,))
    assert llw("2026-05-31", LlwFrom.DEADLINE, table) == "14.80"
    assert llw("2026-06-01", LlwFrom.DEADLINE, table) == "15.00"
    assert llw("2026-06-30", LlwFrom.DEADLINE, table) == "15.00"
    assert llw("2026-07-01", LlwFrom.DEADLINE, table) == "14.80"


def test_a_user_row_for_the_next_announcement_works_in_each_mode() -> None:
    mine = row("15.30", "2027-05-01", announced="2026-10-20", verified_to="2028-04-30")
    table = RateTable(user=(mine,))
    starts = {
        LlwFrom.ANNOUNCED: date(2026, 10, 20),
        LlwFrom.APRIL: date(2027, 4, 1),
        LlwFrom.DEADLINE: date(2027, 5, 1),
    }
    for llw_from, start in starts.items():
        before = start - timedelta(days=1)
        assert table.value(LLW, before, llw_from=llw_from) == Decimal("14.80")
        assert table.value(LLW, start, llw_from=llw_from) == Decimal("15.30")
        # what the user vouches for is not cut short by the calendar of the scheme
        assert table.verified(LLW, date(2028, 4, 30), llw_from=llw_from)


def test_overlapping_rows_are_refused_by_name_and_date() -> None:
    rows = (row(start="2027-05-01"), row("16.00", "2027-09-01"))
    with pytest.raises(RateError, match=r"E1201.*london_living_wage.*2027-09-01"):
        RateTable(user=rows)
    closed = (replace(rows[0], effective_to=date(2027, 8, 31)), rows[1])
    assert RateTable(user=closed).value(LLW, date(2027, 8, 31)) == Decimal("15.30")


def test_rows_overlap_on_a_single_shared_day_and_across_a_long_one() -> None:
    long = row(start="2027-01-01", end="2027-12-31")
    short = row(start="2027-02-01", end="2027-02-28")
    late = row(start="2027-12-31")
    assert overlapping((late, short, long)) == [(long, short), (long, late)]
    assert overlapping((short, replace(late, rate="other"))) == []


def test_two_regions_need_one_to_be_named() -> None:
    rows = (row("15", region="London"), row("14", region="Elsewhere"))
    table, on = RateTable(user=rows), date(2027, 6, 1)
    with pytest.raises(RateError, match="2 rows"):
        table.value(LLW, on)
    assert table.value(LLW, on, region="Elsewhere") == 14
    assert table.value(LLW, on, region="London") == 15


def test_two_rows_announced_on_one_day_are_not_chosen_between() -> None:
    rows = (
        row("15", "2027-05-01", "2028-04-30", announced="2026-10-20"),
        row("16", "2028-05-01", announced="2026-10-20"),
    )
    table = RateTable(user=rows)
    assert table.value(LLW, date(2027, 6, 1)) == 15
    with pytest.raises(RateError, match="2 rows"):
        table.value(LLW, date(2027, 6, 1), llw_from=LlwFrom.ANNOUNCED)


@pytest.mark.parametrize("on", [date(2010, 12, 8), date(1999, 1, 1)])
def test_a_day_before_the_table_names_the_option_that_supplies_a_rate(on) -> None:
    with pytest.raises(RateError, match=r"E1201.*`\[rates\] file`.*problem\.toml"):
        RateTable().value(LLW, on)


def test_an_unknown_rate_is_an_error() -> None:
    with pytest.raises(RateError, match="there is no made_up"):
        RateTable().value("made_up", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("14.805", "GBP/hour"),
        ("15", "percent"),
        ("fifteen", "GBP/hour"),
        ("NaN", "GBP/hour"),
    ],
)
def test_pence_are_whole_and_money(value, unit) -> None:
    table = RateTable(user=(row(value, unit=unit),))
    with pytest.raises(RateError, match="E1201"):
        table.pence(LLW, date(2027, 6, 1))


def test_the_order_of_rows_does_not_matter() -> None:
    backwards = RateTable(shipped=tuple(reversed(shipped_rates())))
    day = date(2011, 1, 1)
    while day < date(2027, 1, 1):
        for llw_from in (LlwFrom.ANNOUNCED, LlwFrom.DEADLINE):
            expected = RateTable().value(LLW, day, llw_from=llw_from)
            assert backwards.value(LLW, day, llw_from=llw_from) == expected
        day += timedelta(days=97)
