"""Into a round and out of it: links of the list, amounts of legs, undo."""

from __future__ import annotations

from roundplan.solve.lns.compiled import kernel
from roundplan.solve.sync.state import (
    AMOUNT,
    AT,
    BANK,
    BANK_AT,
    BANKED,
    CHANGED,
    CHANGED_AT,
    CHANGED_COUNT,
    DUE,
    FIRST,
    HANDS,
    HERE,
    LAYER,
    LEG,
    LEN,
    MARK,
    MAX_LATE,
    NEED,
    NEXT,
    OLD_LEN,
    OLD_MAX,
    OLD_TOTAL,
    OLD_VERSION,
    PAID,
    PENALTY,
    PLACE,
    PREV,
    RESCAN,
    SAVED_COUNT,
    SPANS,
    SPANS_TOUCHED,
    STATE_COLUMNS,
    TOTAL,
    VERSION,
    VISIT,
    T,
)
from roundplan.solve.sync.times import (
    RAISES,
    begin_loosening,
    begin_trial,
    bring_in,
    late_amount,
    loosen,
    loosen_after,
    need_between,
    pass_on,
    save,
    start_tried,
    touch_span,
)


@kernel
def begin(m):
    """Start an iteration: from here on undo goes back."""
    par = m.par
    par[MARK] += 1
    par[SAVED_COUNT] = par[SPANS_TOUCHED] = par[CHANGED_COUNT] = 0
    par[OLD_TOTAL], par[OLD_MAX] = par[TOTAL], par[MAX_LATE]
    begin_loosening(m)


@kernel
def undo(m):
    """Go back to the state at `begin`, versions included."""
    par = m.par
    for k in range(par[SAVED_COUNT]):
        j = m.undo[k, STATE_COLUMNS]
        for c in range(STATE_COLUMNS):
            m.node[j, c] = m.undo[k, c]
    for k in range(par[SPANS_TOUCHED]):
        r = m.lists[SPANS, k]
        m.span[r, VERSION] = m.span[r, OLD_VERSION]
        m.span[r, LEN] = m.span[r, OLD_LEN]
    par[TOTAL], par[MAX_LATE] = par[OLD_TOTAL], par[OLD_MAX]
    par[RESCAN] = 0
    for k in range(par[CHANGED_COUNT]):
        v = m.lists[CHANGED, k]
        first = m.visit[v, FIRST]
        m.visit[v, HERE] = 0
        for i in range(first, first + m.visit[v, HANDS]):
            if m.node[i, AT] >= 0:
                m.visit[v, HERE] += 1
        settle_bank(m, v)


@kernel
def note_changed(m, v):
    """List a visit that the iteration may have moved."""
    if m.visit[v, CHANGED_AT] != m.par[MARK]:
        m.visit[v, CHANGED_AT] = m.par[MARK]
        m.lists[CHANGED, m.par[CHANGED_COUNT]] = v
        m.par[CHANGED_COUNT] += 1


@kernel
def settle_bank(m, v):
    """Bring the list of absent visits up to date about one."""
    visit, bank = m.visit, m.lists[BANK]
    absent = visit[v, HERE] < visit[v, HANDS]
    at = visit[v, BANK_AT]
    if absent and at < 0:
        visit[v, BANK_AT] = m.par[BANKED]
        bank[m.par[BANKED]] = v
        m.par[BANKED] += 1
    elif not absent and at >= 0:
        m.par[BANKED] -= 1
        last = bank[m.par[BANKED]]
        bank[at] = last
        visit[last, BANK_AT] = at
        visit[v, BANK_AT] = -1


@kernel
def take_out(m, i):
    """Take a node out of its round; `settle_starts` must follow."""
    node, par = m.node, m.par
    r, p, q = node[i, AT], node[i, PREV], node[i, NEXT]
    save(m, i)
    save(m, p)
    save(m, q)
    touch_span(m, r)
    v = node[i, VISIT]
    note_changed(m, v)
    if m.visit[v, HERE] == m.visit[v, HANDS]:
        par[TOTAL] += m.visit[v, PENALTY]
    m.visit[v, HERE] -= 1
    loosen_after(m, i, q)
    leg = m.leg[m.span[r, LAYER], node[p, PLACE], node[q, PLACE], AMOUNT]
    par[TOTAL] += leg - node[p, LEG] - node[i, LEG] - node[i, PAID]
    par[TOTAL] -= late_amount(m, i, node[i, T])
    if node[i, T] - node[i, DUE] == par[MAX_LATE]:
        par[RESCAN] = 1
    node[p, LEG] = leg
    node[p, NEXT], node[q, PREV] = q, p
    node[p, NEED] = need_between(m, r, p, q)
    if node[p, T] + node[p, NEED] > node[q, T]:
        loosen(m, q)
    node[i, AT] = -1
    m.span[r, LEN] -= 1


@kernel
def legs_added(m, i, p):
    """Return what the legs cost more with node ``i`` after ``p``."""
    node = m.node
    legs = m.leg[m.span[node[p, AT], LAYER]]
    here, q = node[i, PLACE], node[p, NEXT]
    return (
        legs[node[p, PLACE], here, AMOUNT]
        + legs[here, node[q, PLACE], AMOUNT]
        - node[p, LEG]
    )


@kernel
def link_in(m, i, p):
    """Let node ``i`` follow ``p`` for a trial; return what ``p`` needed before."""
    node = m.node
    q, r, needed = node[p, NEXT], node[p, AT], node[p, NEED]
    node[i, NEXT] = q
    node[i, AT] = r
    node[p, NEXT] = i
    node[p, NEED] = need_between(m, r, p, i)
    node[i, NEED] = need_between(m, r, i, q)
    return needed


@kernel
def link_out(m, i, p, needed):
    """Take back `link_in`."""
    m.node[p, NEXT] = m.node[i, NEXT]
    m.node[p, NEED] = needed
    m.node[i, AT] = -1


@kernel
def run_trial(m, a, p, b, s, limit):
    """Return whether nodes can stand where they are linked in, below a lateness limit.

    ``b`` is -1 where there is only ``a``.
    """
    begin_trial(m)
    if b < 0:
        bring_in(m, a, 1)
        return start_tried(m, a, p) and pass_on(m, limit)
    bring_in(m, a, RAISES)
    bring_in(m, b, RAISES)
    if not start_tried(m, a, p) or not start_tried(m, b, s):
        return False
    return pass_on(m, limit)


@kernel
def join(m, i, p, price):
    """Put a node into its round for good, after ``p``, its legs and price included."""
    node, par = m.node, m.par
    q, r = node[p, NEXT], node[p, AT]
    save(m, i)
    save(m, p)
    save(m, q)
    par[TOTAL] += legs_added(m, i, p) + price
    link_in(m, i, p)
    legs = m.leg[m.span[r, LAYER]]
    node[p, LEG] = legs[node[p, PLACE], node[i, PLACE], AMOUNT]
    node[i, LEG] = legs[node[i, PLACE], node[q, PLACE], AMOUNT]
    node[i, PREV], node[q, PREV] = p, i
    node[i, PAID] = price
    touch_span(m, r)
    m.span[r, LEN] += 1
    v = node[i, VISIT]
    note_changed(m, v)
    m.visit[v, HERE] += 1
    if m.visit[v, HERE] == m.visit[v, HANDS]:
        par[TOTAL] -= m.visit[v, PENALTY]
