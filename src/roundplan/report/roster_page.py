"""A roster as one page: map and chart of the rounds, key figures, reasons, costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from roundplan.check import Violation, broken, check
from roundplan.cost import cost_of, kpis, rate_warnings
from roundplan.domain import (
    LAT_LON,
    RULE_SUMMARY,
    Mode,
    Place,
    Previous,
    Priority,
    Rule,
)
from roundplan.network import Network
from roundplan.network.projection import metric_crs, transform
from roundplan.network.snapping import positions
from roundplan.report.ahead import ahead_section
from roundplan.report.page import page, table
from roundplan.report.roster_cards import (
    CARDS,
    Figures,
    change,
    figures_of,
    written,
)
from roundplan.report.roster_charter import charter_section
from roundplan.report.rota import MODE_WORDS, Event, EventKind, Rota, long_date
from roundplan.report.street_base import (
    Float64,
    corner_of,
    decimetres,
    street_groups,
)
from roundplan.units import METRES_PER_KM, MINUTE_S
from roundplan.words import counted, duration, pounds

MARGIN_M = 500
"""Streets are drawn this far around the places of a roster."""

KINDS = tuple(EventKind)
"""An event's kind is its place here, in the page's data."""

DOUBLE, INTRODUCTION, PINNED = 1, 2, 4
"""Bits of what is to be said of a visit."""


def roster_page(
    rota: Rota,
    *,
    network: Network | None = None,
    previous: Previous | None = None,
    before: tuple[Figures, int | None] | None = None,
    title: str = "Roster",
) -> str:
    """Return the page, which opens without a network, and names ids alone.

    Everything is computed from the roster as it is, so that one changed by hand is
    shown with its own figures and its breaches of rules.

    Parameters
    ----------
    network
        Streets to draw under the rounds; None for none.
    previous
        What the roster was planned from: its term of the cost.
    before
        Key figures and cost in pence of another roster, last week's, to compare with.
    """
    problem, travel, roster = rota.problem, rota.travel, rota.roster
    cost = cost_of(problem, travel, roster, previous)
    figures = figures_of(kpis(problem, travel, roster), cost.total_p)
    violations = check(problem, travel, roster)
    data = _data(rota, network)
    past = None if before is None else figures_of(*before)
    horizon = problem.horizon
    days = f"{long_date(horizon.start_date)}, {counted(horizon.days, 'day')}"
    sections = (
        f"<header><h1>{escape(title)}</h1>"
        f'<p class="quiet">{days}; policy {escape(problem.policy.name)}. '
        "Positions are clients' homes: for those who need to know.</p></header>",
        _cards(figures, past),
        _rounds(rota, bool(data["size"])),
        _unassigned(rota),
        _rules(rota, violations),
        charter_section(rota),
        _costs(cost.pence(), cost.total_p),
        _travel(figures),
        ahead_section(rota),
        _about(rota, violations),
    )
    return page(
        title,
        "\n".join(sections),
        data,
        scripts=["roster_page.js"],
        styles=["roster_page.css"],
    )


def _data(rota: Rota, network: Network | None) -> dict[str, Any]:
    """Return the days, workers and rounds, and where they are."""
    problem = rota.problem
    days = rota.days()
    places = [*(c.place for c in problem.clients), *(w.home for w in problem.workers)]
    places += [
        p for p in problem.places if p.place_id not in {q.place_id for q in places}
    ]
    xy, corner, size = _positions(places, network)
    index = {place.place_id: i for i, place in enumerate(places)}
    streets: list[dict[str, Any]] = []
    if network is not None and size:
        low, high = corner, corner + np.array(size) / 10
        streets = street_groups(network, corner=corner, within=(low, high))
    return {
        "licence": network.licence if network is not None else "",
        "streets": streets,
        "size": size,
        "places": [[p.place_id, *at] for p, at in zip(places, xy, strict=True)],
        "dates": {day: long_date(rota.date(day)) for day in _shown_days(rota)},
        "kinds": [kind.value for kind in KINDS],
        "days": [
            {
                "worker": of.worker_id,
                "day": of.day,
                "rounds": [
                    {
                        "vehicle": rota.vehicle(r),
                        "shift": [
                            _minutes(rota, r.shift_start_s, of.day),
                            _minutes(rota, r.shift_end_s, of.day),
                        ],
                    }
                    for r in of.rounds
                ],
                "events": [
                    _event(rota, of.worker_id, of.day, e, index) for e in of.events
                ],
            }
            for of in days
        ],
        "missing": [
            [
                u.visit_id,
                problem.visit(u.visit_id).day,
                index[problem.visit(u.visit_id).client_id],
            ]
            for u in rota.roster.unassigned
            if problem.has_visit(u.visit_id)
        ],
    }


def _shown_days(rota: Rota) -> list[int]:
    """Return the days of the roster, and others to which a hand edit moved a round."""
    days = {*range(rota.problem.horizon.days), *(r.day for r in rota.roster.rounds)}
    return sorted(days)


def _positions(
    places: Sequence[Place], network: Network | None
) -> tuple[list[list[int | None]], Float64, list[int]]:
    """Return decimetres of places, the corner they count from, and the size.

    Without a network, places in degrees are projected as a network would; places in
    several systems, or in none, have no map: then there is no size.
    """
    if network is not None:
        xy = positions(network, places)
        corner = corner_of(network)
    else:
        systems = {p.crs for p in places if p.located}
        xy = np.array(
            [(p.x, p.y) if p.located else (np.nan, np.nan) for p in places],
            dtype=np.float64,
        ).reshape(-1, 2)
        known = xy[~np.isnan(xy).any(axis=1)]
        if len(systems) != 1 or not len(known):
            return [[None, None]] * len(places), np.zeros(2), []
        system = systems.pop()
        if system == LAT_LON:
            lon, lat = known[0]
            xy = transform(xy, LAT_LON, metric_crs(lon, lat))
        corner = np.zeros(2)
    found = xy[np.isfinite(xy).all(axis=1)]
    if not len(found):
        return [[None, None]] * len(places), corner, []
    corner = np.floor(found.min(axis=0)) - MARGIN_M
    size = np.ceil(found.max(axis=0)) + MARGIN_M - corner
    at: list[list[int | None]] = [
        [None, None]
        if not np.isfinite(point).all()
        else decimetres(point, corner).tolist()
        for point in xy
    ]
    return at, corner, [int(v) for v in 10 * size]


def _minutes(rota: Rota, second: int, day: int) -> float:
    """Return minutes on the wall clock since a day's midnight."""
    local = rota.moment(second)
    days = (local.date() - rota.date(day)).days
    return days * 1440 + local.hour * 60 + local.minute + round(local.second / 60, 2)


def _event(
    rota: Rota, worker_id: str, day: int, event: Event, index: dict[str, int]
) -> list[Any]:
    """Return kind, start, end, place and what else there is to say of an event."""
    row: list[Any] = [
        KINDS.index(event.kind),
        _minutes(rota, event.start_s, day),
        _minutes(rota, event.end_s, day),
    ]
    if (leg := event.leg) is not None:
        text = f"{MODE_WORDS[leg.mode]}, {duration(leg.travel_s)}"
        if leg.travel_m:
            text += f", {leg.travel_m / METRES_PER_KM:.1f} km"
        return [*row, index.get(leg.to_place, -1), text, index.get(leg.from_place, -1)]
    if (visit := event.visit) is not None:
        flags = DOUBLE if rota.others(visit.visit_id, worker_id) else 0
        if (worker_id, visit.visit_id) in rota.introductions:
            flags |= INTRODUCTION
        flags |= PINNED if visit.pinned else 0
        place = index.get(visit.client_id, -1)
        return [*row, place, visit.visit_id, flags, _late(rota, visit.visit_id, event)]
    return row


def _late(rota: Rota, visit_id: str, event: Event) -> int:
    """Return minutes after the window, 0 for none."""
    if not rota.problem.has_visit(visit_id):
        return 0
    latest = rota.problem.visit(visit_id).window.latest_start_s
    return max(0, -((latest - event.start_s) // MINUTE_S))


def _cards(figures: Figures, past: Figures | None) -> str:
    cards = []
    for card in CARDS:
        now = figures.get(card.key)
        if now is None and past is None:
            continue
        compared = ""
        if past is not None:
            words = change(now, past.get(card.key), card.unit)
            compared = f'<p class="change">{words}</p>'
        value = written(now, card.unit)
        if card.key == "visits_placed":
            value += f' <span class="of">of {figures["visits"]:,}</span>'
        cards.append(
            f'<div class="card"><h3>{escape(card.name)}</h3>'
            f'<p class="value">{value}</p>{compared}'
            f'<p class="quiet">{escape(card.meaning)}</p></div>'
        )
    return (
        '<section aria-labelledby="figures"><h2 id="figures">Key figures</h2>'
        f'<div class="cards">{"".join(cards)}</div></section>'
    )


def _rounds(rota: Rota, placed: bool) -> str:
    dates = "".join(
        f'<option value="{day}">{escape(long_date(rota.date(day)))}</option>'
        for day in _shown_days(rota)
    )
    where = (
        '<div id="map" role="application" aria-label="Map of the rounds"></div>'
        '<p class="quiet">A line joins the visits of a round in their order; it does '
        "not follow the streets. A ring is home or an office, a triangle a visit "
        "without a worker.</p>"
        if placed
        else "<p>There is no map: the places have no positions in one system.</p>"
    )
    key = "".join(
        f'<li><svg width="34" height="16" aria-hidden="true">{shape}</svg> {words}</li>'
        for words, shape in (
            ("visit", '<rect class="visit" y="1" width="34" height="14"/>'),
            ("travel", '<rect class="travel" y="6" width="34" height="4"/>'),
            ("break", '<rect class="break" y="1" width="34" height="14"/>'),
            (
                "training or meeting",
                '<rect class="block" x="1" y="2" width="32" height="12"/>',
            ),
            ("on shift", '<rect class="shift" width="34" height="16"/>'),
        )
    )
    return f"""<section aria-labelledby="rounds"><h2 id="rounds">Rounds</h2>
<div class="controls no-print">
<label>Day <select id="day">{dates}</select></label>
<label>Find worker, client or visit <input id="find" type="search"></label>
</div>
<p id="said" role="status"></p>
<div class="two">
<div>{where}</div>
<div id="round" tabindex="0" role="region" aria-label="The chosen round"></div>
</div>
<ul class="key">{key}</ul>
<svg class="hidden" width="0" height="0" aria-hidden="true"><defs>
<pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse">
<rect width="4" height="4" fill="#fff"/><path d="M0 4L4 0" stroke="#1b1b1b"/>
</pattern></defs></svg>
<table id="chart"><caption>Workers by time of day</caption>
<thead><tr><th scope="col">Worker</th><th scope="col"><div id="hours"></div></th></tr>
</thead><tbody></tbody></table>
</section>"""


def _unassigned(rota: Rota) -> str:
    left = rota.roster.unassigned
    heading = '<h2 id="left">Visits without a worker</h2>'
    if not left:
        return f'<section aria-labelledby="left">{heading}<p>None.</p></section>'
    problem = rota.problem
    order = list(Priority)

    def rank(visit_id: str) -> tuple[int, str]:
        known = problem.has_visit(visit_id)
        return order.index(problem.visit(visit_id).priority) if known else -1, visit_id

    rows = []
    for item in sorted(left, key=lambda u: rank(u.visit_id)):
        what = "not in the problem folder"
        if problem.has_visit(item.visit_id):
            visit = problem.visit(item.visit_id)
            window = visit.window
            what = (
                f"{visit.priority.value}; {rota.date(visit.day):%a} "
                f"{rota.time(window.earliest_start_s)}–"
                f"{rota.time(window.latest_start_s, visit.day)}, "
                f"{duration(visit.duration_s)}, client {visit.client_id}"
            )
        way_out = item.cheapest_relaxation or "none was looked for"
        if item.relaxation_p is not None:
            way_out += f" ({pounds(item.relaxation_p)})"
        rows.append(
            (item.visit_id, what, f"{item.reason} ({item.code})", way_out),
        )
    found = table(("Visit", "What", "Why", "Cheapest way out"), rows)
    return f'<section aria-labelledby="left">{heading}{found}</section>'


def _rules(rota: Rota, violations: Sequence[Violation]) -> str:
    wrong = broken(violations)
    count = Counter(v.rule for v in wrong)
    aside = Counter(v.rule for v in violations if v.override is not None)
    rows = []
    for rule in Rule:
        if rule not in rota.problem.policy.hard:
            state = "not asked by the policy"
        elif count[rule]:
            state = counted(count[rule], "breach", "breaches")
        else:
            state = "kept"
        if aside[rule]:
            state += f"; {aside[rule]:,} set aside by overrides"
        rows.append((rule.value.replace("_", " "), RULE_SUMMARY[rule], state))
    found = "".join(f"<li>{escape(str(v))}</li>" for v in wrong)
    return (
        '<section aria-labelledby="rules"><h2 id="rules">Rules</h2>'
        f"<p>{counted(len(wrong), 'breach', 'breaches')}, found by the independent "
        f"checker.</p>{f'<ul>{found}</ul>' if found else ''}"
        f"{table(('Rule', 'What it asks', 'In this roster'), rows)}</section>"
    )


def _costs(pence: dict[str, int], total_p: int) -> str:
    rows = [
        (
            name.replace("_", " "),
            pounds(p),
            f"{100 * p / total_p:.1f} %" if total_p else "",
        )
        for name, p in pence.items()
        if p
    ]
    rows.append(("total", pounds(total_p), ""))
    found = table(("Term", "Pounds", "Share"), rows, numbers=(1, 2))
    return (
        f'<section aria-labelledby="cost"><h2 id="cost">Cost</h2>{found}'
        '<p class="quiet">Contact, travel, waiting, parking, paid blocks, mileage, '
        "fares, guaranteed hours and overtime are cash; the others are prices of the "
        "policy, put in pounds to be weighed against cash. Terms add up to the total "
        "to the penny.</p></section>"
    )


def _travel(figures: Figures) -> str:
    legs = figures["legs_by_mode"]
    total = sum(legs.values())
    rows = [
        (
            MODE_WORDS[mode],
            f"{legs[mode.value]:,}",
            f"{100 * legs[mode.value] / total:.1f} %",
            f"{figures['travel_hours_by_mode'][mode.value]:,.1f}",
            f"{figures['metres_by_mode'][mode.value] / METRES_PER_KM:,.1f}",
            f"{figures['co2e_kg_by_mode'][mode.value]:,.1f}",
        )
        for mode in Mode
        if legs[mode.value]
    ]
    heads = ("Journeys", "Number", "Share", "Hours", "km", "kg CO2e")
    modes = (
        table(heads, rows, numbers=(1, 2, 3, 4, 5))
        if rows
        else "<p>Nobody travels between visits.</p>"
    )
    return (
        '<section aria-labelledby="ways"><h2 id="ways">Ways of travel, and low-traffic '
        f"neighbourhoods</h2>{modes}{_cells(figures)}</section>"
    )


def _cells(figures: Figures) -> str:
    cells = figures.get("attendances_by_cell")
    if not cells:
        return "<p>No low-traffic neighbourhoods are known here.</p>"
    total = sum(cells.values())
    rows = [
        (name or "in none", f"{count:,}", f"{100 * count / total:.1f} %")
        for name, count in sorted(cells.items(), key=lambda c: (not c[0], -c[1]))
    ]
    found = table(
        ("Low-traffic neighbourhood", "Visits", "Share"), rows, numbers=(1, 2)
    )
    return (
        f"{found}<p>{figures['ltn_crossings']:,} boundaries crossed by car; "
        f"{figures['cell_changes']:,} journeys between clients into or out of one.</p>"
    )


def _about(rota: Rota, violations: Sequence[Violation]) -> str:
    made = rota.roster.provenance
    notes = [*rate_warnings(rota.problem, rota.travel), *rota.problem.notes]
    if made is not None:
        notes += made.notes
        by = [f"roundplan {made.version}"]
        if made.seed is not None:
            by.append(f"seed {made.seed}")
        if made.iterations is not None:
            by.append(counted(made.iterations, "iteration"))
        notes.insert(0, f"Made by {', '.join(by)}.")
        if made.bound_p is not None:
            notes.append(f"No roster costs less than {pounds(made.bound_p)}.")
    notes += [
        f"Rule {v.rule.value} set aside for {v.visit_id or v.worker_id}: {v.message}"
        for v in violations
        if v.override is not None
    ]
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return (
        '<section aria-labelledby="about"><h2 id="about">What this rests on</h2>'
        f"<ul>{items or '<li>Nothing was assumed.</li>'}</ul></section>"
    )
