"""The visits that equal shifts may make, and what may follow what: a group's graph.

A round of a group is a path through its graph. What the graph says of a path is never
more than what the round costs, so that a bound over paths is one over rounds:

- Each visit starts as early as the one before allows, and the price of a start away
  from the preferred one, or late, is that of the cheapest start from then on.
- A wait is paid as far as the windows force it, the buffer of a leg included; or it is
  longer than the longest that is paid, and costs time instead. Both are arcs.
- A break takes no time, and may shorten a wait.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER, NO_WAY_S, Int64, ProblemArrays

Mask = npt.NDArray[np.bool_]

MEMORY = 10
"""Earlier visits that a label remembers at each visit (ng-routes)."""

IMPOSSIBLE = 1 << 40
"""A cost that no path reaches: of a beginning or an end that is not possible."""


class Graph(NamedTuple):
    """What a group of equal spans may do: n visits ("stops"), a arcs.

    ``node`` (n,): the node of `ProblemArrays`. ``time`` (n, 3): earliest and latest
    start, length, in seconds. ``base`` (n,): amount of making it, whenever.
    ``kink`` (n, 4): preferred start, amount a second after it, start from which it is
    late, amount a second late; of distances from the preferred start, only those after
    it. ``first`` and ``last`` (n, 2): earliest start of a round that begins here, and
    the amount of the way there; latest start as the last, and the amount of the way on.
    ``at`` (n + 1,), ``to`` (a,), ``need`` (a,), ``cost`` (a,): the arcs from each stop,
    the seconds from end to start, the amount. ``memory`` (n, MEMORY): stops that are
    remembered at each, -1 for none. ``width`` (1,): no stop is shorter.
    """

    node: Int64
    time: Int64
    base: Int64
    kink: Int64
    first: Int64
    last: Int64
    at: Int64
    to: Int64
    need: Int64
    cost: Int64
    memory: Int64
    width: Int64


EARLY, LATE, LENGTH = range(3)
"""columns of ``time``"""


def graph_of(p: ProblemArrays, spans: Int64) -> Graph:
    """Return the graph of equal spans, or of spans taken for equal.

    Where they differ, it has what is cheapest and widest of all: who may be visited,
    hours, pay, places to begin and end at, the price of a worker at a client.

    Parameters
    ----------
    spans
        (k,): numbers of spans of one travel layer.
    """
    rows = p.span[spans]
    fits = np.zeros((len(spans), len(p.node)), dtype=np.bool_)
    for i, (low, high) in enumerate(p.fit_at):
        fits[:, i] = np.isin(spans, p.fit[low:high])
    node = np.flatnonzero(fits.any(axis=0))
    rate = int(rows[:, of.RATE].min())
    opens, closes = int(rows[:, of.OPEN].min()), int(rows[:, of.CLOSE].max())
    facts = p.node[node]
    length = facts[:, of.DUR]
    early = np.maximum(facts[:, of.EARLY], opens)
    late = np.minimum(facts[:, of.LATE], closes - length)
    first = _ways(p, rows, facts, early, late, length, out=False)
    last = _ways(p, rows, facts, early, late, length, out=True)
    at, to, need, cost = _arcs(p, rows, facts, early, late, rate)
    kink = facts[:, [of.PREF, of.W_PREF, of.DUE, of.W_LATE]]
    return Graph(
        node=node,
        time=np.stack((early, late, length), axis=1),
        base=length * rate + _least_pair(p, rows, fits, node),
        kink=np.ascontiguousarray(kink),
        first=first,
        last=last,
        at=at,
        to=to,
        need=need,
        cost=cost,
        memory=_memory(at, to, need, cost),
        width=np.array([max(1, length.min(initial=NEVER))], dtype=np.int64),
    )


def _least_pair(p: ProblemArrays, rows: Int64, fits: Mask, node: Int64) -> Int64:
    """Return the least price of one of the workers at each node."""
    workers = rows[:, of.WORKER]
    price = p.pair_p[p.node[node, of.CLIENT]][:, workers]
    before = p.node[node][:, [of.BEFORE_1, of.BEFORE_2]]
    changed = (before[:, :1] != -1) & (before[:, :, None] != workers).all(axis=1)
    price = price + p.par[of.CHANGE_PRICE] * changed
    least: Int64 = np.where(fits[:, node].T, price, NEVER).min(axis=1, initial=NEVER)
    return least


def _ways(
    p: ProblemArrays,
    rows: Int64,
    facts: Int64,
    early: Int64,
    late: Int64,
    length: Int64,
    *,
    out: bool,
) -> Int64:
    """Return from when and for how much a round may begin at a stop, or end there."""
    place = facts[:, of.PLACE]
    limit = np.full(len(place), -NEVER if out else NEVER, dtype=np.int64)
    least = np.full(len(place), IMPOSSIBLE, dtype=np.int64)
    columns = [
        of.LAYER,
        *((of.TO, of.TO_HOME, of.CLOSE) if out else (of.FROM, of.FROM_HOME, of.OPEN)),
        of.RATE,
    ]
    for layer, end, home, hour, rate in np.unique(rows[:, columns], axis=0):
        seconds = np.zeros(len(place), dtype=np.int64)
        amount = np.zeros(len(place), dtype=np.int64)
        if end >= 0:
            way = (layer, place, end) if out else (layer, end, place)
            seconds = p.leg_s[way].astype(np.int64)
            amount = seconds * p.par[of.HOME_PRICE]
            if not home:
                amount = seconds * rate + p.leg_p[way]
        # a way from or to home lies outside the shift
        inside = np.where(home, 0, seconds + p.par[of.BUFFER] * (seconds > 0))
        if out:
            when = np.minimum(late, hour - length - inside)
        else:
            when = np.maximum(early, hour + inside)
        possible = (seconds < NO_WAY_S) & (when >= early) & (when <= late)
        limit = np.where(
            possible, np.maximum(limit, when) if out else np.minimum(limit, when), limit
        )
        least = np.where(possible, np.minimum(least, amount), least)
    return np.stack((limit, least), axis=1)


def _arcs(
    p: ProblemArrays, rows: Int64, facts: Int64, early: Int64, late: Int64, rate: int
) -> tuple[Int64, Int64, Int64, Int64]:
    """Return the arcs between stops: those with a paid wait, and those without pay."""
    place, length = facts[:, of.PLACE], facts[:, of.DUR]
    layer = int(rows[0, of.LAYER])
    leg = p.leg_s[layer][np.ix_(place, place)].astype(np.int64)
    price = p.leg_p[layer][np.ix_(place, place)].astype(np.int64)
    buffer, longest = int(p.par[of.BUFFER]), int(p.par[of.GAP_MAX])
    apart = facts[:, None, of.VISIT] != facts[None, :, of.VISIT]
    need = leg + buffer * (leg > 0)
    ready = (early + length)[:, None]
    paid = apart & (leg < NO_WAY_S) & (ready + need <= late[None, :])
    # the wait that remains if the one before starts as late as it may
    forced = early[None, :] - (late + length)[:, None] - leg
    if (rows[:, of.BREAK_DUE] < NEVER).any():
        forced = forced - p.par[of.BREAK_S]
    wait = np.maximum(forced, need - leg)
    amount = leg * rate + price
    free = leg + longest + 1
    unpaid = apart & (leg < NO_WAY_S) & (ready + free <= late[None, :])
    unpaid &= (rate > 0) & (wait > 0)
    paid &= (wait <= longest) | (rate == 0)
    frm, to = np.nonzero(paid)
    frm_2, to_2 = np.nonzero(unpaid)
    frm = np.concatenate((frm, frm_2))
    order = np.argsort(frm, kind="stable")
    at = np.concatenate(([0], np.cumsum(np.bincount(frm, minlength=len(place)))))
    return (
        at.astype(np.int64),
        np.concatenate((to, to_2))[order],
        np.concatenate((need[paid], free[unpaid]))[order],
        np.concatenate(((amount + rate * wait)[paid], amount[unpaid]))[order],
    )


def _memory(at: Int64, to: Int64, need: Int64, cost: Int64) -> Int64:
    """Return, for each stop, those that could come before and after it most cheaply."""
    n = len(at) - 1
    frm = np.repeat(np.arange(n), np.diff(at))
    weight = np.full((n, n), np.inf)
    np.minimum.at(weight, (frm, to), (cost + need).astype(float))
    both = weight + weight.T
    near = np.argsort(both, axis=1, kind="stable")[:, :MEMORY]
    found = np.where(np.isfinite(np.take_along_axis(both, near, axis=1)), near, -1)
    memory = np.full((n, MEMORY), -1, dtype=np.int64)
    memory[:, : found.shape[1]] = found
    return memory


def reverse(g: Graph) -> Graph:
    """Return the graph in which time runs backwards: its paths are those of g, turned.

    A stop's start is when it ends, counted from the latest end of all; the price of a
    start is that of the cheapest one.
    """
    end = end_of(g)
    early, late, length = g.time.T
    frm = np.repeat(np.arange(len(early)), np.diff(g.at))
    order = np.argsort(g.to, kind="stable")
    count = np.bincount(g.to, minlength=len(early))
    when = np.stack((end - length - g.first[:, 0], g.first[:, 1]), axis=1)
    until = np.stack((end - length - g.last[:, 0], g.last[:, 1]), axis=1)
    return g._replace(
        time=np.stack((end - length - late, end - length - early, length), axis=1),
        base=g.base + least_start(g.kink, early),
        kink=np.zeros_like(g.kink),
        first=until,
        last=when,
        at=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        to=frm[order],
        need=g.need[order],
        cost=g.cost[order],
    )


def path_amount(g: Graph, nodes: Int64) -> int | None:
    """Return at most what a round of nodes in this order costs; None for no path."""
    stops = np.searchsorted(g.node, nodes)
    if (stops >= len(g.node)).any() or (g.node[stops] != nodes).any():
        return None
    begin, amount = (int(value) for value in g.first[stops[0]])
    before = -1
    for j in stops.tolist():
        if before >= 0:
            arcs = np.arange(g.at[before], g.at[before + 1])
            arcs = arcs[g.to[arcs] == j]
            if not len(arcs):
                return None
            begin += int(g.time[before, LENGTH] + g.need[arcs].min())
            amount += int(g.cost[arcs].min())
        begin = max(begin, int(g.time[j, EARLY]))
        if begin > g.time[j, LATE]:
            return None
        amount += int(g.base[j] + least_start(g.kink[j : j + 1], np.array([begin]))[0])
        before = j
    if begin > g.last[before, 0]:
        return None
    return amount + int(g.last[before, 1])


def end_of(g: Graph) -> int:
    """Return the second from which turned time counts: the latest end of all."""
    return int((g.time[:, LATE] + g.time[:, LENGTH]).max(initial=0))


def least_start(kink: Int64, start: Int64) -> Int64:
    """Return the least price of a start from each of ``start`` on."""
    preferred, by, due, late_by = kink.T
    away = np.maximum(0, start - preferred) * by
    price: Int64 = away + np.maximum(0, start - due) * late_by
    return price
