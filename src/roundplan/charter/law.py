"""The law that an audit tests: minimum wage, rest, breaks and average hours.

Two clocks (DOMAIN R3, R6). The minimum wage counts contact, travel between visits, and
gaps of up to an hour; not the way from and to home. Working time, for rest, breaks and
the 48 hours, runs from home to home unless the worker has a fixed base.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from roundplan.charter.attendances import GAP_S, Attendance, PaidBlock, Record
from roundplan.charter.findings import Breach, Finding, Status
from roundplan.charter.wages import Wages
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

MINIMUM_WAGE = "national_minimum_wage"
DAILY_REST_S = 11 * HOUR_S
WEEKLY_REST_S, FORTNIGHT_REST_S = 24 * HOUR_S, 48 * HOUR_S
BREAK_AFTER_S, BREAK_S = 6 * HOUR_S, 20 * MINUTE_S
AVERAGE_S, AVERAGE_WEEKS = 48 * HOUR_S, 17
"""Working Time Regulations 1998, regulations 4, 10, 11 and 12 (DOMAIN R7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A worker's day: from clock-on to clock-off, and seconds by clock."""

    day: date
    on_s: int
    off_s: int
    nmw_s: int
    paid_s: int | None
    rest_s: int
    """The longest time between visits that is neither travel nor paid work."""
    home_s: int = 0

    @property
    def work_s(self) -> int:
        """Working time: breaks and gaps of more than an hour left out."""
        return self.nmw_s + self.home_s


def duties(record: Record) -> dict[str, list[Duty]]:
    """Return each worker's days, in order."""
    found: dict[str, list[Duty]] = {}
    of_worker: dict[str, list[PaidBlock]] = defaultdict(list)
    for block in record.blocks or ():
        of_worker[block.worker_id].append(block)
    for worker_id, mine in record.by_worker().items():
        person = record.people.get(worker_id)
        fixed = person is not None and person.has_fixed_base
        by_day: dict[date, list[Attendance]] = defaultdict(list)
        for a in mine:
            by_day[a.day].append(a)
        blocks: dict[date, list[PaidBlock]] = defaultdict(list)
        for block in of_worker[worker_id]:
            blocks[block.day].append(block)
        found[worker_id] = [
            _with_blocks(
                _duty(day, by_day[day], fixed) if day in by_day else None, blocks[day]
            )
            for day in sorted({*by_day, *blocks})
        ]
    return found


def _with_blocks(duty: Duty | None, blocks: list[PaidBlock]) -> Duty:
    """Return a day with its training and meetings, which count on both clocks."""
    for block in sorted(blocks, key=lambda b: b.start_s):
        length_s = block.end_s - block.start_s
        if duty is None:
            duty = Duty(
                day=block.day,
                on_s=block.start_s,
                off_s=block.end_s,
                nmw_s=length_s,
                paid_s=length_s,
                rest_s=0,
            )
            continue
        between = max(block.start_s - duty.off_s, duty.on_s - block.end_s)
        duty = replace(
            duty,
            on_s=min(duty.on_s, block.start_s),
            off_s=max(duty.off_s, block.end_s),
            nmw_s=duty.nmw_s + length_s,
            paid_s=None if duty.paid_s is None else duty.paid_s + length_s,
            rest_s=max(duty.rest_s, between),
        )
    assert duty is not None
    return duty


def _duty(day: date, mine: list[Attendance], fixed: bool) -> Duty:
    first, last = mine[0], mine[-1]
    there_s = first.travel_s or 0
    back_s = last.to_home_s
    home_s = (there_s if first.from_home else 0) + back_s
    office_s = 0 if first.from_home else there_s
    nmw_s = sum(a.length_s for a in mine) + office_s
    paid_s: int | None = sum(a.length_s for a in mine) + office_s
    on_s = first.start_s - (0 if fixed and first.from_home else there_s)
    rest_s = 0
    for before, after in pairwise(mine):
        gap_s = max(0, after.start_s - before.end_s)
        travel_s = min(gap_s, after.travel_s or 0)
        # a break that a roster states is one; without, a gap of 20 minutes may be
        wait_s = max(0, gap_s - travel_s - after.break_s)
        counted_s = travel_s + (wait_s if wait_s <= GAP_S else 0)
        nmw_s += counted_s
        if paid_s is not None:
            if after.travel_s is not None and after.paid_travel_s is None:
                paid_s = None
            else:
                # who pays for travel pays for the short wait too, as our pay clock does
                pays = after.travel_s is None or after.paid_travel_s
                waited = wait_s if pays and wait_s <= GAP_S else 0
                paid_s += (after.paid_travel_s or 0) + waited
        rest_s = max(rest_s, gap_s - travel_s)
    off_s = last.end_s + (0 if fixed else back_s)
    return Duty(
        day=day,
        on_s=on_s,
        off_s=off_s,
        nmw_s=nmw_s,
        paid_s=paid_s,
        rest_s=rest_s,
        home_s=0 if fixed else home_s,
    )


def worked_hours(record: Record) -> dict[str, dict[date, int]]:
    """Return seconds on the minimum-wage clock by worker and week, by its Monday."""
    found: dict[str, dict[date, int]] = {}
    for worker_id, mine in duties(record).items():
        weeks: dict[date, int] = defaultdict(int)
        for duty in mine:
            weeks[duty.day - timedelta(days=duty.day.weekday())] += duty.nmw_s
        found[worker_id] = dict(weeks)
    return found


def law_findings(record: Record, wages: Wages) -> tuple[Finding, ...]:
    """Return what is found of each law.

    Raises
    ------
    RateError
        E1201. There is no minimum wage for a day.
    """
    by_worker = duties(record)
    travel = any(a.travel_s is not None for a in record.attendances)
    home = "" if travel else "; without travel_s it counts visits and gaps alone"
    count = sum(map(len, by_worker.values()))
    return (
        _minimum_wage(record, wages, by_worker),
        _finding(
            "Daily rest of 11 hours",
            f"{count:,} worker-days{home}",
            _daily_rest(by_worker),
        ),
        _finding(
            "Weekly rest of 24 hours, or 48 in two weeks",
            f"{len(by_worker):,} workers{home}",
            _weekly_rest(record, by_worker),
        ),
        _finding(
            "A break of 20 minutes in more than 6 hours",
            f"{count:,} worker-days; gaps count as breaks, whatever was done in them",
            _breaks(by_worker),
        ),
        _average(record, by_worker),
    )


def _finding(name: str, said: str, breaches: Iterator[Breach]) -> Finding:
    found = tuple(breaches)
    status = Status.BROKEN if found else Status.KEPT
    return Finding(number=None, name=name, status=status, evidence=said, breaches=found)


def _minimum_wage(
    record: Record, wages: Wages, by_worker: dict[str, list[Duty]]
) -> Finding:
    """Test pay by calendar month against the hours on the minimum-wage clock (R4)."""
    name = "Minimum wage by pay reference period"
    breaches, periods, unknown = [], 0, 0
    for worker_id, mine in by_worker.items():
        person = record.people.get(worker_id)
        months: dict[tuple[int, int], list[Duty]] = defaultdict(list)
        for duty in mine:
            months[duty.day.year, duty.day.month].append(duty)
        for days in months.values():
            rates = [None if person is None else person.rate_on(d.day) for d in days]
            if None in rates or any(d.paid_s is None for d in days):
                unknown += 1
                continue
            periods += 1
            pay = sum(
                (d.paid_s or 0) * (r or 0) for d, r in zip(days, rates, strict=True)
            )
            hours_s = sum(d.nmw_s for d in days)
            least = wages.pence(MINIMUM_WAGE, days[0].day)
            if pay < least * hours_s:
                below = least - pay / hours_s
                breaches.append(
                    Breach(
                        what="paid below the minimum wage",
                        amount=round(below, 1),
                        unit="p/h",
                        worker_id=worker_id,
                        day=days[0].day,
                    )
                )
    if not periods:
        return Finding(
            number=None,
            name=name,
            status=Status.NOT_TESTABLE,
            evidence="needs hourly_rate of workers, and paid_travel_s beside travel_s",
        )
    said = (
        f"{periods:,} worker-months, mileage and expenses left out; waits of up to an "
        "hour count as work, and are taken as paid where the travel is"
    )
    if unknown:
        said += f"; {unknown:,} cannot be tested"
    return _finding(name, said, iter(breaches))


def _daily_rest(by_worker: dict[str, list[Duty]]) -> Iterator[Breach]:
    for worker_id, mine in by_worker.items():
        for before, after in pairwise(mine):
            rest_s = after.on_s - before.off_s
            if rest_s < DAILY_REST_S:
                yield Breach(
                    what="rest too short",
                    amount=round((DAILY_REST_S - rest_s) / HOUR_S, 2),
                    unit="h",
                    worker_id=worker_id,
                    day=after.day,
                )


def _weekly_rest(record: Record, by_worker: dict[str, list[Duty]]) -> Iterator[Breach]:
    """Yield whole weeks without a day's rest, where no two weeks make up for it.

    Only what lies within the record can make up for a week.
    """
    first_monday = record.first + timedelta(days=-record.first.weekday() % 7)
    first_s = record.midnight_s(first_monday)
    last_s = record.midnight_s(record.last + timedelta(days=1))
    for worker_id, mine in by_worker.items():
        spans = [(d.on_s, d.off_s) for d in mine]
        monday = first_monday
        while monday + timedelta(days=6) <= record.last:
            low = record.midnight_s(monday)
            week = _rests(spans, low, low + 7 * DAY_S)
            if max(week) < WEEKLY_REST_S:
                around = [
                    sum(r for r in _rests(spans, at, at + 14 * DAY_S) if r >= DAY_S)
                    for at in (low - 7 * DAY_S, low)
                    if first_s <= at and at + 14 * DAY_S <= last_s
                ]
                if max(around, default=0) < FORTNIGHT_REST_S:
                    yield Breach(
                        what="no day's rest in a week",
                        amount=round((WEEKLY_REST_S - max(week)) / HOUR_S, 2),
                        unit="h",
                        worker_id=worker_id,
                        day=monday,
                    )
            monday += timedelta(days=7)


def _rests(spans: list[tuple[int, int]], low: int, high: int) -> list[int]:
    """Return the lengths of time off between two moments."""
    inside = [(a, b) for a, b in spans if b > low and a < high]
    edges = [low, *(s for span in inside for s in span), high]
    return [max(0, b - a) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _breaks(by_worker: dict[str, list[Duty]]) -> Iterator[Breach]:
    for worker_id, mine in by_worker.items():
        for duty in mine:
            if duty.work_s > BREAK_AFTER_S and duty.rest_s < BREAK_S:
                yield Breach(
                    what="break too short",
                    amount=(BREAK_S - duty.rest_s) / MINUTE_S,
                    unit="min",
                    worker_id=worker_id,
                    day=duty.day,
                )


def _average(record: Record, by_worker: dict[str, list[Duty]]) -> Finding:
    """Test the mean of each 17 ISO weeks that end in the record.

    A week of which the record has only some days counts with these, so that nothing
    is broken by what is not known. Weeks before have the mean of the 16 weeks' hours
    that a worker brings; who brings none is only tested with 17 weeks.
    """
    name = "48 hours a week on average over 17 weeks"
    mondays = _mondays(record)
    breaches, over = [], 0
    untested = tested = 0
    for worker_id, mine in by_worker.items():
        person = record.people.get(worker_id)
        if person is not None and person.opted_out:
            continue
        before_s = None if person is None else person.hours_before_s
        mean_s, monday = _highest_mean(mondays, mine, before_s)
        if before_s is None and len(mondays) < AVERAGE_WEEKS:
            untested += 1
            over += mean_s > AVERAGE_S
            continue
        tested += 1
        if mean_s > AVERAGE_S:
            breaches.append(
                Breach(
                    what="average hours a week above 48",
                    amount=round((mean_s - AVERAGE_S) / HOUR_S, 2),
                    unit="h",
                    worker_id=worker_id,
                    day=monday,
                )
            )
    said = f"{tested:,} workers over {len(mondays):,} weeks, and their 16 weeks before"
    if untested:
        said = (
            f"{said}; " if tested else ""
        ) + f"{untested:,} workers have {len(mondays):,} weeks of the 17, not tested: "
        said += f"{over:,} of them above 48 hours in the mean of these"
    if untested and not tested:
        return Finding(
            number=None,
            name=name,
            status=Status.NOT_TESTABLE,
            evidence=f"needs 17 weeks, or hours_last_16_weeks of workers; {said}",
        )
    return _finding(name, said, iter(breaches))


def _mondays(record: Record) -> list[date]:
    """Return the Mondays of the weeks that the record touches."""
    monday = record.first - timedelta(days=record.first.weekday())
    weeks = (record.last - monday).days // 7 + 1
    return [monday + timedelta(days=7 * week) for week in range(weeks)]


def _highest_mean(
    mondays: list[date], mine: list[Duty], before_s: int | None
) -> tuple[float, date]:
    """Return the highest mean of 17 weeks, and the Monday of its last week."""
    worked: dict[date, int] = defaultdict(int)
    for duty in mine:
        worked[duty.day - timedelta(days=duty.day.weekday())] += duty.work_s
    means = []
    for i, monday in enumerate(mondays):
        inside = mondays[max(0, i - AVERAGE_WEEKS + 1) : i + 1]
        total, count = float(sum(worked[week] for week in inside)), len(inside)
        if before_s is not None:
            total += before_s * (AVERAGE_WEEKS - count) / (AVERAGE_WEEKS - 1)
            count = AVERAGE_WEEKS
        if count == AVERAGE_WEEKS or i == len(mondays) - 1:
            means.append((total / count, monday))
    return max(means, key=lambda found: found[0])
