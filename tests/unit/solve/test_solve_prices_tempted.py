"""Each price, in a problem where it decides: without it another roster is cheaper."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
import searching as s
from roundplan.cost import TERMS, cost_of
from roundplan.domain import MODE_CODES, HistoryEntry, Mode, Priority, Travel
from roundplan.units import AMOUNT_PER_PENNY
from tempted_prices import BOTH, CASES, ELSEWHERE, HOUR, NOT_TEMPTED, two_workers


@pytest.mark.parametrize("term", [t for t in TERMS if t not in NOT_TEMPTED])
def test_a_price_decides(term: str) -> None:
    """The plan that sees the price pays less of it, and less in all."""
    case = CASES[term]()
    by = case.travel(case.problem)
    with_price = s.planned(case.problem, by)
    unpriced = replace(case.problem, policy=replace(case.problem.policy, **case.free))
    without = s.planned(unpriced, case.travel(unpriced))
    ignored = cost_of(case.problem, by, without.roster)
    assert getattr(with_price.cost, term) < getattr(ignored, term)
    assert with_price.cost.total < ignored.total
    assert with_price.roster.rounds != without.roster.rounds


def test_the_known_worker_is_kept_although_another_lives_nearer() -> None:
    """History within 90 days makes W2 known; a longer walk does not outweigh it."""
    last = h.MONDAY.replace(month=5)
    problem = h.problem(
        [h.visit()],
        [h.worker("W1"), h.worker("W2", x=1200.0)],
        [h.shift(w, start_place=w, end_place=w) for w in BOTH],
        [h.client()],
        history=(
            HistoryEntry(
                client_id="C1",
                worker_id="W2",
                visits=9,
                first_visit=last,
                last_visit=last,
            ),
        ),
    )
    assert s.makers(s.planned(problem).roster) == {"V1": ("W2",)}
    forgotten = replace(
        problem,
        history=tuple(
            replace(
                e,
                last_visit=last.replace(month=2, day=1),
                first_visit=last.replace(month=2, day=1),
            )
            for e in problem.history
        ),
    )
    assert s.makers(s.planned(forgotten).roster) == {"V1": ("W1",)}


def test_a_week_goes_to_as_few_workers_as_the_team_has() -> None:
    """Five mornings of one client: the team of one makes them all."""
    visits = [h.visit(f"V{d}", day=d, latest="08:30") for d in range(5)]
    problem = two_workers(visits, client={"team_size": 1}, days=5)
    result = s.planned(problem)
    assert len(set(s.makers(result.roster).values())) == 1
    assert result.cost.extra_workers == 0


def test_guaranteed_hours_are_used_before_others() -> None:
    """Work goes to the guaranteed worker until the hours are worked, not beyond."""
    visits = [
        h.visit(f"V{k}", "C1", f"{8 + 2 * k:02}:00", f"{8 + 2 * k:02}:00", 60)
        for k in range(4)
    ]
    problem = two_workers(
        visits, w2={"contract": h.contract(guaranteed_s=14 * HOUR), **ELSEWHERE}
    )
    result = s.planned(problem)
    by_w2 = [v for v, who in s.makers(result.roster).items() if who == ("W2",)]
    assert len(by_w2) == 2
    assert result.cost.guaranteed_hours == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Priority.ESSENTIAL, Priority.STANDARD),
        (Priority.ESSENTIAL, Priority.FLEXIBLE),
        (Priority.STANDARD, Priority.FLEXIBLE),
    ],
)
def test_where_only_one_fits_the_more_important_is_placed(
    first: Priority, second: Priority
) -> None:
    """Two visits at one moment and one worker, in either order of the file."""
    more = h.visit("more", latest="08:00", priority=first, time_critical=True)
    less = h.visit(
        "less", latest="08:00", minutes=60, priority=second, time_critical=True
    )
    for visits in ([more, less], [less, more]):
        result = s.planned(h.problem(visits))
        assert s.left_out(result.roster) == {"less": "no_room"}
        prices = {Priority.STANDARD: 30_000, Priority.FLEXIBLE: 5_000}
        assert result.cost.unassigned == prices[second] * AMOUNT_PER_PENNY


def test_three_short_visits_outweigh_a_long_one_of_the_same_priority() -> None:
    """The search drops one visit to place three."""
    long_visit = h.visit("long", earliest="08:00", latest="08:00", minutes=180)
    short = [
        h.visit(f"V{k}", "C1", at, at, priority=Priority.STANDARD, time_critical=True)
        for k, at in enumerate(("08:00", "09:00", "10:00"))
    ]
    result = s.planned(h.problem([replace(long_visit, time_critical=True), *short]))
    assert s.left_out(result.roster) == {"long": "no_room"}


def test_the_modes_of_a_matrix_are_looked_up_leg_by_leg() -> None:
    """A transit matrix may hold walking legs, which cost no fare."""
    problem = h.problem(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "08:50", "08:50")],
        [h.worker(modes=(Mode.TRANSIT, Mode.WALK))],
    )
    by = h.travel(problem, mode=Mode.TRANSIT)
    assert s.planned(problem, by).cost.fares == 175 * AMOUNT_PER_PENNY
    matrix = by.matrices["transit"]
    walked = replace(matrix, modes=0 * matrix.modes + MODE_CODES.index(Mode.WALK))
    on_foot = Travel(matrices={"transit": walked})
    assert s.planned(problem, on_foot).cost.fares == 0
