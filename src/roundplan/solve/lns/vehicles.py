"""The vehicle of a round: which span of its shift has the visits.

A visit is offered to a round by the vehicle that the round has. So after each change
the round's visits are tried in their order by the worker's other vehicles; and a ruin
moves a round to another whatever it costs, with what fits, as a way to visits that the
one before cannot reach in time.
"""

from __future__ import annotations

from roundplan.arrays.layout import FIRST, SHIFT, VEHICLES, VISIT, WEEK, WORKER
from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.lns.moves import (
    detach,
    draft_leg,
    draft_stop,
    empty,
    note_changed,
    place,
    put_round,
)
from roundplan.solve.lns.rounds import simulate
from roundplan.solve.lns.state import (
    AT,
    BREAK_AT,
    COST,
    D_RESULT,
    HIGH,
    LEN,
    LOW,
    NODE,
    PAID,
    PAID_SUM,
    SPANS_COUNT,
    TOUCHED,
    TOUCHED_COUNT,
)
from roundplan.solve.lns.weeks import evaluate, week_terms


@kernel
def vehicles_of(m, r):
    """Return how many spans the shift of a span has."""
    first = m.span[r, SHIFT]
    count = 0
    while first + count < m.par[SPANS_COUNT] and m.span[first + count, SHIFT] == first:
        count += 1
    return count


@kernel
def ruin_vehicle(m, v):
    """Empty the round of a visit; return another span of its shift, -1 for none."""
    r = m.node[m.visit[v, FIRST], AT]
    if r < 0:
        return -1
    count = vehicles_of(m, r)
    if count < 2:
        return -1
    empty(m, r)
    first = m.span[r, SHIFT]
    return first + (r - first + 1 + below(m.par, count - 1)) % count


@kernel
def change_vehicle(m, q):
    """Put the round that a ruin took out into span ``q``, in order, where it fits."""
    old = m.par[SPANS_COUNT]  # the first round that the iteration saved
    for k in range(m.span[old, LEN]):
        i = m.stop[old, k, NODE]
        if m.node[i, AT] < 0 and m.span[q, LEN] < m.stop.shape[1]:
            place(m, i, q, m.span[q, LEN], m.stop[old, k, LOW], m.stop[old, k, HIGH])


@kernel
def draft_by(m, r, q):
    """Draft the visits of round ``r`` with the legs of span ``q``; return how many."""
    n = m.span[r, LEN]
    for k in range(n):
        draft_stop(m, k, r, k)
    for k in range(n - 1):
        draft_leg(m, q, k)
    return n


@kernel
def cheapest_vehicle(m, r):
    """Return the span of a shift by which its round ``r`` costs least by itself."""
    w, week = m.span[r, WORKER], m.span[r, WEEK]
    paid = m.week[w, week, PAID_SUM]
    now = week_terms(m, w, week, paid)
    first = m.span[r, SHIFT]
    best, least = r, 0
    for q in range(first, first + vehicles_of(m, r)):
        if q == r:
            continue
        n = draft_by(m, r, q)
        if not simulate(m, q, n, m.span[r, BREAK_AT] >= 0):
            continue
        more = m.draft[D_RESULT, PAID] - m.span[r, PAID]
        delta = m.draft[D_RESULT, COST] - m.span[r, COST]
        delta += week_terms(m, w, week, paid + more) - now
        if delta < least:
            best, least = q, delta
    return best


@kernel
def move_round(m, r, q):
    """Move the round of span ``r`` to span ``q`` of its shift, if the rules allow.

    Its worker has the visits before and after, so that nothing is attached or detached.
    """
    n = m.span[r, LEN]
    for k in range(n):
        note_changed(m, m.node[m.stop[r, k, NODE], VISIT])
    evaluate(m, r, 0)
    put_round(m, r, 0)
    # the stops of the emptied round are still there
    m.span[r, LEN] = n
    draft_by(m, r, q)
    m.span[r, LEN] = 0
    if evaluate(m, q, n):
        put_round(m, q, n)
        return
    m.span[r, LEN] = n
    draft_by(m, r, r)
    m.span[r, LEN] = 0
    if evaluate(m, r, n):
        put_round(m, r, n)
        return
    for k in range(n):
        i = m.stop[r, k, NODE]
        detach(m, i, r)
        m.node[i, AT] = -1


@kernel
def choose_vehicles(m):
    """Give each round that the iteration changed the vehicle that costs least."""
    if m.par[VEHICLES] == 0:
        return
    for t in range(m.par[TOUCHED_COUNT]):
        r = m.lists[TOUCHED, t]
        if m.span[r, LEN] > 0:
            q = cheapest_vehicle(m, r)
            if q != r:
                move_round(m, r, q)
