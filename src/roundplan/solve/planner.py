"""From problem and travel to the best roster found: wires the parts, no algorithm."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.cost import cost_of, rate_warnings
from roundplan.domain import (
    PastRoster,
    Previous,
    Problem,
    Provenance,
    Roster,
    Travel,
)
from roundplan.errors import SearchDefectError, UsageError
from roundplan.solve.engine import (
    GENERAL,
    Session,
    engine_for,
    operator_shares,
)
from roundplan.solve.exact.limits import (
    hint_stop,
    known_method,
    wants_proof,
)
from roundplan.solve.finish import (
    Best,
    bounded,
    finished,
    is_proved,
    proof_limits,
    proved,
)
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.params import SearchParams
from roundplan.solve.previous import match_previous, past_roster
from roundplan.solve.progress import Callbacks, Progress, RunsProgress
from roundplan.solve.reasons import unassigned_reasons
from roundplan.solve.result import PROVED, Result
from roundplan.solve.runs import busiest_week
from roundplan.solve.stop import Stop
from roundplan.solve.team import SearchTeam
from roundplan.solve.trace import Recorder
from roundplan.solve.warmup import is_compiled, warm_up
from roundplan.units import to_pence

CALL_S = 0.1
"""How long one call of the kernel should take: a key press is noticed that soon."""

FIRST_CALL = 20
"""Iterations of the first call, before their speed is known."""

BY_PROOF = "a proof"
"""Why a search ends whose best roster costs no more than the bound."""

TRACE_LENGTH = 2000
"""Longest trace; above it every other entry is dropped."""


def plan(
    problem: Problem,
    travel: Travel,
    *,
    previous: Previous | PastRoster | Roster | None = None,
    change_p: int | None = None,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    threads: int = 1,
    trace: bool = False,
    params: SearchParams | None = None,
    callbacks: Callbacks | None = None,
    method: str = "auto",
    bound_seconds: float | None = None,
) -> Result:
    """Assign visits to workers: the best roster found within the limits.

    All hard rules hold in the roster; what could not be placed is listed with reasons.
    It can be interrupted with Ctrl-C at any time and returns the best roster so far.

    Parameters
    ----------
    previous
        The roster to start from, and to change as little as its price says: one of this
        problem, or of an earlier period (`roundplan.load_previous`).
    change_p
        Price in pence of each attendance by somebody else than in ``previous``; None
        for the policy's, or 200 where the policy has none. What ``match_previous``
        returned has its price already. Without ``previous`` it is the price of leaving
        the weekly runs, which a plan of two weeks or more makes for itself.
    seconds, iterations
        Limits; the first reached ends the search. 60 seconds when neither is given.
        With iterations alone, the same seed gives the same roster on any machine.
    seed
        Of the random numbers.
    threads
        Searches side by side, which share the best roster now and then; ``iterations``
        are those of each. The roster depends on the number of threads too.
    trace
        Whether to keep ``Result.moments``: what the best roster cost over time.
    callbacks
        Told of progress; the library itself prints nothing.
    method
        ``search`` alone; ``exact``: a short search, then the exact model until its
        roster is proved to cost least or the time is up (for small problems);
        ``auto``: the search, and a proof where that takes about a second at most
        (docs/exact.md). A proof or its bound is in ``Result.bound``.
    bound_seconds
        Time after the search for a lower bound on any roster's cost
        (docs/bounds.md), and for better rosters where rounds do not depend on each
        other; then the search itself spends some of its time so.

    Raises
    ------
    UsageError
        E1002. Limits or parameters that make no sense; a problem too large for
        ``exact``.
    RateError
        E1201. A rate that the problem needs is not in the tables.
    """
    if seconds is None and iterations is None:
        seconds = 60.0
    if bound_seconds is not None and not bound_seconds >= 0:
        msg = f"the seconds for a bound must be 0 or more, not {bound_seconds}"
        raise UsageError(msg)
    if threads < 1:
        msg = f"threads must be at least 1, not {threads}"
        raise UsageError(msg)
    how = known_method(method)
    stop = Stop(seconds=seconds, iterations=iterations)
    for_runs = params or SearchParams()
    tell = callbacks or Callbacks()
    tell.on_start(len(problem.visits), len(problem.workers), problem.horizon.days)
    before = _matched(problem, previous, change_p)
    compiled = compile_arrays(problem, travel, before)
    engine = engine_for(compiled)
    runs = None
    makes_runs = for_runs.runs_share and how != "exact"
    if before is None and makes_runs and engine is GENERAL:
        runs = _weekly_runs(problem, travel, stop, seed, threads, for_runs, tell)
    if runs is not None:
        before = match_previous(problem, runs.past, change_p=change_p, runs=True)
        compiled = compile_arrays(problem, travel, before)
    if before is None and change_p is not None:
        msg = "a price on change needs a previous roster, or a plan of two weeks"
        raise UsageError(msg)
    proving = wants_proof(how, compiled.arrays)
    searching = hint_stop(stop) if how == "exact" else stop
    params = params or engine.params
    if not is_compiled(engine):
        tell.on_compile(engine.compile_seconds)
    warm_up(engine)
    session: Session
    if threads > 1:
        session = SearchTeam(engine, compiled, params, seed, threads)
    else:
        session = engine.session(compiled, params, seed)
    begun = time.perf_counter()
    if runs is not None:
        # one search, of which the runs were the first part
        begun -= runs.runtime_s
        session.iterations = runs.iterations
    told: list[Progress] = []
    recorder = Recorder(wanted=trace)
    stopped = "interrupted"
    first_s = 0.0
    try:
        session.construct()
        first_s = time.perf_counter() - begun
        told.append(_progress(session, first_s, stop))
        recorder.keep(session, first_s, told[0].fraction)
        tell.on_first(told[0])
        if runs is None or not runs.interrupted:
            stopped = _search(compiled, session, searching, begun, told, recorder, tell)
    except KeyboardInterrupt:
        # the kernel finishes its call before Python sees the interrupt
        if not session.constructed:
            raise
    best = finished(session)
    if bound_seconds and stopped != "interrupted":
        try:
            best = bounded(compiled, session, best, bound_seconds)
        except KeyboardInterrupt:
            stopped = "interrupted"
            best = finished(session)
    stopped = best.stopped or stopped
    if proving and stopped not in (PROVED, "interrupted"):
        try:
            best = proved(
                compiled,
                best,
                proof_limits(how, stop, time.perf_counter() - begun, threads, seed),
                partial(engine.session, compiled, params, seed),
                lambda p: tell.on_progress(
                    replace(
                        _progress(session, time.perf_counter() - begun, stop), best_p=p
                    )
                ),
            )
            stopped = best.stopped or stopped
        except KeyboardInterrupt:
            # while the solver is loaded or the model built: the search's roster stands
            stopped = "interrupted"
    runtime_s = time.perf_counter() - begun
    result = _result(
        compiled,
        session,
        best,
        stopped,
        runtime_s,
        first_s,
        told,
        recorder,
        _progress(session, runtime_s, stop),
        _provenance(
            compiled, seed, stop, params, session, runtime_s, engine.name, threads
        ),
    )
    tell.on_end(result)
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    """The weekly runs, and what it took to make them."""

    past: PastRoster
    iterations: int
    runtime_s: float
    interrupted: bool


def _weekly_runs(
    problem: Problem,
    travel: Travel,
    stop: Stop,
    seed: int,
    threads: int,
    params: SearchParams,
    tell: Callbacks,
) -> _Runs | None:
    """Plan the busiest week by itself, in its share of the limits; None without one."""
    week = busiest_week(problem)
    if week is None:
        return None
    share = params.runs_share
    made = plan(
        week,
        travel,
        seconds=None if stop.seconds is None else share * stop.seconds,
        iterations=None if stop.iterations is None else int(share * stop.iterations),
        seed=seed,
        threads=threads,
        params=replace(params, runs_share=0.0),
        callbacks=RunsProgress(tell, share),
        method="search",
    )
    return _Runs(
        past=past_roster(week, made.roster),
        iterations=made.iterations,
        runtime_s=made.runtime_s,
        interrupted=made.stopped == "interrupted",
    )


def _matched(
    problem: Problem,
    previous: Previous | PastRoster | Roster | None,
    change_p: int | None,
) -> Previous | None:
    """Return a previous roster as the visits of the problem see it."""
    if previous is None or isinstance(previous, Previous):
        return previous
    if isinstance(previous, Roster):
        previous = past_roster(problem, previous)
    return match_previous(problem, previous, change_p=change_p)


def _search(
    compiled: CompiledProblem,
    session: Session,
    stop: Stop,
    begun: float,
    told: list[Progress],
    recorder: Recorder,
    tell: Callbacks,
) -> str:
    """Run the kernel in calls of about CALL_S until a limit or a proof is reached."""
    if not session.visits:
        return "nothing to plan"
    count = FIRST_CALL
    elapsed = time.perf_counter() - begun
    while (reason := stop.reason(elapsed, session.iterations)) is None:
        if is_proved(session):
            return BY_PROOF
        if stop.iterations is not None:
            count = min(count, stop.iterations - session.iterations)
        count = min(count, recorder.ahead(stop, session.iterations))
        done = stop.fraction(elapsed, session.iterations)
        at = time.perf_counter()
        ahead = 0.0 if not stop.seconds else CALL_S / stop.seconds
        # the limit in iterations alone decides the temperature where it is the only one
        of = stop.iterations or 0 if stop.seconds is None else 0
        session.run(count, done, min(1.0, done + ahead), of)
        now = time.perf_counter()
        elapsed = now - begun
        wanted = CALL_S
        if stop.seconds is not None:
            wanted = min(wanted, max(0.005, stop.seconds - elapsed))
        count = max(1, min(int(count * wanted / max(1e-6, now - at)), 8 * count))
        told.append(_progress(session, elapsed, stop))
        if len(told) > TRACE_LENGTH:
            del told[1:-1:2]
        recorder.keep(session, elapsed, told[-1].fraction)
        tell.on_progress(told[-1])
        tell.on_best(lambda: _best_roster(compiled, session))
    return reason


def _best_roster(compiled: CompiledProblem, session: Session) -> Roster:
    return Roster(rounds=decode_rounds(compiled, *session.best))


def _progress(session: Session, elapsed: float, stop: Stop) -> Progress:
    return Progress(
        elapsed_s=elapsed,
        iterations=session.iterations,
        iterations_per_s=session.iterations / max(elapsed, 1e-9),
        current_p=to_pence(session.amount),
        best_p=to_pence(session.best_amount),
        unassigned=session.absent,
        fraction=stop.fraction(elapsed, session.iterations),
    )


def _result(
    compiled: CompiledProblem,
    session: Session,
    best: Best,
    stopped: str,
    runtime_s: float,
    first_s: float,
    told: list[Progress],
    recorder: Recorder,
    end: Progress,
    provenance: Provenance,
) -> Result:
    problem, travel = compiled.problem, compiled.travel
    roster = Roster(
        rounds=decode_rounds(compiled, best.state.spot, best.state.breaks),
        unassigned=unassigned_reasons(compiled, best.room),
        provenance=provenance,
    )
    cost = cost_of(problem, travel, roster, compiled.previous)
    # two computations of one number: a difference is a defect, never a rounding
    if cost.total != best.state.amount:
        msg = f"the search says {best.state.amount}, the cost {cost.total}"
        raise SearchDefectError(msg)
    if best.bound is not None:
        about = (
            ("bound_proof", best.bound.proof),
            (
                "bound_leaves_out",
                "; ".join(best.bound.leaves_out),
            ),
        )
        proved = replace(
            provenance,
            bound_p=best.bound.pence,
            gap=round(best.bound.gap(cost.total), 6),
            parameters=(*provenance.parameters, *about),
        )
        roster = replace(roster, provenance=proved)
    return Result(
        roster=roster,
        cost=cost,
        iterations=session.iterations,
        runtime_s=runtime_s,
        first_s=first_s,
        stopped=stopped,
        trace=tuple(told),
        moments=recorder.moments(compiled, session, end, cost, len(roster.unassigned)),
        operators=operator_shares(session.ruins, session.shares),
        previous=compiled.previous,
        kept=session.kept,
        bound=best.bound,
    )


def _provenance(
    compiled: CompiledProblem,
    seed: int,
    stop: Stop,
    params: SearchParams,
    session: Session,
    runtime_s: float,
    engine: str,
    threads: int,
) -> Provenance:
    problem, travel = compiled.problem, compiled.travel
    limits = (
        ("limit_seconds", str(stop.seconds)),
        ("limit_iterations", str(stop.iterations)),
        ("threads", str(threads)),
    )
    return Provenance(
        version=_version(),
        seed=seed,
        iterations=session.iterations,
        # a time is no fact of a roster that a number of iterations decides
        seconds=None if stop.seconds is None else round(runtime_s, 3),
        parameters=(
            ("policy", problem.policy.name),
            ("engine", engine),
            *limits,
            *params.as_text(),
            *_about_previous(compiled.previous, session.kept),
        ),
        notes=(*problem.notes, *travel.notes, *rate_warnings(problem, travel)),
    )


def _about_previous(
    previous: Previous | None, kept: int
) -> tuple[tuple[str, str], ...]:
    """Return what a provenance says of the roster that a plan began from."""
    if previous is None:
        return ()
    name = "runs" if previous.runs else "previous"
    return (
        *(() if previous.runs else (("previous_sha256", previous.sha256),)),
        (f"{name}_visits", str(previous.visits)),
        (f"{name}_matched", str(len(previous.made))),
        (f"{name}_unmatched", str(previous.unmatched)),
        (f"{name}_kept_at_start", str(kept)),
        ("change_p", str(previous.change_p)),
    )


def _version() -> str:
    try:
        return version("roundplan")
    except PackageNotFoundError:
        return "unknown"
