"""OR-Tools: loaded only by those who ask for it, and no bad company for HiGHS."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    """What a fresh Python prints."""
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


def test_only_a_proof_loads_it() -> None:
    """Neither the library nor the command line does, nor what a plan needs anyway."""
    code = """
import sys
import roundplan, roundplan.solve.planner, roundplan.cli.plan, roundplan.cli._planning
print([m for m in sys.modules if m.startswith(("ortools", "highspy"))])
"""
    assert run(code) == "[]"


SCIPY = """
from scipy.optimize import linprog, milp
assert linprog([1.0], A_ub=[[-1.0]], b_ub=[-2.5], method="highs-ds").fun == 2.5
assert milp([1.0], integrality=[1], constraints=([[1.0]], 2.5, 9.0)).fun == 3.0
"""
SOLVER = """
from ortools.sat.python import cp_model
model = cp_model.CpModel()
x = model.new_int_var(0, 9, "x")
model.add(2 * x >= 5)
model.minimize(x)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL and solver.value(x) == 3
"""


@pytest.mark.parametrize("order", [SCIPY + SOLVER + SCIPY, SOLVER + SCIPY + SOLVER])
def test_it_and_scipy_work_in_one_process(order: str) -> None:
    """Both carry HiGHS; rounds chosen anew use scipy's."""
    assert run(order + "print('both')") == "both"
