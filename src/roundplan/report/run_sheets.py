"""Run sheets: a printed page for each worker and day, in large type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from roundplan.domain import Leg, Round, ScheduledVisit
from roundplan.formats import Person
from roundplan.report.rota import (
    MODE_WORDS,
    Event,
    EventKind,
    Rota,
    WorkerDay,
    long_date,
)
from roundplan.report.sheets import bdi, named, sheet, sheet_page
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
    on = {str(rota.date(d.day)): long_date(rota.date(d.day)) for d in days}
    workers = {w: named(rota, w) for w in sorted({d.worker_id for d in days})}
    about = (
        "Names and addresses: confidential. Keep the sheets with you, and destroy them "
        "afterwards."
        if rota.people
        else "There are no names and addresses: the problem folder has no people.csv."
    )
    choices = {
        "day": ("Day", "all days", on),
        "worker": ("Worker", "everybody", workers),
    }
    return sheet_page("Run sheets", about, choices, [_sheet(rota, d) for d in days])


def _sheet(rota: Rota, day: WorkerDay) -> str:
    facts = [_shift(rota, r) for r in day.rounds]
    contact = sum(v.end_s - v.start_s for v in day.visits)
    if day.visits:
        facts.append(
            f"{counted(len(day.visits), 'visit')}, {duration(contact)} with clients"
        )
    date = rota.date(day.day)
    return sheet(
        {"day": str(date), "worker": day.worker_id},
        named(rota, day.worker_id),
        long_date(date),
        facts,
        ("Time", "Where and what", "*Arrived", "*Left"),
        [_row(rota, day, event) for event in day.events],
    )


def _shift(rota: Rota, care_round: Round) -> str:
    times = _times(
        rota, care_round.shift_start_s, care_round.shift_end_s, care_round.day
    )
    return f"Shift {times}, {rota.vehicle(care_round)}"


def _times(rota: Rota, start_s: int, end_s: int, day: int) -> str:
    return f"{rota.time(start_s, day)}–{rota.time(end_s, day)}"


def _row(rota: Rota, day: WorkerDay, event: Event) -> str:
    if event.visit is not None:
        return _visit(rota, day, event.visit)
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


def _visit(rota: Rota, day: WorkerDay, visit: ScheduledVisit) -> str:
    client = rota.people.get(visit.client_id, Person())
    where = " · ".join(bdi(text) for text in (client.address, client.phone) if text)
    access = bdi(client.access_notes) if client.access_notes else ""
    address = "".join(
        f'<p class="place">{text}</p>' for text in (where, access) if text
    )
    notes = "".join(f"<li>{note}</li>" for note in _notes(rota, day, visit) if note)
    times = _times(rota, visit.start_s, visit.end_s, day.day)
    return (
        f'<tr><th scope="row">{times}<span class="length">'
        f"{duration(visit.end_s - visit.start_s)}</span></th>"
        f'<td><p class="client">{bdi(named(rota, visit.client_id))}</p>{address}'
        f"{f'<ul>{notes}</ul>' if notes else ''}</td>"
        '<td class="box"></td><td class="box"></td></tr>'
    )


def _notes(rota: Rota, day: WorkerDay, visit: ScheduledVisit) -> Iterable[str]:
    for other in rota.others(visit.visit_id, day.worker_id):
        yield f"With {bdi(named(rota, other))}"
    if (day.worker_id, visit.visit_id) in rota.introductions:
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
