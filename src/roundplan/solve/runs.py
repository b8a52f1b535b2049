"""Weekly runs: who goes to whom in one week, for all the weeks to follow.

Practice plans stable runs first and days after. Over several weeks the search does the
same: a first stage plans the busiest week by itself, and its roster is then the
previous one (`roundplan.solve.previous`) of all weeks, its own included.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from roundplan.cost import team_sizes
from roundplan.domain import Problem

WEEK_DAYS = 7

LEAST_DAYS = 2 * WEEK_DAYS
"""Length of the shortest period that has weekly runs."""


def busiest_week(problem: Problem) -> Problem | None:
    """Return a problem of only the busiest week; None where there are no weekly runs.

    Weeks are counted in sevens of days from the first, as distinct workers are; the
    earliest of equally busy ones counts. Days and times stay as they are, the other
    days being empty. A client's team is that of the whole period. A visit that follows
    one of another week is free of it.
    """
    days = problem.horizon.days
    if days < LEAST_DAYS:
        return None
    attendances: Counter[int] = Counter()
    for visit in problem.visits:
        attendances[visit.day // WEEK_DAYS] += visit.workers_required
    weeks = range(days // WEEK_DAYS)
    week = max(weeks, key=lambda k: (attendances[k], -k))
    if not attendances[week]:
        return None
    kept = {v.visit_id for v in problem.visits if v.day // WEEK_DAYS == week}
    sizes = team_sizes(problem)
    return replace(
        problem,
        visits=tuple(
            v
            if v.after_visit in kept
            else replace(v, after_visit=None, other_worker=False)
            for v in problem.visits
            if v.visit_id in kept
        ),
        shifts=tuple(s for s in problem.shifts if s.day // WEEK_DAYS == week),
        clients=tuple(
            replace(c, team_size=sizes[c.client_id]) for c in problem.clients
        ),
    )
