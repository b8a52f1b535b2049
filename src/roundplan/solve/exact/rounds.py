"""Rounds: an order of visits, its times and waits, and what its clocks cost.

The same sums as `roundplan.solve.lns.rounds`: the gap between two visits is a leg, a
wait and perhaps a break; a wait longer than the longest paid one is unpaid, all of it.
"""

from __future__ import annotations

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import IntVar

from roundplan.arrays import layout as of
from roundplan.domain import Rule
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.variables import (
    Care,
    Linear,
    Stop,
    Variables,
    end_leg,
    leg_of,
    need_of,
)


class Orders(Part):
    """Each round is one way through its visits: a circuit with an optional node each.

    Of the spans of a shift, one for each vehicle, at most one has visits. A leg without
    a way is no arc, nor one that no two starts have time for.
    """

    def post(self, x: Variables) -> Linear:
        """Post a circuit for each span; node 0 is where it starts and ends."""
        for care in x.cares.values():
            at = {i: k for k, i in enumerate(care.stops, start=1)}
            arcs = [(0, 0, ~care.active)]
            arcs += [(0, at[i], arc) for i, arc in care.first.items()]
            arcs += [(at[i], 0, arc) for i, arc in care.last.items()]
            arcs += [(at[i], at[j], arc) for (i, j), arc in care.following.items()]
            arcs += [(k, k, ~care.stops[i].present) for i, k in at.items()]
            x.model.add_circuit(arcs)
            # so that an empty round has no visits whatever the solver makes of loops
            for stop in care.stops.values():
                x.model.add_implication(stop.present, care.active)
        by_shift: dict[int, list[IntVar]] = {}
        for care in x.cares.values():
            shift = int(x.arrays.span[care.span, of.SHIFT])
            by_shift.setdefault(shift, []).append(care.active)
        for actives in by_shift.values():
            if len(actives) > 1:
                x.model.add_at_most_one(actives)
        return 0


class Shifts(Part):
    """Visits lie inside the shift, and so do legs from and to an office."""

    rules = frozenset({Rule.AVAILABILITY, Rule.DURATION})

    def post(self, x: Variables) -> Linear:
        """Bound each start by the shift, and the ends of each round by its legs."""
        p, model = x.arrays, x.model
        for care in x.cares.values():
            row = p.span[care.span]
            for i, stop in care.stops.items():
                start = x.start[int(p.node[i, of.VISIT])]
                here = stop.present
                model.add_linear_constraint(start, stop.low, stop.high).only_enforce_if(
                    here
                )
            for i, arc in care.first.items():
                start = x.start[int(p.node[i, of.VISIT])]
                model.add(care.begin == start).only_enforce_if(arc)
                leg, _ = end_leg(p, care.span, i, of.FROM)
                if leg and not row[of.FROM_HOME]:
                    opens = int(row[of.OPEN]) + need_of(p, leg)
                    model.add(start >= opens).only_enforce_if(arc)
            for i, arc in care.last.items():
                end = x.start[int(p.node[i, of.VISIT])] + int(p.node[i, of.DUR])
                model.add(care.end == end).only_enforce_if(arc)
                leg, _ = end_leg(p, care.span, i, of.TO)
                if leg and not row[of.TO_HOME]:
                    closes = int(row[of.CLOSE]) - need_of(p, leg)
                    model.add(end <= closes).only_enforce_if(arc)
        return 0


class Gaps(Part):
    """Between two visits there is time for the leg, its buffer and a break."""

    rules = frozenset({Rule.TRAVEL})

    def post(self, x: Variables) -> Linear:
        """Tie starts to waits along the arcs, and say which waits are paid."""
        p, model = x.arrays, x.model
        rest = int(p.par[of.BREAK_S])
        for care in x.cares.values():
            for (i, j), arc in care.following.items():
                leg = leg_of(p, care.span, i, j)
                stop = care.stops[i]
                before = x.start[int(p.node[i, of.VISIT])]
                after = x.start[int(p.node[j, of.VISIT])]
                moved = int(p.node[i, of.DUR]) + leg
                model.add(
                    after == before + moved + stop.wait + rest * stop.pause
                ).only_enforce_if(arc)
                if need_of(p, leg) > leg:
                    model.add(stop.wait >= need_of(p, leg) - leg).only_enforce_if(arc)
            for i, stop in care.stops.items():
                onward = [arc for (a, _), arc in care.following.items() if a == i]
                _post_wait(x, stop, cp_model.LinearExpr.sum(onward))
        return 0


def _post_wait(x: Variables, stop: Stop, onward: Linear) -> None:
    """Say what a wait is; there is none where the round does not go on."""
    p, model = x.arrays, x.model
    gap_max, rest = int(p.par[of.GAP_MAX]), int(p.par[of.BREAK_S])
    model.add(stop.wait <= stop.longest * onward)
    model.add(stop.pause <= onward)
    if stop.paid_wait is stop.wait:
        return
    model.add(stop.wait > gap_max).only_enforce_if(stop.unpaid)
    model.add(stop.wait <= gap_max).only_enforce_if(~stop.unpaid)
    model.add(stop.paid_wait == stop.wait).only_enforce_if(~stop.unpaid)
    model.add(stop.paid_wait == 0).only_enforce_if(stop.unpaid)
    if stop.rests is not stop.unpaid:
        model.add(stop.wait >= rest).only_enforce_if(stop.rests)
        model.add(stop.wait < rest).only_enforce_if(~stop.rests)


class Clocks(Part):
    """Pay of each round, the amounts of its legs, and the price of home legs."""

    terms = (
        "contact",
        "travel",
        "waiting",
        "parking",
        "paid_blocks",
        "travel_price",
        "mileage",
        "fares",
        "ltn",
        "cell_changes",
        "co2e",
        "home_legs",
    )

    def post(self, x: Variables) -> Linear:
        """Return the amount of all rounds and blocks."""
        p = x.arrays
        amounts: list[Linear] = [
            (block.off - block.on) * int(p.span[r, of.RATE])
            for r, block in x.blocks.items()
        ]
        for care in x.cares.values():
            amounts.append(care.paid * int(p.span[care.span, of.RATE]))
            amounts += _leg_amounts(x, care)
        return cp_model.LinearExpr.sum(amounts)


def _leg_amounts(x: Variables, care: Care) -> list[Linear]:
    """Return what the legs of a round cost apart from pay."""
    p = x.arrays
    row = p.span[care.span]
    amounts: list[Linear] = []
    for (i, j), arc in care.following.items():
        ends = p.node[i, of.PLACE], p.node[j, of.PLACE]
        amounts.append(int(p.leg_p[row[of.LAYER], *ends]) * arc)
    for column, at_home, arcs in (
        (of.FROM, of.FROM_HOME, care.first),
        (of.TO, of.TO_HOME, care.last),
    ):
        for i, arc in arcs.items():
            seconds, amount = end_leg(p, care.span, i, column)
            if row[at_home]:
                amount = seconds * int(p.par[of.HOME_PRICE])
            amounts.append(amount * arc)
    return amounts
