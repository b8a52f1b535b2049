"""Travel of a problem on a street network: every vehicle that its workers have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from roundplan.domain import (
    DRIVE_EXEMPT,
    CareWorker,
    Mode,
    Period,
    Place,
    Problem,
    Travel,
    TravelMatrix,
    mode_of,
)
from roundplan.network import (
    DEFAULT_MAX_SNAP_M,
    Cells,
    Hours,
    Lifted,
    Network,
    SchoolHolidays,
    graph_at,
    network_cells,
    snap,
    timed_periods,
    travel_matrix,
)
from roundplan.network.cell_counts import cell_of
from roundplan.network.snapping import positions
from roundplan.solve.needed import needed_periods


def network_travel(
    problem: Problem,
    network: Network,
    *,
    transit: Path | None = None,
    cells: Cells | None = None,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    holidays: SchoolHolidays | None = None,
    without_filters: bool = False,
    cache: bool | Path = True,
) -> Travel:
    """Compute travel between a problem's places by every vehicle of its workers.

    Only what is needed: the modes that some worker with a shift has, from the homes of
    those workers, in the periods in which somebody may be on the way.

    Parameters
    ----------
    transit
        A GTFS feed, or lines with headways (`roundplan.transit`). Without it nobody
        goes by public transport, which a note says.
    cells
        Low-traffic neighbourhoods, whose boundaries are counted on legs by car; by
        default those that the streets have (``network_cells``), where the network has
        streets to drive.
    max_snap_m
        How far a place may be from the streets.
    holidays
        School holidays for opening hours, by default London's.
    without_filters
        Let cars through every modal filter. Boundaries of neighbourhoods that the
        streets have with their filters are still counted.
    cache
        As in ``travel_matrix``.

    Returns
    -------
    Travel
        By profile; a worker with an exemption drives by ``DRIVE_EXEMPT``. What was
        assumed is in ``notes``.

    Raises
    ------
    SnapError
        E2103. Places too far from the streets; all of them are named.
    DataError
        E1000. All that is wrong with the timetable.
    """
    notes: list[str] = []
    by_note: dict[str, list[str]] = {}
    horizon = problem.horizon
    # a round may end on the morning after, which in a week has that week's hours
    days = range(max(horizon.days, min(7, horizon.days + 1)))
    dates = (horizon.start_date + timedelta(days=day) for day in days)
    hours = Hours(dates, holidays)
    if cells is not None:
        notes += cells.notes
    elif Mode.DRIVE in network.graphs:
        cells = network_cells(network)
        notes.append(_found(cells))
    matrices: dict[str, TravelMatrix] = {}
    periods: dict[str, tuple[TravelMatrix, ...]] = {}
    for profile, riders in _riders(problem).items():
        places = _places(problem, riders)
        mode = mode_of(profile)
        who = f"{len(riders):,} worker{'' if len(riders) == 1 else 's'}"
        if mode is Mode.TRANSIT:
            if transit is None:
                notes.append(
                    f"{who} may go by public transport, of which there is no timetable "
                    "(transit in [network]): planned without it"
                )
                continue
            # The reader of timetables needs pandas, which takes a moment to load.
            from roundplan.solve.transit_travel import transit_travel

            matrices[profile], periods[profile], said = transit_travel(
                problem, network, transit, places, riders, max_snap_m=max_snap_m
            )
            notes += said
            continue
        if mode not in network.graphs:
            notes.append(
                f"{who} may {mode.value}, for which the network has no streets: "
                "planned without it"
            )
            continue
        here = network
        if mode is Mode.DRIVE and without_filters:
            here = network.without_filters(Lifted.ALL)
        elif profile == DRIVE_EXEMPT:
            here = network.without_filters(Lifted.EXEMPT)
        joined = snap(here, places, mode=mode, max_snap_m=max_snap_m)
        for note in joined.notes:
            by_note.setdefault(note, []).append(profile)
        names = needed_periods(problem, riders, timed_periods(here, mode, hours))
        matrices[profile], *timed = (
            travel_matrix(
                here,
                places,
                mode=mode,
                profile=profile,
                period=name,
                cells=cells if mode is Mode.DRIVE else None,
                hours=hours,
                max_snap_m=max_snap_m,
                cache=cache,
            )
            for name in (None, *names)
        )
        periods[profile] = tuple(timed)
        for name in names:
            for note in graph_at(here, mode, Period.parse(name), hours)[1]:
                if profile not in by_note.setdefault(note, []):
                    by_note[note].append(profile)
    notes += [f"{', '.join(who)}: {note}" for note, who in by_note.items()]
    return Travel(
        matrices=matrices,
        periods=periods,
        notes=tuple(dict.fromkeys(notes)),
        cells={} if cells is None else client_cells(problem, network, cells),
    )


def client_cells(problem: Problem, network: Network, cells: Cells) -> dict[str, str]:
    """Return the name of the neighbourhood of each client's place, "" in none."""
    places = [client.place for client in problem.clients]
    found = cell_of(positions(network, places), cells)
    return {
        place.place_id: cells.cells[cell].name if cell >= 0 else ""
        for place, cell in zip(places, found.tolist(), strict=True)
    }


def _riders(problem: Problem) -> dict[str, list[CareWorker]]:
    """Return the workers with shifts that may use each profile, in order of modes."""
    on_shift = {s.worker_id for s in problem.work_shifts}
    found: dict[str, list[CareWorker]] = {}
    for mode in Mode:
        for worker in problem.workers:
            if worker.worker_id in on_shift and mode in worker.modes:
                exempt = mode is Mode.DRIVE and worker.ltn_exempt
                profile = DRIVE_EXEMPT if exempt else mode.value
                found.setdefault(profile, []).append(worker)
    return found


def _places(problem: Problem, riders: Sequence[CareWorker]) -> list[Place]:
    """Return all places but the homes of other workers."""
    homes = {w.worker_id for w in problem.workers}
    homes -= {w.worker_id for w in riders}
    return [p for p in problem.all_places() if p.place_id not in homes]


def _found(cells: Cells) -> str:
    count = len(cells.cells)
    return (
        f"{count:,} low-traffic neighbourhood{'' if count == 1 else 's'} found in the "
        "streets: their boundaries crossed by car, and their visits, are counted"
    )
