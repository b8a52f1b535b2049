"""What ``diff`` does, and how ``repair`` prints its result: who is affected."""

from __future__ import annotations

from pathlib import Path

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._text import counted, duration, pounds
from roundplan.desk import ChangeKind, Difference, RosteredVisit, difference
from roundplan.domain import Horizon
from roundplan.formats import WallClock, load_roster, write_whole
from roundplan.units import HOUR_S, MINUTE_S

MOST_LISTED = 30
"""Visits and workers printed before a list is cut; the CSV file has all."""


def compare_rosters(
    before: Path, now: Path, *, csv: Path | None, screen: Screen
) -> None:
    """Print how two rosters differ, and write the CSV file.

    Raises
    ------
    UsageError
        E1002. They are of different periods.
    """
    folders = [load_roster(folder) for folder in (before, now)]
    old, new = ((f.problem_folder.problem, f.travel, f.roster) for f in folders)
    found = difference(old, new)
    print_difference(screen, found, new[0].horizon)
    if csv is not None:
        write_whole(csv, _csv(found, new[0].horizon))
        screen.say(f"Wrote {csv}")


def print_difference(
    screen: Screen, found: Difference, horizon: Horizon, told_s: int | None = None
) -> None:
    """Print what changes for clients, for workers, and in the cost.

    Parameters
    ----------
    told_s
        When workers are told, in seconds of the horizon: notice is counted from then.
    """
    clock = WallClock(horizon.start_date, horizon.timezone)
    count = len(found.visits)
    screen.heading(f"{count:,} of {counted(found.of, 'visit')} changed")
    if not count:
        screen.say("The rosters are the same, visit by visit.")
        return
    screen.bullets(
        f"{kind.value}: {counted(found.by_kind[kind], 'visit')}"
        for kind in ChangeKind
        if found.by_kind[kind]
    )
    others = found.clients_with_others
    screen.bullets([f"{counted(len(others), 'client')} would see another worker"])
    screen.heading("Visits")
    screen.table(
        ["Visit", "Before", "Now", "Change"],
        [
            (
                c.visit_id,
                _who(c.before, clock),
                _who(c.now, clock),
                _moved(c.kind, c.moved_s),
            )
            for c in found.visits[:MOST_LISTED]
        ],
    )
    _print_rest(screen, count)
    _print_workers(screen, found, clock, told_s)
    _print_cost(screen, found)


def _print_workers(
    screen: Screen, found: Difference, clock: WallClock, told_s: int | None
) -> None:
    screen.heading(f"{counted(len(found.workers), 'worker')} affected")
    notice = "" if told_s is None else "Notice"
    screen.table(
        [
            "Worker",
            f"{RIGHT}Gains",
            f"{RIGHT}Loses",
            f"{RIGHT}Moved",
            f"{RIGHT}Paid now",
            f"{RIGHT}Difference",
            f"{RIGHT}First",
            f"{RIGHT}{notice}",
        ],
        [
            (
                w.worker_id,
                str(w.gained),
                str(w.lost),
                str(w.moved),
                duration(w.paid_now_s // MINUTE_S * MINUTE_S),
                _more(w.paid_now_s - w.paid_before_s),
                f"{clock.moment(w.first_s):%a %H:%M}",
                "" if told_s is None else f"{w.notice_s(told_s) / HOUR_S:,.1f} h",
            )
            for w in found.workers[:MOST_LISTED]
        ],
    )
    if len(found.workers) > MOST_LISTED:
        screen.say(f"and {len(found.workers) - MOST_LISTED:,} more")


def _print_cost(screen: Screen, found: Difference) -> None:
    before, now = found.cost_before.pence(), found.cost_now.pence()
    rows = [
        (
            name.replace("_", " "),
            pounds(before[name]),
            pounds(now[name]),
            _signed(now[name] - before[name]),
        )
        for name in before
        if before[name] != now[name]
    ]
    rows.append(
        (
            "total",
            pounds(found.cost_before.total_p),
            pounds(found.cost_now.total_p),
            _signed(found.added_p),
        )
    )
    screen.heading("Cost: the terms that differ")
    screen.table(
        ["Term", f"{RIGHT}Before", f"{RIGHT}Now", f"{RIGHT}Difference"],
        rows,
        last_is_total=True,
    )


def _who(rostered: RosteredVisit, clock: WallClock) -> str:
    if rostered.start_s is None:
        return "nobody"
    return f"{' and '.join(rostered.workers)} {clock.moment(rostered.start_s):%H:%M}"


def _moved(kind: ChangeKind, moved_s: int) -> str:
    if not moved_s:
        return kind.value
    by = f"{duration(abs(moved_s))} {'later' if moved_s > 0 else 'earlier'}"
    return by if kind is ChangeKind.TIME else f"{kind.value}, {by}"


def _more(seconds: int) -> str:
    whole = abs(seconds) // MINUTE_S * MINUTE_S
    sign = "+" if seconds > 0 else "-"
    return f"{sign}{duration(whole)}" if whole else "none"


def _print_rest(screen: Screen, count: int) -> None:
    if count > MOST_LISTED:
        screen.say(f"and {count - MOST_LISTED:,} more: --csv writes all visits")


def _signed(pence: int) -> str:
    return f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def _csv(found: Difference, horizon: Horizon) -> str:
    """Return a line for each visit that changed, with times on the wall clock."""
    clock = WallClock(horizon.start_date, horizon.timezone)
    frame = found.to_frame()
    for side in ("before", "now"):
        frame[f"start_{side}"] = [
            "" if s != s else f"{clock.moment(int(s)):%Y-%m-%d %H:%M}"
            for s in frame.pop(f"start_{side}_s").astype(float)
        ]
    return str(frame.to_csv(index=False, lineterminator="\n"))
