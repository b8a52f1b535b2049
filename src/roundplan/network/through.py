"""Which streets carry motor traffic through, by the shape of the network alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.network.contraction import WeightedArcs, lightest
from roundplan.network.graph import ModeGraph
from roundplan.network.topology import CLOSED_MS

MAIN_KINDS = frozenset(
    kind + link
    for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
)
"""Values of ``highway`` of roads that are meant for through traffic."""

MINOR_KINDS = frozenset(["unclassified", "residential", "living_street", "road"])
"""Values of ``highway`` of streets that are meant for access.

Service roads are not among them: a car park or a back alley is no way through here.
"""

WAY_ROUND = 1.5
"""How much longer than the way round a way through may be and still be used.

With it, cutting a corner and going across are ways through, while a crescent back to
the road that it left is none: its arc is 1.57 times its chord. Ours: 20 miles an hour
on side streets against 13 on a congested main road.
"""

_FARTHEST_MM = 2**50

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Pockets(NamedTuple):
    """Minor streets that are joined to each other without touching a through road.

    ``edge`` int64 (k,) are the streets, sorted by ``pocket`` int64 (k,). ``total`` is
    how many pockets there are.
    """

    edge: Int64
    pocket: Int64
    total: int


def open_edges(graph: ModeGraph, shut: Bools | None = None) -> Bools:
    """Return bool (edges,), what any vehicle of the mode may pass, in any direction."""
    usable: Bools = (graph.forward_ms != CLOSED_MS) | (graph.backward_ms != CLOSED_MS)
    usable &= ~graph.private
    if shut is not None:
        usable &= ~shut
    return usable


def edges_of_kinds(graph: ModeGraph, kinds: frozenset[str]) -> Bools:
    """Return bool (edges,), whether an edge is of one of these kinds."""
    of_kind: Bools = np.array([kind in kinds for kind in graph.kinds], dtype=bool)
    chosen: Bools = of_kind[graph.kind]
    return chosen


def through_edges(graph: ModeGraph, shut: Bools | None = None) -> Bools:
    """Return which edges of a motor graph are through roads.

    Main roads are (``MAIN_KINDS``), and minor streets (``MINOR_KINDS``) on a way
    through: a shortest way from one point of the through roads to another, over minor
    streets that hang together without touching a through road (a pocket), that is
    at most ``WAY_ROUND`` times as long as the way round on the through roads. It obeys
    one-way streets; the way round does not, so that the two carriageways of a road
    count as one. Where there is no way round, any way through counts. Streets found
    in one round are through roads of the next, until there are no more.

    Parameters
    ----------
    graph
        The motor graph after its filters.
    shut
        bool (edges,), edges that are also closed: timed filters in their hours.

    Returns
    -------
    numpy.ndarray
        bool (edges,). Private and closed edges are none.

    Notes
    -----
    The idea is that of the shortcuts of A/B Street [1]_: a quickest path that starts
    and ends on the perimeter. There the two ends must be on different roads; where one
    road ends and another begins is a matter of names, so here the way round must not
    be much shorter.

    References
    ----------
    .. [1] A/B Street, *LTN technical details*:
       a-b-street.github.io/docs/software/ltn/tech_details.html
    """
    usable = open_edges(graph, shut)
    through = usable & edges_of_kinds(graph, MAIN_KINDS)
    minor = usable & edges_of_kinds(graph, MINOR_KINDS)
    todo = minor
    while todo.any():
        pockets = pockets_of(graph, minor & ~through, through)
        # A pocket that gave nothing has nothing to give: ways round only get shorter.
        worth = np.zeros(pockets.total, dtype=bool)
        worth[pockets.pocket[todo[pockets.edge]]] = True
        roads = _Roads(graph, through)
        found = np.zeros(len(through), dtype=bool)
        touched = np.zeros(len(through), dtype=bool)
        ends = np.searchsorted(pockets.pocket, np.arange(pockets.total + 1))
        for number in np.flatnonzero(worth).tolist():
            edges = pockets.edge[ends[number] : ends[number + 1]]
            carries = _ways_through(graph, edges, roads)
            if carries.any():
                found[edges[carries]] = True
                touched[edges[~carries]] = True
        through |= found
        todo = touched
    return through


def pockets_of(graph: ModeGraph, streets: Bools, through: Bools) -> Pockets:
    """Group streets into pockets, in the order of their first edge.

    ``streets`` and ``through`` are bool (edges,).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edge = np.flatnonzero(streets)
    on_road = _ends_of(graph, through)
    # Where a street ends on a through road it meets nothing: a node of its own.
    nodes = len(graph.node_xy)
    ends = np.stack([graph.tail[edge], graph.head[edge]]).astype(np.int64)
    own = nodes + np.arange(2 * len(edge)).reshape(2, -1)
    tail, head = np.where(on_road[ends], own, ends)
    size = nodes + 2 * len(edge)
    links = coo_array((np.ones(len(edge)), (tail, head)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    _, first, pocket = np.unique(labels[tail], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    pocket = rank[pocket]
    order = np.argsort(pocket, kind="stable")
    return Pockets(edge[order], pocket[order], len(first))


class _Roads:
    """The through roads of a round, to measure ways round on."""

    def __init__(self, graph: ModeGraph, through: Bools) -> None:
        edge = np.flatnonzero(through)
        self.on_road = _ends_of(graph, through)
        # From west to east, so that those in a strip stand together.
        self.node = np.flatnonzero(self.on_road)
        self.node = self.node[np.argsort(graph.node_xy[self.node, 0], kind="stable")]
        self.xy = graph.node_xy[self.node]
        self.number = np.full(len(graph.node_xy), -1, dtype=np.int64)
        self.number[self.node] = np.arange(len(self.node))
        tail, head = self.number[graph.tail[edge]], self.number[graph.head[edge]]
        length = _whole_lengths(graph, edge)
        self.arcs = lightest(
            np.concatenate([tail, head]),
            np.concatenate([head, tail]),
            np.concatenate([length, length]),
            _FARTHEST_MM,
        )
        self.first = np.searchsorted(self.arcs.tail, np.arange(len(self.node) + 1))
        self.local = np.full(len(self.node), -1, dtype=np.int64)

    def between(self, gates: Int64, limit_mm: float) -> Float64:
        """Return millimetres (g, g) between nodes along roads, inf beyond the limit.

        Only roads near enough to be on such a way are looked at.
        """
        low = self.xy[self.number[gates]].min(axis=0) - limit_mm / 1000
        high = self.xy[self.number[gates]].max(axis=0) + limit_mm / 1000
        west, east = np.searchsorted(self.xy[:, 0], [low[0], high[0]])
        y = self.xy[west:east, 1]
        near = west + np.flatnonzero((y >= low[1]) & (y <= high[1]))
        self.local[near] = np.arange(len(near))
        count = self.first[near + 1] - self.first[near]
        ends = np.cumsum(count)
        at = np.arange(int(count.sum())) + np.repeat(
            self.first[near] - ends + count, count
        )
        tail = np.repeat(np.arange(len(near)), count)
        head = self.local[self.arcs.head[at]]
        mine = self.local[self.number[gates]]
        self.local[near] = -1
        inside = head >= 0
        arcs = WeightedArcs(tail[inside], head[inside], self.arcs.weight[at][inside])
        return _distances(arcs, len(near), mine, limit_mm)[:, mine]


def _ways_through(graph: ModeGraph, edges: Int64, roads: _Roads) -> Bools:
    """Return bool (k,), which streets of one pocket carry a way through."""
    carries = np.zeros(len(edges), dtype=bool)
    ends = np.stack([graph.tail[edges], graph.head[edges]]).astype(np.int64)
    node, local = np.unique(ends, return_inverse=True)
    local = local.reshape(ends.shape)
    is_gate = roads.on_road[node]
    gates = np.flatnonzero(is_gate)
    if len(gates) < 2:
        return carries
    # A gate is there twice, to leave a road by and to come to one: no way goes past it.
    leave = np.arange(len(node))
    leave[gates] = len(node) + np.arange(len(gates))
    forward = graph.forward_ms[edges] != CLOSED_MS
    backward = graph.backward_ms[edges] != CLOSED_MS
    of = np.concatenate([np.flatnonzero(forward), np.flatnonzero(backward)])
    tail = np.concatenate([local[0][forward], local[1][backward]])
    head = np.concatenate([local[1][forward], local[0][backward]])
    tail = leave[tail]
    weight = _whole_lengths(graph, edges)[of]
    size = len(node) + len(gates)
    inside = _distances(
        lightest(tail, head, weight, _FARTHEST_MM), size, leave[gates], np.inf
    )
    way = inside[:, gates]
    np.fill_diagonal(way, np.inf)
    reached = np.isfinite(way)
    if not reached.any():
        return carries
    longest = float(way[reached].max()) / WAY_ROUND
    round_ = roads.between(node[gates], longest + 1)
    passes = reached & (way <= WAY_ROUND * round_)
    for start in np.flatnonzero(passes.any(axis=1)).tolist():
        d = inside[start]
        tight = np.isfinite(d[tail]) & (d[tail] + weight == d[head])
        on_way = _reaching(tail[tight], head[tight], size, gates[passes[start]])
        carries[of[tight][on_way[head[tight]]]] = True
    return carries


def _reaching(tail: Int64, head: Int64, size: int, goals: Int64) -> Bools:
    """Return bool (size,), the nodes from which arcs lead to one of the goals."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    # Backwards, from a node that stands before all goals.
    rows = np.concatenate([head, np.full(len(goals), size)])
    columns = np.concatenate([tail, goals])
    links = csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)),
        shape=(size + 1, size + 1),
    )
    order = breadth_first_order(links, size, return_predecessors=False)
    seen = np.zeros(size + 1, dtype=bool)
    seen[order] = True
    return seen[:size]


def _distances(arcs: WeightedArcs, size: int, starts: Int64, limit: float) -> Float64:
    """Return float64 (starts, size), whole millimetres, inf where there is no way."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    first = np.searchsorted(arcs.tail, np.arange(size + 1))
    weights = csr_array(
        (arcs.weight.astype(np.float64), arcs.head, first), shape=(size, size)
    )
    found: Float64 = dijkstra(weights, indices=starts, limit=limit)
    return found


def _ends_of(graph: ModeGraph, edges: Bools) -> Bools:
    """Return bool (nodes,), whether one of the edges ends there."""
    at = np.zeros(len(graph.node_xy), dtype=bool)
    at[graph.tail[edges]] = True
    at[graph.head[edges]] = True
    return at


def _whole_lengths(graph: ModeGraph, edges: Int64) -> Int64:
    """Return the lengths of edges, at least a millimetre."""
    lengths: Int64 = np.maximum(graph.length_mm[edges].astype(np.int64), 1)
    return lengths
