"""Which spans are taken for equal in a lower bound, and what the bound leaves out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER, Int64, ProblemArrays
from roundplan.solve.columns.graph import Graph, graph_of
from roundplan.solve.columns.pool import CHANGES, dependences, group_spans

MOST_PAIRS = 20_000_000
"""Pairs of visits in all graphs together, at most; what follows a visit is a pair."""


@dataclass(slots=True)
class Group:
    """Spans that are taken for equal, and what a round of one of them may be."""

    spans: Int64
    graph: Graph


def groups_of(
    compiled: CompiledProblem, *, coarse: bool
) -> tuple[list[Group], tuple[str, ...]] | None:
    """Return the groups of a problem, and what a bound over their rounds leaves out.

    Spans that differ in nothing are a group; ``coarse`` all that have the same hours
    and vehicle. None where the graphs are too large.
    """
    p = compiled.arrays
    reasons = _left_out(compiled)
    number = group_spans(p)
    if coarse:
        columns = [of.SPAN_DAY, of.OPEN, of.CLOSE, of.LAYER]
        _, like = np.unique(p.span[:, columns], axis=0, return_inverse=True)
        number = np.where(number >= 0, like.reshape(-1), -1)
        reasons.append(
            "which workers on like shifts may make a visit, and at what price"
        )
    if _pairs(p, number) > MOST_PAIRS:
        return None
    spans = [np.flatnonzero(number == g) for g in np.unique(number[number >= 0])]
    return [Group(each, graph_of(p, each)) for each in spans], tuple(reasons)


def constant_of(p: ProblemArrays) -> int:
    """Return the amount of training and meetings, which no roster can change."""
    blocks = p.span[p.span[:, of.IS_BLOCK] == 1]
    return int(((blocks[:, of.CLOSE] - blocks[:, of.OPEN]) * blocks[:, of.RATE]).sum())


def _pairs(p: ProblemArrays, number: Int64) -> int:
    """Return how many pairs of visits the graphs of a grouping would hold."""
    fits = np.zeros((int(number.max(initial=-1)) + 1, len(p.node)), dtype=np.bool_)
    for i, (low, high) in enumerate(p.fit_at):
        groups = number[p.fit[low:high]]
        fits[groups[groups >= 0], i] = True
    return int((fits.sum(axis=1, dtype=np.int64) ** 2).sum())


def _left_out(compiled: CompiledProblem) -> list[str]:
    """Return the rules and prices that paths through graphs do not know, in words."""
    p = compiled.arrays
    # a price of changes is a worker's at a visit, which the graphs do know
    reasons = [r for r in dependences(compiled) if r != CHANGES]
    priced = (p.node[:, [of.W_PREF, of.W_LATE]] > 0).any() and p.par[of.TIMED]
    tests = (
        (
            priced,
            "preferred starts and lateness beyond what the order of visits forces",
        ),
        ((p.span[:, of.RATE] > 0).any(), "waits beyond what the windows force"),
        ((p.span[:, of.BREAK_DUE] < NEVER).any(), "breaks"),
        ((p.week[:, :, of.MOST] < NEVER).any(), "maximum hours"),
        ((p.week[:, :, of.AVERAGE_CAP] < NEVER).any(), "average hours"),
        (
            (p.span[:, of.REST] > 0).any()
            and len(np.unique(p.span[:, of.SPAN_DAY])) > 1,
            "daily rest",
        ),
        ((p.week[:, :, of.REST_FROM] >= 0).any(), "weekly rest"),
    )
    return [*reasons, *(words for found, words in tests if found)]
