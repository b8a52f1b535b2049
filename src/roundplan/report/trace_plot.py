"""The trace of a search as a picture: small panels, one line each, all in one colour.

Written by hand as SVG: the picture opens anywhere without a network, and a plotting
library would be a hundred megabytes for a dozen lines. No meaning hangs on colour: each
panel has its name and its first and last values in words; where there are two lines,
dashes and labels tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from roundplan.report.trace import Trace

WIDTH = 960
MARGIN = 24
GAP = 24
COLUMNS = 3
PANEL = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
HEAD, AXIS, LEFT = 40, 22, 58
"""Pixels of a panel above, below and left of its drawing."""

INK, QUIET, RULE = "#1b1b1b", "#555555", "#c9c9c9"
LINE = "#174a7c"

DASHED = ' stroke-dasharray="5 4"'

TICK_ROOM = 46
"""Pixels that the label of a moment needs."""

RUINS = "Ways of taking visits out"

FEW = 30
"""Tries from which on a share means something."""

STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
    f"font-size:12px;fill:{INK}}}"
    "text.title{font-size:20px;font-weight:600}text.section{font-size:15px;"
    "font-weight:600}text.name{font-size:13px;font-weight:600}"
    f"text.quiet{{fill:{QUIET}}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a panel; the second of two is dashed."""

    values: Sequence[float]
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A small plot: name, what happened in words, lines over time."""

    name: str
    told: str
    lines: Sequence[Line]
    unit: str
    """``pounds``, ``percent`` or ``count``: how the axis is written."""
    height: int = 92
    steps: bool = True
    """Whether a value holds until the next one, as the best cost does."""


def trace_svg(trace: Trace) -> str:
    """Return a picture of a search as an SVG file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_svg(trace)}\n'


def trace_html(trace: Trace) -> str:
    """Return a page with the picture and its figures as a table, nothing loaded."""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How the search went</title>
<style>
body{{margin:0 auto;max-width:{WIDTH}px;background:#fff;color:{INK};
font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:14px}}
svg{{width:100%;height:auto}}
.figures{{overflow-x:auto;padding:0 {MARGIN}px {MARGIN}px}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
caption{{text-align:left;font-weight:600;padding:8px 0}}
th,td{{text-align:right;padding:3px 10px;border-bottom:1px solid {RULE};
white-space:nowrap}}
</style>
</head>
<body>
<main>
{_svg(trace)}
{_table(trace)}
</main>
</body>
</html>
"""


def pounds(pence: float) -> str:
    """Return pence as whole pounds."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.0f}"


def seconds(value: float) -> str:
    """Return a length of time in as few characters as an axis has room for."""
    if value < 1:
        return f"{value * 1000:.3g} ms"
    return f"{value:.3g} s" if value < 120 else f"{value / 60:.3g} min"


def _svg(trace: Trace) -> str:
    total, elapsed = trace["total_p"], trace["elapsed_s"]
    said = _summary(trace)
    parts: list[str] = []
    y = 34.0
    parts.append(_text(MARGIN, y, "How the search went", "title"))
    y += 24
    for sentence in said:
        parts.append(_text(MARGIN, y, sentence))
        y += 18
    y += 4
    placed = [t - u for t, u in zip(total, _unassigned_p(trace), strict=True)]
    top = Panel(
        name="Cost of the best roster, apart from the price of unassigned visits",
        told=_change(placed, "pounds"),
        lines=[Line(values=placed)],
        unit="pounds",
        height=170,
    )
    full = WIDTH - 2 * MARGIN
    parts.append(_panel(top, elapsed, MARGIN, y, full))
    y += _height(top) + GAP
    moving, still = _terms(trace)
    for title, panels in (
        ("Unassigned visits and temperature", _state(trace)),
        ("Cost by term, what changed most first", moving),
        (RUINS, _ruins(trace)),
    ):
        if not panels:
            continue
        parts.append(_text(MARGIN, y + 8, title, "section"))
        y += 24
        if title == RUINS:
            parts.append(_legend(MARGIN, y))
            y += 22
        for n, panel in enumerate(panels):
            x = MARGIN + n % COLUMNS * (PANEL + GAP)
            parts.append(_panel(panel, elapsed, x, y, PANEL))
            if n % COLUMNS == COLUMNS - 1 or n == len(panels) - 1:
                y += _height(panel) + GAP
        if title.startswith("Cost by term") and still:
            for sentence in _wrapped(f"Unchanged: {'; '.join(still)}.", 150):
                parts.append(_text(MARGIN, y, sentence, "quiet"))
                y += 16
            y += GAP - 8
    note = (
        "Time runs on a logarithmic axis from the first roster to the end of the "
        "search. Axes of cost do not begin at zero."
    )
    parts.append(_text(MARGIN, y, note, "quiet"))
    height = y + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="plot-title plot-desc" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}">\n'
        f'<title id="plot-title">How the search went</title>\n'
        f'<desc id="plot-desc">{escape(" ".join(said))}</desc>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _summary(trace: Trace) -> list[str]:
    total, left = trace["total_p"], trace["unassigned_visits"]
    saved = 100 * (total[0] - total[-1]) / total[0] if total[0] else 0.0
    return [
        f"{trace['iterations'][-1]:,.0f} iterations in "
        f"{seconds(trace['elapsed_s'][-1])}. The first roster cost "
        f"{pounds(total[0])}, the last {pounds(total[-1])} ({saved:.1f}% less).",
        f"Unassigned visits: {left[0]:,.0f} at first, {left[-1]:,.0f} in the end.",
    ]


def _unassigned_p(trace: Trace) -> Sequence[float]:
    return trace.columns.get("unassigned_p", (0.0,) * len(trace["total_p"]))


def _state(trace: Trace) -> list[Panel]:
    left, heat = trace["unassigned_visits"], trace["temperature_p"]
    prices = _unassigned_p(trace)
    return [
        Panel(
            name="Unassigned visits",
            told=_change(left, "count"),
            lines=[Line(values=left)],
            unit="count",
        ),
        Panel(
            name="Price of unassigned visits",
            told=_change(prices, "pounds"),
            lines=[Line(values=prices)],
            unit="pounds",
        ),
        Panel(
            name="Temperature",
            told=f"{heat[0] / 100:.2f} → {heat[-1] / 100:.2f} pounds",
            lines=[Line(values=heat)],
            unit="pence",
            steps=False,
        ),
    ]


def _terms(trace: Trace) -> tuple[list[Panel], list[str]]:
    """Return a panel for each term that moves, and in words those that do not."""
    moving: list[tuple[float, Panel]] = []
    still = []
    for term in trace.terms:
        values = trace[f"{term}_p"]
        name = term.replace("_", " ").capitalize()
        if term == "unassigned" or not any(values):
            continue
        if max(values) == min(values):
            still.append(f"{name.lower()} {pounds(values[0])}")
            continue
        panel = Panel(
            name=name,
            told=_change(values, "pounds"),
            lines=[Line(values=values)],
            unit="pounds",
        )
        moving.append((-abs(values[-1] - values[0]), panel))
    return [panel for _, panel in sorted(moving, key=lambda m: m[0])], still


def _ruins(trace: Trace) -> list[Panel]:
    panels = []
    for ruin in trace.ruins:
        tried = trace[f"{ruin}_tried"]
        if not any(tried):
            continue
        best = sum(trace[f"{ruin}_improved"])
        panels.append(
            Panel(
                name=ruin.replace("_", " ").capitalize(),
                told=f"tried {sum(tried):,.0f} times, {best:,.0f} new bests",
                lines=[
                    Line(values=_shares(trace[f"{ruin}_accepted"], tried)),
                    Line(values=_shares(trace[f"{ruin}_improved"], tried), dashed=True),
                ],
                unit="percent",
                steps=False,
            )
        )
    return panels


def _shares(counts: Sequence[float], tried: Sequence[float]) -> list[float]:
    """Return counts in per cent of what was tried, from the second moment on.

    Over as many moments as it takes to have FEW tries: a share of three says nothing.
    """
    shares: list[float] = []
    for n in range(1, len(tried)):
        since = n
        while since > 1 and sum(tried[since : n + 1]) < FEW:
            since -= 1
        of = sum(tried[since : n + 1])
        shares.append(100 * sum(counts[since : n + 1]) / of if of else 0.0)
    return shares


def _change(values: Sequence[float], unit: str) -> str:
    first, last = (_value(v, unit) for v in (values[0], values[-1]))
    return f"{first} → {last}"


def _value(value: float, unit: str) -> str:
    if unit == "pounds":
        return pounds(value)
    if unit == "pence":
        return f"£{value / 100:,.2f}"
    return f"{value:.3g}%" if unit == "percent" else f"{value:,.0f}"


def _height(panel: Panel) -> float:
    return HEAD + panel.height + AXIS


def _panel(
    panel: Panel, elapsed: Sequence[float], x: float, y: float, width: float
) -> str:
    """Return one panel with its upper left corner at a place."""
    left, right = x + LEFT, x + width - 6
    top, bottom = y + HEAD, y + HEAD + panel.height
    values = [v for line in panel.lines for v in line.values]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if panel.unit in ("percent", "count"):
        low = min(0.0, low)
    if high == low:
        high = low + 1
    begin, end = _span(elapsed)

    def across(second: float) -> float:
        share = (math.log10(max(second, begin)) - math.log10(begin)) / (
            math.log10(end) - math.log10(begin)
        )
        return left + share * (right - left)

    def up(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    parts = [
        f'<g role="group" aria-label="{escape(f"{panel.name}: {panel.told}")}">',
        _text(x, y + 12, panel.name, "name"),
        _text(x, y + 28, panel.told, "quiet"),
    ]
    for value in (low, high):
        parts.append(_rule(left, up(value), right, up(value)))
        label = _value(value, panel.unit)
        parts.append(_text(left - 6, up(value) + 4, label, "quiet", "end"))
    for second in _ticks(begin, end, across):
        at = across(second)
        parts.append(_rule(at, bottom, at, bottom + 4))
        anchor = "end" if second == end else "middle"
        parts.append(_text(at, bottom + 17, seconds(second), "quiet", anchor))
    for line in panel.lines:
        times = elapsed[len(elapsed) - len(line.values) :]
        points: list[tuple[float, float]] = []
        for second, value in zip(times, line.values, strict=True):
            if panel.steps and points:
                points.append((across(second), points[-1][1]))
            points.append((across(second), up(value)))
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        dash = DASHED if line.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{LINE}" '
            f'stroke-width="2" stroke-linejoin="round"{dash}/>'
        )
    parts.append("</g>")
    return "\n".join(parts)


def _legend(x: float, y: float) -> str:
    """Return what the two lines of the panels of ruins are."""
    parts = []
    for dash, text in (
        ("", "accepted, % of those tried"),
        (DASHED, "gave a new best roster, % of those tried"),
    ):
        parts.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x + 36:.1f}" y2="{y:.1f}" '
            f'stroke="{LINE}" stroke-width="2"{dash}/>'
        )
        parts.append(_text(x + 44, y + 4, text))
        x += 260
    return "\n".join(parts)


def _span(elapsed: Sequence[float]) -> tuple[float, float]:
    """Return where the axis of time begins and ends, both above 0."""
    begin = max(1e-3, elapsed[0])
    return begin, max(begin * 1.01, elapsed[-1])


def _ticks(begin: float, end: float, across: Callable[[float], float]) -> list[float]:
    """Return the end and as many round moments as have room: powers of ten first."""
    tens = [10.0**e for e in range(-3, 2)] + [60.0, 600.0, 3600.0, 36_000.0]
    between = [2 * t for t in tens] + [5 * t for t in tens]
    found = [end]
    for second in tens + between:
        if begin <= second < end and all(
            abs(across(second) - across(other)) > TICK_ROOM for other in found
        ):
            found.append(second)
    return sorted(found)


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{RULE}"/>'
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}{anchor}>{escape(text)}</text>'


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _table(trace: Trace) -> str:
    """Return the figures behind the picture as a table."""
    shown = ["elapsed_s", "iterations", "unassigned_visits", "total_p"]
    shown += [f"{t}_p" for t in trace.terms if any(trace[f"{t}_p"])]
    heads = "".join(f'<th scope="col">{escape(_heading(c))}</th>' for c in shown)
    rows = []
    for n in range(len(trace["total_p"])):
        cells = []
        for column in shown:
            value = trace[column][n]
            if column == "elapsed_s":
                cells.append(f'<th scope="row">{value:.3f}</th>')
            elif column.endswith("_p"):
                cells.append(f"<td>{value / 100:,.2f}</td>")
            else:
                cells.append(f"<td>{value:,.0f}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        '<div class="figures" tabindex="0" role="region" aria-label="Figures">\n<table>'
        "<caption>The best roster over time, pounds</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table>\n</div>"
    )


def _heading(column: str) -> str:
    if column == "elapsed_s":
        return "Seconds"
    return column.removesuffix("_p").replace("_", " ").capitalize()
