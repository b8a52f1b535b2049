"""The break of a long day, and where none may be taken."""

from __future__ import annotations

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER
from roundplan.domain import Rule
from roundplan.solve.exact.hours import seconds_of, spans_of_week
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.rests import clocks
from roundplan.solve.exact.variables import Linear, Variables


class Breaks(Part):
    """A break in a day of more than six hours' working time that has no other rest.

    A break is unpaid, so that it would be taken everywhere: one a day at most, and only
    where the day, the break worked, would be above the six hours and without rest; or
    where working it would break a limit of the worker's hours, as the search keeps a
    break once taken that it cannot drop.
    """

    rules = frozenset({Rule.BREAK})

    def post(self, x: Variables) -> Linear:
        """Ask for a rest in every long day."""
        for spans in x.days().values():
            if any(r in x.cares for r in spans):
                self._day(x, spans)
        return 0

    def _day(self, x: Variables, spans: list[int]) -> None:
        p, model = x.arrays, x.model
        cares = [x.cares[r] for r in spans if r in x.cares]
        due = int(p.span[cares[0].span, of.BREAK_DUE])
        if due >= NEVER:
            return
        stops = [stop for care in cares for stop in care.stops.values()]
        pauses = [stop.pause for stop in stops]
        rests = [stop.rests for stop in stops]
        rests += self._between(x, spans)
        work = cp_model.LinearExpr.sum(
            [care.work for care in cares]
            + [x.blocks[r].off - x.blocks[r].on for r in spans if r in x.blocks]
        )
        day = f"{cares[0].span}"
        over = model.new_bool_var(f"long_{day}")
        model.add(work > due).only_enforce_if(over)
        model.add(work <= due).only_enforce_if(~over)
        care = x.either([c.active for c in cares], f"care_{day}")
        model.add_bool_or([*pauses, *rests]).only_enforce_if([over, care])
        model.add_at_most_one(pauses)
        taken = x.either(pauses, f"paused_{day}")
        worked = work + int(p.par[of.BREAK_S]) * taken
        needed = model.new_bool_var(f"needed_{day}")
        model.add(worked > due).only_enforce_if(needed)
        for rest in rests:
            model.add_implication(needed, ~rest)
        hours = self._at_a_limit(x, cares[0].span, taken)
        model.add_bool_or([~taken, needed, *hours])

    def _at_a_limit(self, x: Variables, r: int, taken: Literal) -> list[Literal]:
        """Return literals of the limits of hours that only a break unpaid keeps."""
        p, model = x.arrays, x.model
        w, week = x.worker_of(r), int(p.span[r, of.WEEK])
        rest = int(p.par[of.BREAK_S]) * taken
        found: list[Literal] = []
        so_far: list[int] = []
        for k, row in enumerate(p.week[w]):
            its = spans_of_week(x, w, k)
            so_far = [*so_far, *its]
            for spans, most, applies in (
                (its, int(row[of.MOST]), k == week),
                (so_far, int(row[of.AVERAGE_CAP]), k >= week),
            ):
                if applies and most < NEVER:
                    over = model.new_bool_var(f"at_limit_{r}_{k}_{len(found)}")
                    model.add(
                        seconds_of(x, spans, work=True) + rest > most
                    ).only_enforce_if(over)
                    found.append(over)
        return found

    def _between(self, x: Variables, spans: list[int]) -> list[Literal]:
        """Return literals of the spans before which the worker has a break's time."""
        model = x.model
        length = int(x.arrays.par[of.BREAK_S])
        found: list[Literal] = []
        for before, r in ((spans[:k], spans[k]) for k in range(1, len(spans))):
            on, _ = clocks(x, r)
            rest = model.new_bool_var(f"rest_before_{r}")
            here = x.actives([r])
            for literal in here:
                model.add_implication(rest, literal)
            if not any(q in x.blocks for q in before):
                model.add_bool_or(x.actives(before)).only_enforce_if(rest)
            # without a rest some work before it ends less than a break earlier
            close: list[Literal] = []
            for q in before:
                _, off = clocks(x, q)
                model.add(on - off >= length).only_enforce_if([rest, *x.actives([q])])
                near = model.new_bool_var(f"near_{q}_{r}")
                model.add(on - off < length).only_enforce_if(near)
                for literal in x.actives([q]):
                    model.add_implication(near, literal)
                close.append(near)
            for q in before:
                model.add_bool_or([rest, *close]).only_enforce_if(
                    [*here, *x.actives([q])]
                )
            found.append(rest)
        return found
