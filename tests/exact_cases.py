"""Small problems for the exact model: each rule and price alone, and in pairs.

Alone they are the cases in which the search is tempted (`tempted_rules`,
`tempted_prices`), with what the rule or the price is worth there. In a pair the two
problems share their days and workers, so that they compete for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import helpers as h
import searching as s
import tempted_prices
import tempted_rules
from roundplan.domain import (
    CHARTER,
    Client,
    Horizon,
    Made,
    Mode,
    Place,
    Previous,
    Priority,
    Problem,
    Rule,
    Shift,
    ShiftKind,
    Travel,
    Visit,
    named_policy,
)

HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Case:
    """A problem, and the same one relaxed: what it bites with is away.

    Parameters
    ----------
    relaxed
        None where what bites is not said: in pairs.
    """

    problem: Problem
    by: Travel
    previous: Previous | None = None
    relaxed: Problem | None = None
    relaxed_previous: Previous | None = None


def travel_of(of: Case, problem: Problem) -> Travel:
    """Return the travel of a case for a problem with other people in it."""
    if Mode.WALK.value in of.by.matrices and len(of.by.matrices) == 1:
        return h.travel(problem)
    return of.by


CASES: dict[str, Callable[[], Case]] = {}


def named(name: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(make: Callable[[], Case]) -> Callable[[], Case]:
        assert name not in CASES, name
        CASES[name] = make
        return make

    return keep


def case(problem: Problem, relaxed: Problem | None = None, **more: Any) -> Case:
    return Case(problem=problem, by=h.travel(problem), relaxed=relaxed, **more)


def one_visit(problem: Problem, visit_id: str, **changes: Any) -> Problem:
    """The problem with one of its visits changed."""
    visits = tuple(
        replace(v, **changes) if v.visit_id == visit_id else v for v in problem.visits
    )
    return replace(problem, visits=visits)


def priced(problem: Problem, **prices: Any) -> Problem:
    """The problem under other prices."""
    return replace(problem, policy=replace(problem.policy, **prices))


def at_one_place(problem: Problem) -> Problem:
    """The problem with all its clients in one house."""
    clients = tuple(replace(c, place=replace(c.place, x=0.0)) for c in problem.clients)
    return replace(problem, clients=clients)


# -- each rule and price alone -------------------------------------------------------


def _relax_rule(rule: Rule, of: tempted_rules.Case) -> Problem:
    """The problem of a tempted rule without it: an override, or a change of data."""
    p = of.problem
    if of.overrides:
        return s.set_aside(p, rule, **of.overrides[0])
    return {
        Rule.COVERAGE: lambda: one_visit(p, "V1", workers_required=1),
        Rule.DURATION: lambda: one_visit(p, "V1", duration_s=30 * 60),
        Rule.AVAILABILITY: lambda: replace(
            p, shifts=tuple(replace(x, end_s=h.clock("23:00")) for x in p.shifts)
        ),
        Rule.DOUBLE_HANDED: lambda: replace(
            p, visits=tuple(replace(v, workers_required=1) for v in p.visits)
        ),
        Rule.WINDOW: lambda: replace(
            p,
            visits=tuple(
                replace(
                    v,
                    window=replace(
                        v.window, latest_start_s=v.window.latest_start_s + HOUR
                    ),
                )
                for v in p.visits
            ),
        ),
        Rule.TRAVEL: lambda: at_one_place(p),
    }[rule]()


def _rule(rule: Rule) -> Callable[[], Case]:
    def make() -> Case:
        of = tempted_rules.CASES[rule]()
        return case(of.problem, _relax_rule(rule, of))

    return make


def _price(term: str) -> Callable[[], Case]:
    def make() -> Case:
        of = tempted_prices.CASES[term]()
        by = of.travel(of.problem)
        return Case(problem=of.problem, by=by, relaxed=priced(of.problem, **of.free))

    return make


for _one in Rule:
    CASES[f"rule {_one.value}"] = _rule(_one)
for _term in tempted_prices.CASES:
    CASES[f"price {_term}"] = _price(_term)


# -- what rules and prices are made of -----------------------------------------------


def two_workers(visits: Sequence[Visit], **fields: Any) -> Problem:
    """W1, and W2 of an agency at three pounds a visit; both known to all clients."""
    fields.setdefault("w2", {"provider": "agency"})
    return tempted_prices.two_workers(visits, **fields)


@named("another worker for the visit after")
def _() -> Case:
    visits = [
        h.visit("A", latest="08:00"),
        h.visit("B", "C1", "08:30", "08:30", after_visit="A", other_worker=True),
    ]
    problem = two_workers(visits)
    return case(problem, one_visit(problem, "B", other_worker=False))


@named("the visit after within so much time")
def _() -> Case:
    """Six hours between them would be free of pay; the link allows forty minutes."""
    preferred = h.clock("10:00")
    visits = [
        h.visit("A", earliest="08:00", latest="15:00", preferred_start_s=preferred),
        h.visit("B", "C1", "15:00", "15:00", after_visit="A", max_gap_s=4200),
    ]
    problem = two_workers(visits)
    return case(problem, one_visit(problem, "B", max_gap_s=None))


@named("a pinned start")
def _() -> Case:
    preferred = h.clock("08:10")
    pinned = h.visit(pinned_start_s=h.clock("08:50"), preferred_start_s=preferred)
    problem = two_workers([pinned])
    return case(problem, s.set_aside(problem, Rule.PINS, visit_id="V1"))


@named("a pinned start outside its window")
def _() -> Case:
    pinned = h.visit(pinned_start_s=h.clock("10:00"))
    problem = two_workers([pinned])
    return case(problem, s.set_aside(problem, Rule.WINDOW, visit_id="V1"))


@named("one of two workers pinned")
def _() -> Case:
    visits = [h.visit(workers_required=2, pinned_workers=("W3",))]
    workers = [
        h.worker("W1"),
        h.worker("W2"),
        h.worker("W3", contract=h.contract(rate_p=1700)),
    ]
    client = h.client(introduced_workers=("W1", "W2", "W3"), team_size=3)
    problem = h.problem(visits, workers, clients=[client])
    return case(problem, one_visit(problem, "V1", pinned_workers=()))


def _split_day(place: str | None) -> list[Shift]:
    return [
        h.shift("W1", "06:00", "08:40", end_place=place),
        h.shift("W1", "08:40", "12:00", start_place=place),
        h.shift("W2", "06:00", "12:00"),
    ]


@named("the way between two rounds of a day")
def _() -> Case:
    """Forty minutes' walk between the clients of two shifts, in thirty."""
    visits = [
        h.visit("V1", latest="08:00"),
        h.visit("V2", "C2", "09:00", "09:00", priority=Priority.ESSENTIAL),
    ]
    problem = two_workers(visits, apart=2400.0, shifts=_split_day(None))
    near = replace(
        problem,
        clients=tuple(
            replace(c, place=replace(c.place, x=0.0)) for c in problem.clients
        ),
    )
    return case(problem, near)


@named("the way by the office between two rounds")
def _() -> Case:
    visits = [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "09:00", "09:00")]
    office = Place(place_id="OFFICE", x=1500.0, y=0.0)
    problem = two_workers(
        visits, apart=600.0, shifts=_split_day("OFFICE"), places=(office,)
    )
    here = replace(problem, places=(replace(office, x=300.0),))
    return case(problem, here)


@named("legs from and to an office are paid")
def _() -> Case:
    office = Place(place_id="OFFICE", x=1500.0, y=0.0)
    shifts = [
        h.shift("W1", start_place="OFFICE", end_place="OFFICE"),
        h.shift("W2", start_place="W2", end_place="W2"),
    ]
    problem = two_workers([h.visit()], shifts=shifts, places=(office,))
    return case(problem, replace(problem, places=(replace(office, x=60.0),)))


@named("an office that the shift has no time for")
def _() -> Case:
    office = Place(place_id="OFFICE", x=1500.0, y=0.0)
    shifts = [
        h.shift("W1", "07:40", "09:00", start_place="OFFICE"),
        h.shift("W2", "07:00", "09:00"),
    ]
    visit = h.visit(latest="08:00", priority=Priority.ESSENTIAL)
    policy = named_policy("charter", spot_tier_p=2000)
    problem = two_workers([visit], shifts=shifts, places=(office,), policy=policy)
    early = replace(shifts[0], start_s=h.clock("07:00"))
    return case(problem, replace(problem, shifts=(early, shifts[1])))


@named("training counts for the break")
def _() -> Case:
    """Five hours' training and ninety minutes of care leave no room for a break."""
    shifts = [
        h.shift("W1", "07:00", "12:00", kind=ShiftKind.TRAINING),
        h.shift("W1", "12:00", "20:00"),
        h.shift("W2", "07:00", "20:00"),
    ]
    visits = [
        h.visit("V1", "C1", "12:00", "12:00", priority=Priority.ESSENTIAL),
        h.visit("V2", "C1", "12:30", "12:30", 45, priority=Priority.ESSENTIAL),
    ]
    problem = two_workers(visits, shifts=shifts)
    return case(problem, s.set_aside(problem, Rule.BREAK, worker_id="W1"))


@named("training counts for the hours of the week")
def _() -> Case:
    shifts = [
        h.shift("W1", "07:00", "10:00", kind=ShiftKind.TRAINING),
        h.shift("W1", "10:00", "20:00"),
        h.shift("W2", "07:00", "20:00"),
    ]
    problem = two_workers(
        [h.visit("V1", "C1", "12:00", minutes=60)],
        w1={"contract": h.contract(max_s=3 * HOUR)},
        shifts=shifts,
    )
    return case(problem, s.set_aside(problem, Rule.MAX_HOURS, worker_id="W1"))


@named("training the next morning needs its rest")
def _() -> Case:
    shifts = [
        h.shift("W1", "15:00", "23:00"),
        h.shift("W1", "07:00", "09:00", day=1, kind=ShiftKind.TRAINING),
        h.shift("W2", "15:00", "23:00"),
    ]
    visit = h.visit("V1", "C1", "21:00", "21:00")
    problem = two_workers([visit], shifts=shifts, days=2)
    aside = s.set_aside(problem, Rule.DAILY_REST, worker_id="W1")
    return case(problem, aside)


@named("an unpaid gap is the day's rest")
def _() -> Case:
    """A free hour and a half at noon: no break is due in seven hours of work."""
    starts = ("07:00", "08:00", "09:00", "11:30", "12:30", "13:30", "14:30")
    visits = [h.visit(f"V{k}", "C1", at, at, minutes=60) for k, at in enumerate(starts)]
    problem = two_workers(visits)
    return case(problem, replace(problem, visits=problem.visits[:-1]))


@named("a break where there is room")
def _() -> Case:
    starts = ("08:00", "09:00", "10:00", "11:00", "12:20", "13:20", "14:20")
    visits = [h.visit(f"V{k}", "C1", at, at, minutes=60) for k, at in enumerate(starts)]
    return case(two_workers(visits))


@named("a break for which visits make room")
def _() -> Case:
    """All windows are twenty minutes wide; late visits pay for the break."""
    visits = [
        h.visit(f"V{k}", "C1", f"{8 + k:02}:00", f"{8 + k:02}:20", 60) for k in range(7)
    ]
    return case(two_workers(visits))


@named("home legs bring the break on")
def _() -> Case:
    """They are working time for workers without a fixed base."""
    visits = [
        h.visit(f"V{k}", "C1", f"{8 + k:02}:00", f"{8 + k:02}:00", 60) for k in range(6)
    ]
    shifts = [h.shift(w, start_place=w, end_place=w) for w in ("W1", "W2")]
    problem = two_workers(
        visits, w1={"x": 900.0}, w2={"x": 900.0, "provider": "agency"}, shifts=shifts
    )
    based = h.contract(has_fixed_base=True)
    workers = tuple(replace(w, contract=based) for w in problem.workers)
    return case(problem, replace(problem, workers=workers))


@named("the way home shortens the night")
def _() -> Case:
    visits = [
        h.visit("V1", "C1", "20:00", "20:00"),
        h.visit("V2", "C1", "07:40", "07:40", day=1),
    ]
    shifts = [
        h.shift(w, "06:00", "23:00", day=day, start_place=w, end_place=w)
        for w in ("W1", "W2")
        for day in (0, 1)
    ]
    problem = two_workers(
        visits,
        w1={"x": 600.0},
        w2={"x": 600.0, "provider": "agency"},
        shifts=shifts,
        days=2,
    )
    return case(problem, s.set_aside(problem, Rule.DAILY_REST, worker_id="W1"))


@named("a day off for which a start gives way")
def _() -> Case:
    """The seventh day's visit has room to start late enough, at a price."""
    visits = [
        h.visit(f"V{d}", "C1", "10:00", "10:00", day=d) for d in (0, 1, 2, 3, 4, 5)
    ]
    late = h.visit(
        "V6", "C1", "09:00", "11:00", day=6, preferred_start_s=h.clock("09:30", 6)
    )
    problem = two_workers([*visits, late], days=7)
    return case(problem, s.set_aside(problem, Rule.WEEKLY_REST, worker_id="W1"))


@named("guaranteed hours of a part week and overtime of a whole one")
def _() -> Case:
    """Nine days: the premium is rounded down, week by week."""
    visits = [
        h.visit(f"V{d}", "C1", "10:00", minutes=61 + d, day=d) for d in (0, 3, 7, 8)
    ]
    problem = two_workers(
        visits,
        w1={"contract": h.contract(contracted_s=3601, rate_p=1523)},
        w2={"contract": h.contract(guaranteed_s=4 * HOUR, rate_p=1481)},
        days=9,
    )
    return case(problem, priced(problem, overtime_percent=0, guaranteed_hours=False))


@named("known from the first visit on")
def _() -> Case:
    visits = [h.visit(f"V{d}", "C1", day=d) for d in range(3)]
    problem = two_workers(visits, client={"introduced_workers": ()}, days=3)
    return case(problem, priced(problem, unknown_worker_p=0))


@named("which of two visits is left out")
def _() -> Case:
    visits = [
        h.visit("less", latest="08:00", minutes=60, priority=Priority.FLEXIBLE),
        h.visit("more", latest="08:00", priority=Priority.ESSENTIAL),
    ]
    visits = [replace(v, time_critical=True) for v in visits]
    problem = h.problem(visits)
    return case(problem, priced(problem, unassigned_flexible_p=0))


@named("a visit dearer than leaving it out")
def _() -> Case:
    visit = h.visit(minutes=240, priority=Priority.FLEXIBLE)
    problem = h.problem([visit])
    return case(problem, priced(problem, unassigned_flexible_p=1000))


def _before(**made: tuple[str, ...]) -> Previous:
    return Previous(
        made={v: Made(workers=who, start_s=None) for v, who in made.items()},
        change_p=400,
        visits=len(made),
    )


@named("price change")
def _() -> Case:
    problem = two_workers([h.visit()])
    before = _before(V1=("W2",))
    return case(
        problem,
        problem,
        previous=before,
        relaxed_previous=replace(before, change_p=0),
    )


@named("a change of one of two workers")
def _() -> Case:
    problem = two_workers([h.visit(workers_required=2)])
    before = _before(V1=("W1", "W9"))
    return case(
        problem,
        problem,
        previous=before,
        relaxed_previous=replace(before, change_p=0),
    )


# -- pairs ---------------------------------------------------------------------------


def joined(a: Problem, b: Problem) -> Problem:
    """Two problems in one: the same days and workers, the clients and visits of both.

    A worker has what either problem says of them, and the shifts of the first on the
    days where it has any; so has the policy the fields of either.
    """
    ours, theirs = (_renamed(p, f"{k}-") for k, p in (("a", a), ("b", b)))
    days = max(a.horizon.days, b.horizon.days)
    workers = tuple(
        _merged(w, next(x for x in b.workers if x.worker_id == w.worker_id), h.worker())
        for w in a.workers
    )
    taken = {(x.worker_id, x.day) for x in a.shifts}
    also = tuple(x for x in b.shifts if (x.worker_id, x.day) not in taken)
    return Problem(
        horizon=Horizon(start_date=h.MONDAY, days=days),
        clients=(*ours.clients, *theirs.clients),
        visits=(*ours.visits, *theirs.visits),
        workers=workers,
        shifts=(*a.shifts, *also),
        policy=_merged(a.policy, b.policy, CHARTER),
        providers=a.providers,
        places=(*a.places, *(p for p in b.places if p not in a.places)),
        overrides=(*ours.overrides, *theirs.overrides),
    )


def _renamed(p: Problem, prefix: str) -> Problem:
    """The problem with a prefix before clients and visits."""

    def client(c: Client) -> Client:
        place = replace(c.place, place_id=prefix + c.client_id)
        return replace(c, client_id=prefix + c.client_id, place=place)

    def visit(v: Visit) -> Visit:
        after = None if v.after_visit is None else prefix + v.after_visit
        return replace(
            v,
            visit_id=prefix + v.visit_id,
            client_id=prefix + v.client_id,
            after_visit=after,
        )

    return replace(
        p,
        clients=tuple(client(c) for c in p.clients),
        visits=tuple(visit(v) for v in p.visits),
    )


def _merged(a: Any, b: Any, plain: Any) -> Any:
    """``a`` with the fields of ``b`` in which ``a`` is like ``plain``."""
    changed = {
        f.name: getattr(b, f.name)
        for f in fields(a)
        if getattr(a, f.name) == getattr(plain, f.name) and f.name != "worker_id"
    }
    return replace(a, **changed)


def _pair(a: str, b: str) -> Callable[[], Case]:
    def make() -> Case:
        return case(joined(CASES[a]().problem, CASES[b]().problem))

    return make


_RULES = [name for name in CASES if name.startswith("rule ")]
_PRICES = [
    f"price {term}"
    for term in (
        "overtime",
        "unknown_worker",
        "extra_workers",
        "preferred_start",
        "lateness",
        "largest_lateness",
        "guaranteed_hours",
        "waiting",
        "travel",
    )
]
ALONE = tuple(CASES)
for _k, _rule_name in enumerate(_RULES):
    for _other in (_RULES[(_k + 5) % len(_RULES)], _PRICES[_k % len(_PRICES)]):
        CASES[f"{_rule_name} + {_other}"] = _pair(_rule_name, _other)
for _k, _price_name in enumerate(_PRICES):
    _other = _PRICES[(_k + 2) % len(_PRICES)]
    CASES[f"{_price_name} + {_other}"] = _pair(_price_name, _other)
