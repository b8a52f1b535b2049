"""Changing the state: put a drafted round in place, keep counters, undo, bank."""

from __future__ import annotations

from roundplan.arrays.layout import (
    BLOCK,
    CLIENT,
    DAY,
    EARLY,
    FIRST,
    FIXED,
    HANDS,
    LATE,
    PENALTY,
    VISIT,
    WEEK,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.state import (
    AS,
    AT,
    BANK,
    BANK_AT,
    BANKED,
    CHANGED,
    CHANGED_AT,
    CHANGED_COUNT,
    D_ES,
    D_HIGH,
    D_LOW,
    D_LS,
    D_NODE,
    D_RESULT,
    D_START,
    DISTINCT,
    EARLIER,
    ES,
    EVER,
    KNOWN_TO,
    LEN,
    LS,
    MARK,
    NODE,
    PAID,
    PAID_SUM,
    RUN_FROM,
    RUN_TO,
    SEEN,
    SPANS_COUNT,
    STAMP,
    START,
    TOTAL,
    TOUCHED,
    TOUCHED_COUNT,
    WORK,
    WORK_SUM,
)
from roundplan.solve.lns.weeks import (
    attendance,
    continuity,
    day_of,
    evaluate,
    round_delta,
)


@kernel
def draft_node(m, k, i):
    """Put a placed node at position ``k`` of the draft, with its window."""
    d = m.draft
    d[D_NODE, k] = i
    if m.node[i, FIXED]:
        d[D_LOW, k] = m.node[i, START]
        d[D_HIGH, k] = m.node[i, START]
    else:
        d[D_LOW, k] = m.node[i, EARLY]
        d[D_HIGH, k] = m.node[i, LATE]


@kernel
def draft_with(m, r, i, pos, low, high):
    """Draft a round with node ``i`` at ``pos``; return its length."""
    n = m.span[r, LEN]
    for k in range(n):
        draft_node(m, k if k < pos else k + 1, m.stop[r, k, NODE])
    m.draft[D_NODE, pos] = i
    m.draft[D_LOW, pos] = low
    m.draft[D_HIGH, pos] = high
    return n + 1


@kernel
def draft_without_absent(m, r):
    """Draft a round without the nodes that have been marked absent."""
    n = 0
    for k in range(m.span[r, LEN]):
        i = m.stop[r, k, NODE]
        if m.node[i, AT] == r:
            draft_node(m, n, i)
            n += 1
    return n


@kernel
def attach(m, i, r):
    """Count a node for the client's continuity, and charge what its worker costs."""
    c, b, w, day = (
        m.node[i, CLIENT],
        m.node[i, BLOCK],
        m.span[r, WORKER],
        m.node[i, DAY],
    )
    m.par[TOTAL] += continuity(m, c, w, b, day) + attendance(m, i, w)
    if m.pair[c, w, SEEN + b] == 0:
        m.client[c, DISTINCT + b] += 1
    m.pair[c, w, SEEN + b] += 1
    m.pair[c, w, EVER] += 1
    if day <= m.pair[c, w, KNOWN_TO]:
        m.pair[c, w, EARLIER] += 1


@kernel
def detach(m, i, r):
    """Take back what `attach` did."""
    c, b, w, day = (
        m.node[i, CLIENT],
        m.node[i, BLOCK],
        m.span[r, WORKER],
        m.node[i, DAY],
    )
    m.pair[c, w, SEEN + b] -= 1
    m.pair[c, w, EVER] -= 1
    if m.pair[c, w, SEEN + b] == 0:
        m.client[c, DISTINCT + b] -= 1
    if day <= m.pair[c, w, KNOWN_TO]:
        m.pair[c, w, EARLIER] -= 1
    m.par[TOTAL] -= continuity(m, c, w, b, day) + attendance(m, i, w)


@kernel
def copy_round(m, to, r):
    """Copy a round to another row of ``span`` and ``stop``."""
    for k in range(RUN_FROM, RUN_TO):
        m.span[to, k] = m.span[r, k]
    for k in range(m.span[r, LEN]):
        for j in range(4):
            m.stop[to, k, j] = m.stop[r, k, j]


@kernel
def touch(m, r):
    """Save a round the first time that an iteration changes it."""
    if m.span[r, STAMP] != m.par[MARK]:
        m.span[r, STAMP] = m.par[MARK]
        m.lists[TOUCHED, m.par[TOUCHED_COUNT]] = r
        copy_round(m, m.par[SPANS_COUNT] + m.par[TOUCHED_COUNT], r)
        m.par[TOUCHED_COUNT] += 1


@kernel
def note_changed(m, v):
    """Remember a visit that the iteration may have moved."""
    if m.visit[v, CHANGED_AT] != m.par[MARK]:
        m.visit[v, CHANGED_AT] = m.par[MARK]
        m.lists[CHANGED, m.par[CHANGED_COUNT]] = v
        m.par[CHANGED_COUNT] += 1


@kernel
def put_round(m, r, n):
    """Make the evaluated draft the round of span ``r``.

    The caller attaches and detaches the nodes that come and go.
    """
    touch(m, r)
    d = m.draft
    m.par[TOTAL] += round_delta(m, r)
    w, k = m.span[r, WORKER], m.span[r, WEEK]
    m.week[w, k, PAID_SUM] += d[D_RESULT, PAID] - m.span[r, PAID]
    m.week[w, k, WORK_SUM] += d[D_RESULT, WORK] - m.span[r, WORK]
    for j in range(RUN_FROM, RUN_TO):
        m.span[r, j] = d[D_RESULT, j]
    for j in range(n):
        i = d[D_NODE, j]
        m.stop[r, j, NODE] = i
        m.stop[r, j, ES] = d[D_ES, j]
        m.stop[r, j, LS] = d[D_LS, j]
        m.stop[r, j, AS] = d[D_START, j]
        m.node[i, AT] = r
        m.node[i, START] = d[D_START, j]


@kernel
def place(m, i, r, pos, low, high):
    """Put a node into a round if every rule allows it; return whether it did."""
    n = draft_with(m, r, i, pos, low, high)
    if not evaluate(m, r, n):
        return False
    put_round(m, r, n)
    attach(m, i, r)
    note_changed(m, m.node[i, VISIT])
    return True


@kernel
def mark_absent(m, i):
    """Take a node out of the counters; its round is redone by `close_gaps`."""
    r = m.node[i, AT]
    touch(m, r)
    detach(m, i, r)
    m.node[i, AT] = -1
    note_changed(m, m.node[i, VISIT])


@kernel
def close_gaps(m):
    """Redo every touched round without the nodes that are absent.

    Where what is left breaks a rule the round is emptied, and where that does too,
    another round of the day takes a break, or all are emptied: an idle day breaks none.
    """
    # emptying touches further rounds, at the end of the list or before its middle
    again = True
    while again:
        again = False
        t = 0
        while t < m.par[TOUCHED_COUNT]:
            r = m.lists[TOUCHED, t]
            t += 1
            n = draft_without_absent(m, r)
            if n == m.span[r, LEN]:
                continue
            fits = evaluate(m, r, n)
            if not fits and n > 0:
                n = 0
                empty(m, r)
                fits = evaluate(m, r, n)
            put_round(m, r, n)
            if not fits and not mend_day(m, r):
                again = True


@kernel
def mend_day(m, r):
    """Have another round of a span's day take the break; return whether one could.

    Where none can, all of them are emptied.
    """
    first, last, _, _ = day_of(m, r, r)
    for q in range(first, last):
        if q != r and m.span[q, LEN] > 0:
            n = draft_without_absent(m, q)
            if n > 0 and evaluate(m, q, n):
                put_round(m, q, n)
                return True
    for q in range(first, last):
        empty(m, q)
    return False


@kernel
def empty(m, r):
    """Mark every node of a round absent."""
    for k in range(m.span[r, LEN]):
        i = m.stop[r, k, NODE]
        if m.node[i, AT] == r:
            mark_absent(m, i)


@kernel
def whole(m, v):
    """Return whether every node of a visit is placed."""
    first = m.visit[v, FIRST]
    for i in range(first, first + m.visit[v, HANDS]):
        if m.node[i, AT] < 0:
            return False
    return True


@kernel
def settle(m):
    """Take half-placed visits out, and bring the bank up to date with the changes."""
    halves = True
    while halves:
        halves = False
        for j in range(m.par[CHANGED_COUNT]):
            v = m.lists[CHANGED, j]
            if m.visit[v, HANDS] == 2 and not whole(m, v):
                first = m.visit[v, FIRST]
                for i in range(first, first + 2):
                    if m.node[i, AT] >= 0:
                        mark_absent(m, i)
                        halves = True
        if halves:
            close_gaps(m)
    for j in range(m.par[CHANGED_COUNT]):
        bank_visit(m, m.lists[CHANGED, j])


@kernel
def bank_visit(m, v):
    """Put a visit into the bank or take it out, as its nodes are, and charge for it."""
    absent = not whole(m, v)
    at = m.visit[v, BANK_AT]
    if absent and at < 0:
        m.visit[v, BANK_AT] = m.par[BANKED]
        m.lists[BANK, m.par[BANKED]] = v
        m.par[BANKED] += 1
        m.par[TOTAL] += m.visit[v, PENALTY]
    elif not absent and at >= 0:
        m.par[BANKED] -= 1
        other = m.lists[BANK, m.par[BANKED]]
        m.lists[BANK, at] = other
        m.visit[other, BANK_AT] = at
        m.visit[v, BANK_AT] = -1
        m.par[TOTAL] -= m.visit[v, PENALTY]


@kernel
def begin(m):
    """Start an iteration: nothing touched, nothing changed."""
    m.par[MARK] += 1
    m.par[TOUCHED_COUNT] = 0
    m.par[CHANGED_COUNT] = 0


@kernel
def undo(m):
    """Go back to the state at `begin`, touching only what changed since."""
    for t in range(m.par[TOUCHED_COUNT]):
        r = m.lists[TOUCHED, t]
        for k in range(m.span[r, LEN]):
            i = m.stop[r, k, NODE]
            if m.node[i, AT] == r:
                detach(m, i, r)
                m.node[i, AT] = -1
    for t in range(m.par[TOUCHED_COUNT]):
        r = m.lists[TOUCHED, t]
        old = m.par[SPANS_COUNT] + t
        for j in range(RUN_FROM, RUN_TO):
            m.draft[D_RESULT, j] = m.span[old, j]
        n = m.span[old, LEN]
        for k in range(n):
            m.draft[D_NODE, k] = m.stop[old, k, NODE]
            m.draft[D_ES, k] = m.stop[old, k, ES]
            m.draft[D_LS, k] = m.stop[old, k, LS]
            m.draft[D_START, k] = m.stop[old, k, AS]
        put_round(m, r, n)
        for k in range(n):
            attach(m, m.stop[r, k, NODE], r)
    for j in range(m.par[CHANGED_COUNT]):
        bank_visit(m, m.lists[CHANGED, j])
