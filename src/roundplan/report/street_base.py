"""Streets as the base of a map: lines by class of road, in decimetres."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode
from roundplan.network import ModeGraph, Network
from roundplan.report.page import packed

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]

CLASSES: tuple[tuple[str, frozenset[str], str, float, str], ...] = (
    (
        "main roads",
        frozenset({"motorway", "trunk", "primary", "secondary"}),
        "#8a8a8a",
        3.5,
        "",
    ),
    ("through roads", frozenset({"tertiary", "unclassified"}), "#a8a8a8", 2.5, ""),
    (
        "streets",
        frozenset({"residential", "living_street", "road"}),
        "#c4c4c4",
        1.75,
        "",
    ),
    (
        "paths",
        frozenset({"footway", "path", "cycleway", "steps", "pedestrian", "bridleway"}),
        "#cfd8cf",
        1.0,
        "3 3",
    ),
    ("others", frozenset(), "#dddddd", 1.0, ""),
)
"""Name, kinds of ``highway``, colour, width and dashes; what is in none is the last."""


def corner_of(network: Network) -> Float64:
    """Return the south-west corner of everything in the network, in metres."""
    low = np.min([g.vertex_xy.min(axis=0) for g in network.graphs.values()], axis=0)
    return np.floor(np.asarray(low, dtype=np.float64))


def size_of(network: Network) -> list[int]:
    """Return the width and height of the network from its corner, in decimetres."""
    high = np.max([g.vertex_xy.max(axis=0) for g in network.graphs.values()], axis=0)
    return [int(v) for v in np.ceil(10 * (high - corner_of(network)))]


def decimetres(xy: Float64, corner: Float64) -> Int32:
    """Return positions (n, 2) in whole decimetres from a corner."""
    return np.rint(10 * (xy - corner)).astype(np.int32)


def street_groups(
    network: Network,
    *,
    corner: Float64 | None = None,
    within: tuple[Float64, Float64] | None = None,
) -> list[dict[str, Any]]:
    """Return the streets by class, the least first, for a page's script.

    Each street once: those to walk on, and those that are for others alone.

    Parameters
    ----------
    corner
        Where decimetres count from; by default `corner_of` the network.
    within
        The south-west and north-east corner of a box, metres: a street is left out
        whose middle lies outside. None for all.
    """
    corner = corner_of(network) if corner is None else corner
    parts: list[tuple[ModeGraph, npt.NDArray[np.int64]]] = []
    seen = np.zeros(0, dtype=np.int64)
    for mode in (Mode.WALK, Mode.DRIVE, Mode.CYCLE):
        if mode not in network.graphs:
            continue
        graph = network.graphs[mode]
        begin, end = graph.vertex_start[:-1], graph.vertex_start[1:]
        new = ~np.isin(graph.way_ids, seen) & (end - begin > 1)
        if within is not None:
            middle = graph.vertex_xy[np.minimum((begin + end) // 2, end - 1)]
            inside = (within[0] <= middle) & (middle <= within[1])
            new &= inside.all(axis=1)
        parts.append((graph, np.flatnonzero(new)))
        seen = np.union1d(seen, graph.way_ids)
    groups = []
    listed = frozenset().union(*(kinds for _, kinds, *_ in CLASSES))
    for name, kinds, colour, weight, dash in reversed(CLASSES):
        lines: list[Float64] = []
        for graph, edges in parts:
            of_class = [
                i
                for i, kind in enumerate(graph.kinds)
                if (k := kind.removesuffix("_link")) in kinds
                or (not kinds and k not in listed)
            ]
            ours = edges[np.isin(graph.kind[edges], of_class)]
            begin, end = graph.vertex_start[ours], graph.vertex_start[ours + 1]
            lines += [
                graph.vertex_xy[a:b]
                for a, b in zip(begin.tolist(), end.tolist(), strict=True)
            ]
        if lines:
            start = np.cumsum([0, *map(len, lines)]).astype(np.int32)
            groups.append(
                {
                    "name": name,
                    "colour": colour,
                    "weight": weight,
                    "dash": dash,
                    "xy": packed(decimetres(np.concatenate(lines), corner)),
                    "start": packed(start),
                }
            )
    return groups
