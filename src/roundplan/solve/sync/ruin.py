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
    DUE,
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
    T,
)

NEAR, NEAR_IN_TIME, LATE_FIRST = range(3)
RUINS = ("near", "near_in_time", "late")

LONGEST_STRING = 10
PARTNER_PERCENT = 80
"""How often the other visit of a pair is taken out with the first."""

LATE_PERCENT = 25
DRAWN = 7
"""How often to begin at a late visit, and of how many more the latest is taken."""


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
def late_visit(m, v):
    """Return the latest to start of ``v`` and some other visits, drawn at random."""
    node = m.node
    late = node[m.visit[v, FIRST], T] - node[m.visit[v, FIRST], DUE]
    for _ in range(DRAWN):
        u = below(m.par, len(m.visit))
        i = m.visit[u, FIRST]
        if node[i, AT] >= 0 and node[i, T] - node[i, DUE] > late:
            late = node[i, T] - node[i, DUE]
            v = u
    return v


@kernel
def ruin(m):
    """Take some visits out; return which way, and around which visit."""
    v = below(m.par, len(m.visit))
    kind = below(m.par, 100)
    which = below(m.par, 2)
    if kind < LATE_PERCENT:
        v = late_visit(m, v)
        ruin_strings(m, v, which)
        return LATE_FIRST, v
    ruin_strings(m, v, which)
    return which, v
