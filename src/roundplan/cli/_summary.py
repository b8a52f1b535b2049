"""What a problem holds and what a roster came to, printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roundplan.cli._console import MOST_ROWS, RIGHT, Screen
from roundplan.cli._text import counted, pounds
from roundplan.cost import CostBreakdown, rate_warnings
from roundplan.domain import Priority, Problem, Roster


def print_problem(screen: Screen, problem: Problem) -> None:
    """Print counts, policy, what the reader assumed, and rates past their date."""
    horizon = problem.horizon
    start = f"{horizon.start_date:%A} {horizon.start_date.day} {horizon.start_date:%B}"
    doubles = sum(v.workers_required == 2 for v in problem.visits)
    essential = sum(v.priority is Priority.ESSENTIAL for v in problem.visits)
    screen.say(
        f"{counted(horizon.days, 'day')} from {start} {horizon.start_date.year}, "
        f"policy {problem.policy.name}"
    )
    screen.say(
        f"{counted(len(problem.clients), 'client')}, "
        f"{counted(len(problem.visits), 'visit')} ({doubles:,} double-handed, "
        f"{essential:,} essential)"
    )
    screen.say(
        f"{counted(len(problem.workers), 'care worker')}, "
        f"{counted(len(problem.work_shifts), 'work shift')}"
    )
    screen.bullets(problem.notes)
    screen.bullets(rate_warnings(problem), style="yellow")


def print_unassigned(screen: Screen, problem: Problem, roster: Roster) -> None:
    """Print how many visits are placed, and each that is not with its reason."""
    left = roster.unassigned
    placed = len(problem.visits) - len(left)
    screen.heading(f"{counted(placed, 'visit')} placed, {len(left):,} unassigned")
    if not left:
        return
    rows = []
    for item in left:
        way = item.cheapest_relaxation
        if way and item.relaxation_p is not None:
            way += f" ({pounds(item.relaxation_p)})"
        rows.append((item.visit_id, item.code, item.reason, way or "-"))
    screen.table(["Visit", "Code", "Why", "Cheapest way out"], rows, most=MOST_ROWS)


def print_costs(screen: Screen, cost: CostBreakdown) -> None:
    """Print the terms that are not zero; they add up to the total, to the penny."""
    terms = [(name, pence) for name, pence in cost.pence().items() if pence]
    rows = [(name.replace("_", " "), pounds(pence)) for name, pence in terms]
    screen.heading("Cost")
    screen.table(
        ["Term", f"{RIGHT}Pounds"],
        [*rows, ("total", pounds(cost.total_p))],
        last_is_total=True,
    )


def print_figures(screen: Screen, figures: Mapping[str, Any]) -> None:
    """Print the key figures that ``kpis`` gives."""
    rows = [
        (name.replace("_", " "), f"{value:,}")
        for name, value in figures.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    screen.heading("Key figures")
    screen.table(["Figure", RIGHT], rows)
