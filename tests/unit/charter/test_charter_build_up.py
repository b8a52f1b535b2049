"""The price build-up by hand, beside the published price, and its inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundplan.charter.build_up import (
    COMPONENTS,
    BuildUpInputs,
    DatedRates,
    build_up,
    reconcile,
    rounded_to,
)
from roundplan.charter.build_up_inputs import load_build_up, shipped_inputs
from roundplan.cost import RateTable
from roundplan.errors import DataError, RateError, UsageError

HAND = BuildUpInputs(
    on=date(2025, 5, 1),
    pay_p_hour=Fraction(1200),
    visit_min=(Fraction(30),),
    contact_hours_week=(Fraction(10), Fraction(30)),
    travel_min=Fraction(6),
    waiting_min=Fraction(3),
    training_percent=Fraction(5),
    miles=Fraction(1),
    mileage_p_mile=Fraction(45),
    nic_percent=Fraction(15),
    nic_threshold_p_week=Fraction(9600),
    pension_percent=Fraction(3),
    pension_lower_p_week=Fraction(12000),
    pension_share_percent=Fraction(50),
    sick_pay_p_week=Fraction(11875),
    running_p_hour=Fraction(500),
    surplus_percent=Fraction(5),
)


def test_every_part_by_hand() -> None:
    """Two visits of half an hour: 12 minutes of travel and 6 of waiting an hour."""
    (built,) = build_up(HAND)
    parts = {name: float(part) for name, part in built.parts.items()}
    assert tuple(parts) == COMPONENTS
    assert parts == pytest.approx(
        {
            "contact": 1200,
            "travel": 240,
            "waiting": 120,
            "training": 78,  # 5% of 15.60
            "holiday": 197.7066,  # 12.07% of 16.38
            "statutory_sick_pay": 0,
            "occupational_sick_pay": 0,
            "other_oncosts": 0,
            # gross 18.357066: 183.57 and 550.71 a week, above 96 by 542.28 in 40 hours
            "national_insurance": 203.35599,
            "pension": 18.535599,  # above 120 by 494.28, 3% of half of them
            "mileage_and_fares": 90,
            "running": 500,
            "surplus": 132.3799,
        }
    )
    assert built.price_p == 2780
    assert sum(built.pence().values()) == 2780


def test_sick_pay_by_hand_before_and_after_the_reform() -> None:
    """A worker of ten hours at 10 pounds, five days off in one spell a year."""
    plain = replace(
        HAND,
        pay_p_hour=Fraction(1000),
        contact_hours_week=(Fraction(10),),
        travel_min=Fraction(0), waiting_min=Fraction(0), training_percent=Fraction(0),
        sick_days_year=Fraction(5), sick_spells_year=Fraction(1),
        occupational_percent=Fraction(100),
    )  # fmt: skip
    hours_year = 10 * 365 / 7

    def sick(inputs: BuildUpInputs) -> tuple[float, float]:
        parts = build_up(inputs)[0].parts
        return (
            float(parts["statutory_sick_pay"]) * hours_year,
            float(parts["occupational_sick_pay"]) * hours_year,
        )

    # Two of five days after three waiting days, of 118.75 a week; 100 pounds in all.
    assert sick(plain) == pytest.approx((4750, 5250))
    after = replace(plain, on=date(2026, 4, 6), sick_pay_p_week=Fraction(12325))
    assert sick(after) == pytest.approx((8000, 2000)), "80% of 100, not 123.25"
    none = replace(after, occupational_percent=Fraction(0))
    assert sick(none) == pytest.approx((8000, 0))


def test_national_insurance_is_by_worker() -> None:
    """Forty hours of one worker, or twenty each of two: one threshold or two."""

    def insurance(*hours: int) -> Fraction:
        of = tuple(map(Fraction, hours))
        parts = build_up(replace(HAND, contact_hours_week=of))[0].parts
        return parts["national_insurance"] * sum(of)

    assert insurance(40) - insurance(20, 20) == Fraction(15, 100) * 9600
    assert insurance(5) == 0, "below the threshold"


@given(st.lists(st.integers(10, 240), min_size=2, max_size=5, unique=True))
def test_an_hour_in_shorter_visits_costs_more(lengths) -> None:
    of = tuple(Fraction(n) for n in sorted(lengths))
    prices = [b.price for b in build_up(replace(HAND, visit_min=of))]
    assert prices == sorted(prices, reverse=True)
    still = replace(
        HAND, visit_min=of, travel_min=Fraction(0), waiting_min=Fraction(0),
        miles=Fraction(0),
    )  # fmt: skip
    assert len({b.price for b in build_up(still)}) == 1


@given(
    st.dictionaries(
        st.text(max_size=3), st.fractions(0, 1000, max_denominator=999), min_size=1
    )
)
def test_rounded_parts_add_up_and_move_less_than_a_penny(parts) -> None:
    total = int(sum(parts.values()) + Fraction(1, 2))
    whole = rounded_to(parts, total)
    assert sum(whole.values()) == total
    assert all(abs(whole[name] - part) < 1 for name, part in parts.items())


def test_the_published_minimum_price_comes_out_component_by_component() -> None:
    (built,) = build_up(load_build_up("ukhca-2020-21"))
    assert built.price_p == 2069
    rows = reconcile(built)
    assert [r.published_p for r in rows] == [872, 170, 114, 197, 136, 520, 60]
    assert [r.ours_p for r in rows] == [r.published_p for r in rows]


def test_another_input_does_not_reconcile() -> None:
    inputs = load_build_up("ukhca-2020-21")
    (built,) = build_up(replace(inputs, sick_percent=Fraction(1, 2)))
    row = next(r for r in reconcile(built) if r.component == "other_wage_oncosts")
    assert row.ours_p == row.published_p - 25


def test_a_rate_past_its_table_is_refused_and_may_be_supplied(tmp_path) -> None:
    text = shipped_inputs("ukhca-2020-21").replace("on = 2020", "on = 2026")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RateError, match=r"pension_qualifying.*verified to 2026-04-05"):
        load_build_up(path)
    path.write_text(f"{text}\npension_lower_p_week = 12000\n", encoding="utf-8")
    assert load_build_up(path).pay_p_hour == 1271
    with pytest.raises(RateError, match="E1201: there is no london_living_wage"):
        DatedRates(date(2009, 1, 1), RateTable()).pence("london_living_wage")


def test_everything_wrong_with_the_inputs_is_said_at_once(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'on = "2020-04-06"\nvisit_mins = [30]\ncontact_hours_week = 20\n'
        "travel_min = true\nmiles = nan\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as raised:
        load_build_up(path)
    told = str(raised.value)
    for part in (
        "mine.toml:1 on: this is not a date",
        "mine.toml:2 visit_mins: there is no such key",
        "mine.toml:3 contact_hours_week: this is not a list of numbers",
        "mine.toml:4 travel_min: this is not a number",
        "mine.toml:5 miles: this is not a number",
        "visit_min: the key is missing",
        "pay_rate or pay_p_hour is needed",
    ):
        assert part in told
    path.write_text("on = \n", encoding="utf-8")
    with pytest.raises(DataError, match="not valid TOML"):
        load_build_up(path)
    with pytest.raises(DataError, match="does not exist"):
        load_build_up(tmp_path / "no.toml")
    text = shipped_inputs("ukhca-2020-21").replace("= 100 ", "= 101 ")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="at most 100"):
        load_build_up(path)


@pytest.mark.parametrize(
    "change",
    [
        {"visit_min": ()},
        {"contact_hours_week": (Fraction(0),)},
        {"travel_min": Fraction(-1)},
        {"pay_p_hour": Fraction(0)},
        {"occupational_percent": Fraction(101)},
    ],
)
def test_inputs_that_cannot_be_are_refused(change) -> None:
    with pytest.raises(UsageError, match="E1002"):
        replace(HAND, **change)
