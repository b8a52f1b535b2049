"""Which problems this search is for: those in which waiting costs nothing."""

from __future__ import annotations

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER


def why_not_regular(compiled: CompiledProblem) -> str | None:
    """Return why the least starts are not the best, None where they are.

    Lateness may have a price, in all and for the largest; nothing else may depend on
    when a visit starts, on the hours of a worker, or on who else comes to a client.
    Then the least starts that keep all legs and links cost least, and the roster is
    known by the order of visits in each round.
    """
    p = compiled.arrays
    policy = compiled.problem.policy
    work = p.span[p.span[:, of.IS_BLOCK] == 0]
    days = work[:, [of.WORKER, of.SPAN_DAY]]
    reasons = (
        (compiled.previous is not None, "it starts from a previous roster"),
        (p.span[:, of.RATE].any(), "time is paid"),
        (p.week[:, :, of.WEEK_RATE].any(), "hours are paid"),
        (p.node[:, of.W_PREF].any(), "preferred starts have a price"),
        ((p.span[:, of.BREAK_DUE] < NEVER).any(), "breaks are due"),
        (p.span[:, of.REST].any(), "days need a rest between them"),
        ((p.week[:, :, of.REST_FROM] >= 0).any(), "weeks need a rest"),
        ((p.week[:, :, of.MOST] < NEVER).any(), "workers have a most of hours"),
        ((p.week[:, :, of.AVERAGE_CAP] < NEVER).any(), "average hours are limited"),
        (bool(policy.unknown_worker_p), "unknown workers have a price"),
        (bool(policy.extra_worker_p), "teams have a size"),
        (bool(p.par[of.VEHICLES]), "rounds have a choice of vehicles"),
        (len(np.unique(days, axis=0)) < len(days), "a worker has two shifts on a day"),
    )
    return next((reason for found, reason in reasons if found), None)
