"""No roster makes the checker fail, however it was edited."""

from __future__ import annotations

from dataclasses import replace

from check_cases import policies
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import client, problem, shift, travel, visit, worker
from roundplan.check import RULES, broken, check, overrides_used
from roundplan.domain import (
    Break,
    Leg,
    Mode,
    Override,
    Place,
    Policy,
    Roster,
    Round,
    Rule,
    ScheduledVisit,
    ShiftKind,
    Unassigned,
)

PROBLEM = problem(
    [
        visit("V1", "C1", workers_required=2, skills=frozenset({"hoist"})),
        visit("V2", "C2", "10:00", after_visit="V1", pinned_workers=("W1",)),
        visit("V3", "C2", "10:00", day=1, minutes=20, short_visit_agreed=True),
    ],
    workers=[
        worker("W1"),
        worker("W2", modes=(Mode.CYCLE,)),
        worker("W3", gender=None),
    ],
    shifts=[
        shift("W1", start_place="office", end_place="W1"),
        shift("W1", start="16:00", end="30:00"),
        shift("W1", day=1, kind=ShiftKind.TRAINING, start="09:00", end="17:00"),
        shift("W2", end_place="office"),
        shift("W3", kind=ShiftKind.LEAVE),
    ],
    clients=[client("C1"), client("C2", x=600.0, barred_workers=("W2",))],
    days=2,
    places=[Place(place_id="office", x=100.0, y=0.0)],
    overrides=(
        Override(rule=Rule.SKILLS, visit_id="V1", reason="r", approved_by="a"),
        Override(rule=Rule.TRAVEL, worker_id="W1", reason="r", approved_by="a", day=0),
    ),
)
TRAVEL = travel(PROBLEM)

visit_ids = st.sampled_from(["V1", "V2", "V3", "V9", ""])
client_ids = st.sampled_from(["C1", "C2", "C9", ""])
worker_ids = st.sampled_from(["W1", "W2", "W3", "W9", ""])
place_ids = st.sampled_from(["C1", "C2", "W1", "office", "C9", ""])
round_ids = st.sampled_from([*(s.shift_id for s in PROBLEM.shifts), "R9", ""])
times = st.integers(-100_000, 300_000) | st.sampled_from([28_800, 30_600, -(10**12)])
days = st.integers(-2, 3) | st.sampled_from([-(10**9), 10**9])
legs = st.none() | st.builds(
    Leg,
    from_place=place_ids,
    to_place=place_ids,
    mode=st.sampled_from(Mode),
    travel_s=times,
    travel_m=times,
)
stops = st.builds(
    ScheduledVisit,
    visit_id=visit_ids,
    client_id=client_ids,
    start_s=times,
    end_s=times,
    leg=legs,
    wait_s=times,
)
rounds = st.builds(
    Round,
    round_id=round_ids,
    worker_id=worker_ids,
    day=days,
    shift_start_s=times,
    shift_end_s=times,
    profile=st.sampled_from(["walk", "cycle", "rocket", ""]),
    visits=st.lists(stops, max_size=4).map(tuple),
    breaks=st.lists(st.builds(Break, start_s=times, end_s=times), max_size=2).map(
        tuple
    ),
    last_leg=legs,
)
rosters = st.builds(
    Roster,
    rounds=st.lists(rounds, max_size=5).map(tuple),
    unassigned=st.lists(
        st.builds(
            Unassigned, visit_id=visit_ids, code=st.just("x"), reason=st.just("")
        ),
        max_size=3,
    ).map(tuple),
)


@settings(deadline=None, max_examples=150)
@given(roster=rosters, policy=policies())
def test_the_checker_never_fails(roster: Roster, policy: Policy) -> None:
    of = replace(PROBLEM, policy=policy)
    violations = check(of, TRAVEL, roster)
    order = list(RULES)
    assert [v.rule for v in violations] == sorted(
        (v.rule for v in violations), key=order.index
    )
    assert all(v.amount > 0 for v in violations)
    assert all(v.message.endswith(".") and v.message[0].isupper() for v in violations)
    assert {v.rule for v in violations} <= policy.hard
    assert len(broken(violations)) + sum(
        v.override is not None for v in violations
    ) == len(violations)
    assert set(overrides_used(violations)) <= set(of.overrides)
