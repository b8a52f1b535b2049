"""Which visits are near which: what a ruin takes out together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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

AT_ONCE = 4_000_000
"""Pairs of visits that are compared at a time."""


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
        moments = middle[rows].astype(np.float64)
        count = min(near.shape[2], len(rows) - 1)
        # a few rows at a time: a matrix of 20,000 visits of one day would take 3 GB
        step = max(1, AT_ONCE // len(rows))
        for begin in range(0, len(rows), step):
            some = slice(begin, begin + step)
            legs = p.leg_s[0][np.ix_(place[some], place)].astype(np.float64)
            back = p.leg_s[0][np.ix_(place, place[some])].T
            travel = np.minimum((legs + back) / 2, NO_WAY_S)
            apart = np.abs(moments[some, None] - moments[None, :])
            itself = np.arange(len(legs))
            # the small share of time in the first list only orders visits at one place
            for which, share in enumerate((0.001, TIME_SHARE)):
                key = travel + share * apart
                key[itself, begin + itself] = np.inf
                near[which, rows[some], :count] = rows[_least(key, count)]
    return near


def _least(key: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.intp]:
    """Return where the least values of each row are, in order; of equals the first.

    What a stable sort of whole rows gives, so that ties fall the same way on every
    machine, in a fraction of the time.
    """
    wide = 2 * count
    if not 0 < wide < key.shape[1]:
        return np.argsort(key, axis=1, kind="stable")[:, :count]
    found = np.sort(np.argpartition(key, wide - 1, axis=1)[:, :wide], axis=1)
    value = np.take_along_axis(key, found, axis=1)
    order = np.argsort(value, axis=1, kind="stable")
    value = np.take_along_axis(value, order, axis=1)
    least = np.take_along_axis(found, order[:, :count], axis=1)
    # equals of the last one may not have been among those that were looked at
    for row in np.flatnonzero(value[:, count - 1] == value[:, -1]):
        least[row] = np.argsort(key[row], kind="stable")[:count]
    return least
