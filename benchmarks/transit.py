"""Time travel by public transport in a generated city of 5 million connections a day.

    uv run python benchmarks/transit.py [--places 1000] [--repeats 5]

The city is 30 km square: streets every 200 m, 18,000 stops, 600 lines both ways of 40
stops each, about 400 m apart, twice as frequent in the peaks. Places are drawn in a
borough of 8 km in its middle. Prints every step on its own, with the fastest, middle
and slowest run.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from roundplan.domain import Mode, Place
from roundplan.network import DEFAULT_LIMIT_S, Network, build_network, travel_matrix
from roundplan.network.projection import BRITISH_GRID, transform
from roundplan.transit import Stops, Timetable, transit_departure
from roundplan.transit.matrix import (
    DEFAULT_MAX_CHANGE_WALK_S,
    DEFAULT_MAX_WALK_S,
    DEFAULT_MIN_CHANGE_S,
    scan_departures,
)
from roundplan.transit.walking import find_walks

SIDE_M, BLOCK_M, BOROUGH_M = 30_000, 200, 8_000
CORNER = np.array([515_000.0, 165_000.0])
LINES, STOPS_OF_LINE = 600, 40
CONNECTIONS = 5_000_000
FIRST_S, LAST_S = 5 * 3600, 25 * 3600
PEAKS = ((7 * 3600, 10 * 3600), (16 * 3600, 19 * 3600))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    rng = np.random.default_rng(1)

    network, timetable = streets(), day(rng)
    middle = CORNER + SIDE_M / 2
    xy = middle + rng.uniform(-BOROUGH_M / 2, BOROUGH_M / 2, (given.places, 2))
    places = [
        Place(place_id=f"C{i}", x=x, y=y, crs=BRITISH_GRID)
        for i, (x, y) in enumerate(xy.tolist())
    ]
    bytes_ = sum(
        column.nbytes
        for column in vars_of(timetable).values()
        if isinstance(column, np.ndarray)
    )
    print(
        f"{len(timetable.departure_s):,} connections, "
        f"{timetable.trip.max() + 1:,} trips, "
        f"{len(timetable.stops.stop_ids):,} stops, {bytes_ / 1e6:.0f} MB; "
        f"{given.places:,} places; numba {version('numba')}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores"
    )

    def walks() -> Any:
        return find_walks(
            network,
            timetable.stops,
            places,
            max_walk_s=DEFAULT_MAX_WALK_S,
            max_change_walk_s=DEFAULT_MAX_CHANGE_WALK_S,
            min_change_s=DEFAULT_MIN_CHANGE_S,
            max_snap_m=150.0,
        )

    start = time.perf_counter()
    few = walks()
    scan_departures(timetable, few, range(1), limit_s=1)
    print(f"first call, with imports and compiled code: {since(start):.2f} s")
    print(f"walks: {len(few.access.stop):,} to stops, {len(few.change.stop):,} changes")
    low, high = np.searchsorted(
        timetable.departure_s, [8 * 3600, 8 * 3600 + DEFAULT_LIMIT_S]
    )
    print(f"connections within the limit after 08:00: {high - low:,}")

    timed("walks on the streets", walks, given.repeats)
    found = timed(
        "scan, one departure at 08:00",
        lambda: scan_departures(
            timetable, few, range(8 * 3600, 8 * 3600 + 1), limit_s=DEFAULT_LIMIT_S
        ),
        given.repeats,
    )
    timed(
        "direct walks, all pairs",
        lambda: travel_matrix(
            network, places, mode=Mode.WALK, max_snap_m=150.0, cache=False
        ),
        given.repeats,
    )
    whole = timed(
        "all of it: transit_departure",
        lambda: transit_departure(
            network, timetable, places, 8 * 3600, max_snap_m=150.0
        ),
        given.repeats,
    )
    reached = (found[0] >= 0).mean()
    print(
        f"reached by a ride {reached:.1%}; quickest by a ride "
        f"{whole.rides.mean():.1%}, of those changes "
        f"{whole.changes[whole.rides].mean():.2f}, minutes "
        f"{whole.times_s[whole.rides].mean() / 60:.1f}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak memory of the process, the making of the city included: {peak:,.0f} MB"
    )


def streets() -> Network:
    """Return a grid of streets."""
    count = SIDE_M // BLOCK_M + 1
    step = np.arange(count) * BLOCK_M
    x, y = np.meshgrid(step, step)
    xy = CORNER + np.column_stack([x.ravel(), y.ravel()])
    degrees = transform(xy, BRITISH_GRID, "EPSG:4326")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.osm"
        with path.open("w", encoding="utf-8") as file:
            file.write("<?xml version='1.0'?><osm version='0.6'>\n")
            for node, (lon, lat) in enumerate(degrees.tolist(), start=1):
                file.write(f'<node id="{node}" lat="{lat:.8f}" lon="{lon:.8f}"/>\n')
            grid = np.arange(1, count * count + 1).reshape(count, count)
            for way, nodes in enumerate([*grid, *grid.T], start=1):
                refs = "".join(f'<nd ref="{node}"/>' for node in nodes.tolist())
                tag = '<tag k="highway" v="residential"/>'
                file.write(f'<way id="{way}">{refs}{tag}</way>\n')
            file.write("</osm>\n")
        return build_network(path)


def day(rng: np.random.Generator) -> Timetable:
    """Return a day's timetable of lines that wander over a grid of stops."""
    apart = 224  # 30 km over 134 stops each way: 18,000 in all
    count = SIDE_M // apart
    lines = []
    for _ in range(LINES):
        at = rng.integers(0, count, 2)
        towards = rng.choice([-1, 1], 2)
        stops = []
        for _ in range(STOPS_OF_LINE):
            stops.append(int(at[0] * count + at[1]))
            axis = rng.integers(0, 2)
            if not 0 <= at[axis] + 2 * towards[axis] < count:
                towards[axis] *= -1
            at[axis] += 2 * towards[axis]
        minutes = rng.integers(60, 150, STOPS_OF_LINE - 1)
        lines += [(stops, minutes), (stops[::-1], minutes[::-1])]
    runs_a_line = CONNECTIONS // (len(lines) * (STOPS_OF_LINE - 1))
    # Every run stands for an equal share of the day's vehicles, peaks count twice.
    moments = np.arange(FIRST_S, LAST_S, 60)
    weight = np.ones(len(moments))
    for low, high in PEAKS:
        weight[(moments >= low) & (moments < high)] = 2
    share = np.cumsum(weight) / weight.sum()
    columns: dict[str, list[Any]] = {k: [] for k in ("dep", "arr", "u", "v", "trip")}
    for number, (stops, seconds) in enumerate(lines):
        offset = rng.uniform()
        ranks = (np.arange(runs_a_line) + offset) / runs_a_line
        leaves = np.interp(ranks, share, moments).astype(np.int64)
        after = np.concatenate([[0], np.cumsum(seconds)])
        columns["dep"].append((leaves[:, None] + after[:-1]).ravel())
        columns["arr"].append((leaves[:, None] + after[1:]).ravel())
        columns["u"].append(np.tile(stops[:-1], runs_a_line))
        columns["v"].append(np.tile(stops[1:], runs_a_line))
        trip = number * runs_a_line + np.arange(runs_a_line)
        columns["trip"].append(np.repeat(trip, STOPS_OF_LINE - 1))
    flat = {k: np.concatenate(v).astype(np.int32) for k, v in columns.items()}
    east, north = np.divmod(np.arange(count * count), count)
    xy = CORNER + np.column_stack([east, north]) * apart + 30
    degrees = transform(xy.astype(float), BRITISH_GRID, "EPSG:4326")
    none = np.zeros(0, dtype=np.int32)
    stops_of_city = Stops(
        stop_ids=tuple(f"S{i}" for i in range(count * count)),
        names=("",) * (count * count),
        lon=degrees[:, 0],
        lat=degrees[:, 1],
        change_from=none,
        change_to=none,
        change_s=none,
    )
    return Timetable.of(
        date(2026, 6, 1),
        stops_of_city,
        departure_s=flat["dep"],
        arrival_s=flat["arr"],
        tail=flat["u"],
        head=flat["v"],
        trip=flat["trip"],
        allowed=np.full(len(flat["dep"]), 3, dtype=np.uint8),
    )


def vars_of(timetable: Timetable) -> dict[str, Any]:
    """Return the fields of a timetable."""
    return {name: getattr(timetable, name) for name in timetable.__slots__}


def since(start: float) -> float:
    """Return the seconds since a moment."""
    return time.perf_counter() - start


def timed(name: str, work: Callable[[], Any], repeats: int) -> Any:
    """Print the fastest, middle and slowest of some runs; return the last result."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(since(start))
    middle = statistics.median(times)
    print(f"{name:<30}{min(times):>8.2f} {middle:>8.2f} {max(times):>8.2f} s")
    return result


if __name__ == "__main__":
    main()
