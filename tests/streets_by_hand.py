"""Tiny street maps whose answers are known by hand, drawn in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from roundplan.domain import Place
from roundplan.network import Network, build_network
from roundplan.network.projection import BRITISH_GRID, transform

ORIGIN = np.array([530_000.0, 190_000.0])
"""Somewhere in north London, on the British National Grid."""

Node = tuple[float, float] | tuple[float, float, Mapping[str, str]]
Way = tuple[Sequence[int], Mapping[str, str]]

STREET = {"highway": "residential"}


Relation = tuple[Sequence[tuple[str, int, str]], Mapping[str, str]]
"""Members as type, id and role; ways are numbered from 1001. And tags."""


def osm_text(
    nodes: Mapping[int, Node],
    ways: Sequence[Way],
    relations: Sequence[Relation] = (),
) -> str:
    """The OpenStreetMap XML of nodes in metres, ways and relations."""
    xy = ORIGIN + np.array([node[:2] for node in nodes.values()], dtype=float)
    degrees = transform(xy, BRITISH_GRID, "EPSG:4326")
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
    for (node_id, node), (lon, lat) in zip(nodes.items(), degrees, strict=True):
        tags = node[2] if len(node) > 2 else {}
        lines.append(f'<node id="{node_id}" lat="{lat:.10f}" lon="{lon:.10f}">')
        lines += _tag_lines(tags)
        lines.append("</node>")
    for number, (refs, tags) in enumerate(ways, start=1001):
        lines.append(f'<way id="{number}">')
        lines += [f'<nd ref="{ref}"/>' for ref in refs]
        lines += _tag_lines(tags)
        lines.append("</way>")
    for number, (members, tags) in enumerate(relations, start=2001):
        lines.append(f'<relation id="{number}">')
        lines += [
            f'<member type="{type_}" ref="{ref}" role="{role}"/>'
            for type_, ref, role in members
        ]
        lines += _tag_lines(tags)
        lines.append("</relation>")
    return "\n".join([*lines, "</osm>", ""])


def streets(
    tmp_path: Path,
    nodes: Mapping[int, Node],
    ways: Sequence[Way],
    relations: Sequence[Relation] = (),
) -> Network:
    """The network of a map drawn by hand."""
    path = tmp_path / "streets.osm"
    path.write_text(osm_text(nodes, ways, relations), encoding="utf-8")
    return build_network(path)


def at(place_id: str, x: float, y: float) -> Place:
    """A place in metres from the origin of the drawn maps."""
    return Place(
        place_id=place_id,
        x=float(ORIGIN[0] + x),
        y=float(ORIGIN[1] + y),
        crs=BRITISH_GRID,
    )


def _tag_lines(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
