"""A street network: one graph for each mode of travel, and where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network.filters import FilterKind, Lifted, ModalFilter
from roundplan.network.source import FERRY
from roundplan.network.speeds import Speeds

MAIN = 0
"""The number of the largest component in ``ModeGraph.component``."""

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModeGraph:
    """The streets that one mode may use.

    An edge is a piece of one way between two nodes, with its shape. Lengths are whole
    millimetres and times whole milliseconds, so that sums along a path are exact
    and the same in any order.

    Parameters
    ----------
    node_xy
        float64 (nodes, 2), metres in the network's ``crs``.
    node_ids
        int64 (nodes,), OpenStreetMap ids. A node that a barrier closes is there once
        for each edge that ends at it, so ids may repeat.
    component
        int32 (nodes,), strongly connected component, ``MAIN`` for the largest.
    tail, head
        int32 (edges,), nodes where the edge begins and ends, as drawn.
    length_mm
        int32 (edges,), millimetres.
    forward_ms, backward_ms
        int32 (edges,), milliseconds along the edge and against it; -1 closed.
    forward_delay_ms, backward_delay_ms
        int32 (edges,), the part of the times that is spent at signals and giving way at
        the end, which the period of the day does not stretch; 0 where closed.
    private
        bool (edges,), for visitors only: a leg may begin or end here, not pass.
    kind
        int16 (edges,), index into ``kinds``.
    way_ids
        int64 (edges,), OpenStreetMap ids of the ways.
    vertex_xy, vertex_start
        float64 (vertices, 2), metres, and int32 (edges + 1,): the shape of edge ``e``,
        ends included, is ``vertex_xy[vertex_start[e]:vertex_start[e + 1]]``.
    condition
        int32 (edges,), index into ``conditions``, -1 for none.
    kinds
        Values of ``highway``; ``barrier`` for the passage of a private gate.
    conditions
        Raw values of ``*:conditional`` tags that change who may pass at some hours.
        Times and ``private`` are those of hours without a condition: ``graph_at``
        gives the graph of a period.
    ban_edges, ban_start, ban_condition
        int32, int32 (bans + 1,) and int32 (bans,): turns that no leg may take. Ban
        ``b`` is a sequence of directed edges, twice the edge's number along it and one
        more against it: ``ban_edges[ban_start[b]:ban_start[b + 1]]``. One with a
        condition holds in its hours alone.
    """

    node_xy: Float64
    node_ids: npt.NDArray[np.int64]
    component: Int32
    tail: Int32
    head: Int32
    length_mm: Int32
    forward_ms: Int32
    backward_ms: Int32
    forward_delay_ms: Int32
    backward_delay_ms: Int32
    private: npt.NDArray[np.bool_]
    kind: npt.NDArray[np.int16]
    way_ids: npt.NDArray[np.int64]
    vertex_xy: Float64
    vertex_start: Int32
    condition: Int32
    kinds: tuple[str, ...]
    conditions: tuple[str, ...]
    ban_edges: Int32 = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    ban_start: Int32 = field(default_factory=lambda: np.zeros(1, dtype=np.int32))
    ban_condition: Int32 = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    @property
    def bans(self) -> list[tuple[int, ...]]:
        """The turns that no leg may take, one with hours among them."""
        start = self.ban_start.tolist()
        edges = self.ban_edges.tolist()
        return [tuple(edges[a:b]) for a, b in pairwise(start)]

    def with_bans(self, kept: npt.NDArray[np.bool_]) -> ModeGraph:
        """Return the graph with some of its bans, given as bool (bans,)."""
        size = np.diff(self.ban_start)
        return replace(
            self,
            ban_edges=self.ban_edges[np.repeat(kept, size)],
            ban_start=np.concatenate([[0], np.cumsum(size[kept])]).astype(np.int32),
            ban_condition=self.ban_condition[kept],
        )

    @property
    def edges_in_main(self) -> npt.NDArray[np.bool_]:
        """Bool (edges,), whether an edge can be reached from the main part and back."""
        inside = self.component == MAIN
        both: npt.NDArray[np.bool_] = inside[self.tail] & inside[self.head]
        return both

    @property
    def on_land(self) -> npt.NDArray[np.bool_]:
        """Bool (edges,), false on ferries."""
        names = np.array([kind != FERRY for kind in self.kinds], dtype=bool)
        on_land: npt.NDArray[np.bool_] = names[self.kind]
        return on_land

    def content_hash(self) -> str:
        """Return a SHA-256 of everything that the graph says."""
        texts = "\0".join([*self.kinds, "", *self.conditions])
        digest = hashlib.sha256(texts.encode())
        for of in fields(self):
            value = getattr(self, of.name)
            if isinstance(value, np.ndarray):
                digest.update(f"{of.name}{value.dtype}{value.shape}".encode())
                digest.update(np.ascontiguousarray(value).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Streets to travel on, by mode.

    Parameters
    ----------
    crs
        Projected coordinate system of every position, in metres.
    bounds
        West, south, east, north in degrees.
    source, source_sha256
        Name of the file or place it was built from, and the file's hash ("" for a
        download).
    licence
        The words that must go with anything that shows or passes on these streets.
    built_by
        Version of roundplan that built it.
    seen
        Counts by kind of what the source tags, whether a mode uses it or not:
        ``highway`` ways, ``barrier`` nodes, ``access`` tags of ways by key and value,
        ``signals`` by the direction they stop, and other ``tags``.
    speeds
        The table of speeds and penalties that the graphs were built with.
    filters
        Every place where a street goes on, but not for cars.
    names
        The name of a way, or else its number, by OpenStreetMap id. Text of the source:
        escape it.
    lifted
        The graph for driving without some filters.
    """

    graphs: Mapping[Mode, ModeGraph]
    crs: str
    bounds: tuple[float, float, float, float]
    source: str
    source_sha256: str
    licence: str
    built_by: str
    seen: Mapping[str, Mapping[str, int]]
    speeds: Speeds
    filters: tuple[ModalFilter, ...]
    names: Mapping[int, str]
    lifted: Mapping[Lifted, ModeGraph]

    def graph(self, mode: Mode) -> ModeGraph:
        """Return the graph of a mode.

        Raises
        ------
        NetworkError
            E2001. The network was built without that mode.
        """
        if mode not in self.graphs:
            has = ", ".join(self.graphs)
            msg = f"the network of {self.source} has no streets to {mode}, only {has}"
            raise NetworkError(msg)
        return self.graphs[mode]

    def without_filters(self, lifted: Lifted = Lifted.ALL) -> Network:
        """Return the network as an exempt car finds it, or as if it had no filters.

        Only driving differs; ``filters`` lists those that remain.

        Raises
        ------
        NetworkError
            E2001. The network was built without driving.
        """
        self.graph(Mode.DRIVE)
        return replace(
            self,
            graphs={**self.graphs, Mode.DRIVE: self.lifted[lifted]},
            filters=tuple(
                f
                for f in self.filters
                if lifted is Lifted.EXEMPT and f.kind is FilterKind.PHYSICAL
            ),
        )
