"""What follows a search: its best roster, a bound on any roster's cost, a proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from roundplan.arrays import CompiledProblem
from roundplan.solve.bound import Bound, tighter
from roundplan.solve.columns.budget import Budget
from roundplan.solve.columns.lower import lower_bound
from roundplan.solve.columns.session import ColumnSession
from roundplan.solve.engine import Member, Session
from roundplan.solve.exact.limits import SMALL_EFFORT, Method, ProofLimits
from roundplan.solve.exact.state import State
from roundplan.solve.result import PROVED
from roundplan.solve.stop import Stop
from roundplan.solve.team import SearchTeam
from roundplan.units import to_pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The roster of a result: as a state, what it leaves out, and what is proved.

    ``stopped`` is None where the search's own reason holds.
    """

    state: State
    room: Mapping[int, int | None]
    bound: Bound | None = None
    stopped: str | None = None


def is_proved(session: Session) -> bool:
    """Return whether no roster costs less than the best one of a search."""
    bound = session.bound
    return (
        bound is not None
        and not bound.leaves_out
        and bound.amount == session.best_amount
    )


def finished(session: Session) -> Best:
    """Return the best roster of a search, which has its end with it."""
    room = session.finish()
    spot, breaks = session.best
    state = State(spot=spot, breaks=breaks, amount=session.best_amount)
    stopped = PROVED if session.visits and is_proved(session) else None
    return Best(state=state, room=room, bound=session.bound, stopped=stopped)


def bounded(
    compiled: CompiledProblem, session: Session, best: Best, seconds: float
) -> Best:
    """Return the best roster with a bound, and a better one if that came to light."""
    if best.stopped == PROVED:
        return best
    budget = Budget(seconds=seconds)
    chief = session.chief() if isinstance(session, SearchTeam) else session
    if isinstance(chief, ColumnSession):
        chief.prove(budget, asked=True)
        return finished(session)
    state = best.state
    bound = lower_bound(compiled, state.spot, state.amount, budget)
    return replace(best, bound=tighter(best.bound, bound))


def proof_limits(
    how: Method, stop: Stop, elapsed: float, threads: int, seed: int
) -> ProofLimits:
    """Return what a proof may take: the rest of the time, or as ``auto`` a moment.

    That is not by the clock, so that a number of iterations gives the same roster.
    """
    if how == "auto":
        return ProofLimits(effort=SMALL_EFFORT, seed=seed)
    left = None if stop.seconds is None else max(0.0, stop.seconds - elapsed)
    return ProofLimits(seconds=left, threads=threads, seed=seed)


def proved(
    compiled: CompiledProblem,
    best: Best,
    limits: ProofLimits,
    new_session: Callable[[], Member],
    tell: Callable[[int], None],
) -> Best:
    """Return the roster that the exact model makes of the search's."""
    # OR-Tools takes more than a second to load
    from roundplan.solve.exact.improve import improve

    found = improve(
        compiled, best.state, limits, new_session, lambda p: tell(to_pence(p))
    )
    stopped = None
    if found.proved:
        stopped = PROVED if len(compiled.arrays.visit) else None
    elif found.interrupted:
        stopped = "interrupted"
    elif limits.seconds is not None:
        stopped = "seconds"
    return Best(
        state=found.state,
        room=best.room if found.room is None else found.room,
        bound=tighter(best.bound, found.bound),
        stopped=stopped,
    )
