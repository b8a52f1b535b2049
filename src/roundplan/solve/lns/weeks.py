"""What goes beyond one round: a worker's hours and rests, and a client's workers."""

from __future__ import annotations

import numpy as np

from roundplan.arrays.layout import (
    AVERAGE_CAP,
    BEFORE_1,
    BEFORE_2,
    BLOCK,
    BREAK_DUE,
    BREAK_S,
    BUFFER,
    CHANGE_PRICE,
    CLIENT,
    CONTRACTED,
    DAY,
    EXTRA_PRICE,
    FIRST_SPAN,
    FROM,
    LARGEST_PRICE,
    LAYER,
    MOST,
    NEVER,
    OVERTIME,
    PROMISED,
    REST,
    REST_FROM,
    REST_TO,
    SHIFT,
    SPAN_DAY,
    SPANS,
    TO,
    UNKNOWN_PRICE,
    VEHICLES,
    WEEK,
    WEEK_RATE,
    WEEKLY_REST,
    WORKER,
)
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.rounds import need_of, simulate
from roundplan.solve.lns.state import (
    ACTIVE,
    AT_PLACE,
    COST,
    D_PLACE,
    D_RESULT,
    DISTINCT,
    EARLIER,
    EVER,
    HEAD,
    KNOWN_TO,
    LATEST,
    LEN,
    OFF,
    ON,
    PAID,
    PAID_SUM,
    PRICE,
    PRICED,
    RESTED,
    SECONDS,
    SEEN,
    SPANS_COUNT,
    TAIL,
    TEAM,
    TOTAL,
    WORK,
    WORK_SUM,
)
from roundplan.units import AMOUNT_PER_PENNY


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
def price_at(m, i, w):
    """Return the price of a worker at a node: continuity, the pair, a change."""
    if m.par[PRICED] == 0:
        return 0
    c = m.node[i, CLIENT]
    price = continuity(m, c, w, m.node[i, BLOCK], m.node[i, DAY])
    price += np.int64(m.pair[c, w, PRICE]) * AMOUNT_PER_PENNY
    before = m.node[i, BEFORE_1]
    if before != -1 and w != before and w != m.node[i, BEFORE_2]:
        price += m.par[CHANGE_PRICE]
    return price


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
def figure(m, q, r, column):
    """Return a figure of a span's round, for span ``r`` as drafted."""
    return m.draft[D_RESULT, column] if q == r else m.span[q, column]


@kernel
def day_of(m, q, r):
    """Return the spans of a span's day, from and to, and when its work begins and ends.

    Span ``r`` counts as drafted. An idle day begins at NEVER.
    """
    low = m.worker[m.span[q, WORKER], FIRST_SPAN]
    high = low + m.worker[m.span[q, WORKER], SPANS]
    day = m.span[q, SPAN_DAY]
    first = q
    while first > low and m.span[first - 1, SPAN_DAY] == day:
        first -= 1
    on, off = NEVER, -NEVER
    last = first
    while last < high and m.span[last, SPAN_DAY] == day:
        if figure(m, last, r, ACTIVE):
            on = min(on, figure(m, last, r, ON))
            off = max(off, figure(m, last, r, OFF))
        last += 1
    return first, last, on, off


@kernel
def rests_fit(m, r):
    """Return whether the rests to the worker's days of work around are long enough."""
    low = m.worker[m.span[r, WORKER], FIRST_SPAN]
    high = low + m.worker[m.span[r, WORKER], SPANS]
    first, last, on, off = day_of(m, r, r)
    q = first - 1
    while q >= low and m.span[q, ACTIVE] == 0:
        q -= 1
    if q >= low:
        _, _, _, before = day_of(m, q, r)
        if on - before < m.span[r, REST]:
            return False
    q = last
    while q < high and m.span[q, ACTIVE] == 0:
        q += 1
    if q < high:
        _, _, after, _ = day_of(m, q, r)
        if after - off < m.span[q, REST]:
            return False
    return True


@kernel
def way_fits(m, r, n):
    """Return whether the worker can get from each round of the day to the next.

    Only next to the drafted round, or over it when it is empty.
    """
    d = m.draft
    first, last, _, _ = day_of(m, r, r)
    before = r - 1
    while before >= first and m.span[before, LEN] == 0:
        before -= 1
    after = r + 1
    while after < last and m.span[after, LEN] == 0:
        after += 1
    # where the round before ends, and where the one after begins
    tail, end, head, begin = 0, 0, 0, 0
    if before >= first:
        tail = m.span[before, TAIL]
        end = m.stop[before, m.span[before, LEN] - 1, AT_PLACE]
    if after < last:
        head = m.span[after, HEAD]
        begin = m.stop[after, 0, AT_PLACE]
    if n == 0:
        if before < first or after >= last:
            return True
        return can_follow(m, before, end, tail, after, begin, head)
    if before >= first:
        place = d[D_PLACE, 0]
        if not can_follow(m, before, end, tail, r, place, d[D_RESULT, HEAD]):
            return False
    if after < last:
        place = d[D_PLACE, n - 1]
        return can_follow(m, r, place, d[D_RESULT, TAIL], after, begin, head)
    return True


@kernel
def day_break_fits(m, r):
    """Return whether a worker's day, the drafted round included, has its rest."""
    first, last, _, _ = day_of(m, r, r)
    work = 0
    parts = 0
    rested = False
    off = 0
    for q in range(first, last):
        if figure(m, q, r, ACTIVE) == 0:
            continue
        if parts > 0 and figure(m, q, r, ON) - off >= m.par[BREAK_S]:
            rested = True
        rested = rested or figure(m, q, r, RESTED) > 0
        work += figure(m, q, r, WORK)
        end = figure(m, q, r, OFF)
        off = end if parts == 0 else max(off, end)
        parts += 1
    return rested or work <= m.span[r, BREAK_DUE]


@kernel
def weekly_rest_fits(m, r):
    """Return whether the worker's week keeps its long rest."""
    w, k = m.span[r, WORKER], m.span[r, WEEK]
    low = m.worker[w, FIRST_SPAN]
    # a round, or its home legs, may reach into the weeks around, which must rest too
    for j in range(max(0, k - 1), min(k + 2, m.week.shape[1])):
        since, to = m.week[w, j, REST_FROM], m.week[w, j, REST_TO]
        if since < 0:
            continue
        found = False
        for q in range(low, low + m.worker[w, SPANS]):
            on, off = figure(m, q, r, ON), figure(m, q, r, OFF)
            if figure(m, q, r, ACTIVE) == 0 or off <= since or on >= to:
                continue
            if on - since >= m.par[WEEKLY_REST]:
                found = True
                break
            since = max(since, off)
        if not found and to - since < m.par[WEEKLY_REST]:
            return False
    return True


@kernel
def in_use(m, r):
    """Return the span of a shift that has visits; ``r`` itself where none has."""
    if m.par[VEHICLES] == 0 or m.span[r, LEN] > 0:
        return r
    q = m.span[r, SHIFT]
    while q < m.par[SPANS_COUNT] and m.span[q, SHIFT] == m.span[r, SHIFT]:
        if m.span[q, LEN] > 0:
            return q
        q += 1
    return r


@kernel
def evaluate(m, r, n):
    """Work out the drafted round; return whether it keeps every rule.

    Its clocks and amount are in the draft's row D_RESULT. It has a break only if the
    worker's day, as the other rounds and blocks are now, has no other rest. Taking
    visits out can break a rule too: the time of a round may have been the day's rest.
    """
    if n > 0 and in_use(m, r) != r:
        return False
    for attempt in range(2):
        if not simulate(m, r, n, attempt == 1):
            return False
        if day_break_fits(m, r):
            if not way_fits(m, r, n):
                return False
            if n == 0:
                return True
            return hours_fit(m, r) and rests_fit(m, r) and weekly_rest_fits(m, r)
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
    if m.par[LARGEST_PRICE] and m.draft[D_RESULT, LATEST] != m.span[r, LATEST]:
        delta += m.par[LARGEST_PRICE] * largest_delta(m, r)
    return delta


@kernel
def largest_delta(m, r):
    """Return by how much the drafted round moves the roster's largest lateness."""
    others = 0
    for q in range(m.par[SPANS_COUNT]):
        if q != r:
            others = max(others, m.span[q, LATEST])
    new, old = m.draft[D_RESULT, LATEST], m.span[r, LATEST]
    return max(others, new) - max(others, old)
