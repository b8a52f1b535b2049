"""What ``charter`` does: plan the cells that are missing, and print what rules cost."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median

from roundplan.charter.cells import Cell, Outcome, Work, together
from roundplan.charter.effects import (
    NONE,
    Denominators,
    Effect,
    Kind,
    Share,
    cash_p,
    cells_of,
    denominators,
    effects,
    scenarios,
    shapley,
    subsets,
)
from roundplan.charter.guaranteed import Demand, client_hours, offer, weekly_hours
from roundplan.charter.picture import page
from roundplan.charter.run import Area, run_cells
from roundplan.charter.switches import Pay, Planning, Switches, require_wages
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._errors import InterruptSaid
from roundplan.cli._summary import print_problem
from roundplan.cli._text import counted, pounds
from roundplan.cost import rate_warnings, require_verified
from roundplan.domain import Problem
from roundplan.errors import UsageError
from roundplan.formats import ProblemFolder, load_problem, write_whole
from roundplan.solve import Figure
from roundplan.units import PENCE_PER_POUND

NOT_DISTINCT = "not distinguishable"
EFFECTS_FILE = "effects.csv"
PAGE_FILE = "charter.html"


def price_rules(
    folders: Sequence[Path],
    out: Path,
    *,
    asked: str,
    seeds: Sequence[int],
    switches: Switches,
    seconds: float | None,
    iterations: int | None,
    bound_seconds: float | None,
    shares: bool,
    confidence: float,
    cluster: str | int | None,
    unverified: bool,
    screen: Screen,
) -> None:
    """Plan what is missing, print the tables, write them as CSV.

    Raises
    ------
    UsageError
        E1002. A rule that does not exist; a cluster that cannot be had.
    RateError
        E1201. A rate is not vouched for on the days of the problem.
    """
    rules = _rules(asked)
    loaded = _load(folders, screen, unverified=unverified)
    planning = [rule for rule in rules if isinstance(rule, Planning)]
    pay = frozenset(rule for rule in rules if isinstance(rule, Pay))
    wanted = scenarios(rules)
    plans = [r.planning for s in wanted for r in (s.before, s.after)]
    if shares:
        plans += subsets(planning)
    cells = cells_of(plans, seeds)
    total = len(cells) * len(loaded)
    screen.heading(
        f"{counted(len(rules), 'rule')}, {counted(len(seeds), 'seed')}: "
        f"{counted(total, 'plan')}"
    )
    every = frozenset(planning)
    finished = 0

    def done(area: Area, outcome: Outcome, kept: bool) -> None:
        nonlocal finished
        finished += 1
        on = outcome.cell.on
        names = ", ".join(r.value for r in Planning if r in on) or "none"
        if on == every and len(every) > 1:
            names = "all of them"
        where = f"{area.out.name}  " if len(loaded) > 1 else ""
        screen.say(
            f"{finished:>4} of {total}  {where}seed {outcome.cell.seed}  {names}"
            + ("  (kept)" if kept else "")
        )

    areas = [
        Area(
            work=Work(
                folder=str(folder.folder),
                hashes=folder.hashes,
                switches=switches,
                seconds=seconds,
                iterations=iterations,
                bound_seconds=bound_seconds,
            ),
            out=out / "cells" / name,
        )
        for name, folder in loaded.items()
    ]
    try:
        by_area = run_cells(areas, cells, cluster=cluster, done=done)
    except KeyboardInterrupt:
        screen.say(f"Interrupted; {finished} of {total} plans are kept: the same")
        screen.say("command goes on from them.")
        raise InterruptSaid from None
    outcomes = {cell: together([of[cell] for of in by_area]) for cell in cells}
    found = effects(outcomes, wanted, seeds, switches)
    first = [of[Cell(on=NONE.planning, seed=seeds[0])] for of in by_area]
    of = denominators(first, [f.problem.horizon for f in loaded.values()])
    none_p = median(
        cash_p(outcomes[Cell(on=NONE.planning, seed=s)], NONE.pay, switches)
        for s in seeds
    )
    notes = list(dict.fromkeys(n for o in outcomes.values() for n in o.notes))
    screen.bullets(notes)
    _print_money(screen, found, of, none_p, len(seeds))
    _print_left_out(screen, outcomes.values())
    _print_gaps(screen, outcomes.values())
    for effect in found:
        if effect.scenario.kind is not Kind.LAST and not effect.exact:
            _print_figures(screen, effect)
    if shares:
        _print_shares(screen, shapley(outcomes, planning, pay, seeds, switches), of)
    _print_offer(screen, [f.problem for f in loaded.values()], confidence)
    write_whole(out / EFFECTS_FILE, _csv(found))
    problems = [f.problem for f in loaded.values()]
    about = (
        f"{', '.join(loaded)}: plans with and without each rule, "
        f"from {counted(len(seeds), 'seed')}."
    )
    doubtful = dict.fromkeys(w for p in problems for w in rate_warnings(p))
    text = page(found, of, none_p, about=about, notes=[*notes, *doubtful])
    write_whole(out / PAGE_FILE, text)
    screen.say()
    for name in (EFFECTS_FILE, PAGE_FILE):
        screen.say(f"Wrote {out / name}")


def _load(
    folders: Sequence[Path], screen: Screen, *, unverified: bool
) -> dict[str, ProblemFolder]:
    """Return the folders by name, refusing rates that are not vouched for.

    Raises
    ------
    UsageError
        E1002. Two folders have the same name.
    """
    loaded: dict[str, ProblemFolder] = {}
    for path in folders:
        if path.name in loaded:
            msg = f"two folders are named {path.name}: their cells would mix"
            raise UsageError(msg)
        screen.say(f"Reading {path.name}")
        folder = loaded[path.name] = load_problem(path)
        if unverified:
            screen.bullets(rate_warnings(folder.problem), style="yellow")
        else:
            require_verified(folder.problem)
            require_wages(folder.problem)
        print_problem(screen, folder.problem)
    return loaded


def _rules(asked: str) -> list[Planning | Pay]:
    """Return the rules that were asked for, all where nothing was."""
    every: list[Planning | Pay] = [*Pay, *Planning]
    wanted = [name.strip().lower() for name in asked.split(",") if name.strip()]
    known = {rule.value.lower(): rule for rule in every}
    if unknown := [name for name in wanted if name not in known]:
        msg = f"there is no rule {', '.join(unknown)}; there are {', '.join(known)}"
        raise UsageError(msg)
    return [rule for name, rule in known.items() if not wanted or name in wanted]


def _print_money(
    screen: Screen,
    found: Sequence[Effect],
    of: Denominators,
    none_p: Fraction,
    seeds: int,
) -> None:
    columns = (
        "Rule",
        f"{RIGHT}A year",
        f"{RIGHT}A visit",
        f"{RIGHT}A contact hour",
        f"{RIGHT}A client",
    )
    first = [e for e in found if e.scenario.kind is not Kind.LAST]
    last = [e for e in found if e.scenario.kind is Kind.LAST]
    screen.heading("What each rule costs alone, beside none of the rules")
    rows = [_money_row(effect, of) for effect in first]
    nothing = ("none of them", *_money_cells(none_p, of, signed=False))
    screen.table(columns, [nothing, *rows], last_is_total=True)
    if len(last) > 1:
        screen.heading("What each rule adds last, beside all others")
        screen.table(columns, [_money_row(effect, of) for effect in last])
    screen.say()
    screen.say(
        "Money: wages with sick pay, guaranteed hours, overtime, mileage, fares;"
    )
    screen.say("without holiday, National Insurance and overheads (roundplan rates).")
    planned = [e for e in found if not e.exact]
    if not planned:
        return
    if seeds == 1:
        screen.say("One seed: a difference may be chance. Give --seeds 3 or more.")
        return
    screen.say("Medians over the seeds, of differences seed by seed. Not")
    screen.say("distinguishable: the seeds of one side differ by as much.")
    spread = [e for e in planned if e.tells(e.cash) and not e.cash.same]
    if spread:
        screen.say("Over the seeds, a year:")
        screen.bullets(
            f"{e.scenario.name}"
            + (", last" if e.scenario.kind is Kind.LAST else "")
            + f": {_range(e.cash, of)}"
            for e in spread
        )


def _money_row(effect: Effect, of: Denominators) -> tuple[str, str, str, str, str]:
    name = effect.scenario.name
    if effect.cash.same:
        return (name, "none", "", "", "")
    if not effect.tells(effect.cash) and len(effect.cash.before) > 1:
        return (name, NOT_DISTINCT, "", "", "")
    return (name, *_money_cells(Fraction(effect.cash.difference), of))


def _money_cells(
    pence: Fraction, of: Denominators, *, signed: bool = True
) -> tuple[str, str, str, str]:
    plus = "+" if signed and pence > 0 else ""
    a_year = of.a_year(pence)
    return (
        plus + _whole_pounds(a_year),
        plus + pounds(round(pence / max(1, of.visits))),
        plus + pounds(round(pence / of.contact_hours)) if of.contact_hours else "",
        plus + _whole_pounds(a_year / max(1, of.clients)),
    )


def _whole_pounds(pence: Fraction) -> str:
    whole = round(pence / PENCE_PER_POUND) * PENCE_PER_POUND
    return pounds(whole).removesuffix(".00")


def _range(figure: Figure, of: Denominators) -> str:
    differences = [a - b for b, a in zip(figure.before, figure.after, strict=True)]
    ends = (min(differences), max(differences))
    return " to ".join(_whole_pounds(of.a_year(Fraction(end))) for end in ends)


def _print_left_out(screen: Screen, outcomes: Iterable[Outcome]) -> None:
    """Say that plans leave visits out: their money is not of the same work."""
    left = [o.figures["visits_unassigned"] for o in outcomes]
    if any(left):
        screen.say()
        screen.say(
            f"Plans leave {min(left):,} to {max(left):,} visits unassigned: their "
            "money is not of the same work.",
            style="yellow",
        )


def _print_gaps(screen: Screen, outcomes: Iterable[Outcome]) -> None:
    """Say how far from the best the plans can be, where there is a bound."""
    gaps = [o.gap for o in outcomes]
    known = [gap for gap in gaps if gap is not None]
    if known:
        screen.say()
        screen.say(
            f"{len(known)} of {counted(len(gaps), 'plan')} have a lower bound. At most "
            f"{100 * min(known):.1f}% to"
        )
        screen.say(
            f"{100 * max(known):.1f}% of the cost, prices included, could be saved by "
            "better ones."
        )


def _print_figures(screen: Screen, effect: Effect) -> None:
    """Print what else a scenario changes, beside money."""
    rows = [
        (
            f"{f.name}, {f.unit}" if f.unit else f.name,
            f"{median(f.before):,.1f}",
            f"{median(f.after):,.1f}",
            f"{f.difference:+,.1f}" if effect.tells(f) else NOT_DISTINCT,
        )
        for f in effect.figures[1:]
        if not f.same
    ]
    screen.heading(f"What else changes: {effect.scenario.name}")
    if rows:
        columns = ("", f"{RIGHT}Without", f"{RIGHT}With", f"{RIGHT}Change")
        screen.table(columns, rows)
    else:
        screen.say("Nothing.")


def _print_shares(screen: Screen, shares: Sequence[Share], of: Denominators) -> None:
    screen.heading("Shapley shares of what all planning rules cost together, a year")
    rows = [
        (
            share.rule.value,
            _whole_pounds(of.a_year(median(share.by_seed))),
            _whole_pounds(of.a_year(min(share.by_seed))),
            _whole_pounds(of.a_year(max(share.by_seed))),
        )
        for share in shares
    ]
    screen.table(["Rule", f"{RIGHT}Median", f"{RIGHT}Least", f"{RIGHT}Most"], rows)


def _print_offer(
    screen: Screen, problems: Sequence[Problem], confidence: float
) -> None:
    """Print what can be guaranteed in the first week, all areas together."""
    start = min(p.horizon.start_date for p in problems)
    hours = [
        h for p in problems if p.horizon.start_date == start for h in client_hours(p)
    ]
    if not hours:
        return
    demand = Demand(client_hours=hours)
    made = offer(weekly_hours(demand), confidence)
    screen.heading("Hours that can be guaranteed")
    screen.say(
        f"{made.offered_hours:,.0f} contact hours a week are needed in "
        f"{confidence:g}% of weeks, {made.share_percent:.0f}% of the mean"
    )
    screen.say(
        f"{made.mean_hours:,.0f}; {made.unused_hours:.1f} of them would be paid, not "
        "worked."
    )
    screen.bullets(
        [
            f"Each week {demand.absent_percent:g}% of clients are away and "
            f"{demand.turnover_percent:g}% have left and been replaced, by chance "
            "(assumptions).",
        ]
    )


def _csv(found: Sequence[Effect]) -> str:
    """Return a line for each scenario, figure and seed; money in pounds."""
    text = io.StringIO()
    writer = csv_format.writer(text, lineterminator="\n")
    writer.writerow(
        ["rule", "kind", "figure", "unit", "seed", "without", "with", "tells"]
    )
    for effect in found:
        for f in effect.figures:
            money = f.unit == "p"
            scale = PENCE_PER_POUND if money else 1
            for seed, (b, a) in enumerate(zip(f.before, f.after, strict=True), start=1):
                tells = "y" if effect.tells(f) and not f.same else "n"
                writer.writerow(
                    [
                        effect.scenario.name,
                        effect.scenario.kind.value,
                        f.name,
                        "GBP" if money else f.unit,
                        seed,
                        f"{b / scale:.2f}" if money else f"{round(b, 3):g}",
                        f"{a / scale:.2f}" if money else f"{round(a, 3):g}",
                        tells,
                    ]
                )
    return text.getvalue()
