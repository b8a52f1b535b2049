"""The synchronised search against all rosters there are, on tiny problems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations, product

import pytest

import helpers as h
from roundplan.arrays import compile_arrays
from roundplan.cost import cost_of
from roundplan.domain import Policy, Priority, Problem, Roster, Visit, named_policy
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.params import SearchParams
from roundplan.solve.sync.session import SyncSession

MINUTE = 60


def policy(**prices: int) -> Policy:
    """Lateness as dear as travel, or so; nothing is left out gladly."""
    fields = {
        "soft_lateness_s": 100 * 3600,
        "travel_p_min": 3,
        "lateness_p_min": 2,
        "largest_lateness_p_min": 5,
        "unassigned_flexible_p": 100_000,
    }
    return named_policy("benchmark", **(fields | prices))


def visit(visit_id: str, client_id: str, opens: str, latest: str, **fields) -> Visit:
    fields.setdefault("priority", Priority.FLEXIBLE)
    return h.visit(visit_id, client_id, opens, latest, minutes=20, **fields)


def pairs_and_singles(seed: int) -> Problem:
    """Five attendances, two carers: a double visit, a sequence, and one more."""
    low = (0, 10, 30)[seed % 3] * MINUTE
    sequence = {"after_visit": "B1", "min_gap_s": low, "max_gap_s": low + 600}
    visits = [
        visit("A", "C1", "08:00", "08:20", workers_required=2 if seed % 2 else 1),
        visit("B1", "C2", "08:00", "08:15", skills=frozenset("ab"[seed % 2])),
        visit("B2", "C2", "08:00", "08:15", other_worker=True, **sequence),
        visit("D", "C3", ("07:45", "08:30")[seed // 2 % 2], "08:45"),
    ]
    workers = [
        h.worker("W1", skills=frozenset("ab")),
        h.worker("W2", x=900.0, skills=frozenset("b")),
    ]
    clients = [h.client(f"C{i}", x=x) for i, x in ((1, 0.0), (2, 700.0), (3, 1500.0))]
    shifts = [
        h.shift(w.worker_id, "07:00", "20:00", start_place=w.worker_id) for w in workers
    ]
    return h.problem(visits, workers, shifts, clients, policy=policy(home_leg_p_min=3))


def rosters(problem: Problem) -> Iterator[dict[str, tuple[str, ...]]]:
    """Yield every order of visits in the rounds of two workers."""
    choices = []
    for v in problem.visits:
        able = [w.worker_id for w in problem.workers if v.skills <= w.skills]
        choices.append([able] if v.workers_required == 2 else [[w] for w in able])
    for chosen in product(*choices):
        of = {w.worker_id: [] for w in problem.workers}
        for v, its in zip(problem.visits, chosen, strict=True):
            for worker_id in its:
                of[worker_id].append(v.visit_id)
        orders = (permutations(of[w.worker_id]) for w in problem.workers)
        for order in product(*orders):
            yield dict(zip(of, order, strict=True))


def starts_of(problem: Problem, travel, order) -> dict[str, int] | None:
    """Return the least starts of an order, None where there are none."""
    edges = []
    for stops in order.values():
        for a, b in pairwise(stops):
            if a == b:
                return None
            first, second = problem.visit(a), problem.visit(b)
            leg = travel.leg("walk", first.client_id, second.client_id)
            edges.append((a, b, first.duration_s + leg.seconds))
    for v in problem.visits:
        if v.after_visit:
            edges.append((v.after_visit, v.visit_id, v.min_gap_s))
            edges.append((v.visit_id, v.after_visit, -v.max_gap_s))
            doers = [w for w, stops in order.items() if v.visit_id in stops]
            if any(v.after_visit in order[w] for w in doers) and v.other_worker:
                return None
    start = {v.visit_id: v.window.earliest_start_s for v in problem.visits}
    for _ in range(100):
        moved = False
        for a, b, weight in edges:
            if start[a] + weight > start[b]:
                start[b], moved = start[a] + weight, True
        if not moved:
            return start
    return None


def least_cost(problem: Problem, travel) -> int:
    """Return the least cost of all rosters that place every visit."""
    best = None
    shifts = {s.worker_id: s.shift_id for s in problem.shifts}
    for order in rosters(problem):
        start = starts_of(problem, travel, order)
        if start is None:
            continue
        rounds = {
            shifts[w]: [(v, start[v]) for v in stops]
            for w, stops in order.items()
            if stops
        }
        total = cost_of(problem, travel, h.roster(problem, travel, rounds)).total
        best = total if best is None else min(best, total)
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(6))
def test_search_finds_the_best_of_all_rosters(seed: int) -> None:
    """Neither dearer, nor cheaper, than what counting everything gives."""
    problem = pairs_and_singles(seed)
    travel = h.travel(problem)
    compiled = compile_arrays(problem, travel)
    session = SyncSession(compiled, SearchParams(), 1)
    session.construct()
    session.run(400, 0.0, 1.0)
    assert session.finish() == {}
    spot, breaks = session.best
    found = Roster(rounds=decode_rounds(compiled, spot, breaks))
    assert cost_of(problem, travel, found).total == session.best_amount
    assert session.best_amount == least_cost(problem, travel)
