"""From the best roster of a search to one that is proved, or at least no dearer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import FIRST
from roundplan.cost import cost_of
from roundplan.domain import Roster
from roundplan.solve.bound import Bound
from roundplan.solve.engine import Member
from roundplan.solve.exact.limits import ProofLimits
from roundplan.solve.exact.model import ExactModel
from roundplan.solve.exact.proof import prove
from roundplan.solve.exact.state import State
from roundplan.solve.lns import state as general
from roundplan.solve.lns.decode import AT, decode_rounds
from roundplan.solve.sync import state as sync
from roundplan.solve.sync.session import SyncSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """The best roster of search and exact model, and what is known of it.

    ``room`` says of each visit left out what placing it would add, None where it fits
    nowhere; it is None itself where the search's roster is still the best.
    """

    state: State
    room: Mapping[int, int | None] | None
    bound: Bound | None
    proved: bool
    interrupted: bool


def improve(
    compiled: CompiledProblem,
    best: State,
    limits: ProofLimits,
    new_session: Callable[[], Member],
    tell: Callable[[int], None],
) -> Improved:
    """Make the best roster of a search cheaper, or prove that it cannot be.

    Parameters
    ----------
    new_session
        Makes a search of the problem, which tries once more what is left out.
    tell
        Called now and then with the amount of the best roster.
    """
    outcome = prove(ExactModel(compiled), best, limits, tell)
    state, room = best, None
    if outcome.state is not None and outcome.state.amount < best.amount:
        state, room = _finished(compiled, outcome.state, new_session())
    return Improved(
        state=state,
        room=room,
        bound=outcome.bound,
        proved=outcome.proved,
        interrupted=outcome.interrupted,
    )


def _finished(
    compiled: CompiledProblem, state: State, session: Member
) -> tuple[State, Mapping[int, int | None]]:
    """Let a search try what a roster leaves out, which tells why it is left out.

    Should it find a cheaper roster on the way (there can be one where the solver had
    not ended), that is returned.
    """
    session.construct()
    nodes, memory = len(compiled.arrays.node), session.memory
    if isinstance(session, SyncSession):
        memory.node[:nodes, [sync.BEST_AT, sync.BEST_T]] = state.spot
    else:
        memory.node[:, [general.BEST_AT, general.BEST_START]] = state.spot
        memory.span[: len(state.breaks), general.BEST_BREAK] = state.breaks
    room = session.finish()
    spot, breaks = session.best
    rounds = decode_rounds(compiled, spot, breaks)
    cost = cost_of(
        compiled.problem, compiled.travel, Roster(rounds=rounds), compiled.previous
    )
    if cost.total < state.amount:
        return State(spot=spot, breaks=breaks, amount=cost.total), room
    left = np.flatnonzero(state.spot[compiled.arrays.visit[:, FIRST], AT] < 0)
    return state, {int(v): room.get(int(v)) for v in left}
