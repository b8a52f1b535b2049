"""Week sheets: a printed page for each client, of who comes when and what is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from roundplan.domain import Previous
from roundplan.report.rota import Rota, long_date
from roundplan.report.sheets import bdi, named, sheet, sheet_page
from roundplan.units import MINUTE_S
from roundplan.words import counted, duration

MOVED_S = 15 * MINUTE_S
"""A start that moves by less is not marked: the finest of the three distances at which
punctuality is reported (DOMAIN 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One visit as its client sees it; nobody comes where ``workers`` is empty."""

    visit_id: str
    day: int
    start_s: int
    end_s: int
    workers: tuple[str, ...]
    new: tuple[str, ...]


def client_sheets(
    rota: Rota, previous: Previous | None = None, dates: Collection[date] = ()
) -> str:
    """Return a page of sheets, one for each client who is visited.

    Names are those of people.csv; there are no addresses. Other workers and starts
    that move by ``MOVED_S`` or more are marked where there is an earlier roster.

    Parameters
    ----------
    previous
        The earlier roster, as the problem's visits see it (`match_previous`).
    dates
        The days shown; all where none are given.
    """
    wanted = {rota.day(on) for on in dates}
    of_client: dict[str, list[Coming]] = defaultdict(list)
    for client_id, coming in _coming(rota):
        if not wanted or coming.day in wanted:
            of_client[client_id].append(coming)
    days = sorted(wanted or range(rota.problem.horizon.days))
    first, last = long_date(rota.date(days[0])), long_date(rota.date(days[-1]))
    when = first if first == last else f"{first} to {last}"
    about = (
        "Changes are against the roster before: other workers, and starts that move by "
        f"{duration(MOVED_S)} or more."
        if previous is not None
        else "There is no earlier roster to compare with."
    )
    if not rota.people:
        about += " There are no names: the problem folder has no people.csv."
    clients = sorted(of_client)
    return sheet_page(
        "Week sheets for clients",
        about,
        {"client": ("Client", "everybody", {c: named(rota, c) for c in clients})},
        [_sheet(rota, c, when, of_client[c], previous) for c in clients],
    )


def _coming(rota: Rota) -> Iterator[tuple[str, Coming]]:
    """Yield visits with their clients: once a double-handed one, and the unassigned."""
    seen = set()
    for r in rota.roster.rounds:
        for visit in r.visits:
            if visit.visit_id in seen:
                continue
            seen.add(visit.visit_id)
            workers = (r.worker_id, *rota.others(visit.visit_id, r.worker_id))
            new = {w for w in workers if (w, visit.visit_id) in rota.introductions}
            yield (
                visit.client_id,
                Coming(
                    visit_id=visit.visit_id,
                    day=r.day,
                    start_s=visit.start_s,
                    end_s=visit.end_s,
                    workers=tuple(sorted(workers)),
                    new=tuple(sorted(new)),
                ),
            )
    for item in rota.roster.unassigned:
        if item.visit_id in seen or not rota.problem.has_visit(item.visit_id):
            continue
        asked = rota.problem.visit(item.visit_id)
        yield (
            asked.client_id,
            Coming(
                visit_id=asked.visit_id,
                day=asked.day,
                start_s=asked.window.earliest_start_s,
                end_s=asked.window.latest_start_s + asked.duration_s,
                workers=(),
                new=(),
            ),
        )


def _sheet(
    rota: Rota, client_id: str, when: str, of: list[Coming], previous: Previous | None
) -> str:
    of = sorted(of, key=lambda c: (c.start_s, c.visit_id))
    heads = ["Day", "Time", "Who comes"] + (["Change"] if previous is not None else [])
    rows, last = [], -1
    for coming in of:
        on = rota.date(coming.day)
        day = f"{on:%A} {on.day}" if coming.day != last else ""
        last = coming.day
        cells = [
            f'<th scope="row">{day}</th>',
            f'<td class="when">'
            f"{rota.time(coming.start_s, coming.day)}–"
            f"{rota.time(coming.end_s, coming.day)}</td>",
            f"<td>{_who(rota, coming)}</td>",
        ]
        if previous is not None:
            cells.append(f"<td>{_change(rota, coming, previous)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    workers = {w for coming in of for w in coming.workers}
    fact = f"{counted(len(of), 'visit')}, {counted(len(workers), 'care worker')}"
    return sheet(
        {"client": client_id}, named(rota, client_id), when, [fact], heads, rows
    )


def _who(rota: Rota, coming: Coming) -> str:
    if not coming.workers:
        return "<b>Nobody yet:</b> we are looking for somebody between these times"
    return "<br>".join(
        f'<span class="client">{bdi(rota.name(w))}</span>'
        f"{' (new to you)' if w in coming.new else ''}"
        for w in coming.workers
    )


def _change(rota: Rota, coming: Coming, previous: Previous) -> str:
    """Return what is new about a visit, as HTML; nothing where all is as before."""
    if not coming.workers:
        return ""
    made = previous.made.get(coming.visit_id)
    if made is None:
        return "new visit"
    said = []
    gone = [w for w in made.workers if w not in coming.workers]
    if gone and set(coming.workers) - set(made.workers):
        said.append(f"instead of {', '.join(bdi(rota.name(w)) for w in gone)}")
    elif gone:
        said.append(f"without {', '.join(bdi(rota.name(w)) for w in gone)}")
    elif len(coming.workers) > len(made.workers):
        said.append("one more worker")
    moved = made.start_s is not None and abs(coming.start_s - made.start_s) >= MOVED_S
    if moved and made.start_s is not None:
        said.append(f"was at {rota.time(made.start_s, coming.day)}")
    return "<br>".join(said)
