"""The flat arrays of a problem: names of columns, dtypes, shapes and units.

Everything is int64 unless said otherwise, C-contiguous, times in seconds of the
horizon, prices in amounts (1/3600 penny). Rows of facts about one thing sit side by
side, because the search reads them together; the constants below name the columns.

A *node* is one attendance: a double-handed visit has two, next to each other. A *span*
is a work shift by one of its worker's vehicles, which can hold a round, or a training
or meeting block, which is a round that never changes. A shift has as many spans as its
worker has vehicles, next to each other, and at most one of them has visits. The spans
of a worker are neighbours, in order of time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int16 = npt.NDArray[np.int16]

NEVER = 1 << 40
"""A bound that nothing reaches, in seconds."""

NO_WAY_S = 1 << 30
"""Travel seconds of an unreachable leg: later than any horizon, so that every test
of time fails. It never leaves the search."""

# columns of ``node``
(
    VISIT,
    CLIENT,
    PLACE,
    EARLY,
    DUE,
    LATE,
    DUR,
    PREF,
    W_PREF,
    W_LATE,
    MATE,
    BLOCK,
    DAY,
    FIXED,
    BEFORE_1,
    BEFORE_2,
) = range(16)
NODE_COLUMNS = 16
"""visit; client; place; earliest start; latest start without lateness; latest start;
length; preferred start or -1; amount per second from it; amount per second late;
the other node of a double-handed visit or -1; continuity block; day; 1 when its start
stays as it was placed, because another visit's start hangs on it (double-handed or
linked); the workers of the previous roster: -1 for none, NO_LONGER for one whom the
problem does not have."""

NO_LONGER = -2
"""A previous worker who is no worker any more: whoever comes now is another."""

# columns of ``visit``
FIRST, HANDS, PENALTY, AFTER, MIN_GAP, MAX_GAP, APART = range(7)
VISIT_COLUMNS = 7
"""first node; number of nodes; amount when unassigned; the visit it follows or -1;
smallest and largest gap to it, start to start; 1 when nobody may make both."""

# columns of ``span``
(
    WORKER,
    WEEK,
    SPAN_DAY,
    OPEN,
    CLOSE,
    FROM,
    TO,
    FROM_HOME,
    TO_HOME,
    LAYER,
    RATE,
    REST,
    BREAK_DUE,
    IS_BLOCK,
    SHIFT,
) = range(15)
SPAN_COLUMNS = 15
"""worker; ISO week of the horizon; day; start and end; start and end place or -1;
1 when that place is the worker's home (an unpaid leg outside the shift); travel layer;
pay, pence an hour; rest needed since the day before; working time above which the
day needs a break; 1 for a training or meeting block; the first span of the same
shift."""

# columns of ``worker``
FIRST_SPAN, SPANS, HOME_COUNTS = range(3)
WORKER_COLUMNS = 3
"""first span; number of spans; 1 when home legs are working time (no fixed base)."""

# last axis of ``week``
PROMISED, CONTRACTED, MOST, WEEK_RATE, AVERAGE_CAP, REST_FROM, REST_TO = range(7)
WEEK_COLUMNS = 7
"""guaranteed seconds, and seconds above which overtime is due, both prorated; largest
working time; pay, pence an hour; largest working time from week 0 to this one; start
and end of the week when a 24-hour rest must be found in it, else -1."""

# entries of ``par``
(
    BUFFER,
    GAP_MAX,
    BREAK_S,
    WEEKLY_REST,
    HOME_PRICE,
    UNKNOWN_PRICE,
    EXTRA_PRICE,
    OVERTIME,
    TIMED,
    CHANGE_PRICE,
    LARGEST_PRICE,
    VEHICLES,
) = range(12)
PAR_COUNT = 12
"""buffer after a leg that moves; longest paid wait; length of a break; weekly rest;
amount per second of home leg; of an unknown worker; of a worker beyond the team;
overtime premium in per cent; 1 when the moment of a start has a price, so that the
cost of a place in a round is more than its travel; amount of an attendance by somebody
else than in the previous roster; amount per second of the largest lateness; 1 when a
shift has several spans."""


class ProblemArrays(NamedTuple):
    """All the search knows of a problem.

    Shapes: N nodes, V visits, C clients, W workers, K weeks, R spans, M places, Y
    travel layers.

    ``node`` (N, NODE_COLUMNS); ``visit`` (V, VISIT_COLUMNS); ``span``
    (R, SPAN_COLUMNS); ``worker`` (W, WORKER_COLUMNS); ``week`` (W, K, WEEK_COLUMNS).

    ``leg_s`` int32 (Y, M, M): paid seconds of a leg, travel and parking, rounded;
    ``NO_WAY_S`` where there is none. ``leg_p`` int32 (Y, M, M): amount of a paid leg
    apart from pay.

    ``pair_p`` (C, W): amount of one attendance of a worker at a client, apart
    from continuity. ``known_to`` int16 (C, W): last day on which the worker is known
    without a visit in this roster, -1 for none. ``team`` (C,): team size.

    ``fit`` int32 with ``fit_at`` (N, 2): spans in which each node may be made, from
    and to. ``first_link`` (V,), ``next_link`` (V,): the visits that follow a visit, as
    a list that ends with -1.
    ``par`` (PAR_COUNT,).
    """

    node: Int64
    visit: Int64
    span: Int64
    worker: Int64
    week: Int64
    leg_s: Int32
    leg_p: Int32
    pair_p: Int64
    known_to: Int16
    team: Int64
    fit: Int32
    fit_at: Int64
    first_link: Int64
    next_link: Int64
    par: Int64
