"""Planning from a previous roster: what is matched, kept, and changed for a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import helpers as h
import searching as s
from roundplan.domain import (
    DEFAULT_CHANGE_P,
    Horizon,
    Made,
    Mode,
    PastRoster,
    PastVisit,
    Previous,
    Problem,
    Visit,
    named_policy,
)
from roundplan.errors import DomainError, UsageError
from roundplan.formats import local_horizon
from roundplan.solve import match_previous, past_roster
from roundplan.solve.previous import NEAR_S
from roundplan.units import AMOUNT_PER_PENNY

WEEK = timedelta(days=7)
BOTH = ("W1", "W2")


def past(
    visit_id: str,
    at: str,
    day: int = 0,
    workers: tuple[str, ...] = ("W1",),
    client_id: str = "C1",
) -> PastVisit:
    """A visit of an earlier roster; ``day`` 0 is the Monday of the tests."""
    return PastVisit(
        visit_id=visit_id,
        client_id=client_id,
        on=h.MONDAY + timedelta(days=day),
        start_s=h.clock(at),
        workers=workers,
    )


def matched(problem: Problem, *visits: PastVisit) -> dict[str, tuple[str, ...]]:
    found = match_previous(problem, PastRoster(visits=visits))
    return {visit_id: made.workers for visit_id, made in found.made.items()}


def test_the_same_id_on_the_same_day_is_the_same_visit() -> None:
    """Also where its window has moved far, and another start is nearer."""
    problem = h.problem([h.visit("V1", earliest="18:00")])
    same = past("V1", "08:00")
    nearer = past("V9", "18:30", workers=("W2",))
    assert matched(problem, nearer, same) == {"V1": ("W1",)}


def test_the_same_id_a_week_before_is_the_same_visit_if_it_is_near() -> None:
    """Files in which only the dates were changed."""
    problem = h.problem([h.visit("V1"), h.visit("V2", earliest="18:00")])
    assert matched(problem, past("V1", "08:30", -7), past("V2", "09:00", -7)) == {
        "V1": ("W1",)
    }


def test_a_pattern_s_visit_is_the_one_with_that_name() -> None:
    """``C1-am@date`` is last week's ``C1-am``, though another is nearer in time."""
    problem = h.problem(
        [
            h.visit("am@2026-06-01", earliest="08:00"),
            h.visit("late@2026-06-01", earliest="08:30"),
        ]
    )
    assert matched(
        problem,
        past("late@2026-05-25", "08:30", -7, ("W2",)),
        past("am@2026-05-25", "09:00", -7, ("W1",)),
    ) == {"am@2026-06-01": ("W1",), "late@2026-06-01": ("W2",)}


def test_other_clients_days_and_hours_are_other_visits() -> None:
    problem = h.problem([h.visit("V1", latest="09:00")])
    just_near = past("X", "11:00", -7)
    assert matched(problem, just_near) == {"V1": ("W1",)}
    assert NEAR_S == 2 * 3600
    assert matched(problem, past("X", "11:01", -7)) == {}
    assert matched(problem, past("X", "08:30", -6)) == {}
    assert matched(problem, past("X", "08:30", -7, client_id="C2")) == {}


def test_the_nearest_week_counts_and_an_earlier_one_first() -> None:
    problem = h.problem([h.visit("V1")])
    two_before = past("X", "08:30", -14, ("A",))
    one_before = past("X", "08:30", -7, ("B",))
    one_after = past("X", "08:30", 7, ("C",))
    assert matched(problem, two_before, one_after, one_before) == {"V1": ("B",)}
    assert matched(problem, two_before, one_after) == {"V1": ("A",)}
    assert matched(problem, one_after) == {"V1": ("C",)}


def test_one_week_serves_every_week_once() -> None:
    """Two visits want last week's one start: the nearer has it, in each week."""
    visits = [
        h.visit(f"{name}{week}", earliest=at, day=7 * week)
        for week in range(3)
        for name, at in (("near", "08:00"), ("far", "09:00"))
    ]
    problem = h.problem(visits, days=21)
    found = match_previous(problem, PastRoster(visits=(past("X", "08:30", -7),)))
    assert set(found.made) == {"near0", "near1", "near2"}
    assert [m.repeats for m in found.made.values()] == [False, True, True]
    starts = [m.start_s for m in found.made.values()]
    assert starts == [h.clock("08:30", 7 * week) for week in range(3)]
    assert (found.visits, found.unmatched) == (1, 0)


def test_over_a_clock_change_the_time_on_the_wall_counts() -> None:
    """25 October 2026 has 25 hours in London."""
    horizon = local_horizon(date(2026, 10, 25), 3)
    midnight = horizon.midnights_s[1]
    visit = h.visit("V1", latest="08:00")
    monday = replace(
        visit,
        day=1,
        window=replace(
            visit.window,
            earliest_start_s=midnight + h.clock("08:00"),
            latest_start_s=midnight + h.clock("08:00"),
        ),
    )
    problem = h.problem([monday], days=3, horizon=horizon)
    week_before = PastVisit(
        visit_id="X",
        client_id="C1",
        on=date(2026, 10, 19),
        start_s=h.clock("08:00"),
        workers=("W1",),
    )
    found = match_previous(problem, PastRoster(visits=(week_before,)))
    assert found.made["V1"].start_s == midnight + h.clock("08:00")


@pytest.mark.parametrize("seed", range(30))
def test_nearest_pairs_come_first(seed: int) -> None:
    """Oracle: take the nearest free pair of all, again and again."""
    rng = np.random.default_rng(seed)

    def at() -> int:
        return int(rng.integers(7 * 4, 22 * 4)) * 900

    wanted = []
    for k in range(int(rng.integers(1, 9))):
        opens = at()
        day = int(rng.integers(0, 3))
        wanted.append(
            h.visit(
                f"V{k}",
                earliest=f"{opens // 3600:02}:{opens % 3600 // 60:02}",
                latest=None,
                day=day,
            )
        )
    old = []
    for k in range(int(rng.integers(1, 9))):
        clock = at()
        text = f"{clock // 3600:02}:{clock % 3600 // 60:02}"
        old.append(past(f"P{k}", text, int(rng.integers(-7, -4)), (f"W{k}",)))
    problem = h.problem(wanted, days=3)

    def apart(visit: Visit, p: PastVisit) -> tuple[int, int]:
        moved = (p.on - h.MONDAY + WEEK).days * 86_400 + p.start_s
        early, late = visit.window.earliest_start_s, visit.window.latest_start_s
        outside = max(0, early - moved, moved - late)
        return outside, abs(moved - (early + late) // 2)

    free, left, expected = list(old), list(problem.visits), {}
    while pairs := [
        (apart(v, p), problem.visits.index(v), old.index(p))
        for v in left
        for p in free
        if apart(v, p)[0] <= NEAR_S
    ]:
        _, v, p = min(pairs)
        expected[problem.visits[v].visit_id] = old[p].workers
        left.remove(problem.visits[v])
        free.remove(old[p])
    assert matched(problem, *old) == expected
    unmatched = match_previous(problem, PastRoster(visits=tuple(old))).unmatched
    assert unmatched == len(free)


def test_a_roster_of_the_problem_matches_itself() -> None:
    problem = h.problem(
        [h.visit("V1"), h.visit("V2", earliest="12:00", workers_required=2)],
        [h.worker("W1"), h.worker("W2")],
    )
    by = h.travel(problem)
    roster = h.roster(
        problem,
        by,
        {
            "W1@0-07:00": [("V1", "08:10"), ("V2", "12:20")],
            "W2@0-07:00": [("V2", "12:20")],
        },
    )
    found = match_previous(problem, past_roster(problem, roster))
    on_foot = dict.fromkeys(BOTH, Mode.WALK)
    assert found.made == {
        "V1": Made(
            workers=("W1",), start_s=h.clock("08:10"), modes={"W1": on_foot["W1"]}
        ),
        "V2": Made(workers=BOTH, start_s=h.clock("12:20"), modes=on_foot),
    }


@pytest.mark.parametrize(
    ("policy_p", "given", "price"),
    [(0, None, DEFAULT_CHANGE_P), (35, None, 35), (35, 0, 0), (35, 900, 900)],
)
def test_which_price_holds(policy_p: int, given: int | None, price: int) -> None:
    policy = named_policy("charter", change_p=policy_p)
    problem = h.problem([h.visit()], policy=policy)
    none = PastRoster(visits=())
    assert match_previous(problem, none, change_p=given).change_p == price
    with pytest.raises(UsageError, match="change"):
        match_previous(problem, none, change_p=-1)
    with pytest.raises(DomainError):
        Previous(made={}, change_p=-1)


@pytest.mark.parametrize("workers", [(), ("A", "B", "C")])
def test_nobody_and_three_make_no_visit(workers: tuple[str, ...]) -> None:
    with pytest.raises(DomainError):
        Made(workers=workers)


def choice(**fields: object) -> Problem:
    """One visit that W1 makes for a pound less than W2."""
    return h.problem(
        [h.visit("V1")],
        [h.worker("W1", patch="N"), h.worker("W2", patch="S")],
        clients=[h.client(patch="N", introduced_workers=BOTH)],
        policy=named_policy("charter", other_patch_p=100),
        **fields,
    )


@pytest.mark.parametrize(("price", "worker"), [(101, "W2"), (99, "W1")])
def test_a_visit_stays_with_its_worker_if_that_is_worth_it(
    price: int, worker: str
) -> None:
    before = Previous(made={"V1": Made(workers=("W2",))}, change_p=price)
    result = s.planned(choice(), previous=before)
    assert s.makers(result.roster) == {"V1": (worker,)}
    changed = worker == "W1"
    assert result.cost.change == changed * price * AMOUNT_PER_PENNY


def test_a_pair_stays_together_if_that_is_worth_it() -> None:
    """Three workers, two of whom made it; the third would be cheaper."""
    problem = h.problem(
        [h.visit("V1", workers_required=2)],
        [h.worker("W1", patch="N"), *(h.worker(w, patch="S") for w in ("W2", "W3"))],
        clients=[h.client(patch="N", introduced_workers=("W1", "W2", "W3"))],
    )
    free = Previous(made={"V1": Made(workers=("W2", "W3"))}, change_p=0)
    assert "W1" in s.makers(s.planned(problem, previous=free).roster)["V1"]
    dear = replace(free, change_p=900)
    assert s.makers(s.planned(problem, previous=dear).roster)["V1"] == ("W2", "W3")


def test_a_warm_start_needs_no_iteration() -> None:
    """Unlike the greedy start, which finds W1 cheaper."""
    before = Previous(
        made={"V1": Made(workers=("W2",), start_s=h.clock("08:20"))}, change_p=0
    )
    result = s.planned(choice(), previous=before, iterations=0)
    assert s.makers(result.roster) == {"V1": ("W2",)}
    assert result.kept == 1


def test_what_breaks_a_rule_now_is_not_kept() -> None:
    """The visit goes to whoever may make it, and that is a change."""
    problem = choice()
    client = replace(problem.clients[0], barred_workers=("W2",))
    problem = replace(problem, clients=(client,))
    before = Previous(
        made={"V1": Made(workers=("W2",), start_s=h.clock("08:00"))}, change_p=900
    )
    result = s.planned(problem, previous=before)
    assert s.makers(result.roster) == {"V1": ("W1",)}
    assert result.kept == 0
    assert result.cost.change == 900 * AMOUNT_PER_PENNY


def test_links_that_no_longer_fit_are_left_to_the_search() -> None:
    """The second visit's start of before is too soon after the first's now."""
    problem = h.problem(
        [
            h.visit("A", latest="08:00"),
            h.visit(
                "B",
                earliest="10:00",
                latest="14:00",
                after_visit="A",
                min_gap_s=4 * 3600,
            ),
        ]
    )
    before = Previous(
        made={
            "A": Made(workers=("W1",), start_s=h.clock("08:00")),
            "B": Made(workers=("W1",), start_s=h.clock("10:30")),
        }
    )
    for iterations in (0, 50):
        result = s.planned(problem, iterations=iterations, previous=before)
        assert result.cost.unassigned == 0
        assert result.cost.change == 0


def test_next_week_from_this_week() -> None:
    """Twelve rounds again with whom they had, in another week under other ids."""
    names = tuple(f"W{k}" for k in range(4))
    clients = [
        h.client(f"C{k}", x=300.0 * k, introduced_workers=names) for k in range(6)
    ]
    workers = [h.worker(w, x=500.0 * k) for k, w in enumerate(names)]

    def week(label: str, start: date) -> Problem:
        visits = [
            h.visit(f"{label}{k}-{day}", f"C{k}", f"{8 + k % 3}:00", day=day)
            for k in range(6)
            for day in range(3)
        ]
        return h.problem(
            visits,
            workers,
            clients=clients,
            days=3,
            horizon=Horizon(start_date=start, days=3),
        )

    this, following = week("a", h.MONDAY), week("b", h.MONDAY + WEEK)
    made = s.planned(this, iterations=200).roster
    result = s.planned(following, iterations=200, previous=past_roster(this, made))
    now = {v[1:]: w for v, w in s.makers(result.roster).items()}
    assert now == {v[1:]: w for v, w in s.makers(made).items()}
    assert result.kept == 18
    about = dict(result.roster.provenance.parameters)
    assert about["previous_matched"] == about["previous_kept_at_start"] == "18"
    assert about["change_p"] == "200"


def test_two_visits_that_one_worker_must_not_make_do_not_come_back_together() -> None:
    """Both were W1's; now somebody else must make the second."""
    problem = h.problem(
        [
            h.visit("A", latest="08:00"),
            h.visit("B", "C1", "10:00", "10:00", after_visit="A", other_worker=True),
        ],
        [h.worker("W1"), h.worker("W2")],
    )
    made = {
        "A": Made(workers=("W1",), start_s=h.clock("08:00")),
        "B": Made(workers=("W1",), start_s=h.clock("10:00")),
    }
    for before in (
        Previous(made=made, change_p=900),
        Previous(made={k: replace(m, repeats=k == "B") for k, m in made.items()}),
    ):
        for iterations in (0, 50):
            result = s.planned(problem, iterations=iterations, previous=before)
            assert result.cost.unassigned == 0
            assert len(set(s.makers(result.roster).values())) == 2
