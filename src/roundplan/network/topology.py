"""Cut mapped ways into the nodes and edges of one mode's graph."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from roundplan.errors import NetworkError
from roundplan.network.delays import edge_delays
from roundplan.network.graph import MAIN, Float64, Int32, ModeGraph
from roundplan.network.rules import Access, ModeRules, Slope, WayUse
from roundplan.network.source import OsmData, OsmWay

CLOSED_MS = -1
"""``forward_ms`` or ``backward_ms`` of an edge closed in that direction."""

GATE_KIND = "barrier"

Int64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_MAX_MM = 2**31 - 1

_STEEPEST = 25.0
"""Per cent: no street of London is steeper, so more is an error of the heights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    """The usable ways as one long list of nodes; a run is a way, or part of one.

    ``node`` int64 (k,) indexes ``ids``; ``run`` int64 (k,) numbers the runs and
    ``way`` int64 (runs,) says which of ``ways`` each belongs to.
    """

    ids: Int64
    lon_lat: Float64
    node: Int64
    run: Int64
    way: Int64
    ways: list[tuple[OsmWay, WayUse]]


def usable_runs(data: OsmData, rules: ModeRules) -> _Runs | None:
    """Pick the ways that a mode may use, cut where the extract lacks a node.

    Returns None when there is no such way.
    """
    used = [(way, use) for way in data.ways if (use := rules.way(way.tags)) is not None]
    counts = np.array([len(way.refs) for way, _ in used], dtype=np.int64)
    refs = np.fromiter(
        (ref for way, _ in used for ref in way.refs), np.int64, int(counts.sum())
    )
    of_way = np.repeat(np.arange(len(used)), counts)
    ids, node = np.unique(refs, return_inverse=True)
    found = np.searchsorted(data.node_ids, ids)
    found[found == len(data.node_ids)] = 0
    known = (
        data.node_ids[found] == ids if len(data.node_ids) else np.zeros(len(ids), bool)
    )
    # A run ends with its way, and before and after every node that is not there.
    missing = ~known[node]
    breaks = np.zeros(len(node), dtype=bool)
    breaks[1:] = (of_way[1:] != of_way[:-1]) | missing[1:] | missing[:-1]
    run = np.cumsum(breaks)
    # The same node twice in a row says nothing.
    keep = ~missing
    keep[1:] &= breaks[1:] | (node[1:] != node[:-1])
    size = np.bincount(run[keep], minlength=int(run[-1]) + 1 if len(run) else 0)
    keep &= size[run] >= 2 if len(run) else keep
    if not keep.any():
        return None
    kept_runs, run = np.unique(run[keep], return_inverse=True)
    first = np.searchsorted(run, np.arange(len(kept_runs)))
    return _Runs(
        ids=ids,
        lon_lat=data.lon_lat[found],
        node=node[keep],
        run=run,
        way=of_way[keep][first],
        ways=used,
    )


def cut_runs(runs: _Runs, xy: Float64, data: OsmData, rules: ModeRules) -> ModeGraph:
    """Cut runs into edges where ways meet or end, and at barriers.

    ``xy`` are the metric positions of ``runs.ids``.
    """
    access = np.full(len(runs.ids), Access.OPEN, dtype=np.int8)
    for i, node_id in enumerate(runs.ids.tolist()):
        if node_id in data.barriers:
            access[i] = rules.barrier(data.barriers[node_id])
    node = runs.node
    begin, end = _pieces(runs, access)
    size = end - begin + 1
    vertex_start = np.concatenate([[0], np.cumsum(size)])
    offset = np.arange(vertex_start[-1]) - np.repeat(vertex_start[:-1], size)
    vertex_xy = xy[node[np.repeat(begin, size) + offset]]

    steps = np.hypot(*np.diff(xy[node], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    length_mm = np.rint((along[end] - along[begin]) * 1000).astype(np.int64)
    if length_mm.max() > _MAX_MM:
        msg = "the network has a street of over 2,000 km: are its positions degrees?"
        raise NetworkError(msg)

    uses = [use for _, use in runs.ways]
    way = runs.way[runs.run[begin]]
    climb = _climb(runs, data, node[begin], node[end], length_mm)
    forward_pace = _sloped([u.forward_ms_m for u in uses], way, climb, rules.slope)
    backward_pace = _sloped([u.backward_ms_m for u in uses], way, -climb, rules.slope)
    whole_ms = np.array([u.whole_ms for u in uses], dtype=np.int64)
    names = [way.tags["highway"] for way, _ in runs.ways]
    forward_delay_ms, backward_delay_ms = edge_delays(
        runs.ids, node, begin, end, [names[w] for w in way], data.signals, rules.delay
    )
    conditions = tuple(sorted({use.condition for use in uses} - {""}))
    at_hours = {text: i for i, text in enumerate(conditions)}
    edges = _Edges(
        tail=node[begin],
        head=node[end],
        length_mm=length_mm,
        forward_ms=_times(length_mm, forward_pace, whole_ms, way),
        backward_ms=_times(length_mm, backward_pace, whole_ms, way),
        forward_delay_ms=forward_delay_ms,
        backward_delay_ms=backward_delay_ms,
        condition=np.array([at_hours.get(u.condition, -1) for u in uses])[way],
        private=np.array([u.access is Access.ENDS for u in uses])[way],
    )
    _add_delays(edges)
    kinds = (*sorted({names[w] for w in np.unique(way)}), GATE_KIND)
    number = {name: i for i, name in enumerate(kinds)}
    kind = np.array([number.get(name, -1) for name in names], dtype=np.int16)[way]
    way_ids = np.array([w.way_id for w, _ in runs.ways], dtype=np.int64)[way]

    origin = _close_barriers(edges, access)
    gates = len(edges.tail) - len(way)
    gate_xy = xy[origin[edges.tail[len(way) :]]]
    used, ends = np.unique(
        np.concatenate([edges.tail, edges.head]), return_inverse=True
    )
    tail, head = np.split(ends.astype(np.int32), 2)
    return settled(
        ModeGraph(
            node_xy=xy[origin[used]],
            node_ids=runs.ids[origin[used]],
            component=np.zeros(len(used), dtype=np.int32),
            tail=tail,
            head=head,
            length_mm=edges.length_mm.astype(np.int32),
            forward_ms=edges.forward_ms.astype(np.int32),
            backward_ms=edges.backward_ms.astype(np.int32),
            forward_delay_ms=edges.forward_delay_ms.astype(np.int32),
            backward_delay_ms=edges.backward_delay_ms.astype(np.int32),
            private=edges.private,
            kind=np.append(kind, np.full(gates, number[GATE_KIND], dtype=np.int16)),
            way_ids=np.append(way_ids, np.zeros(gates, dtype=np.int64)),
            vertex_xy=np.concatenate([vertex_xy, np.repeat(gate_xy, 2, axis=0)]),
            vertex_start=np.concatenate(
                [vertex_start, vertex_start[-1] + 2 * np.arange(1, gates + 1)]
            ).astype(np.int32),
            condition=edges.condition.astype(np.int32),
            kinds=kinds,
            conditions=conditions,
        )
    )


def settled(graph: ModeGraph) -> ModeGraph:
    """Return a graph with the components that its times and private edges imply.

    Streets that are reached only through private ones become private too: the lanes
    behind a private gate carry no tag of their own. Without this they would be an
    island; as private streets a leg may begin or end in them.
    """
    everything = np.ones(len(graph.tail), dtype=bool)
    component = _components(graph, everything)
    public = _components(graph, ~graph.private)
    outside = (public[graph.tail] != MAIN) | (public[graph.head] != MAIN)
    in_main = (component[graph.tail] == MAIN) & (component[graph.head] == MAIN)
    return replace(
        graph, component=component, private=graph.private | (outside & in_main)
    )


def _pieces(runs: _Runs, access: npt.NDArray[np.int8]) -> tuple[Int64, Int64]:
    """Return where in ``runs`` each edge begins and ends.

    Edges end where a run does, at nodes that are there more than once (where ways
    meet, or one meets itself), and at barriers that not everybody passes.
    """
    cut = (np.bincount(runs.node, minlength=len(runs.ids)) > 1)[runs.node]
    cut |= (access != Access.OPEN)[runs.node]
    cut[0] = cut[-1] = True
    change = runs.run[1:] != runs.run[:-1]
    cut[1:] |= change
    cut[:-1] |= change
    at = np.flatnonzero(cut)
    same = runs.run[at[1:]] == runs.run[at[:-1]]
    return at[:-1][same], at[1:][same]


@dataclass(slots=True, kw_only=True)
class _Edges:
    """Edges while the graph is being made; the meaning is that of ``ModeGraph``."""

    tail: Int64
    head: Int64
    length_mm: Int64
    forward_ms: Int64
    backward_ms: Int64
    forward_delay_ms: Int64
    backward_delay_ms: Int64
    condition: Int64
    private: Bools


def _climb(
    runs: _Runs, data: OsmData, tail: Int64, head: Int64, length_mm: Int64
) -> Float64:
    """Return the climb of each edge in per cent, 0 where a height is not known."""
    if not data.heights:
        return np.zeros(len(tail))
    height = np.array([data.heights.get(i, np.nan) for i in runs.ids.tolist()])
    rise = np.nan_to_num(height[head] - height[tail])
    # A step in the heights of two near points is an error of measurement.
    percent: Float64 = 100_000 * rise / np.maximum(length_mm, 1)
    return percent.clip(-_STEEPEST, _STEEPEST)


def _sloped(paces: list[int], way: Int64, climb: Float64, slope: Slope | None) -> Int64:
    """Return the pace of each edge on its climb; a pace of walking is pushing."""
    flat = np.array(paces, dtype=np.int64)[way]
    if slope is None or not climb.any():
        return flat
    km_h = 3600 / np.maximum(flat, 1)
    change = np.where(climb > 0, -slope.up_km_h, -slope.down_km_h) * climb
    sloped = np.clip(km_h + change, slope.least_km_h, slope.most_km_h)
    ridden = (flat > 0) & (km_h > slope.least_km_h) & (climb != 0)
    return np.where(ridden, np.rint(3600 / sloped).astype(np.int64), flat)


def _times(length_mm: Int64, ms_per_m: Int64, whole_ms: Int64, way: Int64) -> Int64:
    """Return the time of each edge, rounded up; a pace of 0 is closed.

    ``whole_ms`` of a way is shared among its edges by length.
    """
    times = -(-length_mm * ms_per_m // 1000)
    if whole_ms.any():
        along = np.bincount(way, weights=length_mm, minlength=len(whole_ms))
        share = length_mm / np.maximum(along, 1)[way]
        times = np.where(whole_ms[way] > 0, np.ceil(whole_ms[way] * share), times)
        times = times.astype(np.int64)
    return np.where(ms_per_m > 0, np.minimum(times, _MAX_MM), CLOSED_MS)


def _add_delays(edges: _Edges) -> None:
    """Add what is waited at the end to the times; a closed direction has no delay."""
    for way in ("forward", "backward"):
        ms, delay = getattr(edges, f"{way}_ms"), getattr(edges, f"{way}_delay_ms")
        delay = np.where(ms == CLOSED_MS, 0, delay)
        setattr(edges, f"{way}_delay_ms", delay)
        setattr(edges, f"{way}_ms", np.minimum(ms + delay, _MAX_MM))


_GATE_ZEROS = (
    "length_mm",
    "forward_ms",
    "backward_ms",
    "forward_delay_ms",
    "backward_delay_ms",
)
"""Fields that are nothing at the passage of a gate."""


def _close_barriers(edges: _Edges, access: npt.NDArray[np.int8]) -> Int64:
    """Part the edges that meet at a barrier; join private ones by a passage.

    Every edge end at a barrier that not everybody passes gets a node of its own. At
    a private gate each such node is joined to the gate by a private edge of no length.
    Returns the original node of every node.
    """
    count = len(access)
    origin = [np.arange(count)]
    hubs, copies = [], []
    for ends in (edges.tail, edges.head):
        at = np.flatnonzero(access[ends] != Access.OPEN)
        new = count + np.arange(len(at))
        origin.append(ends[at])
        gate = access[ends[at]] == Access.ENDS
        hubs.append(ends[at][gate])
        copies.append(new[gate])
        ends[at] = new
        count += len(at)
    edges.tail = np.concatenate([edges.tail, *hubs])
    edges.head = np.concatenate([edges.head, *copies])
    gates = len(edges.tail) - len(edges.private)
    zeros = np.zeros(gates, dtype=np.int64)
    for name in _GATE_ZEROS:
        setattr(edges, name, np.append(getattr(edges, name), zeros))
    edges.condition = np.append(edges.condition, zeros - 1)
    edges.private = np.append(edges.private, np.ones(gates, dtype=bool))
    return np.concatenate(origin)


def _components(graph: ModeGraph, allowed: Bools) -> Int32:
    """Return the strongly connected component of each node, the largest first.

    Equals go by their first node, so that the numbers do not depend on scipy.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    forward = allowed & (graph.forward_ms != CLOSED_MS)
    backward = allowed & (graph.backward_ms != CLOSED_MS)
    rows = np.concatenate([graph.tail[forward], graph.head[backward]])
    columns = np.concatenate([graph.head[forward], graph.tail[backward]])
    nodes = len(graph.node_xy)
    arcs = csr_array((np.ones(len(rows)), (rows, columns)), shape=(nodes, nodes))
    _, labels = connected_components(arcs, directed=True, connection="strong")
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(len(first), dtype=np.int32)
    return rank[inverse]
