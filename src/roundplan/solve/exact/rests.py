"""Rests: the nights, the day off, and the way between rounds."""

from __future__ import annotations

from itertools import combinations

from ortools.sat.python.cp_model import IntVar
from ortools.sat.python.cp_model_helper import Literal

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NO_WAY_S
from roundplan.domain import Rule
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.variables import Care, Linear, Variables, need_of


def clocks(x: Variables, r: int) -> tuple[Linear, Linear]:
    """Return clock-on and clock-off of a span."""
    span = x.blocks[r] if r in x.blocks else x.cares[r]
    return span.on, span.off


class WaysBetween(Part):
    """Between two rounds of a day the worker gets from the one to the other."""

    rules = frozenset({Rule.TRAVEL})

    def post(self, x: Variables) -> Linear:
        """Bound the next round's head by the last one's tail and the way."""
        for spans in x.days().values():
            rounds = [r for r in spans if r in x.cares]
            for a, b in combinations(range(len(rounds)), 2):
                between = [x.cares[r].active for r in rounds[a + 1 : b]]
                self._way(
                    x, x.cares[rounds[a]], x.cares[rounds[b]], [~c for c in between]
                )
        return 0

    def _way(
        self, x: Variables, before: Care, after: Care, idle: list[Literal]
    ) -> None:
        p = x.arrays
        # a round ends at the shift's place, or else with its last client
        here = _by_place(x, before.last)
        if (place := int(p.span[before.span, of.TO])) >= 0:
            here = {place: [before.active]}
        there = _by_place(x, after.first)
        if (place := int(p.span[after.span, of.FROM])) >= 0:
            there = {place: [after.active]}
        layer = p.span[after.span, of.LAYER]
        for a, ends in here.items():
            for b, begins in there.items():
                leg = int(p.leg_s[layer, a, b]) if a != b else 0
                for last in ends:
                    for first in begins:
                        when = [last, first, *idle]
                        if leg == NO_WAY_S:
                            x.model.add_bool_or([~literal for literal in when])
                            continue
                        x.model.add(
                            before.tail + need_of(p, leg) <= after.head
                        ).only_enforce_if(when)


def _by_place(x: Variables, arcs: dict[int, IntVar]) -> dict[int, list[Literal]]:
    """Return the arcs of first or last visits by the place of the visit."""
    found: dict[int, list[Literal]] = {}
    for i, arc in arcs.items():
        found.setdefault(int(x.arrays.node[i, of.PLACE]), []).append(arc)
    return found


class Nights(Part):
    """The rest between a worked day and the next of the same worker.

    Days of training and meetings alone are not compared with each other.
    """

    rules = frozenset({Rule.DAILY_REST})

    def post(self, x: Variables) -> Linear:
        """Keep clock-on of a day the rest after clock-off of the worked day before."""
        by_worker: dict[int, list[list[int]]] = {}
        for (w, _), spans in x.days().items():
            by_worker.setdefault(w, []).append(spans)
        for days in by_worker.values():
            for a, b in combinations(range(len(days)), 2):
                between = [r for spans in days[a + 1 : b] for r in spans]
                if any(r in x.blocks for r in between):
                    continue
                idle = [~c for c in x.actives(between)]
                self._night(x, days[a], days[b], idle)
        return 0

    def _night(
        self, x: Variables, evening: list[int], morning: list[int], idle: list[Literal]
    ) -> None:
        rest = int(x.arrays.span[morning[0], of.REST])
        care = x.actives([*evening, *morning])
        for q in evening:
            for r in morning:
                both = x.actives([q, r])
                apart = clocks(x, r)[0] - clocks(x, q)[1] >= rest
                if both:
                    x.model.add(apart).only_enforce_if([*both, *idle])
                elif x.blocks[r].on - x.blocks[q].off < rest:
                    for other in care:
                        x.model.add_bool_or([~other, *(~lit for lit in idle)])


class DaysOff(Part):
    """24 hours without work in each whole ISO week with care, as the search has it."""

    rules = frozenset({Rule.WEEKLY_REST})

    def post(self, x: Variables) -> Linear:
        """Find the rest a moment in each week at which it begins."""
        p, model = x.arrays, x.model
        length = int(p.par[of.WEEKLY_REST])
        for w, weeks in enumerate(p.week):
            spans = [r for r in (*x.cares, *x.blocks) if x.worker_of(r) == w]
            for k, row in enumerate(weeks):
                since, to = int(row[of.REST_FROM]), int(row[of.REST_TO])
                own = [r for r in spans if p.span[r, of.WEEK] == k]
                care = x.either(x.actives(own), f"care_{w}_{k}")
                if since < 0 or not x.actives(own):
                    continue
                if to - since < length:
                    model.add(care == 0)
                    continue
                rest = model.new_int_var(since, to - length, f"rest_{w}_{k}")
                for r in spans:
                    on, off = clocks(x, r)
                    when = [care, *x.actives([r])]
                    earlier = model.new_bool_var(f"rest_{w}_{k}_after_{r}")
                    model.add(rest >= off).only_enforce_if([*when, earlier])
                    model.add(rest + length <= on).only_enforce_if([*when, ~earlier])
        return 0
