"""Hours that can be guaranteed, against the binomial distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from roundplan.charter.guaranteed import Demand, offer, weekly_hours
from roundplan.errors import UsageError


def test_without_change_every_hour_can_be_guaranteed() -> None:
    demand = Demand(client_hours=[7, 14], absent_percent=0, turnover_percent=0)
    made = offer(weekly_hours(demand, weeks=50), 99)
    assert (made.offered_hours, made.mean_hours, made.unused_hours) == (21, 21, 0)
    assert made.share_percent == 100


@pytest.mark.parametrize("confidence", [50, 80, 95])
def test_absences_alone_give_the_quantile_of_a_binomial(confidence) -> None:
    """Sixty clients of ten hours, each away in a fifth of weeks."""
    demand = Demand(client_hours=[10] * 60, absent_percent=20, turnover_percent=0)
    totals = weekly_hours(demand, weeks=20_000, seed=3)
    made = offer(totals, confidence)
    exact = 10 * binom.ppf(1 - confidence / 100, 60, 0.8)
    assert made.offered_hours == pytest.approx(exact, abs=10)
    assert (totals >= made.offered_hours).mean() >= confidence / 100
    shorts = np.maximum(0, exact - 10 * np.arange(61))
    expected = float((shorts * binom.pmf(np.arange(61), 60, 0.8)).sum())
    if made.offered_hours == exact:
        assert made.unused_hours == pytest.approx(expected, abs=0.5)


def test_new_clients_replace_those_who_left_in_the_mean() -> None:
    demand = Demand(
        client_hours=[5, 10, 30] * 20, absent_percent=0, turnover_percent=10
    )
    totals = weekly_hours(demand, seed=2)
    assert totals.mean() == pytest.approx(900, rel=0.01)
    assert totals.std() > 0


def test_more_confidence_and_fewer_clients_offer_less() -> None:
    small, large = [10.0] * 20, [10.0] * 400
    shares = [
        offer(weekly_hours(Demand(client_hours=hours)), confidence).share_percent
        for hours in (small, large)
        for confidence in (95, 80)
    ]
    assert shares[0] < shares[1]
    assert shares[2] < shares[3]
    assert shares[0] < shares[2], "what one patch loses another gains"
    fewer = Demand(client_hours=large, change_percent=-10)
    assert weekly_hours(fewer).mean() == pytest.approx(0.9 * 4000 * 0.95, rel=0.01)


def test_the_same_seed_gives_the_same_weeks() -> None:
    demand = Demand(client_hours=[3, 4, 5])
    assert np.array_equal(weekly_hours(demand, seed=7), weekly_hours(demand, seed=7))
    assert not np.array_equal(
        weekly_hours(demand, seed=7), weekly_hours(demand, seed=8)
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_hours": []},
        {"client_hours": [0.0]},
        {"client_hours": [1.0], "absent_percent": 100},
        {"client_hours": [1.0], "turnover_percent": -1},
        {"client_hours": [1.0], "change_percent": -100},
    ],
)
def test_demand_that_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(UsageError, match="E1002"):
        Demand(**wrong)


def test_confidence_and_weeks_have_limits() -> None:
    demand = Demand(client_hours=[1.0])
    for confidence in (0, 100, -5):
        with pytest.raises(UsageError, match="confidence"):
            offer(weekly_hours(demand, weeks=5), confidence)
    for weeks in (0, 10**9):
        with pytest.raises(UsageError, match="too many"):
            weekly_hours(demand, weeks=weeks)
