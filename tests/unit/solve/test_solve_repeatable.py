"""Same seed and iterations, same roster: here, cut differently, and not compiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.arrays import compile_arrays
from roundplan.domain import Problem
from roundplan.solve import SearchParams, plan, planner
from roundplan.solve.lns.session import SearchSession

TESTS = Path(__file__).parents[2]


def busy(seed: int = 11) -> Problem:
    return random_problem(seed, size=2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_seed_and_iterations_give_an_equal_roster(seed: int) -> None:
    """Two plans in one process are equal to the last field, provenance included."""
    first = s.planned(busy(seed), iterations=200, seed=seed)
    second = s.planned(busy(seed), iterations=200, seed=seed)
    assert first.roster == second.roster
    assert first.cost == second.cost
    assert first.operators == second.operators


@pytest.mark.parametrize("calls", [1, 7, 60])
def test_the_size_of_the_kernel_s_calls_makes_no_difference(calls: int) -> None:
    """A search in one call equals the same search cut into many."""
    total = s.effort(420) // 60 * 60 or 60
    compiled = compile_arrays(busy(), h.travel(busy()))

    def run(counts: list[int]) -> SearchSession:
        session = SearchSession(compiled, SearchParams(), 5)
        session.construct()
        for count in counts:
            session.run(count, 0.0, 1.0, total)
        return session

    whole = run([total])
    even, rest = divmod(total, calls)
    cut = run([even] * calls + [rest] * (rest > 0))
    assert cut.iterations == whole.iterations == total
    assert (cut.amount, cut.best_amount) == (whole.amount, whole.best_amount)
    assert np.array_equal(cut.best[0], whole.best[0])
    assert np.array_equal(cut.shares, whole.shares)


@pytest.mark.parametrize("call_s", [1e-9, 10.0])
def test_the_speed_of_the_machine_makes_no_difference(
    call_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow machine takes calls of one iteration, a fast one of thousands."""
    usual = s.planned(busy(), iterations=200)
    monkeypatch.setattr(planner, "CALL_S", call_s)
    assert s.planned(busy(), iterations=200).roster == usual.roster


def test_a_limit_on_seconds_that_is_not_reached_still_cools_down() -> None:
    """With both limits the iterations end it, and the roster is sound."""
    s.planned(busy(), iterations=100, seconds=600.0)


def test_other_seeds_search_elsewhere() -> None:
    """Of ten seeds some differ in the walk; all give sound rosters."""
    walks = {
        tuple(s.planned(busy(), iterations=60, seed=seed).operators.items())
        for seed in range(10)
    }
    assert len(walks) > 1


@pytest.mark.parametrize("seed", [0, -1, 2**40, 2**63])
def test_unusual_seeds(seed: int) -> None:
    """A seed is any whole number from 0; below that it is refused, not wrapped."""
    problem = h.problem([h.visit()])
    if seed < 0:
        with pytest.raises(ValueError):
            plan(problem, h.travel(problem), iterations=1, seed=seed)
    else:
        s.planned(problem, seed=seed)


PLAN_AGAIN = """
import sys
import helpers as h
from problems import random_problem
from roundplan.solve import plan
from roundplan.solve.lns import compiled
import numba
problem = random_problem(11, size=2)
result = plan(problem, h.travel(problem), iterations=20, seed=4)
print(bool(numba.config.DISABLE_JIT))
print(result.roster)
print(result.cost)
print(result.operators)
"""


def test_plain_python_gives_the_compiled_roster() -> None:
    """Twenty iterations in a process without compilation, against the compiled ones."""
    here = plan(busy(), h.travel(busy()), iterations=20, seed=4)
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join(
            [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", PLAN_AGAIN],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "True",
        str(here.roster),
        str(here.cost),
        str(here.operators),
    ]
