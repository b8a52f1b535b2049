"""What ``place`` does: load, look for offers, print them."""

from __future__ import annotations

from pathlib import Path

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._differing import print_difference
from roundplan.cli._errors import FINE, VIOLATIONS
from roundplan.cli._explaining import print_explanation
from roundplan.cli._repairing import new_client_notes
from roundplan.cli._text import counted, pounds
from roundplan.desk import Offer, Placement, how_many, place
from roundplan.desk.place import MOST_PACKAGES
from roundplan.domain import Horizon
from roundplan.errors import UsageError
from roundplan.formats import WallClock, load_changes, load_roster


def place_package(
    folder: Path,
    package: Path,
    *,
    count: bool,
    seconds: float | None,
    iterations: int | None,
    problem: Path | None,
    screen: Screen,
) -> int:
    """Print the offers for a package, or why it does not fit.

    Returns
    -------
    int
        The exit code: 1 when the whole package does not fit.

    Raises
    ------
    UsageError
        E1002. The file holds other changes than new visits of one client.
    """
    loaded = load_roster(folder, problem=problem)
    of, travel, roster = loaded.problem_folder.problem, loaded.travel, loaded.roster
    events = load_changes(package, of)
    if len({e.client_id for e in events}) != 1:
        msg = f"{package.name}: a package is of one client"
        raise UsageError(msg)
    found = place(of, travel, roster, events, seconds=seconds, iterations=iterations)
    screen.bullets(new_client_notes(events))
    _print_offers(screen, found, of.horizon, len(events))
    if count and found.fits:
        number = how_many(of, travel, roster, events)
        at_least = "at least " if number == MOST_PACKAGES else ""
        screen.say(
            f"Of packages like this, {at_least}{number:,} fit one after the other, "
            "without other visits changing hands."
        )
    return FINE if found.fits else VIOLATIONS


def _print_offers(
    screen: Screen, found: Placement, horizon: Horizon, visits: int
) -> None:
    clock = WallClock(horizon.start_date, horizon.timezone)
    if found.offers:
        screen.heading(
            f"{counted(len(found.offers), 'offer')} for {counted(visits, 'visit')}"
        )
        screen.table(
            [
                "Led by",
                f"{RIGHT}Placed",
                f"{RIGHT}Adds",
                f"{RIGHT}Workers",
                f"{RIGHT}Others moved",
                "With",
            ],
            [_row(offer) for offer in found.offers],
        )
        _print_visits(screen, found.offers[0], clock)
    if found.with_others is None:
        screen.say()
        screen.say("The package fits.")
        return
    screen.heading("No worker's round has room for all of it as it is")
    if found.refused is None:
        screen.say("It fits when others move:")
        print_difference(screen, found.with_others.difference, horizon)
        return
    print_explanation(screen, found.with_others.problem, found.refused)
    screen.say()
    screen.say("The whole package does not fit, not even when others move.")


def _row(offer: Offer) -> tuple[str, ...]:
    return (
        offer.lead,
        f"{len(offer.trials)} of {len(offer.trials) + len(offer.left)}",
        pounds(offer.added_p),
        str(len(offer.workers)),
        str(offer.moved),
        ", ".join(offer.workers[1:]),
    )


def _print_visits(screen: Screen, offer: Offer, clock: WallClock) -> None:
    screen.heading(f"The first offer, led by {offer.lead}")
    screen.table(
        ["Visit", "Worker", "Start", f"{RIGHT}Adds", "Who else moves"],
        [
            (
                visit_id,
                trial.worker_id,
                f"{clock.moment(trial.start_s):%a %H:%M}",
                pounds(trial.added_p),
                "; ".join(
                    f"{v} {clock.moment(a):%H:%M} to {clock.moment(b):%H:%M}"
                    for v, a, b in trial.moved
                )
                or "nobody",
            )
            for visit_id, trial in offer.trials
        ],
    )
    for visit_id in offer.left:
        screen.say(f"{visit_id}: no room")
