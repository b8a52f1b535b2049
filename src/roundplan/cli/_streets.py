"""What ``network build`` and ``network info`` do.

Imported by the commands when they run: it imports everything heavy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._live import LiveLine
from roundplan.errors import UsageError
from roundplan.formats import read_folder
from roundplan.network import (
    NETWORK_SUFFIX,
    Speeds,
    area_of,
    build_network,
    load_or_build,
    network_info,
    save_network,
)

FIGURES = (
    ("kilometres", "km"),
    ("for visitors only, km", "private_km"),
    ("one-way, km", "oneway_km"),
    ("with opening hours, km", "timed_km"),
    ("cut off from the rest, km", "island_km"),
    ("islands cut off", "islands"),
    ("nodes", "nodes"),
    ("junctions", "junctions"),
    ("edges", "edges"),
)
"""What is said of each mode's streets, and its key in ``network_info``."""

MOST_KINDS = 12
"""Kinds of street that are listed; the shorter ones are added up."""


def build_streets(
    source: str,
    out: Path,
    *,
    speeds: Path | None,
    around: Path | None,
    margin_m: float,
    screen: Screen,
) -> None:
    """Build a network, describe it and store it.

    Raises
    ------
    UsageError
        E1002. The result could not be stored, noticed before it is built.
    NetworkError
        E2001. The table of speeds cannot be read, or the streets cannot.
    """
    if out.suffix.lower() != NETWORK_SUFFIX:
        msg = f"a network file ends in {NETWORK_SUFFIX}: give --out such a name"
        raise UsageError(msg)
    if not out.absolute().parent.is_dir():
        msg = f"there is no folder {out.parent}: make it, or give --out another name"
        raise UsageError(msg)
    table = None if speeds is None else Speeds.load(speeds)
    box = None
    if around is not None:
        places = read_folder(around, with_travel=False).problem.all_places()
        box = area_of(places, margin_m=margin_m)
        screen.say(
            f"Area     latitude {box.south:.4f} to {box.north:.4f}, "
            f"longitude {box.west:.4f} to {box.east:.4f}:"
        )
        screen.say(f"         {margin_m / 1000:g} km round the places of {around}")
    screen.say(f"Reading {source}")
    with LiveLine(quiet=screen.quiet) as line:
        network = build_network(
            source,
            speeds=table,
            box=box,
            progress=lambda what, share: line.show(f"{what} {share:.0%}"),
        )
    _describe(screen, network_info(network))
    save_network(network, out)
    screen.say(f"Wrote {out}")


def print_speeds(*, screen: Screen) -> None:
    """Print the standard table of speeds, as TOML with its sources."""
    for line in Speeds.standard_text().splitlines():
        screen.say(line)


def describe_streets(file: Path, *, screen: Screen) -> None:
    """Describe a network file, or what a map file would give."""
    _describe(screen, network_info(load_or_build(file)))


def _describe(screen: Screen, info: Mapping[str, Any]) -> None:
    """Print where a network comes from, how big it is and what its source tags."""
    box = info["bounds"]
    screen.say(f"Source   {info['source']}")
    screen.say(f"Licence  {info['licence']}")
    screen.say(
        f"Bounds   latitude {box['south']:.4f} to {box['north']:.4f}, "
        f"longitude {box['west']:.4f} to {box['east']:.4f}"
    )
    screen.say(f"Stored   in {info['crs']}, made by roundplan {info['built_by']}")
    modes = info["modes"]
    columns = [f"{RIGHT}{mode}" for mode in modes]
    screen.heading("Streets by mode of travel")
    screen.table(
        ["", *columns],
        [
            (
                name,
                *(
                    f"{of[key]:,.1f}" if "km" in key else f"{of[key]:,}"
                    for of in modes.values()
                ),
            )
            for name, key in FIGURES
        ],
    )
    kinds = sorted({kind for of in modes.values() for kind in of["km_by_highway"]})
    screen.heading("Kilometres by kind of street")
    screen.table(
        ["", *columns],
        _longest(kinds, [of["km_by_highway"] for of in modes.values()]),
    )
    seen = info["seen"]
    for heading, counts in (
        ("Filters against cars", info["filters"]),
        ("Opening hours, ways", info["hours"]),
        ("Turn restrictions in the source", seen["turns"]),
        ("Barriers in the source", seen["barrier"]),
        ("Access tags in the source, ways", seen["access"]),
        ("Other tags in the source", {**_signals(seen["signals"]), **seen["tags"]}),
    ):
        said = sorted(
            ((kind, count) for kind, count in counts.items() if count),
            key=lambda kind: -kind[1],
        )
        if said:
            screen.heading(heading)
            screen.bullets([", ".join(f"{count:,} {kind}" for kind, count in said)])
        if counts is info["hours"]:
            screen.bullets(info["hours_notes"], style="yellow")


def _signals(by_direction: Mapping[str, int]) -> dict[str, int]:
    return {"traffic signals": sum(by_direction.values())}


def _longest(
    kinds: Sequence[str], by_mode: Sequence[Mapping[str, float]]
) -> list[tuple[str, ...]]:
    """Return rows of the longest kinds of street, and one of the others together."""

    def row(name: str, of: Sequence[str]) -> tuple[str, ...]:
        kms = [sum(km.get(kind, 0) for kind in of) for km in by_mode]
        return (name, *(f"{km:,.1f}" if km else "-" for km in kms))

    ordered = sorted(kinds, key=lambda kind: -max(km.get(kind, 0) for km in by_mode))
    rows = [row(kind, [kind]) for kind in ordered[:MOST_KINDS]]
    rest = ordered[MOST_KINDS:]
    return [*rows, row(f"{len(rest)} others", rest)] if rest else rows
