"""What ``network build`` and ``network info`` do.

Imported by the commands when they run: it imports everything heavy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._live import LiveLine
from roundplan.cli._text import counted
from roundplan.errors import UsageError
from roundplan.network import (
    NETWORK_SUFFIX,
    build_network,
    load_or_build,
    network_info,
    save_network,
)

MOST_KINDS = 12
"""Kinds of street that are listed; the shorter ones are added up."""


def build_streets(source: str, out: Path, *, screen: Screen) -> None:
    """Build a network, describe it and store it.

    Raises
    ------
    UsageError
        E1002. The result could not be stored, noticed before it is built.
    """
    if out.suffix.lower() != NETWORK_SUFFIX:
        msg = f"a network file ends in {NETWORK_SUFFIX}: give --out such a name"
        raise UsageError(msg)
    if not out.absolute().parent.is_dir():
        msg = f"there is no folder {out.parent}: make it, or give --out another name"
        raise UsageError(msg)
    screen.say(f"Reading {source}")
    with LiveLine(quiet=screen.quiet) as line:
        network = build_network(
            source, progress=lambda what, share: line.show(f"{what} {share:.0%}")
        )
    _describe(screen, network_info(network))
    save_network(network, out)
    screen.say(f"Wrote {out}")


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
    for mode, of in info["modes"].items():
        screen.heading(f"{mode}: {of['km']:,.1f} km")
        screen.say(
            f"{counted(of['nodes'], 'node')} ({counted(of['junctions'], 'junction')}), "
            f"{counted(of['edges'], 'edge')}"
        )
        screen.say(
            f"{of['private_km']:,.1f} km for visitors only; "
            f"{counted(of['islands'], 'island')} cut off from the rest, "
            f"{of['island_km']:,.1f} km"
        )
        screen.table(["Kind of street", f"{RIGHT}km"], _longest(of["km_by_highway"]))
    barriers = sorted(info["seen"]["barrier"].items(), key=lambda kind: -kind[1])
    if barriers:
        screen.heading("Barriers in the source")
        screen.bullets([", ".join(f"{count:,} {kind}" for kind, count in barriers)])


def _longest(km_by_kind: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return rows of the longest kinds of street, and one of the others together."""
    kinds = sorted(km_by_kind.items(), key=lambda kind: -kind[1])
    rows = [(kind, f"{km:,.1f}") for kind, km in kinds[:MOST_KINDS]]
    if len(kinds) > MOST_KINDS:
        rest = sum(km for _, km in kinds[MOST_KINDS:])
        rows.append((f"{len(kinds) - MOST_KINDS} others", f"{rest:,.1f}"))
    return rows
