"""Where a previous roster would have each attendance: the offers of a warm start."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import (
    AFTER,
    APART,
    BEFORE_1,
    BEFORE_2,
    CLOSE,
    DUR,
    EARLY,
    FIRST,
    HANDS,
    LATE,
    MAX_GAP,
    MIN_GAP,
    OPEN,
    SHIFT,
    WORKER,
    Int64,
)
from roundplan.domain import Mode


def offers(compiled: CompiledProblem, longest: int) -> tuple[Int64, Int64, Int64]:
    """Return the span and start that a previous roster gives each node.

    Three arrays (N,), the last with 1 for what repeats. -1 where there is no offer: no
    visit before, a worker who may not make it, no shift, or a link that is not
    kept. The start is moved into the visit's window; the span
    is the worker's that holds it, or comes nearest, by the vehicle most came by.
    At most ``longest`` nodes for a span: no round can hold more.
    """
    p = compiled.arrays
    spans = np.full(len(p.node), -1, dtype=np.int64)
    starts = np.full(len(p.node), -1, dtype=np.int64)
    repeats = np.zeros(len(p.node), dtype=np.int64)
    previous = compiled.previous
    if previous is None:
        return spans, starts, repeats
    held: Counter[int] = Counter()
    ways: dict[int, Counter[Mode]] = defaultdict(Counter)
    for v, visit in enumerate(compiled.problem.visits):
        made = previous.made.get(visit.visit_id)
        first = p.visit[v, FIRST]
        early, late = p.node[first, EARLY], p.node[first, LATE]
        if made is None or made.start_s is None or early > late:
            continue
        start = int(min(max(made.start_s, early), late))
        nodes = range(first, first + p.visit[v, HANDS])
        workers = sorted({int(w) for w in p.node[first, [BEFORE_1, BEFORE_2]]})
        for i, r in _best(compiled, nodes, workers, start):
            if held[r] < longest:
                held[r] += 1
                spans[i], starts[i], repeats[i] = r, start, made.repeats
                if mode := made.modes.get(compiled.spans[r].worker_id):
                    ways[r][mode] += 1
    _withdraw_broken_links(compiled, spans, starts, repeats)
    for r, modes in ways.items():
        spans[spans == r] = _by_vehicle(compiled, r, modes)
    return spans, starts, repeats


def kept(compiled: CompiledProblem, at: Int64) -> int:
    """Return how many visits are made by workers who all made them before.

    ``at`` (N,): the span of each node, -1 when absent.
    """
    p = compiled.arrays
    if compiled.previous is None or not len(p.span):
        return 0
    worker = p.span[at, WORKER]
    before = p.node[:, BEFORE_1]
    same = (worker == before) | (worker == p.node[:, BEFORE_2])
    same &= (at >= 0) & (before != -1)
    return int(np.logical_and.reduceat(same, p.visit[:, FIRST]).sum())


def _best(
    compiled: CompiledProblem, nodes: range, workers: list[int], start: int
) -> list[tuple[int, int]]:
    """Return which node goes to which span, so that as many as possible have one."""
    nobody = [-1] * len(nodes)
    options = [
        [(i, _span(compiled, i, w, start)) for i, w in zip(nodes, choice, strict=True)]
        for choice in permutations([*workers, *nobody], len(nodes))
    ]
    placed = [[(i, r) for i, r in option if r >= 0] for option in options]
    return max(placed, key=len)


def _span(compiled: CompiledProblem, i: int, w: int, start: int) -> int:
    """Return the span of a worker in which a node may be made about a start, or -1."""
    p = compiled.arrays
    fit = p.fit[p.fit_at[i, 0] : p.fit_at[i, 1]]
    own = fit[p.span[fit, WORKER] == w]
    if not len(own):
        return -1
    early = p.span[own, OPEN] - start
    late = start + p.node[i, DUR] - p.span[own, CLOSE]
    return int(own[np.argmin(np.maximum(np.maximum(early, late), 0))])


def _by_vehicle(compiled: CompiledProblem, r: int, modes: Counter[Mode]) -> int:
    """Return the span of a shift by the vehicle that visits were mostly made with.

    ``r`` itself, the first span of the shift, where there is none. A round on foot and
    by public transport has legs of both.
    """
    p = compiled.arrays
    on_foot = {Mode.WALK, Mode.TRANSIT}
    own = np.flatnonzero(p.span[:, SHIFT] == p.span[r, SHIFT])
    for mode, _ in modes.most_common():
        like = on_foot if mode in on_foot else {mode}
        for q in own:
            if compiled.vehicles[q] in like:
                return int(q)
    return r


def _withdraw_broken_links(
    compiled: CompiledProblem, spans: Int64, starts: Int64, repeats: Int64
) -> None:
    """Take back what is offered a visit that would break its link to the one before.

    What repeats is put in one by one after the others, the gaps being tested then.
    """
    p = compiled.arrays
    for v in np.flatnonzero(p.visit[:, AFTER] >= 0):
        first, hands = p.visit[v, [FIRST, HANDS]]
        own = slice(first, first + hands)
        there = p.visit[p.visit[v, AFTER], FIRST]
        other = slice(there, there + p.visit[p.visit[v, AFTER], HANDS])
        if starts[own].max() < 0 or starts[other].max() < 0:
            continue
        if repeats[own].any() or repeats[other].any():
            continue
        gap = starts[own].max() - starts[other].max()
        fits = p.visit[v, MIN_GAP] <= gap <= p.visit[v, MAX_GAP]
        if p.visit[v, APART] and fits:
            workers = [p.span[spans[s][spans[s] >= 0], WORKER] for s in (own, other)]
            fits = not np.isin(*workers).any()
        if not fits:
            spans[own] = starts[own] = -1
