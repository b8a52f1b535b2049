"""Rounds put back as they were: those of the best state, or of a previous roster."""

from __future__ import annotations

from roundplan.arrays.layout import EARLY, FIXED, HANDS, LATE, VISIT, WORKER
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.insert import insert_visit, kept_apart, start_of, window_of
from roundplan.solve.lns.moves import (
    attach,
    begin,
    draft_leg,
    draft_node,
    note_changed,
    place,
    put_round,
    settle,
    whole,
)
from roundplan.solve.lns.state import (
    AS,
    AT,
    BEST_AT,
    BEST_START,
    CHANGED,
    CHANGED_COUNT,
    D_NODE,
    LEN,
    NODE,
)
from roundplan.solve.lns.weeks import evaluate


@kernel
def put_back(m, nodes):
    """Put nodes into the rounds of their best spans; return whether all could be.

    ``nodes`` are by best span and start; a round comes back as a whole or not at all. A
    round that has no break because another of its day gives the rest can only come
    after that one: hence the passes.
    """
    placed = True
    missing = True
    while placed and missing:
        placed = missing = False
        n = 0
        for j in range(len(nodes)):
            i = nodes[j]
            r = m.node[i, BEST_AT]
            if r < 0 or m.node[i, AT] == r:
                continue
            fixed = m.node[i, FIXED] != 0
            start = m.node[i, BEST_START]
            low = start if fixed else m.node[i, EARLY]
            high = start if fixed else m.node[i, LATE]
            draft_node(m, n, i, low, high)
            if n > 0:
                draft_leg(m, r, n - 1)
            n += 1
            if j + 1 == len(nodes) or m.node[nodes[j + 1], BEST_AT] != r:
                if evaluate(m, r, n):
                    for k in range(n):
                        note_changed(m, m.node[m.draft[D_NODE, k], VISIT])
                    put_round(m, r, n)
                    for k in range(n):
                        attach(m, m.stop[r, k, NODE], r)
                    placed = True
                else:
                    missing = True
                n = 0
    return not missing


@kernel
def warm_start(m, nodes, whole_rounds):
    """Rebuild the rounds of a previous roster as far as the rules allow now.

    The first ``whole_rounds`` of ``nodes`` as in `put_back`, the spans and starts being
    those of before. The others, and a round that breaks a rule as a whole, are built
    visit by visit, and of a double-handed visit half of which has no place any more,
    the other half stays with somebody new, where there is one. What is left over is in
    the bank.
    """
    begin(m)
    put_back(m, nodes[:whole_rounds])
    # again while it helps: one round can give the day the rest that another needs
    placed = True
    while placed:
        placed = False
        for j in range(len(nodes)):
            i = nodes[j]
            r = m.node[i, BEST_AT]
            if r < 0 or m.node[i, AT] >= 0:
                continue
            if kept_apart(m, m.node[i, VISIT], m.span[r, WORKER]):
                continue
            low, high = window_of(m, m.node[i, VISIT])
            if m.node[i, FIXED]:
                # starts that hang together are taken as they were, or not at all
                start = m.node[i, BEST_START]
                if start < low or start > high:
                    continue
                low = high = start
            k = 0
            while k < m.span[r, LEN] and m.stop[r, k, AS] < m.node[i, BEST_START]:
                k += 1
            if place(m, i, r, k, low, high):
                placed = True
    for j in range(m.par[CHANGED_COUNT]):
        v = m.lists[CHANGED, j]
        if m.visit[v, HANDS] == 2 and not whole(m, v) and start_of(m, v) >= 0:
            insert_visit(m, v, 0, False)
    settle(m)
