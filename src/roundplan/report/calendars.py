"""Rounds as iCalendar files, one for each worker, for telephones and calendars."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from roundplan.report.rota import MODE_WORDS, Event, EventKind, Rota, WorkerDay
from roundplan.units import METRES_PER_KM
from roundplan.words import duration

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip file knows: the same roster gives the same file."""


def calendars(
    rota: Rota, days: Sequence[WorkerDay], *, made: datetime
) -> dict[str, bytes]:
    """Return an iCalendar file (RFC 5545) by worker_id.

    Visits, breaks, training and meetings; how to come, and when to leave at the
    latest, in the notes of a visit. Ids and no names: calendars are copied to servers
    of others. Times are in UTC, which every calendar shows as local. An entry keeps
    its UID from one roster to the next, so that importing a newer one updates it.

    Parameters
    ----------
    made
        When the files are made, an aware time: what calendars tell newer from older by.
    """
    found: dict[str, Calendar] = {}
    for of in days:
        calendar = found.get(of.worker_id)
        if calendar is None:
            calendar = Calendar()
            calendar.add("prodid", "-//roundplan//rounds//EN")
            calendar.add("version", "2.0")
            calendar.add("x-wr-calname", f"Rounds of {of.worker_id}")
            found[of.worker_id] = calendar
        ways = {e.end_s: e for e in of.events if e.kind is EventKind.TRAVEL}
        numbers: dict[str, int] = defaultdict(int)
        for event in of.events:
            if event.kind is EventKind.TRAVEL:
                continue
            numbers[event.kind.value] += 1
            number = numbers[event.kind.value]
            way = ways.get(event.start_s)
            calendar.add_component(_entry(rota, of, event, way, number, made))
    return {worker: calendar.to_ical() for worker, calendar in found.items()}


def _entry(
    rota: Rota,
    of: WorkerDay,
    event: Event,
    way: Event | None,
    number: int,
    made: datetime,
) -> Entry:
    entry = Entry()
    if event.visit is not None:
        name, uid = f"Visit {event.visit.client_id}", event.visit.visit_id
        lines = [
            f"Visit {event.visit.visit_id}, {duration(event.end_s - event.start_s)}"
        ]
        others = rota.others(event.visit.visit_id, of.worker_id)
        lines += [f"With {other}" for other in others]
        if (of.worker_id, event.visit.visit_id) in rota.introductions:
            lines.append("New to this client: introduce yourself")
        if way is not None and way.leg is not None:
            leg = way.leg
            lines.append(
                f"Leave by {rota.time(way.start_s, of.day)}: {MODE_WORDS[leg.mode]}, "
                f"{duration(leg.travel_s)}, {leg.travel_m / METRES_PER_KM:.1f} km"
            )
        entry.add("description", "\n".join(lines))
    else:
        name = event.kind.value.capitalize()
        uid = f"{event.round_id}-{event.kind.value}-{number}"
    entry.add("uid", f"{_digest(f'{of.worker_id}/{uid}')}@roundplan")
    entry.add("dtstamp", made.astimezone(UTC))
    entry.add("dtstart", rota.moment(event.start_s).astimezone(UTC))
    entry.add("dtend", rota.moment(event.end_s).astimezone(UTC))
    entry.add("summary", name)
    entry.add("class", "PRIVATE")
    return entry


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file with a calendar for each worker, named after them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for worker_id, content in sorted(files.items()):
            about = zipfile.ZipInfo(f"{_file_name(worker_id)}.ics", ZIP_EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    return buffer.getvalue()


def _file_name(id_: str) -> str:
    """Return a name that every system takes, another for every id."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", id_)[:60]
    return id_ if plain == id_ else f"{plain}-{_digest(id_)[:8]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
