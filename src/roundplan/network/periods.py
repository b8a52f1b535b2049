"""A mode's graph in one period: its traffic, and what is closed at its hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from roundplan.domain import WEEKDAYS, Mode, Period
from roundplan.network.graph import Int32, ModeGraph, Network
from roundplan.network.opening import Hours, access_at
from roundplan.network.rules import Access
from roundplan.network.topology import CLOSED_MS, settled
from roundplan.units import DAY_S, HOUR_S, MINUTE_S

_MAX_MS = 2**31 - 1


def graph_at(
    network: Network,
    mode: Mode,
    period: Period | None,
    hours: Hours | None = None,
) -> tuple[ModeGraph, tuple[str, ...]]:
    """Return the graph of a mode in a period, and notes about it.

    Parameters
    ----------
    period
        None is the time outside of every period and of all opening hours: traffic as at
        midday, nothing closed by hours.
    hours
        What opening hours mean on the dates of a plan. Without it, each restriction
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
        timed = graph.ban_condition >= 0
        return (graph.with_bans(~timed) if timed.any() else graph), ()
    percent = network.speeds.percent(mode, period)
    if percent == 100 and not graph.conditions:
        return graph, ()
    notes: list[str] = []
    instead = np.full(len(graph.conditions) + 1, -1, dtype=np.int64)
    for i, text in enumerate(graph.conditions):
        if hours is None:
            instead[i] = Access.ENDS
            ways = len(np.unique(graph.way_ids[graph.condition == i]))
            if not ways:  # hours of a turn, which is not taken at any
                continue
            notes.append(
                f"{ways} ways are for visitors only to {mode}, at all hours, since "
                f"their opening hours are not looked at: {text}"
            )
            continue
        access, said = hours.closure(text, period)
        if access is not None:
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
    if (graph.ban_condition >= 0).any():
        held = (graph.ban_condition < 0) | (instead[graph.ban_condition] >= 0)
        changed = changed.with_bans(held)
    return changed, tuple(notes)


def timed_periods(
    network: Network, mode: Mode, hours: Hours | None = None
) -> tuple[str, ...]:
    """Return the periods in which a mode's travel differs from that at other times.

    Those of the table of speeds, for driving. Where ``hours`` are given and the graph
    has conditions, they are cut where a condition begins or ends to hold, so that
    within a period nothing changes; only days of the week of its dates are there.
    """
    table = network.speeds.table["drive"]["percent"] if mode is Mode.DRIVE else {}
    conditions = network.graph(mode).conditions
    if hours is None or not conditions:
        return tuple(table)
    traffic = [Period.parse(name) for name in table]
    runs: dict[tuple[int, int, _State], list[int]] = {}
    for weekday in sorted({d.weekday() for d in hours.dates}):
        for part in _day(network, mode, traffic, hours, weekday):
            runs.setdefault(part, []).append(weekday)
    return tuple(
        f"{_days(first, last)} {_clock(start)}-{_clock(end)}"
        for (start, end, _), weekdays in runs.items()
        for first, last in _runs_of(weekdays)
    )


_State = tuple[int, tuple[Access | None, ...]]
"""Traffic in per cent of midday's, and what each condition does."""


def _day(
    network: Network,
    mode: Mode,
    traffic: Sequence[Period],
    hours: Hours,
    weekday: int,
) -> list[tuple[int, int, _State]]:
    """Return the parts of a day of the week that differ from the time outside."""
    conditions = network.graph(mode).conditions
    spells = [hours.of_weekday(text, weekday) for text in conditions]
    busy = [p for p in traffic if weekday in p.days]
    cuts = {0, DAY_S, *(s for p in busy for s in (p.start_s, p.end_s))}
    cuts |= {s for several in spells for t in several for s in t[:2]}
    outside: _State = (100, (None,) * len(conditions))
    found: list[tuple[int, int, _State]] = []
    for low, high in pairwise(sorted(cuts)):
        part = Period(days=frozenset([weekday]), start_s=low, end_s=high)
        state = (
            network.speeds.percent(mode, part),
            tuple(access_at(several, low) for several in spells),
        )
        if state == outside:
            continue
        if found and found[-1][1] == low and found[-1][2] == state:
            found[-1] = (found[-1][0], high, state)
        else:
            found.append((low, high, state))
    return found


def _runs_of(weekdays: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of days that follow each other."""
    runs: list[tuple[int, int]] = []
    for day in weekdays:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"


def _clock(second: int) -> str:
    return f"{second // HOUR_S:02}:{second % HOUR_S // MINUTE_S:02}"


def _slowed(ms: Int32, delay_ms: Int32, percent: int) -> Int32:
    """Return times with the part between junctions stretched, rounded up."""
    moving = ms.astype(np.int64) - delay_ms
    stretched = np.minimum(-(-moving * percent // 100) + delay_ms, _MAX_MS)
    return np.where(ms == CLOSED_MS, CLOSED_MS, stretched).astype(np.int32)
