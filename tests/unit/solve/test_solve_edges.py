"""Problems with nothing in them, with one of everything, or with odd contents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import helpers as h
import searching as s
from problems import random_problem
from roundplan.arrays import compile_arrays
from roundplan.domain import (
    UNREACHABLE,
    HistoryEntry,
    Horizon,
    Mode,
    Priority,
    Problem,
    Rule,
    ShiftKind,
    Travel,
    named_policy,
)
from roundplan.errors import TravelError
from roundplan.solve import SearchParams, plan, travel_for
from roundplan.solve.engine import GENERAL, SYNC, Engine
from roundplan.solve.lns.session import SearchSession
from roundplan.solve.warmup import is_compiled, warm_up


def test_no_visits() -> None:
    """Nothing to plan: an empty roster that still pays for training."""
    problem = h.problem(
        [],
        shifts=[
            h.shift(),
            h.shift(start="16:00", end="17:00", kind=ShiftKind.TRAINING),
        ],
        clients=[h.client()],
    )
    result = s.planned(problem)
    assert (result.roster.rounds, result.roster.unassigned) == ((), ())
    assert result.cost.total_p == 1480


def test_no_visits_within_seconds() -> None:
    """A limit on the clock ends a search that has nothing to do."""
    problem = h.problem([], clients=[h.client()])
    result = plan(problem, h.travel(problem), seconds=0.2)
    assert result.roster.rounds == ()
    assert result.stopped == "nothing to plan"


def test_no_clients_and_no_workers() -> None:
    """An empty problem has an empty roster that costs nothing."""
    problem = h.problem([], workers=[], clients=[])
    assert s.planned(problem, Travel(matrices={})).cost.total == 0


def test_no_workers() -> None:
    """Every visit is unassigned, by its priority."""
    visits = [h.visit(f"V{p}", priority=p) for p in Priority]
    result = s.planned(h.problem(visits, workers=[]))
    assert set(s.left_out(result.roster).values()) == {"no_workers"}
    assert result.cost.total_p == 100_000 + 30_000 + 5_000


@pytest.mark.parametrize("kind", [None, ShiftKind.TRAINING, ShiftKind.LEAVE])
def test_no_shift_to_work_in(kind: ShiftKind | None) -> None:
    """Workers without shifts, or with training or leave only, make no visits."""
    shifts = [] if kind is None else [h.shift(kind=kind)]
    result = s.planned(h.problem([h.visit()], shifts=shifts))
    assert s.left_out(result.roster) == {"V1": "no_shift"}


def test_a_worker_without_shifts_beside_one_with() -> None:
    """Guaranteed hours of somebody who never works are paid all the same."""
    idle = h.worker("W0", contract=h.contract(guaranteed_s=7 * 3600))
    result = s.planned(h.problem([h.visit()], [idle, h.worker()], [h.shift()]))
    assert s.makers(result.roster) == {"V1": ("W1",)}
    assert result.cost.guaranteed_hours == 3600 * 1480


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"workers_required": 2},
        {"preferred_start_s": h.clock("08:25")},
        {"latest": "08:00"},
        {"pinned_start_s": h.clock("08:20")},
        {"priority": Priority.ESSENTIAL, "minutes": 16 * 60},
    ],
)
def test_one_visit(fields: dict) -> None:
    """A single visit is placed where it fits and named where it does not."""
    workers = [h.worker("W1"), h.worker("W2")]
    result = s.planned(h.problem([h.visit(**fields)], workers))
    fits = fields.get("minutes", 30) < 8 * 60
    assert s.left_out(result.roster) == ({} if fits else {"V1": "no_shift"})
    if preferred := fields.get("preferred_start_s") or fields.get("pinned_start_s"):
        assert s.starts(result.roster) == {"V1": {preferred}}


def test_one_visit_that_fills_the_shift_to_the_minute() -> None:
    """Both ends of a shift and of a window count as inside."""
    problem = h.problem(
        [h.visit(earliest="07:00", latest="07:00", minutes=120)],
        shifts=[h.shift(start="07:00", end="09:00")],
    )
    assert s.left_out(s.planned(problem).roster) == {}
    late = replace(problem, shifts=(h.shift(start="07:01", end="09:01"),))
    assert s.starts(s.planned(late).roster) == {"V1": {h.clock("07:01")}}


def test_a_visit_after_midnight_belongs_to_the_day_its_window_opens() -> None:
    """A night visit of the last day, in a shift that ends on the next morning."""
    problem = h.problem(
        [h.visit(earliest="25:00", latest="25:30")],
        shifts=[h.shift(start="22:00", end="30:00")],
    )
    result = s.planned(problem)
    assert s.starts(result.roster) == {"V1": {h.clock("25:00")}}
    assert result.roster.rounds[0].day == 0


def test_the_day_of_a_clock_change_has_23_hours() -> None:
    """Midnights are where the horizon says, so rests and weeks are too."""
    sunday = date(2026, 3, 29)
    midnights = (0, 23 * 3600, 47 * 3600)
    problem = h.problem(
        [
            h.visit("V0", earliest="20:00", latest="20:00"),
            h.visit("V1", earliest="07:00", latest="07:00", day=1),
        ],
        days=2,
        horizon=Horizon(start_date=sunday, days=2, midnights_s=midnights),
    )
    # 20:30 to 31:00 elapsed: half an hour short of eleven hours' rest
    assert len(s.planned(problem).roster.unassigned) == 1


def test_shared_places_need_no_travel() -> None:
    """Two visits of one client follow each other without a buffer."""
    problem = h.problem(
        [
            h.visit("V1", latest="08:00", priority=Priority.ESSENTIAL),
            h.visit("V2", "C1", "08:30", "08:30", priority=Priority.ESSENTIAL),
        ]
    )
    assert s.left_out(s.planned(problem).roster) == {}


def test_an_unreachable_client_is_left_out() -> None:
    """Where there is no way, nobody goes: two workers take one client each."""
    problem = h.problem(
        [h.visit("V1"), h.visit("V2", "C2", "10:00")],
        [h.worker("W1")],
        [h.shift("W1", start_place="W1", end_place="W1")],
    )
    by = h.travel(problem)
    walk = by.matrices["walk"]
    times = walk.times_s.copy()
    island = walk.index("C2")
    times[island, :] = times[:, island] = UNREACHABLE
    times[island, island] = 0
    cut = Travel(matrices={"walk": replace(walk, times_s=times)})
    result = s.planned(problem, cut)
    assert s.left_out(result.roster) == {"V2": "no_room"}


def test_a_one_way_street_is_walked_one_way() -> None:
    """C1 to C2 is possible, back is not: the order follows."""
    problem = h.problem(
        [h.visit("V1", latest="12:00"), h.visit("V2", "C2", latest="12:00")]
    )
    by = h.travel(problem)
    walk = by.matrices["walk"]
    times = walk.times_s.copy()
    times[walk.index("C1"), walk.index("C2")] = UNREACHABLE
    one_way = Travel(matrices={"walk": replace(walk, times_s=times)})
    (care_round,) = s.planned(problem, one_way).roster.rounds
    assert [v.visit_id for v in care_round.visits] == ["V2", "V1"]


def test_a_pinned_start_outside_the_window_cannot_be_kept() -> None:
    """No start keeps both rules, so the visit is left out."""
    problem = h.problem(
        [h.visit(pinned_start_s=h.clock("12:00"), priority=Priority.ESSENTIAL)]
    )
    assert set(s.left_out(s.planned(problem).roster)) == {"V1"}


def test_parking_is_no_part_of_a_drive_home() -> None:
    """Home legs are priced by travel alone (docs/model.md, Prices)."""
    problem = h.problem(
        [h.visit()],
        [h.worker(x=1200.0, modes=(Mode.DRIVE,))],
        [h.shift(start_place="W1", end_place="W1")],
        policy=named_policy("charter", parking_s=300),
    )
    result = s.planned(problem, h.travel(problem, mode=Mode.DRIVE))
    assert result.cost.home_legs == 2 * 20 * 5 * 3600


def test_known_by_the_first_day_not_by_the_first_start() -> None:
    """A night visit of day 0 makes known, though one of day 1 starts before it."""
    last = h.MONDAY - timedelta(days=90)
    problem = h.problem(
        [
            h.visit("A", earliest="25:00", latest="25:00"),
            h.visit("B", earliest="00:10", latest="00:10", day=1),
        ],
        days=2,
        shifts=[h.shift(start="23:00", end="30:00")],
        history=(
            HistoryEntry(
                client_id="C1",
                worker_id="W1",
                visits=1,
                first_visit=last,
                last_visit=last,
            ),
        ),
    )
    assert s.planned(problem).cost.unknown_worker == 0


def test_an_override_of_a_pin_is_not_for_somebody_else() -> None:
    """W1 is pinned; a row about W2 does not let W2 come instead."""
    problem = s.set_aside(
        h.problem(
            [h.visit(pinned_workers=("W1",))],
            [h.worker("W1"), h.worker("W2")],
            [h.shift("W2")],
        ),
        Rule.PINS,
        worker_id="W2",
    )
    assert set(s.left_out(s.planned(problem).roster)) == {"V1"}


def test_an_override_of_a_pin_lets_another_than_the_pinned_worker_come() -> None:
    """By the pinned worker's row, for one place or for both."""
    for hands, others in ((1, ("W2",)), (2, ("W2", "W3"))):
        problem = h.problem(
            [h.visit(pinned_workers=("W1",), workers_required=hands)],
            [h.worker(w) for w in ("W1", "W2", "W3")],
            [h.shift("W2"), h.shift("W3")],
        )
        assert set(s.left_out(s.planned(problem).roster)) == {"V1"}
        allowed = s.set_aside(problem, Rule.PINS, worker_id="W1")
        (who,) = s.makers(s.planned(allowed).roster).values()
        assert set(who) <= {"W2", "W3"}
        assert len(who) == len(others)


@pytest.mark.parametrize("first", ["early", "late"])
def test_a_rest_set_aside_on_one_day_does_not_shorten_the_next(first: str) -> None:
    """The longer visit is placed first; either way the rest before day 1 is kept."""
    minutes = (120, 30) if first == "early" else (30, 120)
    problem = h.problem(
        [
            h.visit("A", earliest="20:00", latest="20:00", minutes=minutes[0]),
            h.visit("B", earliest="06:00", latest="06:00", minutes=minutes[1], day=1),
        ],
        shifts=[h.shift(start="13:00", end="23:00"), h.shift(start="05:00", day=1)],
        days=2,
    )
    early = s.set_aside(problem, Rule.DAILY_REST, worker_id="W1", day=0)
    assert len(s.planned(early).roster.unassigned) == 1
    right = s.set_aside(problem, Rule.DAILY_REST, worker_id="W1", day=1)
    assert len(s.planned(right).roster.unassigned) == 0


def test_large_prices_are_priced_in_full() -> None:
    """A patch made as dear as an essential visit, and more."""
    problem = h.problem(
        [h.visit(priority=Priority.ESSENTIAL)],
        [h.worker(patch="S")],
        clients=[h.client(patch="N")],
        policy=named_policy(
            "charter", other_patch_p=1_000_000, unassigned_essential_p=2_000_000
        ),
    )
    assert s.planned(problem).cost.other_patch == 1_000_000 * 3600


def test_ltn_crossings_are_priced_in_full() -> None:
    """Thirty crossings at 50p, in a matrix of small integers."""
    problem = h.problem(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "09:00", "09:00")],
        [h.worker(modes=(Mode.DRIVE,))],
    )
    by = h.travel(problem, mode=Mode.DRIVE, crossings={("C1", "C2"): 30})
    assert s.planned(problem, by).cost.ltn == 30 * 50 * 3600


def test_worker_who_can_only_cycle_is_left_out_of_a_walk() -> None:
    """One vehicle per worker: without a matrix for it there are no rounds."""
    workers = [h.worker("W1", modes=(Mode.CYCLE,)), h.worker("W2")]
    result = s.planned(h.problem([h.visit()], workers))
    assert s.makers(result.roster) == {"V1": ("W2",)}


def test_each_worker_travels_by_their_own_vehicle() -> None:
    """The cyclist can make both visits, the walker cannot."""
    problem = h.problem(
        [h.visit("V1", latest="08:00"), h.visit("V2", "C2", "08:45", "08:45")],
        [h.worker("W1"), h.worker("W2", modes=(Mode.CYCLE, Mode.WALK))],
        clients=[h.client("C1", team_size=1), h.client("C2", x=2400.0)],
        shifts=[h.shift("W1"), h.shift("W2")],
    )
    by = Travel(
        matrices={
            **h.travel(problem).matrices,
            **h.travel(problem, 4.0, Mode.CYCLE).matrices,
        }
    )
    only_w2: Problem = replace(problem, shifts=(h.shift("W2"),))
    assert s.left_out(s.planned(only_w2, by).roster) == {}
    only_w1 = replace(problem, shifts=(h.shift("W1"),))
    assert len(s.left_out(s.planned(only_w1, by).roster)) == 1


def test_travel_that_does_not_know_a_place_leaves_its_visits_out() -> None:
    """A place missing from the matrix is unreachable, never an error in mid-search."""
    problem = h.problem([h.visit("V1"), h.visit("V2", "C2", "10:00")])
    by = h.travel(h.problem([h.visit("V1")]))
    result = s.planned(problem, by)
    assert len(result.roster.unassigned) == 1


def test_a_folder_with_neither_travel_nor_network_is_refused() -> None:
    """Where the folder has a travel file, it is the travel."""

    class Folder:
        travel = None
        network = None

    with pytest.raises(TravelError, match="E2201"):
        travel_for(Folder())  # type: ignore[arg-type]
    given = Travel(matrices={})
    folder = Folder()
    folder.travel = given  # type: ignore[assignment]
    assert travel_for(folder) is given  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", [GENERAL, SYNC], ids=lambda e: e.name)
def test_warming_up_compiles_the_kernel_once(engine: Engine) -> None:
    """Afterwards the kernel is known to be there."""
    warm_up(engine)
    assert is_compiled(engine)


def test_the_arrays_of_a_problem_survive_a_search() -> None:
    """A search works on copies: planning twice from one problem is the same."""
    problem = random_problem(4, size=2)
    compiled = compile_arrays(problem, h.travel(problem))
    before = [np.copy(a) for a in compiled.arrays]
    session = SearchSession(compiled, SearchParams(), 1)
    session.construct()
    session.run(s.effort(100), 0.0, 1.0)
    for old, now in zip(before, compiled.arrays, strict=True):
        assert np.array_equal(old, now)
