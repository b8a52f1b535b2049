"""The tables of a generated week as CSV text, with the columns of DESIGN 3."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from roundplan.datasets.demand import Week
from roundplan.datasets.demand.model import (
    OFFICE,
    ClientPlan,
    VisitPattern,
    WorkerPlan,
)
from roundplan.datasets.town import Address

Row = Sequence[object]

CLIENTS = (
    "client_id,lat,lon,patch,provider,package,start_date,end_date,language,"
    "worker_gender,preferred_workers,barred_workers,introduced_workers"
)
VISITS = (
    "visit_id,client_id,date,days,earliest_start,latest_start,duration_min,"
    "preferred_start,workers_required,skills,priority,time_critical,after_visit,"
    "min_gap_min,max_gap_min,pinned_workers"
)
WORKERS = (
    "worker_id,lat,lon,patch,provider,modes,ltn_exempt,skills,gender,languages,contract,"
    "guaranteed_hours_week,contracted_hours_week,max_hours_week,hourly_rate,"
    "has_fixed_base,wtr_opt_out,hours_last_16_weeks"
)


def tables(week: Week) -> Mapping[str, str]:
    """Return every table of a week: file name and text."""
    return {
        "clients.csv": _csv(CLIENTS, map(_client, week.clients)),
        "visits.csv": _csv(VISITS, _visits(week)),
        "workers.csv": _csv(WORKERS, map(_worker, week.workers)),
        "shifts.csv": _csv(
            "worker_id,date,start,end,kind,start_place,end_place", _shifts(week)
        ),
        "places.csv": _csv("place_id,lat,lon", [(OFFICE, *_position(week.office))]),
        "history.csv": _csv(
            "client_id,worker_id,visits,first_visit,last_visit",
            (
                (h.client_id, h.worker_id, h.visits, h.first, h.last)
                for h in week.history
            ),
        ),
        "providers.csv": _csv(
            "provider,tier,patches,min_hours_week,max_hours_week",
            (
                (p.provider, p.tier, ";".join(p.patches), p.min_hours, p.max_hours)
                for p in week.providers
            ),
        ),
        "people.csv": _csv(
            "client_id,worker_id,name,address,phone,access_notes", _people(week)
        ),
    }


def _csv(header: str, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()


def _client(client: ClientPlan) -> Row:
    return (
        client.client_id,
        *_position(client.address),
        client.address.patch,
        client.provider,
        client.package,
        client.start_date or "",
        client.end_date or "",
        client.language,
        client.gender,
        ";".join(client.preferred),
        ";".join(client.barred),
        ";".join(client.introduced),
    )


def _visits(week: Week) -> Iterable[Row]:
    """Yield weekly patterns; dated visits where a package starts or ends just now."""
    for client in week.clients:
        for visit in client.visits:
            if client.start_date is None and client.end_date is None:
                yield _visit(client, visit, visit.visit_id, "", visit.days)
                continue
            for day in range(week.days):
                on = week.start_date + timedelta(days=day)
                if client.due(visit, on):
                    yield _visit(client, visit, f"{visit.visit_id}@{on}", str(on), "")


def _visit(
    client: ClientPlan, visit: VisitPattern, visit_id: str, on: str, days: str
) -> Row:
    return (
        visit_id,
        client.client_id,
        on,
        days,
        _clock(visit.earliest),
        _clock(visit.latest),
        visit.minutes,
        _clock(visit.preferred),
        visit.workers,
        ";".join(visit.skills),
        visit.priority,
        "y" if visit.time_critical else "n",
        # A dated visit follows the dated visit of its day.
        visit.after_visit
        and (f"{visit.after_visit}@{on}" if on else visit.after_visit),
        visit.min_gap or "",
        visit.max_gap or "",
        ";".join(visit.pinned),
    )


def _worker(worker: WorkerPlan) -> Row:
    rate = worker.rate_p
    return (
        worker.worker_id,
        *_position(worker.address),
        worker.address.patch,
        worker.provider,
        ";".join(worker.modes),
        "y" if worker.ltn_exempt else "n",
        ";".join(sorted(worker.skills)),
        worker.gender,
        ";".join(worker.languages),
        "zero_hours" if worker.zero_hours else "guaranteed",
        worker.guaranteed,
        "" if worker.contracted is None else worker.contracted,
        worker.most,
        "" if rate is None else f"{rate // 100}.{rate % 100:02}",
        "y" if worker.fixed_base else "n",
        "n",
        worker.hours_16_weeks,
    )


def _shifts(week: Week) -> Iterable[Row]:
    for worker in week.workers:
        for shift in worker.shifts:
            yield (
                worker.worker_id,
                week.start_date + timedelta(days=shift.day),
                _clock(shift.start),
                _clock(shift.end),
                shift.kind,
                shift.start_place,
                shift.end_place,
            )


def _people(week: Week) -> Iterable[Row]:
    clients = {client.client_id for client in week.clients}
    for id_, person in week.people.items():
        ids = (id_, "") if id_ in clients else ("", id_)
        yield (*ids, person.name, person.address, person.phone, person.access)


def _position(address: Address) -> tuple[str, str]:
    return f"{address.lat:.6f}", f"{address.lon:.6f}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
