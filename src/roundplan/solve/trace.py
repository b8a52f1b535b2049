"""How a search went: what the best roster cost, term by term, as time passed.

During the search only the best state is copied, some thirty times; what it cost is
worked out afterwards, so that looking does not slow down what is looked at.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from roundplan.arrays import CompiledProblem
from roundplan.arrays.layout import Int64
from roundplan.cost import TERMS, CostBreakdown, cost_of
from roundplan.domain import Roster
from roundplan.errors import SearchDefectError
from roundplan.formats import write_whole
from roundplan.solve.engine import Session, operator_shares
from roundplan.solve.lns.decode import AT, decode_rounds
from roundplan.solve.progress import Progress
from roundplan.solve.stop import Stop
from roundplan.units import AMOUNT_PER_PENNY

SHARES = tuple(float(x) for x in np.geomspace(0.001, 1.0, 29)[:-1])
"""Shares of the search at which a moment is kept, besides the first roster and the end:
evenly spaced for an eye that looks at a logarithmic axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The best roster at a moment of a search, and what was done since the one before.

    Parameters
    ----------
    elapsed_s, iterations
        Since the search began.
    temperature_p
        By how many pence a roster may be dearer than the one before and still be
        accepted about once in three times.
    unassigned
        Visits that the best roster leaves out.
    cost
        What it costs, term by term.
    operators
        By ruin: how often it was tried, accepted, and gave a new best roster.
    """

    elapsed_s: float
    iterations: int
    temperature_p: float
    unassigned: int
    cost: CostBreakdown
    operators: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    elapsed_s: float
    iterations: int
    temperature_p: float
    amount: int
    spot: Int64
    breaks: Int64
    shares: Int64


class Recorder:
    """Keeps the best state of a search now and then; nothing when not ``wanted``."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._kept: list[_Snapshot] = []
        self._next = 0

    def ahead(self, stop: Stop, iterations: int) -> int:
        """Return how many iterations may be done before a moment must be kept.

        Where iterations alone limit the search, moments are the same on every machine.
        """
        if not self._wanted or stop.iterations is None or self._next == len(SHARES):
            return 1 << 60
        return max(1, math.ceil(SHARES[self._next] * stop.iterations) - iterations)

    def keep(self, session: Session, elapsed_s: float, done: float) -> None:
        """Keep the best state, if a moment to do so has come; the first is one."""
        if not self._wanted:
            return
        if self._kept and (self._next == len(SHARES) or done < SHARES[self._next]):
            return
        while self._next < len(SHARES) and done >= SHARES[self._next]:
            self._next += 1
        spot, breaks = session.best
        self._kept.append(
            _Snapshot(
                elapsed_s=elapsed_s,
                iterations=session.iterations,
                temperature_p=session.temperature(done) / AMOUNT_PER_PENNY,
                amount=session.best_amount,
                spot=spot,
                breaks=breaks.copy(),
                shares=session.shares.copy(),
            )
        )

    def moments(
        self,
        compiled: CompiledProblem,
        session: Session,
        end: Progress,
        cost: CostBreakdown,
        unassigned: int,
    ) -> tuple[Moment, ...]:
        """Return what was kept with its costs, and the end with the result's.

        Raises
        ------
        SearchDefectError
            E3001. The search and the cost disagree on a roster.
        """
        if not self._wanted:
            return ()
        found: list[Moment] = []
        before = np.zeros_like(session.shares)
        for kept in self._kept:
            roster = Roster(rounds=decode_rounds(compiled, kept.spot, kept.breaks))
            its_cost = cost_of(
                compiled.problem, compiled.travel, roster, compiled.previous
            )
            if its_cost.total != kept.amount:
                msg = f"the search says {kept.amount}, the cost {its_cost.total}"
                raise SearchDefectError(msg)
            first = compiled.arrays.visit[:, 0]
            found.append(
                Moment(
                    elapsed_s=kept.elapsed_s,
                    iterations=kept.iterations,
                    temperature_p=kept.temperature_p,
                    unassigned=int((kept.spot[first, AT] < 0).sum()),
                    cost=its_cost,
                    operators=operator_shares(session.ruins, kept.shares - before),
                )
            )
            before = kept.shares
        # the visits left out are tried once more at the very end
        found.append(
            Moment(
                elapsed_s=end.elapsed_s,
                iterations=session.iterations,
                temperature_p=session.temperature(end.fraction) / AMOUNT_PER_PENNY,
                unassigned=unassigned,
                cost=cost,
                operators=operator_shares(session.ruins, session.shares - before),
            )
        )
        return tuple(found)


def trace_text(moments: Iterable[Moment]) -> str:
    """Return moments as a CSV file: a row each, money in whole pence.

    The terms of a row add up to its ``total_p``; the columns of ruins count since the
    row before.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for n, moment in enumerate(moments):
        pence = moment.cost.pence()
        row = {
            "elapsed_s": f"{moment.elapsed_s:.4f}",
            "iterations": moment.iterations,
            "temperature_p": f"{moment.temperature_p:.2f}",
            "unassigned_visits": moment.unassigned,
            "total_p": moment.cost.total_p,
            **{f"{term}_p": pence[term] for term in TERMS},
        }
        for name, counts in moment.operators.items():
            for what, count in zip(
                ("tried", "accepted", "improved"), counts, strict=True
            ):
                row[f"{name}_{what}"] = count
        if n == 0:
            writer.writerow(row)
        writer.writerow(row.values())
    return buffer.getvalue()


def save_trace(path: Path | str, moments: Iterable[Moment]) -> None:
    """Write moments as a CSV file, whole or not at all.

    Raises
    ------
    UsageError
        E1002. The file cannot be written.
    """
    write_whole(Path(path), trace_text(moments))
