"""Writing a problem folder that reads back to an equal problem."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path, PurePosixPath

from roundplan.domain import (
    LAT_LON,
    POLICIES,
    CareWorker,
    Client,
    LlwFrom,
    Override,
    Place,
    Policy,
    Problem,
    Travel,
    Visit,
)
from roundplan.domain.visit import Extra
from roundplan.errors import DomainError, UsageError
from roundplan.formats.cells import in_units, joined, pounds, yes_no
from roundplan.formats.clock import WallClock
from roundplan.formats.load import TRAVEL_FILES
from roundplan.formats.settings import PROBLEM_FILE
from roundplan.formats.shifts import shift_ids
from roundplan.formats.tables import Cells, table_text
from roundplan.formats.travel_files import travel_bytes
from roundplan.units import HOUR_S, MINUTE_S

_TABLES = (
    "clients",
    "visits",
    "workers",
    "shifts",
    "places",
    "history",
    "providers",
    "overrides",
    "people",
    "rates",
)


def save_problem(
    problem: Problem,
    folder: Path | str,
    *,
    network: str | None = None,
    travel: Travel | None = None,
    people: Sequence[Cells] = (),
    max_snap_m: float | None = None,
    extra_files: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a problem folder.

    Weekly patterns are written as the dated visits they stand for. Optional files
    and columns without content are left out.

    Parameters
    ----------
    network
        Path of a street network, as problem.toml shall name it.
    travel
        Written as ``travel.parquet``.
    people
        Rows of people.csv, cells by column.
    extra_files
        Other files by name, such as a README.

    Raises
    ------
    UsageError
        E1002. The folder holds a problem already, or both ``network`` and ``travel``
        are given.
    DomainError
        E1001. Something that the files cannot express, such as a window of the day
        before.
    """
    folder = Path(folder)
    if network is not None and travel is not None:
        msg = "a problem folder has a network or travel times, not both"
        raise UsageError(msg)
    written = (PROBLEM_FILE, *TRAVEL_FILES, *(f"{table}.csv" for table in _TABLES))
    there = [name for name in written if (folder / name).exists()]
    if there:
        msg = f"the folder holds {there[0]} already; choose a new folder"
        raise UsageError(msg)
    content = _tables(problem, people)
    content[PROBLEM_FILE] = _settings(problem, network, max_snap_m).encode()
    if travel is not None:
        ids = [
            *(c.client_id for c in problem.clients),
            *(w.worker_id for w in problem.workers),
            *(p.place_id for p in problem.places),
        ]
        known = {p for matrix in travel.matrices.values() for p in matrix.place_ids}
        content["travel.parquet"] = travel_bytes(
            travel, [p for p in ids if p in known], travel.matrices
        )
    for name, extra in (extra_files or {}).items():
        if name in content or Path(name).name != name:
            msg = f"{name} cannot be the name of another file of the folder"
            raise UsageError(msg)
        content[name] = extra
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder


def override_row(override: Override, clock: WallClock) -> Cells:
    """Return a row of overrides.csv."""
    return {
        "rule": override.rule.value,
        "visit_id": override.visit_id or "",
        "worker_id": override.worker_id or "",
        "reason": override.reason,
        "approved_by": override.approved_by,
        "date": _date(override.day, clock),
    }


def _tables(problem: Problem, people: Sequence[Cells]) -> dict[str, bytes]:
    horizon = problem.horizon
    clock = WallClock(horizon.start_date, horizon.timezone)
    if clock.horizon(horizon.days) != horizon:
        msg = "the midnights of the horizon are not those of its time zone"
        raise DomainError(msg)
    tables: dict[str, tuple[Iterable[Cells], Sequence[Extra]]] = {
        "clients": (
            [_client(c, clock) for c in problem.clients],
            [c.extra for c in problem.clients],
        ),
        "visits": (
            [_visit(v, clock) for v in problem.visits],
            [v.extra for v in problem.visits],
        ),
        "workers": (
            [_worker(w) for w in problem.workers],
            [w.extra for w in problem.workers],
        ),
        "shifts": (_shifts(problem, clock), [s.extra for s in problem.shifts]),
        "places": ([{"place_id": p.place_id, **_at(p)} for p in problem.places], ()),
        "history": (
            [
                {
                    "client_id": h.client_id,
                    "worker_id": h.worker_id,
                    "visits": str(h.visits),
                    "first_visit": str(h.first_visit),
                    "last_visit": str(h.last_visit),
                }
                for h in problem.history
            ],
            (),
        ),
        "providers": (
            [
                {
                    "provider": p.provider,
                    "tier": p.tier.value,
                    "patches": joined(p.patches),
                    "min_hours_week": in_units(p.min_s_week, HOUR_S),
                    "max_hours_week": in_units(p.max_s_week, HOUR_S),
                }
                for p in problem.providers
            ],
            [p.extra for p in problem.providers],
        ),
        "overrides": ([override_row(o, clock) for o in problem.overrides], ()),
        "people": (people, ()),
        "rates": (
            [
                {f.name: str(getattr(rate, f.name) or "") for f in fields(rate)}
                for rate in problem.rates
            ],
            (),
        ),
    }
    required = {"clients", "visits", "workers", "shifts"}
    return {
        f"{name}.csv": table_text(name, rows, extras, every_column=False).encode()
        for name, (found, extras) in tables.items()
        if (rows := list(found)) or name in required
    }


def _client(client: Client, clock: WallClock) -> Cells:
    return {
        "client_id": client.client_id,
        **_at(client.place),
        "patch": client.patch or "",
        "provider": client.provider or "",
        "package": client.package or "",
        "start_date": _date(client.start_day, clock),
        "end_date": _date(client.end_day, clock),
        "language": client.language or "",
        "worker_gender": client.worker_gender.value,
        "team_size": _number(client.team_size),
        "preferred_workers": joined(client.preferred_workers),
        "barred_workers": joined(client.barred_workers),
        "introduced_workers": joined(client.introduced_workers),
    }


def _visit(visit: Visit, clock: WallClock) -> Cells:
    on = clock.date_of(visit.day)

    def at(second: int | None) -> str:
        return "" if second is None else clock.text(second, on)

    return {
        "visit_id": visit.visit_id,
        "client_id": visit.client_id,
        "date": str(on),
        "earliest_start": at(visit.window.earliest_start_s),
        "latest_start": at(visit.window.latest_start_s),
        "duration_min": str(visit.duration_s // MINUTE_S),
        "preferred_start": at(visit.preferred_start_s),
        "workers_required": str(visit.workers_required),
        "skills": joined(sorted(visit.skills)),
        "priority": visit.priority.value,
        "time_critical": yes_no(visit.time_critical),
        "after_visit": visit.after_visit or "",
        "min_gap_min": in_units(visit.min_gap_s or None, MINUTE_S),
        "max_gap_min": in_units(visit.max_gap_s, MINUTE_S),
        "other_worker": yes_no(visit.other_worker),
        "short_visit_agreed": yes_no(visit.short_visit_agreed),
        "pinned_workers": joined(visit.pinned_workers),
        "pinned_start": at(visit.pinned_start_s),
    }


def _worker(worker: CareWorker) -> Cells:
    contract = worker.contract
    return {
        "worker_id": worker.worker_id,
        **_at(worker.home),
        "patch": worker.patch or "",
        "provider": worker.provider or "",
        "modes": joined(worker.modes),
        "ltn_exempt": yes_no(worker.ltn_exempt),
        "skills": joined(sorted(worker.skills)),
        "gender": worker.gender.value if worker.gender else "",
        "languages": joined(worker.languages),
        "contract": contract.kind.value,
        "guaranteed_hours_week": in_units(contract.guaranteed_s, HOUR_S),
        "contracted_hours_week": in_units(contract.contracted_s, HOUR_S),
        "max_hours_week": in_units(contract.max_s, HOUR_S),
        "hourly_rate": pounds(contract.rate_p),
        "has_fixed_base": yes_no(contract.has_fixed_base),
        "wtr_opt_out": yes_no(contract.wtr_opt_out),
        "hours_last_16_weeks": in_units(contract.worked_16_weeks_s, HOUR_S),
    }


def _shifts(problem: Problem, clock: WallClock) -> list[Cells]:
    """Return the rows of shifts.csv, with an id only where it is not the usual one."""
    dates = [str(clock.date_of(s.day)) for s in problem.shifts]
    own = [True] * len(dates)
    usual = shift_ids(
        (s.worker_id, on, s.kind, s.start_s)
        for s, on in zip(problem.shifts, dates, strict=True)
    )
    own = [s.shift_id != u for s, u in zip(problem.shifts, usual, strict=True)]
    if any(own):  # the usual ids count the shifts of a day that have none of their own
        own = [True] * len(dates)
    return [
        {
            "worker_id": s.worker_id,
            "date": on,
            "start": clock.text(s.start_s, clock.date_of(s.day)),
            "end": clock.text(s.end_s, clock.date_of(s.day)),
            "kind": s.kind.value,
            "start_place": _end(s.start_place, s.worker_id),
            "end_place": _end(s.end_place, s.worker_id),
            "shift_id": s.shift_id if is_own else "",
        }
        for s, on, is_own in zip(problem.shifts, dates, own, strict=True)
    ]


def _end(place_id: str | None, worker_id: str) -> str:
    if place_id is None:
        return "anywhere"
    return "home" if place_id == worker_id else place_id


def _at(place: Place) -> Cells:
    if place.x is None or place.y is None:
        return {}
    if place.crs == LAT_LON:
        return {"lat": repr(place.y), "lon": repr(place.x)}
    return {"x": repr(place.x), "y": repr(place.y), "crs": place.crs or ""}


def _date(day: int | None, clock: WallClock) -> str:
    return "" if day is None else str(clock.date_of(day))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _settings(problem: Problem, network: str | None, max_snap_m: float | None) -> str:
    horizon = problem.horizon
    lines = [
        f"start_date = {horizon.start_date}",
        f"days = {horizon.days}",
        f"timezone = {_toml(horizon.timezone)}",
    ]
    if network is not None or max_snap_m is not None:
        lines += ["", "[network]"]
        if network is not None:
            posix = PurePosixPath(network.replace("\\", "/"))
            lines.append(f"file = {_toml(str(posix))}")
        if max_snap_m is not None:
            lines.append(f"max_snap_m = {max_snap_m}")
    lines += ["", "[policy]", f"name = {_toml(problem.policy.name)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in _changed(problem.policy)]
    if problem.rates or problem.llw_from is not LlwFrom.DEADLINE:
        lines += ["", "[rates]"]
        if problem.rates:
            lines.append('file = "rates.csv"')
        lines.append(f"llw_from = {_toml(problem.llw_from.value)}")
    return "\n".join(lines) + "\n"


def _changed(policy: Policy) -> list[tuple[str, object]]:
    """Return the fields in which a policy differs from the named one."""
    named = POLICIES.get(policy.name)
    if named is None or policy.hard != named.hard:
        msg = f"policy {policy.name} is not a named policy with other figures"
        raise DomainError(msg)
    return [
        (f.name, value)
        for f in fields(policy)
        if (value := getattr(policy, f.name)) != getattr(named, f.name)
    ]


def _toml(value: object) -> str:
    if value is None:
        return '"none"'
    if isinstance(value, tuple):
        return json.dumps([list(pair) for pair in value])
    return json.dumps(value, ensure_ascii=False)
