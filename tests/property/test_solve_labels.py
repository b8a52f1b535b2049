"""Ids mean nothing to the search: renamed, a problem has the same plan, renamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers as h
import searching as s
from problems import random_policy, random_problem
from roundplan.domain import Place, Problem, Travel
from roundplan.solve import Result


def new_name(old: str | None) -> str | None:
    """Another id: longer, not ASCII, and in another order of the alphabet."""
    if old is None:
        return None
    return "ż" + "".join(chr(ord("~") - ord(c) + ord(" ")) for c in old)


def renamed_problem(problem: Problem) -> Problem:
    """The problem with every id replaced, everything in the same order."""

    def all_of(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new_name(i) or "" for i in ids)

    def moved(place: Place) -> Place:
        return replace(place, place_id=new_name(place.place_id))

    return replace(
        problem,
        clients=tuple(
            replace(
                c,
                client_id=new_name(c.client_id),
                place=moved(c.place),
                preferred_workers=all_of(c.preferred_workers),
                barred_workers=all_of(c.barred_workers),
                introduced_workers=all_of(c.introduced_workers),
            )
            for c in problem.clients
        ),
        workers=tuple(
            replace(w, worker_id=new_name(w.worker_id), home=moved(w.home))
            for w in problem.workers
        ),
        visits=tuple(
            replace(
                v,
                visit_id=new_name(v.visit_id),
                client_id=new_name(v.client_id),
                after_visit=new_name(v.after_visit),
                pinned_workers=all_of(v.pinned_workers),
            )
            for v in problem.visits
        ),
        shifts=tuple(
            replace(
                x,
                shift_id=new_name(x.shift_id),
                worker_id=new_name(x.worker_id),
                start_place=new_name(x.start_place),
                end_place=new_name(x.end_place),
            )
            for x in problem.shifts
        ),
        places=tuple(moved(p) for p in problem.places),
        history=tuple(
            replace(e, client_id=new_name(e.client_id), worker_id=new_name(e.worker_id))
            for e in problem.history
        ),
        overrides=tuple(
            replace(o, visit_id=new_name(o.visit_id), worker_id=new_name(o.worker_id))
            for o in problem.overrides
        ),
    )


def renamed_plan(result: Result) -> list[tuple[object, ...]]:
    """Who does what when, by new names."""
    return [
        (new_name(r.worker_id), new_name(v.visit_id), v.start_s, v.end_s)
        for r in result.roster.rounds
        for v in r.visits
    ]


def as_it_is(result: Result) -> list[tuple[object, ...]]:
    return [
        (r.worker_id, v.visit_id, v.start_s, v.end_s)
        for r in result.roster.rounds
        for v in r.visits
    ]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_renaming_everything_renames_the_plan(seed: int) -> None:
    """Same costs, same times, same reasons in numbers, other names."""
    problem = random_problem(seed, policy=random_policy(seed))
    other = renamed_problem(problem)
    before = s.planned(problem, iterations=60)
    after = s.planned(other, iterations=60)
    assert after.cost == before.cost
    assert as_it_is(after) == renamed_plan(before)
    assert [
        (new_name(u.visit_id), u.code, u.reason) for u in before.roster.unassigned
    ] == [(u.visit_id, u.code, u.reason) for u in after.roster.unassigned]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_places_in_a_matrix_means_nothing(seed: int) -> None:
    """Travel is joined by id: a reversed matrix gives an equal roster."""
    problem = random_problem(seed)
    by = h.travel(problem)
    walk = by.matrices["walk"]
    reversed_walk = walk.reindex(tuple(reversed(walk.place_ids)))
    first = s.planned(problem, by, iterations=40)
    second = s.planned(problem, Travel(matrices={"walk": reversed_walk}), iterations=40)
    assert first.roster == second.roster


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_overrides_and_history_means_nothing(seed: int) -> None:
    """They are looked up, not counted."""
    problem = random_problem(seed, size=2)
    turned = replace(
        problem,
        overrides=tuple(reversed(problem.overrides)),
        history=tuple(reversed(problem.history)),
        shifts=tuple(reversed(problem.shifts)),
    )
    assert s.planned(problem).roster == s.planned(turned).roster


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), weeks=st.integers(1, 6))
def test_a_later_start_of_the_same_weekdays_costs_the_same(
    seed: int, weeks: int
) -> None:
    """Dates only matter for rates and history, which move along."""
    # a policy without pay, so that no rate of another date is needed
    problem = random_problem(seed, policy=replace(random_policy(seed), pay_percent=0))
    by = timedelta(weeks=weeks)
    later = replace(
        problem,
        horizon=replace(problem.horizon, start_date=problem.horizon.start_date + by),
        history=tuple(
            replace(e, first_visit=e.first_visit + by, last_visit=e.last_visit + by)
            for e in problem.history
        ),
    )
    before, after = (s.planned(p, iterations=40) for p in (problem, later))
    assert before.roster.rounds == after.roster.rounds
    assert before.cost == after.cost
