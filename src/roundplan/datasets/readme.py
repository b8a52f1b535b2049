"""The README of a generated folder: what it is, what came out, every assumption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.demand import Week
from roundplan.datasets.demand.model import ClientPlan, VisitPattern
from roundplan.datasets.demand.packages import SENIOR
from roundplan.datasets.town import BusLine, Town

INTRODUCTION = """\
# A made-up week of home care

{about}.

    roundplan generate {command} --out FOLDER

The town, its streets, the people and their names, addresses and telephone numbers are
invented: any likeness is chance. The map lies at inner London's latitude, but shows
no real place. Licence: CC0-1.0 for all files of this folder.

The same command writes the same bytes again.
"""

RESTS_ON = """\
## What it rests on

Every figure that the generator goes by, with its source. Those without a published
source are assumptions, and say so. How streets are drawn, workers hired and past
teams made with these figures is told in `docs/generated-town.md` of roundplan.

| name | value | source | note |
|---|---|---|---|
"""


def readme(
    week: Week,
    town: Town,
    lines: Sequence[BusLine],
    area_km2: float,
    seed: int,
    figures: Figures,
) -> str:
    """Return the README of a generated folder."""
    like = f"--like {figures.shape} " if figures.shape else ""
    parts = [
        INTRODUCTION.format(
            about=figures.text("about"),
            command=(
                f"{like}--clients {figures.text('clients')} --seed {seed} "
                f"--start {week.start_date} --days {week.days}"
            ),
        ),
        _what_came_out(week, town, lines, area_km2),
        RESTS_ON + "".join(_rows(figures)),
    ]
    return "\n".join(parts)


def _rows(figures: Figures) -> Iterable[str]:
    for a in figures.rows.values():
        yield f"| {a.name} | {a.value} | {a.source} | {a.note} |\n"


def _what_came_out(
    week: Week, town: Town, lines: Sequence[BusLine], area_km2: float
) -> str:
    visits = [(c, v) for c in week.clients for v in c.visits]
    a_week = sum(_a_week(v) for _, v in visits)
    hours = sum(_a_week(v) * v.minutes for _, v in visits) / 60
    attended = sum(_a_week(v) * v.minutes * v.workers for _, v in visits) / 60
    on_shift = sum(w.shift_hours for w in week.workers)
    lengths = dict.fromkeys(sorted({v.minutes for _, v in visits}), 0.0)
    for _, visit in visits:
        lengths[visit.minutes] += _a_week(visit)
    mix = ", ".join(f"{100 * n / a_week:.1f}% of {m} min" for m, n in lengths.items())
    count = max(1, len(week.clients))
    zero = sum(w.zero_hours for w in week.workers)
    doubles = sum(client.double for client in week.clients)
    patches = Counter(client.address.patch for client in week.clients)
    tiers = Counter(p.tier for p in week.providers)
    rows = [
        ("square kilometres", f"{area_km2:.1f}"),
        ("clients, of them double-handed", f"{len(week.clients):,}, {doubles}"),
        ("clients by patch", _listed(sorted(patches.items()))),
        ("providers", _listed(tiers.items())),
        ("visits in the horizon", f"{_in_horizon(week, visits):,}"),
        ("visits a week, but for packages that start or end", f"{a_week:,.0f}"),
        (
            "visits and contact hours per client and week",
            f"{a_week / count:.1f}, {hours / count:.1f}",
        ),
        ("attendance hours a week (double-handed counted twice)", f"{attended:,.0f}"),
        ("visit lengths", mix),
        ("visits by two workers", _share(visits, lambda v: v.workers > 1)),
        ("visits at a fixed time", _share(visits, lambda v: v.time_critical)),
        ("workers, of them on zero hours", f"{len(week.workers):,}, {zero}"),
        ("shift hours a week, per attendance hour", _ratio(on_shift, attended)),
        (
            "low-traffic neighbourhoods, modal filters",
            f"{town.ltn_cells}, {town.filters}",
        ),
        (
            "bus lines, stops",
            f"{len(lines)}, {len({s.id for line in lines for s in line.stops})}",
        ),
        ("workers who also go by", _listed(_vehicles(week))),
    ]
    seniors = sum(SENIOR in worker.skills for worker in week.workers)
    if seniors:
        rows.append(("senior enablers", f"{seniors}"))
    text = ["## What came out", "", "| figure | value |", "|---|---|"]
    text += [f"| {name} | {value} |" for name, value in rows]
    return "\n".join(text) + "\n"


def _vehicles(week: Week) -> list[tuple[str, int]]:
    """Return how many workers have each mode besides walking."""
    count = Counter(mode for worker in week.workers for mode in worker.modes[1:])
    return sorted(count.items())


def _in_horizon(week: Week, visits: list[tuple[ClientPlan, VisitPattern]]) -> int:
    days = [week.start_date + timedelta(days=i) for i in range(week.days)]
    return sum(client.due(visit, day) for client, visit in visits for day in days)


def _a_week(visit: VisitPattern) -> float:
    """Return how often a visit takes place in a week of the horizon, on average."""
    return visit.a_week * visit.runs


def _share(
    visits: list[tuple[ClientPlan, VisitPattern]], such: Callable[[VisitPattern], bool]
) -> str:
    total = sum(_a_week(v) for _, v in visits)
    found = sum(_a_week(v) for _, v in visits if such(v))
    return f"{100 * found / total:.1f}%" if total else "none"


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts)


def _ratio(on_shift: float, attended: float) -> str:
    return f"{on_shift:,.0f}, {on_shift / attended:.2f}" if attended else "0"
