"""Continuity: workers whom a client does not know, and more of them than the team."""

from __future__ import annotations

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import IntVar
from ortools.sat.python.cp_model_helper import Literal

from roundplan.arrays import layout as of
from roundplan.solve.exact.part import Part
from roundplan.solve.exact.variables import Linear, Stop, Variables


def _by_pair(x: Variables) -> dict[tuple[int, int], list[Stop]]:
    """Return the stops of each client and worker."""
    found: dict[tuple[int, int], list[Stop]] = {}
    for stop in x.stops():
        client = int(x.arrays.node[stop.node, of.CLIENT])
        found.setdefault((client, x.worker_of(stop.span)), []).append(stop)
    return found


class UnknownWorkers(Part):
    """A price for each worker at a client who is not known on the first day there."""

    terms = ("unknown_worker",)

    def post(self, x: Variables) -> Linear:
        """Return it: due when there is a visit, and none while the worker is known."""
        p, model = x.arrays, x.model
        price = int(p.par[of.UNKNOWN_PRICE])
        if not price:
            return 0
        amounts: list[Linear] = []
        for (c, w), stops in _by_pair(x).items():
            known_to = int(p.known_to[c, w])
            early: list[IntVar] = []
            later: list[IntVar] = []
            for stop in stops:
                known = p.node[stop.node, of.DAY] <= known_to
                (early if known else later).append(stop.present)
            if not later:
                continue
            ever = x.either(later, f"met_{c}_{w}")
            if not early:
                amounts.append(price * ever)
                continue
            unknown = model.new_bool_var(f"unknown_{c}_{w}")
            met = x.either(early, f"known_{c}_{w}")
            model.add_bool_and(ever, ~met).only_enforce_if(unknown)
            model.add_bool_or(~ever, met).only_enforce_if(~unknown)
            amounts.append(price * unknown)
        return cp_model.LinearExpr.sum(amounts)


class Teams(Part):
    """A price for each worker of a client beyond the team, by block of days."""

    terms = ("extra_workers",)

    def post(self, x: Variables) -> Linear:
        """Return it: distinct workers above the team's size."""
        p, model = x.arrays, x.model
        price = int(p.par[of.EXTRA_PRICE])
        if not price:
            return 0
        seen: dict[tuple[int, int], list[Literal]] = {}
        for (c, w), stops in _by_pair(x).items():
            blocks: dict[int, list[IntVar]] = {}
            for stop in stops:
                block = int(p.node[stop.node, of.BLOCK])
                blocks.setdefault(block, []).append(stop.present)
            for block, literals in blocks.items():
                here = x.either(literals, f"seen_{c}_{w}_{block}")
                seen.setdefault((c, block), []).append(here)
        amounts: list[Linear] = []
        for (c, block), workers in seen.items():
            team = int(p.team[c])
            if len(workers) <= team:
                continue
            extra = model.new_int_var(0, len(workers) - team, f"extra_{c}_{block}")
            distinct = cp_model.LinearExpr.sum(workers)
            model.add_max_equality(extra, [distinct - team, 0])
            amounts.append(price * extra)
        return cp_model.LinearExpr.sum(amounts)
