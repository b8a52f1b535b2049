"""Lower bounds: below every optimum, near it, and proofs that are true."""

from __future__ import annotations

import numpy as np
import pytest

import helpers as h
import searching as s
from day_file import UNSERVED_S
from days import problem_of
from days_by_hand import optimum, tight
from problems import random_problem
from regular_problems import regular_problem
from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.arrays.layout import PENALTY
from roundplan.domain import BENCHMARK
from roundplan.solve.columns import bounding, proof
from roundplan.solve.columns.bounding import Bounding
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.cuts import Cut, Cuts
from roundplan.solve.columns.graph import path_amount, reverse
from roundplan.solve.columns.groups import constant_of, groups_of
from roundplan.solve.columns.master import Column, Prices
from roundplan.solve.columns.partition import choose
from roundplan.solve.columns.pool import Rounds
from roundplan.solve.columns.proof import Prover

SMALL = [(5, 2), (6, 2), (6, 3), (7, 3)]

SECOND = 3600
"""Amounts of a second's travel under the benchmark policy."""

PLENTY = 10**9


def compiled_day(visits: int, shifts: int, seed: int) -> CompiledProblem:
    return compile_arrays(*problem_of(tight(visits, shifts, seed)))


def bounding_of(compiled: CompiledProblem, *, coarse: bool = False) -> Bounding:
    found = groups_of(compiled, coarse=coarse)
    assert found is not None
    return Bounding(compiled.arrays, found[0])


def prices_of(b: Bounding, node: np.ndarray, fine: np.ndarray | None = None) -> Prices:
    none = np.zeros(0, dtype=np.int64)
    return Prices(
        node=node.astype(np.int64),
        fine=none if fine is None else fine.astype(np.int64),
        group=np.zeros(len(b.groups), dtype=np.int64),
    )


def best_by_hand(visits: int, shifts: int, seed: int) -> int:
    """What the best rounds by the file's prices cost by the policy's, in amounts."""
    cost = optimum(tight(visits, shifts, seed))
    dearer = BENCHMARK.unassigned_essential_p - UNSERVED_S
    return (cost + cost // UNSERVED_S * dearer) * SECOND


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("visits", "shifts"), SMALL)
@pytest.mark.parametrize("coarse", [False, True])
def test_no_prices_give_a_bound_above_the_optimum(visits, shifts, seed, coarse):
    """Any prices of visits and fines of any cuts: high, low, none, random."""
    compiled = compiled_day(visits, shifts, seed)
    best = best_by_hand(visits, shifts, seed)
    chance = np.random.default_rng(seed)
    for highest in (0, 300, 1000, 3000, 90_000):
        b = bounding_of(compiled, coarse=coarse)
        for _ in range(3):
            three = frozenset(int(i) for i in chance.choice(visits, 3, replace=False))
            extra = {int(i) for i in chance.choice(visits, 2)}
            b._cuts.all.append(Cut(three, set(three) | extra))
        b._mark()
        price = prices_of(
            b,
            chance.integers(0, highest * SECOND + 1, visits),
            chance.integers(0, highest * SECOND // 2 + 1, 3),
        )
        found = b._price(price, price, Budget(labels=PLENTY))
        assert found is not None
        assert found.bound <= best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("visits", "shifts"), SMALL)
def test_the_proof_finds_the_optimum(visits, shifts, seed):
    """Cuts, arcs that are taken out, lists and choices end at the best roster."""
    compiled = compiled_day(visits, shifts, seed)
    penalty = compiled.arrays.visit[:, PENALTY]

    def take(rounds: Rounds) -> int:
        made = np.zeros(len(penalty), dtype=np.bool_)
        made[rounds.node] = True
        return int(rounds.amount.sum() + penalty[~made].sum())

    found = groups_of(compiled, coarse=False)
    assert found is not None
    groups, left_out = found
    assert left_out == ()
    prover = Prover(compiled.arrays, groups, take)
    assert prover.run(Budget(labels=PLENTY))
    assert prover.closed
    assert prover.bound == best_by_hand(visits, shifts, seed)


@pytest.mark.parametrize("seed", range(30))
def test_a_roster_of_any_problem_is_not_below_the_bound(seed):
    """Every rule and price: each round is a path that costs no more than it does."""
    make = regular_problem if seed % 3 == 0 else random_problem
    problem = make(seed)
    travel = h.travel(problem)
    result = s.planned(problem, travel, iterations=s.effort(200), seed=1)
    compiled = compile_arrays(problem, travel)
    constant = constant_of(compiled.arrays)
    span = {shift.shift_id: r for r, shift in enumerate(compiled.spans)}
    nodes = _nodes_of(compiled, result.roster, span)
    for coarse in (False, True):
        found = groups_of(compiled, coarse=coarse)
        assert found is not None
        groups, _ = found
        of_span = {int(r): k for k, g in enumerate(groups) for r in g.spans}
        amounts = [path_amount(groups[of_span[r]].graph, n) for r, n in nodes]
        assert None not in amounts
        total = constant + result.cost.unassigned + sum(a or 0 for a in amounts)
        assert total <= result.cost.total
        prover = Prover(compiled.arrays, groups, None)
        at = np.full(len(compiled.arrays.node), -1, dtype=np.int64)
        order = np.zeros_like(at)
        for r, made in nodes:
            at[made], order[made] = r, np.arange(len(made))
        prover.update(at, order, result.cost.total - constant)
        prover.run(Budget(labels=20_000))
        assert prover.bound + constant <= result.cost.total


def _nodes_of(compiled, roster, span):
    """The nodes of each round, by span: hands go to rounds as they come."""
    first = {}
    n = 0
    for visit in compiled.problem.visits:
        first[visit.visit_id] = list(range(n, n + visit.workers_required))
        n += visit.workers_required
    found = []
    for made in roster.rounds:
        r = span[made.round_id]
        nodes = []
        for v in made.visits:
            hands = first[v.visit_id]
            # a pinned hand fits only its own worker
            low_high = compiled.arrays.fit_at[hands]
            fits = [
                i
                for i, (low, high) in zip(hands, low_high, strict=True)
                if r in compiled.arrays.fit[low:high]
            ]
            nodes.append(fits[0])
            hands.remove(fits[0])
        found.append((r, np.array(nodes, dtype=np.int64)))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_turning_a_graph_round_turns_its_paths(seed):
    """What can be made forwards can be made backwards, for the same amount."""
    compiled = compiled_day(7, 3, seed)
    b = bounding_of(compiled)
    price = prices_of(b, np.full(7, 3000 * SECOND))
    priced = b._price(price, price, Budget(labels=PLENTY))
    assert priced is not None
    assert priced.new
    for column in priced.new:
        g = b.groups[column.group].graph
        assert path_amount(g, column.nodes) == column.amount
        assert path_amount(reverse(g), column.nodes[::-1]) == column.amount


def test_a_cut_counts_rounds_that_make_two_of_its_three():
    """As far as it is remembered on the way from one to the other."""
    cut = Cut(frozenset({1, 2, 3}), {1, 2, 3, 7})
    assert cut.count([1, 2]) == 1
    assert cut.count([1, 7, 2, 3]) == 1
    assert cut.count([1, 8, 2]) == 0
    assert cut.count([1, 2, 3, 1]) == 2


def test_three_halves_are_cut_off():
    """Half of each of three rounds of two visits: the cut that forbids it is found."""
    cuts = Cuts()
    rounds = [np.array(pair) for pair in ([0, 1], [1, 2], [0, 2])]
    assert cuts.separate(rounds, np.full(3, 0.5), 3) == [0]
    assert cuts.all[0].three == {0, 1, 2}
    assert cuts.counts(np.array([0, 1])) == {0: 1}
    assert cuts.separate(rounds, np.full(3, 0.3), 3) == []


def test_too_many_labels_give_up_rather_than_lie(monkeypatch):
    monkeypatch.setattr(bounding, "LABELS", 0)
    monkeypatch.setattr(bounding, "ROOM", 4)
    b = bounding_of(compiled_day(12, 4, 3))
    price = prices_of(b, np.full(12, 3000 * SECOND))
    assert b._price(price, price, Budget(labels=PLENTY)) is None
    assert not b.generate(Budget(labels=PLENTY))
    assert b.bound == 0


def test_lists_hold_every_round_that_a_cheaper_roster_has():
    """With the arcs that are left, the optimum can be put together again."""
    for seed in range(4):
        compiled = compiled_day(7, 3, seed)
        b = bounding_of(compiled)
        best = best_by_hand(7, 3, seed)
        if best >= UNSERVED_S * SECOND:
            continue
        b.know([], best + 600 * SECOND)
        assert b.generate(Budget(labels=PLENTY))
        for _ in range(3):
            b.reduce(Budget(labels=PLENTY))
            columns = b.listed(PLENTY, Budget(labels=PLENTY))
            assert columns is not None
            spans = np.array([len(g.spans) for g in b.groups])
            rounds = proof.as_rounds(columns)
            every = np.ones(len(columns), dtype=np.bool_)
            penalty = compiled.arrays.visit[:, PENALTY]
            choice = choose(rounds, penalty, spans, every)
            assert choice is not None
            assert rounds.amount[choice.rounds].sum() == best
            if not b.cut() or not b.generate(Budget(labels=PLENTY)):
                break


def test_a_budget_runs_out_by_labels_or_by_seconds():
    budget = Budget(labels=10)
    budget.spend(9)
    assert not budget.over
    budget.spend(1)
    assert budget.over
    assert Budget(seconds=0.0).over
    assert Budget(labels=5).rest_s(1.0) is None


def test_columns_know_their_group():
    """What pricing hands over can be made by a span of that group."""
    compiled = compiled_day(12, 4, 3)
    b = bounding_of(compiled)
    price = prices_of(b, np.full(12, 3000 * SECOND))
    priced = b._price(price, price, Budget(labels=PLENTY))
    assert priced is not None
    for column in priced.new:
        assert isinstance(column, Column)
        spans = b.groups[column.group].spans
        for i in column.nodes:
            low, high = compiled.arrays.fit_at[i]
            assert np.isin(spans, compiled.arrays.fit[low:high]).all()
