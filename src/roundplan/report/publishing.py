"""Publishing: what workers are told, with how much notice, and what was taken away.

The Employment Rights Act 2025 (section 3) wants reasonable notice of shifts and of
their changes, payment for what is cancelled, moved or cut short at short notice, and
offers of the hours that are worked on average over a reference period. The figures are
recorded; what they oblige to is still to be set in regulations (DOMAIN 4.3, R8).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from roundplan.cost import round_figures
from roundplan.domain import PAID_BLOCKS
from roundplan.formats.cells import WallTime
from roundplan.formats.published import Published, Span, latest
from roundplan.report.rota import Rota
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

WEEK = 7
REFERENCE_DAYS = 12 * WEEK
"""Twelve weeks: the reference period that is expected (DOMAIN 4.3, R8)."""


def publish(
    rota: Rota, before: Iterable[Published], *, at: datetime, roster: str, sha256: str
) -> tuple[Published, ...]:
    """Return what is new to workers on the days of a roster.

    A worker's day is new when its rounds, training and meetings begin or end at other
    times than they were last told, or when there are none any more; which visits are in
    them does not count. A day that is as it was gives nothing, so publishing twice says
    nothing more.

    Parameters
    ----------
    at
        When workers are told, an aware time.
    """
    was = latest(before)
    now: dict[tuple[str, date], list[Span]] = defaultdict(list)
    paid: dict[tuple[str, date], int] = defaultdict(int)
    figures = round_figures(rota.problem, rota.travel, rota.roster)
    for r in rota.roster.rounds:
        if r.visits:
            on = rota.date(r.day)
            starts = [_wall(rota, v.start_s, on) for v in r.visits]
            ends = [_wall(rota, v.end_s, on) for v in r.visits]
            now[r.worker_id, on].append((min(starts), max(ends)))
            paid[r.worker_id, on] += figures.get(r.round_id, {}).get("paid_s", 0)
    for block in rota.problem.shifts:
        if block.kind in PAID_BLOCKS:
            on = rota.date(block.day)
            ends_of = (block.start_s, block.end_s)
            begin, end = (_wall(rota, second, on) for second in ends_of)
            now[block.worker_id, on].append((begin, end))
            paid[block.worker_id, on] += block.end_s - block.start_s
    days = {rota.date(day) for day in range(rota.problem.horizon.days)}
    days |= {on for _, on in now}
    told = {key for key, item in was.items() if key[1] in days and item.works}
    found = []
    for worker_id, on in sorted(now.keys() | told, key=lambda key: (key[1], key[0])):
        works = tuple(sorted(now.get((worker_id, on), ())))
        earlier = was.get((worker_id, on))
        then = earlier.works if earlier is not None else ()
        added, cancelled = _without(works, then), _without(then, works)
        if not added and not cancelled:
            continue
        first = min(start for start, _ in (*added, *cancelled))
        found.append(
            Published(
                at=at,
                roster=roster,
                sha256=sha256,
                worker_id=worker_id,
                on=on,
                works=works,
                paid_s=paid.get((worker_id, on), 0),
                added_s=_total(added),
                cancelled_s=_total(cancelled) if earlier is not None else 0,
                notice_s=round((_moment(rota, on, first) - at).total_seconds()),
            )
        )
    return tuple(found)


def _wall(rota: Rota, second: int, on: date) -> int:
    """Return seconds on the wall clock since the midnight of a date, whole minutes."""
    local = rota.moment(second)
    since = (local.date() - on).days * DAY_S + local.hour * HOUR_S
    return since + local.minute * MINUTE_S


def _moment(rota: Rota, on: date, wall_s: int) -> datetime:
    return rota.moment(rota.clock.seconds(on, WallTime(wall_s)))


def _without(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return the parts of spans that lie in none of the others."""
    left = list(spans)
    for begin, end in others:
        left = [
            part
            for start, stop in left
            for part in ((start, min(stop, begin)), (max(start, end), stop))
            if part[0] < part[1]
        ]
    return sorted(set(left))


def _total(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """Paid time of a worker a week, over the days that were published.

    ``days`` counts those of the reference period for which anything was published:
    with fewer than 84 of them the mean is of a shorter time.
    """

    worker_id: str
    days: int
    paid_s: int

    @property
    def week_s(self) -> int | None:
        """Seconds a week, on average; None of less than a week."""
        return None if self.days < WEEK else round(WEEK * self.paid_s / self.days)


def average_hours(published: Iterable[Published], last: date) -> tuple[Average, ...]:
    """Return the average week of each worker over the 12 weeks that end with a day."""
    first = last - timedelta(days=REFERENCE_DAYS - 1)
    found = {
        key: item for key, item in latest(published).items() if first <= key[1] <= last
    }
    days = len({on for _, on in found})
    paid: dict[str, int] = defaultdict(int)
    for (worker_id, _), item in found.items():
        paid[worker_id] += item.paid_s
    return tuple(
        Average(worker_id=worker, days=days, paid_s=paid[worker])
        for worker in sorted(paid)
    )


NOTICE_BANDS: tuple[tuple[str, int], ...] = (
    ("after the start", 0),
    ("under 24 hours", 24 * HOUR_S),
    ("1 to 7 days", 7 * DAY_S),
    ("7 to 28 days", 28 * DAY_S),
)
"""Bands of notice, each below its limit; longer is "28 days or more", which is about
the month of the Living Hours standard (DOMAIN 4.3, R8)."""

LONGEST_NOTICE = "28 days or more"


def by_notice(published: Iterable[Published]) -> Mapping[str, list[Published]]:
    """Return what was published by its band of notice, shortest first."""
    found: dict[str, list[Published]] = {name: [] for name, _ in NOTICE_BANDS}
    found[LONGEST_NOTICE] = []
    for item in published:
        band = next(
            (name for name, limit in NOTICE_BANDS if item.notice_s < limit),
            LONGEST_NOTICE,
        )
        found[band].append(item)
    return found
