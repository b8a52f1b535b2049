"""Problem and travel to flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roundplan.arrays.eligibility import (
    WorkerRules,
    fitting_spans,
    known_until,
    paid_enough,
)
from roundplan.arrays.layout import (
    AFTER,
    FIRST_SPAN,
    HOME_COUNTS,
    IS_BLOCK,
    LAYER,
    NEVER,
    NO_LONGER,
    NO_WAY_S,
    NODE_COLUMNS,
    PAR_COUNT,
    SHIFT,
    SPAN_COLUMNS,
    SPANS,
    VISIT_COLUMNS,
    WEEK_COLUMNS,
    WORKER_COLUMNS,
    Int32,
    Int64,
    ProblemArrays,
)
from roundplan.arrays.legs import DEAREST, PER_MINUTE, compile_legs
from roundplan.cost import (
    costed_rate_p,
    team_sizes,
    unassigned_prices_p,
)
from roundplan.domain import (
    PAID_BLOCKS,
    CareWorker,
    Policy,
    Previous,
    Priority,
    Problem,
    Rule,
    Shift,
    ShiftKind,
    Tier,
    Travel,
    Visit,
)
from roundplan.domain.timed import Point, point_of
from roundplan.errors import UsageError
from roundplan.units import AMOUNT_PER_PENNY


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProblem:
    """A problem as arrays, with what turns indices back into ids.

    ``spans`` are the shifts in the order of ``arrays.span``, one as often as its worker
    has vehicles; ``vehicles`` the travel profile of each span, None where the travel
    has none of the worker's modes; ``paid`` says of each span whether its pay is at the
    floor.
    """

    problem: Problem
    travel: Travel
    previous: Previous | None
    arrays: ProblemArrays
    spans: tuple[Shift, ...]
    vehicles: tuple[str | None, ...]
    paid: npt.NDArray[np.bool_]
    rules: WorkerRules


def compile_arrays(
    problem: Problem, travel: Travel, previous: Previous | None = None
) -> CompiledProblem:
    """Compile a problem and its travel into the arrays of the search.

    Parameters
    ----------
    previous
        Who made each visit before, and what a change of that costs.

    Raises
    ------
    UsageError
        E1002. The policy prices something the search does not know yet.
    """
    policy = problem.policy
    profiles = {p for w in problem.workers for p in travel.profiles_of(w)}
    layers = {p: i for i, p in enumerate(sorted(profiles))}
    spans, vehicles = _spans(problem, travel)
    leg_s, leg_p, places = compile_legs(
        problem, travel, tuple(layers), _points(problem, travel, spans)
    )
    known = known_until(problem)
    at = [places[_point(problem, travel, v)] for v in problem.visits]
    node, visit = _visits(problem, at, previous)
    span = _span_rows(
        problem, spans, places, [layers.get(p or "", -1) for p in vehicles]
    )
    paid = np.array([paid_enough(problem, s) for s in spans], dtype=np.bool_)
    paid = paid.reshape(len(spans))
    usable = paid & (span[:, LAYER] >= 0) & (span[:, IS_BLOCK] == 0)
    rules = WorkerRules(problem, known)
    fit, fit_at = fitting_spans(problem, rules, node, span, usable)
    first_link, next_link = _links(visit)
    sizes = team_sizes(problem)
    arrays = ProblemArrays(
        node=node,
        visit=visit,
        span=span,
        worker=_worker_rows(problem, spans),
        week=_week_rows(problem, spans, leg_s),
        leg_s=leg_s,
        leg_p=leg_p,
        pair_p=_pair_prices(problem),
        known_to=known,
        team=np.array([sizes[c.client_id] for c in problem.clients], dtype=np.int64),
        fit=fit,
        fit_at=fit_at,
        first_link=first_link,
        next_link=next_link,
        par=_parameters(policy, previous, span),
    )
    return CompiledProblem(
        problem=problem,
        travel=travel,
        previous=previous,
        arrays=arrays,
        spans=spans,
        vehicles=vehicles,
        paid=paid,
        rules=rules,
    )


def _parameters(policy: Policy, previous: Previous | None, span: Int64) -> Int64:
    par = np.zeros(PAR_COUNT, dtype=np.int64)
    timed = policy.pay_percent or policy.preferred_start_p_min or policy.soft_lateness_s
    par[:] = (
        policy.buffer_s,
        policy.paid_gap_max_s,
        policy.break_s,
        policy.weekly_rest_s,
        policy.home_leg_p_min * PER_MINUTE,
        policy.unknown_worker_p * AMOUNT_PER_PENNY,
        policy.extra_worker_p * AMOUNT_PER_PENNY,
        policy.overtime_percent,
        1 if timed else 0,
        0 if previous is None else previous.change_p * AMOUNT_PER_PENNY,
        policy.largest_lateness_p_min * PER_MINUTE,
        len(np.unique(span[:, SHIFT])) < len(span),
    )
    return par


def _points(
    problem: Problem, travel: Travel, spans: tuple[Shift, ...]
) -> tuple[Point, ...]:
    """Return the clients, and the places where some shift starts or ends.

    Where it matters when a leg is made, a client once for each visit.
    """
    ends = [p for s in spans for p in (s.start_place, s.end_place) if p is not None]
    clients = [_point(problem, travel, v) for v in problem.visits]
    if not travel.periods:
        clients = [Point(c.client_id) for c in problem.clients]
    return tuple(dict.fromkeys((*clients, *map(Point, ends))))


def _point(problem: Problem, travel: Travel, visit: Visit) -> Point:
    """Return where, and if that matters when, a visit's legs end and begin."""
    if not travel.periods:
        return Point(visit.client_id)
    return point_of(problem.policy, visit)


def _spans(
    problem: Problem, travel: Travel
) -> tuple[tuple[Shift, ...], tuple[str | None, ...]]:
    """Return work shifts by each vehicle and paid blocks, by worker, then by time."""
    order = {w.worker_id: i for i, w in enumerate(problem.workers)}
    own = {w.worker_id: travel.profiles_of(w) or (None,) for w in problem.workers}
    kinds = {ShiftKind.WORK, *PAID_BLOCKS}
    shifts = sorted(
        (s for s in problem.shifts if s.kind in kinds),
        key=lambda s: (order[s.worker_id], s.start_s),
    )
    pairs = [
        (shift, vehicle)
        for shift in shifts
        for vehicle in own[shift.worker_id][
            : None if shift.kind is ShiftKind.WORK else 1
        ]
    ]
    return tuple(s for s, _ in pairs), tuple(v for _, v in pairs)


def _span_rows(
    problem: Problem,
    spans: tuple[Shift, ...],
    places: dict[Point, int],
    layer_of: list[int],
) -> Int64:
    policy = problem.policy
    workers = {w.worker_id: i for i, w in enumerate(problem.workers)}
    rows = np.zeros((len(spans), SPAN_COLUMNS), dtype=np.int64)
    first: dict[str, int] = {}
    for r, shift in enumerate(spans):
        w = workers[shift.worker_id]
        worker = problem.workers[w]
        is_block = shift.kind is not ShiftKind.WORK
        start = None if is_block else shift.start_place
        end = None if is_block else shift.end_place

        def applies(
            rule: Rule, worker: CareWorker = worker, day: int = shift.day
        ) -> bool:
            return _applies(problem, rule, worker, day)

        rows[r] = (
            w,
            problem.horizon.week_of(shift.day),
            shift.day,
            shift.start_s,
            shift.end_s,
            -1 if start is None else places[Point(start)],
            -1 if end is None else places[Point(end)],
            start == worker.worker_id,
            end == worker.worker_id,
            layer_of[r],
            costed_rate_p(problem, worker, shift.day),
            policy.daily_rest_s if applies(Rule.DAILY_REST) else 0,
            policy.break_after_s if applies(Rule.BREAK) else NEVER,
            is_block,
            first.setdefault(shift.shift_id, r),
        )
    return rows


def _applies(problem: Problem, rule: Rule, worker: CareWorker, day: int) -> bool:
    """Return whether a rule about a worker is hard, and not set aside on the day."""
    return (
        rule in problem.policy.hard
        and problem.override(rule, worker_id=worker.worker_id, day=day) is None
    )


def _set_aside(problem: Problem, rule: Rule, visit: Visit) -> bool:
    found = problem.override(rule, visit_id=visit.visit_id, day=visit.day)
    return found is not None


def _visits(
    problem: Problem, places: list[int], previous: Previous | None
) -> tuple[Int64, Int64]:
    policy = problem.policy
    clients = {c.client_id: i for i, c in enumerate(problem.clients)}
    visits = {v.visit_id: i for i, v in enumerate(problem.visits)}
    penalties = unassigned_prices_p(policy)
    nodes: list[tuple[int, ...]] = []
    rows = np.zeros((len(visits), VISIT_COLUMNS), dtype=np.int64)
    before = _workers_before(problem, previous)
    follows = {v.after_visit for v in problem.visits if v.after_visit is not None}
    for v, visit in enumerate(problem.visits):
        hard = visit.time_critical or visit.priority is Priority.ESSENTIAL
        early, due = visit.window.earliest_start_s, visit.window.latest_start_s
        late = due + (0 if hard else policy.soft_lateness_s)
        pinned = visit.pinned_start_s
        if pinned is not None and not _set_aside(problem, Rule.PINS, visit):
            if early <= pinned <= late or _set_aside(problem, Rule.WINDOW, visit):
                early = late = pinned
            else:
                late = early - 1  # no start keeps both rules
        after = visit.after_visit
        if _set_aside(problem, Rule.LINKS, visit):
            after = None
        linked = after is not None or visit.visit_id in follows
        rows[v] = (
            len(nodes),
            visit.workers_required,
            penalties[visit.priority] * AMOUNT_PER_PENNY,
            -1 if after is None else visits[after],
            visit.min_gap_s,
            NEVER if visit.max_gap_s is None else visit.max_gap_s,
            after is not None and visit.other_worker,
        )
        preferred = -1 if visit.preferred_start_s is None else visit.preferred_start_s
        for hand in range(visit.workers_required):
            mate = len(nodes) + (1 if hand == 0 else -1)
            nodes.append(
                (
                    v,
                    clients[visit.client_id],
                    places[v],
                    early,
                    due,
                    late,
                    visit.duration_s,
                    preferred if hand == 0 else -1,
                    policy.preferred_start_p_min * PER_MINUTE
                    if hand == 0 and preferred >= 0
                    else 0,
                    policy.lateness_p_min * PER_MINUTE
                    if hand == 0 and late > due
                    else 0,
                    mate if visit.workers_required == 2 else -1,
                    visit.day // policy.continuity_days,
                    visit.day,
                    linked or visit.workers_required == 2,
                    *before.get(visit.visit_id, (-1, -1)),
                )
            )
    node = np.array(nodes, dtype=np.int64).reshape(len(nodes), NODE_COLUMNS)
    return node, rows


def _workers_before(
    problem: Problem, previous: Previous | None
) -> dict[str, tuple[int, int]]:
    """Return the two columns of a visit's previous workers, by visit_id."""
    if previous is None:
        return {}
    index = {w.worker_id: i for i, w in enumerate(problem.workers)}
    found = {}
    for visit_id, made in previous.made.items():
        workers = [index.get(w, NO_LONGER) for w in made.workers]
        found[visit_id] = (workers[0], workers[-1])
    return found


def _links(visit: Int64) -> tuple[Int64, Int64]:
    first = np.full(len(visit), -1, dtype=np.int64)
    following = np.full(len(visit), -1, dtype=np.int64)
    for v in range(len(visit) - 1, -1, -1):
        after = visit[v, AFTER]
        if after >= 0:
            following[v] = first[after]
            first[after] = v
    return first, following


def _worker_rows(problem: Problem, spans: tuple[Shift, ...]) -> Int64:
    rows = np.zeros((len(problem.workers), WORKER_COLUMNS), dtype=np.int64)
    index = {w.worker_id: i for i, w in enumerate(problem.workers)}
    for r, shift in enumerate(spans):
        w = index[shift.worker_id]
        if rows[w, SPANS] == 0:
            rows[w, FIRST_SPAN] = r
        rows[w, SPANS] += 1
    for w, worker in enumerate(problem.workers):
        rows[w, HOME_COUNTS] = 0 if worker.contract.has_fixed_base else 1
    return rows


def _week_rows(problem: Problem, spans: tuple[Shift, ...], leg_s: Int32) -> Int64:
    policy, horizon = problem.policy, problem.horizon
    weeks = horizon.weeks
    rows = np.zeros((len(problem.workers), weeks, WEEK_COLUMNS), dtype=np.int64)
    by_worker: dict[str, list[Shift]] = {}
    for shift in spans:
        by_worker.setdefault(shift.worker_id, []).append(shift)
    # home legs lie outside the shift, so they can eat into a rest on both sides
    reachable = leg_s[leg_s < NO_WAY_S]
    longest_leg = int(reachable.max()) if reachable.size else 0
    before = policy.average_weeks - 1
    limit = before * policy.average_weeks * policy.average_s
    for w, worker in enumerate(problem.workers):
        contract = worker.contract
        worked = contract.worked_16_weeks_s
        if worked is None:
            worked = before * policy.average_s
        own = _applies(problem, Rule.MAX_HOURS, worker, -1)
        capped = not contract.wtr_opt_out and _applies(
            problem, Rule.AVERAGE_HOURS, worker, -1
        )
        rested = _applies(problem, Rule.WEEKLY_REST, worker, -1)
        for k in range(weeks):
            days = horizon.days_of_week(k)
            rest = (-1, -1)
            if rested and len(days) == 7:
                rest = (horizon.midnights_s[days[0]], horizon.midnights_s[days[-1] + 1])
                shifts = by_worker.get(worker.worker_id, [])
                if _rests_anyway(shifts, rest, policy.weekly_rest_s, longest_leg):
                    rest = (-1, -1)
            past = max(0, before - k) * worked
            rows[w, k] = (
                contract.guaranteed_s * len(days) // 7
                if policy.guaranteed_hours
                else 0,
                NEVER
                if contract.contracted_s is None or not policy.overtime_percent
                else contract.contracted_s * len(days) // 7,
                contract.max_s if own and contract.max_s is not None else NEVER,
                costed_rate_p(problem, worker, days[0]),
                max(0, (limit - past) // before) if capped else NEVER,
                *rest,
            )
    return rows


def _rests_anyway(
    shifts: list[Shift], week: tuple[int, int], rest_s: int, leg_s: int
) -> bool:
    """Return whether a worker's shifts alone leave the week's rest free."""
    free_from = week[0]
    for shift in shifts:
        if shift.end_s + leg_s <= week[0] or shift.start_s - leg_s >= week[1]:
            continue
        if shift.start_s - leg_s - free_from >= rest_s:
            return True
        free_from = max(free_from, shift.end_s + leg_s)
    return week[1] - free_from >= rest_s


def _pair_prices(problem: Problem) -> Int64:
    """Return the amount of one attendance, by client and worker."""
    policy = problem.policy
    tiers = {p.provider: p.tier for p in problem.providers}
    tier_p = {
        Tier.LOCALITY: 0,
        Tier.SECONDARY: policy.secondary_tier_p,
        Tier.SPOT: policy.spot_tier_p,
    }
    workers = problem.workers
    by_tier = np.array(
        [tier_p[tiers.get(w.provider or "", Tier.LOCALITY)] for w in workers],
        dtype=np.int64,
    ).reshape(len(workers))
    patches = np.array([w.patch or "" for w in workers], dtype=object)
    prices = np.zeros((len(problem.clients), len(workers)), dtype=np.int64)
    for c, client in enumerate(problem.clients):
        prices[c] = by_tier
        if client.patch:
            elsewhere = (patches != client.patch) & (patches != "")
            prices[c] += policy.other_patch_p * elsewhere.astype(np.int64)
        if client.language and policy.other_language_p:
            for w, worker in enumerate(workers):
                if client.language not in worker.languages:
                    prices[c, w] += policy.other_language_p
        if client.preferred_workers and policy.not_preferred_p:
            for w, worker in enumerate(workers):
                if worker.worker_id not in client.preferred_workers:
                    prices[c, w] += policy.not_preferred_p
    if prices.size and prices.max() > DEAREST:
        msg = "the policy's prices make one worker's visit cost too much"
        raise UsageError(msg)
    return prices * AMOUNT_PER_PENNY
