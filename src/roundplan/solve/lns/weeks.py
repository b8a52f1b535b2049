"""What goes beyond one round: a worker's hours and rests, and a client's workers."""

from __future__ import annotations

from roundplan.arrays.layout import (
    AVERAGE_CAP,
    BREAK_DUE,
    BREAK_S,
    BUFFER,
    CONTRACTED,
    EXTRA_PRICE,
    FIRST_SPAN,
    FROM,
    LAYER,
    MOST,
    OVERTIME,
    PLACE,
    PROMISED,
    REST,
    REST_FROM,
    REST_TO,
    SPAN_DAY,
    SPANS,
    TO,
    UNKNOWN_PRICE,
    WEEK,
    WEEK_RATE,
    WEEKLY_REST,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.rounds import need_of, simulate
from roundplan.solve.lns.state import (
    ACTIVE,
    COST,
    D_NODE,
    D_RESULT,
    DISTINCT,
    EARLIER,
    EVER,
    HEAD,
    KNOWN_TO,
    LEN,
    NODE,
    OFF,
    ON,
    PAID,
    PAID_SUM,
    RESTED,
    SECONDS,
    SEEN,
    TAIL,
    TEAM,
    TOTAL,
    WORK,
    WORK_SUM,
)


@kernel
def week_terms(m, w, k, paid):
    """Return guaranteed hours paid but not worked, and overtime, of a worker's week."""
    rate = m.week[w, k, WEEK_RATE]
    amount = 0
    if paid < m.week[w, k, PROMISED]:
        amount += (m.week[w, k, PROMISED] - paid) * rate
    if paid > m.week[w, k, CONTRACTED]:
        amount += (paid - m.week[w, k, CONTRACTED]) * rate * m.par[OVERTIME] // 100
    return amount


@kernel
def start_weeks(m):
    """Add the terms of all weeks to the total of a new state."""
    for w in range(m.week.shape[0]):
        for k in range(m.week.shape[1]):
            m.par[TOTAL] += week_terms(m, w, k, m.week[w, k, PAID_SUM])


@kernel
def continuity(m, c, w, b, day):
    """Return the price of one more attendance of a worker at a client."""
    amount = 0
    if m.pair[c, w, EARLIER] == 0:
        if day <= m.pair[c, w, KNOWN_TO]:
            if m.pair[c, w, EVER] > 0:
                amount -= m.par[UNKNOWN_PRICE]
        elif m.pair[c, w, EVER] == 0:
            amount += m.par[UNKNOWN_PRICE]
    if m.pair[c, w, SEEN + b] == 0 and m.client[c, DISTINCT + b] >= m.client[c, TEAM]:
        amount += m.par[EXTRA_PRICE]
    return amount


@kernel
def hours_fit(m, r):
    """Return whether a worker's weekly hours allow the drafted round."""
    w, k = m.span[r, WORKER], m.span[r, WEEK]
    more = m.draft[D_RESULT, WORK] - m.span[r, WORK]
    if more <= 0:
        return True
    if m.week[w, k, WORK_SUM] + more > m.week[w, k, MOST]:
        return False
    total = more
    for j in range(m.week.shape[1]):
        total += m.week[w, j, WORK_SUM]
        if j >= k and total > m.week[w, j, AVERAGE_CAP]:
            return False
    return True


@kernel
def can_follow(m, before, last_place, tail, after, first_place, head):
    """Return whether a worker can get from one round of a day to the next."""
    here = m.span[before, TO]
    if here < 0:
        here = last_place
    there = m.span[after, FROM]
    if there < 0:
        there = first_place
    leg = 0
    if here != there:
        leg = m.leg[m.span[after, LAYER], here, there, SECONDS]
    return tail + need_of(leg, m.par[BUFFER]) <= head


@kernel
def neighbours_fit(m, r, n):
    """Return whether a worker's other rounds and blocks allow the drafted round.

    Rests to the days around, and the way from and to the other rounds of the day.
    """
    d = m.draft
    low = m.worker[m.span[r, WORKER], FIRST_SPAN]
    high = low + m.worker[m.span[r, WORKER], SPANS]
    day = m.span[r, SPAN_DAY]
    q = r - 1
    while q >= low and m.span[q, ACTIVE] == 0:
        q -= 1
    if q >= low and m.span[q, SPAN_DAY] < day:
        if d[D_RESULT, ON] - m.span[q, OFF] < m.span[r, REST]:
            return False
    while q >= low and m.span[q, SPAN_DAY] == day:
        if m.span[q, LEN] > 0:
            last = m.node[m.stop[q, m.span[q, LEN] - 1, NODE], PLACE]
            first = m.node[d[D_NODE, 0], PLACE]
            if not can_follow(m, q, last, m.span[q, TAIL], r, first, d[D_RESULT, HEAD]):
                return False
            break
        q -= 1
    q = r + 1
    while q < high and m.span[q, ACTIVE] == 0:
        q += 1
    if q < high and m.span[q, SPAN_DAY] > day:
        if m.span[q, ON] - d[D_RESULT, OFF] < m.span[q, REST]:
            return False
    while q < high and m.span[q, SPAN_DAY] == day:
        if m.span[q, LEN] > 0:
            last = m.node[d[D_NODE, n - 1], PLACE]
            first = m.node[m.stop[q, 0, NODE], PLACE]
            if not can_follow(m, r, last, d[D_RESULT, TAIL], q, first, m.span[q, HEAD]):
                return False
            break
        q += 1
    return True


@kernel
def day_break_fits(m, r):
    """Return whether a day of several rounds or blocks has the rest it needs."""
    low = m.worker[m.span[r, WORKER], FIRST_SPAN]
    high = low + m.worker[m.span[r, WORKER], SPANS]
    day = m.span[r, SPAN_DAY]
    first = r
    while first > low and m.span[first - 1, SPAN_DAY] == day:
        first -= 1
    d = m.draft
    work = 0
    parts = 0
    rested = False
    off = 0
    for q in range(first, high):
        if m.span[q, SPAN_DAY] != day:
            break
        if q == r:
            if parts > 0 and d[D_RESULT, ON] - off >= m.par[BREAK_S]:
                rested = True
            rested = rested or d[D_RESULT, RESTED] > 0
            work += d[D_RESULT, WORK]
            off = d[D_RESULT, OFF]
            parts += 1
        elif m.span[q, ACTIVE]:
            if parts > 0 and m.span[q, ON] - off >= m.par[BREAK_S]:
                rested = True
            rested = rested or m.span[q, RESTED] > 0
            work += m.span[q, WORK]
            off = m.span[q, OFF]
            parts += 1
    return rested or parts <= 1 or work <= m.span[r, BREAK_DUE]


@kernel
def weekly_rest_fits(m, r):
    """Return whether the worker's week keeps its long rest."""
    w, k = m.span[r, WORKER], m.span[r, WEEK]
    low = m.worker[w, FIRST_SPAN]
    # a round may reach over midnight into the next week, which must keep its rest too
    for j in range(k, min(k + 2, m.week.shape[1])):
        since, to = m.week[w, j, REST_FROM], m.week[w, j, REST_TO]
        if since < 0:
            continue
        found = False
        for q in range(low, low + m.worker[w, SPANS]):
            on, off = m.span[q, ON], m.span[q, OFF]
            if q == r:
                on, off = m.draft[D_RESULT, ON], m.draft[D_RESULT, OFF]
            elif m.span[q, ACTIVE] == 0:
                continue
            if off <= since or on >= to:
                continue
            if on - since >= m.par[WEEKLY_REST]:
                found = True
                break
            since = max(since, off)
        if not found and to - since < m.par[WEEKLY_REST]:
            return False
    return True


@kernel
def evaluate(m, r, n):
    """Work out the drafted round; return whether it keeps every rule.

    Its clocks and amount are in the draft's row D_RESULT. A break that the day needs
    because of the worker's other rounds or blocks of that day is added here.
    Emptying a round keeps every rule, unless travel breaks the triangle inequality.
    """
    due = m.span[r, BREAK_DUE]
    # the second time round a break is taken whatever the round's own working time
    for _ in range(2):
        if not simulate(m, r, n, due):
            return False
        if n == 0:
            return True
        if day_break_fits(m, r):
            return (
                hours_fit(m, r) and neighbours_fit(m, r, n) and weekly_rest_fits(m, r)
            )
        due = -1
    return False


@kernel
def round_delta(m, r):
    """Return how the drafted round would change the total, continuity apart."""
    w, k = m.span[r, WORKER], m.span[r, WEEK]
    paid = m.week[w, k, PAID_SUM]
    more = m.draft[D_RESULT, PAID] - m.span[r, PAID]
    delta = m.draft[D_RESULT, COST] - m.span[r, COST]
    if more != 0:
        delta += week_terms(m, w, k, paid + more) - week_terms(m, w, k, paid)
    return delta
