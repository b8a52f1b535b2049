"""Each price, in a problem where it decides: without it another roster is cheaper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import helpers as h
from roundplan.domain import (
    CareWorker,
    Mode,
    Policy,
    Problem,
    Provider,
    Shift,
    Tier,
    Travel,
    Visit,
    named_policy,
)

BOTH = ("W1", "W2")
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Case:
    """A problem, and the same problem without the price.

    ``free`` are the fields of the policy that take the price away.
    """

    problem: Problem
    free: Mapping[str, Any] = field(default_factory=dict)
    travel: Callable[[Problem], Travel] = h.travel


CASES: dict[str, Callable[[], Case]] = {}

NOT_TEMPTED = {
    "paid_blocks": "training and meetings cost the same in every roster",
    "change": "only with a previous roster (test_solve_previous.py)",
    "unassigned": "which of two visits fits is tested below",
}


def tempts(term: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(make: Callable[[], Case]) -> Callable[[], Case]:
        CASES[term] = make
        return make

    return keep


def two_workers(
    visits: Sequence[Visit],
    w1: Mapping[str, Any] | None = None,
    w2: Mapping[str, Any] | None = None,
    client: Mapping[str, Any] | None = None,
    apart: float = 600.0,
    policy: Policy | None = None,
    shifts: Sequence[Shift] | None = None,
    **fields: Any,
) -> Problem:
    """W1 and W2, both known to all clients and on shift all day, alike otherwise."""
    workers: list[CareWorker] = [
        h.worker("W1", **dict(w1 or {})),
        h.worker("W2", **dict(w2 or {})),
    ]
    details = {"introduced_workers": BOTH, "team_size": 2, **(client or {})}
    clients = [
        h.client(c, x=apart * i, **details)
        for i, c in enumerate(sorted({v.client_id for v in visits}))
    ]
    days = fields.get("days", 1)
    if shifts is None:
        shifts = [
            h.shift(w, "06:00", "23:00", day=d) for w in BOTH for d in range(days)
        ]
    if policy is not None:
        fields["policy"] = policy
    fields.setdefault(
        "providers",
        (
            Provider(provider="second", tier=Tier.SECONDARY),
            Provider(provider="agency", tier=Tier.SPOT),
        ),
    )
    return h.problem(visits, workers, shifts, clients, **fields)


ELSEWHERE = {"provider": "second"}
"""A worker who costs a pound more a visit."""


@tempts("contact")
def the_better_paid_worker() -> Case:
    problem = two_workers(
        [h.visit(minutes=240)],
        w1=ELSEWHERE,
        w2={"contract": h.contract(rate_p=1600)},
    )
    return Case(problem=problem, free={"pay_percent": 0})


def two_places(**fields: Any) -> Problem:
    """Two visits at once doable by W1 with a walk of 40 minutes, or by two workers."""
    return two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "09:10", "09:10")],
        apart=2400.0,
        w2=ELSEWHERE,
        **fields,
    )


@tempts("travel")
def a_long_walk() -> Case:
    return Case(problem=two_places(), free={"pay_percent": 0})


@tempts("travel_price")
def a_long_walk_with_a_price() -> Case:
    policy = named_policy("charter", pay_percent=0, travel_p_min=3)
    return Case(problem=two_places(policy=policy), free={"travel_p_min": 0})


@tempts("waiting")
def a_long_wait() -> Case:
    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C1", "09:20", "09:20")],
        w2=ELSEWHERE,
    )
    return Case(problem=problem, free={"paid_gap_max_s": 0})


def by_car(**fields: Any) -> Problem:
    """Two visits ten minutes' drive apart, by one driver or two."""
    return two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "08:50", "08:50")],
        w1={"modes": (Mode.DRIVE,)},
        w2={"modes": (Mode.DRIVE,), **ELSEWHERE},
        apart=6000.0,
        **fields,
    )


def driving(problem: Problem) -> Travel:
    crossed = {("C1", "C2"): 3}
    return h.travel(problem, metres_per_s=10.0, mode=Mode.DRIVE, crossings=crossed)


@tempts("parking")
def minutes_to_park() -> Case:
    policy = named_policy(
        "charter", parking_s=300, ltn_crossing_p=0, mileage=False, paid_gap_max_s=0
    )
    problem = by_car(policy=policy)
    return Case(
        problem=problem, free={"parking_s": 0, "pay_percent": 0}, travel=driving
    )


@tempts("mileage")
def a_long_drive() -> Case:
    """At 45p a mile, 6 km cost 168p: with the waiting more than a pound."""
    policy = named_policy("charter", pay_percent=0, ltn_crossing_p=0)
    return Case(problem=by_car(policy=policy), free={"mileage": False}, travel=driving)


@tempts("ltn")
def streets_closed_to_cars() -> Case:
    policy = named_policy("charter", pay_percent=0, mileage=False)
    return Case(
        problem=by_car(policy=policy), free={"ltn_crossing_p": 0}, travel=driving
    )


@tempts("cell_changes")
def another_neighbourhood() -> Case:
    def walking(problem: Problem) -> Travel:
        return replace(h.travel(problem), cells={"C1": "north", "C2": ""})

    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "08:50", "08:50")],
        w2=ELSEWHERE,
        policy=named_policy("charter", pay_percent=0, cell_change_p=300),
    )
    return Case(problem=problem, free={"cell_change_p": 0}, travel=walking)


@tempts("co2e")
def carbon() -> Case:
    policy = named_policy(
        "charter",
        pay_percent=0,
        mileage=False,
        ltn_crossing_p=0,
        co2e_g_km_drive=150,
        carbon_p_tonne=200_000,
    )
    return Case(
        problem=by_car(policy=policy), free={"carbon_p_tonne": 0}, travel=driving
    )


@tempts("fares")
def a_bus_ride() -> Case:
    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "08:50", "08:50")],
        w1={"modes": (Mode.WALK, Mode.TRANSIT)},
        w2=ELSEWHERE,
        policy=named_policy("charter", pay_percent=0),
    )

    def riding(of: Problem) -> Travel:
        """W1 goes by bus, W2 on foot."""
        bus = h.travel(of, mode=Mode.TRANSIT).matrices
        return Travel(matrices={**bus, **h.travel(of).matrices})

    return Case(problem=problem, free={"fares": False}, travel=riding)


@tempts("guaranteed_hours")
def hours_paid_for_nothing() -> Case:
    problem = two_workers(
        [h.visit(minutes=60)],
        w2={"contract": h.contract(guaranteed_s=7 * HOUR), **ELSEWHERE},
    )
    return Case(problem=problem, free={"guaranteed_hours": False})


@tempts("overtime")
def hours_above_the_contract() -> Case:
    problem = two_workers(
        [h.visit(minutes=240)],
        w1={"contract": h.contract(contracted_s=7 * HOUR)},
        w2=ELSEWHERE,
    )
    return Case(problem=problem, free={"overtime_percent": 0})


@tempts("unknown_worker")
def a_stranger() -> Case:
    problem = two_workers(
        [h.visit()], w2=ELSEWHERE, client={"introduced_workers": ("W2",)}
    )
    return Case(problem=problem, free={"unknown_worker_p": 0})


@tempts("extra_workers")
def a_second_face() -> Case:
    """W1 can make the first visit only, W2 of the dearer provider both."""
    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", earliest="15:00")],
        w2=ELSEWHERE,
        client={"team_size": 1},
        shifts=[h.shift("W1", "06:00", "12:00"), h.shift("W2", "06:00", "23:00")],
    )
    return Case(problem=problem, free={"extra_worker_p": 0})


@tempts("preferred_start")
def a_start_away_from_the_preferred_one() -> Case:
    """At once saves waiting; the client would rather have 09:00."""
    policy = named_policy("charter", preferred_start_p_min=30)
    problem = two_workers(
        [
            h.visit("V1", latest="08:00", pinned_workers=("W1",)),
            h.visit(
                "V2",
                latest="09:30",
                pinned_workers=("W1",),
                preferred_start_s=h.clock("09:00"),
            ),
        ],
        policy=policy,
    )
    return Case(problem=problem, free={"preferred_start_p_min": 0})


@tempts("lateness")
def ten_minutes_late() -> Case:
    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C1", "08:20", "08:20")],
        w2=ELSEWHERE,
    )
    return Case(problem=problem, free={"lateness_p_min": 0})


@tempts("largest_lateness")
def one_visit_very_late() -> Case:
    problem = two_workers(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C1", "08:20", "08:20")],
        w2=ELSEWHERE,
        policy=named_policy("charter", lateness_p_min=0, largest_lateness_p_min=20),
    )
    return Case(problem=problem, free={"largest_lateness_p_min": 0})


@tempts("other_patch")
def a_worker_of_another_patch() -> Case:
    problem = two_workers(
        [h.visit()],
        w1={"patch": "S"},
        w2={"patch": "N", **ELSEWHERE},
        client={"patch": "N"},
    )
    return Case(problem=problem, free={"other_patch_p": 0})


@tempts("other_language")
def a_worker_without_the_language() -> Case:
    problem = two_workers(
        [h.visit()],
        w2={"languages": ("Bengali",), **ELSEWHERE},
        client={"language": "Bengali"},
        policy=named_policy("charter", other_language_p=150),
    )
    return Case(problem=problem, free={"other_language_p": 0})


@tempts("not_preferred")
def a_worker_who_is_not_preferred() -> Case:
    problem = two_workers(
        [h.visit()],
        w2=ELSEWHERE,
        client={"preferred_workers": ("W2",)},
        policy=named_policy("charter", not_preferred_p=150),
    )
    return Case(problem=problem, free={"not_preferred_p": 0})


@tempts("provider_tier")
def a_spot_provider() -> Case:
    problem = two_workers(
        [h.visit(minutes=120)],
        w1={"provider": "agency"},
        w2={"contract": h.contract(rate_p=1500)},
    )
    return Case(problem=problem, free={"spot_tier_p": 0})


@tempts("home_legs")
def a_long_way_from_home() -> Case:
    problem = h.problem(
        [h.visit()],
        [h.worker("W1", x=3000.0), h.worker("W2", x=60.0, provider="second")],
        [h.shift(w, start_place=w, end_place=w) for w in BOTH],
        [h.client(introduced_workers=BOTH)],
        providers=(Provider(provider="second", tier=Tier.SECONDARY),),
    )
    return Case(problem=problem, free={"home_leg_p_min": 0})
