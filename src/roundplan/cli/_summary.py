"""What a problem holds and what a roster came to, printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._text import counted, pounds
from roundplan.cost import CostBreakdown, changed_visits
from roundplan.domain import Previous, Priority, Problem, Roster, Unassigned

MOST_UNASSIGNED = 20
"""Unassigned visits printed before the list is cut; unassigned.csv has all."""


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


def print_previous(screen: Screen, previous: Previous) -> None:
    """Print how much of the previous roster stands for something now."""
    screen.say(
        f"Previous roster: {counted(previous.visits, 'visit')}, "
        f"{previous.unmatched:,} of them without a visit now"
    )
    screen.say(
        f"{counted(len(previous.made), 'visit')} had workers then; "
        f"{pounds(previous.change_p)} for each change"
    )


def print_changes(screen: Screen, previous: Previous | None, roster: Roster) -> None:
    """Print how many visits have another worker than in the previous roster."""
    if previous is None:
        return
    changed, of = changed_visits(previous, roster)
    screen.say(
        f"changed: {changed:,} of {counted(of, 'visit')} "
        f"{'has' if of == 1 else 'have'} another worker than in the "
        f"{'weekly runs' if previous.runs else 'previous roster'}"
    )


def print_unassigned(screen: Screen, problem: Problem, roster: Roster) -> None:
    """Print how many visits are placed, and why the others are not, essential first."""
    left = sorted(
        roster.unassigned,
        key=lambda item: (
            problem.visit(item.visit_id).priority is not Priority.ESSENTIAL
        ),
    )
    placed = len(problem.visits) - len(left)
    screen.heading(f"{counted(placed, 'visit')} placed, {len(left):,} unassigned")
    screen.bullets(_reason(problem, item) for item in left[:MOST_UNASSIGNED])
    if len(left) > MOST_UNASSIGNED:
        screen.say(f"  and {len(left) - MOST_UNASSIGNED:,} more: see unassigned.csv")


def _reason(problem: Problem, item: Unassigned) -> str:
    """Return who is left out, why, and the cheapest way out where one was found."""
    priority = problem.visit(item.visit_id).priority.value
    reason = f"{item.visit_id} ({priority}, {item.code}): {item.reason}"
    if item.cheapest_relaxation:
        reason += f". Cheapest way out: {item.cheapest_relaxation}"
    if item.relaxation_p is not None:
        reason += f" ({pounds(item.relaxation_p)})"
    return reason


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


def _vehicles(figures: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return how many journeys each mode has, where there is more than one."""
    legs = {mode: count for mode, count in figures["legs_by_mode"].items() if count}
    if not set(legs) - {"walk"}:
        return []
    rows = [
        (
            f"  {mode}",
            f"{figures['metres_by_mode'][mode] / 1000:,.1f} km",
            f"{100 * count / sum(legs.values()):.1f} % of journeys",
        )
        for mode, count in legs.items()
    ]
    if "drive" in legs:
        crossed = f"{figures['ltn_crossings']:,}"
        rows.append(("LTN boundaries crossed by car", crossed, ""))
    rows.append(("Greenhouse gases of travel", f"{figures['co2e_kg']:,.1f} kg", "CO2e"))
    return rows


def _neighbourhoods(figures: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return how far rounds stay in a low-traffic neighbourhood, where known."""
    mean = figures.get("cells_per_round_mean")
    if mean is None:
        return []
    changes = f"{figures['cell_changes']:,} legs into or out of one"
    return [("LTNs visited per round, mean", f"{mean:.2f}", changes)]


def print_figures(screen: Screen, figures: Mapping[str, Any]) -> None:
    """Print the key figures that matter to a rostering team; kpis.json has all."""

    def share(name: str, of: str = "") -> str:
        value = figures[name]
        return "" if value is None else f"{value} %{of}"

    rows = [
        ("Paid time", f"{figures['paid_hours']:,.1f} h", ""),
        (
            "  with clients",
            f"{figures['contact_hours']:,.1f} h",
            share("contact_per_paid_percent", " of paid"),
        ),
        (
            "  travel",
            f"{figures['travel_hours']:,.1f} h",
            share("travel_per_paid_percent", " of paid"),
        ),
        (
            "  waiting",
            f"{figures['waiting_hours']:,.1f} h",
            share("waiting_per_paid_percent", " of paid"),
        ),
        (
            "Gaps that are not paid",
            f"{figures['unpaid_wait_hours']:,.1f} h",
            "off the clock",
        ),
        (
            "Distance between visits",
            f"{figures['metres'] / 1000:,.1f} km",
            share("active_per_metre_percent", " on foot or by bicycle"),
        ),
        *_vehicles(figures),
        *_neighbourhoods(figures),
        (
            "Guaranteed hours not used",
            f"{figures['guaranteed_unused_hours']:,.1f} h",
            f"of {figures['guaranteed_hours']:,.1f} h",
        ),
        (
            "Visits by a worker not known",
            f"{figures['unknown_worker_visits']:,}",
            share("unknown_per_attendance_percent", " of visits"),
        ),
    ]
    if figures["distinct_workers_mean"] is not None:
        mean = f"{figures['distinct_workers_mean']:.2f}"
        rows.append(("Different workers per client, mean", mean, ""))
    if figures["preferred_start_within_15_percent"] is not None:
        near = share("preferred_start_within_15_percent")
        rows.append(("Starts within 15 min of preferred", near, ""))
    screen.heading("Key figures")
    screen.table(["", RIGHT, ""], rows)
