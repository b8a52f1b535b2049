"""What the rules cost as one page: bars with their spread, drawn by hand as SVG.

For councillors and their officers: it opens without a network, reads in black and
white, and every bar has its figure in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from statistics import median

from roundplan.charter.effects import Denominators, Effect, Kind
from roundplan.charter.prices import RulePrices
from roundplan.solve import Figure
from roundplan.units import PENCE_PER_POUND

WIDTH = 900
LABEL, ROOM = 190, 250
"""Pixels left of the bars for names, and right of them for figures."""
ROW, BAR = 34, 16
INK, QUIET, RULE, FILL = "#1b1b1b", "#555555", "#c9c9c9", "#6b98c1"

TITLES = {
    Kind.ALONE: "Each rule alone, beside none of the rules",
    Kind.LAST: "Each rule added last, beside all the others",
}
NOT_DISTINCT = "not distinguishable from chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One rule's cost a year, in pounds, with its least and most over the seeds."""

    name: str
    pounds: float
    least: float
    most: float
    an_hour: float
    tells: bool


def page(made: RulePrices, *, about: str, notes: Iterable[str]) -> str:
    """Return the page: what the rules cost in pictures and tables, nothing loaded.

    Parameters
    ----------
    about
        What was planned, in a sentence.
    notes
        Warnings, one sentence each.
    """
    found, of = made.effects, made.of
    together = next(e for e in found if e.scenario.kind is Kind.TOGETHER)
    bars = {
        kind: [_bar(e, of) for e in found if e.scenario.kind is kind] for kind in TITLES
    }
    all_of_them = _bar(together, of)
    charts = "\n".join(
        f"<h2>{title}</h2>\n{_chart(bars[kind], title)}"
        for kind, title in TITLES.items()
        if kind is Kind.ALONE or len(bars[kind]) > 1
    )
    listed = "".join(f"<li>{escape(note)}</li>" for note in (*made.notes, *notes))
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the charter costs</title>
<style>
body{{margin:0 auto;max-width:{WIDTH}px;padding:16px;background:#fff;color:{INK};
font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}}
h1{{font-size:24px}} h2{{font-size:17px;margin:28px 0 4px}}
svg{{width:100%;height:auto}} svg text{{font-size:13px;fill:{INK}}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
th,td{{text-align:right;padding:3px 12px;border-bottom:1px solid {RULE}}}
th:first-child,td:first-child{{text-align:left;padding-left:0}}
.quiet{{color:{QUIET}}}
</style>
</head>
<body>
<main>
<h1>What the charter costs</h1>
<p>{escape(about)}</p>
<p>Without any of these rules the rounds cost
<strong>{_pounds(float(of.a_year(made.none_p)) / PENCE_PER_POUND)} a year</strong> in
wages, mileage and fares. With all of them they cost
<strong>{_change(all_of_them)} a year</strong>{_spread(all_of_them)}.</p>
{charts}
<p class="quiet">The bar is the median over the seeds, the thin line what they
range over. A search finds a good plan, not the best, so plans differ by chance:
unless all plans of one side cost more than all plans of the other, a difference is
{NOT_DISTINCT}. Rules of pay compare the same plans, and are exact.</p>
<h2>What else changes with all of the rules, in {of.days} days</h2>
{_table(together)}
<h2>What this rests on</h2>
<ul>
<li>Money is wages with sick pay, guaranteed hours not worked, overtime, mileage
and fares, as a year of 365 such days. Holiday, National Insurance, pension and
overheads are not in it.</li>
<li>{of.visits:,} visits, {float(of.contact_hours):,.0f} hours with clients and
{of.clients:,} clients in {of.days} days.</li>
{listed}
</ul>
</main>
</body>
</html>
"""


def _bar(effect: Effect, of: Denominators) -> Bar:
    cash = effect.cash
    differences = [a - b for b, a in zip(cash.before, cash.after, strict=True)]

    def a_year(pence: float) -> float:
        return float(of.a_year(Fraction(pence))) / PENCE_PER_POUND

    hours = float(of.contact_hours)
    return Bar(
        name=effect.scenario.name,
        pounds=a_year(cash.difference),
        least=a_year(min(differences)),
        most=a_year(max(differences)),
        an_hour=cash.difference / PENCE_PER_POUND / hours if hours else 0.0,
        tells=effect.tells(cash) or effect.unchanged(cash),
    )


def _chart(bars: Sequence[Bar], title: str) -> str:
    low = min(0.0, *(b.least for b in bars))
    high = max(0.0, *(b.most for b in bars)) or 1.0
    scale = (WIDTH - LABEL - ROOM) / (high - low)

    def x(pounds: float) -> float:
        return LABEL + (pounds - low) * scale

    rows = []
    for number, bar in enumerate(bars):
        middle = number * ROW + ROW / 2
        left, right = sorted((x(0.0), x(bar.pounds)))
        rows.append(f'<text x="0" y="{middle + 4:.1f}">{escape(bar.name)}</text>')
        if bar.tells:
            rows.append(
                f'<rect x="{left:.1f}" y="{middle - BAR / 2:.1f}" '
                f'width="{right - left:.1f}" height="{BAR}" fill="{FILL}"/>'
            )
        if bar.most > bar.least:
            rows.append(
                f'<path d="M{x(bar.least):.1f} {middle:.1f}H{x(bar.most):.1f}" '
                f'stroke="{INK}" stroke-width="1.5"/>'
            )
        told = (
            f"{_change(bar)}, £{bar.an_hour:,.2f} an hour"
            if bar.tells
            else NOT_DISTINCT
        )
        rows.append(
            f'<text x="{max(x(bar.most), right) + 8:.1f}" y="{middle + 4:.1f}">'
            f"{escape(told)}</text>"
        )
    height = len(bars) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {height}">\n'
        f'<path d="M{x(0.0):.1f} 0V{height}" stroke="{QUIET}"/>\n'
        + "\n".join(rows)
        + "\n</svg>"
    )


def _table(effect: Effect) -> str:
    rows = "".join(
        f"<tr><td>{escape(f.name)}{', ' + f.unit if f.unit else ''}</td>"
        f"<td>{median(f.before):,.1f}</td><td>{median(f.after):,.1f}</td>"
        f"<td>{_difference(effect, f)}</td></tr>"
        for f in effect.figures[1:]
        if not effect.unchanged(f)
    )
    if not rows:
        return "<p>Nothing.</p>"
    return (
        "<table><thead><tr><th></th><th>Without</th><th>With</th><th>Change</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _difference(effect: Effect, figure: Figure) -> str:
    return f"{figure.difference:+,.1f}" if effect.tells(figure) else NOT_DISTINCT


def _pounds(pounds: float) -> str:
    whole = round(pounds)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"


def _change(bar: Bar) -> str:
    if round(bar.pounds) == 0:
        return "nothing more"
    return f"{_pounds(abs(bar.pounds))} {'more' if bar.pounds > 0 else 'less'}"


def _spread(bar: Bar) -> str:
    """Return the range over the seeds in words."""
    if not bar.tells:
        return f", {NOT_DISTINCT}"
    if bar.most <= bar.least:
        return f" (£{bar.an_hour:,.2f} a contact hour)"
    return (
        f" ({_pounds(bar.least)} to {_pounds(bar.most)} over the seeds; "
        f"£{bar.an_hour:,.2f} a contact hour)"
    )
