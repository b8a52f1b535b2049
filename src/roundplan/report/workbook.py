"""A roster as an Excel workbook: rounds, visits, who is left out, figures, cost."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from roundplan.cost import cost_of, kpis, leg_figures, round_figures
from roundplan.domain import Previous, Problem, ScheduledVisit
from roundplan.report.roster_cards import CARDS, Unit, figures_of
from roundplan.report.rota import MODE_WORDS, Rota, WorkerDay, long_date
from roundplan.units import (
    AMOUNT_PER_PENNY,
    HOUR_S,
    METRES_PER_KM,
    MINUTE_S,
    PENCE_PER_POUND,
)
from roundplan.words import counted

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet may take for a formula (OWASP, CSV injection)."""

MOST_TEXT = 32_767
"""Characters that a cell of Excel holds."""

LOOKS = {
    "text": {},
    "date": {"num_format": "ddd d mmm yyyy", "align": "left"},
    "time": {"num_format": "hh:mm", "align": "left"},
    "count": {"num_format": "#,##0"},
    "figure": {},
    "tenth": {"num_format": "#,##0.0"},
    "pounds": {"num_format": "£#,##0.00"},
}
"""Formats of cells by the kind of their column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, kind of cell (`LOOKS`) and width in characters."""

    heading: str
    kind: str = "text"
    width: int = 12


ROUNDS = (
    Column("Date", "date", 16),
    Column("Worker"),
    Column("Round", width=20),
    Column("Travels", width=22),
    Column("Shift from", "time", 10),
    Column("Shift to", "time", 10),
    Column("First visit", "time", 11),
    Column("Last end", "time", 10),
    Column("Visits", "count", 8),
    Column("Paid h", "tenth", 9),
    Column("Contact h", "tenth", 10),
    Column("Travel h", "tenth", 10),
    Column("Waiting h", "tenth", 10),
    Column("To and from home h", "tenth", 19),
    Column("LTN crossings", "count", 14),
    Column("CO2e kg", "tenth", 9),
    Column("Expenses", "pounds", 10),
)

VISITS = (
    Column("Date", "date", 16),
    Column("Start", "time", 8),
    Column("End", "time", 8),
    Column("Minutes", "count", 9),
    Column("Visit", width=24),
    Column("Client"),
    Column("Worker"),
    Column("With"),
    Column("Round", width=20),
    Column("Comes", width=16),
    Column("Travel min", "count", 11),
    Column("Travel km", "tenth", 10),
    Column("Waits min", "count", 10),
    Column("LTN crossings", "count", 14),
    Column("CO2e kg", "tenth", 9),
    Column("Expenses", "pounds", 10),
    Column("New to client", width=13),
    Column("Pinned", width=8),
    Column("Priority", width=10),
    Column("Skills", width=24),
)

UNASSIGNED = (
    Column("Visit", width=24),
    Column("Client"),
    Column("Date", "date", 16),
    Column("Earliest", "time", 9),
    Column("Latest", "time", 8),
    Column("Minutes", "count", 9),
    Column("Workers", "count", 9),
    Column("Priority", width=10),
    Column("Code", width=16),
    Column("Why", width=60),
    Column("Cheapest way out", width=40),
    Column("Costs", "pounds", 10),
)


def workbook(
    rota: Rota, days: Sequence[WorkerDay], previous: Previous | None = None
) -> bytes:
    """Return a workbook of some days of workers, with ids and no names.

    Every sheet of rows has a filter and frozen headings. Text is text: nothing in it
    becomes a formula, a link or a number, and text that could be taken for a formula
    is marked as text for whoever edits the cell. Times are local; an end after
    midnight is shown by its time alone.

    Parameters
    ----------
    days
        What the sheets Rounds and Visits hold. The other sheets are of the whole
        roster.
    previous
        What the roster was planned from: its term of the cost.
    """
    buffer = io.BytesIO()
    book = new_book(buffer, rota.problem.horizon.start_date)
    sheets = Sheets(book)
    sheets.table("Rounds", ROUNDS, _rounds(rota, days))
    sheets.table("Visits", VISITS, _visits(rota, days))
    sheets.table("Unassigned", UNASSIGNED, _unassigned(rota))
    cost = cost_of(rota.problem, rota.travel, rota.roster, previous)
    figures = figures_of(kpis(rota.problem, rota.travel, rota.roster), cost.total_p)
    sheets.figures(figures)
    terms = [*cost.pence().items(), ("total", cost.total_p)]
    columns = (Column("Term", width=24), Column("Pounds", "pounds", 14))
    sheets.table(
        "Cost", columns, ((name.replace("_", " "), _pounds(p)) for name, p in terms)
    )
    about = (Column("About this workbook", width=100),)
    sheets.table("About", about, ((line,) for line in _about(rota, days)))
    book.close()
    return buffer.getvalue()


def new_book(buffer: io.BytesIO, made: date) -> Any:
    """Return a workbook in memory, in which text is text, and none of it a formula."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    # Excel wants some date in a file; one of its own would make each file another.
    book.set_properties({"created": datetime.combine(made, time())})
    return book


class Sheets:
    """Sheets of one workbook, written by columns."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format(
            {"bold": True, "bg_color": "#E6E6E6", "bottom": 1, "text_wrap": True}
        )
        self._looks = {
            kind: book.add_format({**look, "valign": "top"})
            for kind, look in LOOKS.items()
        }
        self._quoted = book.add_format({"quote_prefix": True, "valign": "top"})

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """Write a sheet of rows, with a filter and frozen headings, ready to print."""
        sheet = self._book.add_worksheet(name)
        count = 0
        for count, row in enumerate(rows, start=1):
            for at, (value, column) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, count, at, value, self._looks[column.kind])
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.heading, self._head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, count), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def figures(self, figures: Mapping[str, Any]) -> None:
        """Write the key figures, each with its unit and meaning."""
        columns = (
            Column("Figure", width=30),
            Column("Value", "figure", 14),
            Column("Unit", width=10),
            Column("Meaning", width=90),
        )
        rows = []
        for card in CARDS:
            value = figures.get(card.key)
            unit = "" if card.unit in (Unit.COUNT, Unit.NUMBER) else card.unit.value
            if card.unit is Unit.PENCE:
                value, unit = _pounds(value), "pounds"
            rows.append((card.name, value, unit, card.meaning))
        self.table("Key figures", columns, rows)

    def _cell(self, sheet: Any, row: int, at: int, value: Any, look: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            text = value[:MOST_TEXT]
            quoted = text.startswith(FORMULA_STARTS)
            sheet.write_string(row, at, text, self._quoted if quoted else look)
        elif isinstance(value, date | time):
            sheet.write_datetime(row, at, value, look)
        else:
            sheet.write_number(row, at, value, look)


def _rounds(rota: Rota, days: Sequence[WorkerDay]) -> Iterable[Sequence[Any]]:
    figures = round_figures(rota.problem, rota.travel, rota.roster)
    for of in days:
        for r in of.rounds:
            about = figures.get(r.round_id, {})
            starts = [v.start_s for v in r.visits]
            ends = [v.end_s for v in r.visits]
            yield (
                rota.date(of.day),
                r.worker_id,
                r.round_id,
                rota.vehicle(r),
                _time(rota, r.shift_start_s),
                _time(rota, r.shift_end_s),
                _time(rota, min(starts, default=None)),
                _time(rota, max(ends, default=None)),
                len(r.visits),
                *(
                    _in(about.get(name), HOUR_S)
                    for name in (
                        "paid_s",
                        "contact_s",
                        "travel_s",
                        "wait_s",
                        "home_leg_s",
                    )
                ),
                *_leg_cells(about),
            )


def _visits(rota: Rota, days: Sequence[WorkerDay]) -> Iterable[Sequence[Any]]:
    legs = leg_figures(rota.problem, rota.travel, rota.roster)
    for of in days:
        for event in of.events:
            if event.visit is not None:
                about = legs.get((event.round_id, event.visit.visit_id), {})
                yield _visit(rota, of, event.round_id, event.visit, about)


def _visit(
    rota: Rota,
    of: WorkerDay,
    round_id: str,
    visit: ScheduledVisit,
    about: Mapping[str, int],
) -> Sequence[Any]:
    leg, problem = visit.leg, rota.problem
    asked = problem.visit(visit.visit_id) if problem.has_visit(visit.visit_id) else None
    new = (of.worker_id, visit.visit_id) in rota.introductions
    return (
        rota.date(of.day),
        _time(rota, visit.start_s),
        _time(rota, visit.end_s),
        _in(visit.end_s - visit.start_s, MINUTE_S),
        visit.visit_id,
        visit.client_id,
        of.worker_id,
        "; ".join(rota.others(visit.visit_id, of.worker_id)),
        round_id,
        MODE_WORDS[leg.mode] if leg else "",
        _in(leg.travel_s if leg else None, MINUTE_S),
        _in(leg.travel_m if leg else None, METRES_PER_KM),
        _in(visit.wait_s, MINUTE_S),
        *_leg_cells(about),
        "yes" if new else "",
        "yes" if visit.pinned else "",
        asked.priority.value if asked else "not in the problem",
        "; ".join(sorted(asked.skills)) if asked else "",
    )


def _leg_cells(figures: Mapping[str, int]) -> tuple[Any, Any, Any]:
    """Return crossings, kilograms and pounds of a leg or a round."""
    return (
        figures.get("ltn_crossings"),
        _in(figures.get("co2e_g"), METRES_PER_KM),
        _in(figures.get("expenses"), AMOUNT_PER_PENNY * PENCE_PER_POUND),
    )


def _unassigned(rota: Rota) -> Iterable[Sequence[Any]]:
    problem: Problem = rota.problem
    for item in rota.roster.unassigned:
        end = (
            item.code,
            item.reason,
            item.cheapest_relaxation,
            _pounds(item.relaxation_p),
        )
        if not problem.has_visit(item.visit_id):
            yield (item.visit_id, *[None] * 6, "not in the problem", *end)
            continue
        visit = problem.visit(item.visit_id)
        yield (
            visit.visit_id,
            visit.client_id,
            rota.date(visit.day),
            _time(rota, visit.window.earliest_start_s),
            _time(rota, visit.window.latest_start_s),
            _in(visit.duration_s, MINUTE_S),
            visit.workers_required,
            visit.priority.value,
            *end,
        )


def _about(rota: Rota, days: Sequence[WorkerDay]) -> Iterable[str]:
    horizon = rota.problem.horizon
    last = horizon.date_of(horizon.days - 1)
    yield f"Roster of {long_date(horizon.start_date)} to {long_date(last)}."
    yield f"Policy {rota.problem.policy.name}; times in {horizon.timezone}."
    workers = len({of.worker_id for of in days})
    dates = len({of.day for of in days})
    yield (
        f"The sheets Rounds and Visits are of {counted(workers, 'worker')} and "
        f"{counted(dates, 'day')}; the others are of the whole roster."
    )
    yield "A double-handed visit has a row in Visits for each of its workers."
    made = rota.roster.provenance
    if made is not None:
        yield f"Made by roundplan {made.version}, seed {made.seed}."
        yield from made.notes


def _time(rota: Rota, second: int | None) -> time | None:
    """Return the local time of day, which has no zone in Excel."""
    if second is None:
        return None
    local = rota.moment(second)
    return local.time()


def _in(value: int | None, unit: int) -> float | None:
    return None if value is None else round(value / unit, 4)


def _pounds(pence: int | None) -> float | None:
    return _in(pence, PENCE_PER_POUND)
