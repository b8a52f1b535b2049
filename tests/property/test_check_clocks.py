"""The checker's clocks and the cost's, written apart, say the same."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import client, contract, problem, roster, shift, travel, visit, worker
from roundplan.check._view import view_of
from roundplan.cost import worked_rounds
from roundplan.domain import Break, Mode, Place, Policy, named_policy

MINUTE = 60


@settings(deadline=None, max_examples=60)
@given(
    rng=st.randoms(use_true_random=False),
    policy=st.sampled_from(["charter", "plain", "benchmark"]).map(named_policy),
    parking_min=st.integers(0, 5),
    mode=st.sampled_from([Mode.WALK, Mode.DRIVE]),
)
def test_both_give_a_round_the_same_clocks(
    rng: random.Random, policy: Policy, parking_min: int, mode: Mode
) -> None:
    names = [f"C{i}" for i in range(3)]
    ends = [None, "W1", "office"]
    its_shift = shift(
        end="24:00", start_place=rng.choice(ends), end_place=rng.choice(ends)
    )
    visits, stops, breaks, now = [], [], [], 8 * 3600
    for i in range(rng.randint(1, 5)):
        minutes = rng.randint(20, 60)
        visits.append(visit(f"V{i}", rng.choice(names), minutes=minutes))
        stops.append((f"V{i}", now))
        now += minutes * MINUTE
        gap = rng.choice([0, 5, 40, 60, 75, 120]) + rng.randint(0, 20)
        if gap > 30 and rng.random() < 0.5:
            breaks.append(Break(start_s=now + 60, end_s=now + 25 * MINUTE))
        now += gap * MINUTE
    of = problem(
        visits,
        workers=[
            worker(
                x=rng.uniform(-900, 900),
                modes=(mode,),
                contract=contract(has_fixed_base=rng.random() < 0.5),
            )
        ],
        shifts=[its_shift],
        clients=[client(c, x=rng.uniform(-900, 900)) for c in names],
        places=[Place(place_id="office", x=rng.uniform(-900, 900), y=0.0)],
        policy=replace(policy, parking_s=parking_min * MINUTE),
    )
    by = travel(of, mode=mode)
    made = roster(of, by, {its_shift.shift_id: stops}, {its_shift.shift_id: breaks})

    (span,) = view_of(of, by, made).spans_of["W1"]
    (worked,) = worked_rounds(of, by, made)
    clock = worked.clock
    assert (span.paid_s, span.work_s) == (clock.paid_s, clock.work_s)
    assert (span.on_s, span.off_s) == (clock.clock_on_s, clock.clock_off_s)
