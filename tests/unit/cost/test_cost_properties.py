"""What holds for the cost of any roster, however many rules it breaks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MONDAY, client, contract, problem, roster, shift, travel, worker
from roundplan.cost import cost_of, kpis, round_figures, worked_rounds
from roundplan.domain import (
    HistoryEntry,
    Horizon,
    Made,
    Mode,
    Previous,
    Priority,
    Problem,
    Provider,
    Roster,
    ShiftKind,
    Tier,
    TimeWindow,
    Travel,
    Visit,
    named_policy,
)

POLICY = named_policy(
    "charter",
    parking_s=120,
    co2e_g_km_drive=171,
    carbon_p_tonne=29_000,
    not_preferred_p=11,
    other_language_p=13,
    largest_lateness_p_min=3,
    travel_p_min=2,
)
"""The charter with every price above 0, so that no term is 0 by default."""

Label = Callable[[str], str]


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """Plain facts of a problem and a roster, without ids."""
    days = draw(st.sampled_from([1, 1, 2, 8, 9]))
    clients = draw(st.integers(1, 3))
    workers = draw(st.integers(1, 3))
    place = st.integers(0, 1200)
    optional_day = st.none() | st.integers(0, 120)
    return {
        "days": days,
        "weekday": draw(st.integers(0, 6)),
        "mode": draw(st.sampled_from(list(Mode))),
        "clients": [
            {
                "x": draw(place),
                "patch": draw(st.sampled_from([None, "North", "South"])),
                "language": draw(st.sampled_from([None, "bn"])),
                "team": draw(st.sampled_from([None, 1, 2])),
                "prefers": draw(st.none() | st.integers(0, workers - 1)),
                "seen": [draw(optional_day) for _ in range(workers)],
            }
            for _ in range(clients)
        ],
        "workers": [
            {
                "x": draw(place),
                "patch": draw(st.sampled_from([None, "North", "South"])),
                "languages": draw(st.sampled_from([(), ("bn",)])),
                "provider": draw(st.sampled_from([None, "P0", "P1"])),
                "rate": draw(st.none() | st.integers(1271, 1900)),
                "guaranteed": draw(st.integers(0, 40)) * 1801,
                "contracted": draw(st.none() | st.just(1200)),
                "base": draw(st.booleans()),
                "home": draw(st.booleans()),
                "training": draw(st.booleans()),
            }
            for _ in range(workers)
        ],
        "visits": [
            {
                "client": draw(st.integers(0, clients - 1)),
                "day": draw(st.integers(0, days - 1)),
                "minute": draw(st.integers(0, 400)),
                "late_s": 10 * draw(st.integers(-100, 500)),
                "length": draw(st.integers(16, 60)),
                "hands": draw(st.sampled_from([(), (0,), (1,), (0, 1), (2,)])),
                "priority": draw(st.sampled_from(list(Priority))),
            }
            for _ in range(draw(st.integers(1, 7)))
        ],
    }


def build(
    spec: dict[str, Any], label: Label = str, seed: int | None = None
) -> tuple[Problem, Travel, Roster]:
    """Make problem, travel and roster, with any ids and any order of rows."""

    def mixed(rows: list[Any]) -> list[Any]:
        rows = list(rows)
        if seed is not None:
            random.Random(seed).shuffle(rows)
        return rows

    who = [label(f"W{i}") for i in range(len(spec["workers"]))]
    start = MONDAY + timedelta(days=spec["weekday"])
    clients, history, workers, shifts, visits = [], [], [], [], []
    for i, c in enumerate(spec["clients"]):
        clients.append(
            client(
                label(f"C{i}"),
                c["x"],
                patch=c["patch"],
                language=c["language"],
                team_size=c["team"],
                preferred_workers=() if c["prefers"] is None else (who[c["prefers"]],),
            )
        )
        for w, days_ago in enumerate(c["seen"]):
            if days_ago is not None:
                last = start - timedelta(days=days_ago)
                history.append(
                    HistoryEntry(
                        client_id=label(f"C{i}"),
                        worker_id=who[w],
                        visits=1,
                        first_visit=last,
                        last_visit=last,
                    )
                )
    for i, w in enumerate(spec["workers"]):
        terms = contract(
            guaranteed_s=w["guaranteed"],
            contracted_s=w["contracted"],
            rate_p=w["rate"],
            has_fixed_base=w["base"],
        )
        workers.append(
            worker(
                who[i],
                w["x"],
                patch=w["patch"],
                languages=w["languages"],
                provider=w["provider"] and label(w["provider"]),
                modes=(spec["mode"],),
                contract=terms,
            )
        )
        ends = {"start_place": who[i], "end_place": who[i]} if w["home"] else {}
        for day in range(spec["days"]):
            shifts.append(shift(who[i], day=day, shift_id=label(f"S{i}-{day}"), **ends))
        if w["training"]:
            shifts.append(
                shift(
                    who[i],
                    "16:00",
                    "17:30",
                    kind=ShiftKind.TRAINING,
                    shift_id=label(f"T{i}"),
                )
            )
    rounds: dict[str, list[tuple[str, int]]] = {}
    for i, v in enumerate(spec["visits"]):
        opens = v["day"] * 86_400 + 7 * 3600 + v["minute"] * 60
        visits.append(
            Visit(
                visit_id=label(f"V{i}"),
                client_id=label(f"C{v['client']}"),
                day=v["day"],
                window=TimeWindow(earliest_start_s=opens, latest_start_s=opens + 1800),
                duration_s=v["length"] * 60,
                preferred_start_s=opens + 900,
                workers_required=max(1, len(v["hands"])),
                priority=v["priority"],
            )
        )
        for hand in v["hands"]:
            if hand < len(who):
                at = label(f"S{hand}-{v['day']}")
                # no two starts of a round are equal: their order would be by id
                stop = (label(f"V{i}"), opens + v["late_s"] + i + 7 * hand)
                rounds.setdefault(at, []).append(stop)
    made = problem(
        mixed(visits),
        mixed(workers),
        mixed(shifts),
        mixed(clients),
        days=spec["days"],
        policy=POLICY,
        horizon=Horizon(start_date=start, days=spec["days"]),
        history=tuple(mixed(history)),
        providers=tuple(
            mixed(
                [
                    Provider(provider=label("P0"), tier=Tier.SECONDARY),
                    Provider(provider=label("P1"), tier=Tier.SPOT),
                ]
            )
        ),
    )
    crossings = {(label("C0"), c.client_id): 1 for c in clients[1:]}
    by = travel(made, mode=spec["mode"], crossings=crossings)
    placed = dict(mixed(list(rounds.items())))
    return made, by, roster(made, by, placed)


def relabelled(text: str) -> str:
    """Another id for each, in another alphabetical order."""
    return f"{random.Random(text).randrange(10**9):09}-{text[::-1]}"


@settings(deadline=None, max_examples=40)
@given(specs())
def test_terms_are_whole_amounts_that_add_up(spec) -> None:
    p, by, made = build(spec)
    cost = cost_of(p, by, made)
    assert all(type(a) is int and a >= 0 for a in cost.amounts.values())
    assert cost.total == sum(cost.amounts.values())
    assert sum(cost.pence().values()) == cost.total_p


@settings(deadline=None, max_examples=40)
@given(specs(), st.integers(0, 10**6))
def test_the_order_of_rows_and_rounds_changes_nothing(spec, seed) -> None:
    p, by, made = build(spec)
    shuffled = build(spec, seed=seed)
    assert cost_of(*shuffled) == cost_of(p, by, made)
    assert round_figures(*shuffled) == round_figures(p, by, made)
    backwards = replace(made, rounds=tuple(reversed(made.rounds)))
    assert cost_of(p, by, backwards) == cost_of(p, by, made)


@settings(deadline=None, max_examples=40)
@given(specs())
def test_labels_change_nothing(spec) -> None:
    assert cost_of(*build(spec, relabelled)) == cost_of(*build(spec))


@settings(deadline=None, max_examples=25)
@given(specs())
def test_the_parts_of_the_pay_clock_add_up(spec) -> None:
    for r in worked_rounds(*build(spec)):
        time = r.clock
        assert time.paid_s == (
            time.contact_s + time.travel_s + time.parking_s + time.waiting_s
        )
        assert time.paid_s <= time.work_s <= time.paid_s + time.home_leg_s


@settings(deadline=None, max_examples=25)
@given(specs())
def test_no_change_is_priced_against_the_same_roster(spec) -> None:
    p, by, made = build(spec)
    workers: dict[str, set[str]] = {}
    for r in made.rounds:
        for v in r.visits:
            workers.setdefault(v.visit_id, set()).add(r.worker_id)
    same = {v: Made(workers=tuple(sorted(w))[:2]) for v, w in workers.items()}
    before = Previous(made=same, change_p=17)
    assert cost_of(p, by, made, before) == cost_of(p, by, made)
    others = {v: Made(workers=("nobody",)) for v in workers}
    before = Previous(made=others, change_p=17)
    attendances = sum(len(r.visits) for r in worked_rounds(p, by, made))
    assert cost_of(p, by, made, before).change == attendances * 17 * 3600
    assert cost_of(p, by, Roster(rounds=()), before).change == 0


@settings(deadline=None, max_examples=25)
@given(specs())
def test_the_unassigned_of_the_cost_are_those_of_the_figures(spec) -> None:
    p, by, made = build(spec)
    left = kpis(p, by, made)["unassigned_by_priority"]
    pence = {"essential": 100_000, "standard": 30_000, "flexible": 5_000}
    total = sum(count * pence[name] for name, count in left.items())
    assert cost_of(p, by, made).unassigned == total * 3600
