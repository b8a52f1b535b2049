"""Rules of the charter on and off: what they do to a problem."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from helpers import contract, problem, shift, visit, worker
from roundplan.charter.switches import (
    LIVING_HOURS_S,
    Planning,
    Switches,
    at_wage,
    require_wages,
    switched,
)
from roundplan.domain import ContractKind, Horizon, Rule, named_policy
from roundplan.errors import RateError, UsageError
from roundplan.units import HOUR_S, MINUTE_S

ALL = frozenset(Planning)
NOTHING = frozenset()


def lengths(of) -> dict[str, int]:
    return {v.visit_id: v.duration_s // MINUTE_S for v in of.visits}


def a_problem():
    return problem(
        [
            visit("SHORT", minutes=15),
            visit("AGREED", minutes=20, short_visit_agreed=True),
            visit("OTHER", minutes=20),
            visit("LONG", minutes=60),
        ],
        workers=[worker("W1"), worker("W2"), worker("W3")],
        shifts=[shift("W1"), shift("W2", end="09:00"), shift("W3", end="10:00")],
    )


def test_short_calls_become_half_hours_unless_agreed() -> None:
    on, notes = switched(a_problem(), ALL, Switches())
    assert lengths(on) == {"SHORT": 30, "AGREED": 20, "OTHER": 30, "LONG": 60}
    assert "2 short visits last 30 minutes" in notes
    assert Rule.SHORT_VISIT in on.policy.hard
    off, notes = switched(a_problem(), NOTHING, Switches())
    assert lengths(off) == lengths(a_problem())
    assert Rule.SHORT_VISIT not in off.policy.hard
    assert notes == ()


def test_visits_can_be_cut_where_the_rule_is_off() -> None:
    """Half of twenty half-hour visits, the same ones on both sides."""
    of = problem([visit(f"V{i}", minutes=30) for i in range(20)])
    switches = Switches(short_calls_percent=50)
    off, _ = switched(of, NOTHING, switches)
    assert sorted(lengths(off).values()) == [15] * 10 + [30] * 10
    on, notes = switched(of, ALL, switches)
    assert lengths(on) == lengths(of)
    assert "10 short visits last 30 minutes" in notes
    _, notes = switched(of, ALL, Switches())
    assert "no visit is short: the rule changes nothing here" in notes


def test_each_rule_has_its_price_or_time() -> None:
    off = switched(a_problem(), NOTHING, Switches())[0].policy
    assert (off.unknown_worker_p, off.extra_worker_p, off.buffer_s) == (0, 0, 0)
    assert not off.guaranteed_hours
    on = switched(a_problem(), ALL, Switches())[0].policy
    assert on == a_problem().policy
    for rule in Planning:
        one = switched(a_problem(), frozenset({rule}), Switches())[0].policy
        assert (one.unknown_worker_p > 0) == (rule is Planning.SAME_WORKER)
        assert (one.buffer_s > 0) == (rule is Planning.TIME_TO_TRAVEL)
        assert one.guaranteed_hours == (rule is Planning.GUARANTEED_HOURS)
        assert (Rule.SHORT_VISIT in one.hard) == (rule is Planning.NO_SHORT_CALLS)


def test_a_policy_without_price_or_minutes_is_told() -> None:
    of = replace(
        a_problem(),
        policy=named_policy("plain", unknown_worker_p=0, extra_worker_p=0, buffer_s=0),
    )
    _, notes = switched(of, ALL, Switches())
    assert "policy plain has no price for who comes" in notes
    assert "policy plain has no minutes to spare on a leg" in notes
    assert switched(of, NOTHING, Switches())[1] == ()


def test_a_share_of_staff_is_guaranteed_hours_those_with_most_first() -> None:
    own = contract(kind=ContractKind.GUARANTEED, guaranteed_s=20 * HOUR_S)
    of = replace(
        a_problem(), workers=(worker("W1", contract=own), worker("W2"), worker("W3"))
    )
    made, notes = switched(of, ALL, Switches(guaranteed_percent=67))
    hours = {w.worker_id: w.contract.guaranteed_s for w in made.workers}
    assert hours == {"W1": 20 * HOUR_S, "W2": 0, "W3": LIVING_HOURS_S}
    assert "2 of 3 workers have guaranteed hours" in notes
    made, _ = switched(of, ALL, Switches())
    assert made.workers == of.workers
    _, notes = switched(a_problem(), ALL, Switches())
    assert any(note.startswith("nobody in the folder") for note in notes)


def test_wages_keep_their_differences_above_the_floor() -> None:
    """1 June 2026: the living wage is 14.80, the minimum wage 12.71."""
    of = problem(
        [visit()],
        workers=[
            worker(name, contract=contract(rate_p=rate))
            for name, rate in (("A", None), ("B", 1600), ("C", 1300))
        ],
    )

    def rates(made) -> list[int]:
        return [w.contract.rate_p for w in made.workers]

    assert rates(at_wage(of, living=True)) == [1480, 1600, 1480]
    assert rates(at_wage(of, living=False)) == [1271, 1391, 1271]


def test_wages_that_nobody_vouches_for_are_refused() -> None:
    """The minimum wage of April 2026 is verified to the end of March 2027."""
    of = a_problem()
    require_wages(of)
    april = replace(of, horizon=Horizon(start_date=date(2027, 4, 5), days=1))
    with pytest.raises(RateError, match="national_minimum_wage"):
        require_wages(april)


@pytest.mark.parametrize("share", [-1, 101])
def test_shares_that_are_none_are_refused(share) -> None:
    with pytest.raises(UsageError, match="from 0 to 100"):
        Switches(short_calls_percent=share)
    with pytest.raises(UsageError, match="from 0 to 100"):
        Switches(guaranteed_percent=share)
