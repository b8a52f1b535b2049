"""Maximum hours: the worker's own, in each ISO week."""

from __future__ import annotations

from datetime import timedelta

from rule_helpers import found, helps, only

from helpers import (
    MONDAY,
    client,
    contract,
    problem,
    roster,
    shift,
    travel,
    visit,
    worker,
)
from roundplan.domain import Horizon, Problem, Roster, Rule

HOUR = 3600


def _case(
    minutes: int, *, fixed_base: bool = True, start_offset: int = 0
) -> tuple[Problem, Roster]:
    """Two days of a visit and two home legs of ten minutes; six hours are allowed."""
    of = problem(
        [visit(f"V{d}", day=d, minutes=minutes) for d in range(2)],
        clients=[client(x=600.0)],
        workers=[worker(contract=contract(max_s=6 * HOUR, has_fixed_base=fixed_base))],
        shifts=[shift(day=d, start_place="W1", end_place="W1") for d in range(2)],
        horizon=Horizon(start_date=MONDAY + timedelta(days=start_offset), days=2),
    )
    starts = {f"W1@{d}-07:00": [(f"V{d}", "08:00")] for d in range(2)}
    return of, roster(of, travel(of), starts)


def test_the_maximum_itself_is_allowed() -> None:
    assert found(*_case(180)) == []


def test_more_counts_by_the_time_above() -> None:
    breach = only(*_case(190), Rule.MAX_HOURS, 1200)
    assert (breach.worker_id, breach.day) == ("W1", 0)
    assert "20 minutes above" in breach.message


def test_home_legs_count_without_a_fixed_base() -> None:
    assert found(*_case(160, fixed_base=False)) == []
    only(*_case(161, fixed_base=False), Rule.MAX_HOURS, 120)


def test_weeks_are_iso_weeks() -> None:
    # From a Sunday: one day in each of two weeks.
    assert found(*_case(300, start_offset=6)) == []


def test_a_worker_without_a_maximum_may_work() -> None:
    of = problem([visit("V1", minutes=300)])
    made = roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})
    assert found(of, made) == []


def test_overrides() -> None:
    case = _case(240)
    assert helps(*case, rule=Rule.MAX_HOURS, worker_id="W1")
    assert helps(*case, rule=Rule.MAX_HOURS, worker_id="W1", day=1)
    sunday = _case(400, start_offset=6)
    of, made = sunday
    assert found(of, made) == [
        (Rule.BREAK, 1200, "s"),
        (Rule.BREAK, 1200, "s"),
        (Rule.MAX_HOURS, 2400, "s"),
        (Rule.MAX_HOURS, 2400, "s"),
    ]
    assert not helps(*sunday, rule=Rule.MAX_HOURS, worker_id="W1", day=0)
