"""What ``repair`` does: load, plan with growing freedom, say, write both folders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from roundplan.check import check, overrides_used
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._differing import print_difference
from roundplan.cli._options import refuse_bad_folder
from roundplan.cli._summary import print_unassigned
from roundplan.cli._text import counted, pounds
from roundplan.cli._verdict import print_verdict
from roundplan.cost import kpis, leg_figures, round_figures
from roundplan.datasets.folder import new_folder
from roundplan.desk import Repair, repair
from roundplan.domain import DEFAULT_CHANGE_P, Event, Horizon
from roundplan.errors import UsageError
from roundplan.formats import (
    RosterFolder,
    WallClock,
    load_changes,
    load_problem,
    load_roster,
    save_problem,
    save_roster,
)

PEOPLE = "people.csv"


def repair_roster(
    folder: Path,
    changes: Path,
    *,
    out: Path | None,
    dry_run: bool,
    now: str | None,
    most_visits: int | None,
    most_clients: int | None,
    change_p: int | None,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    problem: Path | None,
    screen: Screen,
) -> int:
    """Repair a roster, print what changes, and write it unless it is a dry run.

    Returns
    -------
    int
        The exit code: 1 when a rule is broken or an essential visit has no worker.

    Raises
    ------
    UsageError
        E1002. Neither or both of ``out`` and ``dry_run``; a time that is none; a
        folder that is there already; a change that cannot be.
    """
    if (out is None) != dry_run:
        msg = "give --out FOLDER, or --dry-run to write nothing"
        raise UsageError(msg)
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out.name} is there already; choose a new folder"
        raise UsageError(msg)
    loaded = load_roster(folder, problem=problem)
    if out is not None:
        refuse_bad_folder(out, problem=loaded.problem_folder.folder)
    of = loaded.problem_folder.problem
    told_s = None if now is None else _moment(now, of.horizon)
    events = load_changes(changes, of)
    made = repair(
        of,
        loaded.travel,
        loaded.roster,
        events,
        now_s=told_s,
        change_p=DEFAULT_CHANGE_P if change_p is None else change_p,
        most_visits=most_visits,
        most_clients=most_clients,
        seconds=seconds,
        iterations=iterations,
        seed=seed,
    )
    screen.bullets(new_client_notes(events))
    _print_attempts(screen, made)
    print_difference(screen, made.difference, of.horizon, told_s)
    violations = check(made.problem, made.travel, made.roster)
    written = None if out is None else _save(out, loaded, made)
    print_unassigned(screen, made.problem, made.roster)
    code = print_verdict(screen, made.problem, made.roster, violations)
    if written is None:
        screen.say("Nothing was written (--dry-run).")
    else:
        screen.say(f"Wrote {written}")
    return code


def new_client_notes(events: Iterable[Event]) -> list[str]:
    """Say whose travel times are taken for clients who are new."""
    return list(
        dict.fromkeys(
            f"client {e.client_id} is new: travel times, patch and provider are taken "
            f"to be those of {e.beside}"
            for e in events
            if e.beside is not None
        )
    )


def _moment(text: str, horizon: Horizon) -> int:
    """Return a date and time on the wall as seconds of the horizon."""
    try:
        at = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError as error:
        msg = f"--now is a date and a time such as 2026-06-01 06:30, not {text!r}"
        raise UsageError(msg) from error
    clock = WallClock(horizon.start_date, horizon.timezone)
    zone = ZoneInfo(horizon.timezone)
    since = at.replace(tzinfo=zone).timestamp() - clock.moment(0).timestamp()
    return int(since)


def _print_attempts(screen: Screen, made: Repair) -> None:
    count = counted(len(made.displaced), "visit")
    screen.heading(f"{count} displaced: new, or cannot stay as rostered")
    screen.table(
        [
            "Besides these may change",
            f"{RIGHT}Unassigned",
            f"{RIGHT}Others changed",
            f"{RIGHT}Clients",
            f"{RIGHT}Cost",
            "",
        ],
        [
            (
                a.freedom.value,
                str(a.unassigned),
                str(a.visits_changed),
                str(a.clients_changed),
                pounds(a.cost.total_p),
                "taken" if a is made.chosen else "" if a.within else "over the limit",
            )
            for a in made.attempts
        ],
    )


def _save(out: Path, loaded: RosterFolder, made: Repair) -> Path:
    """Write problem and roster into a new folder, which appears when it is whole."""
    people = loaded.problem_folder.folder / PEOPLE
    with new_folder(out) as whole:
        save_problem(
            made.problem,
            whole / "problem",
            travel=made.travel,
            extra_files={PEOPLE: people.read_bytes()} if people.is_file() else {},
        )
        folder = load_problem(whole / "problem")
        of, travel, roster = folder.problem, made.travel, made.roster
        save_roster(
            whole / "roster",
            problem_folder=folder,
            travel=travel,
            roster=roster,
            cost=made.chosen.cost.to_dict(),
            kpis=kpis(of, travel, roster),
            round_figures=round_figures(of, travel, roster),
            leg_figures=leg_figures(of, travel, roster),
            overrides_used=overrides_used(check(of, travel, roster)),
        )
    return out / "roster"
