"""Random problems with a roster that breaks nothing, and ways to spoil it by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from helpers import client, problem, roster, shift, travel, visit, worker
from roundplan.domain import (
    Break,
    Client,
    Gender,
    Policy,
    Priority,
    Problem,
    Roster,
    Round,
    Rule,
    ScheduledVisit,
    Travel,
    Visit,
    named_policy,
)

MINUTE, HOUR = 60, 3600
SPARE = {Rule.SKILLS: "unskilled", Rule.GENDER: "man", Rule.BARRED: "barred"}
"""Workers with shifts and no rounds, each unfit by one rule for every client."""


@dataclass(frozen=True)
class Case:
    """A problem, its travel times and a roster of it."""

    problem: Problem
    travel: Travel
    roster: Roster


def make_case(rng: random.Random) -> Case:
    """Rounds of more than six hours with a break, on one or two days.

    The first visit of a day is double-handed; every visit is essential, needs a
    skill and a woman, and has a window of half an hour around its start.
    """
    days = rng.randint(1, 2)
    women = [f"W{i}" for i in range(rng.randint(2, 3))]
    clients = [
        client(
            f"C{i}",
            x=200.0 * rng.randint(0, 5),
            worker_gender=Gender.FEMALE,
            barred_workers=("barred",),
        )
        for i in range(rng.randint(2, 4))
    ]
    skilled = frozenset({"hoist"})
    workers = [worker(w, skills=skilled) for w in women]
    workers += [
        worker("unskilled"),
        worker("man", skills=skilled, gender=Gender.MALE),
        worker("barred", skills=skilled),
        worker("off", skills=skilled),
    ]
    shifts = [
        shift(w.worker_id, "07:00", "20:00", day, shift_id=f"{w.worker_id}@{day}")
        for w in workers
        for day in range(days)
        if w.worker_id != "off"
    ]
    visits: list[Visit] = []
    starts: dict[str, list[tuple[str, str | int]]] = {}
    breaks: dict[str, list[Break]] = {}
    by = {c.client_id: c.place.x or 0.0 for c in clients}
    for day in range(days):
        both = _visit(
            rng, f"D{day}", rng.choice(clients), day, day * 24 * HOUR + 8 * HOUR
        )
        visits.append(replace(both, workers_required=2))
        for i, w in enumerate(women):
            shift_id = f"{w}@{day}"
            starts[shift_id], breaks[shift_id] = [], []
            last = both
            if i < 2:
                starts[shift_id].append((both.visit_id, 8 * HOUR + day * 24 * HOUR))
            now, contact = 8 * HOUR + both.duration_s + day * 24 * HOUR, 0
            while contact <= 6 * HOUR:
                where = rng.choice(clients)
                metres = abs(by[where.client_id] - by[last.client_id])
                need = -(-int(metres) // MINUTE) * MINUTE
                now += need + 3 * MINUTE + rng.randint(0, 5) * MINUTE
                if contact > 3 * HOUR and not breaks[shift_id]:
                    rest = 20 * MINUTE + rng.randint(0, 10) * MINUTE
                    breaks[shift_id].append(Break(start_s=now, end_s=now + rest))
                    now += rest
                last = _visit(
                    rng, f"{shift_id}-{len(starts[shift_id])}", where, day, now
                )
                visits.append(last)
                starts[shift_id].append((last.visit_id, now))
                now += last.duration_s
                contact += last.duration_s
    of = problem(visits, workers, shifts, clients, days)
    times = travel(of)
    return Case(of, times, roster(of, times, starts, breaks))


def _visit(
    rng: random.Random, visit_id: str, where: Client, day: int, start: int
) -> Visit:
    made = visit(
        visit_id,
        where.client_id,
        minutes=rng.randint(30, 100),
        day=day,
        skills=frozenset({"hoist"}),
        priority=Priority.ESSENTIAL,
    )
    window = replace(
        made.window,
        earliest_start_s=start - 15 * MINUTE,
        latest_start_s=start + 15 * MINUTE,
    )
    return replace(made, window=window)


def cases() -> st.SearchStrategy[Case]:
    """Random problems, each with a roster that breaks nothing."""
    return st.randoms(use_true_random=False).map(make_case)


# Changes made by hand: each returns the changed roster and the rule it must break.

Change = Callable[[Case, random.Random], tuple[Roster, Rule]]


def _with_round(of: Roster, index: int, changed: Round) -> Roster:
    rounds = list(of.rounds)
    rounds[index] = changed
    return replace(of, rounds=tuple(rounds))


def _pick(case: Case, rng: random.Random) -> tuple[int, Round, int]:
    """A round and one of its stops."""
    index = rng.randrange(len(case.roster.rounds))
    chosen = case.roster.rounds[index]
    return index, chosen, rng.randrange(len(chosen.visits))


def _with_stop(chosen: Round, at: int, stop: ScheduledVisit) -> Round:
    return replace(chosen, visits=(*chosen.visits[:at], stop, *chosen.visits[at + 1 :]))


def _given_to(rule: Rule) -> Change:
    def change(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
        index, chosen, _ = _pick(case, rng)
        spare = SPARE[rule]
        given = replace(chosen, worker_id=spare, round_id=f"{spare}@{chosen.day}")
        return _with_round(case.roster, index, given), rule

    change.__name__ = f"a_worker_unfit_by_{rule}"
    return change


def a_worker_off_shift(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """A round goes to a worker who has no shift."""
    index, chosen, _ = _pick(case, rng)
    given = replace(chosen, worker_id="off")
    return _with_round(case.roster, index, given), Rule.AVAILABILITY


def a_start_outside_its_window(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """A visit moves out of its window, with its length."""
    index, chosen, at = _pick(case, rng)
    stop = chosen.visits[at]
    by = rng.choice([-1, 1]) * rng.randint(15 * MINUTE + 1, HOUR)
    moved = replace(stop, start_s=stop.start_s + by, end_s=stop.end_s + by)
    changed = _with_stop(chosen, at, moved)
    return _with_round(case.roster, index, changed), Rule.WINDOW


def a_leg_shorter_than_its_travel(
    case: Case, rng: random.Random
) -> tuple[Roster, Rule]:
    """A visit starts before the worker can be there."""
    index, chosen, _ = _pick(case, rng)
    at = rng.randrange(1, len(chosen.visits))
    before, stop = chosen.visits[at - 1], chosen.visits[at]
    assert stop.leg is not None
    need = stop.leg.travel_s + (3 * MINUTE if stop.leg.travel_s else 0)
    start = before.end_s + need - rng.randint(1, 10 * MINUTE)
    moved = replace(stop, start_s=start, end_s=start + stop.end_s - stop.start_s)
    changed = _with_stop(chosen, at, moved)
    return _with_round(case.roster, index, changed), Rule.TRAVEL


def a_visit_missing(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """An attendance is deleted: of one worker, or of one of two."""
    index, chosen, at = _pick(case, rng)
    left = (*chosen.visits[:at], *chosen.visits[at + 1 :])
    changed = replace(chosen, visits=left)
    return _with_round(case.roster, index, changed), Rule.COVERAGE


def a_visit_doubled(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """A visit is also given to another worker."""
    _, chosen, at = _pick(case, rng)
    stop = replace(chosen.visits[at], leg=None)
    extra = replace(
        chosen,
        round_id=f"unskilled@{chosen.day}",
        worker_id="unskilled",
        visits=(stop,),
        breaks=(),
    )
    rounds = (*case.roster.rounds, extra)
    return replace(case.roster, rounds=rounds), Rule.COVERAGE


def two_workers_starting_apart(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """One worker of a double-handed visit comes at another time."""
    doubles = [
        (i, at)
        for i, r in enumerate(case.roster.rounds)
        for at, stop in enumerate(r.visits)
        if case.problem.visit(stop.visit_id).workers_required == 2
    ]
    index, at = rng.choice(doubles)
    chosen = case.roster.rounds[index]
    stop, by = chosen.visits[at], rng.choice([-1, 1]) * rng.randint(1, HOUR)
    moved = replace(stop, start_s=stop.start_s + by, end_s=stop.end_s + by)
    changed = _with_stop(chosen, at, moved)
    return _with_round(case.roster, index, changed), Rule.DOUBLE_HANDED


def a_removed_break(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """A worker's break is deleted."""
    index, chosen, _ = _pick(case, rng)
    changed = replace(chosen, breaks=())
    return _with_round(case.roster, index, changed), Rule.BREAK


def a_changed_length(case: Case, rng: random.Random) -> tuple[Roster, Rule]:
    """A visit ends earlier or later than commissioned."""
    index, chosen, at = _pick(case, rng)
    stop, by = chosen.visits[at], rng.choice([-1, 1]) * rng.randint(1, 30 * MINUTE)
    changed = _with_stop(chosen, at, replace(stop, end_s=stop.end_s + by))
    return _with_round(case.roster, index, changed), Rule.DURATION


UNFIT: tuple[Change, ...] = tuple(_given_to(rule) for rule in SPARE)
"""Changes that break one rule and no other."""

CHANGES: tuple[Change, ...] = (
    *UNFIT,
    a_worker_off_shift,
    a_start_outside_its_window,
    a_leg_shorter_than_its_travel,
    a_visit_missing,
    a_visit_doubled,
    two_workers_starting_apart,
    a_removed_break,
    a_changed_length,
)
"""The hand-made changes that a checker must find, whichever stop they hit."""


def changed_cases() -> st.SearchStrategy[Case]:
    """Problems with a roster spoilt by none to three changes."""

    def spoil(rng: random.Random) -> Case:
        case = make_case(rng)
        for _ in range(rng.randint(0, 3)):
            spoilt, _ = rng.choice(CHANGES)(case, rng)
            if all(len(r.visits) > 1 for r in spoilt.rounds):
                case = replace(case, roster=spoilt)
        return case

    return st.randoms(use_true_random=False).map(spoil)


def policies() -> st.SearchStrategy[Policy]:
    """Each of the three named policies."""
    return st.sampled_from(["charter", "plain", "benchmark"]).map(named_policy)
