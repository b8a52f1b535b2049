"""Run sheets: a printed page for each worker and day, in large type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from roundplan.domain import Leg, Round, ScheduledVisit
from roundplan.formats import Person
from roundplan.report.page import page
from roundplan.report.rota import (
    MODE_WORDS,
    Event,
    EventKind,
    Rota,
    WorkerDay,
    long_date,
)
from roundplan.units import METRES_PER_KM
from roundplan.words import counted, duration


def run_sheets(rota: Rota, days: Sequence[WorkerDay]) -> str:
    """Return a page of run sheets, each of which begins a new page when printed.

    Each says where to be when, how to get there and when to leave at the latest, who
    else comes, whom the client does not know yet, what the visit asks for, breaks,
    training and meetings, and has room for the times of arrival and leaving. Names,
    addresses, telephone numbers and access notes are those of people.csv: no other
    output has them.
    """
    on = sorted({rota.date(d.day) for d in days})
    dates = "".join(
        f'<option value="{date}">{escape(long_date(date))}</option>' for date in on
    )
    workers = "".join(
        f'<option value="{escape(w)}">{escape(_named(rota, w))}</option>'
        for w in sorted({d.worker_id for d in days})
    )
    warning = (
        "Names and addresses: confidential. Keep the sheets with you, and destroy them "
        "afterwards."
        if rota.people
        else "There are no names and addresses: the problem folder has no people.csv."
    )
    body = f"""<header class="no-print">
<h1>Run sheets</h1>
<p>{counted(len(days), "sheet")}, each on a new printed page. {warning}</p>
<div class="controls">
<label>Day <select id="day"><option value="">all days</option>{dates}</select></label>
<label>Worker <select id="worker"><option value="">everybody</option>{workers}</select>
</label>
<button type="button" id="print">Print what is shown</button>
</div>
<p id="shown" role="status"></p>
</header>
<main>
{"".join(_sheet(rota, day) for day in days) or "<p>Nobody has anything to do.</p>"}
</main>"""
    return page(
        "Run sheets",
        body,
        {},
        scripts=["run_sheets.js"],
        styles=["run_sheets.css"],
        leaflet=False,
    )


def _named(rota: Rota, id_: str) -> str:
    name = rota.name(id_)
    return name if name == id_ else f"{name} ({id_})"


def _bdi(text: str) -> str:
    """Return a name as HTML that may run from right to left."""
    return f"<bdi>{escape(text)}</bdi>"


def _sheet(rota: Rota, day: WorkerDay) -> str:
    date = rota.date(day.day)
    facts = [_shift(rota, r) for r in day.rounds]
    contact = sum(v.end_s - v.start_s for v in day.visits)
    if day.visits:
        facts.append(
            f"{counted(len(day.visits), 'visit')}, {duration(contact)} with clients"
        )
    rows = "".join(_row(rota, day, event) for event in day.events)
    return f"""<article class="sheet" data-day="{date}"
 data-worker="{escape(day.worker_id)}">
<table><thead><tr><th colspan="4" class="who">
<h2>{_bdi(_named(rota, day.worker_id))}</h2>
<p class="date">{escape(long_date(date))}</p>
<p>{"<br>".join(facts)}</p></th></tr>
<tr><th scope="col">Time</th><th scope="col">Where and what</th>
<th scope="col" class="box">Arrived</th><th scope="col" class="box">Left</th></tr>
</thead><tbody>{rows}</tbody></table>
</article>
"""


def _shift(rota: Rota, care_round: Round) -> str:
    times = _times(
        rota, care_round.shift_start_s, care_round.shift_end_s, care_round.day
    )
    return f"Shift {times}, {rota.vehicle(care_round)}"


def _times(rota: Rota, start_s: int, end_s: int, day: int) -> str:
    return f"{rota.time(start_s, day)}–{rota.time(end_s, day)}"


def _row(rota: Rota, day: WorkerDay, event: Event) -> str:
    if event.visit is not None:
        return _visit(rota, day, event.visit, event.round_id)
    if event.leg is not None:
        to_visit = rota.problem.has_client(event.leg.to_place)
        when = "Leave by" if to_visit else "Done at"
        text = f"{when} <b>{rota.time(event.start_s, day.day)}</b>: "
        text += escape(_leg(rota, day, event.leg))
        return f'<tr class="way"><td></td><td colspan="3">{text}</td></tr>'
    times = _times(rota, event.start_s, event.end_s, day.day)
    words = "break, unpaid" if event.kind is EventKind.BREAK else event.kind.value
    return (
        f'<tr class="way"><th scope="row">{times}</th>'
        f'<td colspan="3">{words.capitalize()}</td></tr>'
    )


def _leg(rota: Rota, day: WorkerDay, leg: Leg) -> str:
    way = f"{MODE_WORDS[leg.mode]}, {duration(leg.travel_s)}"
    if leg.travel_m:
        way += f", {leg.travel_m / METRES_PER_KM:.1f} km"
    if leg.to_place == day.worker_id:
        return f"home, {way}"
    if not rota.problem.has_client(leg.to_place):
        return f"to {leg.to_place}, {way}"
    return way


def _visit(rota: Rota, day: WorkerDay, visit: ScheduledVisit, round_id: str) -> str:
    client = rota.people.get(visit.client_id, Person())
    address = "".join(
        f'<p class="place">{_bdi(text)}</p>'
        for text in (client.address, client.phone, client.access_notes)
        if text
    )
    notes = "".join(
        f"<li>{note}</li>" for note in _notes(rota, day, visit, round_id) if note
    )
    times = _times(rota, visit.start_s, visit.end_s, day.day)
    return (
        f'<tr><th scope="row">{times}<span class="length">'
        f"{duration(visit.end_s - visit.start_s)}</span></th>"
        f'<td><p class="client">{_bdi(_named(rota, visit.client_id))}</p>{address}'
        f"{f'<ul>{notes}</ul>' if notes else ''}</td>"
        '<td class="box"></td><td class="box"></td></tr>'
    )


def _notes(
    rota: Rota, day: WorkerDay, visit: ScheduledVisit, round_id: str
) -> Iterable[str]:
    for other in rota.others(visit.visit_id, day.worker_id):
        yield f"With {_bdi(_named(rota, other))}"
    if (round_id, visit.visit_id) in rota.introductions:
        yield "New to this client: introduce yourself"
    if not rota.problem.has_visit(visit.visit_id):
        yield f"Visit {escape(visit.visit_id)} is not in the problem folder"
        return
    asked = rota.problem.visit(visit.visit_id)
    if asked.time_critical:
        latest = rota.time(asked.window.latest_start_s, day.day)
        yield f"The time matters: start by {latest}"
    if asked.skills:
        yield f"Needs: {escape(', '.join(sorted(asked.skills)))}"
