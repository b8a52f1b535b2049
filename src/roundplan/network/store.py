"""Store a built network in one ``.roundplan`` file, and load it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network.archive import ArchiveReader, write_archive
from roundplan.network.filters import FilterKind, Lifted, ModalFilter
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.speeds import Speeds

NETWORK_SUFFIX = ".roundplan"
FORMAT = "roundplan network"
FORMAT_VERSION = 3

_LIFTED = "drive-without-"
"""Prefix of a stored graph's name that tells ``Network.lifted`` from the modes."""

_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "node_xy": ("<f8", ("nodes", "2")),
    "node_ids": ("<i8", ("nodes",)),
    "component": ("<i4", ("nodes",)),
    "tail": ("<i4", ("edges",)),
    "head": ("<i4", ("edges",)),
    "length_mm": ("<i4", ("edges",)),
    "forward_ms": ("<i4", ("edges",)),
    "backward_ms": ("<i4", ("edges",)),
    "forward_delay_ms": ("<i4", ("edges",)),
    "backward_delay_ms": ("<i4", ("edges",)),
    "private": ("|b1", ("edges",)),
    "kind": ("<i2", ("edges",)),
    "way_ids": ("<i8", ("edges",)),
    "vertex_xy": ("<f8", ("vertices", "2")),
    "vertex_start": ("<i4", ("edges+1",)),
    "condition": ("<i4", ("edges",)),
    "ban_edges": ("<i4", ("ban_edges",)),
    "ban_start": ("<i4", ("bans+1",)),
    "ban_condition": ("<i4", ("bans",)),
}
"""Type and shape of each array of a ``ModeGraph``, as stored."""


def save_network(network: Network, path: Path | str) -> None:
    """Write a network to a ``.roundplan`` file, whole or not at all.

    Raises
    ------
    NetworkError
        E2001. Another ending, or a folder that is missing or cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != NETWORK_SUFFIX:
        msg = f"a stored network ends in {NETWORK_SUFFIX}, not {target.suffix!r}"
        raise NetworkError(msg)
    graphs = {mode.value: graph for mode, graph in network.graphs.items()}
    graphs |= {_LIFTED + name.value: graph for name, graph in network.lifted.items()}
    header = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "built_by": network.built_by,
        "source": network.source,
        "source_sha256": network.source_sha256,
        "licence": network.licence,
        "crs": network.crs,
        "bounds": list(network.bounds),
        "seen": {group: dict(counts) for group, counts in network.seen.items()},
        "speeds": network.speeds.table,
        "names": _ways_by_name(network.names),
        "filters": [asdict(found) for found in network.filters],
        "modes": {
            name: {
                "nodes": len(graph.node_xy),
                "edges": len(graph.tail),
                "vertices": len(graph.vertex_xy),
                "bans": len(graph.ban_condition),
                "ban_edges": len(graph.ban_edges),
                "kinds": list(graph.kinds),
                "conditions": list(graph.conditions),
            }
            for name, graph in graphs.items()
        },
    }
    arrays = {
        f"{name}/{field}": np.ascontiguousarray(getattr(graph, field), dtype)
        for name, graph in graphs.items()
        for field, (dtype, _) in _FIELDS.items()
    }
    try:
        write_archive(target, header, arrays)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        msg = f"{target.name} cannot be written ({reason}). Check the folder"
        raise NetworkError(msg) from error


def load_network(path: Path | str) -> Network:
    """Load a network that ``save_network`` wrote.

    Raises
    ------
    NetworkError
        E2001. The file is missing, damaged, of another kind or of a later version.
    """
    source = Path(path)
    if not source.is_file():
        msg = f"there is no file {source.name}. Build it: roundplan network build"
        raise NetworkError(msg)
    with ArchiveReader(source) as stored:
        header = stored.header()
        version = header.get("format_version")
        if header.get("format") != FORMAT or not isinstance(version, int):
            msg = f"{source.name} is not a roundplan network"
            raise NetworkError(msg)
        if version != FORMAT_VERSION:
            msg = (
                f"{source.name} has format {version}, this is format {FORMAT_VERSION}: "
                "build it again from the street file"
            )
            raise NetworkError(msg)
        try:
            west, south, east, north = map(float, header["bounds"])
            graphs = {
                str(name): _load_graph(stored, name, sizes)
                for name, sizes in header["modes"].items()
            }
            return Network(
                # In the order of the modes: the header's keys are sorted.
                graphs={m: graphs[m.value] for m in Mode if m.value in graphs},
                lifted={
                    which: graphs[_LIFTED + which.value]
                    for which in Lifted
                    if _LIFTED + which.value in graphs
                },
                crs=str(header["crs"]),
                bounds=(west, south, east, north),
                source=str(header["source"]),
                source_sha256=str(header["source_sha256"]),
                licence=str(header["licence"]),
                built_by=str(header["built_by"]),
                seen={
                    str(group): {str(k): int(n) for k, n in counts.items()}
                    for group, counts in header["seen"].items()
                },
                speeds=Speeds.standard().changed(header["speeds"], source.name),
                filters=tuple(map(_load_filter, header["filters"])),
                names={
                    int(way_id): str(name)
                    for name, way_ids in header["names"].items()
                    for way_id in way_ids
                },
            )
        except NetworkError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            msg = f"{source.name} has a damaged header: build it again"
            raise NetworkError(msg) from error


def _ways_by_name(names: Mapping[int, str]) -> dict[str, list[int]]:
    """Turn names about, since a street is mapped in many pieces."""
    found: dict[str, list[int]] = {}
    for way_id, name in sorted(names.items()):
        found.setdefault(name, []).append(way_id)
    return found


def _load_filter(said: Mapping[str, Any]) -> ModalFilter:
    x, y = float(said["x"]), float(said["y"])
    if not np.isfinite([x, y]).all():
        msg = "a filter is nowhere"
        raise ValueError(msg)
    return ModalFilter(
        kind=FilterKind(said["kind"]),
        osm=str(said["osm"]),
        x=x,
        y=y,
        tag=str(said["tag"]),
        condition=str(said["condition"]),
        street=str(said["street"]),
    )


def _load_graph(
    stored: ArchiveReader, mode: str, sizes: Mapping[str, Any]
) -> ModeGraph:
    """Load and check one mode's graph."""
    named = ("nodes", "edges", "vertices", "bans", "ban_edges")
    counts = {name: int(sizes[name]) for name in named}
    counts |= {"edges+1": counts["edges"] + 1, "bans+1": counts["bans"] + 1, "2": 2}
    arrays: dict[str, npt.NDArray[Any]] = {
        name: stored.array(f"{mode}/{name}", dtype, tuple(counts[d] for d in shape))
        for name, (dtype, shape) in _FIELDS.items()
    }
    graph = ModeGraph(
        **arrays,
        kinds=tuple(map(str, sizes["kinds"])),
        conditions=tuple(map(str, sizes["conditions"])),
    )
    _check_graph(graph)
    return graph


def _check_graph(graph: ModeGraph) -> None:
    """Refuse indices that point outside, and numbers that are none."""
    starts = graph.vertex_start
    sound = (
        _within(graph.tail, len(graph.node_xy))
        and _within(graph.head, len(graph.node_xy))
        and _within(graph.kind, len(graph.kinds))
        and _within(graph.component, len(graph.node_xy))
        and (graph.length_mm >= 0).all()
        and (graph.forward_ms >= -1).all()
        and (graph.backward_ms >= -1).all()
        and (graph.forward_delay_ms >= 0).all()
        and (graph.backward_delay_ms >= 0).all()
        and _within(graph.condition + 1, len(graph.conditions) + 1)
        and _within(graph.ban_edges, 2 * len(graph.tail))
        and _within(graph.ban_condition + 1, len(graph.conditions) + 1)
        and graph.ban_start[0] == 0
        and graph.ban_start[-1] == len(graph.ban_edges)
        and (np.diff(graph.ban_start.astype(np.int64)) >= 2).all()
        and starts[0] == 0
        and starts[-1] == len(graph.vertex_xy)
        and (np.diff(starts.astype(np.int64)) >= 2).all()
        and np.isfinite(graph.node_xy).all()
        and np.isfinite(graph.vertex_xy).all()
    )
    if not sound:
        msg = "the network's arrays contradict each other: build it again"
        raise NetworkError(msg)


def _within(indices: npt.NDArray[Any], size: int) -> bool:
    return bool(((indices >= 0) & (indices < size)).all())
