"""Travel of a problem folder: from its travel file, or from its street network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roundplan.domain import Mode, Travel
from roundplan.errors import TravelError

if TYPE_CHECKING:
    from roundplan.formats import ProblemFolder


def travel_for(folder: ProblemFolder) -> Travel:
    """Return the travel between all places of a problem folder.

    Uses the folder's travel file where it names one, else walks its street network
    (matrices are cached by content). What was assumed is in ``Travel.notes``.

    Raises
    ------
    TravelError
        E2201. The folder has neither.
    SnapError
        E2103. Places lie too far from the network; all of them are named.
    NetworkError
        E2001. The network cannot be read.
    """
    if folder.travel is not None:
        return folder.travel
    if folder.network is None:
        msg = "the folder names neither a travel file nor a street network"
        raise TravelError(msg)
    from roundplan.network import load_or_build, snap, travel_matrix

    places = folder.problem.all_places()
    network = load_or_build(folder.network)
    snapping = snap(network, places, max_snap_m=folder.max_snap_m)
    matrix = travel_matrix(
        network, places, mode=Mode.WALK, max_snap_m=folder.max_snap_m
    )
    notes = list(snapping.notes)
    riders = sum(
        len(w.modes) > 1 and Mode.WALK in w.modes for w in folder.problem.workers
    )
    if riders:
        notes.append(
            f"{riders} worker{' has' if riders == 1 else 's have'} other modes than "
            "walking, which networks do not have yet: they are planned on foot."
        )
    return Travel(matrices={matrix.profile: matrix}, notes=tuple(notes))
