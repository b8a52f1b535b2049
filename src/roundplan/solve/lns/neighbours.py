"""Which visits are near which: what a ruin takes out together."""

from __future__ import annotations

import numpy as np

from roundplan.arrays.layout import (
    DAY,
    DUE,
    EARLY,
    FIRST,
    NO_WAY_S,
    PLACE,
    Int32,
    ProblemArrays,
)

NEAREST = 48
"""Length of the lists: more than the strings of one ruin ever need."""

TIME_SHARE = 0.25
"""Seconds of travel that a second between two windows is worth in the second list."""


def nearest_visits(p: ProblemArrays) -> Int32:
    """Return for each visit the others of its day that are near.

    Returns
    -------
    numpy.ndarray
        int32 (2, V, K): by travel there and back, and by travel and time between the
        middles of the windows; nearest first, -1 where the day has no more.
    """
    visits = len(p.visit)
    near = np.full((2, visits, min(NEAREST, max(1, visits - 1))), -1, dtype=np.int32)
    if not visits:
        return near
    node = p.node[p.visit[:, FIRST]]
    middle = (node[:, EARLY] + node[:, DUE]) // 2
    for day in np.unique(node[:, DAY]):
        rows = np.flatnonzero(node[:, DAY] == day)
        place = node[rows, PLACE]
        legs = p.leg_s[0][np.ix_(place, place)].astype(np.float64)
        travel = np.minimum((legs + legs.T) / 2, NO_WAY_S)
        moments = middle[rows].astype(np.float64)
        apart = np.abs(moments[:, None] - moments[None, :])
        # the small share of time in the first list only orders visits at one place
        for which, share in enumerate((0.001, TIME_SHARE)):
            key = travel + share * apart
            np.fill_diagonal(key, np.inf)
            count = min(near.shape[2], len(rows) - 1)
            # a stable sort: ties fall the same way on every machine
            order = np.argsort(key, axis=1, kind="stable")[:, :count]
            near[which, rows, :count] = rows[order]
    return near
