"""Why visits stay unassigned: what each day asks of its workers at its tightest time.

    uv run python benchmarks/capacity.py FOLDER [--seconds 60] [--record]

For each day, over all spans of half hours: the contact time that must fall inside
(windows and permitted lateness leave no other place), and the time on shift inside.
What is left, shared among the legs that so many visits need at least, is how long a leg
may take, buffer included, when nobody ever waits. The span that leaves least is the
tightest. Beside it stands what a leg takes in a plan, and how many visits of the day
that plan leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from recording import parser_for, record, titled
from roundplan.domain import Priority, Problem, Roster, ShiftKind
from roundplan.formats import load_problem
from roundplan.solve import plan, travel_for
from roundplan.units import HOUR_S, MINUTE_S

HALF_HOURS = range(10, 49)
"""Ends of spans: half hours past midnight, from 05:00."""

FEWEST = 30
"""Attendances that a span needs to say something about a day."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a day: seconds of the horizon, and what is asked and given in it.

    Of the attendances that must at least partly fall inside, only the first of each
    shift can do without a leg inside.
    """

    begin_s: int
    end_s: int
    contact_s: int
    attendances: int
    on_shift_s: int
    shifts: int

    @property
    def leg_minutes(self) -> float:
        """How long a leg may take, buffer included, if nothing else takes time."""
        legs = max(1, self.attendances - self.shifts)
        return (self.on_shift_s - self.contact_s) / legs / MINUTE_S


def tightest(problem: Problem, day: int) -> Span | None:
    """Return the span of a day that leaves least for travel."""
    midnight = problem.horizon.midnights_s[day]
    asked = np.array(
        [
            (
                v.window.earliest_start_s,
                v.window.latest_start_s
                + lateness(problem, v.priority, v.time_critical),
                v.duration_s,
                v.workers_required,
            )
            for v in problem.visits
            if v.day == day
        ]
    ).reshape(-1, 4)
    shifts = np.array(
        [
            (s.start_s, s.end_s)
            for s in problem.shifts
            if s.kind is ShiftKind.WORK and s.day == day
        ]
    ).reshape(-1, 2)
    spans = []
    for first, last in combinations(HALF_HOURS, 2):
        begin, end = midnight + first * HOUR_S // 2, midnight + last * HOUR_S // 2
        early, late, length, hands = asked.T
        inside = np.minimum(early + length - begin, end - late)
        inside = np.clip(np.minimum(inside, length), 0, end - begin)
        given = np.clip(
            np.minimum(shifts[:, 1], end) - np.maximum(shifts[:, 0], begin), 0, None
        )
        spans.append(
            Span(
                begin_s=begin,
                end_s=end,
                contact_s=int((inside * hands).sum()),
                attendances=int(hands[inside > 0].sum()),
                on_shift_s=int(given.sum()),
                shifts=int((given > 0).sum()),
            )
        )
    busy = [s for s in spans if s.attendances - s.shifts >= FEWEST]
    return min(busy, key=lambda s: s.leg_minutes, default=None)


def lateness(problem: Problem, priority: Priority, time_critical: bool) -> int:
    """Return the lateness that the rules permit, seconds."""
    hard = time_critical or priority is Priority.ESSENTIAL
    return 0 if hard else problem.policy.soft_lateness_s


def needed_minutes(roster: Roster, span: Span, buffer_s: int) -> float:
    """Return the mean need of the legs into visits of a span: travel and buffer."""
    needs = [
        stop.leg.travel_s + buffer_s * (stop.leg.travel_s > 0)
        for care_round in roster.rounds
        for stop in care_round.visits[1:]
        if stop.leg is not None and span.begin_s <= stop.start_s < span.end_s
    ]
    return sum(needs) / max(1, len(needs)) / MINUTE_S


def main() -> None:
    """Plan a folder and print a line per day."""
    parser = parser_for(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    folder = load_problem(given.folder)
    problem = folder.problem
    roster = plan(problem, travel_for(folder), seconds=given.seconds).roster
    left = [problem.visit(u.visit_id).day for u in roster.unassigned]
    with titled(f"{given.folder.name}: the tightest span of each day"):
        print(
            "day         span          on shift  contact  attend-  left for  takes in"
            "  left\n"
            "                          hours     hours    ances    a leg     the plan"
            "  out"
        )
        for day in range(problem.horizon.days):
            span = tightest(problem, day)
            if span is None:
                continue
            midnight = problem.horizon.midnights_s[day]
            row = {
                "span": "-".join(
                    f"{(at - midnight) // HOUR_S:02}:"
                    f"{(at - midnight) % HOUR_S // MINUTE_S:02}"
                    for at in (span.begin_s, span.end_s)
                ),
                "on_shift_hours": span.on_shift_s / HOUR_S,
                "contact_hours": span.contact_s / HOUR_S,
                "attendances": span.attendances,
                "leg_left_minutes": span.leg_minutes,
                "leg_planned_minutes": needed_minutes(
                    roster, span, problem.policy.buffer_s
                ),
                "unassigned": left.count(day),
            }
            print(
                f"{problem.horizon.date_of(day):%a %d %b}  {row['span']}  "
                f"{row['on_shift_hours']:>9.0f} {row['contact_hours']:>8.0f} "
                f"{row['attendances']:>8} {row['leg_left_minutes']:>7.1f} min "
                f"{row['leg_planned_minutes']:>6.1f} min {row['unassigned']:>5}"
            )
            record(
                "capacity",
                f"{given.folder.name} {problem.horizon.date_of(day):%a}",
                1,
                row,
                wanted=given.record,
            )


if __name__ == "__main__":
    main()
