"""All rules on one roster: the independent checker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from roundplan.check import (
    availability,
    average_hours,
    barred,
    break_,
    coverage,
    daily_rest,
    double_handed,
    duration,
    gender,
    links,
    max_hours,
    pay,
    pins,
    short_visit,
    skills,
    travel,
    weekly_rest,
    window,
)
from roundplan.check._view import RosterView, view_of
from roundplan.check.violation import Violation
from roundplan.domain import Override, Problem, Roster, Rule, Travel

CheckFunction = Callable[[RosterView], Iterable[Violation]]

RULES: dict[Rule, CheckFunction] = {
    Rule.COVERAGE: coverage.violations,
    Rule.DURATION: duration.violations,
    Rule.SKILLS: skills.violations,
    Rule.GENDER: gender.violations,
    Rule.BARRED: barred.violations,
    Rule.AVAILABILITY: availability.violations,
    Rule.PINS: pins.violations,
    Rule.DOUBLE_HANDED: double_handed.violations,
    Rule.LINKS: links.violations,
    Rule.WINDOW: window.violations,
    Rule.TRAVEL: travel.violations,
    Rule.SHORT_VISIT: short_visit.violations,
    Rule.BREAK: break_.violations,
    Rule.DAILY_REST: daily_rest.violations,
    Rule.WEEKLY_REST: weekly_rest.violations,
    Rule.AVERAGE_HOURS: average_hours.violations,
    Rule.MAX_HOURS: max_hours.violations,
    Rule.PAY: pay.violations,
}
"""The function of each rule, in the order of reports."""

WEEKLY = frozenset({Rule.WEEKLY_REST, Rule.AVERAGE_HOURS, Rule.MAX_HOURS})
"""Rules about a worker's week, which an override on any of its days sets aside."""


def check(problem: Problem, travel: Travel, roster: Roster) -> list[Violation]:
    """
    Test every hard rule of the problem's policy, from nothing but the problem.

    Whatever was edited into the roster is reported, never a reason to fail: ids the
    problem does not know, visits made twice, times that overlap.

    Parameters
    ----------
    problem
        The problem; its policy says which rules are hard, its overrides what is set
        aside.
    travel
        The travel times the plan used.
    roster
        The roster to test. What it has recorded of legs and waits is not believed.

    Returns
    -------
    list[Violation]
        In order of rule, day, visit and worker; those that an override sets aside
        are among them (see ``broken``).

    Raises
    ------
    RateError
        E1201. The pay rule is hard and there is no rate for a day of the horizon.
    """
    view = view_of(problem, travel, roster)
    found = [
        replace(violation, override=_override(problem, violation))
        for rule, violations in RULES.items()
        if rule in problem.policy.hard
        for violation in violations(view)
    ]
    order = {rule: i for i, rule in enumerate(RULES)}
    return sorted(
        found,
        key=lambda v: (
            order[v.rule],
            -1 if v.day is None else v.day,
            v.visit_id or "",
            v.worker_id or "",
            v.message,
        ),
    )


def _override(problem: Problem, violation: Violation) -> Override | None:
    """Return what sets a violation aside: a row for its visit or for its worker.

    A row with a date counts on that day, or in that day's week for a weekly rule. A
    breach of the whole horizon is only set aside by a row without a date.
    """
    day = violation.day
    if day is None:
        days: Iterable[int] = (-1,)
    elif violation.rule in WEEKLY:
        days = problem.horizon.days_of_week(problem.horizon.week_of(day))
    else:
        days = (day,)
    for on_day in days:
        found = problem.override(
            violation.rule,
            visit_id=violation.visit_id or "",
            worker_id=violation.worker_id or "",
            day=on_day,
        )
        if found is not None:
            return found
    return None
