"""What the checker finds depends neither on order nor on labels."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

from check_cases import Case, changed_cases, policies
from hypothesis import given, settings
from hypothesis import strategies as st

from roundplan.check import Violation, check
from roundplan.domain import Leg, Place, Policy, Problem, Roster, Travel


@settings(deadline=None, max_examples=40)
@given(
    case=changed_cases(),
    policy=policies(),
    rng=st.randoms(use_true_random=False),
)
def test_order_does_not_matter(case: Case, policy: Policy, rng: random.Random) -> None:
    problem = replace(case.problem, policy=policy)
    before = check(problem, case.travel, case.roster)

    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(rng.sample(items, len(items)))

    mixed = replace(
        problem,
        clients=shuffled(problem.clients),
        visits=shuffled(problem.visits),
        workers=shuffled(problem.workers),
        shifts=shuffled(problem.shifts),
    )
    rounds = tuple(
        replace(r, visits=shuffled(r.visits), breaks=shuffled(r.breaks))
        for r in shuffled(case.roster.rounds)
    )
    assert check(mixed, case.travel, replace(case.roster, rounds=rounds)) == before


@settings(deadline=None, max_examples=40)
@given(case=changed_cases(), rng=st.randoms(use_true_random=False))
def test_labels_do_not_matter(case: Case, rng: random.Random) -> None:
    names = _Names(case.problem, rng)
    after = check(
        names.problem(case.problem),
        names.travel(case.travel),
        names.roster(case.roster),
    )
    before = check(case.problem, case.travel, case.roster)
    assert Counter(map(_key, after)) == Counter(
        _key(names.violation(v)) for v in before
    )


def _key(violation: Violation) -> tuple[Any, ...]:
    """All of a violation but its sentence."""
    return (
        violation.rule,
        violation.amount,
        violation.unit,
        violation.visit_id,
        violation.client_id,
        violation.worker_id,
        violation.day,
    )


class _Names:
    """A new name for every id, without regard to the order of the old ones."""

    def __init__(self, problem: Problem, rng: random.Random) -> None:
        ids = [c.client_id for c in problem.clients]
        ids += [w.worker_id for w in problem.workers]
        ids += [v.visit_id for v in problem.visits]
        ids += [s.shift_id for s in problem.shifts]
        numbers = rng.sample(range(1000, 9999), len(ids))
        self._new = {old: f"N{n}" for old, n in zip(ids, numbers, strict=True)}

    def __call__(self, old: str) -> str:
        return self._new[old]

    def _maybe(self, old: str | None) -> str | None:
        return None if old is None else self(old)

    def _place(self, place: Place) -> Place:
        return replace(place, place_id=self(place.place_id))

    def problem(self, of: Problem) -> Problem:
        return replace(
            of,
            clients=tuple(
                replace(
                    c,
                    client_id=self(c.client_id),
                    place=self._place(c.place),
                    barred_workers=tuple(map(self, c.barred_workers)),
                )
                for c in of.clients
            ),
            workers=tuple(
                replace(w, worker_id=self(w.worker_id), home=self._place(w.home))
                for w in of.workers
            ),
            visits=tuple(
                replace(v, visit_id=self(v.visit_id), client_id=self(v.client_id))
                for v in of.visits
            ),
            shifts=tuple(
                replace(s, shift_id=self(s.shift_id), worker_id=self(s.worker_id))
                for s in of.shifts
            ),
        )

    def travel(self, of: Travel) -> Travel:
        return Travel(
            matrices={
                name: replace(m, place_ids=tuple(map(self, m.place_ids)))
                for name, m in of.matrices.items()
            }
        )

    def _leg(self, leg: Leg | None) -> Leg | None:
        if leg is None:
            return None
        return replace(
            leg, from_place=self(leg.from_place), to_place=self(leg.to_place)
        )

    def roster(self, of: Roster) -> Roster:
        return replace(
            of,
            rounds=tuple(
                replace(
                    r,
                    round_id=self(r.round_id),
                    worker_id=self(r.worker_id),
                    visits=tuple(
                        replace(
                            v,
                            visit_id=self(v.visit_id),
                            client_id=self(v.client_id),
                            leg=self._leg(v.leg),
                        )
                        for v in r.visits
                    ),
                )
                for r in of.rounds
            ),
        )

    def violation(self, of: Violation) -> Violation:
        return replace(
            of,
            visit_id=self._maybe(of.visit_id),
            client_id=self._maybe(of.client_id),
            worker_id=self._maybe(of.worker_id),
        )
