"""What ``charter`` does: plan the trials that are missing, print what rules cost."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median

from roundplan.charter.effects import Denominators, Effect, Kind, Share
from roundplan.charter.guaranteed import Demand, client_hours, offer, weekly_hours
from roundplan.charter.picture import page
from roundplan.charter.prices import EVERY_RULE, RulePlans, RulePrices, price_rules
from roundplan.charter.run import Area
from roundplan.charter.switches import Pay, Planning, Switches
from roundplan.charter.trials import Outcome
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._errors import InterruptSaid
from roundplan.cli._summary import print_problem
from roundplan.cli._text import counted, pounds
from roundplan.cost import rate_warnings
from roundplan.domain import Problem
from roundplan.errors import UsageError
from roundplan.formats import load_problem, write_whole
from roundplan.solve import Figure
from roundplan.units import PENCE_PER_POUND

NOT_DISTINCT = "not distinguishable"
EFFECTS_FILE = "effects.csv"
PAGE_FILE = "charter.html"


def print_prices(
    folders: Sequence[Path],
    out: Path,
    *,
    plans: RulePlans,
    switches: Switches,
    seconds: float | None,
    iterations: int | None,
    bound_seconds: float | None,
    confidence: float,
    cluster: str | int | None,
    unverified: bool,
    screen: Screen,
) -> None:
    """Plan what is missing, print the tables, write them as CSV and as a page.

    Raises
    ------
    UsageError
        E1002. Folders of the same name; a cluster that cannot be had.
    RateError
        E1201. A rate is not vouched for on the days of the problem.
    """
    loaded = []
    for path in folders:
        screen.say(f"Reading {path.name}")
        loaded.append(load_problem(path))
        print_problem(screen, loaded[-1].problem)
    problems = [folder.problem for folder in loaded]
    doubtful = list(dict.fromkeys(w for p in problems for w in rate_warnings(p)))
    if unverified:
        screen.bullets(doubtful, style="yellow")
    progress = _Progress(screen, plans, len(folders))
    try:
        made = price_rules(
            loaded,
            out,
            plans=plans,
            switches=switches,
            seconds=seconds,
            iterations=iterations,
            bound_seconds=bound_seconds,
            cluster=cluster,
            unverified=unverified,
            done=progress.done,
        )
    except KeyboardInterrupt:
        screen.say(f"Interrupted; {progress.finished} of {progress.total} plans are")
        screen.say("kept: the same command goes on from them.")
        raise InterruptSaid from None
    seeds = len(plans.seeds)
    screen.bullets(made.notes)
    _print_money(screen, made, seeds)
    _print_left_out(screen, made.outcomes.values())
    _print_gaps(screen, made.outcomes.values())
    for effect in made.effects:
        if effect.scenario.kind is not Kind.LAST and not effect.exact:
            _print_figures(screen, effect)
    if made.shares:
        _print_shares(screen, made.shares, made.of)
    _print_offer(screen, problems, confidence)
    about = (
        f"{', '.join(path.name for path in folders)}: plans with and without each "
        f"rule, from {counted(seeds, 'seed')}."
    )
    write_whole(out / EFFECTS_FILE, _csv(made.effects))
    write_whole(out / PAGE_FILE, page(made, about=about, notes=doubtful))
    screen.say()
    for name in (EFFECTS_FILE, PAGE_FILE):
        screen.say(f"Wrote {out / name}")


class _Progress:
    """A line for each plan that is there."""

    def __init__(self, screen: Screen, plans: RulePlans, folders: int) -> None:
        self._screen = screen
        self._every = frozenset(plans.planning)
        self._several = folders > 1
        self._begun = False
        self._heading = (
            f"{counted(len(plans.rules), 'rule')}, {counted(len(plans.seeds), 'seed')}"
        )
        self.total = len(plans.trials) * folders
        self.finished = 0

    def done(self, area: Area, outcome: Outcome, kept: bool) -> None:
        if not self._begun:
            self._begun = True
            total = counted(self.total, "plan")
            self._screen.heading(f"{self._heading}: {total}")
        self.finished += 1
        on = outcome.trial.on
        names = ", ".join(r.value for r in Planning if r in on) or "none"
        if on == self._every and len(on) > 1:
            names = "all of them"
        where = f"{area.out.name}  " if self._several else ""
        self._screen.say(
            f"{self.finished:>4} of {self.total}  {where}seed {outcome.trial.seed}  "
            f"{names}{'  (kept)' if kept else ''}"
        )


def chosen_rules(asked: str) -> tuple[Pay | Planning, ...]:
    """Return the rules that were asked for, all where nothing was.

    Raises
    ------
    UsageError
        E1002. There is no rule of that name.
    """
    wanted = [name.strip().lower() for name in asked.split(",") if name.strip()]
    known = {rule.value.lower(): rule for rule in EVERY_RULE}
    if unknown := [name for name in wanted if name not in known]:
        msg = f"there is no rule {', '.join(unknown)}; there are {', '.join(known)}"
        raise UsageError(msg)
    return tuple(rule for name, rule in known.items() if not wanted or name in wanted)


def _print_money(screen: Screen, made: RulePrices, seeds: int) -> None:
    found, of = made.effects, made.of
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
    nothing = ("none of them", *_money_cells(made.none_p, of, signed=False))
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
    spread = [e for e in planned if e.tells(e.cash) and not e.unchanged(e.cash)]
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
    if effect.unchanged(effect.cash):
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
        plus + pounds(round(pence / of.visits)) if of.visits else "",
        plus + pounds(round(pence / of.contact_hours)) if of.contact_hours else "",
        plus + _whole_pounds(a_year / of.clients) if of.clients else "",
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
        if not effect.unchanged(f)
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
                tells = "y" if effect.tells(f) and not effect.unchanged(f) else "n"
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
