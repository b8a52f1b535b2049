"""Rows of clients.csv, workers.csv, places.csv and providers.csv to objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from roundplan.domain import (
    CareWorker,
    Client,
    Contract,
    ContractKind,
    Gender,
    Mode,
    Place,
    Provider,
    Tier,
)
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.places import Positions
from roundplan.formats.source import Row, Source


def build_clients(
    rows: Mapping[str, Row],
    workers: Collection[str],
    providers: Collection[str] | None,
    positions: Positions,
    clock: WallClock,
    source: Source,
) -> list[Client]:
    """Make the clients; ``providers`` is None without a providers.csv."""
    clients = []
    for client_id, row in rows.items():
        place = positions.place(row, client_id)
        _check_provider(row, providers, source)
        for column in ("preferred_workers", "barred_workers", "introduced_workers"):
            for worker_id in row[column] or ():
                if worker_id not in workers:
                    source.unknown(row, column, worker_id, "worker", workers)
        both = set(row["preferred_workers"] or ()) & set(row["barred_workers"] or ())
        if both:
            what = f"{', '.join(sorted(both))} is both preferred and barred"
            source.row_fault(
                row, Code.CONTRADICTION, "barred_workers", what, "Decide for one."
            )
        start, end = row["start_date"], row["end_date"]
        if start and end and end < start:
            source.row_fault(
                row,
                Code.ENDS_BEFORE_START,
                "end_date",
                "the package ends before it starts",
                "Correct one of the dates.",
            )
        if not row.ok:
            continue
        clients.append(
            Client(
                client_id=client_id,
                place=place,
                patch=row["patch"],
                provider=row["provider"],
                package=row["package"],
                start_day=None if start is None else clock.day(start),
                end_day=None if end is None else clock.day(end),
                language=row["language"],
                worker_gender=Gender(row["worker_gender"]),
                team_size=row["team_size"],
                preferred_workers=row["preferred_workers"],
                barred_workers=row["barred_workers"],
                introduced_workers=row["introduced_workers"],
                extra=row.extra,
            )
        )
    return clients


def build_workers(
    rows: Mapping[str, Row],
    providers: Collection[str] | None,
    positions: Positions,
    source: Source,
) -> list[CareWorker]:
    """Make the care workers with their contracts."""
    workers = []
    for worker_id, row in rows.items():
        home = positions.place(row, worker_id)
        _check_provider(row, providers, source)
        contract = _contract(row, source) if row.ok else None
        if contract is None:
            continue
        workers.append(
            CareWorker(
                worker_id=worker_id,
                home=home,
                patch=row["patch"],
                provider=row["provider"],
                modes=tuple(Mode(mode) for mode in row["modes"]) or (Mode.WALK,),
                ltn_exempt=row["ltn_exempt"],
                skills=frozenset(row["skills"]),
                gender=None if row["gender"] is None else Gender(row["gender"]),
                languages=row["languages"],
                contract=contract,
                extra=row.extra,
            )
        )
    return workers


def build_places(rows: Mapping[str, Row], positions: Positions) -> list[Place]:
    """Make the offices and hubs."""
    return [positions.place(row, place_id) for place_id, row in rows.items()]


def build_providers(rows: Mapping[str, Row], source: Source) -> list[Provider]:
    """Make the providers."""
    providers = []
    for name, row in rows.items():
        low, high = row["min_hours_week"], row["max_hours_week"]
        if low is not None and high is not None and high < low:
            what, action = "the most hours are below the least", "Correct one of them."
            source.row_fault(row, Code.CONTRADICTION, "max_hours_week", what, action)
        if row.ok:
            providers.append(
                Provider(
                    provider=name,
                    tier=Tier(row["tier"]),
                    patches=row["patches"],
                    min_s_week=low,
                    max_s_week=high,
                    extra=row.extra,
                )
            )
    return providers


def _contract(row: Row, source: Source) -> Contract | None:
    kind = ContractKind(row["contract"])
    guaranteed, most = row["guaranteed_hours_week"], row["max_hours_week"]
    if kind is ContractKind.ZERO_HOURS and guaranteed:
        what = "a zero-hours contract guarantees no hours"
        action = "Write contract = guaranteed, or leave these hours empty."
    elif most is not None and guaranteed > most:
        what = "more hours are guaranteed than the worker's maximum"
        action = "Correct one of them."
    else:
        return Contract(
            kind=kind,
            guaranteed_s=guaranteed,
            contracted_s=row["contracted_hours_week"],
            max_s=most,
            rate_p=row["hourly_rate"],
            has_fixed_base=row["has_fixed_base"],
            wtr_opt_out=row["wtr_opt_out"],
            worked_16_weeks_s=row["hours_last_16_weeks"],
        )
    source.row_fault(row, Code.CONTRADICTION, "guaranteed_hours_week", what, action)
    return None


def _check_provider(
    row: Row, providers: Collection[str] | None, source: Source
) -> None:
    name = row["provider"]
    if providers is not None and name is not None and name not in providers:
        source.unknown(row, "provider", name, "provider", providers)
