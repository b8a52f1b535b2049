"""Weekly rest: 24 hours in each week, or 48 in a fortnight (WTR reg. 11)."""

from __future__ import annotations

from collections.abc import Iterator

from roundplan.check._clocks import WorkSpan
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Horizon, Policy, Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield workers' ISO weeks without rest, by what the longest stretch lacks.

    Only weeks wholly inside the horizon, and with a round, are tested. A week
    without its stretch is kept if it and the week before, or after, make a fortnight
    with one stretch of 48 hours or two of 24.
    """
    horizon, policy = view.problem.horizon, view.problem.policy
    whole = [w for w in range(horizon.weeks) if len(horizon.days_of_week(w)) == 7]
    fortnights = {
        week: [
            (first, first + 1)
            for first in (week - 1, week)
            if first in whole and first + 1 in whole
        ]
        for week in whole
    }
    for worker_id, spans in view.spans_of.items():
        working = {horizon.week_of(s.day) for s in spans if s.care}
        for week in whole:
            if week not in working:
                continue
            longest = max(_stretches(spans, horizon, week, week), default=0)
            if longest >= policy.weekly_rest_s or any(
                _fortnight_rests(policy, _stretches(spans, horizon, first, last))
                for first, last in fortnights[week]
            ):
                continue
            short = policy.weekly_rest_s - longest
            day = horizon.days_of_week(week)[0]
            yield Violation(
                rule=Rule.WEEKLY_REST,
                amount=short,
                unit=SECONDS,
                worker_id=worker_id,
                day=day,
                message=f"Worker {worker_id} rests at most {spell_time(longest)} at a "
                f"stretch in the week of {view.date(day)}, {spell_time(short)} short.",
            )


def _stretches(
    spans: tuple[WorkSpan, ...], horizon: Horizon, first_week: int, last_week: int
) -> list[int]:
    """Return the lengths of time without work from one week's start to another's end.

    ``spans`` are in order of clock-on and may overlap.
    """
    free_from = horizon.midnights_s[horizon.days_of_week(first_week)[0]]
    end = horizon.midnights_s[horizon.days_of_week(last_week)[-1] + 1]
    lengths: list[int] = []
    for span in spans:
        if span.off_s <= free_from or span.on_s >= end:
            continue
        lengths.append(max(0, span.on_s - free_from))
        free_from = span.off_s
    lengths.append(max(0, end - free_from))
    return lengths


def _fortnight_rests(policy: Policy, lengths: list[int]) -> bool:
    """Return whether a fortnight's stretches hold its rest, in one piece or two."""
    pieces = sum(length // policy.weekly_rest_s for length in lengths)
    return pieces >= 2 or max(lengths) >= policy.fortnight_rest_s
