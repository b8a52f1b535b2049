"""The rounds of a group that cost less than what they serve is worth.

A label is a path through the group's graph: where and when it is, what it costs at the
prices of visits, which visits it remembers (ng-routes [1]_), and the cuts that it has
touched an odd number of times [2]_ [3]_. It is dropped where another at the same stop
is no later, no dearer and remembers no more. Prices and costs are whole amounts:
nothing is rounded up.

References
----------
.. [1] Baldacci, R., Mingozzi, A., Roberti, R. (2011). New route relaxation and pricing
   strategies for the vehicle routing problem. *Operations Research*, 59(5): 1269-1283.
.. [2] Jepsen, M., Petersen, B., Spoorendonk, S., Pisinger, D. (2008). Subset-row
   inequalities applied to the vehicle-routing problem with time windows. *Operations
   Research*, 56(2): 497-511.
.. [3] Pecin, D., Pessoa, A., Poggi, M., Uchoa, E. (2017). Improved branch-cut-and-price
   for capacitated vehicle routing. *Mathematical Programming Computation*, 9: 61-100
   (cuts with a limited memory).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from roundplan.arrays.layout import Int64
from roundplan.solve.columns.graph import Graph

AT, COST, MASK, CUTS, BESIDE, BEHIND, STOP, BEFORE = range(8)
"""columns of a label, one line of the processor's cache: start; cost; memory; cuts
touched once; next label of the stop; of the bucket; stop; label before, -1 for none"""

ROOM = 1 << 14
"""Labels for which there is room at first."""

TRIED, ASKED = range(2)
"""columns of prices: those that the bound is for, and those of the linear programme"""

SPENT = 1
"""column of the second array of labels: the cost at no prices"""


class Marks(NamedTuple):
    """The cuts as a group's graph sees them, Q in all.

    ``at`` (n + 1,), ``cut`` (b,), ``inside`` (b,): the cuts that are remembered at each
    stop, and whether it is one of the cut's visits; at most 62 for a stop. ``bit``
    (n, Q) int8: which bit a cut has at a stop, -1 for none.
    """

    at: Int64
    cut: Int64
    inside: Int64
    bit: np.ndarray


@njit(cache=True, nogil=True)
def _touch(state, i, j, marks, fine):
    """Return the cuts touched once after a step from i to j, and the fine, twice."""
    touched = np.int64(0)
    extra = np.int64(0)
    twice = np.int64(0)
    for b in range(marks.at[j], marks.at[j + 1]):
        q = marks.cut[b]
        once = False
        if state:
            bit = marks.bit[i, q]
            once = bit >= 0 and (state >> bit) & 1 == 1
        if marks.inside[b]:
            if once:
                extra += fine[q, 0]
                twice += fine[q, 1]
            once = not once
        if once:
            touched |= np.int64(1) << (b - marks.at[j])
    return touched, extra, twice


@njit(cache=True, nogil=True)
def _owed(touched, j, marks, fine):
    """Return the fines of cuts that are touched at a stop."""
    total = np.int64(0)
    b = marks.at[j]
    while touched:
        if touched & 1:
            total += fine[marks.cut[b], 0]
        touched >>= 1
        b += 1
    return total


@njit(cache=True, nogil=True)
def _remembers(known, g, i, j, begin):
    """Return the memory after a step from i to j, -1 where j has been made before."""
    width = g.memory.shape[1]
    for b in range(width):
        if (known >> b) & 1 and g.memory[i, b] == j:
            return np.int64(-1)
    mask = np.int64(0)
    ready = begin + g.time[j, 2]
    for b in range(width):
        v = g.memory[j, b]
        if v < 0:
            break
        # what cannot come again need not be remembered
        if ready > g.time[v, 1]:
            continue
        if v == i:
            mask |= np.int64(1) << b
        elif known:
            for a in range(width):
                if (known >> a) & 1 and g.memory[i, a] == v:
                    mask |= np.int64(1) << b
    return mask


@njit(cache=True, nogil=True)
def _away(kink, start):
    """Return the least price of a start from now on."""
    price = np.int64(0)
    if kink[1] > 0 and start > kink[0]:
        price += (start - kink[0]) * kink[1]
    if kink[3] > 0 and start > kink[2]:
        price += (start - kink[2]) * kink[3]
    return price


@njit(cache=True, nogil=True)
def make_labels(g, price, marks, fine, size, most):
    """Make all labels of a group, in order of time.

    Parameters
    ----------
    price
        (n, 2): what each stop is worth, TRIED and ASKED.
    fine
        (Q, 2): what each cut costs a path that makes two of its visits.
    size, most
        Room for labels at first, and at the most.

    Returns
    -------
    tuple
        The labels, none if there would be too many; their cost at ASKED, and at no
        prices (2 columns); whether each is dominated.
    """
    n = len(g.base)
    start = np.int64(1) << 40
    end = np.int64(0)
    for stop in range(n):
        start = min(start, np.int64(g.time[stop, 0]))
        end = max(end, np.int64(g.time[stop, 1]))
    width = g.width[0]
    buckets = max(1, (end - start) // width + 1)
    lab = np.empty((size, 8), np.int64)
    asked = np.empty((size, 2), np.int64)
    dead = np.zeros(size, np.bool_)
    of_stop = np.full(n, -1, np.int64)
    of_bucket = np.full(buckets, -1, np.int64)
    count = 0
    bucket = -1
    current = np.int64(-1)
    while True:
        # the first turn makes the labels of one visit; then bucket by bucket
        if current < 0:
            i = np.int64(-1)
            low, high = np.int64(0), np.int64(n)
        else:
            i = lab[current, STOP]
            low, high = g.at[i], g.at[i + 1]
            if dead[current]:
                high = low
        for k in range(low, high):
            if i < 0:
                j = np.int64(k)
                begin = g.first[j, 0]
                if begin > g.time[j, 1]:
                    continue
                c = g.first[j, 1]
                d = c
                real = c
                mask = np.int64(0)
                cuts, extra, twice = _touch(np.int64(0), j, j, marks, fine)
            else:
                j = g.to[k]
                begin = lab[current, AT] + g.time[i, 2] + g.need[k]
                begin = max(begin, g.time[j, 0])
                if begin > g.time[j, 1]:
                    continue
                mask = _remembers(lab[current, MASK], g, i, j, begin)
                if mask < 0:
                    continue
                c = lab[current, COST] + g.cost[k]
                d = asked[current, 0] + g.cost[k]
                real = asked[current, 1] + g.cost[k]
                cuts, extra, twice = _touch(lab[current, CUTS], i, j, marks, fine)
            fixed = g.base[j] + _away(g.kink[j], begin)
            c += fixed + extra - price[j, 0]
            d += fixed + twice - price[j, 1]
            real += fixed
            worse = False
            last = np.int64(-1)
            other = of_stop[j]
            while other >= 0:
                row = lab[other]
                after = row[BESIDE]
                kept = True
                if row[AT] <= begin and row[COST] <= c and row[MASK] & ~mask == 0:
                    owed = _owed(row[CUTS] & ~cuts, j, marks, fine)
                    worse = row[COST] + owed <= c
                    if worse:
                        break
                if begin <= row[AT] and c <= row[COST] and mask & ~row[MASK] == 0:
                    owed = _owed(cuts & ~row[CUTS], j, marks, fine)
                    kept = c + owed > row[COST]
                if kept:
                    last = other
                else:
                    dead[other] = True
                    if last < 0:
                        of_stop[j] = after
                    else:
                        lab[last, BESIDE] = after
                other = after
            if worse:
                continue
            if count == size:
                if size >= most:
                    return lab[:0], asked[:0], dead[:0]
                size *= 2
                more_lab = np.empty((size, 8), np.int64)
                more_lab[:count] = lab
                lab = more_lab
                more_asked = np.empty((size, 2), np.int64)
                more_asked[:count] = asked
                asked = more_asked
                more_dead = np.zeros(size, np.bool_)
                more_dead[:count] = dead
                dead = more_dead
            b = (begin - start) // width
            lab[count, AT] = begin
            lab[count, COST] = c
            lab[count, MASK] = mask
            lab[count, CUTS] = cuts
            lab[count, BESIDE] = of_stop[j]
            lab[count, BEHIND] = of_bucket[b]
            lab[count, STOP] = j
            lab[count, BEFORE] = current
            asked[count, 0] = d
            asked[count, 1] = real
            of_stop[j] = count
            of_bucket[b] = count
            count += 1
        if current >= 0:
            current = lab[current, BEHIND]
        while current < 0 and bucket + 1 < buckets:
            bucket += 1
            current = of_bucket[bucket]
        if current < 0:
            return lab[:count], asked[:count], dead[:count]


@njit(cache=True, nogil=True)
def paths(order, lab, stops, cover):
    """Return labels and their paths, best first; none serves a stop yet again.

    ``cover`` is how often one stop may be served.
    """
    served = np.zeros(stops, np.int64)
    found = []
    label = []
    path = np.empty(stops + len(lab), np.int64)
    for k in order:
        length = 0
        full = False
        at = np.int64(k)
        while at >= 0:
            path[length] = lab[at, STOP]
            full |= served[lab[at, STOP]] >= cover
            length += 1
            at = lab[at, BEFORE]
        if full:
            continue
        for b in range(length):
            served[path[b]] += 1
        found.append(path[:length][::-1].copy())
        label.append(k)
    return label, found


class Ways(NamedTuple):
    """The least that a path still costs: of the visits from a stop on, by its start.

    Of stop j, entries ``at[j]`` to ``at[j + 1]``: ``start``, falling, and the ``cost``
    from j on, j included, of a path that starts there by then.
    """

    at: Int64
    start: Int64
    cost: Int64


@njit(cache=True, nogil=True)
def _onward(ways, j, begin):
    """Return the least cost from j on, started at ``begin``; huge if there is none."""
    low, high = ways.at[j], ways.at[j + 1]
    while low < high:  # the last entry that starts no earlier
        middle = (low + high) // 2
        if ways.start[middle] >= begin:
            low = middle + 1
        else:
            high = middle
    if low == ways.at[j]:
        return np.int64(1) << 50
    return ways.cost[low - 1]


@njit(cache=True, nogil=True)
def needed_arcs(g, lab, dead, ways, worth):
    """Return which arcs are in a path that costs at most ``worth``."""
    keep = np.zeros(len(g.to), np.bool_)
    for current in range(len(lab)):
        if dead[current]:
            continue
        i = lab[current, STOP]
        ready = lab[current, AT] + g.time[i, 2]
        for k in range(g.at[i], g.at[i + 1]):
            if keep[k]:
                continue
            j = g.to[k]
            begin = max(ready + g.need[k], g.time[j, 0])
            if begin > g.time[j, 1]:
                continue
            if lab[current, COST] + g.cost[k] + _onward(ways, j, begin) <= worth:
                keep[k] = True
    return keep


@njit(cache=True, nogil=True)
def all_paths(g, price, marks, fine, ways, worth, most):
    """Return every path without a visit twice that costs at most ``worth``.

    Depth first; a path whose cheapest end is dearer is not followed. A cut counts for
    the whole path, whatever is remembered.

    Returns
    -------
    tuple
        Stops, path after path; where each begins; its amount at no prices. No stops
        and no paths when there are more than ``most``, and True.
    """
    n = len(g.base)
    stops = np.empty(1024, np.int64)
    begins = np.empty(256, np.int64)
    amounts = np.empty(256, np.int64)
    total = 0
    count = 0
    path = np.empty(n + 1, np.int64)
    arc = np.empty(n + 1, np.int64)
    when = np.empty(n + 1, np.int64)
    cost = np.empty(n + 1, np.int64)
    real = np.empty(n + 1, np.int64)
    used = np.zeros(n, np.bool_)
    seen = np.zeros(len(fine), np.int64)
    tries = 0
    for first in range(n):
        if g.first[first, 0] > g.time[first, 1]:
            continue
        depth = 0
        j = np.int64(first)
        begin = g.first[j, 0]
        before, spent = g.first[j, 1], g.first[j, 1]
        if before + _onward(ways, j, begin) > worth:
            continue
        while True:
            # take up stop j at this depth
            fixed = g.base[j] + _away(g.kink[j], begin)
            path[depth], when[depth], arc[depth] = j, begin, g.at[j]
            used[j] = True
            c = before + fixed - price[j, 0]
            for b in range(marks.at[j], marks.at[j + 1]):
                if marks.inside[b]:
                    q = marks.cut[b]
                    seen[q] += 1
                    if seen[q] == 2:
                        c += fine[q, 0]
            cost[depth], real[depth] = c, spent + fixed
            if begin <= g.last[j, 0] and c + g.last[j, 1] <= worth:
                if count == most:
                    return stops[:0], begins[:0], amounts[:0], True
                if count + 1 >= len(begins):
                    begins = _longer(begins)
                    amounts = _longer(amounts)
                while total + depth + 1 > len(stops):
                    stops = _longer(stops)
                begins[count] = total
                amounts[count] = real[depth] + g.last[j, 1]
                stops[total : total + depth + 1] = path[: depth + 1]
                total += depth + 1
                count += 1
            # go on to the next stop that is worth it, or back
            found = False
            while depth >= 0 and not found:
                i = path[depth]
                k = arc[depth]
                if k == g.at[i + 1]:
                    used[i] = False
                    for b in range(marks.at[i], marks.at[i + 1]):
                        if marks.inside[b]:
                            seen[marks.cut[b]] -= 1
                    depth -= 1
                    continue
                arc[depth] += 1
                j = g.to[k]
                if used[j]:
                    continue
                begin = max(when[depth] + g.time[i, 2] + g.need[k], g.time[j, 0])
                if begin > g.time[j, 1]:
                    continue
                before = cost[depth] + g.cost[k]
                if before + _onward(ways, j, begin) > worth:
                    continue
                spent = real[depth] + g.cost[k]
                tries += 1
                if tries > 400 * most:
                    return stops[:0], begins[:0], amounts[:0], True
                depth += 1
                found = True
            if not found:
                break
    return stops[:total], begins[:count], amounts[:count], False


@njit(cache=True, nogil=True)
def _longer(values):
    """Return an array with twice the room."""
    found = np.empty(2 * len(values), values.dtype)
    found[: len(values)] = values
    return found


pricing = (make_labels, paths, needed_arcs, all_paths)
"""The compiled functions that Python calls."""


def ways_of(g: Graph, lab: Int64, dead: np.ndarray, end: int) -> Ways:
    """Return what a path still costs from the labels of the graph turned round.

    ``end`` is the second that the turned time counts from.
    """
    alive = np.flatnonzero(~dead)
    stop = lab[alive, STOP]
    start = end - lab[alive, AT] - g.time[stop, 2]
    order = np.lexsort((-start, stop))
    stop, start, cost = stop[order], start[order], lab[alive, COST][order]
    at = np.searchsorted(stop, np.arange(len(g.base) + 1))
    for low, high in pairwise(at):
        cost[low:high] = np.minimum.accumulate(cost[low:high])
    return Ways(at.astype(np.int64), start, cost)
