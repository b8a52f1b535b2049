"""The variables of the model, in containers by what they are about.

Notation as in `roundplan.arrays.layout`: a *node* is one attendance, a *span* a shift
or a paid block. A *stop* is a node in one of the spans that it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr
from ortools.sat.python.cp_model_helper import Literal

from roundplan.arrays import CompiledProblem
from roundplan.arrays import layout as of
from roundplan.arrays.layout import NEVER, NO_WAY_S, ProblemArrays

Linear = LinearExpr | int
"""A linear expression; a literal and a variable are ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A node in a span: whether it is there, and the gap after it.

    Parameters
    ----------
    low, high
        Earliest and latest start in this span.
    longest
        The longest wait that can follow.
    wait
        Seconds of the gap that are neither travel nor break; 0 after the last visit.
    unpaid
        Whether the wait is longer than the longest that is paid.
    paid_wait
        The wait where it is paid, else 0.
    rests
        Whether the wait is unpaid and as long as a break.
    pause
        Whether a break is taken in the gap.
    """

    node: int
    span: int
    low: int
    high: int
    longest: int
    present: IntVar
    wait: IntVar
    unpaid: Literal
    paid_wait: Linear
    rests: Literal
    pause: Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The round of a span: its order, and what it comes to.

    Parameters
    ----------
    active
        Whether it has visits.
    first, last, following
        Literals of the arcs: to the first node, from the last, and between two.
    begin, end
        Start of the first visit and end of the last.
    on, off
        Clock-on and clock-off.
    head, tail
        ``begin`` less the need of the first leg; ``end`` and the need of the last.
    paid, work
        Seconds on the pay clock and on the working-time clock.
    """

    span: int
    active: IntVar
    stops: dict[int, Stop]
    first: dict[int, IntVar]
    last: dict[int, IntVar]
    following: dict[tuple[int, int], IntVar]
    begin: IntVar
    end: IntVar
    on: Linear
    off: Linear
    head: Linear
    tail: Linear
    paid: Linear
    work: Linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A training or meeting block, which is a round that never changes."""

    span: int
    on: int
    off: int


@dataclass(slots=True, kw_only=True)
class Variables:
    """All variables, and the problem that they are about.

    Parameters
    ----------
    placed, start, windows
        By visit: whether it is made, when it starts, and between which bounds.
    idle_at
        By visit: the start of an absent one, so that no two solutions are the same.
    cares, blocks
        By span.
    """

    compiled: CompiledProblem
    model: CpModel
    placed: list[IntVar]
    start: list[IntVar]
    windows: list[tuple[int, int]]
    idle_at: list[int]
    cares: dict[int, Care] = field(default_factory=dict)
    blocks: dict[int, Block] = field(default_factory=dict)

    @property
    def arrays(self) -> ProblemArrays:
        """The problem as arrays."""
        return self.compiled.arrays

    def stops(self) -> Iterator[Stop]:
        """Yield every stop, by span."""
        for care in self.cares.values():
            yield from care.stops.values()

    def nodes_of(self, v: int) -> range:
        """Return the nodes of a visit."""
        first = int(self.arrays.visit[v, of.FIRST])
        return range(first, first + int(self.arrays.visit[v, of.HANDS]))

    def worker_of(self, r: int) -> int:
        """Return the worker of a span."""
        return int(self.arrays.span[r, of.WORKER])

    def presences(self, v: int) -> dict[int, list[IntVar]]:
        """Return by worker the literals that put them on a visit."""
        found: dict[int, list[IntVar]] = {}
        for i in self.nodes_of(v):
            for r in spans_of(self.arrays, i):
                stop = self.cares[r].stops[i]
                found.setdefault(self.worker_of(r), []).append(stop.present)
        return found

    def days(self) -> dict[tuple[int, int], list[int]]:
        """Return the spans of each worker and day that have any, in order of time."""
        found: dict[tuple[int, int], list[int]] = {}
        for r in sorted((*self.cares, *self.blocks)):
            row = self.arrays.span[r]
            key = (int(row[of.WORKER]), int(row[of.SPAN_DAY]))
            found.setdefault(key, []).append(r)
        return found

    def either(self, literals: Sequence[Literal], name: str) -> Literal:
        """Return a literal that is true when one of the literals is."""
        if not literals:
            return self.model.new_constant(0)
        if len(literals) == 1:
            return literals[0]
        found = self.model.new_bool_var(name)
        self.model.add_max_equality(found, literals)
        return found

    def actives(self, spans: Sequence[int]) -> list[Literal]:
        """Return whether each of the spans has a round; paid blocks are no care."""
        return [self.cares[r].active for r in spans if r in self.cares]


def spans_of(p: ProblemArrays, i: int) -> list[int]:
    """Return the spans that a node fits."""
    low, high = p.fit_at[i]
    return [int(r) for r in p.fit[low:high]]


def need_of(p: ProblemArrays, leg: int) -> int:
    """Return what a leg needs: its travel, and the buffer if it moves."""
    return leg + int(p.par[of.BUFFER]) if leg > 0 else leg


def leg_of(p: ProblemArrays, r: int, i: int, j: int) -> int:
    """Return the seconds of the leg between two nodes in a span."""
    layer = p.span[r, of.LAYER]
    return int(p.leg_s[layer, p.node[i, of.PLACE], p.node[j, of.PLACE]])


def end_leg(p: ProblemArrays, r: int, i: int, column: int) -> tuple[int, int]:
    """Return seconds and amount of the leg from or to a place of the shift.

    ``column`` is FROM or TO; nothing where the shift starts or ends anywhere.
    """
    place = int(p.span[r, column])
    if place < 0:
        return 0, 0
    ends = (place, int(p.node[i, of.PLACE]))
    a, b = ends if column == of.FROM else ends[::-1]
    layer = p.span[r, of.LAYER]
    return int(p.leg_s[layer, a, b]), int(p.leg_p[layer, a, b])


def build_variables(compiled: CompiledProblem, model: CpModel) -> Variables:
    """Return the variables of a problem; the rules are posted by the parts."""
    p = compiled.arrays
    firsts = p.node[p.visit[:, of.FIRST]]
    # where no start keeps a pin, LATE is before EARLY, and the visit fits nowhere
    windows = [
        (int(row[of.EARLY]), int(max(row[of.EARLY], row[of.LATE]))) for row in firsts
    ]
    x = Variables(
        compiled=compiled,
        model=model,
        placed=[model.new_bool_var(f"placed_{v}") for v in range(len(windows))],
        start=[model.new_int_var(*w, f"start_{v}") for v, w in enumerate(windows)],
        windows=windows,
        idle_at=[
            min(max(int(row[of.PREF]), low), high)
            for row, (low, high) in zip(firsts, windows, strict=True)
        ],
    )
    members: dict[int, list[int]] = {}
    for i in range(len(p.node)):
        for r in spans_of(p, i):
            members.setdefault(r, []).append(i)
    for r in range(len(p.span)):
        if p.span[r, of.IS_BLOCK]:
            x.blocks[r] = Block(
                span=r, on=int(p.span[r, of.OPEN]), off=int(p.span[r, of.CLOSE])
            )
        elif r in members:
            x.cares[r] = _care(x, r, members[r])
    return x


def _care(x: Variables, r: int, nodes: list[int]) -> Care:
    """Return the variables of a span that some nodes fit."""
    p, model = x.arrays, x.model
    row = p.span[r]
    bounds = {i: _bounds(p, r, i) for i in nodes}
    literals = {
        (i, j): model.new_bool_var(f"arc_{r}_{i}_{j}")
        for i in nodes
        for j in nodes
        if _may_follow(p, r, bounds, i, j)
    }
    stops = {
        i: _stop(x, r, i, bounds, [j for a, j in literals if a == i]) for i in nodes
    }
    first: dict[int, IntVar] = {}
    last: dict[int, IntVar] = {}
    lead: list[Linear] = []
    trail: list[Linear] = []
    home: list[Linear] = []
    paid: list[Linear] = []
    counts = int(p.worker[row[of.WORKER], of.HOME_COUNTS])
    heads: list[Linear] = []
    tails: list[Linear] = []
    for i in nodes:
        for column, at_home, ends, clock, needs in (
            (of.FROM, of.FROM_HOME, first, lead, heads),
            (of.TO, of.TO_HOME, last, trail, tails),
        ):
            seconds, _ = end_leg(p, r, i, column)
            if seconds == NO_WAY_S:
                continue
            literal = model.new_bool_var(f"end_{r}_{i}_{column}")
            ends[i] = literal
            needs.append(need_of(p, seconds) * literal)
            if row[at_home]:
                home.append(seconds * literal)
                clock.append(counts * seconds * literal)
            else:
                paid.append(seconds * literal)
                clock.append(seconds * literal)
    paid += [int(p.node[i, of.DUR]) * stop.present for i, stop in stops.items()]
    paid += [leg_of(p, r, i, j) * arc for (i, j), arc in literals.items()]
    paid += [stop.paid_wait for stop in stops.values()]
    low = min(low for low, _ in bounds.values())
    high = max(high for _, high in bounds.values())
    longest = max(int(p.node[i, of.DUR]) for i in nodes)
    begin = model.new_int_var(low, high, f"begin_{r}")
    end = model.new_int_var(low, high + longest, f"end_{r}")
    total = cp_model.LinearExpr.sum
    return Care(
        span=r,
        active=model.new_bool_var(f"active_{r}"),
        stops=stops,
        first=first,
        last=last,
        following=literals,
        begin=begin,
        end=end,
        on=begin - total(lead),
        off=end + total(trail),
        head=begin - total(heads),
        tail=end + total(tails),
        paid=total(paid),
        work=total(paid) + counts * total(home),
    )


def _bounds(p: ProblemArrays, r: int, i: int) -> tuple[int, int]:
    """Return the earliest and latest start of a node in a span."""
    row = p.node[i]
    return (
        int(max(row[of.EARLY], p.span[r, of.OPEN])),
        int(min(row[of.LATE], p.span[r, of.CLOSE] - row[of.DUR])),
    )


def _may_follow(
    p: ProblemArrays, r: int, bounds: dict[int, tuple[int, int]], i: int, j: int
) -> bool:
    """Return whether a node can come right after another in a span."""
    if i == j or p.node[i, of.MATE] == j:
        return False
    leg = leg_of(p, r, i, j)
    if leg == NO_WAY_S:
        return False
    return bounds[i][0] + int(p.node[i, of.DUR]) + need_of(p, leg) <= bounds[j][1]


def _stop(
    x: Variables,
    r: int,
    i: int,
    bounds: dict[int, tuple[int, int]],
    followers: list[int],
) -> Stop:
    p, model = x.arrays, x.model
    name = f"{r}_{i}"
    low, high = bounds[i]
    longest = max(
        (
            bounds[j][1] - low - int(p.node[i, of.DUR]) - leg_of(p, r, i, j)
            for j in followers
        ),
        default=0,
    )
    gap_max, rest = int(p.par[of.GAP_MAX]), int(p.par[of.BREAK_S])
    wait = model.new_int_var(0, longest, f"wait_{name}")
    unpaid: Literal = model.new_constant(0)
    rests: Literal = unpaid
    pause: Literal = unpaid
    paid_wait: Linear = wait
    if longest > gap_max:
        unpaid = model.new_bool_var(f"unpaid_{name}")
        paid_wait = model.new_int_var(0, gap_max, f"paid_wait_{name}")
        rests = unpaid
        if rest > gap_max + 1:
            rests = model.new_bool_var(f"rests_{name}")
    if p.span[r, of.BREAK_DUE] < NEVER and longest >= rest:
        pause = model.new_bool_var(f"pause_{name}")
    return Stop(
        node=i,
        span=r,
        low=low,
        high=high,
        longest=longest,
        present=model.new_bool_var(f"present_{name}"),
        wait=wait,
        unpaid=unpaid,
        paid_wait=paid_wait,
        rests=rests,
        pause=pause,
    )
