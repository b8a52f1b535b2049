"""Putting an absent visit where it costs least.

Every span in which a visit may be made is looked at: the price of its worker first,
then each position that passes the O(1) test of earliest and latest starts, with an
estimate of the cost that leaves the other starts where they are. The best few are then
worked out exactly.
"""

from __future__ import annotations

from roundplan.arrays.layout import (
    AFTER,
    APART,
    DUE,
    EARLY,
    FIRST,
    FIXED,
    HANDS,
    LATE,
    MAX_GAP,
    MIN_GAP,
    PENALTY,
    PREF,
    TIMED,
    UNKNOWN_PRICE,
    VISIT,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.lns.estimate import (
    FAR,
    best_position,
    estimate,
    guaranteed_part,
    remember,
)
from roundplan.solve.lns.moves import draft_with, place, put_with
from roundplan.solve.lns.state import (
    AT,
    FIRST_LINK,
    FIT_FROM,
    FIT_TO,
    LEN,
    MOMENTS,
    NEXT_LINK,
    P_COST,
    P_POS,
    P_SPAN,
    PROMISES,
    SEEN_COST,
    SEEN_PAID,
    SEEN_POS,
    SEEN_VERSION,
    START,
    T_COST,
    T_POS,
    T_PRICE,
    T_SPAN,
    VERSION,
)
from roundplan.solve.lns.weeks import evaluate, in_use, price_at, round_delta

KEEP = 5
"""How many candidates are worked out exactly."""

KEEP_EXACT = 2
"""The same where the estimate is exact, and only a rule can forbid the first."""

CHOSEN, TRIED = KEEP, KEEP + 2
"""Where in the rows P_* the best pair so far, and the one being tried, are kept."""

MINUTES_5 = 300


@kernel
def start_of(m, v):
    """Return when a visit starts, be it with one worker of two; -1 when absent."""
    first = m.visit[v, FIRST]
    for i in range(first, first + m.visit[v, HANDS]):
        if m.node[i, AT] >= 0:
            return m.node[i, START]
    return -1


@kernel
def window_of(m, v):
    """Return the window of a visit, narrowed by the placed visits it is linked to."""
    i = m.visit[v, FIRST]
    low, high = m.node[i, EARLY], m.node[i, LATE]
    if m.visit[v, AFTER] >= 0:
        start = start_of(m, m.visit[v, AFTER])
        if start >= 0:
            low = max(low, start + m.visit[v, MIN_GAP])
            high = min(high, start + m.visit[v, MAX_GAP])
    follower = m.visit[v, FIRST_LINK]
    while follower >= 0:
        start = start_of(m, follower)
        if start >= 0:
            low = max(low, start - m.visit[follower, MAX_GAP])
            high = min(high, start - m.visit[follower, MIN_GAP])
        follower = m.visit[follower, NEXT_LINK]
    return low, high


@kernel
def has_worker(m, v, w):
    """Return whether a worker is on a visit."""
    first = m.visit[v, FIRST]
    for i in range(first, first + m.visit[v, HANDS]):
        if m.node[i, AT] >= 0 and m.span[m.node[i, AT], WORKER] == w:
            return True
    return False


@kernel
def kept_apart(m, v, w):
    """Return whether a worker makes a visit whose workers must not make this one."""
    if m.visit[v, APART] == 1 and has_worker(m, m.visit[v, AFTER], w):
        return True
    follower = m.visit[v, FIRST_LINK]
    while follower >= 0:
        if m.visit[follower, APART] == 1 and has_worker(m, follower, w):
            return True
        follower = m.visit[follower, NEXT_LINK]
    return False


@kernel
def find_candidates(m, i, low, high, not_worker, blink, one_each):
    """Keep the best KEEP positions of a node in the draft's rows T_*, best first.

    Returns how many there are. ``not_worker`` is left out. About one span in ``blink``
    is passed over by chance (0: none). ``one_each`` keeps only the best position of
    each worker, as two of them are wanted. Otherwise a worker whose price alone is
    above the best estimate is not looked at.
    """
    d = m.draft
    linked = m.node[i, FIXED] != 0
    own_window = low == m.node[i, EARLY] and high == m.node[i, LATE]
    keep = KEEP if one_each or m.par[TIMED] else KEEP_EXACT
    found = 0
    # one draw tells how many spans to look at before the next is passed over
    until_blink = below(m.par, 2 * blink) if blink > 0 else -1
    for f in range(m.node[i, FIT_FROM], m.node[i, FIT_TO]):
        if until_blink == 0:
            until_blink = below(m.par, 2 * blink)
            continue
        until_blink -= 1
        r = m.fit[f]
        known = m.seen[f, SEEN_VERSION] == m.span[r, VERSION]
        if known and m.seen[f, SEEN_COST] >= FAR:
            continue
        if in_use(m, r) != r:
            continue
        w = m.span[r, WORKER]
        if w == not_worker:
            continue
        # a look at a worker's price is a cache miss: not where it cannot matter
        if known and own_window and found == keep:
            least = m.seen[f, SEEN_COST] - m.par[UNKNOWN_PRICE]
            if m.par[PROMISES]:
                least -= guaranteed_part(m, r, m.seen[f, SEEN_PAID])
            if least >= d[T_COST, keep - 1]:
                continue
        if linked and kept_apart(m, m.node[i, VISIT], w):
            continue
        price = price_at(m, i, w)
        if found > 0 and price >= d[T_COST, 0 if not one_each else found - 1]:
            if not one_each or found == keep:
                continue
        if not known:
            remember(m, f, r, i)
            if m.seen[f, SEEN_COST] >= FAR:
                continue
        if own_window:
            best = m.seen[f, SEEN_COST] + 0
            paid = m.seen[f, SEEN_PAID] + 0
            best_k = m.seen[f, SEEN_POS] + 0
        else:
            best, paid, best_k = best_position(m, r, i, low, high)
        if best >= FAR:
            continue
        best += price
        if m.par[PROMISES]:
            best -= guaranteed_part(m, r, paid)
        if found == keep and best >= d[T_COST, keep - 1]:
            continue
        at = found
        if one_each:
            at = 0
            while at < found and m.span[d[T_SPAN, at], WORKER] != w:
                at += 1
            if at < found and d[T_COST, at] <= best:
                continue
        if at == found:
            if found < keep:
                found += 1
            else:
                at = keep - 1
        while at > 0 and d[T_COST, at - 1] > best:
            for row in range(T_COST, T_PRICE + 1):
                d[row, at] = d[row, at - 1]
            at -= 1
        d[T_COST, at] = best
        d[T_SPAN, at] = r
        d[T_POS, at] = best_k
        d[T_PRICE, at] = price
    return found


@kernel
def regret(m, v):
    """Return what the second best worker of a visit would cost more than the best.

    By estimate, and at most the price of leaving the visit out: with fewer than two
    workers to choose from that is what there is to lose.
    """
    i = m.visit[v, FIRST]
    low, high = window_of(m, v)
    found = 0
    if low <= high:
        found = find_candidates(m, i, low, high, -1, 0, True)
    if found < 2:
        return m.visit[v, PENALTY]
    return min(m.visit[v, PENALTY], m.draft[T_COST, 1] - m.draft[T_COST, 0])


@kernel
def work_out(m, i, low, high, not_worker, blink, one_each):
    """Put what the best candidates of a node really add into the draft's rows P_*.

    FAR where a rule forbids it. Returns how many there are, the cheapest or -1, and the
    one that is drafted. Without ``one_each`` those that cannot become the cheapest are
    left at FAR.
    """
    d = m.draft
    found = find_candidates(m, i, low, high, not_worker, blink, one_each)
    best, drafted = -1, -1
    for j in range(found):
        r = d[T_SPAN, j]
        d[P_COST, j], d[P_SPAN, j], d[P_POS, j] = FAR, r, d[T_POS, j]
        if one_each or best < 0 or d[T_COST, j] < d[P_COST, best]:
            n = draft_with(m, r, i, d[T_POS, j], low, high)
            drafted = j
            if evaluate(m, r, n):
                d[P_COST, j] = round_delta(m, r) + d[T_PRICE, j]
                if best < 0 or d[P_COST, j] < d[P_COST, best]:
                    best = j
    return found, best, drafted


@kernel
def insert_node(m, i, low, high, not_worker, blink, most):
    """Put a node where it costs least, if less than ``most``; return whether it did."""
    if low > high:
        return False
    found, best, drafted = work_out(m, i, low, high, not_worker, blink, False)
    if best >= 0:
        if m.draft[P_COST, best] >= most:
            return False
        r = m.draft[P_SPAN, best] + 0
        if best == drafted:
            put_with(m, i, r, m.span[r, LEN] + 1)
            return True
        return place(m, i, r, m.draft[P_POS, best], low, high)
    if found == 0:
        return False
    # the few best on paper all break a rule about their worker: look at each span
    for f in range(m.node[i, FIT_FROM], m.node[i, FIT_TO]):
        r = m.fit[f]
        n = m.span[r, LEN]
        w = m.span[r, WORKER]
        if w == not_worker or n == m.stop.shape[1] or in_use(m, r) != r:
            continue
        if kept_apart(m, m.node[i, VISIT], w):
            continue
        for k in range(n + 1):
            cost, _ = estimate(m, r, i, k, low, high)
            if cost < most:
                if place(m, i, r, k, low, high):
                    return True
    return False


@kernel
def keep_pick(d, j, to):
    """Keep a candidate of the rows P_* while others are worked out."""
    for row in range(P_COST, P_POS + 1):
        d[row, to] = d[row, j]


@kernel
def insert_pair(m, v, low, high, blink, most):
    """Place both nodes of a double-handed visit at one moment; return whether it did.

    Not where both together cost ``most`` or more.

    Some moments of the window are tried: the preferred one, its ends, and random ones.
    At each the best few workers are worked out exactly, and two of them chosen. Where
    one worker is pinned, the second node's are looked at apart.
    """
    if low > high:
        return False
    d = m.draft
    a = m.visit[v, FIRST]
    shared = m.node[a, FIT_FROM] == m.node[a + 1, FIT_FROM]
    best = most
    best_start = -1
    for t in range(m.par[MOMENTS]):
        if t == 0 and m.node[a, PREF] >= 0:
            start = max(low, min(high, m.node[a, PREF]))
        elif t == 1:
            start = low
        elif t == 2:
            start = max(low, min(high, m.node[a, DUE]))
        else:
            start = low + below(m.par, (high - low) // MINUTES_5 + 1) * MINUTES_5
        worker = -1
        total = 0
        found = 0
        j = -1
        for hand in range(2):
            if hand == 0 or not shared:
                found, j, _ = work_out(m, a + hand, start, start, worker, blink, True)
            else:
                d[P_COST, j] = FAR
                for other in range(found):
                    if d[P_COST, other] < d[P_COST, j]:
                        j = other
            if j < 0 or d[P_COST, j] >= FAR:
                total = FAR
                break
            total += d[P_COST, j]
            worker = m.span[d[P_SPAN, j], WORKER]
            keep_pick(d, j, TRIED + hand)
        if total < best:
            best, best_start = total, start
            keep_pick(d, TRIED, CHOSEN)
            keep_pick(d, TRIED + 1, CHOSEN + 1)
    if best_start < 0:
        return False
    for hand in range(2):
        at = CHOSEN + hand
        if not place(m, a + hand, d[P_SPAN, at], d[P_POS, at], best_start, best_start):
            return False
    return True


@kernel
def insert_visit(m, v, blink, at_any_price):
    """Place a visit with what is missing of its nodes; return whether it is whole.

    Unless ``at_any_price``, not where it costs more than leaving it out.
    """
    i = m.visit[v, FIRST]
    low, high = window_of(m, v)
    not_worker = -1
    most = FAR if at_any_price else m.visit[v, PENALTY]
    if m.visit[v, HANDS] == 2:
        if m.node[i, AT] < 0 and m.node[i + 1, AT] < 0:
            return insert_pair(m, v, low, high, blink, most)
        # one worker is there already: the other joins at the same moment
        there = i + 1 if m.node[i, AT] < 0 else i
        i = i + 1 if there == i else i
        low = high = m.node[there, START]
        not_worker = m.span[m.node[there, AT], WORKER]
    return insert_node(m, i, low, high, not_worker, blink, most)
