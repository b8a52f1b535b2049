"""Turn restrictions: by hand at a crossroads, and against a slow search."""

from __future__ import annotations

import heapq
import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_network_opening import MONDAY

from roundplan.domain import Mode, Period
from roundplan.network import (
    Hours,
    build_network,
    graph_at,
    load_network,
    network_info,
    save_network,
    timed_periods,
    travel_matrix,
)
from roundplan.network.arcs import split_at
from roundplan.network.graph import ModeGraph
from roundplan.network.paths import Paths
from roundplan.network.turn_arcs import obeying
from streets_by_hand import STREET, at, streets

# A crossroads at 5 with a ring round it: 1 west, 2 north, 3 east, 4 south.
NODES = {1: (0, 500), 2: (500, 1000), 3: (1000, 500), 4: (500, 0), 5: (500, 500)}
NODES |= {6: (1000, 1000), 7: (1000, 0)}
WEST, NORTH, EAST, SOUTH, NE, SE = range(1001, 1007)
WAYS = [
    ((1, 5), STREET),
    ((2, 5), STREET),
    ((3, 5), STREET),
    ((4, 5), STREET),
    ((2, 6, 3), STREET),
    ((3, 7, 4), STREET),
]
A, B = at("A", 100, 500), at("B", 500, 100)
"""In the west, and in the south: 800 m by a right turn at the crossroads."""
C = at("C", 500, 900)
"""In the north: 800 m from A by a left turn."""
D = at("D", 900, 500)


def turn(kind="no_right_turn", frm=WEST, to=SOUTH, via=("node", 5), **tags):
    members = [("way", frm, "from"), (*via, "via"), ("way", to, "to")]
    return members, {"type": "restriction", "restriction": kind, **tags}


def crossroads(tmp_path, *relations):
    return streets(tmp_path, NODES, WAYS, relations)


def metres(network, a, b, mode=Mode.DRIVE, **options):
    matrix = travel_matrix(network, [a, b], mode=mode, cache=False, **options)
    return int(matrix.metres[0, 1])


def test_a_car_may_not_turn_where_it_says_so_and_others_may(tmp_path):
    free, bound = crossroads(tmp_path), crossroads(tmp_path, turn())
    assert metres(free, A, B) == 800
    # straight on, and round by the east: 900 m to 3, then 1,000 m to 4, 100 m to B
    assert metres(bound, A, B) == 900 + 1000 + 100
    assert metres(bound, B, A) == 800
    assert metres(bound, A, C) == metres(bound, A, D) == 800
    for mode in (Mode.WALK, Mode.CYCLE):
        assert metres(bound, A, B, mode) == 800
    assert network_info(bound)["seen"]["turns"] == {"no_right_turn": 1}
    assert network_info(bound)["modes"]["drive"]["turn_bans"] == 1
    assert network_info(bound)["modes"]["walk"]["turn_bans"] == 0


def test_turning_back_further_on_is_no_way_round_a_ban(tmp_path):
    """Without the ring, only the dead end in the east lets a car turn."""
    network = streets(tmp_path, NODES, WAYS[:4], [turn()])
    # 400 m to the crossroads, to the end in the north or east and back, 400 m south
    assert metres(network, A, B) == 400 + 2 * 500 + 400


def test_what_must_be_taken_bans_all_else(tmp_path):
    network = crossroads(tmp_path, turn("only_straight_on", to=EAST))
    assert metres(network, A, D) == 800
    assert metres(network, A, B) == 900 + 1000 + 100
    assert metres(network, A, C) == 900 + 1000 + 100
    assert metres(network, C, B) == 800
    assert network_info(network)["modes"]["drive"]["turn_bans"] == 3


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (turn(**{"except": "psv;motorcar"}), "cars are exempt"),
        (turn("no_right_turn", **{"except": "psv"}), None),
        (
            (
                turn()[0],
                {"type": "restriction:hgv", "restriction:hgv": "no_right_turn"},
            ),
            "for other vehicles",
        ),
        (
            (turn()[0], {"type": "restriction:hgv", "restriction": "no_right_turn"}),
            "for other vehicles",
        ),
        (
            (
                turn()[0],
                {
                    "type": "restriction",
                    "restriction:conditional": "no_right_turn @ (weight>7.5)",
                },
            ),
            "for other vehicles",
        ),
        (turn(**{"restriction:motorcar": "no_left_turn"}), None),
        (turn("give_way"), "of a kind that is not known"),
        ((turn()[0][:2], turn()[1]), "incomplete"),
        (turn(via=("node", 2)), "between streets where no car turns so"),
        (turn(to=4711), "between streets where no car turns so"),
    ],
)
def test_which_relations_bind_a_car(relation, reason, tmp_path):
    turns = network_info(crossroads(tmp_path, relation))["seen"]["turns"]
    kind = relation[1].get("restriction:motorcar", "no_right_turn")
    assert turns == ({f"left out, {reason}": 1} if reason else {kind: 1})


def test_a_way_that_runs_through_does_not_say_from_where(tmp_path):
    ways = [((1, 5, 3), STREET), *WAYS[1:2], ((4, 5), STREET)]
    relation = turn(frm=1001, to=1003)
    info = network_info(streets(tmp_path, NODES, ways, [relation]))
    assert list(info["seen"]["turns"]) == [
        "left out, ambiguous, on a way that runs through"
    ]


def test_a_restriction_by_hours_binds_in_them_alone(tmp_path):
    members, _ = turn()
    text = "no_right_turn @ (Mo-Fr 07:00-08:00)"
    tags = {"type": "restriction", "restriction:conditional": text}
    network = crossroads(tmp_path, (members, tags))
    turns = network_info(network)["seen"]["turns"]
    assert turns == {"no_right_turn, by hours": 1}
    hours = Hours([MONDAY])
    names = timed_periods(network, Mode.DRIVE, hours)
    assert names == ("Mo 07:00-08:00", "Mo 08:00-10:00", "Mo 16:00-19:00")
    found = [metres(network, A, B, period=p, hours=hours) for p in (None, *names)]
    assert found == [800, 2000, 800, 800]
    graph, notes = graph_at(network, Mode.DRIVE, Period.parse(names[0]))
    assert len(graph.bans) == 1
    assert notes == ()


def test_a_turn_back_by_a_link_between_carriageways_is_banned(tmp_path):
    """Two carriageways, a link at 2-5; back by it is banned, across it is not."""
    nodes = {1: (0, 0), 2: (500, 0), 3: (1000, 0), 4: (1000, 20), 5: (500, 20)}
    nodes |= {6: (0, 20), 7: (500, 300)}
    one_way = {**STREET, "oneway": "yes"}
    ways = [
        ((1, 2), one_way),
        ((2, 3), one_way),
        ((3, 4), one_way),
        ((4, 5), one_way),
        ((5, 6), one_way),
        ((2, 5), STREET),
        ((5, 7), STREET),
        ((6, 1), one_way),
    ]
    ban = turn("no_u_turn", frm=1001, via=("way", 1006), to=1005)
    a, b, north = at("A", 100, 0), at("B", 100, 20), at("N", 500, 200)
    free = streets(tmp_path, nodes, ways)
    assert metres(free, a, b) == 400 + 20 + 400
    bound = streets(tmp_path, nodes, ways, [ban])
    assert metres(bound, a, north) == 400 + 20 + 180
    # round by the end of the carriageway, or by the dead end in the north
    assert metres(bound, a, b) == 400 + 20 + 2 * 280 + 400
    assert network_info(bound)["seen"]["turns"] == {"no_u_turn": 1}


def test_bans_are_stored_with_the_network(tmp_path):
    network = crossroads(tmp_path, turn(), turn("only_straight_on", to=EAST))
    path = tmp_path / "streets.roundplan"
    save_network(network, path)
    again = load_network(path)
    assert again.graph(Mode.DRIVE).bans == network.graph(Mode.DRIVE).bans
    assert again.graph(Mode.DRIVE).content_hash() == (
        network.graph(Mode.DRIVE).content_hash()
    )
    free = crossroads(tmp_path).graph(Mode.DRIVE)
    assert free.content_hash() != network.graph(Mode.DRIVE).content_hash()


def random_graph(rng, nodes=7, edges=11):
    """Streets between a few corners, some one-way, some private, some parallel."""
    tail = np.array([rng.randrange(nodes) for _ in range(edges)], dtype=np.int32)
    step = np.array([rng.randrange(1, nodes) for _ in range(edges)], dtype=np.int32)
    length = np.array([rng.randrange(1, 9) * 1000 for _ in range(edges)])
    one_way = np.array([rng.random() < 0.2 for _ in range(edges)])
    ms = (length * rng.choice([1, 2])).astype(np.int32)
    zeros = np.zeros(edges, dtype=np.int32)
    return ModeGraph(
        node_xy=np.zeros((nodes, 2)),
        node_ids=np.arange(nodes),
        component=np.zeros(nodes, dtype=np.int32),
        tail=tail,
        head=((tail + step) % nodes).astype(np.int32),
        length_mm=length.astype(np.int32),
        forward_ms=ms,
        backward_ms=np.where(one_way, -1, ms).astype(np.int32),
        forward_delay_ms=zeros,
        backward_delay_ms=zeros,
        private=np.array([rng.random() < 0.1 for _ in range(edges)]),
        kind=zeros.astype(np.int16),
        way_ids=np.arange(edges),
        vertex_xy=np.zeros((2 * edges, 2)),
        vertex_start=np.arange(0, 2 * edges + 1, 2, dtype=np.int32),
        condition=zeros - 1,
        kinds=("residential",),
        conditions=(),
    )


def random_bans(rng, graph, count):
    """Walks of two to four edges that a car could drive."""
    times = np.stack([graph.forward_ms, graph.backward_ms], axis=1).reshape(-1)
    ends = np.stack([graph.tail, graph.head], axis=1).reshape(-1)
    codes = np.flatnonzero(times >= 0).tolist()
    bans = set()
    for _ in range(count):
        walk = [rng.choice(codes)]
        for _ in range(rng.choice([1, 1, 2, 3])):
            here = ends[walk[-1] ^ 1]
            onward = [c for c in codes if ends[c] == here and c not in walk]
            if onward:
                walk.append(rng.choice(onward))
        if len(walk) > 1:
            bans.add(tuple(walk))
    return sorted(bans)


def slowest(arcs, bans):
    """Least ms between points by a search whose states are whole histories of edges."""
    pairs = {ban for ban in bans if len(ban) == 2}
    longest = max(map(len, bans), default=2)
    leaving = {}
    for a, tail in enumerate(arcs.tail.tolist()):
        leaving.setdefault(tail, []).append(a)

    def at_the_same_spot(node, ends):
        """The node, and junctions that a point at it is at the end of an edge with."""
        return {
            node,
            *(
                int(ends(a))
                for a in range(len(arcs.tail))
                if arcs.joint[a] and int(other(ends)[a]) == node
            ),
        }

    def other(ends):
        return arcs.tail if ends.__name__ == "head" else arcs.head

    def head(a):
        return arcs.head[a]

    def tail(a):
        return arcs.tail[a]

    def onward(a, history):
        out = leaving.get(int(arcs.head[a]), [])
        code = int(arcs.edge[a])
        fair = [b for b in out if (code, int(arcs.edge[b])) not in pairs]
        ahead = [b for b in fair if arcs.piece[b] != arcs.piece[a] ^ 1]
        for b in ahead or fair:
            more = int(arcs.edge[b])
            trail = history if more == history[-1] else (*history, more)[-longest:]
            if not any(len(n) > 2 and trail[-len(n) :] == n for n in bans):
                yield b, trail

    found = np.full((len(arcs.origin),) * 2, -1)
    for i, start in enumerate(arcs.origin.tolist()):
        best = {}
        first = [a for n in at_the_same_spot(start, head) for a in leaving.get(n, [])]
        heap = [(int(arcs.ms[a]), a, (int(arcs.edge[a]),)) for a in first]
        heapq.heapify(heap)
        while heap:
            ms, a, history = heapq.heappop(heap)
            if (a, history) in best:
                continue
            best[a, history] = ms
            for b, trail in onward(a, history):
                heapq.heappush(heap, (ms + int(arcs.ms[b]), b, trail))
        for j, end in enumerate(arcs.destination.tolist()):
            there = at_the_same_spot(end, tail)
            reached = [ms for (a, _), ms in best.items() if int(arcs.head[a]) in there]
            found[i, j] = 0 if i == j else min(reached, default=-1)
    return found


@settings(deadline=None, max_examples=150)
@example(seed=0)
@example(seed=216)
@given(seed=st.integers(0, 10**6))
def test_paths_are_those_of_a_search_that_remembers_every_edge(seed):
    rng = random.Random(seed)
    graph = random_graph(rng)
    bans = random_bans(rng, graph, rng.randrange(0, 12))
    points = sorted(
        {
            (e, rng.choice([0, int(graph.length_mm[e]), 500, 700]))
            for e in (rng.randrange(len(graph.tail)) for _ in range(6))
        }
    )
    arcs = split_at(graph, np.array(points, dtype=np.int64))
    expected = slowest(arcs, bans)
    every = np.arange(len(points))
    paths = Paths.of(obeying(arcs, bans), 10**6)
    ms = paths.between(every, every)[0]
    assert ms.tolist() == expected.tolist()
    free = Paths.of(arcs, 10**6).between(every, every)[0]
    reached = ms >= 0
    assert (free[reached] >= 0).all()
    assert (free[reached] <= ms[reached]).all()
    if not bans:
        assert ms.tolist() == free.tolist()


def test_real_restrictions_are_read():
    from test_network_real import SHARED

    path = SHARED / "denmark_hill_2023.osm"
    if not path.is_file():
        pytest.skip("needs the real streets of ../shared/data/osm")
    turns = network_info(build_network(path))["seen"]["turns"]
    assert sum(turns.values()) == 7
    assert turns["no_right_turn"] == 5  # of six, one into a way against its one-way
    assert turns["no_u_turn"] == 1
