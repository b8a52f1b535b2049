"""Shapes, dtypes and contents of the arrays, as their docstring says."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace

import pytest

import helpers as h
from problems import random_problem
from roundplan.arrays import CompiledProblem, ProblemArrays, compile_arrays, layout
from roundplan.arrays.layout import (
    AFTER,
    APART,
    AVERAGE_CAP,
    BEFORE_1,
    BEFORE_2,
    BLOCK,
    BREAK_DUE,
    BUFFER,
    CHANGE_PRICE,
    CLIENT,
    CLOSE,
    CONTRACTED,
    DAY,
    DUE,
    DUR,
    EARLY,
    FIRST,
    FIRST_SPAN,
    FIXED,
    FROM,
    FROM_HOME,
    GAP_MAX,
    HANDS,
    HOME_COUNTS,
    IS_BLOCK,
    LARGEST_PRICE,
    LATE,
    LAYER,
    MATE,
    MAX_GAP,
    MIN_GAP,
    MOST,
    NEVER,
    NO_LONGER,
    NO_WAY_S,
    NODE_COLUMNS,
    OPEN,
    PAR_COUNT,
    PENALTY,
    PLACE,
    PREF,
    PROMISED,
    RATE,
    REST,
    REST_FROM,
    REST_TO,
    SPAN_COLUMNS,
    SPAN_DAY,
    SPANS,
    TIMED,
    TO,
    TO_HOME,
    VISIT,
    VISIT_COLUMNS,
    W_LATE,
    W_PREF,
    WEEK,
    WEEK_COLUMNS,
    WEEK_RATE,
    WORKER,
    WORKER_COLUMNS,
)
from roundplan.domain import (
    BENCHMARK,
    CHARTER,
    UNREACHABLE,
    Made,
    Mode,
    Override,
    Place,
    Previous,
    Priority,
    Problem,
    Rule,
    ShiftKind,
    Travel,
    named_policy,
)
from roundplan.units import AMOUNT_PER_PENNY

HOUR = 3600
DOCUMENTED_TYPES = dict(
    re.findall(r"``(\w+)``\s+(int\d\d)\b", ProblemArrays.__doc__ or "")
)
"""What is not int64 says so behind its name."""


def arrays(problem: Problem, by: Travel | None = None) -> ProblemArrays:
    return compile_arrays(problem, by or h.travel(problem)).arrays


def assert_as_documented(compiled: CompiledProblem) -> None:
    """Hold every array to the shapes of ``ProblemArrays``."""
    p, problem = compiled.arrays, compiled.problem
    nodes = sum(v.workers_required for v in problem.visits)
    visits, clients = len(problem.visits), len(problem.clients)
    workers, weeks = len(problem.workers), problem.horizon.weeks
    spans, places = len(compiled.spans), len(problem.all_places())
    layers = max(1, len({x for x in compiled.vehicles if x}))
    assert {name: a.shape for name, a in p._asdict().items() if name != "fit"} == {
        "node": (nodes, NODE_COLUMNS),
        "visit": (visits, VISIT_COLUMNS),
        "span": (spans, SPAN_COLUMNS),
        "worker": (workers, WORKER_COLUMNS),
        "week": (workers, weeks, WEEK_COLUMNS),
        "leg_s": (layers, places, places),
        "leg_p": (layers, places, places),
        "pair_p": (clients, workers),
        "known_to": (clients, workers),
        "team": (clients,),
        "fit_at": (nodes, 2),
        "first_link": (visits,),
        "next_link": (visits,),
        "par": (PAR_COUNT,),
    }
    assert p.fit.ndim == 1
    for name, array in p._asdict().items():
        assert array.flags.c_contiguous, name
        assert array.dtype == DOCUMENTED_TYPES.get(name, "int64"), name
    assert ((p.fit_at[:, 0] <= p.fit_at[:, 1]) & (p.fit_at[:, 1] <= len(p.fit))).all()
    assert ((p.fit >= 0) & (p.fit < spans)).all()


@pytest.mark.parametrize("seed", range(12))
def test_shapes_and_types_are_as_documented(seed: int) -> None:
    """Random problems, two vehicles among them."""
    problem = random_problem(seed)
    assert_as_documented(compile_arrays(problem, h.travel(problem)))


@pytest.mark.parametrize(
    "problem",
    [
        h.problem([], workers=[], clients=[]),
        h.problem([], clients=[h.client()]),
        h.problem([h.visit()], workers=[]),
        h.problem([h.visit()], shifts=[]),
        h.problem([h.visit(workers_required=2)]),
    ],
)
def test_empty_problems_have_empty_arrays_of_the_right_shape(problem: Problem) -> None:
    """No visits, workers, shifts or travel."""
    assert_as_documented(compile_arrays(problem, Travel(matrices={})))
    if problem.clients:
        assert_as_documented(compile_arrays(problem, h.travel(problem)))


def test_every_column_has_its_own_number() -> None:
    """Names of columns in one ``range`` do not overlap, and their counts are right."""
    tree = ast.parse(inspect.getsource(layout))
    sizes = [
        len(node.targets[0].elts)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
    ]
    assert sizes == [
        NODE_COLUMNS,
        VISIT_COLUMNS,
        SPAN_COLUMNS,
        WORKER_COLUMNS,
        WEEK_COLUMNS,
        PAR_COUNT,
    ]


def test_the_price_of_the_largest_lateness_is_in_the_arrays() -> None:
    """Per second, in amounts; which search can price it is not the arrays' affair."""
    policy = named_policy("charter", largest_lateness_p_min=7)
    found = arrays(h.problem([h.visit()], policy=policy)).par[LARGEST_PRICE]
    assert found == 7 * 3600 // 60


def test_visits_to_keep_apart_are_marked() -> None:
    """Only where there is a visit to keep apart from."""
    visits = [
        h.visit("A", other_worker=True),
        h.visit("B", after_visit="A", other_worker=True),
        h.visit("C", after_visit="A"),
    ]
    assert arrays(h.problem(visits)).visit[:, APART].tolist() == [0, 1, 0]


def test_a_node_per_attendance() -> None:
    """A double-handed visit has two, next to each other, mates of one another."""
    problem = h.problem(
        [
            h.visit("A", day=1, preferred_start_s=h.clock("08:10", 1)),
            h.visit("B", "C2", workers_required=2, preferred_start_s=h.clock("08:20")),
        ],
        days=2,
    )
    p = arrays(problem)
    assert p.node[:, VISIT].tolist() == [0, 1, 1]
    assert p.node[:, CLIENT].tolist() == p.node[:, PLACE].tolist() == [0, 1, 1]
    assert p.node[:, MATE].tolist() == [-1, 2, 1]
    assert p.node[:, FIXED].tolist() == [0, 1, 1]
    assert p.node[:, DAY].tolist() == [1, 0, 0]
    assert p.node[:, BLOCK].tolist() == [0, 0, 0]
    assert p.node[:, DUR].tolist() == [1800] * 3
    # the moment of a start has its price once a visit
    assert p.node[:, PREF].tolist() == [h.clock("08:10", 1), h.clock("08:20"), -1]
    assert p.node[:, W_PREF].tolist() == [120, 120, 0]
    assert p.visit[:, FIRST].tolist() == [0, 1]
    assert p.visit[:, HANDS].tolist() == [1, 2]


def test_previous_workers_of_a_node() -> None:
    """None, one for both columns, two, and one who is no worker any more."""
    problem = h.problem(
        [h.visit(f"V{k}", workers_required=1 + (k == 2)) for k in range(4)],
        [h.worker("W1"), h.worker("W2")],
    )
    previous = Previous(
        made={
            "V1": Made(workers=("W2",)),
            "V2": Made(workers=("W1", "W2")),
            "V3": Made(workers=("LEFT", "W1")),
        },
        change_p=7,
    )
    p = compile_arrays(problem, h.travel(problem), previous).arrays
    assert p.node[:, [BEFORE_1, BEFORE_2]].tolist() == [
        [-1, -1],
        [1, 1],
        [0, 1],
        [0, 1],
        [NO_LONGER, 0],
    ]
    assert p.par[CHANGE_PRICE] == 7 * AMOUNT_PER_PENNY
    assert arrays(problem).par[CHANGE_PRICE] == 0


def test_continuity_blocks_are_of_seven_days_from_the_first() -> None:
    """Whatever the weekday of the first day."""
    visits = [h.visit(f"V{d}", day=d) for d in (0, 6, 7, 13, 14)]
    assert arrays(h.problem(visits, days=15)).node[:, BLOCK].tolist() == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({}, 15),
        ({"priority": Priority.FLEXIBLE}, 15),
        ({"priority": Priority.ESSENTIAL}, 0),
        ({"time_critical": True}, 0),
    ],
)
def test_only_some_visits_may_be_late(fields: dict, late: int) -> None:
    """Essential and time-critical visits start inside their window."""
    node = arrays(h.problem([h.visit(**fields)])).node[0]
    assert (node[EARLY], node[DUE]) == (h.clock("08:00"), h.clock("09:00"))
    assert node[LATE] - node[DUE] == late * 60
    assert node[W_LATE] == (20 * 60 if late else 0)


def test_a_pinned_start_is_a_window_of_one_moment() -> None:
    """Until an override lifts the pin."""
    at = h.clock("08:40")
    problem = h.problem([h.visit(pinned_start_s=at)])
    assert arrays(problem).node[0, [EARLY, LATE]].tolist() == [at, at]
    lifted = Override(rule=Rule.PINS, visit_id="V1", reason="r", approved_by="a")
    free = arrays(replace(problem, overrides=(lifted,))).node[0]
    assert free[[EARLY, DUE]].tolist() == [h.clock("08:00"), h.clock("09:00")]


def test_links_are_lists_that_end() -> None:
    """Both visits that follow A are found from A, with their gaps."""
    problem = h.problem(
        [
            h.visit("A"),
            h.visit("B", earliest="12:00", after_visit="A", min_gap_s=HOUR),
            h.visit("C", earliest="14:00", after_visit="A", max_gap_s=8 * HOUR),
            h.visit("D", earliest="14:00"),
        ]
    )
    p = arrays(problem)
    assert p.visit[:, AFTER].tolist() == [-1, 0, 0, -1]
    assert p.visit[:, MIN_GAP].tolist() == [0, HOUR, 0, 0]
    assert p.visit[:, MAX_GAP].tolist() == [NEVER, NEVER, 8 * HOUR, NEVER]
    assert p.first_link.tolist() == [1, -1, -1, -1]
    assert p.next_link.tolist() == [-1, 2, -1, -1]
    assert p.node[:, FIXED].tolist() == [1, 1, 1, 0]
    lifted = Override(rule=Rule.LINKS, visit_id="B", reason="r", approved_by="a")
    free = arrays(replace(problem, overrides=(lifted,)))
    assert free.first_link.tolist() == [2, -1, -1, -1]


def test_penalties_follow_priorities() -> None:
    """In amounts."""
    visits = [h.visit(f"V{p}", priority=p) for p in Priority]
    pence = {Priority.ESSENTIAL: 100_000, Priority.STANDARD: 30_000}
    assert arrays(h.problem(visits)).visit[:, PENALTY].tolist() == [
        pence.get(p, 5_000) * 3600 for p in Priority
    ]


def test_spans_are_sorted_by_worker_and_time() -> None:
    """Work, training and meetings; leave is nowhere."""
    problem = h.problem(
        [h.visit(day=1)],
        [h.worker("W2", x=50.0), h.worker("W1")],
        [
            h.shift("W1", day=1, start_place="W1", end_place="OFFICE"),
            h.shift("W1", "16:00", "18:00", kind=ShiftKind.MEETING, start_place="W1"),
            h.shift("W2", day=1),
            h.shift("W2", "07:00", "09:00", kind=ShiftKind.TRAINING),
            h.shift("W1", day=0, kind=ShiftKind.LEAVE),
        ],
        days=2,
        clients=[h.client("C1", x=500.0)],
        places=(Place(place_id="OFFICE", x=900.0, y=0.0),),
    )
    compiled = compile_arrays(problem, h.travel(problem))
    p = compiled.arrays
    assert [x.shift_id for x in compiled.spans] == [
        "W2@0-07:00",
        "W2@1-07:00",
        "W1@0-16:00",
        "W1@1-07:00",
    ]
    # only the clients and the ends of shifts are places that a plan can use
    ids = [*(c.client_id for c in problem.clients), "W1", "OFFICE"]
    assert p.leg_s.shape[1] == len(ids)
    assert p.span[:, WORKER].tolist() == [0, 0, 1, 1]
    assert p.span[:, SPAN_DAY].tolist() == [0, 1, 0, 1]
    assert p.span[:, IS_BLOCK].tolist() == [1, 0, 1, 0]
    assert p.span[:, FROM].tolist() == [-1, -1, -1, ids.index("W1")]
    assert p.span[:, TO].tolist() == [-1, -1, -1, ids.index("OFFICE")]
    assert p.span[:, FROM_HOME].tolist() == [0, 0, 0, 1]
    assert p.span[:, TO_HOME].tolist() == [0, 0, 0, 0]
    assert p.span[3, [OPEN, CLOSE]].tolist() == [
        h.clock("07:00", 1),
        h.clock("15:00", 1),
    ]
    assert p.worker[:, FIRST_SPAN].tolist() == [0, 2]
    assert p.worker[:, SPANS].tolist() == [2, 2]
    # blocks hold no visits
    assert p.fit.tolist() == [1, 3]


def test_a_shift_has_its_rate_and_its_thresholds() -> None:
    """Rest and break are 0 and never where they are set aside."""
    problem = h.problem(
        [h.visit()],
        [h.worker("W1"), h.worker("W2", contract=h.contract(rate_p=None))],
        days=2,
    )
    lifted = (
        Override(
            rule=Rule.DAILY_REST, worker_id="W1", reason="r", approved_by="a", day=1
        ),
        Override(rule=Rule.BREAK, worker_id="W2", reason="r", approved_by="a"),
    )
    p = arrays(replace(problem, overrides=lifted))
    assert p.span[:, RATE].tolist() == [1480, 1480, 1480, 1480]
    assert p.span[:, REST].tolist() == [11 * HOUR, 0, 11 * HOUR, 11 * HOUR]
    assert p.span[:, BREAK_DUE].tolist() == [6 * HOUR, 6 * HOUR, NEVER, NEVER]
    assert p.span[:, WEEK].tolist() == [0] * 4
    free = arrays(replace(problem, policy=BENCHMARK))
    assert free.span[:, [RATE, REST]].max() == 0
    assert free.span[:, BREAK_DUE].min() == NEVER


def test_weekly_hours_are_prorated() -> None:
    """A horizon of a Thursday to a Tuesday: four days of one week, two of the next."""
    thursday = h.MONDAY.replace(day=4)
    contract = h.contract(
        guaranteed_s=21 * HOUR,
        contracted_s=35 * HOUR,
        max_s=40 * HOUR,
        has_fixed_base=True,
        wtr_opt_out=True,
    )
    problem = h.problem([h.visit()], [h.worker(contract=contract)], days=6)
    horizon = replace(problem.horizon, start_date=thursday)
    p = arrays(replace(problem, horizon=horizon))
    assert p.week[0, :, PROMISED].tolist() == [12 * HOUR, 6 * HOUR]
    assert p.week[0, :, CONTRACTED].tolist() == [20 * HOUR, 10 * HOUR]
    assert p.week[0, :, MOST].tolist() == [40 * HOUR] * 2
    assert p.week[0, :, WEEK_RATE].tolist() == [1480] * 2
    assert p.week[0, :, AVERAGE_CAP].tolist() == [NEVER] * 2
    # part weeks are not tested for their rest
    assert p.week[0, :, [REST_FROM, REST_TO]].tolist() == [[-1, -1], [-1, -1]]
    assert p.worker[0, HOME_COUNTS] == 0


def test_average_hours_leave_what_is_left_of_17_weeks() -> None:
    """816 hours less those worked; unknown hours count as 48 a week."""
    workers = [
        h.worker("W1", contract=h.contract(worked_16_weeks_s=800 * HOUR)),
        h.worker("W2"),
        h.worker("W3", contract=h.contract(worked_16_weeks_s=900 * HOUR)),
    ]
    p = arrays(h.problem([h.visit()], workers))
    assert p.week[:, 0, AVERAGE_CAP].tolist() == [16 * HOUR, 48 * HOUR, 0]
    assert (p.worker[:, HOME_COUNTS] == 1).all()


def test_a_week_needs_its_rest_where_shifts_leave_none() -> None:
    """Seven days of shifts do; six leave a day free anyway."""
    for days, tested in ((range(7), True), (range(6), False)):
        problem = h.problem([h.visit()], shifts=[h.shift(day=d) for d in days], days=7)
        rest = arrays(problem).week[0, 0, [REST_FROM, REST_TO]].tolist()
        assert rest == ([0, 7 * 86_400] if tested else [-1, -1])


def test_parameters_come_from_the_policy() -> None:
    """Buffer, longest paid wait, and whether the moment of a start has a price."""
    charter = arrays(h.problem([h.visit()], policy=CHARTER)).par
    assert charter[[BUFFER, GAP_MAX, TIMED]].tolist() == [180, HOUR, 1]
    benchmark = arrays(h.problem([h.visit()], policy=BENCHMARK)).par
    assert benchmark[[BUFFER, TIMED]].tolist() == [0, 0]


def test_each_vehicle_has_its_layer() -> None:
    """Workers of one vehicle share it; those without any have none."""
    problem = h.problem(
        [h.visit("V1"), h.visit("V2", "C2")],
        [
            h.worker("W1"),
            h.worker("W2", modes=(Mode.CYCLE,)),
            h.worker("W3", modes=(Mode.DRIVE,)),
            h.worker("W4"),
        ],
    )
    by = Travel(
        matrices={
            **h.travel(problem).matrices,
            **h.travel(problem, 4.0, Mode.CYCLE).matrices,
        }
    )
    compiled = compile_arrays(problem, by)
    assert compiled.vehicles == ("walk", "cycle", None, "walk")
    p = compiled.arrays
    cycle, walk = 0, 1
    assert p.span[:, LAYER].tolist() == [walk, cycle, -1, walk]
    assert p.leg_s[[cycle, walk], 0, 1].tolist() == [180, 600]
    assert 2 not in p.fit


def test_unreachable_legs_take_for_ever_and_cost_nothing() -> None:
    """In both directions apart; a place reaches itself."""
    problem = h.problem([h.visit("V1"), h.visit("V2", "C2")])
    by = h.travel(problem)
    times = by.matrices["walk"].times_s.copy()
    times[0, 1] = UNREACHABLE
    p = arrays(
        problem, Travel(matrices={"walk": replace(by.matrices["walk"], times_s=times)})
    )
    assert p.leg_s[0, 0, 1] == NO_WAY_S
    assert p.leg_p[0, 0, 1] == 0
    assert p.leg_s[0, 1, 0] == 600
    assert p.leg_s[0].diagonal().tolist() == [0, 0]


def test_places_with_the_same_legs_share_a_point() -> None:
    """Two clients in one house; a third far away; nobody's home is used."""
    homes = {"C1": 0.0, "C2": 0.0, "C3": 600.0}
    problem = h.problem(
        [h.visit(f"V{c}", c) for c in homes],
        [h.worker(x=900.0)],
        clients=[h.client(c, x=x) for c, x in homes.items()],
    )
    p = compile_arrays(problem, h.travel(problem)).arrays
    assert p.node[:, PLACE].tolist() == [0, 0, 1]
    assert p.leg_s.shape == (1, 2, 2)
    assert p.leg_s[0].tolist() == [[0, 600], [600, 0]]
