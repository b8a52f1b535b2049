"""Starts: the least that keep every leg and link, and how a move changes them.

A start is at least its window's, the start before plus what the leg needs, and the
start of each linked visit plus the least gap (or less the largest). The least starts
that keep all of this cost least, as only lateness has a price. Putting a visit in can
only raise starts, taking one out can only lower them (but for legs that are longer than
a detour); each touches what moves and nothing else.

References
----------
.. [1] Masson, R., Lehuede, F., Peton, O. (2013). Efficient feasibility testing for
   request insertion in the pickup and delivery problem with transfers. *Operations
   Research Letters*, 41(3): 211-215.
"""

from __future__ import annotations

from roundplan.arrays.layout import NO_WAY_S
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.sync.state import (
    AT,
    BACK,
    DUE,
    DUR,
    EARLY,
    FAR,
    LARGEST,
    LATE,
    LAYER,
    LEN,
    LINK_FROM,
    LINK_TO,
    LOOSE,
    LOOSE_AT,
    MARK,
    MAX_LATE,
    MOVED,
    MOVED_COUNT,
    NEED,
    NEXT,
    NODES,
    OLD_LEN,
    OLD_T,
    OLD_VERSION,
    OTHER,
    OUT,
    PLACE,
    PREV,
    QUEUE,
    QUEUED,
    RAISED,
    RESCAN,
    SAVED_AT,
    SAVED_COUNT,
    SECONDS,
    SPANS,
    SPANS_TOUCHED,
    STATE_COLUMNS,
    TAIL,
    TOTAL,
    TOUCHED,
    TOUCHED_AT,
    TOUCHED_COUNT,
    TRIAL,
    TRIED_AT,
    TRIED_COST,
    TRIED_MAX,
    TRIED_T,
    VERSION,
    VERSIONS,
    W_LATE,
    T,
)

RAISES = 6
"""A visit that is raised so often in one trial is taken for part of a circle."""


@kernel
def need_between(m, r, a, b):
    """Return the seconds from the start of one node of a span to that of the next."""
    node = m.node
    leg = m.leg[m.span[r, LAYER], node[a, PLACE], node[b, PLACE], SECONDS]
    if leg >= NO_WAY_S:
        return FAR
    return node[a, DUR] + leg


@kernel
def save(m, j):
    """Keep a node's state for undo, once in an iteration."""
    if m.node[j, SAVED_AT] != m.par[MARK]:
        m.node[j, SAVED_AT] = m.par[MARK]
        k = m.par[SAVED_COUNT]
        m.par[SAVED_COUNT] = k + 1
        m.undo[k, STATE_COLUMNS] = j
        for c in range(STATE_COLUMNS):
            m.undo[k, c] = m.node[j, c]


@kernel
def touch_span(m, r):
    """Give a span's content a new version."""
    if m.span[r, TOUCHED_AT] != m.par[MARK]:
        m.span[r, TOUCHED_AT] = m.par[MARK]
        m.span[r, OLD_VERSION] = m.span[r, VERSION]
        m.span[r, OLD_LEN] = m.span[r, LEN]
        m.lists[SPANS, m.par[SPANS_TOUCHED]] = r
        m.par[SPANS_TOUCHED] += 1
    m.par[VERSIONS] += 1
    m.span[r, VERSION] = m.par[VERSIONS]


@kernel
def late_amount(m, j, t):
    """Return what the lateness of a start costs, the largest apart."""
    late = t - m.node[j, DUE]
    if late <= 0:
        return 0
    return late * m.node[j, W_LATE]


# trials: starts in TRIED_T, those of the state untouched


@kernel
def begin_trial(m):
    """Start a trial: no node is moved yet."""
    m.par[TRIAL] += 1
    m.par[TAIL] = 0
    m.par[TOUCHED_COUNT] = 0
    m.par[TRIED_COST] = 0
    m.par[TRIED_MAX] = m.par[MAX_LATE]


@kernel
def raise_tried(m, j, t):
    """Raise the start of a node in the trial; return False where that cannot be."""
    node, par = m.node, m.par
    trial = par[TRIAL]
    known = node[j, TRIED_AT] == trial
    old = node[j, TRIED_T] if known else node[j, T]
    if t <= old:
        return True
    if t > node[j, LATE]:
        return False
    if not known:
        node[j, TRIED_AT] = trial
        node[j, RAISED] = RAISES
        m.lists[TOUCHED, par[TOUCHED_COUNT]] = j
        par[TOUCHED_COUNT] += 1
    node[j, TRIED_T] = t
    late = t - node[j, DUE]
    if late > 0:
        if late > par[TRIED_MAX]:
            par[TRIED_MAX] = late
        before = old - node[j, DUE]
        if before > 0:
            late -= before
        par[TRIED_COST] += late * node[j, W_LATE]
    if node[j, RAISED] <= 0:
        return False
    node[j, RAISED] -= 1
    if node[j, QUEUED] != trial:
        node[j, QUEUED] = trial
        m.lists[QUEUE, par[TAIL]] = j
        par[TAIL] += 1
    return True


@kernel
def tried_amount(m):
    """Return what the trial adds to the amounts of lateness."""
    par = m.par
    return par[TRIED_COST] + par[LARGEST] * (par[TRIED_MAX] - par[MAX_LATE])


@kernel
def bring_in(m, i, raises):
    """Bring a node into the trial, without a start.

    ``raises`` is how often its start may be raised, the first time included: once
    where it is the only cause of what moves, so that a second time means a circle.
    """
    node = m.node
    node[i, TRIED_AT] = m.par[TRIAL]
    node[i, TRIED_T] = -FAR
    node[i, RAISED] = raises
    m.lists[TOUCHED, m.par[TOUCHED_COUNT]] = i
    m.par[TOUCHED_COUNT] += 1


@kernel
def start_tried(m, i, p):
    """Give a node that is brought in after ``p`` its least start but for the trial."""
    node = m.node
    t = max(node[i, EARLY], node[p, T] + node[p, NEED])
    for k in range(node[i, LINK_FROM], node[i, LINK_TO]):
        o = m.link[k, OTHER]
        if node[o, AT] >= 0 and node[o, TRIED_AT] != m.par[TRIAL]:
            t = max(t, node[o, T] + m.link[k, BACK])
    return raise_tried(m, i, t)


@kernel
def compact(m, head):
    """Make room at the end of the queue; return its new head, -1 where it is full."""
    par = m.par
    if par[TAIL] + m.lists.shape[1] // 4 < m.lists.shape[1]:
        return head
    left = par[TAIL] - head
    if left > head:
        return -1
    for k in range(left):
        m.lists[QUEUE, k] = m.lists[QUEUE, head + k]
    par[TAIL] = left
    return 0


@kernel
def pass_on(m, limit):
    """Pass raised starts on until nothing moves.

    Returns False where a rule breaks or lateness adds ``limit`` or more.
    """
    node, par = m.node, m.par
    head = 0
    while head != par[TAIL]:
        if tried_amount(m) >= limit:
            return False
        j = m.lists[QUEUE, head]
        head += 1
        node[j, QUEUED] = 0
        t = node[j, TRIED_T]
        q = node[j, NEXT]
        if q >= 0 and not raise_tried(m, q, t + node[j, NEED]):
            return False
        for k in range(node[j, LINK_FROM], node[j, LINK_TO]):
            o = m.link[k, OTHER]
            if node[o, AT] >= 0 and not raise_tried(m, o, t + m.link[k, OUT]):
                return False
        head = compact(m, head)
        if head < 0:
            return False
    return tried_amount(m) < limit


@kernel
def take_over(m):
    """Make the trial's starts the state's."""
    node = m.node
    m.par[TOTAL] += tried_amount(m)
    m.par[MAX_LATE] = m.par[TRIED_MAX]
    for k in range(m.par[TOUCHED_COUNT]):
        j = m.lists[TOUCHED, k]
        save(m, j)
        node[j, T] = node[j, TRIED_T]
        touch_span(m, node[j, AT])


# lowering: what was held up by a visit that is taken out


@kernel
def begin_loosening(m):
    """Start to take nodes out: nothing has lost its support yet."""
    m.par[LOOSE] += 1
    m.par[MOVED_COUNT] = 0


@kernel
def loosen(m, j):
    """Note that a node may have lost what held its start up."""
    if m.node[j, LOOSE_AT] != m.par[LOOSE]:
        m.node[j, LOOSE_AT] = m.par[LOOSE]
        m.node[j, OLD_T] = m.node[j, T]
        m.lists[MOVED, m.par[MOVED_COUNT]] = j
        m.par[MOVED_COUNT] += 1


@kernel
def loosen_after(m, i, q):
    """Note what hangs on node ``i``: ``q``, the next in its round, and its links."""
    node = m.node
    t = node[i, T]
    if q >= 0 and node[q, T] == t + node[i, NEED]:
        loosen(m, q)
    for k in range(node[i, LINK_FROM], node[i, LINK_TO]):
        o = m.link[k, OTHER]
        if node[o, AT] >= 0 and node[o, T] == t + m.link[k, OUT]:
            loosen(m, o)


@kernel
def raise_loose(m, j, t):
    """Raise the start of a node of the state; return False where that cannot be."""
    node = m.node
    if t <= node[j, T]:
        return True
    if t > node[j, LATE]:
        return False
    loosen(m, j)
    save(m, j)
    node[j, T] = t
    if node[j, QUEUED] != m.par[TRIAL]:
        node[j, QUEUED] = m.par[TRIAL]
        m.lists[QUEUE, m.par[TAIL]] = j
        m.par[TAIL] += 1
    return True


@kernel
def held_up(m, j):
    """Return the least start of a node that what stays where it was allows."""
    node = m.node
    t = node[j, EARLY]
    p = node[j, PREV]
    if p >= 0 and node[p, LOOSE_AT] != m.par[LOOSE]:
        t = max(t, node[p, T] + node[p, NEED])
    for k in range(node[j, LINK_FROM], node[j, LINK_TO]):
        o = m.link[k, OTHER]
        if node[o, AT] >= 0 and node[o, LOOSE_AT] != m.par[LOOSE]:
            t = max(t, node[o, T] + m.link[k, BACK])
    return t


@kernel
def lower(m):
    """Bring what has lost its support down to what the rest holds up, and queue it.

    Nodes that hold each other up in a circle come down too, as their old starts count
    for nothing here.
    """
    node, par = m.node, m.par
    kept = 0
    for k in range(par[MOVED_COUNT]):
        if node[m.lists[MOVED, k], AT] >= 0:  # not taken out after it was loosened
            m.lists[MOVED, kept] = m.lists[MOVED, k]
            kept += 1
    par[MOVED_COUNT] = kept
    k = 0
    while k < par[MOVED_COUNT]:
        j = m.lists[MOVED, k]
        loosen_after(m, j, node[j, NEXT])
        k += 1
    par[TRIAL] += 1
    par[TAIL] = par[MOVED_COUNT]
    for k in range(par[MOVED_COUNT]):
        node[m.lists[MOVED, k], TRIED_T] = held_up(m, m.lists[MOVED, k])
    for k in range(par[MOVED_COUNT]):
        j = m.lists[MOVED, k]
        save(m, j)
        par[TOTAL] -= late_amount(m, j, node[j, T])
        if node[j, T] - node[j, DUE] == par[MAX_LATE]:
            par[RESCAN] = 1
        node[j, T] = node[j, TRIED_T]
        node[j, QUEUED] = par[TRIAL]
        m.lists[QUEUE, k] = j


@kernel
def raise_again(m):
    """Raise the starts of the queue, and all that follows, to the least that hold.

    Returns False where there are none.
    """
    node, par = m.node, m.par
    head = 0
    while head != par[TAIL]:
        j = m.lists[QUEUE, head]
        head += 1
        node[j, QUEUED] = 0
        t = node[j, T]
        if t > node[j, LATE]:
            return False
        q = node[j, NEXT]
        if q >= 0 and not raise_loose(m, q, t + node[j, NEED]):
            return False
        for k in range(node[j, LINK_FROM], node[j, LINK_TO]):
            o = m.link[k, OTHER]
            if node[o, AT] >= 0 and not raise_loose(m, o, t + m.link[k, OUT]):
                return False
        head = compact(m, head)
        if head < 0:
            return False
    return True


@kernel
def settle_starts(m):
    """Find the least starts again after nodes were taken out, and what they cost.

    Returns False where there are none, which only a leg longer than a detour can cause.
    """
    node, par = m.node, m.par
    lower(m)
    lowered = par[MOVED_COUNT]
    if not raise_again(m):
        return False
    for k in range(par[MOVED_COUNT]):
        j = m.lists[MOVED, k]
        if k >= lowered:
            par[TOTAL] -= late_amount(m, j, node[j, OLD_T])
        par[TOTAL] += late_amount(m, j, node[j, T])
        if node[j, T] != node[j, OLD_T]:
            touch_span(m, node[j, AT])
        if node[j, T] - node[j, DUE] > par[MAX_LATE]:
            par[RESCAN] = 1
    if par[RESCAN] == 1:
        par[RESCAN] = 0
        largest = 0
        for j in range(par[NODES]):
            if node[j, AT] >= 0:
                largest = max(largest, node[j, T] - node[j, DUE])
        par[TOTAL] += par[LARGEST] * (largest - par[MAX_LATE])
        par[MAX_LATE] = largest
    return True
