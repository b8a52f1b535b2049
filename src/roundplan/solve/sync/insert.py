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
    BLINK_IN,
    C_COST,
    C_FIT,
    C_STOP,
    C_TIME,
    CANDIDATES,
    DUE,
    DUR,
    EARLY,
    END,
    FAR,
    FIT_FROM,
    FIT_TO,
    LATE,
    LAYER,
    LEG,
    LEN,
    LINK_FROM,
    LINK_TO,
    NEED,
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
    S_ALL_SLACK,
    S_ALL_W,
    S_END,
    S_FREE,
    S_LEG,
    S_NODE,
    S_PLACE,
    S_ROOM,
    S_SLACK,
    S_T,
    S_W,
    S_WAIT,
    S_WEIGHT,
    SECONDS,
    STOPS,
    STOPS_VERSION,
    UNKNOWN,
    VERSION,
    W_LATE,
    WORKER,
    T,
)
from roundplan.solve.sync.times import take_over, tried_amount

SIDE = 4
"""Rows of ``pick`` for the candidates of one node of a pair."""


@kernel
def list_stops(m, r):
    """List a round in order, with how far each visit and all after it can be moved."""
    span, node, stop = m.span, m.node, m.stop[r]
    if span[r, STOPS_VERSION] == span[r, VERSION]:
        return
    span[r, STOPS_VERSION] = span[r, VERSION]
    n = span[r, LEN] + 2
    span[r, STOPS] = n
    j, after = span[r, END], -1
    free, weight, room, start = NEVER, 0, NEVER, 0
    all_w = all_slack = 0
    for k in range(n - 1, -1, -1):
        t = node[j, T]
        wait = 0
        if after >= 0:
            wait = start - t - node[j, NEED]
            free += wait
            room += wait
            all_slack += wait * all_w
        own, w = max(0, node[j, DUE] - t), node[j, W_LATE]
        if w > 0 and own <= free:
            weight = w + (weight if own == free else 0)
            free = own
        all_w += w
        all_slack += w * own
        room = min(room, node[j, LATE] - t)
        stop[k, S_NODE] = j
        stop[k, S_END] = t + node[j, DUR]
        stop[k, S_PLACE] = node[j, PLACE]
        stop[k, S_LEG] = node[j, LEG]
        stop[k, S_T] = t
        stop[k, S_FREE], stop[k, S_WEIGHT], stop[k, S_ROOM] = free, weight, room
        stop[k, S_SLACK], stop[k, S_W], stop[k, S_WAIT] = own, w, wait
        stop[k, S_ALL_W], stop[k, S_ALL_SLACK] = all_w, all_slack
        after, start = j, t
        j = node[j, PREV]


@kernel
def pushed(m, r, k, back, cost, most):
    """Return a cost with what it costs to push back stop ``k``, and all after it.

    Within its round, and no further than ``most``.
    """
    stop = m.stop[r]
    while back > 0 and cost < most:
        if back > stop[k, S_SLACK]:
            cost += stop[k, S_W] * (back - stop[k, S_SLACK])
        back -= stop[k, S_WAIT]
        k += 1
        if k == m.span[r, STOPS]:
            break
    return cost


@kernel
def bound(m, i, r, k, low, most):
    """Return the least that node ``i`` adds after stop ``k``, and when it would start.

    Not before ``low``. FAR where it cannot stand there, or from ``most`` up. The stops
    of the span must be listed.
    """
    node, stop = m.node, m.stop[r]
    legs = m.leg[m.span[r, LAYER], node[i, PLACE]]
    before, after = stop[k, S_PLACE], stop[k + 1, S_PLACE]
    if legs[before, BACK_SECONDS] >= NO_WAY_S or legs[after, SECONDS] >= NO_WAY_S:
        return FAR, 0
    start = max(low, stop[k, S_END] + legs[before, BACK_SECONDS])
    cost = legs[before, BACK_AMOUNT] + legs[after, AMOUNT] - stop[k, S_LEG]
    if start > node[i, DUE]:
        cost += node[i, W_LATE] * (start - node[i, DUE])
    t = start + node[i, DUR] + legs[after, SECONDS]
    back = t - stop[k + 1, S_T]
    if back > stop[k + 1, S_ROOM] or start > node[i, LATE]:
        return FAR, start
    beyond = back - stop[k + 1, S_FREE]
    if beyond <= 0:
        return cost, start
    if cost + beyond * stop[k + 1, S_WEIGHT] >= most:
        return FAR, start
    # lateness is convex in the push: no less than as if all of it were late
    if cost + back * stop[k + 1, S_ALL_W] - stop[k + 1, S_ALL_SLACK] >= most:
        return FAR, start
    return pushed(m, r, k + 1, back, cost, most), start


@kernel
def last_place(m, i, r, most):
    """Return the last stop after which a node may stand at less than ``most``.

    Its own lateness alone is that much after any later stop.
    """
    node, stop = m.node, m.stop[r]
    due, latest, w = node[i, DUE], node[i, LATE], node[i, W_LATE]
    k = m.span[r, STOPS] - 2
    while k > 0 and (stop[k, S_END] > latest or (stop[k, S_END] - due) * w >= most):
        k -= 1
    return k


@kernel
def look(m, i, f, low, cap):
    """Find the two cheapest places of a node in a span below ``cap``, and keep them."""
    offer = m.offer
    r = m.fit[f]
    price = offer[f, O_PRICE]
    best = second = cap - price
    at = -1
    list_stops(m, r)
    # backwards: the dear early places are then passed over at a glance
    for k in range(last_place(m, i, r, second), -1, -1):
        cost, _ = bound(m, i, r, k, low, second)
        if cost < best:
            best, second, at = cost, best, k
        elif cost < second:
            second = cost
    offer[f, O_COST] = best + price
    offer[f, O_NEXT] = second + price
    offer[f, O_AFTER] = m.stop[r, at, S_NODE] if at >= 0 else UNKNOWN
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
        if kept_apart(m, i, m.span[r, WORKER]):
            offer[f, O_VERSION] = -1
            offer[f, O_COST] = FAR
            continue
        if low > node[i, EARLY] or offer[f, O_VERSION] != m.span[r, VERSION]:
            look(m, i, f, low, min(limit, least + least // 2))
            if low > node[i, EARLY]:
                offer[f, O_VERSION] = -1
        if offer[f, O_COST] < least:
            least, chosen = offer[f, O_COST], f
    best, best_after, best_f = limit, -1, -1
    while chosen >= 0:
        f = chosen
        done = offer[f, O_COST]
        if offer[f, O_AFTER] == UNKNOWN:
            version = offer[f, O_VERSION]
            look(m, i, f, low, best)
            offer[f, O_VERSION] = version
        known = offer[f, O_AFTER]
        if known != UNKNOWN and not blinks(m, blink):
            price = offer[f, O_PRICE]
            cost = try_one(m, i, known, price, best)
            if cost < best:
                best, best_after, best_f = cost, known, f
            if offer[f, O_NEXT] < best:
                r = m.fit[f]
                list_stops(m, r)
                for k in range(last_place(m, i, r, best), -1, -1):
                    p = m.stop[r, k, S_NODE]
                    if p == known:
                        continue
                    cost, _ = bound(m, i, r, k, low, best)
                    if cost + price < best:
                        cost = try_one(m, i, p, price, best)
                        if cost < best:
                            best, best_after, best_f = cost, p, f
        # the next in order of bound, and of place in the list
        least, chosen = best, -1
        for g in range(first, last):
            cost = offer[g, O_COST]
            if cost < least and g != f and (cost > done or (cost == done and g > f)):
                least, chosen = cost, g
    if best_f < 0:
        return False
    join(m, i, best_after, offer[best_f, O_PRICE])
    run_trial(m, i, best_after, -1, -1, FAR)
    take_over(m)
    return True


@kernel
def gather(m, i, row, blink, limit):
    """Keep the cheapest places of a node, best first; return how many.

    In rows ``row`` and up of ``pick``, below ``limit``.
    """
    node, offer, pick = m.node, m.offer, m.pick
    low = low_start(m, i)
    found = 0
    for f in range(node[i, FIT_FROM], node[i, FIT_TO]):
        if blinks(m, blink):
            continue
        r = m.fit[f]
        if kept_apart(m, i, m.span[r, WORKER]):
            continue
        most = limit
        if found == CANDIDATES:
            most = pick[row + C_COST, found - 1]
        # valid also where links make the node start later
        if offer[f, O_VERSION] == m.span[r, VERSION] and offer[f, O_COST] >= most:
            continue
        price = offer[f, O_PRICE]
        list_stops(m, r)
        seen = FAR
        for stop in range(last_place(m, i, r, most), -1, -1):
            cost, start = bound(m, i, r, stop, low, most - price)
            cost += price
            if cost >= most:
                continue
            seen = min(seen, cost)
            found = min(found + 1, CANDIDATES)
            k = found - 1
            while k > 0 and pick[row + C_COST, k - 1] > cost:
                for c in range(row, row + SIDE):
                    pick[c, k] = pick[c, k - 1]
                k -= 1
            pick[row + C_COST, k] = cost
            pick[row + C_STOP, k] = stop
            pick[row + C_TIME, k] = start
            pick[row + C_FIT, k] = f
            if found == CANDIDATES:
                most = pick[row + C_COST, found - 1]
        if low == node[i, EARLY] and offer[f, O_VERSION] != m.span[r, VERSION]:
            offer[f, O_VERSION] = m.span[r, VERSION]
            offer[f, O_COST] = min(seen, most)
            offer[f, O_AFTER] = UNKNOWN
    return found


@kernel
def later(m, i, row, k, start, most):
    """Return the bound of a candidate that starts later than its round allows."""
    cost = m.pick[row + C_COST, k]
    if start > m.pick[row + C_TIME, k]:
        f = m.pick[row + C_FIT, k]
        cost, _ = bound(m, i, m.fit[f], m.pick[row + C_STOP, k], start, most)
        cost += m.offer[f, O_PRICE]
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
    """List the combinations of candidates with their joint bounds below ``limit``.

    And not half as dear again as the best: hardly any of those turns out the best.
    """
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
            cost = later(m, a, 0, x, start_a, limit - pick[SIDE + C_COST, y])
            if cost >= limit:
                continue
            cost += later(m, b, SIDE, y, start_b, limit - cost)
            if cost < limit:
                pick[P_COST, n], pick[P_FIRST, n], pick[P_SECOND, n] = cost, x, y
                n += 1
                limit = min(limit, max(cost, cost + cost // 2))
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
    most_a = gather(m, a, 0, blink, limit)
    if most_a == 0:
        return False
    most_b = gather(m, b, SIDE, blink, limit - pick[C_COST, 0])
    if most_b == 0:
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
        p = m.stop[m.fit[f], pick[C_STOP, x], S_NODE]
        s = m.stop[m.fit[g], pick[SIDE + C_STOP, y], S_NODE]
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
