"""The memory of the search: the problem's arrays and what changes, side by side.

Rounds are linked lists: every span has a first and a last node that stand for where it
starts and ends, so that a visit always has a neighbour on either side. Everything is
int64 unless said otherwise; N attendances, R spans, V visits, F pairs of a node and a
span that fits it, K ends of links, Y travel layers, M places with starts and ends.

Nodes 0 to N-1 are attendances as in `roundplan.arrays.layout`; node N + r begins span
r, node N + R + r ends it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER, NO_WAY_S, Int32, Int64, ProblemArrays
from roundplan.errors import UsageError
from roundplan.solve.lns.state import M1, M2, RANDOM_1, RANDOM_2, longest_round

# columns of ``node``: first what an iteration may change, and undo brings back
T, NEED, NEXT, LEG, PREV, AT, PAID = range(7)
STATE_COLUMNS = 7
"""start; seconds from it to the earliest start of the next; next in the round; amount
of the leg to it; previous; span or -1; amount for this worker."""

(
    DUE,
    LATE,
    W_LATE,
    PLACE,
    DUR,
    EARLY,
    TRIED_T,
    TRIED_AT,
    RAISED,
    QUEUED,
    LINK_FROM,
    LINK_TO,
    SAVED_AT,
    LOOSE_AT,
    OLD_T,
    FIT_FROM,
    FIT_TO,
    VISIT,
    PARTNER,
    BEST_AT,
    BEST_T,
    NEW,
) = range(7, 29)
NODE_COLUMNS = 29
"""latest start without lateness; latest start; amount per second late; place; length;
earliest start; start in a trial; the trial's number; how often the trial raised it; the
trial in whose queue it is; where its links begin and end; iteration that last saved it
for undo; last loosening that reached it; start before that; where its spans begin and
end; visit; the node it is inserted with when both are absent, or -1; span and start in
the best state; 1 when changed since the best state was kept."""

# columns of ``span``
(
    WORKER,
    LAYER,
    BEGIN,
    END,
    LEN,
    VERSION,
    OLD_VERSION,
    OLD_LEN,
    TOUCHED_AT,
    RUINED_AT,
    STOPS,
    STOPS_VERSION,
) = range(12)
SPAN_COLUMNS = 12
"""worker; travel layer; its first and last node; attendances; number that stands for
its present content; that and its length before the iteration; iterations that last
touched and last ruined it; rows of ``stop`` filled, and for which version."""

# last axis of ``stop``: a round in order, first and last node included, to be read fast
S_NODE, S_END, S_PLACE, S_LEG, S_T, S_FREE, S_WEIGHT, S_ROOM = range(8)
S_SLACK, S_W, S_WAIT, S_ALL_W, S_ALL_SLACK = range(8, 13)
STOP_COLUMNS = 16
"""node; end; place; amount of the leg to the next; start; how far it and all after it
can be pushed back at no cost; what a second more costs at least; how far they can be at
all. Then for itself: how far at no cost, and what a second more costs; the wait before
the next; of itself and all after it the sum of S_W, and of S_W times how far it itself
would have to be pushed before any of it is due. (Padded to two cache lines.)"""

# columns of ``visit``
FIRST, HANDS, PENALTY, HERE, BANK_AT, CHANGED_AT, LISTED_AT = range(7)
VISIT_COLUMNS = 7
"""first node; number of nodes; amount when unassigned; nodes placed; place in the bank
or -1; iteration that last changed it; iteration that has still to decide about it."""

# columns of ``link``: t[OTHER] >= t + OUT, t >= t[OTHER] + BACK
OTHER, OUT, BACK, APART = range(4)
LINK_COLUMNS = 4
"""APART: 1 when one worker must not make both."""

# columns of ``offer``: the cheapest places of a node in a span
O_PRICE, O_VERSION, O_COST, O_AFTER, O_NEXT = range(5)
OFFER_COLUMNS = 5
"""amount for the worker; version of the span that the rest is for; smallest bound of
what the node adds; the node it would stand after, or UNKNOWN where it adds at least
that; second smallest bound."""

UNKNOWN = -2

# last axis of ``leg``: from a place to another, and back
SECONDS, AMOUNT, BACK_SECONDS, BACK_AMOUNT = range(4)

# rows of ``lists``
QUEUE, TOUCHED, SPANS, CHANGED, BANK, ORDER, KEYS, MOVED, NEW_NODES = range(9)
LIST_ROWS = 9
"""nodes whose starts have yet to be passed on; nodes a trial moved; spans and visits
that the iteration touched; absent visits; nodes to insert, and their keys; nodes whose
support was taken out; nodes changed since the best state was kept."""

# rows of ``pick``: candidates of the two nodes of a pair, and combinations of them
C_COST, C_STOP, C_TIME, C_FIT = range(4)
P_COST, P_FIRST, P_SECOND = 8, 9, 10
PICK_ROWS = 11
CANDIDATES = 8
"""Positions of each node of a pair that are combined."""

# entries of ``par``, after the random numbers (`roundplan.solve.lns.draws`)
(
    SPANS_COUNT,
    NODES,
    LARGEST,
    TOTAL,
    MAX_LATE,
    OLD_TOTAL,
    OLD_MAX,
    MARK,
    TRIAL,
    LOOSE,
    VERSIONS,
    TAIL,
    TRIED_COST,
    TRIED_MAX,
    RESCAN,
    FAILED,
    BANKED,
    TOUCHED_COUNT,
    SPANS_TOUCHED,
    CHANGED_COUNT,
    MOVED_COUNT,
    SAVED_COUNT,
    NEW_COUNT,
    BLINK_IN,
    MEAN_REMOVED,
    BLINK,
    BANK_TRIED,
) = range(RANDOM_2 + 1, RANDOM_2 + 28)
PAR_COUNT = RANDOM_2 + 28
"""R; N; amount per second of the largest lateness; amount of the whole state; its
largest lateness; both before the iteration; numbers of iteration, trial and loosening;
the last version given; end of the queue; amount and largest lateness of the trial; 1
when the largest lateness has to be looked for; 1 when the iteration has no state;
lengths of lists; spans to pass until the next is passed over; the search's parameters.
"""

FAR = 1 << 60
"""An amount above any cost."""


class Memory(NamedTuple):
    """All that the kernel reads and writes.

    ``node`` (N + 2 R, .), ``span`` (R, .), ``stop`` (R, longest round + 2, .),
    ``visit`` (V, .), ``link`` (K, .), ``fit`` int32 (F,), ``offer`` (F, .), ``leg``
    int32 (Y, M, M, 4), ``near`` int32 (2, V, .),
    ``lists`` (LIST_ROWS, .), ``pick`` (PICK_ROWS, .), ``undo`` (N + 2 R, .), ``par``:
    columns as the constants say.
    """

    node: Int64
    span: Int64
    stop: Int64
    visit: Int64
    link: Int64
    fit: Int32
    offer: Int64
    leg: Int32
    near: Int32
    lists: Int64
    pick: Int64
    undo: Int64
    par: Int64


def new_memory(p: ProblemArrays, near: Int32, tune: list[int], seed: int) -> Memory:
    """Return the state with no visit placed: all are in the bank.

    ``near`` as `roundplan.solve.lns.neighbours.nearest_visits` makes it, ``tune`` the
    entries of ``par`` from MEAN_REMOVED on.

    Raises
    ------
    UsageError
        E1002. A leg from or to home costs more than the search can hold.
    """
    n, v, r = len(p.node), len(p.visit), len(p.span)
    leg, begins, ends = _legs(p)
    links = _links(p)
    node = np.zeros((n + 2 * r, NODE_COLUMNS), dtype=np.int64)
    node[:n, [DUE, LATE, W_LATE, PLACE, DUR, EARLY, VISIT]] = p.node[
        :, [of.DUE, of.LATE, of.W_LATE, of.PLACE, of.DUR, of.EARLY, of.VISIT]
    ]
    node[:n, [AT, NEXT, PREV]] = -1
    node[:, PARTNER] = _partners(p, links)
    bounds = np.cumsum([0, *(len(its) for its in links)])
    node[:n, LINK_FROM], node[:n, LINK_TO] = bounds[:-1], bounds[1:]
    node[:, BEST_AT] = -1
    fit = [p.fit[a:b] for a, b in p.fit_at]
    bounds = np.cumsum([0, *(len(its) for its in fit)])
    node[:n, FIT_FROM], node[:n, FIT_TO] = bounds[:-1], bounds[1:]
    offer = np.zeros((bounds[-1], OFFER_COLUMNS), dtype=np.int64)
    offer[:, O_VERSION] = -1
    for i, its in enumerate(fit):
        workers = p.span[its, of.WORKER]
        offer[bounds[i] : bounds[i + 1], O_PRICE] = p.pair_p[
            p.node[i, of.CLIENT], workers
        ]

    span = np.zeros((r, SPAN_COLUMNS), dtype=np.int64)
    span[:, WORKER], span[:, LAYER] = p.span[:, of.WORKER], p.span[:, of.LAYER]
    span[:, [TOUCHED_AT, RUINED_AT, STOPS_VERSION]] = -1
    span[:, VERSION] = np.arange(r)
    span[:, BEGIN] = np.arange(n, n + r)
    span[:, END] = np.arange(n + r, n + 2 * r)
    for rows, places in ((span[:, BEGIN], begins), (span[:, END], ends)):
        node[rows, T] = node[rows, EARLY] = p.span[:, of.OPEN]
        node[rows, LATE] = p.span[:, of.CLOSE]
        node[rows, DUE] = NEVER
        node[rows, PLACE] = places
        node[rows, AT] = np.arange(r)
        node[rows, [NEXT]] = -1
    node[span[:, BEGIN], NEXT] = span[:, END]
    node[span[:, END], PREV] = span[:, BEGIN]
    node[span[:, BEGIN], PREV] = -1

    visit = np.zeros((v, VISIT_COLUMNS), dtype=np.int64)
    visit[:, [FIRST, HANDS, PENALTY]] = p.visit[:, [of.FIRST, of.HANDS, of.PENALTY]]
    visit[:, BANK_AT] = np.arange(v)
    visit[:, [CHANGED_AT, LISTED_AT]] = -1
    lists = np.zeros((LIST_ROWS, 4 * len(node) + v + 64), dtype=np.int64)
    lists[BANK, :v] = np.arange(v)
    par = np.zeros(PAR_COUNT, dtype=np.int64)
    rng = np.random.default_rng(seed)
    par[RANDOM_1], par[RANDOM_2] = rng.integers(1, [M1, M2], dtype=np.int64)
    par[SPANS_COUNT], par[NODES], par[BANKED], par[VERSIONS] = r, n, v, r
    par[LARGEST] = p.par[of.LARGEST_PRICE]
    par[TOTAL] = int(visit[:, PENALTY].sum())
    par[MEAN_REMOVED:] = tune
    return Memory(
        node=node,
        span=span,
        stop=np.zeros((r, longest_round(p) + 2, STOP_COLUMNS), dtype=np.int64),
        visit=visit,
        link=np.array([row for its in links for row in its], dtype=np.int64).reshape(
            -1, LINK_COLUMNS
        ),
        fit=np.concatenate([np.zeros(0, dtype=np.int32), *fit]).astype(np.int32),
        offer=offer,
        leg=leg,
        near=near,
        lists=lists,
        pick=np.zeros((PICK_ROWS, CANDIDATES**2 + 1), dtype=np.int64),
        undo=np.zeros((len(node), STATE_COLUMNS + 1), dtype=np.int64),
        par=par,
    )


def _legs(p: ProblemArrays) -> tuple[Int32, Int64, Int64]:
    """Return the legs both ways, and the places where spans start and end.

    After the places of the problem come the ends of spans: an office, a home (whose
    legs take no time of the shift), or anywhere. Between two of these a leg is free,
    so that an empty round costs nothing.
    """
    ends = {(-1, 0): 0}
    rows = np.zeros((2, len(p.span)), dtype=np.int64)
    columns = ((of.FROM, of.FROM_HOME), (of.TO, of.TO_HOME))
    for side, (place, home) in enumerate(columns):
        for r, its in enumerate(p.span):
            key = (int(its[place]), int(its[home]))
            rows[side, r] = ends.setdefault(key, len(ends))
    layers, places = p.leg_s.shape[:2]
    size = places + len(ends)
    seconds = np.zeros((layers, size, size), dtype=np.int64)
    amounts = np.zeros_like(seconds)
    moved = p.leg_s.astype(np.int64)
    moved += np.where(moved > 0, p.par[of.BUFFER], 0)
    seconds[:, :places, :places], amounts[:, :places, :places] = moved, p.leg_p
    for (place, home), k in ends.items():
        if place < 0:
            continue
        at = places + k
        for a, b in (((at, slice(places)), place), ((slice(places), at), place)):
            here = (slice(None), *a)
            there = (b, slice(places)) if a[0] == at else (slice(places), b)
            leg = p.leg_s[(slice(None), *there)].astype(np.int64)
            no_way = leg >= NO_WAY_S
            if home:
                seconds[here] = np.where(no_way, NO_WAY_S, 0)
                amounts[here] = np.where(no_way, 0, leg * p.par[of.HOME_PRICE])
            else:
                seconds[here] = moved[(slice(None), *there)]
                amounts[here] = p.leg_p[(slice(None), *there)]
    if amounts.size and amounts.max() > np.iinfo(np.int32).max:
        msg = "the policy's price of home legs makes one cost more than can be held"
        raise UsageError(msg)
    back = (0, 2, 1)
    both = (seconds, amounts, seconds.transpose(back), amounts.transpose(back))
    leg4 = np.ascontiguousarray(np.stack(both, axis=3).astype(np.int32))
    return leg4, places + rows[0], places + rows[1]


def _links(p: ProblemArrays) -> list[list[tuple[int, int, int, int]]]:
    """Return for each node the links that it has, in the columns of ``link``."""
    links: list[list[tuple[int, int, int, int]]] = [[] for _ in p.node]
    for its in p.visit:
        first, hands = int(its[of.FIRST]), int(its[of.HANDS])
        if hands == 2:
            links[first].append((first + 1, 0, 0, 1))
            links[first + 1].append((first, 0, 0, 1))
        if its[of.AFTER] < 0:
            continue
        other = p.visit[its[of.AFTER]]
        low, high = int(its[of.MIN_GAP]), int(its[of.MAX_GAP])
        apart = int(its[of.APART])
        for i in range(first, first + hands):
            before = int(other[of.FIRST])
            for j in range(before, before + int(other[of.HANDS])):
                links[j].append((i, low, -high, apart))
                links[i].append((j, -high, low, apart))
    return links


def _partners(p: ProblemArrays, links: list[list[tuple[int, int, int, int]]]) -> Int64:
    """Return with which node each is inserted: its mate, or the one visit linked to it.

    Only of linked visits that two workers make; others are inserted one by one.
    """
    partner = np.full(len(p.node) + 2 * len(p.span), -1, dtype=np.int64)
    for i, its in enumerate(links):
        if p.node[i, of.MATE] >= 0:
            partner[i] = p.node[i, of.MATE]
        elif len(its) == 1 and its[0][APART] and len(links[its[0][OTHER]]) == 1:
            partner[i] = its[0][OTHER]
    return partner
