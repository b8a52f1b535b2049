"""The README of a generated folder: what it is, what came out, every assumption."""

from __future__ import annotations

from collections import Counter

from roundplan.datasets.assumptions import assumptions
from roundplan.datasets.demand import Week
from roundplan.datasets.town import Town

INTRODUCTION = """\
# A made-up week of home care

Written by `roundplan generate --clients {clients} --seed {seed}`. The town, its
streets, the people and their names, addresses and telephone numbers are invented: any
likeness is chance. The map lies at inner London's latitude, but shows no real place.
Licence: CC0-1.0 for all files of this folder.

The same command writes the same bytes again.
"""


def readme(week: Week, town: Town, seed: int) -> str:
    """Return the README of a generated folder."""
    parts = [
        INTRODUCTION.format(clients=len(week.clients), seed=seed),
        _what_came_out(week, town),
        _assumptions(),
    ]
    return "\n".join(parts)


def _what_came_out(week: Week, town: Town) -> str:
    visits = [(c, v) for c in week.clients for v in c.visits]
    a_week = sum(v.a_week for _, v in visits)
    hours = sum(v.a_week * v.minutes for _, v in visits) / 60
    attended = sum(v.a_week * v.minutes * v.workers for _, v in visits) / 60
    on_shift = sum(w.shift_hours for w in week.workers)
    lengths = Counter[int]()
    for _, visit in visits:
        lengths[visit.minutes] += visit.a_week
    mix = ", ".join(
        f"{100 * n / a_week:.1f}% of {m} min" for m, n in sorted(lengths.items())
    )
    zero = sum(w.zero_hours for w in week.workers)
    rows = [
        ("first day, days", f"{week.start_date}, {week.days}"),
        ("clients, of them double-handed", f"{len(week.clients):,}, {_doubles(week)}"),
        ("visits a week, were all packages to run all week", f"{a_week:,}"),
        ("visits and contact hours per client and week", _per_client(week, hours)),
        ("attendance hours a week (double-handed counted twice)", f"{attended:,.0f}"),
        ("visit lengths", mix),
        ("workers, of them on zero hours", f"{len(week.workers):,}, {zero}"),
        ("shift hours a week, per attendance hour", _ratio(on_shift, attended)),
        (
            "low-traffic neighbourhoods, modal filters",
            f"{town.ltn_cells}, {town.filters}",
        ),
    ]
    lines = ["## What came out", "", "| figure | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    return "\n".join(lines) + "\n"


def _assumptions() -> str:
    lines = [
        "## What it rests on",
        "",
        "Figures without a published source are assumptions, and say so. Shares that",
        "no row has (how long a window is, which band a visit falls in) are constants",
        "of `roundplan.datasets.demand`, documented there.",
        "",
        "| name | value | source | note |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {a.name} | {a.value} | {a.source} | {a.note} |"
        for a in assumptions().values()
    ]
    return "\n".join(lines) + "\n"


def _doubles(week: Week) -> int:
    return sum(client.double for client in week.clients)


def _per_client(week: Week, hours: float) -> str:
    count = len(week.clients)
    a_week = sum(v.a_week for c in week.clients for v in c.visits)
    return f"{a_week / count:.1f}, {hours / count:.1f}"


def _ratio(on_shift: float, attended: float) -> str:
    return f"{on_shift:,.0f}, {on_shift / attended:.2f}" if attended else "0"
