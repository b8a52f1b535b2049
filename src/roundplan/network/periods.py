"""A mode's graph in one period: its traffic, and what is closed at its hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from roundplan.domain import Mode, Period
from roundplan.network.graph import Int32, ModeGraph, Network
from roundplan.network.rules import Access
from roundplan.network.topology import CLOSED_MS, settled

_MAX_MS = 2**31 - 1

Closure = Callable[[str, Period], tuple[Access | None, Sequence[str]]]
"""What a ``*:conditional`` value means in a period: who may pass instead, None where it
changes nothing, and notes for the user."""


def graph_at(
    network: Network,
    mode: Mode,
    period: Period | None,
    closure: Closure | None = None,
) -> tuple[ModeGraph, tuple[str, ...]]:
    """Return the graph of a mode in a period, and notes about it.

    Parameters
    ----------
    period
        None is the time outside of every period and of all opening hours: traffic as at
        midday, nothing closed by hours.
    closure
        What a restriction by opening hours means in the period. Without it, each one
        holds at all hours: only visitors pass, as on a private street.

    Returns
    -------
    ModeGraph
        Times between junctions are the period's; edges that are closed in it are closed
        or private. The network's own graph where the period changes nothing.

    Raises
    ------
    NetworkError
        E2001. The network was built without that mode.

    Notes
    -----
    A condition cannot open a way that its other tags close: it is not in the graph.
    """
    graph = network.graph(mode)
    if period is None:
        return graph, ()
    percent = network.speeds.percent(mode, period)
    if percent == 100 and not graph.conditions:
        return graph, ()
    notes: list[str] = []
    instead = np.full(len(graph.conditions) + 1, -1, dtype=np.int64)
    for i, text in enumerate(graph.conditions):
        if closure is None:
            instead[i] = Access.ENDS
            ways = len(np.unique(graph.way_ids[graph.condition == i]))
            notes.append(
                f"{ways} ways are for visitors only to {mode}, at all hours, since "
                f"their opening hours are not looked at: {text}"
            )
            continue
        access, said = closure(text, period)
        notes += said
        if access is not None:
            instead[i] = access
    # The last entry is that of edges without a condition, whose index is -1.
    of_edge = instead[graph.condition]
    shut = of_edge == Access.CLOSED
    private = np.where(of_edge < 0, graph.private, of_edge == Access.ENDS)
    changed = replace(
        graph,
        forward_ms=_slowed(graph.forward_ms, graph.forward_delay_ms, percent),
        backward_ms=_slowed(graph.backward_ms, graph.backward_delay_ms, percent),
        private=private,
    )
    if shut.any():
        changed = replace(
            changed,
            forward_ms=np.where(shut, CLOSED_MS, changed.forward_ms).astype(np.int32),
            backward_ms=np.where(shut, CLOSED_MS, changed.backward_ms).astype(np.int32),
            forward_delay_ms=np.where(shut, 0, graph.forward_delay_ms),
            backward_delay_ms=np.where(shut, 0, graph.backward_delay_ms),
        )
    if (of_edge >= 0).any():
        changed = settled(changed)
    return changed, tuple(notes)


def timed_periods(network: Network, mode: Mode) -> tuple[str, ...]:
    """Return the periods in which a mode's travel differs from that at other times.

    Those of the table of speeds, for driving; the other modes have none.
    """
    return tuple(network.speeds.table["drive"]["percent"]) if mode is Mode.DRIVE else ()


def _slowed(ms: Int32, delay_ms: Int32, percent: int) -> Int32:
    """Return times with the part between junctions stretched, rounded up."""
    moving = ms.astype(np.int64) - delay_ms
    stretched = np.minimum(-(-moving * percent // 100) + delay_ms, _MAX_MS)
    return np.where(ms == CLOSED_MS, CLOSED_MS, stretched).astype(np.int32)
