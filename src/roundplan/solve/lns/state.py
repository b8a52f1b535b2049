"""The memory of the search: the problem's arrays and what changes, side by side.

Few arrays with many columns: each array that a compiled function takes costs compile
time and a call's worth of arguments, and what is read together lies together. Columns
of `roundplan.arrays.layout` come first, those that change after them. Everything is
int64 unless said otherwise; N nodes, V visits, R spans, W workers, K weeks, C clients,
Y layers, M places, B continuity blocks, L the most visits that a round can hold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from roundplan.arrays.layout import (
    BLOCK,
    CHANGE_PRICE,
    CLIENT,
    CLOSE,
    DUR,
    EXTRA_PRICE,
    FIRST,
    IS_BLOCK,
    NODE_COLUMNS,
    OPEN,
    PAR_COUNT,
    PENALTY,
    PROMISED,
    RATE,
    SPAN_COLUMNS,
    UNKNOWN_PRICE,
    VISIT_COLUMNS,
    WEEK,
    WEEK_COLUMNS,
    WORKER,
    Int32,
    Int64,
    ProblemArrays,
)
from roundplan.units import AMOUNT_PER_PENNY

# further columns of ``node``
FIT_FROM, FIT_TO, AT, START, WAS_AT, BEST_AT, BEST_START = range(
    NODE_COLUMNS, NODE_COLUMNS + 7
)
"""where its spans begin and end in ``fit``; span, -1 when absent; start; span before
the iteration, if the iteration may have moved it; span and start in the best state so
far."""

# further columns of ``visit``
FIRST_LINK, NEXT_LINK, BANK_AT, CHANGED_AT, VISIT_NEW = range(
    VISIT_COLUMNS, VISIT_COLUMNS + 5
)
"""first visit that follows it; next that follows what it follows; place in the bank or
-1; stamp of the last iteration that may have moved it; 1 when it has changed since the
best state was kept."""

# further columns of ``span``: its round. Rows R and up hold rounds for undo
RUN_FROM = SPAN_COLUMNS
(
    LEN,
    COST,
    PAID,
    WORK,
    ON,
    OFF,
    HEAD,
    TAIL,
    BREAK_AT,
    RESTED,
    ACTIVE,
    LATEST,
    VERSION,
) = range(RUN_FROM, RUN_FROM + 13)
RUN_TO = RUN_FROM + 13
STAMP, BEST_BREAK, SPAN_NEW = RUN_TO, RUN_TO + 1, RUN_TO + 2
"""visits; amount (pay, legs, moments of start); paid and working seconds; clock-on and
clock-off; first start less the need of the first leg, last end and the need of the
last; the visit after which the break is taken, -1 for none; 1 when there is a rest in
it; 1 when it has visits or is a block; its largest lateness; version, another for each
change; iteration that last touched it; break in the best; 1 when it has changed since
the best was kept."""

# last axis of ``stop``
NODE, ES, LS, AS, LOW, HIGH, AT_PLACE, LASTS, LEG, LEG_P = range(10)
STOP_COLUMNS = 10
"""node; earliest, latest and chosen start; its window; place; length; seconds and
amount of the leg to the next: all that a look at a position needs side by side. Rows R
and up hold rounds for undo."""

# further entries of the last axis of ``week``
PAID_SUM, WORK_SUM = WEEK_COLUMNS, WEEK_COLUMNS + 1

# columns of ``client``
TEAM, VISITS_FROM, VISITS_TO, DISTINCT = range(4)
"""team size; where its visits begin and end in the list; from there on, per block, how
many workers it sees."""

# last axis of ``pair``
PRICE, KNOWN_TO, EVER, EARLIER, SEEN = range(5)
"""pence per attendance; last day on which the worker is known beforehand; attendances
in all, and up to that day; from there on attendances per block."""

# columns of ``seen``: the best position of a node in a round, by row of ``fit``
SEEN_VERSION, SEEN_COST, SEEN_PAID, SEEN_POS = range(4)
"""version of the round it holds for; estimated amount; paid seconds; position."""

# last axis of ``leg``
SECONDS, AMOUNT, BACK_S, BACK_P = range(4)
"""from the first place to the second, and back: a look at many positions for one visit
reads a single row of the table, where each leg to it would else be a cache miss."""

# rows of ``lists``
(
    BANK,
    TOUCHED,
    CHANGED,
    VISITS_OF,
    ORDER,
    KEYS,
    NEW_SPANS,
    NEW_VISITS,
) = range(8)
LIST_ROWS = 8
"""absent visits; spans the iteration touched; visits it may have moved; visits by
client; visits to insert, and by what they are sorted; spans and visits changed since
the best state was kept."""

# rows of ``draft``: a round being tried, with room for the search's notes
(
    D_NODE,
    D_LOW,
    D_HIGH,
    D_PLACE,
    D_DUR,
    D_LEG,
    D_LEG_P,
    D_ES,
    D_LS,
    D_START,
    D_TOP,
    D_RESULT,
    KINK_X,
    KINK_W,
    T_COST,
    T_SPAN,
    T_POS,
    T_PRICE,
    P_COST,
    P_SPAN,
    P_POS,
) = range(21)
DRAFT_ROWS = 21
"""nodes; their windows, places and lengths; seconds and amount of the leg to the next;
earliest, latest and chosen starts; latest start that keeps the unpaid gap after it; the
round's figures, in the columns of ``span``; breakpoints and weights of the timing;
candidates; and those picked for a pair."""

# further entries of ``par``
(
    TOTAL,
    BANKED,
    TOUCHED_COUNT,
    CHANGED_COUNT,
    MARK,
    RANDOM_1,
    RANDOM_2,
    SPANS_COUNT,
    NEW_SPANS_COUNT,
    NEW_VISITS_COUNT,
    VERSIONS,
    BEFORE,
    PROMISES,
    PRICED,
    MEAN_REMOVED,
    BLINK,
    BANK_TRIED,
    MOMENTS,
    WEIGHTS,
) = range(PAR_COUNT, PAR_COUNT + 19)
RUIN_COUNT = 7
"""amount of the whole state; absent visits; lengths of two lists; stamp of the
iteration; random numbers; R; lengths of two more lists; how many versions of rounds
there were; the total before the iteration; 1 when somebody has guaranteed hours; 1
when it matters who goes to whom; the search's parameters; from there on the weights of
the ruins."""


# the random generator (`roundplan.solve.lns.draws`)
M1, A1 = 2_147_483_563, 40_014
M2, A2 = 2_147_483_399, 40_692


class Memory(NamedTuple):
    """All that the kernel reads and writes.

    ``node`` (N, .), ``visit`` (V, .), ``span`` (2 R, .), ``stop`` int32 (2 R, L, .),
    ``worker`` (W, .), ``week`` (W, K, .), ``client`` (C, 3 + B), ``pair`` int32
    (C, W, 4 + B), ``leg`` int32 (Y, M, M, 4), ``fit`` int32 (F,), ``seen`` (F, .),
    ``near`` int32 (2, V, .), ``lists`` (LIST_ROWS, .), ``draft`` (DRAFT_ROWS, .),
    ``par``: columns as the constants say.
    """

    node: Int64
    visit: Int64
    span: Int64
    stop: Int32
    worker: Int64
    week: Int64
    client: Int64
    pair: Int32
    leg: Int32
    fit: Int32
    seen: Int64
    near: Int32
    lists: Int64
    draft: Int64
    par: Int64


def longest_round(p: ProblemArrays) -> int:
    """Return how many visits can at most stand in one round."""
    if not len(p.span) or not len(p.node):
        return 1
    length = int((p.span[:, CLOSE] - p.span[:, OPEN]).max())
    return min(len(p.node), length // int(p.node[:, DUR].min()) + 1)


def new_memory(
    p: ProblemArrays, near: Int32, tune: list[int], seed: int, listed: int
) -> Memory:
    """Return the state with no visit placed: all are in the bank.

    ``near`` as `roundplan.solve.lns.neighbours.nearest_visits` makes it, ``tune`` the
    entries of ``par`` from MEAN_REMOVED on; ``listed`` is how many visits one iteration
    can at most try to insert. The terms of the weeks are not yet in the total:
    `roundplan.solve.lns.search.search` adds them when it constructs a first roster.
    """
    n, v, r = len(p.node), len(p.visit), len(p.span)
    c, w = p.pair_p.shape
    blocks = int(p.node[:, BLOCK].max()) + 1 if n else 1
    size = longest_round(p)

    node = _widen(p.node, BEST_START + 1)
    node[:, FIT_FROM : FIT_TO + 1] = p.fit_at
    node[:, AT:] = -1
    visit = _widen(p.visit, VISIT_NEW + 1)
    visit[:, FIRST_LINK], visit[:, NEXT_LINK] = p.first_link, p.next_link
    visit[:, BANK_AT] = np.arange(v)
    visit[:, CHANGED_AT] = -1
    span = np.zeros((2 * r, SPAN_NEW + 1), dtype=np.int64)
    span[:r, :SPAN_COLUMNS] = p.span
    span[:, [BREAK_AT, BEST_BREAK, STAMP]] = -1
    week = np.concatenate((p.week, np.zeros((*p.week.shape[:2], 2), np.int64)), axis=2)
    constant = 0
    for i in np.flatnonzero(p.span[:, IS_BLOCK]):
        open_, close = int(span[i, OPEN]), int(span[i, CLOSE])
        span[i, [PAID, WORK]] = close - open_
        span[i, [ON, HEAD]] = open_
        span[i, [OFF, TAIL]] = close
        span[i, COST] = (close - open_) * span[i, RATE]
        span[i, ACTIVE] = 1
        week[span[i, WORKER], span[i, WEEK], [PAID_SUM, WORK_SUM]] += close - open_
        constant += int(span[i, COST])
    client = np.zeros((c, DISTINCT + blocks), dtype=np.int64)
    client[:, TEAM] = p.team
    pair = np.zeros((c, w, SEEN + blocks), dtype=np.int32)
    pair[:, :, PRICE] = p.pair_p // AMOUNT_PER_PENNY
    pair[:, :, KNOWN_TO] = p.known_to
    lists = np.zeros((LIST_ROWS, max(v, r, listed) + 1), dtype=np.int64)
    lists[BANK, :v] = np.arange(v)
    owner = p.node[p.visit[:, FIRST], CLIENT] if v else np.zeros(0, dtype=np.int64)
    lists[VISITS_OF, :v] = np.argsort(owner, kind="stable")
    client[:, VISITS_TO] = np.cumsum(np.bincount(owner, minlength=c))
    client[1:, VISITS_FROM] = client[:-1, VISITS_TO]
    par = np.zeros(WEIGHTS + RUIN_COUNT, dtype=np.int64)
    par[:PAR_COUNT] = p.par
    par[TOTAL] = constant + int(p.visit[:, PENALTY].sum())
    par[BANKED] = v
    rng = np.random.default_rng(seed)
    par[RANDOM_1], par[RANDOM_2] = rng.integers(1, [M1, M2], dtype=np.int64)
    par[SPANS_COUNT] = r
    prices = p.par[[UNKNOWN_PRICE, EXTRA_PRICE, CHANGE_PRICE]]
    par[PRICED] = int(prices.any() or p.pair_p.any())
    par[PROMISES] = int((p.week[:, :, PROMISED] > 0).any())
    par[MEAN_REMOVED:] = tune
    return Memory(
        node=node,
        visit=visit,
        span=span,
        stop=np.zeros((2 * r, size, STOP_COLUMNS), dtype=np.int32),
        worker=p.worker,
        week=np.ascontiguousarray(week),
        client=client,
        pair=pair,
        leg=_there_and_back(p),
        fit=p.fit,
        seen=np.full((len(p.fit), SEEN_POS + 1), -1, dtype=np.int64),
        near=near,
        lists=lists,
        draft=np.zeros((DRAFT_ROWS, 4 * size + 64), dtype=np.int64),
        par=par,
    )


def copy_memory(mine: NamedTuple, theirs: NamedTuple, par: Int64) -> None:
    """Copy the memory of one search to another's on the same problem.

    ``par`` is the array of mine that holds the random numbers, which stay: from the
    same state the two go different ways.
    """
    drawn = par[[RANDOM_1, RANDOM_2]].copy()
    for to, source in zip(mine, theirs, strict=True):
        if to is not source:
            np.copyto(to, source)
    par[[RANDOM_1, RANDOM_2]] = drawn


def _there_and_back(p: ProblemArrays) -> Int32:
    """Return seconds and amount of each leg, and of the one back."""
    back = (legs.transpose(0, 2, 1) for legs in (p.leg_s, p.leg_p))
    return np.ascontiguousarray(np.stack((p.leg_s, p.leg_p, *back), axis=3))


def _widen(table: Int64, columns: int) -> Int64:
    """Return a copy of a table with further columns of zeros."""
    wide = np.zeros((len(table), columns), dtype=np.int64)
    wide[:, : table.shape[1]] = table
    return wide
