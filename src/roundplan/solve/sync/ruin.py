"""Taking visits out: strings of neighbours in space, or in space and time.

References
----------
.. [1] Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for
   vehicle routing problems. *Transportation Science*, 54(2): 417-433.
"""

from __future__ import annotations

from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.draws import below
from roundplan.solve.sync.places import take_out
from roundplan.solve.sync.state import (
    AT,
    BEGIN,
    END,
    FIRST,
    HANDS,
    LEN,
    MARK,
    MEAN_REMOVED,
    NEXT,
    PARTNER,
    PREV,
    RUINED_AT,
)

NEAR, NEAR_IN_TIME, ROUNDS = range(3)
RUINS = ("near", "near_in_time", "rounds")

LONGEST_STRING = 10
PARTNER_PERCENT = 80
"""How often the other visit of a pair is taken out with the first."""


@kernel
def remove(m, i):
    """Take a node out, and often what it is linked to."""
    take_out(m, i)
    o = m.node[i, PARTNER]
    if o >= 0 and m.node[o, AT] >= 0 and below(m.par, 100) < PARTNER_PERCENT:
        take_out(m, o)


@kernel
def remove_string(m, i, length):
    """Remove ``length`` visits in a row, node ``i`` among them.

    Half the time some in the middle are kept.
    """
    node = m.node
    r = node[i, AT]
    n = m.span[r, LEN]
    length = min(length, n)
    keep = 0
    if length > 1 and length < n and below(m.par, 2) == 0:
        keep = 1
        while length + keep < n and below(m.par, 2) == 0:
            keep += 1
    size = length + keep
    pos = 0
    j = node[i, PREV]
    while j != m.span[r, BEGIN]:
        pos += 1
        j = node[j, PREV]
    low = max(0, pos - size + 1)
    high = min(pos, n - size)
    back = pos - low - below(m.par, high - low + 1)
    kept_from = 1 + below(m.par, length - 1) if keep > 0 else -1
    j = i
    for _ in range(back):
        j = node[j, PREV]
    for k in range(size):
        after = node[j, NEXT]
        if keep == 0 or k < kept_from or k >= kept_from + keep:
            remove(m, j)
        if after == m.span[r, END] or node[after, AT] != r:
            break
        j = after


@kernel
def ruin_strings(m, v, which):
    """Remove strings through the visits nearest to ``v``, one a round."""
    longest = 1 + below(m.par, LONGEST_STRING)
    strings = 1 + below(m.par, max(1, 4 * m.par[MEAN_REMOVED] // (1 + longest)))
    for u in range(-1, m.near.shape[2]):
        visit = v if u < 0 else m.near[which, v, u]
        if visit < 0 or strings == 0:
            break
        i = m.visit[visit, FIRST] + below(m.par, m.visit[visit, HANDS])
        r = m.node[i, AT]
        if r < 0 or m.span[r, RUINED_AT] == m.par[MARK]:
            continue
        m.span[r, RUINED_AT] = m.par[MARK]
        remove_string(m, i, 1 + below(m.par, longest))
        strings -= 1


@kernel
def ruin_rounds(m, v):
    """Empty the round of a visit."""
    i = m.visit[v, FIRST]
    r = m.node[i, AT]
    if r < 0:
        return
    j = m.node[m.span[r, BEGIN], NEXT]
    while j != m.span[r, END]:
        after = m.node[j, NEXT]
        remove(m, j)
        if m.node[after, AT] != r:
            break
        j = after


@kernel
def ruin(m):
    """Take some visits out; return which way, and around which visit."""
    v = below(m.par, len(m.visit))
    draw = below(m.par, 100)
    if draw < 49:
        ruin_strings(m, v, NEAR)
        return NEAR, v
    if draw < 98:
        ruin_strings(m, v, NEAR_IN_TIME)
        return NEAR_IN_TIME, v
    ruin_rounds(m, v)
    return ROUNDS, v
