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
    BLOCK,
    BUFFER,
    CLIENT,
    CLOSE,
    DAY,
    DUE,
    DUR,
    EARLY,
    FIRST,
    FROM,
    FROM_HOME,
    GAP_MAX,
    HANDS,
    HOME_PRICE,
    LATE,
    LAYER,
    MAX_GAP,
    MIN_GAP,
    NO_WAY_S,
    OPEN,
    PENALTY,
    PLACE,
    PREF,
    PROMISED,
    RATE,
    TIMED,
    TO,
    TO_HOME,
    VISIT,
    W_LATE,
    W_PREF,
    WEEK,
    WEEK_RATE,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.lns.moves import draft_with, place
from roundplan.solve.lns.rounds import need_of
from roundplan.solve.lns.state import (
    AMOUNT,
    AS,
    AT,
    ES,
    FIRST_LINK,
    FIT_FROM,
    FIT_TO,
    LEN,
    LS,
    MOMENTS,
    NEXT_LINK,
    NODE,
    P_COST,
    P_POS,
    P_SPAN,
    PAID_SUM,
    PRICE,
    SECONDS,
    START,
    T_COST,
    T_POS,
    T_PRICE,
    T_SPAN,
)
from roundplan.solve.lns.weeks import continuity, evaluate, round_delta

FAR = 1 << 60
"""An amount above any cost."""

KEEP = 5
"""How many candidates are worked out exactly."""

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
def end_leg(m, r, end, is_home, here):
    """Return amount and paid seconds of a leg between a round's end and a place.

    FAR for the amount where there is no way.
    """
    layer = m.span[r, LAYER]
    a, b = m.span[r, end], here
    if end == TO:
        a, b = b, a
    leg = m.leg[layer, a, b, SECONDS]
    if leg == NO_WAY_S:
        return FAR, 0
    if m.span[r, is_home]:
        return leg * m.par[HOME_PRICE], 0
    return m.leg[layer, a, b, AMOUNT] + 0, leg + 0


@kernel
def estimate(m, r, i, k, low, high):
    """Return about what node ``i`` adds at position ``k`` of a round.

    FAR if it cannot stand there. Exact where moments have no price.
    """
    layer = m.span[r, LAYER]
    dur = m.node[i, DUR]
    here = m.node[i, PLACE]
    n = m.span[r, LEN]
    buffer = m.par[BUFFER]
    gap_max = m.par[GAP_MAX]
    amount = 0
    paid = dur
    # the earliest start, and the start right after the visit before as it is
    earliest = m.span[r, OPEN]
    arrive = low
    before = 0
    if k > 0:
        j = m.stop[r, k - 1, NODE]
        before = m.node[j, PLACE]
        leg = m.leg[layer, before, here, SECONDS]
        need = m.node[j, DUR] + need_of(leg, buffer)
        earliest = m.stop[r, k - 1, ES] + need
        arrive = m.stop[r, k - 1, AS] + need
        amount += m.leg[layer, before, here, AMOUNT]
        paid += leg
    elif m.span[r, FROM] >= 0:
        price, leg = end_leg(m, r, FROM, FROM_HOME, here)
        amount += price
        paid += leg
        earliest += need_of(leg, buffer)
    earliest = max(earliest, low)
    if earliest > high or amount >= FAR:
        return FAR
    latest = m.span[r, CLOSE] - dur
    depart = high
    after = 0
    if k < n:
        after = m.node[m.stop[r, k, NODE], PLACE]
        leg = m.leg[layer, here, after, SECONDS]
        need = dur + need_of(leg, buffer)
        latest = m.stop[r, k, LS] - need
        depart = m.stop[r, k, AS] - need
        amount += m.leg[layer, here, after, AMOUNT]
        paid += leg
    elif m.span[r, TO] >= 0:
        price, leg = end_leg(m, r, TO, TO_HOME, here)
        amount += price
        paid += leg
        latest -= need_of(leg, buffer)
    if earliest > latest or amount >= FAR:
        return FAR
    # what the leg that is replaced costs
    if k > 0 and k < n:
        leg = m.leg[layer, before, after, SECONDS]
        amount -= m.leg[layer, before, after, AMOUNT]
        paid -= leg
        gap = m.stop[r, k, AS] - m.stop[r, k - 1, AS] - leg
        gap -= m.node[m.stop[r, k - 1, NODE], DUR]
        if gap <= gap_max:
            paid -= gap
    elif k < n and m.span[r, FROM] >= 0:
        price, leg = end_leg(m, r, FROM, FROM_HOME, after)
        amount -= price
        paid -= leg
    elif k > 0 and m.span[r, TO] >= 0:
        price, leg = end_leg(m, r, TO, TO_HOME, before)
        amount -= price
        paid -= leg
    if m.par[TIMED] == 0:
        return amount
    # the moment: as near to the preferred one as the neighbours allow
    weight = m.node[i, W_PREF]
    first = max(earliest, arrive)
    last = min(high, min(latest, depart))
    if first <= last:
        start = last if k == 0 and n > 0 else first
        if weight > 0:
            start = max(first, min(last, m.node[i, PREF]))
        if k > 0 and start - arrive <= gap_max:
            paid += start - arrive
        if k < n and depart - start <= gap_max:
            paid += depart - start
    else:
        # the neighbours have to give way by as much
        start = min(first, latest)
        if k > 0 and k < n:
            paid += first - last
        amount += (first - last) * weight
    if weight > 0:
        amount += weight * abs(start - m.node[i, PREF])
    if start > m.node[i, DUE]:
        amount += m.node[i, W_LATE] * (start - m.node[i, DUE])
    amount += paid * m.span[r, RATE]
    if paid > 0:
        w, week = m.span[r, WORKER], m.span[r, WEEK]
        short = m.week[w, week, PROMISED] - m.week[w, week, PAID_SUM]
        if short > 0:
            amount -= min(short, paid) * m.week[w, week, WEEK_RATE]
    return amount


@kernel
def find_candidates(m, i, low, high, not_worker, blink, one_each):
    """Keep the best KEEP positions of a node in the draft's rows T_*, best first.

    Returns how many there are. ``not_worker`` is left out. About one span in ``blink``
    is passed over by chance (0: none). ``one_each`` keeps only the best position of
    each worker, as two of them are wanted. Otherwise a worker whose price alone is
    above the best estimate is not looked at.
    """
    d = m.draft
    c, b, day, dur = m.node[i, CLIENT], m.node[i, BLOCK], m.node[i, DAY], m.node[i, DUR]
    found = 0
    # one draw tells how many spans to look at before the next is passed over
    until_blink = below(m.par, 2 * blink) if blink > 0 else -1
    for f in range(m.node[i, FIT_FROM], m.node[i, FIT_TO]):
        if until_blink == 0:
            until_blink = below(m.par, 2 * blink)
            continue
        until_blink -= 1
        r = m.fit[f]
        w = m.span[r, WORKER]
        if w == not_worker or kept_apart(m, m.node[i, VISIT], w):
            continue
        price = continuity(m, c, w, b, day) + m.pair[c, w, PRICE]
        if found > 0 and price >= d[T_COST, 0 if not one_each else found - 1]:
            if not one_each or found == KEEP:
                continue
        if m.span[r, OPEN] > high or m.span[r, CLOSE] < low + dur:
            continue
        n = m.span[r, LEN]
        if n == m.stop.shape[1]:
            continue
        best = FAR
        best_k = -1
        for k in range(n + 1):
            if k > 0 and m.stop[r, k - 1, ES] >= high:
                break
            if k < n and m.stop[r, k, LS] < low + dur:
                continue
            cost = estimate(m, r, i, k, low, high)
            if cost < best:
                best, best_k = cost, k
        if best_k < 0:
            continue
        best += price
        at = found
        if one_each:
            j = 0
            while j < found and m.span[d[T_SPAN, j], WORKER] != w:
                j += 1
            at = j
        if at == found:
            if found < KEEP:
                found += 1
            elif best < d[T_COST, KEEP - 1]:
                at = KEEP - 1
            else:
                continue
        elif d[T_COST, at] <= best:
            continue
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
def work_out(m, i, low, high, not_worker, blink, one_each):
    """Put what the best candidates of a node really add into the draft's rows P_*.

    FAR where a rule forbids it. Returns how many there are, and the cheapest or -1.
    Without ``one_each`` those that cannot become the cheapest are left at FAR.
    """
    d = m.draft
    found = find_candidates(m, i, low, high, not_worker, blink, one_each)
    best = -1
    for j in range(found):
        r = d[T_SPAN, j]
        d[P_COST, j], d[P_SPAN, j], d[P_POS, j] = FAR, r, d[T_POS, j]
        if one_each or best < 0 or d[T_COST, j] < d[P_COST, best]:
            n = draft_with(m, r, i, d[T_POS, j], low, high)
            if evaluate(m, r, n):
                d[P_COST, j] = round_delta(m, r) + d[T_PRICE, j]
                if best < 0 or d[P_COST, j] < d[P_COST, best]:
                    best = j
    return found, best


@kernel
def insert_node(m, i, low, high, not_worker, blink, most):
    """Put a node where it costs least, if less than ``most``; return whether it did."""
    if low > high:
        return False
    found, best = work_out(m, i, low, high, not_worker, blink, False)
    if best >= 0:
        if m.draft[P_COST, best] >= most:
            return False
        return place(m, i, m.draft[P_SPAN, best], m.draft[P_POS, best], low, high)
    if found == 0:
        return False
    # the few best on paper all break a rule about their worker: look at each span
    for f in range(m.node[i, FIT_FROM], m.node[i, FIT_TO]):
        r = m.fit[f]
        n = m.span[r, LEN]
        w = m.span[r, WORKER]
        if w == not_worker or n == m.stop.shape[1]:
            continue
        if kept_apart(m, m.node[i, VISIT], w):
            continue
        for k in range(n + 1):
            if estimate(m, r, i, k, low, high) < most:
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
                found, j = work_out(m, a + hand, start, start, worker, blink, True)
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
