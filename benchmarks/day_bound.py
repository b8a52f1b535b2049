"""Lower bounds on one-day instances, computed apart from the search.

Two, the better counts. Both hold for the cost that `day_file.judge` adds up, visits
that nobody makes included.

*Path cover.* Each visit has at most one visit before it and one after, over legs that
the windows allow, and there are no more chains than shifts: an assignment problem.

*Columns.* A round is a column; every visit is covered, and no more rounds of equal
shifts are used than there are shifts. The linear programme is solved by column
generation: GLOP gives each visit a price, and labels over time find the rounds that
cost less than what they serve is worth (ng-routes, Baldacci, Mingozzi & Roberti 2011,
*Operations Research* 59(5): 1269-1283, with a memory of eight visits). For any prices,
the sum of prices and the best rounds' worth is a bound (Lagrange), so it can be stopped
at any moment. Prices are whole thousandths of a second and rounds are priced in
integers: nothing rounds the bound up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.optimize import linear_sum_assignment

from day_file import UNSERVED_S, Day, leg_s

UNIT = 1000
"""Prices are whole thousandths of a second."""

MEMORY = 8
"""Earlier visits that a label remembers at each visit."""

LABELS = 6_000_000
"""Most labels of one pricing; beyond it the columns give up."""

ROOM = 1 << 16
"""Labels for which there is room at first."""

COVER = 4
"""How often one batch of new columns may serve the same visit."""

SMOOTH = 0.75
"""Weight of the best prices so far in the next ones (Wentges 1997)."""

CLOSE_S = 0.5
"""How far the bound may stay below the linear programme's value."""

FAIR = 50
"""Worth, in price units, that is only the rounding of prices."""

CAP = 8
"""What a visit left out costs at first, in mean legs of the path cover: low prices are
steadier. It is raised where the linear programme would rather leave visits out."""

LARGEST = 3000
"""Visits up to which columns are tried: the matrices are dense."""

Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """No rounds cost less than ``travel_s``; how that is known, and the time taken."""

    travel_s: int
    name: str
    used_s: float


def best_bound(day: Day, seconds: float = 60.0) -> Bound:
    """Return the better of both bounds; columns get what is left of the seconds."""
    begun = time.perf_counter()
    best, name = path_cover(day), "path cover"
    if find_spec("ortools") is None:
        name += " (columns need ortools: uv sync --group bench)"
    elif day.visits > LARGEST:
        name += f" (columns up to {LARGEST:,} visits)"
    else:
        left = seconds - (time.perf_counter() - begun)
        found, done = columns(day, left)
        if found >= best:
            best = found
            name = "columns" + ("" if done else " (stopped early)")
    return Bound(best, name, time.perf_counter() - begun)


def legs(day: Day) -> Int:
    """Return the seconds from each visit to each."""
    return day.travel_s[np.ix_(day.location, day.location)].astype(np.int64)


def possible(day: Day, start_s: int, end_s: int) -> npt.NDArray[np.bool_]:
    """Return which visits can follow which inside a shift of these hours."""
    begin = np.maximum(day.early_s, start_s)
    arrive = (begin + day.duration_s)[:, None] + legs(day)
    follow = np.maximum(arrive, begin[None, :])
    ends = follow + day.duration_s[None, :] <= end_s
    allowed: npt.NDArray[np.bool_] = (follow <= day.late_s[None, :]) & ends
    allowed &= (begin <= day.late_s)[:, None]
    np.fill_diagonal(allowed, val=False)
    return allowed


def path_cover(day: Day) -> int:
    """Return the cost of the cheapest chains, as many as there are shifts."""
    n = day.visits
    allowed = np.zeros((n, n), dtype=np.bool_)
    for start, end in day.groups():
        allowed |= possible(day, start, end)
    size = n + day.shifts
    cost = np.zeros((size, size))
    cost[:n, :n] = np.where(allowed, legs(day), 2 * UNSERVED_S)
    # a visit after itself is one that nobody makes
    cost[np.arange(n), np.arange(n)] = UNSERVED_S
    rows, cols = linear_sum_assignment(cost)
    return round(float(cost[rows, cols].sum()))


def columns(
    day: Day, seconds: float, tell: Callable[[str], None] | None = None
) -> tuple[int, bool]:
    """Return the bound by column generation, and whether it is the best of its kind."""
    begun = time.perf_counter()
    pricing = Pricing(day)
    master = Master(day, 1 + CAP * path_cover(day) // day.visits)
    best, best_price = 0, np.zeros(day.visits, dtype=np.int64)
    rounds = 0
    while True:
        value, price = master.solve()
        weight = SMOOTH
        while True:
            tried = (weight * best_price + (1 - weight) * price).astype(np.int64)
            bound, new = pricing(tried, price, master.shift_price)
            if bound is None:
                return whole(best), False
            if bound > best:
                best, best_price = bound, tried
            if new or not weight:
                break
            weight = 0.0  # the smoothed prices missed: ask with the master's own
        rounds += 1
        if tell:
            tell(
                f"{rounds} {time.perf_counter() - begun:.1f} s: {value:.1f}, "
                f"bound {best / UNIT:.1f}, {len(new)} new, {pricing.labels} labels"
            )
        if not new or best / UNIT > value - CLOSE_S:
            if not master.leaves_out:
                return whole(best), True
            master.allow(4 * master.cap_s)
        if time.perf_counter() - begun > seconds:
            return whole(best), False
        master.add(new)


def whole(bound: int) -> int:
    """Return a bound in whole seconds: any cost is one."""
    return -(-bound // UNIT)


@dataclass(slots=True)
class Column:
    """A round of a group of equal shifts."""

    group: int
    visits: list[int]
    travel_s: int


class Master:
    """The linear programme over the columns so far."""

    def __init__(self, day: Day, cap_s: int) -> None:
        from ortools.linear_solver import pywraplp

        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        big = self._lp.infinity()
        self._served = [self._lp.Constraint(1, big) for _ in range(day.visits)]
        self._used = [
            self._lp.Constraint(-big, len(shifts)) for shifts in day.groups().values()
        ]
        self.shift_price = np.zeros(len(self._used), dtype=np.int64)
        self._lp.Objective().SetMinimization()
        self._left_out = [self._lp.NumVar(0, big, "") for _ in self._served]
        for row, variable in zip(self._served, self._left_out, strict=True):
            row.SetCoefficient(variable, 1)
        self.cap_s = 0
        self.allow(cap_s)
        self.add(chains(day))

    def add(self, new: list[Column]) -> None:
        """Add columns."""
        for column in new:
            variable = self._lp.NumVar(0, self._lp.infinity(), "")
            self._lp.Objective().SetCoefficient(variable, column.travel_s)
            for visit in column.visits:
                row = self._served[visit]
                row.SetCoefficient(variable, row.GetCoefficient(variable) + 1)
            self._used[column.group].SetCoefficient(variable, 1)

    def allow(self, cap_s: int) -> None:
        """Let a visit that is left out cost so much: no price is higher."""
        self.cap_s = min(cap_s, UNSERVED_S)
        for variable in self._left_out:
            self._lp.Objective().SetCoefficient(variable, self.cap_s)

    @property
    def leaves_out(self) -> bool:
        """Whether the solution leaves visits out that could cost more."""
        left = sum(variable.solution_value() for variable in self._left_out)
        return self.cap_s < UNSERVED_S and left > 1e-6

    def solve(self) -> tuple[float, Int]:
        """Return the value and the price of each visit; keep the shifts' prices."""
        self._lp.Solve()
        price = np.array([row.dual_value() for row in self._served]) * UNIT
        used = np.array([row.dual_value() for row in self._used]) * UNIT
        self.shift_price = np.rint(used).astype(np.int64)
        price = np.clip(np.rint(price), 0, UNSERVED_S * UNIT)
        return self._lp.Objective().Value(), price.astype(np.int64)


def chains(day: Day) -> list[Column]:
    """Return simple rounds to begin with: always the nearest visit that is possible."""
    free = set(range(day.visits))
    found = []
    for group, ((start, end), shifts) in enumerate(day.groups().items()):
        for _ in shifts:
            column, at, last = Column(group, [], 0), start, -1
            while free:
                options = []
                for v in free:
                    leg = leg_s(day, last, v) if last >= 0 else 0
                    begin = max(at + leg, int(day.early_s[v]))
                    over = begin + int(day.duration_s[v])
                    if begin <= day.late_s[v] and over <= end:
                        options.append((begin - at + leg, v, over, leg))
                if not options:
                    break
                _, last, at, leg = min(options)
                column.visits.append(last)
                column.travel_s += leg
                free.discard(last)
            if column.visits:
                found.append(column)
    return found


class Pricing:
    """Find cheap rounds for given prices of visits."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._legs = legs(day)
        self._groups = list(day.groups().items())
        self._width = int(day.duration_s.min())
        self.labels = 0
        self._parts = []
        for (start, end), _ in self._groups:
            allowed = possible(day, start, end)
            first = np.concatenate(([0], np.cumsum(allowed.sum(axis=1))))
            follow = np.nonzero(allowed)[1]
            self._parts.append((first, follow, memory_of(self._legs, allowed)))

    def __call__(
        self, tried: Int, price: Int, shift_price: Int
    ) -> tuple[int | None, list[Column]]:
        """Return the bound at the tried prices, and columns that the master wants.

        None when there are too many labels.
        """
        bound, new = int(tried.sum()), []
        self.labels = 0
        day = self._day
        for group, ((start, end), shifts) in enumerate(self._groups):
            first, follow, memory = self._parts[group]
            hours = np.array([start, end, self._width], dtype=np.int64)
            times = np.stack((day.early_s, day.late_s, day.duration_s), axis=1)
            prices = np.stack((tried, price), axis=1)
            count, least, node, before, true = label(
                hours, times, self._legs, first, follow, memory, prices, ROOM, LABELS
            )
            if count < 0:
                return None, []
            self.labels += count
            bound += len(shifts) * min(0, int(least))
            true = true - shift_price[group]
            order = np.flatnonzero(true < -FAIR)
            order = order[np.argsort(true[order], kind="stable")]
            for visits in batch(order, node, before, day.visits, COVER):
                travel = int(self._legs[visits[:-1], visits[1:]].sum())
                new.append(Column(group, visits.tolist(), travel))
        return bound, new


def memory_of(leg: Int, allowed: npt.NDArray[np.bool_]) -> Int:
    """Return, for each visit, the nearest that could come before and after it again."""
    both = allowed & allowed.T
    far = np.where(both, leg + leg.T, np.iinfo(np.int64).max)
    near = np.argsort(far, axis=1, kind="stable")[:, :MEMORY]
    return np.where(np.take_along_axis(both, near, axis=1), near, -1)


@njit(cache=True)
def label(hours, times, leg, first, follow, memory, prices, size, most):  # noqa: ANN001, ANN201
    """Make labels in order of time; return how many, the least cost, and the labels.

    A label is a round that ends at a visit: its start there, its cost at both prices,
    and which of the visits in the memory there it has made. It is dropped where
    another at the same visit starts no later, costs no more and remembers no more.
    A visit takes at least as long as a bucket is wide, so that what follows from a
    bucket falls in a later one.
    """
    n = len(times)
    start, end, width = hours
    buckets = (end - start) // width + 2
    node = np.empty(size, np.int32)
    before = np.empty(size, np.int32)
    at = np.empty(size, np.int64)
    cost = np.empty(size, np.int64)
    true = np.empty(size, np.int64)
    mask = np.empty(size, np.int32)
    beside = np.empty(size, np.int32)  # the next label of the visit
    behind = np.empty(size, np.int32)  # the next label of the bucket
    dead = np.empty(size, np.bool_)
    of_visit = np.full(n, -1, np.int32)
    of_bucket = np.full(buckets, -1, np.int32)
    count = 0
    least = np.int64(0)
    bucket = -1
    current = np.int32(-1)
    while True:
        # the first turn makes the labels of one visit; then bucket by bucket
        if current < 0:
            i = -1
            low, high = 0, n
        else:
            i = node[current]
            low, high = first[i], first[i + 1]
        if i < 0 or not dead[current]:
            for k in range(low, high):
                if i < 0:
                    j = k
                    begin = max(start, times[j, 0])
                    c, d = -prices[j, 0], -prices[j, 1]
                else:
                    j = follow[k]
                    begin = at[current] + times[i, 2] + leg[i, j]
                    begin = max(begin, times[j, 0])
                    c = cost[current] + leg[i, j] * 1000 - prices[j, 0]
                    d = true[current] + leg[i, j] * 1000 - prices[j, 1]
                if begin > times[j, 1] or begin + times[j, 2] > end:
                    continue
                m = 0
                if i >= 0:
                    known = mask[current]
                    again = False
                    for b in range(memory.shape[1]):
                        if (known >> b) & 1 and memory[i, b] == j:
                            again = True
                    if again:
                        continue
                    for b in range(memory.shape[1]):
                        v = memory[j, b]
                        if v < 0:
                            break
                        # what cannot come again need not be remembered
                        if begin + times[j, 2] + leg[j, v] > times[v, 1]:
                            continue
                        if v == i:
                            m |= 1 << b
                        elif known:
                            for a in range(memory.shape[1]):
                                if (known >> a) & 1 and memory[i, a] == v:
                                    m |= 1 << b
                worse = False
                last = np.int32(-1)
                other = of_visit[j]
                while other >= 0:
                    after = beside[other]
                    if at[other] <= begin and cost[other] <= c and not mask[other] & ~m:
                        worse = True
                        break
                    if begin <= at[other] and c <= cost[other] and not m & ~mask[other]:
                        dead[other] = True
                        if last < 0:
                            of_visit[j] = after
                        else:
                            beside[last] = after
                    else:
                        last = other
                    other = after
                if worse:
                    continue
                if count == size:
                    if size >= most:
                        return -1, least, node, before, true
                    size *= 2
                    node, before, mask = grown(node), grown(before), grown(mask)
                    beside, behind = grown(beside), grown(behind)
                    at, cost, true = grown(at), grown(cost), grown(true)
                    dead = grown(dead)
                node[count], before[count], at[count] = j, current, begin
                cost[count], true[count], mask[count] = c, d, m
                dead[count] = False
                beside[count], of_visit[j] = of_visit[j], count
                b = (begin - start) // width
                behind[count], of_bucket[b] = of_bucket[b], count
                least = min(least, c)
                count += 1
        if current >= 0:
            current = behind[current]
        while current < 0 and bucket + 1 < buckets:
            bucket += 1
            current = of_bucket[bucket]
        if current < 0:
            return count, least, node[:count], before[:count], true[:count]


@njit(cache=True)
def grown(values):  # noqa: ANN001, ANN201
    """Return an array twice as long."""
    found = np.empty(2 * len(values), values.dtype)
    found[: len(values)] = values
    return found


@njit(cache=True)
def batch(order, node, before, visits, cover):  # noqa: ANN001, ANN201
    """Return rounds, best first, of which none serves too many visits yet again."""
    served = np.zeros(visits, np.int64)
    found = []
    path = np.empty(visits, np.int64)
    for k in order:
        length = 0
        full = False
        at = np.int64(k)
        while at >= 0:
            path[length] = node[at]
            full |= served[node[at]] >= cover
            length += 1
            at = np.int64(before[at])
        if full:
            continue
        served[path[:length]] += 1
        found.append(path[:length][::-1].copy())
    return found
