"""Break: 20 minutes in a day of more than six hours' working time (WTR reg. 12).

The module has an underscore because ``break`` is a word of the language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from roundplan.check._clocks import WorkSpan
from roundplan.check._stops import RoundView
from roundplan.check._view import RosterView
from roundplan.check.violation import SECONDS, Violation, spell_time
from roundplan.domain import Break, Policy, Rule


def violations(view: RosterView) -> Iterator[Violation]:
    """Yield break rows that are no rest, and long worker-days without a rest.

    A day with a row at fault is not also reported for lack of a rest. A day without
    a round is not tested: the roster has no say in training and meetings.
    """
    policy = view.problem.policy
    at_fault: set[tuple[str, int]] = set()
    for care_round in view.rounds:
        for fault in _rows(policy, care_round):
            at_fault.add((care_round.worker_id, care_round.day))
            yield fault
    for worker_id, spans in view.spans_of.items():
        days: defaultdict[int, list[WorkSpan]] = defaultdict(list)
        for span in spans:
            days[span.day].append(span)
        for day, its in days.items():
            work = sum(s.work_s for s in its)
            due = any(s.care for s in its) and work > policy.break_after_s
            rest = _longest_rest(its)
            short = policy.break_s - rest
            if due and short > 0 and (worker_id, day) not in at_fault:
                yield Violation(
                    rule=Rule.BREAK,
                    amount=short,
                    unit=SECONDS,
                    worker_id=worker_id,
                    day=day,
                    message=f"Worker {worker_id} works {spell_time(work)} on "
                    f"{view.date(day)} and rests {spell_time(rest)} at a stretch, "
                    f"{spell_time(short)} short.",
                )


def _longest_rest(spans: list[WorkSpan]) -> int:
    """Return the longest rest between a day's first clock-on and last clock-off."""
    longest = max(s.rest_s for s in spans)
    free_from = spans[0].off_s
    for span in spans[1:]:
        longest = max(longest, span.on_s - free_from)
        free_from = max(free_from, span.off_s)
    return longest


def _rows(policy: Policy, care_round: RoundView) -> Iterator[Violation]:
    """Yield break rows too short, not in a gap, or taking the time of its leg."""
    for row in care_round.care_round.breaks:
        short = policy.break_s - (row.end_s - row.start_s)
        outside = _outside(care_round, row)
        if short > 0 or outside > 0:
            how = "too short" if short >= outside else "not between visits"
            yield care_round.violation(
                Rule.BREAK,
                max(short, outside),
                SECONDS,
                f"A break of worker {care_round.worker_id} in round "
                f"{care_round.round_id} is {spell_time(max(short, outside))} {how}.",
            )
    for gap in care_round.gaps():
        taken = min(gap.resting_s, gap.need_s + gap.resting_s - gap.length_s)
        if taken > 0:
            yield care_round.violation(
                Rule.BREAK,
                taken,
                SECONDS,
                f"Worker {care_round.worker_id} would have to travel in the break "
                f"before visit {gap.after.visit_id} for {spell_time(taken)}.",
                at=gap.after,
            )


def _outside(care_round: RoundView, row: Break) -> int:
    """Return how much of a break row is not in the gap that holds most of it."""
    inside = max(
        (
            min(row.end_s, gap.after.start_s) - max(row.start_s, gap.before.end_s)
            for gap in care_round.gaps()
        ),
        default=0,
    )
    return row.end_s - row.start_s - max(0, inside)
