"""One round: from an order of visits to its times, clocks and amount.

`simulate` answers whether an order can be kept and what it costs. Starts are the exact
optimum for that order: within a block of visits between unpaid gaps, paid waiting,
distance from preferred starts and lateness are one convex piecewise linear function,
minimised by moving breakpoints (slope trick). Gaps longer than the longest paid wait
when every visit starts as early as it can are unpaid, and stay so.

References
----------
.. [1] Savelsbergh, M. (1992). The vehicle routing problem with time windows:
   minimizing route duration. *ORSA Journal on Computing*, 4(2): 146-154.
.. [2] Ahuja, R., Orlin, J. (2001). A fast scaling algorithm for minimizing separable
   convex functions subject to chain constraints. *Operations Research*, 49(5): 784-789.
"""

from __future__ import annotations

from roundplan.arrays.layout import (
    BREAK_S,
    BUFFER,
    CLOSE,
    DUE,
    FROM,
    FROM_HOME,
    GAP_MAX,
    HOME_COUNTS,
    HOME_PRICE,
    LAYER,
    NO_WAY_S,
    OPEN,
    PREF,
    RATE,
    TIMED,
    TO,
    TO_HOME,
    W_LATE,
    W_PREF,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.state import (
    ACTIVE,
    AMOUNT,
    BREAK_AT,
    COST,
    D_DUR,
    D_ES,
    D_HIGH,
    D_LEG,
    D_LEG_P,
    D_LOW,
    D_LS,
    D_NODE,
    D_PLACE,
    D_RESULT,
    D_START,
    D_TOP,
    HEAD,
    KINK_W,
    KINK_X,
    LATEST,
    LEN,
    OFF,
    ON,
    PAID,
    RESTED,
    RUN_FROM,
    RUN_TO,
    SECONDS,
    TAIL,
    WORK,
)

MINUTE = 60
"""By how much an unpaid gap stays above the longest paid one."""


@kernel
def need_of(leg, buffer):
    """Return what a leg needs: its travel, and the buffer if it moves."""
    return leg + buffer if leg > 0 else leg


@kernel
def propagate(m, r, n, broken):
    """Fill in earliest and latest starts; return whether the order can be kept.

    ``broken`` is the visit after which a break is taken, -1 for none.
    """
    d = m.draft
    buffer = m.par[BUFFER]
    layer = m.span[r, LAYER]
    time = m.span[r, OPEN]
    if m.span[r, FROM] >= 0:
        leg = m.leg[layer, m.span[r, FROM], d[D_PLACE, 0], SECONDS]
        if leg == NO_WAY_S:
            return False
        if m.span[r, FROM_HOME] == 0:
            time += need_of(leg, buffer)
    for k in range(n):
        time = max(time, d[D_LOW, k])
        if time > d[D_HIGH, k]:
            return False
        d[D_ES, k] = time
        if k + 1 < n:
            time += d[D_DUR, k] + need_of(d[D_LEG, k], buffer)
            if k == broken:
                time += m.par[BREAK_S]
    time = m.span[r, CLOSE]
    if m.span[r, TO] >= 0:
        leg = m.leg[layer, d[D_PLACE, n - 1], m.span[r, TO], SECONDS]
        if leg == NO_WAY_S:
            return False
        if m.span[r, TO_HOME] == 0:
            time -= need_of(leg, buffer)
    for k in range(n - 1, -1, -1):
        time = min(time - d[D_DUR, k], d[D_HIGH, k])
        if time < d[D_ES, k]:
            return False
        d[D_LS, k] = time
        if k > 0:
            time -= need_of(d[D_LEG, k - 1], buffer)
            if k - 1 == broken:
                time -= m.par[BREAK_S]
    return True


@kernel
def time_block(m, a, b, rate, broken):
    """Choose the starts of visits ``a`` to ``b``, which have no unpaid gap inside.

    Minimises ``rate`` x (start of b - start of a) + distances from preferred starts +
    lateness, each start within [D_ES, D_TOP]. In ``u = start - needs before it`` the
    order is ``u[k] <= u[k + 1]``. The kinks hold the falling part of the best cost of
    the visits so far as a function of u: rising positions, and the weight by which the
    slope rises at each; right of the last it is flat. Among equal starts the earliest.
    """
    d = m.draft
    buffer = m.par[BUFFER]
    size = 0
    offset = 0
    for k in range(a, b + 1):
        i = d[D_NODE, k]
        slope = 0
        if k == a:
            slope -= rate
        if k == b:
            slope += rate
        weight = m.node[i, W_PREF]
        if weight > 0:
            size = add_kink(d, size, m.node[i, PREF] - offset, 2 * weight)
            slope += weight
        weight = m.node[i, W_LATE]
        if weight > 0:
            size = add_kink(d, size, m.node[i, DUE] - offset, weight)
            slope += weight
        top = d[D_TOP, k] - offset
        low = d[D_ES, k] - offset
        best = low
        j = size - 1
        while j >= 0 and d[KINK_X, j] > top:
            d[KINK_X, j] = top
            j -= 1
        if slope < 0:
            best = top
            d[KINK_X, size] = top
            d[KINK_W, size] = -slope
            size += 1
        else:
            while size > 0:
                slope -= d[KINK_W, size - 1]
                if slope < 0:
                    d[KINK_W, size - 1] = -slope
                    best = d[KINK_X, size - 1]
                    break
                size -= 1
        d[D_START, k] = max(low, min(best, top))
        if k < b:
            offset += d[D_DUR, k] + need_of(d[D_LEG, k], buffer)
            if k == broken:
                offset += m.par[BREAK_S]
    u = d[D_START, b]
    for k in range(b, a - 1, -1):
        u = min(u, d[D_START, k])
        d[D_START, k] = u + offset
        if k > a:
            offset -= d[D_DUR, k - 1] + need_of(d[D_LEG, k - 1], buffer)
            if k - 1 == broken:
                offset -= m.par[BREAK_S]


@kernel
def add_kink(d, size, x, weight):
    """Insert a breakpoint in order; return how many there are."""
    j = size
    while j > 0 and d[KINK_X, j - 1] > x:
        d[KINK_X, j] = d[KINK_X, j - 1]
        d[KINK_W, j] = d[KINK_W, j - 1]
        j -= 1
    d[KINK_X, j] = x
    d[KINK_W, j] = weight
    return size + 1


@kernel
def choose_starts(m, r, n, broken):
    """Choose every start of a round whose bounds have been propagated."""
    d = m.draft
    if m.par[TIMED] == 0:
        for k in range(n):
            d[D_START, k] = d[D_ES, k]
        return
    buffer, gap_max = m.par[BUFFER], m.par[GAP_MAX]
    rate = m.span[r, RATE]
    end = n - 1
    top = d[D_LS, n - 1]
    for k in range(n - 1, -1, -1):
        d[D_TOP, k] = min(top, d[D_LS, k])
        begins = k == 0
        if k > 0:
            length = d[D_DUR, k - 1] + 0
            if k - 1 == broken:
                length += m.par[BREAK_S]
            leg = d[D_LEG, k - 1]
            begins = d[D_ES, k] - d[D_ES, k - 1] - length - leg > gap_max
            if begins:
                # stay clear of the next block as it starts at its earliest
                apart = max(leg + gap_max + MINUTE, need_of(leg, buffer))
                top = max(d[D_ES, k - 1], d[D_ES, k] - length - apart)
            else:
                top = d[D_TOP, k] - length - need_of(leg, buffer)
        if begins:
            time_block(m, k, end, rate, broken)
            end = k - 1


@kernel
def account(m, r, n, broken):
    """Add up clocks and amount of a round with chosen starts."""
    d = m.draft
    par = m.par
    gap_max = par[GAP_MAX]
    layer = m.span[r, LAYER]
    home_counts = m.worker[m.span[r, WORKER], HOME_COUNTS]
    paid = 0
    amount = 0
    home = 0
    latest = 0
    rested = 1 if broken >= 0 else 0
    for k in range(n):
        i = d[D_NODE, k]
        start = d[D_START, k]
        paid += d[D_DUR, k]
        if m.node[i, W_PREF] > 0:
            amount += m.node[i, W_PREF] * abs(start - m.node[i, PREF])
        if start > m.node[i, DUE]:
            amount += m.node[i, W_LATE] * (start - m.node[i, DUE])
            latest = max(latest, start - m.node[i, DUE])
        if k + 1 < n:
            leg = d[D_LEG, k]
            paid += leg
            amount += d[D_LEG_P, k]
            wait = d[D_START, k + 1] - start - d[D_DUR, k] - leg
            if k == broken:
                wait -= par[BREAK_S]
            if wait <= gap_max:
                paid += wait
            elif wait >= par[BREAK_S]:
                rested = 1
    on = d[D_START, 0]
    off = d[D_START, n - 1] + d[D_DUR, n - 1]
    head, tail = on, off
    if m.span[r, FROM] >= 0:
        place = d[D_PLACE, 0] + 0
        leg = m.leg[layer, m.span[r, FROM], place, SECONDS]
        head -= need_of(leg, par[BUFFER])
        if m.span[r, FROM_HOME]:
            home += leg
            on -= leg * home_counts
        else:
            paid += leg
            amount += m.leg[layer, m.span[r, FROM], place, AMOUNT]
            on -= leg
    if m.span[r, TO] >= 0:
        place = d[D_PLACE, n - 1] + 0
        leg = m.leg[layer, place, m.span[r, TO], SECONDS]
        tail += need_of(leg, par[BUFFER])
        if m.span[r, TO_HOME]:
            home += leg
            off += leg * home_counts
        else:
            paid += leg
            amount += m.leg[layer, place, m.span[r, TO], AMOUNT]
            off += leg
    d[D_RESULT, LEN] = n
    d[D_RESULT, COST] = amount + paid * m.span[r, RATE] + home * par[HOME_PRICE]
    d[D_RESULT, PAID] = paid
    d[D_RESULT, WORK] = paid + home * home_counts
    d[D_RESULT, ON] = on
    d[D_RESULT, OFF] = off
    d[D_RESULT, HEAD] = head
    d[D_RESULT, TAIL] = tail
    d[D_RESULT, BREAK_AT] = broken
    d[D_RESULT, RESTED] = rested
    d[D_RESULT, ACTIVE] = 1
    d[D_RESULT, LATEST] = latest


@kernel
def try_break(m, r, n, broken):
    """Time and account a round with a break; return whether it can be kept."""
    if not propagate(m, r, n, broken):
        return False
    choose_starts(m, r, n, broken)
    account(m, r, n, broken)
    return True


@kernel
def simulate(m, r, n, with_break):
    """Work out the drafted round; return whether it can be kept.

    A break, where one is asked for and no unpaid gap serves as one, is taken in the gap
    nearest to the middle of the round of those that hold it as they are, which all save
    the same pay; else in the gap where making room costs least.
    """
    d = m.draft
    if n == 0:
        for k in range(RUN_FROM, RUN_TO):
            d[D_RESULT, k] = 0
        d[D_RESULT, BREAK_AT] = -1
        return True
    if not try_break(m, r, n, -1):
        return False
    if d[D_RESULT, RESTED] or not with_break:
        return True
    rest = m.par[BREAK_S]
    buffer = m.par[BUFFER]
    best = -1
    best_cost = 0
    middle = d[D_RESULT, ON] + d[D_RESULT, OFF]
    for k in range(n - 1):
        free = d[D_START, k + 1] - d[D_START, k] - d[D_DUR, k]
        if free >= need_of(d[D_LEG, k], buffer) + rest:
            away = abs(2 * d[D_START, k + 1] - middle)
            if best < 0 or away < best_cost:
                best, best_cost = k, away
    if best >= 0:
        account(m, r, n, best)
        return True
    # the last round is worked out again, with the best break
    for k in range(n):
        broken = k if k < n - 1 else best
        if broken < 0:
            return False
        if try_break(m, r, n, broken) and (best < 0 or d[D_RESULT, COST] < best_cost):
            best, best_cost = broken, d[D_RESULT, COST]
    return True
