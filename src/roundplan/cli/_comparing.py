"""What ``what-if`` does: plan both sides, and print how they differ."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._progress import LiveProgress
from roundplan.cli._summary import print_problem
from roundplan.cli._text import counted, pounds
from roundplan.errors import UsageError
from roundplan.formats import load_problem, write_whole
from roundplan.solve import Change, Comparison, Figure, what_if
from roundplan.solve.what_if import BEFORE
from roundplan.units import PENCE_PER_POUND

NOT_DISTINCT = "not distinguishable"


def compare(
    folder: Path,
    *,
    without_filters: bool,
    ebikes: int | None,
    walk_only: bool,
    neighbourhoods: bool,
    seconds: float | None,
    iterations: int | None,
    seeds: int,
    csv: Path | None,
    screen: Screen,
) -> None:
    """Plan a problem as it is and changed, print the table, write the CSV file.

    Raises
    ------
    UsageError
        E1002. Not exactly one change was asked for.
    """
    asked = {
        Change.WITHOUT_FILTERS: without_filters,
        Change.EBIKES: ebikes is not None,
        Change.WALK_ONLY: walk_only,
        Change.NEIGHBOURHOODS: neighbourhoods,
    }
    wanted = [change for change, is_asked in asked.items() if is_asked]
    if len(wanted) != 1:
        msg = "give one of --without-filters, --ebikes N, --walk-only, --neighbourhoods"
        raise UsageError(msg)
    change = wanted[0]
    before = BEFORE.get(change, "as it is")
    screen.say(f"Reading {folder}")
    problem_folder = load_problem(folder)
    print_problem(screen, problem_folder.problem)
    limits = [f"{seconds:g} s"] if seconds is not None else []
    limits += [counted(iterations, "iteration")] if iterations is not None else []
    screen.heading(
        f"Planning {counted(2 * seeds, 'time')} for {' or '.join(limits)}: "
        f"{before} and {change.value}, {counted(seeds, 'seed')} each"
    )
    with ExitStack() as stack:
        made = what_if(
            problem_folder,
            change,
            ebikes=ebikes or 0,
            seeds=range(1, seeds + 1),
            seconds=seconds,
            iterations=iterations,
            # a line that is left is cleared, so all of them may wait for the end
            callbacks=lambda *_: stack.enter_context(LiveProgress(screen)),
        )
    screen.bullets(made.notes)
    _print_table(screen, made, change, seeds)
    if csv is not None:
        write_whole(csv, _csv(made.figures, change))
        screen.say(f"Wrote {csv}")


def _print_table(screen: Screen, made: Comparison, change: Change, seeds: int) -> None:
    before = BEFORE.get(change, "as it is").capitalize()
    screen.heading(f"{before}, and {change.value}")
    # "Borough-wide" would take the room of the range
    first = "Before" if change in BEFORE else before
    screen.table(
        ["", f"{RIGHT}{first}", f"{RIGHT}Changed", f"{RIGHT}Difference", "Range"],
        [_row(figure, seeds) for figure in made.figures],
    )
    screen.say()
    if seeds == 1:
        screen.say("One seed: a difference may be chance. Give --seeds 3 or more.")
    else:
        screen.say("Medians over the seeds, and of the differences seed by seed.")
        screen.say(
            f"{NOT_DISTINCT.capitalize()}: the seeds of one side differ by as much."
        )


def _row(figure: Figure, seeds: int) -> tuple[str, str, str, str, str]:
    money = figure.unit == "p"
    name = f"{figure.name}, {figure.unit}" if figure.unit not in "p" else figure.name
    sides = (
        _shown(figure, median(figure.before)),
        _shown(figure, median(figure.after)),
    )
    if figure.same:
        return (name, *sides, "none", "")
    differences = [a - b for b, a in zip(figure.before, figure.after, strict=True)]
    across = ""
    if seeds > 1:
        ends = (min(differences), max(differences))
        across = " to ".join(_signed(figure, end, whole=money) for end in ends)
        if not figure.distinct:
            across = NOT_DISTINCT
    return (name, *sides, _signed(figure, figure.difference), across)


def _shown(figure: Figure, value: float) -> str:
    if figure.unit == "p":
        return pounds(round(value))
    if all(float(v).is_integer() for v in (*figure.before, *figure.after)):
        return f"{value:,.0f}"
    return f"{round(value, 1) + 0.0:,.1f}"  # never "-0.0"


def _signed(figure: Figure, value: float, *, whole: bool = False) -> str:
    shown = (
        pounds(int(round(value, -2))).removesuffix(".00")
        if whole
        else _shown(figure, value)
    )
    return f"+{shown}" if value > 0 and shown != "0.0" else shown


def _csv(figures: Sequence[Figure], change: Change) -> str:
    """Return a line for each figure and seed; money in pounds."""
    out = io.StringIO()
    writer = csv_format.writer(out, lineterminator="\n")
    writer.writerow(
        [
            *("figure", "unit", "seed"),
            BEFORE.get(change, "as it is").replace(" ", "_"),
            change.value.replace(" ", "_"),
        ]
    )
    for figure in figures:
        money = figure.unit == "p"
        pairs = zip(figure.before, figure.after, strict=True)
        for seed, values in enumerate(pairs, start=1):
            shown = (
                f"{v / PENCE_PER_POUND:.2f}" if money else f"{round(v, 3):g}"
                for v in values
            )
            unit = "GBP" if money else figure.unit
            writer.writerow([figure.name.strip(), unit, seed, *shown])
    return out.getvalue()
