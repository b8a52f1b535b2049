"""What rules cost, from outcomes made by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundplan.charter.effects import (
    NONE,
    Kind,
    cash_p,
    denominators,
    effects,
    scenarios,
    shapley,
    subsets,
    trials_of,
)
from roundplan.charter.picture import page
from roundplan.charter.prices import RulePrices
from roundplan.charter.switches import Pay, Planning, Switches
from roundplan.charter.trials import CASH, Outcome, Trial
from roundplan.domain import Horizon
from roundplan.errors import UsageError
from roundplan.units import AMOUNT_PER_PENNY, HOUR_S

SWITCHES = Switches()
N, S, T, G = Planning
FIGURES = {
    "contact_s": 10 * HOUR_S, "travel_s": 3600, "waiting_s": 0, "drive_m": 0,
    "co2e_g": 0, "unknown_worker_visits": 0, "client_workers": 4, "clients_visited": 2,
    "visits": 21, "visits_unassigned": 1,
}  # fmt: skip


def outcome(on=frozenset(), seed=1, contact_p=0, **terms) -> Outcome:
    """An outcome whose living wage is a tenth above the minimum."""
    low = {"contact": contact_p, **terms}
    cash = {
        "nmw": {t: AMOUNT_PER_PENNY * low.get(t, 0) for t in CASH},
        "llw": {t: AMOUNT_PER_PENNY * low.get(t, 0) * 11 // 10 for t in CASH},
    }
    trial = Trial(on=frozenset(on), seed=seed)
    return Outcome(trial=trial, cash=cash, figures=FIGURES, notes=())


def test_money_by_hand_under_each_rule_of_pay() -> None:
    made = outcome(contact_p=1000, travel=100, waiting=50, parking=10,
                   guaranteed_hours=40, mileage=30, fares=20)  # fmt: skip
    assert cash_p(made, frozenset(), SWITCHES) == Fraction("1045.2") + 50
    assert cash_p(made, frozenset({Pay.PAID_TRAVEL}), SWITCHES) == 1256
    wage = cash_p(made, frozenset({Pay.LIVING_WAGE}), SWITCHES)
    assert wage == Fraction("1149.72") + 55
    sick = cash_p(made, frozenset({Pay.SICK_PAY}), SWITCHES)
    assert sick == Fraction("1070.16") + 50
    whole = cash_p(made, frozenset(Pay), SWITCHES)
    assert whole == 1320 * Fraction("1.029") + 55


def test_rules_of_pay_never_ask_for_another_plan() -> None:
    wanted = scenarios([*Pay])
    plans = {r.planning for s in wanted for r in (s.before, s.after)}
    assert plans == {frozenset()}
    assert len(trials_of(plans, [1, 2, 3])) == 3


def test_scenarios_are_each_rule_alone_all_together_and_each_last() -> None:
    wanted = scenarios([*Pay, *Planning])
    assert [s.kind for s in wanted] == [Kind.ALONE] * 7 + [Kind.TOGETHER] + (
        [Kind.LAST] * 7
    )
    together = wanted[7]
    assert (together.before, together.after.planning) == (NONE, frozenset(Planning))
    last = wanted[-1]
    assert last.name == "guaranteed hours"
    assert last.after.planning - last.before.planning == {G}
    plans = [r.planning for s in wanted for r in (s.before, s.after)]
    assert len(trials_of(plans, [1])) == 10, "none, four alone, four last, all"


def test_a_difference_inside_the_spread_does_not_tell_but_pay_always_does() -> None:
    outcomes = {
        o.trial: o
        for o in (
            outcome(seed=1, contact_p=1000), outcome(seed=2, contact_p=1100),
            outcome({S}, 1, contact_p=1050), outcome({S}, 2, contact_p=1150),
            outcome({G}, 1, contact_p=1200), outcome({G}, 2, contact_p=1300),
        )
    }  # fmt: skip
    wanted = [s for s in scenarios([Pay.LIVING_WAGE, S, G]) if s.kind is Kind.ALONE]
    wage, same, hours = effects(outcomes, wanted, [1, 2], SWITCHES)
    assert wage.exact
    assert wage.tells(wage.cash)
    assert wage.cash.difference == pytest.approx(1050 * 1.005 * 0.1)
    assert not same.tells(same.cash), "1050 lies between 1000 and 1100"
    assert hours.tells(hours.cash)
    assert hours.cash.difference == pytest.approx(200 * 1.005)


def test_shares_of_two_rules_by_hand() -> None:
    """Alone 10 and 20, together 50: each has half of the 20 they make together."""
    worth = {frozenset(): 0, frozenset({N}): 10, frozenset({S}): 20,
             frozenset({N, S}): 50}  # fmt: skip
    outcomes = {o.trial: o for on, p in worth.items() for o in [outcome(on, mileage=p)]}
    first, second = shapley(outcomes, [N, S], frozenset(), [1], SWITCHES)
    assert (first.rule, first.by_seed) == (N, (20,))
    assert (second.rule, second.by_seed) == (S, (30,))


@given(st.lists(st.integers(0, 10**6), min_size=16, max_size=16))
def test_shares_add_up_to_what_all_rules_cost(worth) -> None:
    plans = subsets([*Planning])
    outcomes = {
        o.trial: o
        for on, p in zip(plans, worth, strict=True)
        for o in [outcome(on, mileage=p)]
    }
    shares = shapley(outcomes, [*Planning], frozenset(), [1], SWITCHES)
    assert sum(s.by_seed[0] for s in shares) == worth[-1] - worth[0]


def test_shares_are_of_at_most_four_rules() -> None:
    assert len(subsets([*Planning])) == 16
    with pytest.raises(UsageError, match="at most 4"):
        subsets([*Planning, N])


def test_areas_add_clients_and_weeks_add_days() -> None:
    first, second = (Horizon(start_date=date(2026, 6, day), days=7) for day in (1, 8))
    of = denominators([outcome()], [first])
    assert (of.visits, of.contact_hours, of.clients, of.days) == (20, 10, 2, 7)
    assert of.a_year(Fraction(700)) == 36_500
    areas = denominators([outcome(), outcome()], [first, first])
    assert (areas.visits, areas.clients, areas.days) == (40, 4, 7)
    weeks = denominators([outcome(), outcome()], [first, second])
    assert (weeks.visits, weeks.clients, weeks.days) == (40, 2, 14)


def test_the_page_has_every_rule_in_words_and_loads_nothing() -> None:
    outcomes = {
        o.trial: o
        for o in (
            outcome(seed=1, contact_p=100_000), outcome(seed=2, contact_p=110_000),
            outcome({S}, 1, contact_p=105_000), outcome({S}, 2, contact_p=115_000),
            outcome({G}, 1, contact_p=90_000), outcome({G}, 2, contact_p=91_000),
            outcome({S, G}, 1, contact_p=150_000),
            outcome({S, G}, 2, contact_p=150_000),
        )
    }  # fmt: skip
    wanted = scenarios([Pay.LIVING_WAGE, S, G])
    found = effects(outcomes, wanted, [1, 2], SWITCHES)
    of = denominators([outcome()], [Horizon(start_date=date(2026, 6, 1), days=7)])
    made = RulePrices(
        effects=found, shares=(), none_p=Fraction(105_000), of=of, outcomes=outcomes
    )
    text = page(made, about="<b>A & B", notes=["a < note"])
    body = text[text.index("<body>") : text.index("</html>")]
    root = ElementTree.fromstring(body)
    said = " ".join(" ".join(root.itertext()).split())
    assert "<b>A & B" in said, "text, not markup"
    assert "a < note" in said
    alone = said.split("Each rule alone")[1].split("Each rule added last")[0]
    assert "same worker not distinguishable from chance" in alone
    # (90,000 + 91,000 - 100,000 - 110,000) / 2 pence with sick pay, 365/7 times
    less = round(14_500 * 1.005 * 365 / 7 / 100)
    assert f"guaranteed hours £{less:,} less" in alone
    assert "in 7 days Nothing." in said
    for loads in ("src=", "href=", "url(", "@import"):
        assert loads not in text
