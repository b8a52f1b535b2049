"""Store a built network in one ``.roundplan`` file, and load it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode
from roundplan.errors import NetworkError
from roundplan.network.archive import ArchiveReader, write_archive
from roundplan.network.graph import ModeGraph, Network

NETWORK_SUFFIX = ".roundplan"
FORMAT = "roundplan network"
FORMAT_VERSION = 1

_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "node_xy": ("<f8", ("nodes", "2")),
    "node_ids": ("<i8", ("nodes",)),
    "component": ("<i4", ("nodes",)),
    "tail": ("<i4", ("edges",)),
    "head": ("<i4", ("edges",)),
    "length_mm": ("<i4", ("edges",)),
    "forward_ms": ("<i4", ("edges",)),
    "backward_ms": ("<i4", ("edges",)),
    "private": ("|b1", ("edges",)),
    "kind": ("<i2", ("edges",)),
    "way_ids": ("<i8", ("edges",)),
    "vertex_xy": ("<f8", ("vertices", "2")),
    "vertex_start": ("<i4", ("edges+1",)),
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
        "modes": {
            mode.value: {
                "nodes": len(graph.node_xy),
                "edges": len(graph.tail),
                "vertices": len(graph.vertex_xy),
                "kinds": list(graph.kinds),
            }
            for mode, graph in network.graphs.items()
        },
    }
    arrays = {
        f"{mode.value}/{name}": np.ascontiguousarray(getattr(graph, name), dtype)
        for mode, graph in network.graphs.items()
        for name, (dtype, _) in _FIELDS.items()
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
            return Network(
                graphs={
                    Mode(mode): _load_graph(stored, mode, sizes)
                    for mode, sizes in header["modes"].items()
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
            )
        except NetworkError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            msg = f"{source.name} has a damaged header: build it again"
            raise NetworkError(msg) from error


def _load_graph(
    stored: ArchiveReader, mode: str, sizes: Mapping[str, Any]
) -> ModeGraph:
    """Load and check one mode's graph."""
    counts = {name: int(sizes[name]) for name in ("nodes", "edges", "vertices")}
    counts |= {"edges+1": counts["edges"] + 1, "2": 2}
    arrays: dict[str, npt.NDArray[Any]] = {
        name: stored.array(f"{mode}/{name}", dtype, tuple(counts[d] for d in shape))
        for name, (dtype, shape) in _FIELDS.items()
    }
    graph = ModeGraph(**arrays, kinds=tuple(map(str, sizes["kinds"])))
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
