"""Taking visits out: strings of neighbours, a client's week, a worker's day.

Each function marks nodes absent; `roundplan.solve.lns.moves.close_gaps` follows.

References
----------
.. [1] Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for
   vehicle routing problems. *Transportation Science*, 54(2): 417-433.
"""

from __future__ import annotations

from roundplan.arrays.layout import (
    CLIENT,
    CLOSE,
    DUR,
    EARLY,
    FIRST,
    FIRST_SPAN,
    HANDS,
    LATE,
    MATE,
    OPEN,
    SPANS,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.lns.moves import empty, mark_absent
from roundplan.solve.lns.state import (
    AT,
    FIT_FROM,
    FIT_TO,
    LEN,
    MARK,
    MEAN_REMOVED,
    NODE,
    STAMP,
    START,
    TOUCHED_COUNT,
    VISITS_FROM,
    VISITS_OF,
    VISITS_TO,
)
from roundplan.solve.lns.weeks import in_use

(
    STRINGS,
    CLIENT_WORKER,
    TWO_ROUNDS,
    CLIENT_WEEK,
    MAKE_ROOM,
    WORKER_DAYS,
    VEHICLE,
) = range(7)
RUINS = (
    "strings",
    "client_worker",
    "two_rounds",
    "client_week",
    "make_room",
    "worker_days",
    "vehicle",
)

LONGEST_STRING = 10
MOST_REMOVED = 40
MATE_PERCENT = 60
"""How often the other worker of a double-handed visit is taken out with the first."""


@kernel
def remove(m, i):
    """Mark a node absent, and often its mate."""
    mark_absent(m, i)
    mate = m.node[i, MATE]
    if mate >= 0 and m.node[mate, AT] >= 0 and below(m.par, 100) < MATE_PERCENT:
        mark_absent(m, mate)


@kernel
def remove_string(m, r, pos, length):
    """Remove ``length`` visits in a row around a position.

    Half the time some in the middle are kept.
    """
    n = m.span[r, LEN]
    length = min(length, n)
    keep = 0
    if length > 1 and length < n and below(m.par, 2) == 0:
        keep = 1
        while length + keep < n and below(m.par, 2) == 0:
            keep += 1
    size = length + keep
    low = max(0, pos - size + 1)
    high = min(pos, n - size)
    begin = low + below(m.par, high - low + 1)
    kept_from = begin + 1 + below(m.par, length - 1) if keep > 0 else -1
    for k in range(begin, begin + size):
        if keep > 0 and kept_from <= k < kept_from + keep:
            continue
        i = m.stop[r, k, NODE]
        if m.node[i, AT] == r:
            remove(m, i)


@kernel
def position(m, r, i):
    """Return where a node stands in its round."""
    k = 0
    while m.stop[r, k, NODE] != i:
        k += 1
    return k


@kernel
def ruin_strings(m, v, which):
    """Remove strings through the visits nearest to ``v``, one a round."""
    longest = 1 + below(m.par, LONGEST_STRING)
    strings = 1 + below(m.par, max(1, 4 * m.par[MEAN_REMOVED] // (1 + longest)))
    done = 0
    for u in range(-1, m.near.shape[2]):
        visit = v if u < 0 else m.near[which, v, u]
        if visit < 0 or done == strings:
            break
        first = m.visit[visit, FIRST]
        i = first + below(m.par, m.visit[visit, HANDS])
        r = m.node[i, AT]
        if r < 0 or m.span[r, STAMP] == m.par[MARK]:
            continue
        remove_string(m, r, position(m, r, i), 1 + below(m.par, longest))
        done += 1


@kernel
def clear_time(m, r, low, high):
    """Remove the visits of a round that touch a stretch of time; return how many."""
    count = 0
    for k in range(m.span[r, LEN]):
        i = m.stop[r, k, NODE]
        if m.node[i, AT] != r:
            continue
        start = m.node[i, START]
        if start < high and start + m.node[i, DUR] > low:
            remove(m, i)
            count += 1
    return count


@kernel
def ruin_client_worker(m, v):
    """Make way for giving a client to one of its workers.

    Removes the visits that others make, and what that worker does at those times.
    """
    c = m.node[m.visit[v, FIRST], CLIENT]
    i = m.visit[v, FIRST]
    if m.node[i, AT] < 0:
        return
    w = m.span[m.node[i, AT], WORKER]
    removed = 0
    begin, end = m.client[c, VISITS_FROM], m.client[c, VISITS_TO]
    shift = below(m.par, end - begin)
    for j in range(end - begin):
        u = m.lists[VISITS_OF, begin + (j + shift) % (end - begin)]
        first = m.visit[u, FIRST]
        with_w = False
        for a in range(first, first + m.visit[u, HANDS]):
            if m.node[a, AT] >= 0 and m.span[m.node[a, AT], WORKER] == w:
                with_w = True
        if with_w:
            continue
        low, high = m.node[first, EARLY], m.node[first, LATE]
        for r in range(
            m.worker[w, FIRST_SPAN], m.worker[w, FIRST_SPAN] + m.worker[w, SPANS]
        ):
            if m.span[r, OPEN] > high or m.span[r, CLOSE] < low:
                continue
            a = first + below(m.par, m.visit[u, HANDS])
            if m.node[a, AT] >= 0:
                remove(m, a)
                removed += 1
            removed += clear_time(m, r, low, high + m.node[first, DUR])
        if removed >= MOST_REMOVED:
            break


@kernel
def ruin_two_rounds(m, v):
    """Empty the round of a visit and another that could hold the visit."""
    i = m.visit[v, FIRST]
    r = m.node[i, AT]
    if r >= 0:
        clear_time(m, r, m.span[r, OPEN], m.span[r, CLOSE])
    choice = m.node[i, FIT_TO] - m.node[i, FIT_FROM]
    if choice > 0:
        r = in_use(m, m.fit[m.node[i, FIT_FROM] + below(m.par, choice)])
        clear_time(m, r, m.span[r, OPEN], m.span[r, CLOSE])


@kernel
def ruin_client_week(m, v):
    """Remove all the visits of a client."""
    c = m.node[m.visit[v, FIRST], CLIENT]
    for j in range(m.client[c, VISITS_FROM], m.client[c, VISITS_TO]):
        u = m.lists[VISITS_OF, j]
        first = m.visit[u, FIRST]
        for a in range(first, first + m.visit[u, HANDS]):
            if m.node[a, AT] >= 0:
                mark_absent(m, a)


@kernel
def ruin_make_room(m, v):
    """Clear the time of an absent visit in one or two rounds that could hold it.

    Or empty one that could by another vehicle, and return its span by that; else -1.
    """
    for a in range(m.visit[v, FIRST], m.visit[v, FIRST] + m.visit[v, HANDS]):
        choice = m.node[a, FIT_TO] - m.node[a, FIT_FROM]
        if choice == 0:
            continue
        span = m.fit[m.node[a, FIT_FROM] + below(m.par, choice)]
        r = in_use(m, span)
        if r != span and m.par[TOUCHED_COUNT] == 0:
            empty(m, r)
            return span
        slack = 600 * below(m.par, 4)
        clear_time(
            m, r, m.node[a, EARLY] - slack, m.node[a, LATE] + m.node[a, DUR] + slack
        )
    return -1


@kernel
def ruin_worker_days(m, v):
    """Empty some of the rounds of a worker, a stretch of neighbouring spans."""
    i = m.visit[v, FIRST]
    if m.node[i, AT] < 0:
        return
    w = m.span[m.node[i, AT], WORKER]
    low, count = m.worker[w, FIRST_SPAN], m.worker[w, SPANS]
    begin = below(m.par, count)
    removed = 0
    for j in range(count):
        r = low + (begin + j) % count
        removed += clear_time(m, r, m.span[r, OPEN], m.span[r, CLOSE])
        if removed >= MOST_REMOVED // 2:
            break
