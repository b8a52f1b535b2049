"""What streets become: cut short, narrowed to paths, one-way, private."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.datasets.chance import Dice
from roundplan.datasets.town.plan import (
    Cell,
    Kind,
    Line,
    Plan,
    along,
    distance,
)

NARROW, DEAD_END, ONE_WAY = 0.10, 0.16, 0.22
"""Shares of the streets that nothing leads off from."""

NO_CONTRAFLOW = 0.6
"""Share of the one-way streets that bicycles must obey too."""

ALLEY, PRIVATE = 0.20, 0.07
"""Shares of the blocks with a path through, or a private yard."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Where a street ends short of a barrier."""

    line: Line
    barrier: Line
    at_barrier: int
    end: int


def cut_at_barriers(plan: Plan, barriers: list[Line], dice: Dice) -> list[Stub]:
    """End every residential street short of the canal or railway that it meets."""
    stubs = []
    for barrier in barriers:
        on_barrier = {node for _, node in barrier.stops}
        for line in plan.lines:
            if line.kind is not Kind.RESIDENTIAL:
                continue
            for node in (line.stops[0][1], line.stops[-1][1]):
                if node in on_barrier:
                    wide = barrier.kind is Kind.CANAL
                    metres = dice.between(26, 32) if wide else dice.between(15, 22)
                    end = plan.shorten(line, node, metres)
                    stubs.append(Stub(line, barrier, node, end))
    return stubs


def give_roles(plan: Plan, streets: list[Line], dice: Dice) -> None:
    """Make some of the streets that nothing leads off from paths, dead ends, one-way.

    Only those, so that every other street keeps both its ways in.
    """
    for line in streets:
        ends = (line.stops[0][1], line.stops[-1][1])
        whole = (line.first, line.last) == (0.0, 1.0)
        if line.inner() or not whole or line.metres < 60:
            continue
        chance = dice.fraction()
        if chance < NARROW and line.metres < 130:
            line.kind = Kind.CYCLEWAY if dice.happens(0.2) else Kind.FOOTWAY
            if line.kind is Kind.CYCLEWAY:
                line.tags["foot"] = "yes"
        elif chance < NARROW + DEAD_END:
            _dead_end(plan, line, dice.pick(ends), dice)
        elif chance < NARROW + DEAD_END + ONE_WAY:
            line.tags["oneway"] = "yes"
            if dice.happens(NO_CONTRAFLOW):
                line.tags["oneway:bicycle"] = "no"
        elif dice.happens(0.05):
            line.tags["living"] = "yes"


def _dead_end(plan: Plan, line: Line, end: int, dice: Dice) -> None:
    """Cut a street short; mostly a path goes on, sometimes over steps."""
    cut = plan.shorten(line, end, min(dice.between(18, 34), line.metres / 3))
    plan.node_tags[cut] = {"highway": "turning_circle"}
    chance = dice.fraction()
    if chance < 0.55:
        plan.line(Kind.FOOTWAY, cut, end, cell=line.cell)
    elif chance < 0.65:
        plan.line(Kind.STEPS, cut, end, cell=line.cell)
    elif chance < 0.8:
        plan.line(Kind.CYCLEWAY, cut, end, cell=line.cell, tags={"foot": "yes"})


def lay_alleys(plan: Plan, blocks: list[Cell], dice: Dice) -> None:
    """Lead alleys through some blocks and private yards into others."""
    for block in blocks:
        chance = dice.fraction()
        sides = _open_sides(block)
        if len(sides) < 2:
            continue
        if chance < ALLEY:
            _alley(plan, sides, dice)
        elif chance < ALLEY + PRIVATE:
            _yard(plan, block, sides, dice)


def _open_sides(block: Cell) -> list[tuple[float, Line, float]]:
    """Return the whole streets around a block: (length here, street, middle)."""
    sides = []
    for i, side in enumerate(block.sides):
        cut = (side.first, side.last) != (0.0, 1.0)
        if side.kind is not Kind.RESIDENTIAL or cut:
            continue
        ends = (
            side.share_of(block.corners[i]),
            side.share_of(block.corners[(i + 1) % len(block.corners)]),
        )
        metres = abs(ends[1] - ends[0]) * side.metres
        if metres > 90:
            sides.append((metres, side, sum(ends) / 2))
    return sorted(sides, key=lambda side: -side[0])


def _alley(plan: Plan, sides: list[tuple[float, Line, float]], dice: Dice) -> None:
    """Lead a footpath from one long side of a block to another."""
    (_, one, t1), (_, two, t2) = sides[:2]
    if one is two:
        return
    lean = dice.between(-0.08, 0.08)
    start = plan.stop(one, t1 + lean * 60 / one.metres, 8)
    end = plan.stop(two, t2, 8)
    if distance(plan.nodes[start], plan.nodes[end]) < 40 or start == end:
        return
    kind = Kind.STEPS if dice.happens(0.06) else Kind.FOOTWAY
    plan.line(kind, start, end, tags={"alley": "yes"} if kind is Kind.FOOTWAY else {})


def _yard(
    plan: Plan, block: Cell, sides: list[tuple[float, Line, float]], dice: Dice
) -> None:
    """Lead a private service road into the middle of a block, behind a gate."""
    _, street, t = sides[0]
    mouth = plan.stop(street, t, 8)
    yard = plan.line(
        Kind.SERVICE,
        mouth,
        plan.node(
            along(plan.nodes[mouth], plan.centre(block), dice.between(0.7, 0.95))
        ),
        tags={"access": "private"},
    )
    gate = plan.stop(yard, min(0.5, 7 / yard.metres))
    plan.node_tags[gate] = {"barrier": "gate", "access": "private"}
