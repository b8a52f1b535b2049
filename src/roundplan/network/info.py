"""What is in a network, in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from roundplan.network.filters import FilterKind
from roundplan.network.graph import MAIN, ModeGraph, Network
from roundplan.network.opening import clauses


def network_info(network: Network) -> dict[str, Any]:
    """Return counts and origin of a network, ready for JSON.

    ``modes`` holds for each mode: ``nodes`` and, of those, ``junctions`` (where not
    exactly two streets meet); ``edges``, ``km`` and ``km_by_highway``, ``private_km``
    (for visitors only), ``oneway_km``, ``timed_km`` (with opening hours), ``turn_bans``
    (sequences of streets that turn restrictions forbid), ``islands`` and ``island_km``
    (cut off from the main network). ``filters`` counts modal filters by kind, and
    ``hours`` the ways by each value of opening hours; ``hours_notes`` says which cannot
    be read. ``seen`` counts what the source tags, whether a mode minds or not:
    ``highway`` ways and ``barrier`` nodes by kind, ``access`` tags by key and value,
    ``signals``, ``turns`` by kind of restriction or by why it binds no car, and in
    ``tags`` the ways with ``sidewalk=separate``, ``oneway`` and each ``*:conditional``.
    """
    return {
        "source": network.source,
        "source_sha256": network.source_sha256,
        "licence": network.licence,
        "built_by": network.built_by,
        "crs": network.crs,
        "bounds": dict(
            zip(("west", "south", "east", "north"), network.bounds, strict=True)
        ),
        "modes": {mode.value: _counts(graph) for mode, graph in network.graphs.items()},
        "filters": {
            kind.value: sum(found.kind is kind for found in network.filters)
            for kind in FilterKind
        },
        "hours": (hours := _hours(network)),
        "hours_notes": [note for text in hours for note in clauses(text)[1]],
        "seen": {group: dict(counts) for group, counts in network.seen.items()},
    }


def _hours(network: Network) -> dict[str, int]:
    """Return the ways that each raw value of opening hours changes, for any mode."""
    ways: dict[str, set[int]] = {}
    for graph in network.graphs.values():
        for i, text in enumerate(graph.conditions):
            found = graph.way_ids[graph.condition == i].tolist()
            ways.setdefault(text, set()).update(found)
    return {text: len(found) for text, found in sorted(ways.items())}


def _counts(graph: ModeGraph) -> dict[str, Any]:
    km = graph.length_mm / 1_000_000
    degree = np.bincount(
        np.concatenate([graph.tail, graph.head]), minlength=len(graph.node_xy)
    )
    by_kind = np.bincount(graph.kind, weights=km, minlength=len(graph.kinds))
    islands = np.unique(graph.component[graph.component != MAIN])
    return {
        "nodes": len(graph.node_xy),
        "junctions": int((degree != 2).sum()),
        "edges": len(graph.tail),
        "km": round(float(km.sum()), 3),
        "km_by_highway": {
            kind: round(float(length), 3)
            for kind, length in zip(graph.kinds, by_kind, strict=True)
            if length > 0
        },
        "private_km": round(float(km[graph.private].sum()), 3),
        "oneway_km": round(
            float(km[(graph.forward_ms < 0) != (graph.backward_ms < 0)].sum()), 3
        ),
        "timed_km": round(float(km[graph.condition >= 0].sum()), 3),
        "turn_bans": len(graph.ban_condition),
        "islands": len(islands),
        "island_km": round(float(km[~graph.edges_in_main].sum()), 3),
    }
