"""What a visit would add at a place in a round, and the memory of it.

The estimate leaves the other starts where they are. The best position of a node in a
round depends on nothing but that round, so it is remembered with the round's version.
"""

from __future__ import annotations

from roundplan.arrays.layout import (
    BUFFER,
    CLOSE,
    DUE,
    DUR,
    EARLY,
    FROM,
    FROM_HOME,
    GAP_MAX,
    HOME_PRICE,
    LATE,
    LAYER,
    NO_WAY_S,
    OPEN,
    PLACE,
    PREF,
    PROMISED,
    RATE,
    TIMED,
    TO,
    TO_HOME,
    W_LATE,
    W_PREF,
    WEEK,
    WEEK_RATE,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.rounds import need_of
from roundplan.solve.lns.state import (
    AMOUNT,
    AS,
    AT_PLACE,
    BACK_P,
    BACK_S,
    ES,
    LASTS,
    LEG,
    LEG_P,
    LEN,
    LS,
    PAID_SUM,
    SECONDS,
    SEEN_COST,
    SEEN_PAID,
    SEEN_POS,
    SEEN_VERSION,
    VERSION,
)

FAR = 1 << 60
"""An amount above any cost."""


@kernel
def end_leg(m, r, end, is_home, here):
    """Return amount and paid seconds of a leg between a round's end and a place.

    FAR for the amount where there is no way.
    """
    layer = m.span[r, LAYER]
    seconds, amount = SECONDS, AMOUNT
    if end == FROM:
        seconds, amount = BACK_S, BACK_P
    leg = m.leg[layer, here, m.span[r, end], seconds]
    if leg == NO_WAY_S:
        return FAR, 0
    if m.span[r, is_home]:
        return leg * m.par[HOME_PRICE], 0
    return m.leg[layer, here, m.span[r, end], amount] + 0, leg + 0


@kernel
def estimate(m, r, i, k, low, high):
    """Return about what a node adds at position ``k`` of a round: amount, paid time.

    FAR if it cannot stand there. Exact where moments have no price. Guaranteed hours
    are apart: they hang on the worker's other rounds.
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
        before = m.stop[r, k - 1, AT_PLACE]
        leg = m.leg[layer, here, before, BACK_S]
        need = m.stop[r, k - 1, LASTS] + need_of(leg, buffer)
        earliest = m.stop[r, k - 1, ES] + need
        arrive = m.stop[r, k - 1, AS] + need
        amount += m.leg[layer, here, before, BACK_P]
        paid += leg
    elif m.span[r, FROM] >= 0:
        price, leg = end_leg(m, r, FROM, FROM_HOME, here)
        amount += price
        paid += leg
        earliest += need_of(leg, buffer)
    earliest = max(earliest, low)
    if earliest > high or amount >= FAR:
        return FAR, 0
    latest = m.span[r, CLOSE] - dur
    depart = high
    after = 0
    if k < n:
        after = m.stop[r, k, AT_PLACE]
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
        return FAR, 0
    # what the leg that is replaced costs
    if k > 0 and k < n:
        leg = m.stop[r, k - 1, LEG]
        amount -= m.stop[r, k - 1, LEG_P]
        paid -= leg
        gap = m.stop[r, k, AS] - m.stop[r, k - 1, AS] - leg
        gap -= m.stop[r, k - 1, LASTS]
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
        return amount, 0
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
    return amount + paid * m.span[r, RATE], paid


@kernel
def guaranteed_part(m, r, paid):
    """Return how much of the pay for more time the worker gets anyway."""
    w, week = m.span[r, WORKER], m.span[r, WEEK]
    short = m.week[w, week, PROMISED] - m.week[w, week, PAID_SUM]
    if paid <= 0 or short <= 0:
        return 0
    return min(short, paid) * m.week[w, week, WEEK_RATE]


@kernel
def best_position(m, r, i, low, high):
    """Return the cheapest estimate for a node in a round, its paid time and position.

    FAR where there is none.
    """
    best, best_paid, best_k = FAR, 0, -1
    n = m.span[r, LEN]
    dur = m.node[i, DUR]
    if m.span[r, OPEN] > high or m.span[r, CLOSE] < low + dur or n == m.stop.shape[1]:
        return best, best_paid, best_k
    for k in range(n + 1):
        if k > 0 and m.stop[r, k - 1, ES] >= high:
            break
        if k < n and m.stop[r, k, LS] < low + dur:
            continue
        cost, paid = estimate(m, r, i, k, low, high)
        if cost < best:
            best, best_paid, best_k = cost, paid, k
    return best, best_paid, best_k


@kernel
def remember(m, f, r, i):
    """Remember the best position of a node in a round, with the round's version.

    ``f`` is the row of the two in ``fit`` and ``seen``. Few iterations change a given
    round, and most of those are undone, which gives it its old version back: what is
    remembered nearly always holds.
    """
    cost, paid, k = best_position(m, r, i, m.node[i, EARLY], m.node[i, LATE])
    m.seen[f, SEEN_VERSION] = m.span[r, VERSION]
    m.seen[f, SEEN_COST] = cost
    m.seen[f, SEEN_PAID] = paid
    m.seen[f, SEEN_POS] = k
