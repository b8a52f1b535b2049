"""Putting an absent visit where it costs least.

What a node adds at a place in a round has a lower bound that needs no other round: the
legs, its own lateness, and that of what it pushes back in the round. The cheapest
places of a node in a span are kept until the span changes. They are tried for good in
the order of their bounds, until the next bound is no better than the best found.
"""

from __future__ import annotations

from roundplan.arrays.layout import NEVER, NO_WAY_S
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.sync.places import (
    join,
    legs_added,
    link_in,
    link_out,
    run_trial,
)
from roundplan.solve.sync.state import (
    AMOUNT,
    APART,
    AT,
    BACK,
    BACK_AMOUNT,
    BACK_SECONDS,
    BEGIN,
    BLINK_IN,
    C_AFTER,
    C_COST,
    C_FIT,
    C_TIME,
    CANDIDATES,
    DUE,
    DUR,
    EARLY,
    END,
    FAR,
    FIT_FROM,
    FIT_TO,
    FREE,
    FREE_VERSION,
    FREE_W,
    LATE,
    LAYER,
    LEG,
    LINK_FROM,
    LINK_TO,
    NEED,
    NEXT,
    O_AFTER,
    O_COST,
    O_NEXT,
    O_PRICE,
    O_VERSION,
    OTHER,
    OUT,
    P_COST,
    P_FIRST,
    P_SECOND,
    PLACE,
    PREV,
    ROOM,
    SECONDS,
    VERSION,
    W_LATE,
    WORKER,
    T,
)
from roundplan.solve.sync.times import take_over, tried_amount

SIDE = 4
"""Rows of ``pick`` for the candidates of one node of a pair."""


@kernel
def measure_room(m, r):
    """Work out how far each visit of a span and all after it can be pushed back."""
    span, node = m.span, m.node
    if span[r, FREE_VERSION] == span[r, VERSION]:
        return
    span[r, FREE_VERSION] = span[r, VERSION]
    q = span[r, END]
    free, weight, room = NEVER, 0, node[q, LATE] - node[q, T]
    node[q, FREE], node[q, FREE_W], node[q, ROOM] = free, weight, room
    begin = span[r, BEGIN]
    p = node[q, PREV]
    while p != begin:
        wait = node[q, T] - node[p, T] - node[p, NEED]
        free += wait
        room = min(room + wait, node[p, LATE] - node[p, T])
        if node[p, W_LATE] > 0 and node[p, DUE] - node[p, T] < free:
            free = max(0, node[p, DUE] - node[p, T])
            weight = node[p, W_LATE]
        node[p, FREE], node[p, FREE_W], node[p, ROOM] = free, weight, room
        q, p = p, node[p, PREV]


@kernel
def bound(m, i, p, low, most):
    """Return the least that node ``i`` adds after ``p``, and when it would start.

    Not before ``low``. FAR where it cannot stand there, or from ``most`` up.
    """
    node = m.node
    legs = m.leg[m.span[node[p, AT], LAYER], node[i, PLACE]]
    before, q = node[p, PLACE], node[p, NEXT]
    after = node[q, PLACE]
    if legs[before, BACK_SECONDS] >= NO_WAY_S or legs[after, SECONDS] >= NO_WAY_S:
        return FAR, 0
    start = max(low, node[p, T] + node[p, DUR] + legs[before, BACK_SECONDS])
    if start > node[i, LATE]:
        return FAR, start
    cost = legs[before, BACK_AMOUNT] + legs[after, AMOUNT] - node[p, LEG]
    if start > node[i, DUE]:
        cost += node[i, W_LATE] * (start - node[i, DUE])
    t = start + node[i, DUR] + legs[after, SECONDS]
    back = t - node[q, T] - node[q, FREE]
    if back <= 0:
        return cost, start
    if cost + back * node[q, FREE_W] >= most or back > node[q, ROOM] - node[q, FREE]:
        return FAR, start
    while t > node[q, T] and cost < most:
        if t > node[q, LATE]:
            return FAR, start
        if t > node[q, DUE]:
            cost += node[q, W_LATE] * (t - max(node[q, T], node[q, DUE]))
        t += node[q, NEED]
        q = node[q, NEXT]
        if q < 0:
            break
    return cost, start


@kernel
def too_late(m, i, p, most):
    """Return whether a node would start too late, or at too high a price, after ``p``.

    Wherever it stands after ``p``, its own lateness is at least that here.
    """
    node = m.node
    t = node[p, T] + node[p, DUR]
    if t > node[i, LATE]:
        return True
    return (t - node[i, DUE]) * node[i, W_LATE] >= most


@kernel
def look(m, i, f, low):
    """Find the two cheapest places of a node in a span, and keep them."""
    node, offer = m.node, m.offer
    r = m.fit[f]
    best = second = FAR
    after = -1
    price = offer[f, O_PRICE]
    measure_room(m, r)
    # backwards: the dear early places are then passed over at a glance
    p = node[m.span[r, END], PREV]
    while p >= 0:
        if not too_late(m, i, p, second):
            cost, _ = bound(m, i, p, low, second)
            if cost < best:
                best, second, after = cost, best, p
            elif cost < second:
                second = cost
        p = node[p, PREV]
    offer[f, O_COST] = best + price if best < FAR else FAR
    offer[f, O_NEXT] = second + price if second < FAR else FAR
    offer[f, O_AFTER] = after
    offer[f, O_VERSION] = m.span[r, VERSION]


@kernel
def blinks(m, blink):
    """Return whether to pass over a place, by chance: about one in ``blink``."""
    if blink == 0:
        return False
    m.par[BLINK_IN] -= 1
    if m.par[BLINK_IN] > 0:
        return False
    m.par[BLINK_IN] = 1 + below(m.par, 2 * blink)
    return True


@kernel
def low_start(m, i):
    """Return the earliest start of an absent node that its placed links allow."""
    low = m.node[i, EARLY]
    for k in range(m.node[i, LINK_FROM], m.node[i, LINK_TO]):
        o = m.link[k, OTHER]
        if m.node[o, AT] >= 0:
            low = max(low, m.node[o, T] + m.link[k, BACK])
    return low


@kernel
def kept_apart(m, i, w):
    """Return whether a worker makes a visit whose worker must not make this one."""
    for k in range(m.node[i, LINK_FROM], m.node[i, LINK_TO]):
        at = m.node[m.link[k, OTHER], AT]
        if m.link[k, APART] == 1 and at >= 0 and m.span[at, WORKER] == w:
            return True
    return False


@kernel
def try_one(m, i, p, price, limit):
    """Return what a node really adds after ``p``; FAR if ``limit`` or more."""
    cost = legs_added(m, i, p) + price
    if cost >= limit:
        return FAR
    needed = link_in(m, i, p)
    fine = run_trial(m, i, p, -1, -1, limit - cost)
    link_out(m, i, p, needed)
    if not fine:
        return FAR
    return cost + tried_amount(m)


@kernel
def insert_one(m, i, blink, limit):
    """Put a node where it costs least, if below ``limit``; return whether it did."""
    node, offer = m.node, m.offer
    low = low_start(m, i)
    first, last = node[i, FIT_FROM], node[i, FIT_TO]
    least, chosen = limit, -1
    for f in range(first, last):
        r = m.fit[f]
        if low > node[i, EARLY]:
            look(m, i, f, low)
            offer[f, O_VERSION] = -1
        elif offer[f, O_VERSION] != m.span[r, VERSION]:
            look(m, i, f, low)
        if offer[f, O_COST] < least:
            if kept_apart(m, i, m.span[r, WORKER]):
                continue
            least, chosen = offer[f, O_COST], f
    best, best_after, best_f = limit, -1, -1
    while chosen >= 0:
        f = chosen
        if not blinks(m, blink):
            price = offer[f, O_PRICE]
            known = offer[f, O_AFTER]
            cost = try_one(m, i, known, price, best)
            if cost < best:
                best, best_after, best_f = cost, known, f
            if offer[f, O_NEXT] < best:
                p, end = m.span[m.fit[f], BEGIN], m.span[m.fit[f], END]
                measure_room(m, m.fit[f])
                while p != end and not too_late(m, i, p, best):
                    if p != known:
                        cost, _ = bound(m, i, p, low, best)
                        if cost + price < best:
                            cost = try_one(m, i, p, price, best)
                            if cost < best:
                                best, best_after, best_f = cost, p, f
                    p = node[p, NEXT]
        # the next in order of bound, and of place in the list
        least, chosen = best, -1
        done = offer[f, O_COST]
        for g in range(first, last):
            cost = offer[g, O_COST]
            if cost < least and (cost > done or (cost == done and g > f)):
                if not kept_apart(m, i, m.span[m.fit[g], WORKER]):
                    least, chosen = cost, g
    if best_f < 0:
        return False
    join(m, i, best_after, offer[best_f, O_PRICE])
    run_trial(m, i, best_after, -1, -1, FAR)
    take_over(m)
    return True


@kernel
def gather(m, i, row, blink):
    """Keep the cheapest places of a node, best first; return how many.

    In rows ``row`` and up of ``pick``.
    """
    node, offer, pick = m.node, m.offer, m.pick
    low = low_start(m, i)
    found = 0
    for f in range(node[i, FIT_FROM], node[i, FIT_TO]):
        if blinks(m, blink):
            continue
        r = m.fit[f]
        if low == node[i, EARLY] and offer[f, O_VERSION] != m.span[r, VERSION]:
            look(m, i, f, low)
        if kept_apart(m, i, m.span[r, WORKER]):
            continue
        most = FAR
        if found == CANDIDATES:
            most = pick[row + C_COST, found - 1]
        # valid also where links make the node start later
        if offer[f, O_VERSION] == m.span[r, VERSION] and offer[f, O_COST] >= most:
            continue
        price = offer[f, O_PRICE]
        measure_room(m, r)
        p = node[m.span[r, END], PREV]
        while p >= 0:
            if too_late(m, i, p, most):
                p = node[p, PREV]
                continue
            cost, start = bound(m, i, p, low, most)
            cost += price
            if cost < most:
                if found < CANDIDATES:
                    found += 1
                k = found - 1
                while k > 0 and pick[row + C_COST, k - 1] > cost:
                    for c in range(row, row + SIDE):
                        pick[c, k] = pick[c, k - 1]
                    k -= 1
                pick[row + C_COST, k] = cost
                pick[row + C_AFTER, k] = p
                pick[row + C_TIME, k] = start
                pick[row + C_FIT, k] = f
                if found == CANDIDATES:
                    most = pick[row + C_COST, found - 1]
            p = node[p, PREV]
    return found


@kernel
def later(m, i, row, k, start):
    """Return the bound of a candidate that starts later than its round allows."""
    cost = m.pick[row + C_COST, k]
    if start > m.pick[row + C_TIME, k]:
        cost, _ = bound(m, i, m.pick[row + C_AFTER, k], start, FAR)
        cost += m.offer[m.pick[row + C_FIT, k], O_PRICE]
    return cost


@kernel
def link_between(m, a, b):
    """Return the row of the link from one node to another."""
    k = m.node[a, LINK_FROM]
    while m.link[k, OTHER] != b:
        k += 1
    return k


@kernel
def combine(m, a, b, most_a, most_b, limit):
    """List the combinations of candidates with their joint bounds below ``limit``."""
    pick = m.pick
    link = link_between(m, a, b)
    out, back = m.link[link, OUT], m.link[link, BACK]
    n = 0
    for x in range(most_a):
        if pick[C_COST, x] + pick[SIDE + C_COST, 0] >= limit:
            break
        for y in range(most_b):
            if pick[C_COST, x] + pick[SIDE + C_COST, y] >= limit:
                break
            r, s = m.fit[pick[C_FIT, x]], m.fit[pick[SIDE + C_FIT, y]]
            if m.span[r, WORKER] == m.span[s, WORKER]:
                continue
            start_a = max(pick[C_TIME, x], pick[SIDE + C_TIME, y] + back)
            start_b = max(pick[SIDE + C_TIME, y], start_a + out)
            cost = later(m, a, 0, x, start_a)
            if cost >= limit:
                continue
            cost += later(m, b, SIDE, y, start_b)
            if cost < limit:
                pick[P_COST, n], pick[P_FIRST, n], pick[P_SECOND, n] = cost, x, y
                n += 1
    return n


@kernel
def try_pair(m, a, p, b, s, prices, limit):
    """Return what two nodes really add after ``p`` and ``s``; FAR from ``limit`` up."""
    cost = legs_added(m, a, p) + legs_added(m, b, s) + prices
    if cost >= limit:
        return FAR
    needed = link_in(m, a, p)
    needed_b = link_in(m, b, s)
    fine = run_trial(m, a, p, b, s, limit - cost)
    link_out(m, b, s, needed_b)
    link_out(m, a, p, needed)
    if not fine:
        return FAR
    return cost + tried_amount(m)


@kernel
def insert_pair(m, a, b, blink, limit):
    """Put two linked nodes where together they cost least; return whether it did."""
    pick, offer = m.pick, m.offer
    most_a = gather(m, a, 0, blink)
    most_b = gather(m, b, SIDE, blink)
    if most_a == 0 or most_b == 0:
        return False
    n = combine(m, a, b, most_a, most_b, limit)
    best, best_p, best_s, best_f, best_g = limit, -1, -1, -1, -1
    while n > 0:
        least = 0
        for k in range(1, n):
            if pick[P_COST, k] < pick[P_COST, least]:
                least = k
        if pick[P_COST, least] >= best:
            break
        x, y = pick[P_FIRST, least], pick[P_SECOND, least]
        n -= 1
        for row in range(P_COST, P_SECOND + 1):
            pick[row, least] = pick[row, n]
        f, g = pick[C_FIT, x], pick[SIDE + C_FIT, y]
        p, s = pick[C_AFTER, x], pick[SIDE + C_AFTER, y]
        cost = try_pair(m, a, p, b, s, offer[f, O_PRICE] + offer[g, O_PRICE], best)
        if cost < best:
            best, best_p, best_s, best_f, best_g = cost, p, s, f, g
    if best_p < 0:
        return False
    join(m, a, best_p, offer[best_f, O_PRICE])
    join(m, b, best_s, offer[best_g, O_PRICE])
    run_trial(m, a, best_p, b, best_s, FAR)
    take_over(m)
    return True
