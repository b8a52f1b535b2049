"""Time the walking network of an OpenStreetMap file, beside networkx.

    uv run python benchmarks/network_walk.py FILE [--places 1000] [--sample 20]

Prints how long it takes to build, to load and to compute a matrix between places near
its residential streets, and checks a sample of rows against networkx on the same
split graph: they must be equal, to the second and the metre.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from roundplan.domain import Mode, Place
from roundplan.network import (
    Network,
    build_network,
    load_network,
    network_info,
    save_network,
    snap,
    travel_matrix,
)
from roundplan.network.arcs import split_at

REPEATS = 3


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--limit-minutes", type=int, default=60)
    given = parser.parse_args()
    limit_s = 60 * given.limit_minutes

    import networkx
    import pyproj
    import scipy.sparse.csgraph
    import shapely  # imports are not what is measured

    del pyproj, shapely
    rows: list[tuple[str, float, str]] = []
    seconds, network = best(lambda: build_network(given.file))
    walk = network_info(network)["modes"]["walk"]
    rows.append(("build", seconds, f"{walk['nodes']:,} nodes, {walk['km']:,.0f} km"))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streets.roundplan"
        save_network(network, path)
        seconds, _ = best(lambda: load_network(path))
        rows.append(("load", seconds, f"{path.stat().st_size / 1e6:.2f} MB"))

    places = homes(network, given.places)
    seconds, _ = best(lambda: snap(network, places))
    rows.append(("snap", seconds, f"{len(places):,} places to edges"))
    seconds, matrix = best(
        lambda: travel_matrix(network, places, limit_s=limit_s, cache=False)
    )
    reached = float((matrix.times_s >= 0).mean())
    what = (
        f"{len(places):,} x {len(places):,}, {limit_s // 60} min, {reached:.1%} reached"
    )
    rows.append(("matrix", seconds, what))
    whole = seconds

    seconds, equal = by_networkx(network, places, matrix, given.sample, limit_s)
    scaled = seconds / given.sample * len(places)
    verdict = "equal" if equal else "DIFFERENT"
    rows.append(
        (
            "networkx",
            scaled,
            f"from {given.sample} rows in {seconds:.2f} s, {verdict}, "
            f"x {scaled / whole:,.0f}",
        )
    )
    print(
        f"{given.file.name}, roundplan {version('roundplan')}, networkx "
        f"{networkx.__version__}, scipy {scipy.__version__}, Python "
        f"{platform.python_version()}, {platform.machine()}; best of {REPEATS}"
    )
    for name, taken, note in rows:
        print(f"{name:<10}{taken:>9.3f} s  {note}")
    if not equal:
        raise SystemExit(1)


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest of some runs in seconds, and the last result."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def homes(network: Network, count: int) -> list[Place]:
    """Return places within 20 m of residential streets, drawn with a fixed seed."""
    graph = network.graph(Mode.WALK)
    rng = np.random.default_rng(1)
    kinds = [i for i, kind in enumerate(graph.kinds) if kind == "residential"]
    streets = np.flatnonzero(np.isin(graph.kind, kinds) & graph.edges_in_main)
    corner = graph.vertex_xy[graph.vertex_start[rng.choice(streets, count)]]
    xy = corner + rng.uniform(-20, 20, corner.shape)
    return [
        Place(place_id=f"C{i}", x=float(x), y=float(y), crs=network.crs)
        for i, (x, y) in enumerate(xy)
    ]


def by_networkx(
    network: Network, places: list[Place], matrix: Any, sample: int, limit_s: int
) -> tuple[float, bool]:
    """Return the seconds of some rows by networkx, and whether they are the same."""
    import networkx as nx

    graph, snapping = network.graph(Mode.WALK), snap(network, places)
    at_mm = np.rint(snapping.along * graph.length_mm[snapping.edge]).astype(np.int64)
    joined = np.column_stack([snapping.edge, at_mm])
    points, of_place = np.unique(joined, axis=0, return_inverse=True)
    of_place = of_place.reshape(-1)
    arcs = split_at(graph, points)
    streets = nx.DiGraph()
    factor = 10**9  # the quickest path, and of those the shortest
    columns = (arcs.tail, arcs.head, arcs.ms * factor + arcs.mm)
    for tail, head, weight in zip(*(c.tolist() for c in columns), strict=True):
        if weight < streets.get_edge_data(tail, head, {"weight": weight + 1})["weight"]:
            streets.add_edge(tail, head, weight=weight)
    off_mm = np.rint(snapping.distance_m * 1000).astype(np.int64)
    off_ms = -(-off_mm * 3 // 4)

    start = time.perf_counter()
    found = [
        nx.single_source_dijkstra_path_length(
            streets, int(arcs.origin[of_place[i]]), cutoff=limit_s * 1000 * factor
        )
        for i in range(sample)
    ]
    seconds = time.perf_counter() - start

    equal = True
    for i, reached in enumerate(found):
        for j in range(len(places)):
            weight = reached.get(int(arcs.destination[of_place[j]]))
            expected = (-1, 0)
            if i == j or of_place[i] == of_place[j]:
                weight = 0
            if weight is not None:
                ms = weight // factor + int(off_ms[i] + off_ms[j])
                mm = weight % factor + int(off_mm[i] + off_mm[j])
                if ms <= limit_s * 1000:
                    expected = (-(-ms // 1000), (mm + 500) // 1000)
            if i == j:
                expected = (0, 0)
            equal &= expected == (matrix.times_s[i, j], matrix.metres[i, j])
    return seconds, bool(equal)


if __name__ == "__main__":
    main()
