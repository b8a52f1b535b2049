"""From problem and travel to the best roster found: wires the parts, no algorithm."""

from __future__ import annotations

import time
from importlib.metadata import PackageNotFoundError, version

from roundplan.arrays import CompiledProblem, compile_arrays
from roundplan.cost import cost_of, rate_warnings
from roundplan.domain import Problem, Provenance, Roster, Travel
from roundplan.errors import SearchDefectError
from roundplan.solve.engine import Session, engine_for, operator_shares
from roundplan.solve.lns.decode import decode_rounds
from roundplan.solve.params import SearchParams
from roundplan.solve.progress import Callbacks, Progress
from roundplan.solve.reasons import unassigned_reasons
from roundplan.solve.result import Result
from roundplan.solve.stop import Stop
from roundplan.solve.warmup import is_compiled, warm_up
from roundplan.units import to_pence

CALL_S = 0.1
"""How long one call of the kernel should take: a key press is noticed that soon."""

FIRST_CALL = 20
"""Iterations of the first call, before their speed is known."""

TRACE_LENGTH = 2000
"""Longest trace; above it every other entry is dropped."""


def plan(
    problem: Problem,
    travel: Travel,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    params: SearchParams | None = None,
    callbacks: Callbacks | None = None,
) -> Result:
    """Assign visits to workers: the best roster found within the limits.

    All hard rules hold in the roster; what could not be placed is listed with reasons.
    It can be interrupted with Ctrl-C at any time and returns the best roster so far.

    Parameters
    ----------
    seconds, iterations
        Limits; the first reached ends the search. 60 seconds when neither is given.
        With iterations alone, the same seed gives the same roster on any machine.
    seed
        Of the random numbers.
    callbacks
        Told of progress; the library itself prints nothing.

    Raises
    ------
    UsageError
        E1002. Limits or parameters that make no sense.
    RateError
        E1201. A rate that the problem needs is not in the tables.
    """
    if seconds is None and iterations is None:
        seconds = 60.0
    stop = Stop(seconds=seconds, iterations=iterations)
    params = params or SearchParams()
    tell = callbacks or Callbacks()
    tell.on_start(len(problem.visits), len(problem.workers), problem.horizon.days)
    compiled = compile_arrays(problem, travel)
    engine = engine_for(compiled)
    if not is_compiled(engine):
        tell.on_compile(engine.compile_seconds)
    warm_up(engine)
    session = engine.session(compiled, params, seed)
    begun = time.perf_counter()
    trace: list[Progress] = []
    stopped = "interrupted"
    first_s = 0.0
    try:
        session.construct()
        first_s = time.perf_counter() - begun
        trace.append(_progress(session, first_s, stop))
        tell.on_first(trace[0])
        stopped = _search(session, stop, begun, trace, tell)
    except KeyboardInterrupt:
        # the kernel finishes its call before Python sees the interrupt
        if not session.constructed:
            raise
    runtime_s = time.perf_counter() - begun
    result = _result(
        compiled,
        session,
        stopped,
        runtime_s,
        first_s,
        trace,
        _provenance(
            problem, travel, seed, stop, params, session, runtime_s, engine.name
        ),
    )
    tell.on_end(result)
    return result


def _search(
    session: Session,
    stop: Stop,
    begun: float,
    trace: list[Progress],
    tell: Callbacks,
) -> str:
    """Run the kernel in calls of about CALL_S until a limit is reached."""
    if not session.visits:
        return "nothing to plan"
    count = FIRST_CALL
    elapsed = time.perf_counter() - begun
    while (reason := stop.reason(elapsed, session.iterations)) is None:
        if stop.iterations is not None:
            count = min(count, stop.iterations - session.iterations)
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
        trace.append(_progress(session, elapsed, stop))
        if len(trace) > TRACE_LENGTH:
            del trace[1:-1:2]
        tell.on_progress(trace[-1])
    return reason


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
    stopped: str,
    runtime_s: float,
    first_s: float,
    trace: list[Progress],
    provenance: Provenance,
) -> Result:
    problem, travel = compiled.problem, compiled.travel
    room = session.finish()
    spot, breaks = session.best
    roster = Roster(
        rounds=decode_rounds(compiled, spot, breaks),
        unassigned=unassigned_reasons(compiled, room),
        provenance=provenance,
    )
    cost = cost_of(problem, travel, roster)
    # two computations of one number: a difference is a defect, never a rounding
    if cost.total != session.best_amount:
        msg = f"the search says {session.best_amount}, the cost {cost.total}"
        raise SearchDefectError(msg)
    return Result(
        roster=roster,
        cost=cost,
        iterations=session.iterations,
        runtime_s=runtime_s,
        first_s=first_s,
        stopped=stopped,
        trace=tuple(trace),
        operators=operator_shares(session),
    )


def _provenance(
    problem: Problem,
    travel: Travel,
    seed: int,
    stop: Stop,
    params: SearchParams,
    session: Session,
    runtime_s: float,
    engine: str,
) -> Provenance:
    limits = (
        ("limit_seconds", str(stop.seconds)),
        ("limit_iterations", str(stop.iterations)),
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
        ),
        notes=(*problem.notes, *travel.notes, *rate_warnings(problem, travel)),
    )


def _version() -> str:
    try:
        return version("roundplan")
    except PackageNotFoundError:
        return "unknown"
