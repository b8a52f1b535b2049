"""Visits: placed whole or not at all, when they start, and who makes them."""

from __future__ import annotations

from ortools.sat.python import cp_model

from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER
from roundplan.domain import Rule
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.variables import Linear, Variables, spans_of


class Coverage(Part):
    """A visit has all its workers or none, and then its price is due."""

    rules = frozenset({Rule.COVERAGE})
    terms = ("unassigned",)

    def post(self, x: Variables) -> Linear:
        """Post one span for each node of a placed visit; return what absence costs."""
        p, model = x.arrays, x.model
        amounts: list[Linear] = []
        for v, placed in enumerate(x.placed):
            for i in x.nodes_of(v):
                here = [x.cares[r].stops[i].present for r in spans_of(p, i)]
                model.add(cp_model.LinearExpr.sum(here) == placed)
            model.add(x.start[v] == x.idle_at[v]).only_enforce_if(~placed)
            amounts.append(int(p.visit[v, of.PENALTY]) * (1 - placed))
        return cp_model.LinearExpr.sum(amounts)


class TwoWorkers(Part):
    """A double-handed visit has two workers; they share its one start."""

    rules = frozenset({Rule.DOUBLE_HANDED})

    def post(self, x: Variables) -> Linear:
        """Let each worker be on a visit once; order the two where they can swap."""
        p, model = x.arrays, x.model
        for v in range(len(x.placed)):
            nodes = x.nodes_of(v)
            if len(nodes) < 2:
                continue
            for literals in x.presences(v).values():
                model.add_at_most_one(literals)
            if (p.fit_at[nodes[0]] == p.fit_at[nodes[1]]).all():
                first, second = (
                    cp_model.LinearExpr.sum(
                        [r * x.cares[r].stops[i].present for r in spans_of(p, i)]
                    )
                    for i in nodes
                )
                model.add(first <= second)
        return 0


class Links(Part):
    """Linked visits keep their gap, start to start, and their workers apart."""

    rules = frozenset({Rule.LINKS})

    def post(self, x: Variables) -> Linear:
        """Bound the gap where both visits are placed."""
        for v, row in enumerate(x.arrays.visit):
            before = int(row[of.AFTER])
            if before < 0:
                continue
            both = [x.placed[before], x.placed[v]]
            gap = x.start[v] - x.start[before]
            x.model.add(gap >= int(row[of.MIN_GAP])).only_enforce_if(both)
            if row[of.MAX_GAP] < NEVER:
                x.model.add(gap <= int(row[of.MAX_GAP])).only_enforce_if(both)
            if row[of.APART]:
                earlier = x.presences(before)
                for w, literals in x.presences(v).items():
                    x.model.add_at_most_one([*literals, *earlier.get(w, [])])
        return 0


class Starts(Part):
    """Windows and pinned starts are the bounds of a start; its moments have prices."""

    rules = frozenset({Rule.WINDOW})
    terms = ("preferred_start", "lateness", "largest_lateness")

    def post(self, x: Variables) -> Linear:
        """Return the prices of starts away from the preferred one, and of late ones."""
        p, model = x.arrays, x.model
        amounts: list[Linear] = []
        late: list[Linear] = []
        largest = int(p.par[of.LARGEST_PRICE])
        for v, start in enumerate(x.start):
            row = p.node[p.visit[v, of.FIRST]]
            low, high = x.windows[v]
            absent = 1 - x.placed[v]
            if weight := int(row[of.W_PREF]):
                preferred = int(row[of.PREF])
                most = max(abs(low - preferred), abs(high - preferred))
                away = model.new_int_var(0, most, f"away_{v}")
                model.add_abs_equality(away, start - preferred)
                idle = abs(x.idle_at[v] - preferred)
                amounts.append(weight * (away - idle * absent))
            due, weight = int(row[of.DUE]), int(row[of.W_LATE])
            if high > due and (weight or largest):
                over = model.new_int_var(0, high - due, f"late_{v}")
                model.add_max_equality(over, [start - due, 0])
                idle = max(0, x.idle_at[v] - due)
                amounts.append(weight * (over - idle * absent))
                late.append(over - idle * absent)
        if largest and late:
            latest = max(high for _, high in x.windows)
            worst = model.new_int_var(0, latest, "largest_lateness")
            model.add_max_equality(worst, [*late, 0])
            amounts.append(largest * worst)
        return cp_model.LinearExpr.sum(amounts)


class Attendances(Part):
    """What it costs that this worker attends: the pair, and a change of worker.

    Pairs that a rule forbids (skills, gender, barred, pins, short visits, pay) are in
    no ``fit`` of the arrays and so have no variable.
    """

    terms = (
        "other_patch",
        "other_language",
        "not_preferred",
        "provider_tier",
        "change",
    )

    def post(self, x: Variables) -> Linear:
        """Return the prices by attendance."""
        p = x.arrays
        amounts: list[Linear] = []
        for stop in x.stops():
            row = p.node[stop.node]
            w = x.worker_of(stop.span)
            price = int(p.pair_p[row[of.CLIENT], w])
            before = (int(row[of.BEFORE_1]), int(row[of.BEFORE_2]))
            if before[0] != -1 and w not in before:
                price += int(p.par[of.CHANGE_PRICE])
            amounts.append(price * stop.present)
        return cp_model.LinearExpr.sum(amounts)
