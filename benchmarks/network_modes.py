"""Time street networks by mode, beside networkx, igraph and pandana.

    uv run python benchmarks/network_modes.py [FILE | --grid 450] [--places 1000]
        [--limit-minutes 60] [--sample 10] [--record]

Builds, stores and loads a network, and computes a matrix between places near its
residential streets for each mode, for driving with turn restrictions too: those of the
map, or a made-up hundred where it has none. ``--grid`` makes a town of so many streets
each way instead: 450 give 200,000 nodes.

Then the other libraries find milliseconds between the same points of the same walking
graph, preparation and queries apart. What they find must be ours, to the millisecond.
Only networkx stops at the limit like us; it finds a sample of rows, scaled up.
"""

from __future__ import annotations

import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recording import SHARED, parser_for, record
from roundplan.domain import Mode, Place
from roundplan.network import (
    ModeGraph,
    Network,
    build_network,
    load_network,
    save_network,
    snap,
    travel_matrix,
)
from roundplan.network.arcs import Arcs, split_at
from roundplan.network.matrix import joined_points
from roundplan.network.paths import Paths
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.network.turns import _Streets

MAP = SHARED / "data" / "osm" / "bounds_green_2026.osm"
REPEATS = 3
BLOCK_M = 100
MADE_UP_BANS = 100


class Step(NamedTuple):
    """A line of the table."""

    name: str
    seconds: float
    note: str


def main() -> None:
    """Measure and print the table."""
    parser = parser_for(__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=MAP)
    parser.add_argument("--grid", type=int, default=0)
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=10)
    parser.add_argument("--limit-minutes", type=int, default=60)
    given = parser.parse_args()
    limit_s = 60 * given.limit_minutes
    with tempfile.TemporaryDirectory() as folder:
        file = given.file
        if given.grid:
            file = Path(folder) / f"grid_{given.grid}.osm"
            write_grid(file, given.grid)
        steps = list(ours(file, Path(folder), given.places, limit_s))
        network = build_network(file)
    places = homes(network, given.places)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps.append(Step("memory", 0.0, f"{peak:,.0f} MB at most so far"))
    steps += beside(network, places, limit_s, given.sample)
    libraries = ("roundplan", "networkx", "igraph", "pandana", "numba")
    print(
        f"{file.stem}: {given.places:,} places, limit {given.limit_minutes} min; "
        + ", ".join(f"{name} {version(name)}" for name in libraries)
        + f", Python {platform.python_version()}; best of {REPEATS}"
    )
    for step in steps:
        print(f"{step.name:<22}{step.seconds:>9.3f} s  {step.note}")
    row: dict[str, float | str] = {}
    for step in steps:
        row |= {f"{step.name}_s": step.seconds, f"{step.name}_note": step.note}
    record("network", file.stem, None, row, wanted=given.record)


def best(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """Return the shortest of some runs in seconds, and the last result."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def ours(file: Path, folder: Path, count: int, limit_s: int) -> Iterator[Step]:
    """Measure what roundplan does."""
    import pyproj
    import shapely  # imports are not what is measured

    del pyproj, shapely
    seconds, network = best(lambda: build_network(file), 1 if count > 5000 else REPEATS)
    sizes = ", ".join(f"{m} {len(g.node_xy):,}" for m, g in network.graphs.items())
    yield Step("build all modes", seconds, f"nodes: {sizes}")
    path = folder / "streets.roundplan"
    save_network(network, path)
    seconds, network = best(lambda: load_network(path))
    yield Step("load", seconds, f"{path.stat().st_size / 1e6:.2f} MB")
    places = homes(network, count)
    seconds, _ = best(lambda: snap(network, places))
    yield Step("snap", seconds, f"{len(places):,} places to edges")
    bound = with_bans(network)
    for name, of, mode in (
        ("walk", network, Mode.WALK),
        ("cycle", network, Mode.CYCLE),
        ("drive", network, Mode.DRIVE),
        ("drive, turn bans", bound, Mode.DRIVE),
    ):
        travel_matrix(of, places[:3], mode=mode, limit_s=limit_s, cache=False)

        def whole(of: Network = of, mode: Mode = mode) -> Any:
            return travel_matrix(of, places, mode=mode, limit_s=limit_s, cache=False)

        seconds, matrix = best(whole)
        note = f"{(matrix.times_s >= 0).mean():.1%} reached"
        if name.endswith("bans"):
            note += f", {len(of.graph(mode).ban_condition):,} bans"
        yield Step(name, seconds, note)


def with_bans(network: Network) -> Network:
    """Return a network with its turn restrictions, or a made-up hundred."""
    graph = network.graph(Mode.DRIVE)
    if graph.bans:
        return network
    streets, rng = _Streets(graph), random.Random(1)
    codes = np.flatnonzero(streets.open).tolist()
    bans: set[tuple[int, ...]] = set()
    while len(bans) < MADE_UP_BANS:
        code = rng.choice(codes)
        onward = [c for c in streets.out(code) if c ^ 1 != code]
        if len(onward) > 1:
            bans.add((code, rng.choice(onward)))
    ordered = sorted(bans)
    bound = replace(
        graph,
        ban_edges=np.array(ordered, dtype=np.int32).reshape(-1),
        ban_start=np.arange(0, 2 * len(ordered) + 1, 2, dtype=np.int32),
        ban_condition=np.full(len(ordered), -1, dtype=np.int32),
    )
    return replace(network, graphs={**network.graphs, Mode.DRIVE: bound})


def homes(network: Network, count: int) -> list[Place]:
    """Return places within 20 m of residential streets, drawn with a fixed seed."""
    graph: ModeGraph = network.graph(Mode.WALK)
    rng = np.random.default_rng(1)
    kinds = [i for i, kind in enumerate(graph.kinds) if kind == "residential"]
    streets = np.flatnonzero(np.isin(graph.kind, kinds) & graph.edges_in_main)
    corner = graph.vertex_xy[graph.vertex_start[rng.choice(streets, count)]]
    xy = corner + rng.uniform(-20, 20, corner.shape)
    return [
        Place(place_id=f"C{i}", x=float(x), y=float(y), crs=network.crs)
        for i, (x, y) in enumerate(xy)
    ]


def beside(
    network: Network, places: list[Place], limit_s: int, sample: int
) -> Iterator[Step]:
    """Measure all libraries between the same points of the same graph."""
    graph = network.graph(Mode.WALK)
    points, _ = joined_points(graph, snap(network, places))
    arcs, limit_ms = split_at(graph, points), limit_s * 1000
    every = np.arange(len(points))
    prepared_s, paths = best(lambda: Paths.of(arcs, limit_ms))
    asked_s, (expected, _, _) = best(lambda: paths.between(every, every))
    yield Step("ours: prepare", prepared_s, f"{len(arcs.tail):,} arcs, contracted")
    yield Step("ours: query", asked_s, f"{len(points):,} x {len(points):,} points")
    for name, peer in (("networkx", by_networkx), ("igraph", by_igraph)):
        yield from compared(name, peer, arcs, limit_ms, sample, expected, asked_s)
    yield from compared(
        "pandana", by_pandana, arcs, limit_ms, sample, expected, asked_s
    )


Peer = Callable[[Arcs, int, int], tuple[float, float, np.ndarray]]
"""Seconds to prepare and to ask, and milliseconds of rows, -1 for none."""


def compared(
    name: str,
    peer: Peer,
    arcs: Arcs,
    limit_ms: int,
    sample: int,
    expected: np.ndarray,
    asked_s: float,
) -> Iterator[Step]:
    """Run a peer, and say whether it found the same."""
    prepared_s, peer_s, found = peer(arcs, limit_ms, sample)
    found = np.where(found > limit_ms, -1, found)
    apart = np.abs(found - expected[: len(found)])
    verdict = "equal"
    if apart.any():
        verdict = f"{(apart > 0).mean():.0%} DIFFER, by {apart.max():,} ms at most"
    scaled = "" if len(found) == len(expected) else f", from {len(found)} rows"
    yield Step(f"{name}: prepare", prepared_s, "")
    yield Step(
        f"{name}: query", peer_s, f"{verdict}{scaled}, x {peer_s / asked_s:,.1f} ours"
    )


def by_networkx(
    arcs: Arcs, limit_ms: int, sample: int
) -> tuple[float, float, np.ndarray]:
    """Dijkstra in Python, stopped at the limit."""
    import networkx as nx

    begun = time.perf_counter()
    streets = nx.DiGraph()
    order = np.argsort(-arcs.ms, kind="stable")  # the quickest of parallels stays
    columns = (arcs.tail[order], arcs.head[order], arcs.ms[order])
    streets.add_weighted_edges_from(zip(*(c.tolist() for c in columns), strict=True))
    prepared = time.perf_counter()
    found = np.full((sample, len(arcs.origin)), -1, dtype=np.int64)
    ends = arcs.destination.tolist()
    for i, start in enumerate(arcs.origin[:sample].tolist()):
        reached = nx.single_source_dijkstra_path_length(streets, start, cutoff=limit_ms)
        found[i] = [reached.get(end, -1) for end in ends]
        found[i, i] = 0
    asked = time.perf_counter() - prepared
    return prepared - begun, asked / sample * len(arcs.origin), found


def by_igraph(
    arcs: Arcs, limit_ms: int, sample: int
) -> tuple[float, float, np.ndarray]:
    """Dijkstra in C; it has no limit."""
    import igraph

    del limit_ms, sample
    begun = time.perf_counter()
    edges = np.column_stack([arcs.tail, arcs.head])
    streets = igraph.Graph(n=arcs.nodes, edges=edges, directed=True)
    prepared = time.perf_counter()
    found = streets.distances(
        arcs.origin.tolist(), arcs.destination.tolist(), weights=arcs.ms.tolist()
    )
    asked = time.perf_counter() - prepared
    whole = np.array(found)
    whole[~np.isfinite(whole)] = -1
    np.fill_diagonal(whole, 0)
    return prepared - begun, asked, whole.astype(np.int64)


def by_pandana(
    arcs: Arcs, limit_ms: int, sample: int
) -> tuple[float, float, np.ndarray]:
    """Contraction hierarchies in C++, one query for each pair."""
    import pandana
    import pandas as pd

    del limit_ms, sample
    begun = time.perf_counter()
    nowhere = pd.Series(np.zeros(arcs.nodes))
    streets = pandana.Network(
        nowhere,
        nowhere,
        pd.Series(arcs.tail),
        pd.Series(arcs.head),
        # it keeps whole thousandths of what it is given, cut off, in 32 bits
        pd.DataFrame({"s": (arcs.ms + 0.5) / 1000}),
        twoway=False,
    )
    prepared = time.perf_counter()
    count = len(arcs.origin)
    found = streets.shortest_path_lengths(
        np.repeat(arcs.origin, count), np.tile(arcs.destination, count), imp_name="s"
    )
    asked = time.perf_counter() - prepared
    whole = np.array(found).reshape(count, count)
    np.fill_diagonal(whole, 0)
    whole = np.where(whole > 4e6, -0.001, whole)  # its sign for no way
    return prepared - begun, asked, np.rint(1000 * whole).astype(np.int64)


def write_grid(path: Path, count: int) -> None:
    """Write a town of streets every 100 m, one block in ten without its street."""
    rng = np.random.default_rng(1)
    step = np.arange(count) * BLOCK_M
    x, y = np.meshgrid(step, step)
    xy = np.array([510_000.0, 150_000.0]) + np.column_stack([x.ravel(), y.ravel()])
    degrees = transform(xy + rng.uniform(-15, 15, xy.shape), BRITISH_GRID, "EPSG:4326")
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("<?xml version='1.0'?><osm version='0.6'>\n")
        for node, (lon, lat) in enumerate(degrees.tolist(), start=1):
            file.write(f'<node id="{node}" lat="{lat:.8f}" lon="{lon:.8f}"/>\n')
        grid = np.arange(1, count * count + 1).reshape(count, count)
        for row, nodes in enumerate([*grid, *grid.T]):
            cuts = np.flatnonzero(rng.random(count - 1) < 0.1) + 1
            kind = "tertiary" if row % 8 == 0 else "residential"
            for piece in np.split(nodes, cuts):
                if len(piece) < 2:
                    continue
                number += 1
                refs = "".join(f'<nd ref="{node}"/>' for node in piece.tolist())
                tag = f'<tag k="highway" v="{kind}"/>'
                file.write(f'<way id="{number}">{refs}{tag}</way>\n')
        file.write("</osm>\n")


if __name__ == "__main__":
    main()
