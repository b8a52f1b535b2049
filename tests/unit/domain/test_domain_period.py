"""Periods of travel: what a name means, and which names mean nothing."""

from __future__ import annotations

import pytest

from roundplan.domain import Period
from roundplan.errors import TravelError
from roundplan.units import DAY_S, HOUR_S

MONDAY, FRIDAY, SUNDAY = 0, 4, 6


def test_all_holds_at_any_time() -> None:
    everything = Period.parse("all")
    assert all(everything.holds(day, s) for day in range(7) for s in (0, DAY_S - 1))


def test_days_and_hours_decide_and_the_end_is_out() -> None:
    peak = Period.parse("Mo-Fr 07:30-10:00")
    assert peak.holds(MONDAY, 7 * HOUR_S + 1800)
    assert not peak.holds(MONDAY, 7 * HOUR_S + 1799)
    assert not peak.holds(FRIDAY, 10 * HOUR_S)
    assert not peak.holds(SUNDAY, 8 * HOUR_S)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("07:00-24:00", range(7)),
        ("Su 7:00-10:00", [6]),
        ("Sa-Mo 07:00-10:00", [5, 6, 0]),
        ("Mo-Su 07:00-10:00", range(7)),
    ],
)
def test_days_may_go_over_the_end_of_the_week(name: str, days: list[int]) -> None:
    assert Period.parse(name).days == frozenset(days)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "peak",
        "Mo",
        "Xx 07:00-10:00",
        "Mo-Xx 07:00-10:00",
        "10:00-07:00",
        "07:00-07:00",
        "07:00-24:01",
        "07:60-08:00",
        "Mo-Fr 07:00-10:00 ",
    ],
)
def test_another_form_is_refused(name: str) -> None:
    with pytest.raises(TravelError, match="period"):
        Period.parse(name)
