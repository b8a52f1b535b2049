"""Printed shares: those of Islington's return, worked out by hand, and any rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundplan.charter.reconcile import Outcome, Printed, read_printed, reconcile
from roundplan.charter.southwark import VISITS
from roundplan.errors import DataError

HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def islington():
    return reconcile(read_printed("islington-2024-25"))


def gives(checked, figure):
    (found,) = (c for c in checked if c.printed.figure == figure)
    return found


@pytest.mark.parametrize(
    ("figure", "recomputed", "outcome"),
    [
        ("Residents with a regular care worker Q1", 80.6, Outcome.FOLLOWS),
        ("Residents with a regular care worker Q2", 89.7, Outcome.FOLLOWS),
        ("Accepted of those offered Q1", 44.8, Outcome.DIFFERS),
        ("Accepted of those offered Q2", 52.4, Outcome.DIFFERS),
        ("Providers committed to sick pay Q1", 66.7, Outcome.FOLLOWS),
        ("Providers supporting travel costs Q1", 55.6, Outcome.FOLLOWS),
    ],
)
def test_islingtons_shares(islington, figure, recomputed, outcome):
    found = gives(islington[0], figure)
    assert round(float(found.recomputed), 1) == recomputed
    assert found.outcome is outcome


def test_no_other_share_of_islington_differs(islington):
    differ = [c.printed.figure for c in islington[0] if c.outcome is Outcome.DIFFERS]
    assert differ == ["Accepted of those offered Q1", "Accepted of those offered Q2"]


def test_what_would_give_the_printed_share(islington):
    """47% of 290 is 134.9 to 137.75; 130 is 47% of 273.7 to 279.6."""
    found = gives(islington[0], "Accepted of those offered Q1")
    assert found.said == ("would need 135 to 137 of 290", "or 130 of 274 to 279")


def test_no_workforce_gives_both_shares_of_the_first_quarter(islington):
    """290 are 57% of 505 to 513, and 130 are 27% of 473 to 490."""
    first, second = islington[1]
    assert (first.name, first.low, first.high) == ("workforce Q1", 505, 490)
    assert not first.exists
    # 445 are 68% of 650 to 659, 233 are 36% of 639 to 656
    assert (second.name, second.low, second.high) == ("workforce Q2", 650, 656)
    assert second.exists


def test_the_workforce_at_the_printed_share_itself():
    """509 and 654 (DOMAIN 1), and the shares that they give."""
    assert (round(290 / 0.57), round(445 / 0.68)) == (509, 654)
    assert round(100 * 130 / 509, 1) == 25.5
    assert round(100 * 233 / 654, 1) == 35.6


def test_parts_within_rounding(islington):
    assert gives(islington[0], "Residents with framework providers").said == (
        "its parts add up to 94% within rounding",
    )
    assert gives(islington[0], "All residents").said == (
        "its parts add up to 101% within rounding",
    )
    assert gives(islington[0], "All hours").said == ("its parts add up to 100%",)


def test_all_residents_of_islington_and_its_unknown_visits():
    """779 are 66% of about 1,180; 254 visits 0.27% of a quarter like Southwark's."""
    whole = Printed(figure="x", percent=Fraction(66), half=HALF, count=779)
    assert whole.wholes() == (1172, 1189)
    assert 1172 <= round(779 / 0.66) == 1180 <= 1189
    visits_a_person_a_week = VISITS / 52 / 1100
    quarter = 779 * visits_a_person_a_week * 13
    assert round(100 * 254 / quarter, 2) == 0.27


@given(
    st.integers(1, 10**6).flatmap(
        lambda of: st.tuples(st.integers(0, of), st.just(of))
    ),
    st.integers(0, 2),
)
def test_a_share_that_was_rounded_follows_and_leaves_its_whole(pair, decimals):
    count, of = pair
    unit = Fraction(1, 10**decimals)
    percent = round(Fraction(100 * count, of) / unit) * unit
    p = Printed(figure="x", percent=percent, half=unit / 2, count=count, of=of)
    ((found,), _) = reconcile([p])
    assert found.outcome is Outcome.FOLLOWS
    wholes = p.wholes()
    assert wholes is None or wholes[0] <= of <= wholes[1]


def test_parts_that_do_not_add_up():
    one = Printed(figure="a", percent=Fraction(40), half=HALF)
    two = Printed(figure="b", percent=Fraction(50), half=HALF)
    total = Printed(figure="c", percent=Fraction(92), half=HALF, parts=("a", "b"))
    *_, found = reconcile([one, two, total])[0]
    assert found.outcome is Outcome.DIFFERS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,3,2,,50,\n", "printed.csv:2 count '3'"),
        ("a,1,2,,50,\na,1,2,,50,\n", "E1106 printed.csv:3 figure 'a'"),
        ("a,1,2,,50,b\n", "no figure 'b'"),
        ("a,1,2,,half,\n", "printed.csv:2 printed 'half'"),
        ("", "it has no row"),
    ],
)
def test_bad_input_is_named(tmp_path, text, message):
    path = tmp_path / "printed.csv"
    path.write_text(f"figure,count,of,of_what,printed,parts\n{text}")
    with pytest.raises(DataError, match=message):
        read_printed(path)
