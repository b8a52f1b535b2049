"""The compiled loop: ruin, recreate, accept or undo, remember the best."""

from __future__ import annotations

import math

from roundplan.solve.lns.compiled import entry, kernel
from roundplan.solve.lns.draws import below, uniform
from roundplan.solve.lns.search import (
    ACCEPTED,
    BEST_TOTAL,
    CONSTRUCT,
    COUNT,
    IMPROVED,
    ITERATE,
    NO_ROOM,
    TRIED,
    temperature,
)
from roundplan.solve.sync.insert import insert_one, insert_pair
from roundplan.solve.sync.places import (
    begin,
    join,
    settle_bank,
    take_out,
    undo,
)
from roundplan.solve.sync.ruin import ruin
from roundplan.solve.sync.state import (
    AT,
    BANK,
    BANK_TRIED,
    BANKED,
    BEST_AT,
    BEST_T,
    BLINK,
    CHANGED,
    CHANGED_COUNT,
    DUR,
    EARLY,
    END,
    FAR,
    FIRST,
    FIT_FROM,
    FIT_TO,
    HANDS,
    HERE,
    KEYS,
    LISTED_AT,
    MARK,
    NEW,
    NEW_COUNT,
    NEW_NODES,
    NODES,
    O_PRICE,
    ORDER,
    PARTNER,
    PENALTY,
    PREV,
    SAVED_COUNT,
    SPANS_COUNT,
    STATE_COLUMNS,
    TOTAL,
    VISIT,
    T,
)
from roundplan.solve.sync.times import begin_loosening, loosen, settle_starts

ORDERS = 8


@kernel
def list_visit(m, v, n):
    """Add an absent visit to those to insert, once; return how many there are."""
    if m.visit[v, LISTED_AT] == m.par[MARK] or m.visit[v, HERE] == m.visit[v, HANDS]:
        return n
    m.visit[v, LISTED_AT] = m.par[MARK]
    m.lists[ORDER, n] = v
    return n + 1


@kernel
def with_partner(m, v, n):
    """Add an absent visit, and the one it is inserted with if that is absent too."""
    n = list_visit(m, v, n)
    o = m.node[m.visit[v, FIRST], PARTNER]
    if o >= 0:
        n = list_visit(m, m.node[o, VISIT], n)
    return n


@kernel
def key_of(m, v, kind):
    """Return by what a visit is ordered, in one of several ways."""
    i = m.visit[v, FIRST]
    node = m.node
    if kind < 2:
        return node[i, FIT_TO] - node[i, FIT_FROM]
    if kind == 2:
        return node[i, EARLY]
    if kind == 3:
        return -node[i, EARLY]
    if kind == 4:
        return -node[i, DUR]
    return 0


@kernel
def list_visits(m, seed):
    """List the absent visits to insert in this iteration, in one of several orders."""
    lists = m.lists
    n = 0
    for k in range(m.par[CHANGED_COUNT]):
        n = with_partner(m, lists[CHANGED, k], n)
    if m.par[BANKED] > 0:
        most = n + m.par[BANK_TRIED]
        for u in range(m.near.shape[2]):
            v = m.near[0, seed, u]
            if v < 0 or n >= most:
                break
            n = with_partner(m, v, n)
        n = with_partner(m, lists[BANK, below(m.par, m.par[BANKED])], n)
    kind = below(m.par, ORDERS)
    pairs_first = below(m.par, 2)
    for k in range(n):
        v = lists[ORDER, k]
        key = key_of(m, v, kind) * 1000 + below(m.par, 1000)
        if pairs_first == 1 and m.node[m.visit[v, FIRST], PARTNER] >= 0:
            key -= 1 << 50
        # insertion sort: the list is short
        a = k
        while a > 0 and lists[KEYS, a - 1] > key:
            lists[KEYS, a] = lists[KEYS, a - 1]
            lists[ORDER, a] = lists[ORDER, a - 1]
            a -= 1
        lists[KEYS, a] = key
        lists[ORDER, a] = v
    return n


@kernel
def insert_visit(m, v, blink, limit):
    """Place what is missing of a visit; return False where there are no starts left.

    Only where it adds less than ``limit`` and than leaving it out costs. The visit it
    is paired with comes with it where that is absent too.
    """
    i = m.visit[v, FIRST]
    most = min(limit, m.visit[v, PENALTY])
    if m.visit[v, HANDS] == 2:
        if m.visit[v, HERE] == 1:
            here = i if m.node[i, AT] >= 0 else i + 1
            if insert_one(m, 2 * i + 1 - here, blink, most):
                return True
            begin_loosening(m)
            take_out(m, here)
            if not settle_starts(m):
                return False
        insert_pair(m, i, i + 1, blink, most)
        return True
    o = m.node[i, PARTNER]
    if o >= 0 and m.node[o, AT] < 0:
        u = m.node[o, VISIT]
        if insert_pair(m, i, o, blink, min(limit, most + m.visit[u, PENALTY])):
            return True
    insert_one(m, i, blink, most)
    return True


@kernel
def recreate(m, n, blink, limit):
    """Insert the first ``n`` listed visits; return False once the total is ``limit``.

    Inserting only adds, so what has reached the limit cannot come back.
    """
    pending = 0
    for k in range(n):
        pending += m.visit[m.lists[ORDER, k], PENALTY]
    for k in range(n):
        v = m.lists[ORDER, k]
        if m.visit[v, HERE] < m.visit[v, HANDS]:
            room = limit - (m.par[TOTAL] - pending)
            if room <= 0 or not insert_visit(m, v, blink, room):
                return False
            o = m.node[m.visit[v, FIRST], PARTNER]
            u = v if o < 0 else m.node[o, VISIT]
            if u != v and m.visit[u, LISTED_AT] == m.par[MARK]:
                if m.visit[u, HERE] == m.visit[u, HANDS]:
                    m.visit[u, LISTED_AT] = -1
                    pending -= m.visit[u, PENALTY]
        if m.visit[v, LISTED_AT] == m.par[MARK]:
            m.visit[v, LISTED_AT] = -1
            pending -= m.visit[v, PENALTY]
    return m.par[TOTAL] < limit


@kernel
def note_accepted(m):
    """List what an accepted iteration changed, for `keep_best`; bring the bank up."""
    for k in range(m.par[SAVED_COUNT]):
        j = m.undo[k, STATE_COLUMNS]
        if j < m.par[NODES] and m.node[j, NEW] == 0:
            m.node[j, NEW] = 1
            m.lists[NEW_NODES, m.par[NEW_COUNT]] = j
            m.par[NEW_COUNT] += 1
    for k in range(m.par[CHANGED_COUNT]):
        settle_bank(m, m.lists[CHANGED, k])


@kernel
def keep_best(m):
    """Remember the state as the best, copying only what changed since the last."""
    for k in range(m.par[NEW_COUNT]):
        j = m.lists[NEW_NODES, k]
        m.node[j, NEW] = 0
        m.node[j, BEST_AT] = m.node[j, AT]
        m.node[j, BEST_T] = m.node[j, T]
    m.par[NEW_COUNT] = 0


@kernel
def construct(m, order):
    """Insert visits greedily, one by one, in the order given."""
    for v in order:
        begin(m)
        n = with_partner(m, v, 0)
        recreate(m, n, 0, FAR)
        note_accepted(m)
    keep_best(m)


@kernel
def restore_best(m, nodes):
    """Go back to the best state, worked out anew from which visits are in which round.

    ``nodes`` are all nodes by best span and start.
    """
    begin(m)
    for i in range(m.par[NODES]):
        if m.node[i, AT] >= 0:
            take_out(m, i)
    settle_starts(m)
    begin_loosening(m)
    for i in nodes:
        r = m.node[i, BEST_AT]
        if r >= 0:
            f = m.node[i, FIT_FROM]
            while m.fit[f] != r:
                f += 1
            join(m, i, m.node[m.span[r, END], PREV], m.offer[f, O_PRICE])
            m.node[i, T] = -FAR  # no start yet
            loosen(m, i)
    for r in range(m.par[SPANS_COUNT]):
        loosen(m, m.span[r, END])
    settle_starts(m)
    note_accepted(m)


@kernel
def finish(m, nodes, work, room):
    """Try every visit that the best state leaves out once more, one by one.

    ``room`` (V,) receives what placing it would add to the total, NO_ROOM where it fits
    nowhere. What makes the total smaller is placed.
    """
    restore_best(m, nodes)
    for v in range(len(m.visit)):
        room[v] = NO_ROOM
        if m.visit[v, HERE] < m.visit[v, HANDS]:
            begin(m)
            i, before = m.visit[v, FIRST], m.par[TOTAL]
            if m.visit[v, HANDS] == 2:
                placed = insert_pair(m, i, i + 1, 0, FAR)
            else:
                placed = insert_one(m, i, 0, FAR)
            if placed:
                room[v] = m.par[TOTAL] - before
            if m.par[TOTAL] < before:
                note_accepted(m)
            else:
                undo(m)
    work[BEST_TOTAL] = m.par[TOTAL]
    keep_best(m)


@kernel
def iterate(m, heat, work, shares):
    """Ruin and recreate ``work[COUNT]`` times; the arrays as in the other search."""
    for it in range(work[COUNT]):
        above = -temperature(heat, work, it) * math.log(uniform(m.par))
        limit = m.par[TOTAL] + int(above)
        begin(m)
        kind, seed = ruin(m)
        shares[kind, TRIED] += 1
        if not settle_starts(m) or not recreate(
            m, list_visits(m, seed), m.par[BLINK], limit
        ):
            undo(m)
            continue
        shares[kind, ACCEPTED] += 1
        note_accepted(m)
        if m.par[TOTAL] < work[BEST_TOTAL]:
            shares[kind, IMPROVED] += 1
            work[BEST_TOTAL] = m.par[TOTAL]
            keep_best(m)


@entry
def search(m, task, order, heat, work, shares):
    """Do one of three tasks on the state, as ``task`` says.

    CONSTRUCT: insert the visits in ``order``. ITERATE: see `iterate`. FINISH: see
    `finish`; ``order`` holds the nodes by best span and start, then space for ``room``.
    """
    if task == CONSTRUCT:
        construct(m, order)
        work[BEST_TOTAL] = m.par[TOTAL]
    elif task == ITERATE:
        iterate(m, heat, work, shares)
    else:
        nodes = m.par[NODES]
        finish(m, order[:nodes], work, order[nodes:])
