"""Where a vehicle waits: at signals, and where it gives way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from roundplan.network.rules import JunctionDelay

Int64 = npt.NDArray[np.int64]


def edge_delays(
    ids: Int64,
    node: Int64,
    begin: Int64,
    end: Int64,
    highway: Sequence[str],
    signals: Mapping[int, str],
    delay: JunctionDelay,
) -> tuple[Int64, Int64]:
    """Return the wait of each edge, along it and against it, in milliseconds.

    Parameters
    ----------
    ids, node
        int64, OpenStreetMap ids, and the nodes of all ways in order as indices of them.
    begin, end
        int64 (edges,), the positions in ``node`` of each edge's first and last node.
    highway
        The class of each edge's street.
    signals
        As in ``OsmData``.

    Notes
    -----
    A signal counts once on the way through it: an edge has those behind its start, up
    to its end. At an end where at least three edges meet and none of the edge's own
    signals is, one gives way to a street of a higher class.
    """
    none = np.zeros(len(begin), dtype=np.int64)
    if not delay.signal_ms and not delay.give_way_ms:
        return none, none
    forward, backward = (
        np.array(
            [signals.get(i, "none") in (way, "both") for i in ids.tolist()], dtype=bool
        )
        for way in ("forward", "backward")
    )
    along = np.concatenate([[0], np.cumsum(forward[node])])
    against = np.concatenate([[0], np.cumsum(backward[node])])
    ahead = (along[end + 1] - along[begin + 1]) * delay.signal_ms
    back = (against[end] - against[begin]) * delay.signal_ms

    rank = np.array([delay.rank.get(name, 0) for name in highway], dtype=np.int64)
    tail, head = node[begin], node[end]
    highest = np.zeros(len(ids), dtype=np.int64)
    np.maximum.at(highest, tail, rank)
    np.maximum.at(highest, head, rank)
    streets = np.bincount(tail, minlength=len(ids))
    streets += np.bincount(head, minlength=len(ids))
    gives = (streets >= 3) & ~(forward | backward)
    ahead += np.where(gives[head] & (rank < highest[head]), delay.give_way_ms, 0)
    back += np.where(gives[tail] & (rank < highest[tail]), delay.give_way_ms, 0)
    return ahead, back
