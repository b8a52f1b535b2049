"""The compiled loop: ruin, recreate, accept or undo, remember the best."""

from __future__ import annotations

import math

from roundplan.arrays.layout import DUR, EARLY, FIRST, HANDS, LATE
from roundplan.solve.lns.compiled import entry, kernel
from roundplan.solve.lns.draws import below, uniform
from roundplan.solve.lns.insert import insert_visit, regret
from roundplan.solve.lns.moves import (
    begin,
    close_gaps,
    draft_without_absent,
    empty,
    note_changed,
    put_round,
    settle,
    undo,
    whole,
)
from roundplan.solve.lns.ruin import (
    CLIENT_WEEK,
    CLIENT_WORKER,
    MAKE_ROOM,
    STRINGS,
    TWO_ROUNDS,
    VEHICLE,
    WORKER_DAYS,
    ruin_client_week,
    ruin_client_worker,
    ruin_make_room,
    ruin_strings,
    ruin_two_rounds,
    ruin_worker_days,
)
from roundplan.solve.lns.state import (
    AS,
    AT,
    BANK,
    BANK_AT,
    BANK_TRIED,
    BANKED,
    BEFORE,
    BEST_AT,
    BEST_BREAK,
    BEST_START,
    BLINK,
    BREAK_AT,
    CHANGED,
    CHANGED_COUNT,
    KEYS,
    LEN,
    NEW_SPANS,
    NEW_SPANS_COUNT,
    NEW_VISITS,
    NEW_VISITS_COUNT,
    NODE,
    ORDER,
    RUIN_COUNT,
    SPAN_NEW,
    SPANS_COUNT,
    TOTAL,
    TOUCHED,
    TOUCHED_COUNT,
    VISIT_NEW,
    WEIGHTS,
)
from roundplan.solve.lns.vehicles import change_vehicle, choose_vehicles, ruin_vehicle
from roundplan.solve.lns.warm import put_back, warm_start
from roundplan.solve.lns.weeks import evaluate, start_weeks
from roundplan.units import AMOUNT_PER_PENNY

# what `search` is asked to do
CONSTRUCT, ITERATE, FINISH = range(3)

NO_ROOM = -1 << 60
"""What `finish` says of a visit that fits nowhere."""

# columns of ``shares``: by ruin
TRIED, ACCEPTED, IMPROVED = range(3)

# entries of ``heat``
HOT, COLD, DONE_FROM, DONE_TO = range(4)
HEAT_COUNT = 4
"""Temperatures at the start and the end of the search, in amounts; share of the search
that is over when a call begins and ends."""

# entries of ``work``
COUNT, FROM_ITERATION, OF_ITERATIONS, BEST_TOTAL, OFFERED, WHOLE = range(6)
WORK_COUNT = 6
"""Iterations to do; iterations done before, and in all or 0 when only time limits them;
the best total so far; nodes that a previous roster offers, and how many of them first
as whole rounds."""


@kernel
def list_visits(m, seed):
    """List the absent visits to insert in this iteration, in one of five orders.

    Returns how many there are. ``seed`` is the absent visit for which room was made,
    and comes first: what made room would else go straight back into it.
    """
    lists = m.lists
    most = lists.shape[1]
    n = 0
    for j in range(m.par[CHANGED_COUNT]):
        v = lists[CHANGED, j]
        if m.visit[v, BANK_AT] < 0 and not whole(m, v):
            lists[ORDER, n] = v
            n += 1
    absent = m.par[BANKED]
    if absent > 0:
        # absent visits near what was taken out can use its room; and any one besides
        tried = min(absent + 1, m.par[BANK_TRIED], most - n)
        for u in range(-1, m.near.shape[2]):
            v = seed if u < 0 else m.near[0, seed, u]
            if tried <= 1 or v < 0:
                break
            if m.visit[v, BANK_AT] >= 0:
                lists[ORDER, n] = v
                n += 1
                tried -= 1
        if tried > 0:
            lists[ORDER, n] = lists[BANK, below(m.par, absent)]
            n += 1
    kind = below(m.par, 9)
    for j in range(n):
        v = lists[ORDER, j]
        i = m.visit[v, FIRST]
        key = 0
        if 3 <= kind < 5:
            key = m.node[i, LATE] - m.node[i, EARLY]
        elif 5 <= kind < 7:
            key = -m.node[i, DUR]
        elif kind == 7:
            key = m.node[i, EARLY]
        elif kind == 8 and m.visit[v, HANDS] == 1:
            key = -regret(m, v) // AMOUNT_PER_PENNY
        key = key * 1000 + below(m.par, 1000)
        if m.visit[v, HANDS] == 2 and kind != 0:
            key -= 1 << 55
        if v == seed and m.visit[v, BANK_AT] >= 0:
            key -= 1 << 56
        # insertion sort: the list is short
        a = j
        while a > 0 and lists[KEYS, a - 1] > key:
            lists[KEYS, a] = lists[KEYS, a - 1]
            lists[ORDER, a] = lists[ORDER, a - 1]
            a -= 1
        lists[KEYS, a] = key
        lists[ORDER, a] = v
    return n


@kernel
def choose_ruin(m):
    """Take some visits out; return which ruin was chosen, and around which visit.

    And the span into which a round is to go that changes its vehicle, -1 for none.
    """
    vehicle = -1
    weight = 0
    for j in range(RUIN_COUNT):
        weight += m.par[WEIGHTS + j]
    draw = below(m.par, weight)
    kind = 0
    while draw >= m.par[WEIGHTS + kind]:
        draw -= m.par[WEIGHTS + kind]
        kind += 1
    v = below(m.par, len(m.visit))
    if kind == MAKE_ROOM and m.par[BANKED] == 0:
        kind = STRINGS
    if kind == STRINGS:
        ruin_strings(m, v, below(m.par, 2))
    elif kind == CLIENT_WORKER:
        ruin_client_worker(m, v)
    elif kind == TWO_ROUNDS:
        ruin_two_rounds(m, v)
    elif kind == CLIENT_WEEK:
        ruin_client_week(m, v)
    elif kind == MAKE_ROOM:
        v = m.lists[BANK, below(m.par, m.par[BANKED])]
        vehicle = ruin_make_room(m, v)
    elif kind == WORKER_DAYS:
        ruin_worker_days(m, v)
    elif kind == VEHICLE:
        vehicle = ruin_vehicle(m, v)
    return kind, v, vehicle


@kernel
def recreate(m, n, blink, at_any_price):
    """Insert those of the first ``n`` listed visits that are not whole; settle.

    Unless ``at_any_price``, none that costs more than leaving it out.
    """
    for j in range(n):
        v = m.lists[ORDER, j]
        if not whole(m, v):
            note_changed(m, v)
            insert_visit(m, v, blink, at_any_price)
    choose_vehicles(m)
    settle(m)


@kernel
def temperature(heat, work, it):
    """Return the temperature of an iteration, falling geometrically.

    Where the number of iterations is fixed it depends on nothing else, so that the same
    seed gives the same roster however the iterations are cut into calls.
    """
    if work[OF_ITERATIONS] > 0:
        done = (work[FROM_ITERATION] + it) / work[OF_ITERATIONS]
    else:
        done = heat[DONE_FROM] + (heat[DONE_TO] - heat[DONE_FROM]) * it / work[COUNT]
    return heat[HOT] * math.exp(math.log(heat[COLD] / heat[HOT]) * done)


@kernel
def note_accepted(m):
    """List what an accepted iteration changed, for `keep_best`."""
    lists = m.lists
    for t in range(m.par[TOUCHED_COUNT]):
        r = lists[TOUCHED, t]
        if m.span[r, SPAN_NEW] == 0:
            m.span[r, SPAN_NEW] = 1
            lists[NEW_SPANS, m.par[NEW_SPANS_COUNT]] = r
            m.par[NEW_SPANS_COUNT] += 1
    for j in range(m.par[CHANGED_COUNT]):
        v = lists[CHANGED, j]
        if m.visit[v, VISIT_NEW] == 0:
            m.visit[v, VISIT_NEW] = 1
            lists[NEW_VISITS, m.par[NEW_VISITS_COUNT]] = v
            m.par[NEW_VISITS_COUNT] += 1


@kernel
def keep_best(m):
    """Remember the state as the best, copying only what changed since the last."""
    lists = m.lists
    for j in range(m.par[NEW_VISITS_COUNT]):
        v = lists[NEW_VISITS, j]
        m.visit[v, VISIT_NEW] = 0
        first = m.visit[v, FIRST]
        for i in range(first, first + m.visit[v, HANDS]):
            m.node[i, BEST_AT] = m.node[i, AT]
    for j in range(m.par[NEW_SPANS_COUNT]):
        r = lists[NEW_SPANS, j]
        m.span[r, SPAN_NEW] = 0
        m.span[r, BEST_BREAK] = m.span[r, BREAK_AT]
        for k in range(m.span[r, LEN]):
            i = m.stop[r, k, NODE]
            m.node[i, BEST_AT] = r
            m.node[i, BEST_START] = m.stop[r, k, AS]
    m.par[NEW_VISITS_COUNT] = 0
    m.par[NEW_SPANS_COUNT] = 0


@kernel
def construct(m, order):
    """Insert visits greedily, one by one, in the order given."""
    for v in order:
        begin(m)
        m.lists[ORDER, 0] = v
        recreate(m, 1, 0, False)
        note_accepted(m)
    keep_best(m)


@kernel
def restore_best(m, nodes):
    """Go back to the best state; return whether all its visits could be placed again.

    ``nodes`` are all nodes by best span and start.
    """
    begin(m)
    for r in range(m.par[SPANS_COUNT]):
        empty(m, r)
    close_gaps(m)
    complete = put_back(m, nodes)
    settle(m)
    note_accepted(m)
    return complete


@kernel
def drop_breaks(m):
    """Work out every round that has a break anew, without it where the day allows.

    A later change may have given the day another rest, and a break is unpaid: none is
    planned that no rule asks for.
    """
    begin(m)
    for r in range(m.par[SPANS_COUNT]):
        if m.span[r, BREAK_AT] >= 0:
            n = draft_without_absent(m, r)
            if evaluate(m, r, n):
                put_round(m, r, n)
    note_accepted(m)


@kernel
def finish(m, nodes, work, room):
    """Try every visit that the best state leaves out once more, one by one.

    ``room`` (V,) receives what placing it would add to the total, NO_ROOM where it fits
    nowhere. What makes the total smaller is placed. Breaks that are no longer needed
    are dropped, though their pay makes the total larger.
    """
    complete = restore_best(m, nodes)
    for v in range(len(m.visit)):
        room[v] = NO_ROOM
        if m.visit[v, BANK_AT] >= 0:
            begin(m)
            before = m.par[TOTAL]
            m.lists[ORDER, 0] = v
            recreate(m, 1, 0, True)
            if whole(m, v):
                room[v] = m.par[TOTAL] - before
            if m.par[TOTAL] < before:
                note_accepted(m)
            else:
                undo(m)
    if complete:
        drop_breaks(m)
        work[BEST_TOTAL] = m.par[TOTAL]
        keep_best(m)


@kernel
def unchanged(m):
    """Return whether every round has the visits and starts that it had at `begin`.

    To undo such an iteration gives the rounds their versions back, and so keeps what is
    remembered of them.
    """
    if m.par[TOTAL] != m.par[BEFORE]:
        return False
    for t in range(m.par[TOUCHED_COUNT]):
        r, old = m.lists[TOUCHED, t], m.par[SPANS_COUNT] + t
        if m.span[r, LEN] != m.span[old, LEN]:
            return False
        for k in range(m.span[r, LEN]):
            if m.stop[r, k, NODE] != m.stop[old, k, NODE]:
                return False
            if m.stop[r, k, AS] != m.stop[old, k, AS]:
                return False
    return True


@kernel
def iterate(m, heat, work, shares):
    """Ruin and recreate ``work[COUNT]`` times.

    ``heat`` float64 (HEAT_COUNT,) and ``work`` int64 (WORK_COUNT,): see the constants.
    ``shares`` (RUIN_COUNT, 3): how often each ruin was tried, accepted, a new best.
    """
    for it in range(work[COUNT]):
        limit = m.par[TOTAL] - temperature(heat, work, it) * math.log(uniform(m.par))
        begin(m)
        kind, seed, vehicle = choose_ruin(m)
        close_gaps(m)
        if vehicle >= 0:
            change_vehicle(m, vehicle)
        recreate(m, list_visits(m, seed), m.par[BLINK], False)
        shares[kind, TRIED] += 1
        if m.par[TOTAL] >= limit or unchanged(m):
            undo(m)
            continue
        shares[kind, ACCEPTED] += 1
        note_accepted(m)
        if m.par[TOTAL] < work[BEST_TOTAL]:
            shares[kind, IMPROVED] += 1
            work[BEST_TOTAL] = m.par[TOTAL]
            keep_best(m)


@entry
def search(m, task, order, heat, work, shares):
    """Do one of three tasks on the state, as ``task`` says.

    One function for all that Python calls, so that what they share is compiled once.
    CONSTRUCT: put back the first ``work[OFFERED]`` entries of ``order``, nodes by the
    span and start of a previous roster; then insert the visits that follow. ITERATE:
    see `iterate`. FINISH: see `finish`; ``order`` holds the nodes by best span and
    start, then space for ``room``.
    """
    if task == CONSTRUCT:
        start_weeks(m)
        if work[OFFERED] > 0:
            warm_start(m, order[: work[OFFERED]], work[WHOLE])
            note_accepted(m)
        construct(m, order[work[OFFERED] :])
        work[BEST_TOTAL] = m.par[TOTAL]
    elif task == ITERATE:
        iterate(m, heat, work, shares)
    else:
        finish(m, order[: len(m.node)], work, order[len(m.node) :])
