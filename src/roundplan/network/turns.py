"""Turn restrictions: which of OpenStreetMap's relations bind a car, and to what.

A restriction is a relation of a way from which, a node or ways via which, and a way to
which one may not turn (``no_*``) or must (``only_*``) [1]_. On the graph it becomes
*bans*: sequences of directed edges that no leg may have in a row. ``only_*`` is a ban
on each other way out. What names the car goes before what names all vehicles;
``except`` may let the car off.

References
----------
.. [1] OpenStreetMap Wiki, *Relation:restriction*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from roundplan.network.graph import ModeGraph
from roundplan.network.opening import clauses
from roundplan.network.source import OsmRelation
from roundplan.network.topology import CLOSED_MS

CAR = ("motorcar", "motor_vehicle", "vehicle")
"""Vehicles whose restrictions bind a car, the most specific first."""

_KINDS = frozenset(
    f"{word}_{turn}"
    for word in ("no", "only")
    for turn in ("left_turn", "right_turn", "straight_on", "u_turn")
) | {"no_entry", "no_exit"}

_LONGEST = 60
"""Edges of the ways via which a restriction goes, at most."""

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A relation that binds a car.

    ``condition`` is in the form of ``*:conditional``: ``no @ (hours)`` while it holds.
    Exactly one of ``via_node`` and ``via_ways`` is given.
    """

    kind: str
    from_ways: frozenset[int]
    to_ways: frozenset[int]
    via_node: int | None
    via_ways: tuple[int, ...]
    condition: str = ""


def restriction_of(relation: OsmRelation) -> Restriction | str:
    """Return what a relation asks of a car, or in words why it asks nothing."""
    tags = relation.tags
    exempt = {word.strip() for word in tags.get("except", "").split(";")}
    if exempt & set(CAR):
        return "cars are exempt"
    # an older form names the vehicle in the type: restriction:hgv
    vehicle = tags.get("type", "").partition(":")[2]
    if vehicle not in ("", "conditional", *CAR):
        return "for other vehicles"
    names = [*(f"restriction:{vehicle}" for vehicle in CAR), "restriction"]
    kind = condition = ""
    for name in names:
        if name in tags:
            kind = tags[name].strip()
            break
        if (text := tags.get(f"{name}:conditional")) is not None:
            kind = text.split("@")[0].strip()
            condition = re.sub(r"\b(?:no|only)_\w+", "no", text).strip()
            break
    if not kind:
        return "for other vehicles"
    if kind not in _KINDS:
        return "of a kind that is not known"
    if condition and not clauses(condition)[0]:
        return "for other vehicles"

    def members(role: str, type_: str) -> list[int]:
        return [m.ref for m in relation.members if m.role == role and m.type == type_]

    nodes, ways = members("via", "node"), members("via", "way")
    start, end = members("from", "way"), members("to", "way")
    many = len(start) > 1 and kind != "no_entry"
    many |= len(end) > 1 and kind != "no_exit"
    if not start or not end or many or len(nodes) + bool(ways) != 1:
        return "incomplete"
    return Restriction(
        kind=kind,
        from_ways=frozenset(start),
        to_ways=frozenset(end),
        via_node=nodes[0] if nodes else None,
        via_ways=tuple(ways),
        condition=condition,
    )


def with_turns(
    graph: ModeGraph, relations: Iterable[OsmRelation]
) -> tuple[ModeGraph, dict[str, int]]:
    """Return a graph with the bans of its relations, and how many do what.

    The counts are by kind for those that bind, and ``left out, <reason>`` for others.
    """
    streets = _Streets(graph)
    counts: Counter[str] = Counter()
    bans: list[tuple[tuple[int, ...], str]] = []
    for relation in relations:
        asked = restriction_of(relation)
        found = asked if isinstance(asked, str) else streets.bans(asked)
        if isinstance(asked, str) or isinstance(found, str):
            counts[f"left out, {found}"] += 1
            continue
        counts[asked.kind + (", by hours" if asked.condition else "")] += 1
        bans += [(ban, asked.condition) for ban in found]
    bans = sorted(set(bans))
    texts = {text for _, text in bans if text}
    conditions = (*graph.conditions, *sorted(texts - set(graph.conditions)))
    number = {"": -1, **{text: i for i, text in enumerate(conditions)}}
    sizes = [len(ban) for ban, _ in bans]
    return (
        replace(
            graph,
            conditions=conditions,
            ban_edges=np.array([c for ban, _ in bans for c in ban], dtype=np.int32),
            ban_start=np.cumsum([0, *sizes]).astype(np.int32),
            ban_condition=np.array([number[t] for _, t in bans], dtype=np.int32),
        ),
        dict(sorted(counts.items())),
    )


class _Streets:
    """Directed edges: ``2 * edge`` along it, ``2 * edge + 1`` against it."""

    def __init__(self, graph: ModeGraph) -> None:
        both = [graph.tail, graph.head]
        self.tail = np.stack(both, axis=1).reshape(-1)
        self.head = np.stack(both[::-1], axis=1).reshape(-1)
        times = np.stack([graph.forward_ms, graph.backward_ms], axis=1).reshape(-1)
        self.open = times != CLOSED_MS
        self.way = np.repeat(graph.way_ids, 2)
        self.node_id = graph.node_ids
        codes = np.flatnonzero(self.open)
        order = codes[np.argsort(self.tail[codes], kind="stable")]
        self._out = order
        self._first = np.searchsorted(
            self.tail[order], np.arange(len(graph.node_ids) + 1)
        )

    def out(self, code: int) -> list[int]:
        """Return the directed edges that begin where one ends."""
        node = self.head[code]
        found: list[int] = self._out[self._first[node] : self._first[node + 1]].tolist()
        return found

    def on(self, ways: Iterable[int]) -> list[int]:
        """Return the directed edges of some ways."""
        mine = np.isin(self.way, list(ways)) & self.open
        found: list[int] = np.flatnonzero(mine).tolist()
        return found

    def bans(self, asked: Restriction) -> list[tuple[int, ...]] | str:
        """Return the sequences that a restriction forbids, or why there are none."""
        begins = self.on(asked.from_ways)
        if asked.via_node is not None:
            at = asked.via_node
            begins = [c for c in begins if self.node_id[self.head[c]] == at]
            paths: list[tuple[int, ...]] = [(c,) for c in begins]
        else:
            paths = [p for c in begins for p in self._along(c, asked.via_ways)]
        turns: list[tuple[int, ...]] = [
            (*path, code)
            for path in paths
            for code in self.out(path[-1])
            if self.way[code] in asked.to_ways
        ]
        if not turns:
            return "between streets where no car turns so"
        # Of a way that runs on through the node, which side is meant is not known.
        sides = {(self.way[t[0]], t[0]) for t in turns}
        ends = {(self.way[t[-1]], t[-1]) for t in turns}
        ways = {self.way[t[0]] for t in turns}, {self.way[t[-1]] for t in turns}
        if len(sides) > len(ways[0]) or len(ends) > len(ways[1]):
            return "ambiguous, on a way that runs through"
        if asked.kind.startswith("no_"):
            return turns
        wanted = set(turns)
        return [
            ban
            for path in {turn[:-1] for turn in turns}
            for code in self.out(path[-1])
            if (ban := (*path, code)) not in wanted
        ]

    def _along(self, begin: int, via: Sequence[int]) -> list[tuple[int, ...]]:
        """Return the paths from an edge along all of the ways via which one goes."""
        found: list[tuple[int, ...]] = []
        left: list[tuple[tuple[int, ...], int]] = [((begin,), -1)]
        while left:
            path, stage = left.pop()
            if stage == len(via) - 1:
                found.append(path)
            if len(path) > _LONGEST:
                continue
            for code in self.out(path[-1]):
                if code in path or code ^ 1 == path[-1]:
                    continue
                for further in (stage, stage + 1):
                    if 0 <= further < len(via) and self.way[code] == via[further]:
                        left.append(((*path, code), further))
                        break
        return found
