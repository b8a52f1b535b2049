"""A worker's hours: limits of each week and of the average, and what weeks cost."""

from __future__ import annotations

from ortools.sat.python import cp_model

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER
from roundplan.domain import Rule
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.variables import Linear, Variables


def spans_of_week(x: Variables, w: int, k: int) -> list[int]:
    """Return the spans of a worker in an ISO week of the horizon."""
    p = x.arrays
    return [
        r
        for r in (*x.cares, *x.blocks)
        if p.span[r, of.WORKER] == w and p.span[r, of.WEEK] == k
    ]


def seconds_of(x: Variables, spans: list[int], *, work: bool) -> Linear:
    """Return the seconds of some spans on the working-time or the pay clock."""
    parts: list[Linear] = []
    for r in spans:
        if r in x.blocks:
            parts.append(x.blocks[r].off - x.blocks[r].on)
        else:
            parts.append(x.cares[r].work if work else x.cares[r].paid)
    return cp_model.LinearExpr.sum(parts)


class Limits(Part):
    """The worker's own maximum of each week, and the average up to it.

    Only where the roster gives care in the week, or before it for the average: what
    training and meetings come to by themselves is the employer's doing.
    """

    rules = frozenset({Rule.MAX_HOURS, Rule.AVERAGE_HOURS})

    def post(self, x: Variables) -> Linear:
        """Bound the working time of every week and of the weeks up to it."""
        for w in range(x.arrays.week.shape[0]):
            so_far: list[int] = []
            for k, row in enumerate(x.arrays.week[w]):
                its = spans_of_week(x, w, k)
                so_far = [*so_far, *its]
                for spans, most in ((its, row[of.MOST]), (so_far, row[of.AVERAGE_CAP])):
                    if most < NEVER:
                        self._limit(x, spans, int(most))
        return 0

    def _limit(self, x: Variables, spans: list[int], most: int) -> None:
        work = seconds_of(x, spans, work=True)
        for active in x.actives(spans):
            x.model.add(work <= most).only_enforce_if(active)


class Weeks(Part):
    """Guaranteed hours that are paid but not worked, and the overtime premium."""

    terms = ("guaranteed_hours", "overtime")

    def post(self, x: Variables) -> Linear:
        """Return both; the premium is rounded down by worker and week."""
        amounts: list[Linear] = []
        for w in range(x.arrays.week.shape[0]):
            for k in range(x.arrays.week.shape[1]):
                amounts += self._week(x, w, k)
        return cp_model.LinearExpr.sum(amounts)

    def _week(self, x: Variables, w: int, k: int) -> list[Linear]:
        p, model = x.arrays, x.model
        row = p.week[w, k]
        rate = int(row[of.WEEK_RATE])
        if not rate:
            return []
        spans = spans_of_week(x, w, k)
        paid = seconds_of(x, spans, work=False)
        amounts: list[Linear] = []
        if promised := int(row[of.PROMISED]):
            short = model.new_int_var(0, promised, f"short_{w}_{k}")
            model.add_max_equality(short, [promised - paid, 0])
            amounts.append(rate * short)
        contracted = int(row[of.CONTRACTED])
        most = max(0, _longest(x, spans) - contracted)
        factor = rate * int(p.par[of.OVERTIME])
        if most and factor:
            over = model.new_int_var(0, most, f"over_{w}_{k}")
            model.add_max_equality(over, [paid - contracted, 0])
            # premium = over * factor // 100
            premium = model.new_int_var(0, most * factor // 100, f"premium_{w}_{k}")
            model.add_linear_constraint(factor * over - 100 * premium, 0, 99)
            amounts.append(premium)
        return amounts


def _longest(x: Variables, spans: list[int]) -> int:
    """Return more than the paid seconds of some spans can be: paid time is inside."""
    p = x.arrays
    return sum(int(p.span[r, of.CLOSE] - p.span[r, of.OPEN]) for r in spans)
