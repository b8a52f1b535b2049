"""Travel of a problem folder: from its travel file, or from its street network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roundplan.domain import Travel
from roundplan.errors import TravelError

if TYPE_CHECKING:
    from roundplan.formats import ProblemFolder


def travel_for(folder: ProblemFolder, *, without_filters: bool = False) -> Travel:
    """Return the travel between all places of a problem folder.

    Uses the folder's travel file where it names one, else its street network
    (`network_travel`; matrices of streets are cached by content). What was assumed is
    in ``Travel.notes``.

    Parameters
    ----------
    without_filters
        Let cars through every modal filter, as if the streets had none.

    Raises
    ------
    TravelError
        E2201. The folder has neither, or a travel file ``without_filters``: it does
        not say where they are.
    SnapError
        E2103. Places lie too far from the network; all of them are named.
    NetworkError
        E2001. The network, cells or school holidays cannot be read.
    """
    if folder.travel is not None:
        if without_filters:
            msg = (
                "the folder has a travel file, which does not say where the modal "
                "filters are: give it a street network ([network] file)"
            )
            raise TravelError(msg)
        return folder.travel
    if folder.network is None:
        msg = "the folder names neither a travel file nor a street network"
        raise TravelError(msg)
    from roundplan.network import SchoolHolidays, load_cells, load_or_build
    from roundplan.solve.network_travel import network_travel

    network = load_or_build(folder.network)
    cells = None
    if folder.cells is not None:
        cells = load_cells(folder.cells, crs=network.crs, bounds=network.bounds)
    holidays = None
    if folder.school_holidays is not None:
        holidays = SchoolHolidays.read(folder.school_holidays)
    return network_travel(
        folder.problem,
        network,
        transit=folder.transit,
        cells=cells,
        max_snap_m=folder.max_snap_m,
        without_filters=without_filters,
        holidays=holidays,
    )
