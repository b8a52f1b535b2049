"""What ``return --reconcile`` prints."""

from __future__ import annotations

from roundplan.charter.reconcile import Checked, Outcome, Whole, read_printed, reconcile
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._errors import FINE, VIOLATIONS
from roundplan.cli._text import counted


def print_reconciled(file: str, screen: Screen) -> int:
    """Print a printed return beside what its counts give; 1 where they differ."""
    checked, wholes = reconcile(read_printed(file))
    screen.table(
        [
            "Figure",
            f"{RIGHT}Count",
            f"{RIGHT}Of",
            f"{RIGHT}Printed",
            f"{RIGHT}Gives",
            "",
        ],
        [_row(c) for c in checked],
    )
    differ = [c for c in checked if c.outcome is Outcome.DIFFERS]
    if differ:
        screen.heading("Does not follow")
        screen.bullets((_sentence(c) for c in differ), style="red")
    told = [c for c in checked if c.said and c.outcome is not Outcome.DIFFERS]
    if told:
        screen.heading("What else the figures say")
        screen.bullets(_sentence(c) for c in told)
    lost = [w for w in wholes if not w.exists]
    if wholes:
        screen.heading("Wholes that are not printed")
        screen.bullets(map(_whole, wholes))
    screen.say()
    follow, unknown = (
        sum(c.outcome is o for c in checked) for o in (Outcome.FOLLOWS, Outcome.UNKNOWN)
    )
    screen.say(
        f"Of {counted(len(checked), 'printed share')} {follow} agree with what is "
        f"printed beside them,"
    )
    screen.say(f"{len(differ)} do not, and {unknown} have nothing to be held against.")
    return VIOLATIONS if differ or lost else FINE


def _row(c: Checked) -> tuple[str, ...]:
    p = c.printed
    return (
        p.figure,
        "" if p.count is None else f"{p.count:,}",
        "" if p.of is None else f"{p.of:,}",
        f"{float(p.percent):g}%",
        "" if c.recomputed is None else f"{float(c.recomputed):.1f}%",
        "!" if c.outcome is Outcome.DIFFERS else "",
    )


def _sentence(c: Checked) -> str:
    p = c.printed
    start = f"{p.figure}: printed {float(p.percent):g}%"
    if c.recomputed is not None:
        start += f", {p.count:,} of {p.of:,} are {float(c.recomputed):.1f}%"
    return "; ".join((start, *c.said))


def _whole(whole: Whole) -> str:
    names = ", ".join(whole.figures)
    if not whole.exists:
        return f"{whole.name}: no one number fits all of: {names}"
    span = f"{whole.low:,}"
    if whole.high > whole.low:
        span += f" to {whole.high:,}"
    return f"{whole.name}: {span} fits all of: {names}"
