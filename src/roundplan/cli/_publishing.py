"""What ``publish`` does: check, compare with what was said before, record."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from roundplan.check import broken, check
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._errors import FINE, VIOLATIONS
from roundplan.cli._options import refuse_bad_file
from roundplan.cli._text import counted, duration
from roundplan.cli._verdict import print_verdict
from roundplan.domain import Problem
from roundplan.formats import (
    Published,
    load_published,
    load_roster,
    save_published,
    write_whole,
)
from roundplan.report import (
    REFERENCE_DAYS,
    Average,
    Rota,
    average_hours,
    by_notice,
    publish,
)
from roundplan.units import HOUR_S


def publish_roster(
    folder: Path,
    *,
    at: datetime | None,
    hours: Path | None,
    dry_run: bool,
    problem: Path | None,
    screen: Screen,
) -> int:
    """Publish a roster, and say what is new to workers.

    Returns
    -------
    int
        The exit code: 1 when a rule is broken, and then nothing is recorded.
    """
    if hours is not None:
        refuse_bad_file(hours)
    loaded = load_roster(folder, problem=problem)
    of, beside = loaded.problem_folder.problem, loaded.folder.parent
    violations = check(of, loaded.travel, loaded.roster)
    if broken(violations):
        print_verdict(screen, of, loaded.roster, violations)
        screen.say("Not published: it breaks rules.", style="bold red")
        return VIOLATIONS
    zone = ZoneInfo(of.horizon.timezone)
    when = datetime.now(UTC).astimezone(zone) if at is None else at.replace(tzinfo=zone)
    before = load_published(beside)
    screen.bullets(_changed_since(before, beside), style="yellow")
    rota = Rota.of(loaded, names=False)
    new = publish(
        rota,
        before,
        at=when,
        roster=loaded.folder.name,
        sha256=_sha256(loaded.folder),
    )
    _print_new(screen, new, when)
    averages = average_hours((*before, *new), of.horizon.date_of(of.horizon.days - 1))
    _print_averages(screen, of, averages)
    if dry_run:
        screen.say("Nothing was recorded.")
        return FINE
    if new:
        screen.say(f"Wrote {save_published(beside, (*before, *new))}")
    if hours is not None:
        write_whole(hours, _hours_text(of, averages))
        screen.say(f"Wrote {hours}")
    return FINE


def _sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "roster.csv").read_bytes()).hexdigest()


def _changed_since(published: Iterable[Published], beside: Path) -> list[str]:
    """Say which rosters are not any more what was published."""
    then = {item.roster: item.sha256 for item in published}
    return [
        f"Roster {name} has changed since it was published."
        for name, digest in then.items()
        if (beside / name / "roster.csv").is_file() and _sha256(beside / name) != digest
    ]


def _print_new(screen: Screen, new: Sequence[Published], when: datetime) -> None:
    if not new:
        screen.say("Nothing is new: workers have been told all of this before.")
        return
    workers = counted(len({item.worker_id for item in new}), "worker")
    screen.say(f"New to {workers} on {when:%Y-%m-%d %H:%M}, by the notice they get")
    rows = [
        (
            band,
            f"{len(items):,}",
            duration(sum(item.added_s for item in items)),
            duration(sum(item.cancelled_s for item in items)),
        )
        for band, items in by_notice(new).items()
        if items
    ]
    heads = ["Notice", f"{RIGHT}Worker days", f"{RIGHT}Added", f"{RIGHT}Cancelled"]
    screen.table(heads, rows)
    least = min(new, key=lambda item: (item.notice_s, item.worker_id))
    words = duration(abs(least.notice_s) // HOUR_S * HOUR_S)
    side = "after it began" if least.notice_s < 0 else "before"
    screen.say(f"Shortest: {least.worker_id} on {least.on}, {words} {side}")


def _print_averages(
    screen: Screen, problem: Problem, averages: Sequence[Average]
) -> None:
    if not averages:
        return
    days = counted(averages[0].days, "published day")
    weeks = [(a.week_s, _guaranteed_s(problem, a.worker_id)) for a in averages]
    if any(week is None for week, _ in weeks):
        screen.say(f"Average weeks: {days} of {REFERENCE_DAYS}, too few to say.")
        return
    above = sum(week > guaranteed for week, guaranteed in weeks if week is not None)
    screen.say(
        f"Average weeks, of {days} in {REFERENCE_DAYS}: "
        f"{above:,} of {counted(len(averages), 'worker')} above guaranteed hours"
    )


def _guaranteed_s(problem: Problem, worker_id: str) -> int:
    if not problem.has_worker(worker_id):
        return 0
    return problem.worker(worker_id).contract.guaranteed_s


def _hours_text(problem: Problem, averages: Sequence[Average]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        (
            "worker_id",
            "published_days",
            "paid_hours",
            "hours_a_week",
            "guaranteed_hours_week",
        )
    )
    for a in averages:
        spans = (a.paid_s, a.week_s, _guaranteed_s(problem, a.worker_id))
        hours = ["" if s is None else f"{s / HOUR_S:.2f}" for s in spans]
        writer.writerow((a.worker_id, a.days, *hours))
    return buffer.getvalue()
